"""docs/course-language.md is what the program does: its examples are read, its codes and keys are all there are."""

from __future__ import annotations

import re
from functools import cache

import pytest

from app.catalog.format import reader, schemas
from app.catalog.format.attributes import KEYS
from app.catalog.format.callouts import ON_PAGES, ON_QUESTIONS
from app.catalog.format.media import SNIFFERS
from app.settings import ROOT

TEXT = (ROOT / "docs" / "course-language.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^````markdown\n(.*?)^````$", TEXT, re.M | re.S)
COURSE = "---\nkind: course\nid: example\ntitle: Example\nlang: en\n---\n\nText.\n"
MODULE = "---\nkind: module\nid: first\ntitle: First\n---\n"
PAGE = "---\nkind: page\nid: here\ntitle: Here\n---\n\n"
BANK = next(example for example in EXAMPLES if "\nkind: bank\n" in example)
_CODE = re.compile(r"\b(?:E1\d\d|W2?\d\d\d?|QC\d\d)\b")


def _course(example: str) -> dict[str, bytes]:
    """The example where it belongs: a course of its own, a bank, or a page."""
    if example.startswith("---\nkind: course"):
        return {"course.md": example.encode()}
    bank = example if "\nkind: bank\n" in example else BANK.replace("<!-- question id=record", "<!-- question id=extra")
    page = "Text.\n" if bank is example else example
    # The bank on the page is an excerpt with one question; a course that draws two needs another.
    more = bank[bank.index("## ") :].replace("id=record", "id=second").replace("id=extra", "id=third")
    return {
        "course.md": COURSE.encode(),
        "01-first/module.md": MODULE.encode(),
        "01-first/01-here.md": (PAGE + page).encode(),
        "banks/reserve.md": (bank + "\n" + more).encode(),
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.strip().splitlines()[0][:40])
def test_an_example_reads_without_an_error(example: str) -> None:
    files = _course(example)
    reading = reader.read_files({"example.md": files["course.md"]} if len(files) == 1 else files)
    assert [str(problem) for problem in reading.problems if problem.severity == "E"] == []
    assert reading.course is not None


def test_a_broken_example_is_refused() -> None:
    """So that the test above can fail."""
    broken = EXAMPLES[0].replace("- [x]", "- [ ]")
    assert [p.code for p in reader.read_files({"example.md": broken.encode()}).errors] != []


@cache
def _codes_of_the_program() -> frozenset[str]:
    found: set[str] = set()
    for path in sorted((ROOT / "app" / "catalog" / "format").rglob("*.py")):
        found |= set(re.findall(r'"(E1\d\d|W\d{3}|QC\d\d)"', path.read_text(encoding="utf-8")))
    return frozenset(found)


def test_every_code_is_explained() -> None:
    tables = TEXT[TEXT.index("## What the checker says") :]
    assert _codes_of_the_program() - set(_CODE.findall(tables)) == set()


def test_no_code_is_explained_that_the_program_does_not_know() -> None:
    assert set(_CODE.findall(TEXT)) - _codes_of_the_program() == set()


@pytest.mark.parametrize("kind", ["quiz", "question"])
def test_every_setting_is_described(kind: str) -> None:
    table = TEXT[TEXT.index(f"| Key of `{kind}` |") :].split("\n\n")[0]
    described = set(re.findall(r"`([a-z-]+)`", "".join(row.split("|")[1] for row in table.splitlines())))
    assert described - {kind} == set(KEYS[kind])


def test_every_key_of_a_head_is_described() -> None:
    table = TEXT[TEXT.index("| Key | Where |") :].split("\n\n")[0]
    described = set(re.findall(r"`([a-z_]+)`", "".join(row.split("|")[1] for row in table.splitlines())))
    assert described == {key for schema in schemas.SCHEMAS.values() for key in schema}


def test_every_note_is_named() -> None:
    assert [word for word in (*ON_PAGES, *ON_QUESTIONS) if f"[!{word}]" not in TEXT] == []


def test_every_kind_of_recording_is_named() -> None:
    assert [kind for kind in ("mp4", "webm", "mp3", "vtt") if kind not in SNIFFERS or f"`.{kind}`" not in TEXT] == []
