"""The screens on which a journey is made, each in another language.

Every page of a journey is held against the narrowest screen and looked through in both widths, so that one walk is enough
day by day; KLASTERIS_SCREENS=every (`make journeys`) walks each journey on each of its screens.
"""

from __future__ import annotations

import os
from zlib import crc32

import pytest

from tests.databases import DATABASE

WIDE: dict[str, object] = {"width": 1280, "lang": "en"}
PHONE: dict[str, object] = {"width": 390, "lang": "lt", "scheme": "dark"}
BARE: dict[str, object] = {"width": 1280, "lang": "nb", "script": False}
SCREENS = [pytest.param(WIDE, id="wide"), pytest.param(PHONE, id="phone")]
LOOKS = [*SCREENS, pytest.param(BARE, id="no-script")]
EVERY = os.environ.get("KLASTERIS_SCREENS") == "every"


def walked_elsewhere(item: pytest.Item) -> bool:
    """Whether this is one screen too many: half of the journeys are walked on the phone, the others on the wide screen,
    without script where they are made for that too. On PostgreSQL one journey is chosen in tests/conftest.py."""
    call = getattr(item, "callspec", None)
    if EVERY or DATABASE == "postgresql" or call is None or call.id not in ("wide", "phone", "no-script"):
        return False
    ways = next(mark.args[1] for mark in item.iter_markers("parametrize"))
    if len(ways) == 1:
        return False
    other = "no-script" if len(ways) == len(LOOKS) else "wide"
    return bool(call.id != (other, "phone")[crc32(item.name.split("[")[0].encode()) % 2])
