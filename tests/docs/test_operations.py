"""docs/operations.md names every setting with its default, and every command of klasteris."""

from __future__ import annotations

import re

import pytest
from pydantic import SecretStr
from typer.main import get_command

from app.cli import app
from app.settings import ROOT, Settings

_TEXT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
_ROWS = dict(re.findall(r"\| `KLASTERIS_([A-Z_]+)` \| ([^|]+?) \|", _TEXT))


def _said(default: object) -> str:
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    text = str(default).lower() if isinstance(default, bool) else str(default).replace(f"{ROOT}/", "")
    return f"`{text}`" if text else "none"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_described_with_its_default(name: str) -> None:
    assert _ROWS.get(name.upper()) == _said(Settings.model_fields[name].default)


def test_no_setting_is_described_that_does_not_exist() -> None:
    assert set(_ROWS) == {name.upper() for name in Settings.model_fields}


def test_every_command_is_described() -> None:
    found: set[str] = set()
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", None)
        found |= {f"klasteris {name} {verb}" for verb in below} if below else {f"klasteris {name}"}
    assert [one for one in sorted(found) if one not in _TEXT] == []
