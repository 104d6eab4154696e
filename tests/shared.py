"""Third-party data kept beside the project: tests that read it skip where it is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def needs(*names: str) -> pytest.MarkDecorator:
    """Skip a test, with the reason, where one of these files or folders below `SHARED` is not there."""
    missing = [name for name in names if not (SHARED / name).exists()]
    return pytest.mark.skipif(bool(missing), reason=f"there is no ../shared/{', ../shared/'.join(missing)} here")
