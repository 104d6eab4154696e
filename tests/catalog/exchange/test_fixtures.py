"""Third-party files: each is read, read in part or refused as docs/exchange.md says, and what is read is a course."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.catalog import exchange
from app.catalog.exchange import Outcome
from app.catalog.format import reader
from tests.shared import SHARED

DOCS = Path(__file__).resolve().parents[3] / "docs" / "exchange.md"
FOLDERS = ("aiken", "cloze", "gift", "missingword", "moodle-xml")
# What the usual report asks a trainer for: texts for pictures, captions and words for recordings.
ASKED = {"E170", "E171"}


@dataclass(frozen=True)
class Row:
    path: str
    outcome: str
    questions: int
    why: str


def rows() -> list[Row]:
    """The table of fixtures as the documentation has it."""
    found = re.findall(
        r"^\| `([^`]+/[^`]+)` \| (read|partly|refused) \| (\d+) \|(.*)\|$", DOCS.read_text("utf-8"), re.M
    )
    return [Row(path, outcome, int(count), why) for path, outcome, count, why in found]


def ours() -> list[Row]:
    return [row for row in rows() if row.path.startswith(FOLDERS)]


def test_every_fixture_there_is_stands_in_the_table() -> None:
    there = {
        path.relative_to(SHARED / "fixtures").as_posix()
        for folder in FOLDERS
        for path in (SHARED / "fixtures" / folder).glob("*")
        if path.is_file()
    }
    if not there:
        pytest.skip("there is no ../shared/fixtures here")
    assert there == {row.path for row in ours()}


@pytest.mark.parametrize("row", ours(), ids=lambda row: row.path)
def test_a_fixture_comes_to_what_the_table_says(row: Row) -> None:
    path = SHARED / "fixtures" / row.path
    if not path.is_file():
        pytest.skip("there is no ../shared/fixtures here")
    found = exchange.read(path.name, path.read_bytes(), lang="en")
    refused = found.of(Outcome.REFUSED)
    outcome = "refused" if found.refused else "partly" if refused else "read"
    said = "; ".join(f"{note.item}, {note.line}: {note.message}" for note in found.notes)
    assert outcome == row.outcome, said
    assert all(note.line for note in refused if outcome == "partly" or row.path.endswith(".xml")), said
    if found.refused:
        assert row.questions == 0
        return
    reading = reader.read_files(dict(found.files))
    assert reading.course is not None
    assert {problem.code for problem in reading.errors} <= ASKED, reading.errors
    page_files = [text for path, text in reading.course.files.items() if "/" in path]
    assert sum(text.count("<!-- question ") for text in page_files) == row.questions
