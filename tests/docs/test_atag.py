"""docs/atag.md names for each point a test, and every test that it names is there."""

from __future__ import annotations

import re

from app.settings import ROOT

POINTS = ("B.1.1", "B.1.2", "B.2.1", "B.2.2", "B.2.3.1", "B.2.3.2", "B.2.3.3", "B.2.4", "B.2.5", "B.3.1.1", "B.3.1.2")
POINTS += ("B.3.1.3", "B.3.2", "B.4.1", "B.4.2")
_NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def test_every_point_is_held_by_a_test_that_exists() -> None:
    rows = re.findall(r"^\| (B\.[\d.]+) .*$", (ROOT / "docs" / "atag.md").read_text("utf-8"), re.M)
    assert set(POINTS) <= set(rows)
    for row in re.findall(r"^\| B\..*$", (ROOT / "docs" / "atag.md").read_text("utf-8"), re.M):
        named = _NAMED.findall(row)
        assert named, row
        for path, test in named:
            assert (ROOT / path).is_file(), path
            assert not test or f"def {test}(" in (ROOT / path).read_text("utf-8"), f"{path}::{test}"
