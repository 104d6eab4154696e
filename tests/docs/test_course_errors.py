"""docs/course-errors.md shows mistakes with what is printed for them, and that is what is printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.catalog.format.reader import read_folder
from app.cli.courses import app
from tests.docs.mistakes import Mistake, mistakes

MISTAKES = mistakes()


def test_there_are_thirty_mistakes_or_more_and_each_has_its_line():
    assert len(MISTAKES) >= 30
    assert [mistake.title for mistake in MISTAKES if not mistake.files or not mistake.printed] == []


def written(mistake: Mistake, folder: Path) -> Path:
    for name, text in mistake.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("mistake", MISTAKES, ids=[mistake.title for mistake in MISTAKES])
def test_the_checker_prints_the_lines_that_stand_in_the_manual(mistake: Mistake, tmp_path: Path):
    read = read_folder(written(mistake, tmp_path))
    assert [str(problem) for problem in read.problems] == mistake.printed


def test_the_command_prints_them_and_fails(tmp_path: Path):
    mistake = next(one for one in MISTAKES if one.title == "A misspelt setting")
    done = CliRunner().invoke(app, ["check", str(written(mistake, tmp_path))])
    assert done.exit_code == 1
    assert mistake.printed[0] in done.stdout.splitlines()
