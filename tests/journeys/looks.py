"""The screens on which a journey is made, each in another language."""

from __future__ import annotations

import pytest

SCREENS = [
    pytest.param({"width": 1280, "lang": "en"}, id="wide"),
    pytest.param({"width": 390, "lang": "lt", "scheme": "dark"}, id="phone"),
]
LOOKS = [*SCREENS, pytest.param({"width": 1280, "lang": "nb", "script": False}, id="no-script")]
