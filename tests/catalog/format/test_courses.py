"""The courses that come with the platform read without an error, and what is hostile never raises."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from app.catalog.format.checks import check
from app.catalog.format.model import Reading, Severity
from app.catalog.format.reader import read_files, read_folder, read_single, read_zip
from app.catalog.format.writer import write_zip
from tests.catalog.format.writing import HEAD, course_of
from tests.shared import SHARED, needs

COURSES = sorted(path.parent for path in (Path(__file__).parents[3] / "courses").glob("*/course.md"))
CORPORA = SHARED / "corpora"


@pytest.mark.parametrize("folder", COURSES, ids=lambda folder: folder.name)
def test_a_course_of_ours_has_no_errors_and_survives_the_journey(folder: Path):
    read = read_folder(folder)
    assert [str(problem) for problem in read.errors] == []
    course = course_of(read)
    told = check(course, today=course.reviewed_on or date(2026, 11, 24))
    assert [str(problem) for problem in told if problem.severity is Severity.ERROR] == []
    assert read_zip(write_zip(course)).course == course


@needs("corpora")
def test_pathological_markdown_is_read_or_refused():
    recipes = json.loads((CORPORA / "own/markdown-pathological.json").read_text())["recipes"]
    for recipe in recipes:
        text = "".join(part * times for part, times in recipe["parts"])
        # The size at which a file is still read, and the whole, which is refused.
        for much in (text[:15_000], text):
            assert isinstance(read_single("a.md", HEAD + much), Reading), recipe["name"]


@needs("corpora")
def test_hostile_file_names_are_refused_by_name():
    names = json.loads((CORPORA / "own/hostile-filenames.json").read_text())["names"]
    for name in names:
        for place in (name, f"media/{name}", f"01-a/{name}"):
            read = read_files({"course.md": HEAD.encode(), place: b"x"})
            assert all(problem.line >= 1 for problem in read.problems)
            if place.startswith("media/") and not name.endswith((".md", ".txt", ".pdf")):
                assert read.course is None or not read.course.media, name
