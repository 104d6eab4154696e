"""Looking at what somebody has sent: reading it, checking it, and telling where in the text each problem stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.catalog.format import checks, lagging, reader
from app.catalog.format.languages import all_questions
from app.catalog.format.model import Course, Problem, Question, Reading, Severity
from app.catalog.format.problems import in_order

AROUND = 2  # lines shown before and after the one that a problem stands on
LINE_CHARACTERS = 400  # of the line itself; those around it only show where one is
AROUND_CHARACTERS = 120
SHOWN = 200  # problems kept of one upload; whoever has more begins with these
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.ADVICE: 2}


@dataclass(frozen=True, slots=True)
class Examined:
    """`course` is None when nothing could be made out; one with errors can be previewed, not published."""

    course: Course | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        return sum(problem.severity is Severity.ERROR for problem in self.problems)


def examine(name: str, data: bytes, *, today: date, author: str = "") -> Examined:
    """A zip, or one Markdown file, by its name. Takes seconds: never inside a transaction."""
    if name.lower().endswith(".md"):
        return check(reader.read_files({name.replace("\\", "/").rpartition("/")[2]: data}), today=today, author=author)
    return check(reader.read_zip(data, name), today=today, author=author)


def check(reading: Reading, *, today: date, author: str = "") -> Examined:
    """What reading found, and what makes a course good beyond being readable."""
    found = list(reading.problems)
    if reading.course is not None:
        found += checks.check(reading.course, today=today, author=author, noticed=reading.noticed)
    return Examined(reading.course, in_order(found))


def rows(problems: Iterable[Problem], files: Mapping[str, str]) -> list[dict[str, Any]]:
    """Problems as an upload keeps them, errors first, each with the lines around it."""
    ordered = sorted(problems, key=lambda problem: _ORDER[problem.severity])
    return [_row(problem, files) for problem in ordered[:SHOWN]]


def _row(problem: Problem, files: Mapping[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "severity": problem.severity.value,
        "template": problem.template,
        "values": [list(pair) for pair in problem.values],
    }
    text = files.get(problem.path)
    if text is not None:
        lines = text.split("\n")
        first, last = max(1, problem.line - AROUND), min(len(lines), problem.line + AROUND)
        row["excerpt"] = [
            [number, _cut(lines[number - 1], LINE_CHARACTERS if number == problem.line else AROUND_CHARACTERS)]
            for number in range(first, last + 1)
        ]
    return row


def _cut(line: str, limit: int) -> str:
    return line if len(line) <= limit else line[:limit] + "…"


def problem_from(row: Mapping[str, Any]) -> Problem:
    """Read a problem back from what an upload keeps."""
    return Problem(
        path=row["path"],
        line=row["line"],
        column=row["column"],
        code=row["code"],
        template=row["template"],
        values=tuple((name, value) for name, value in row["values"]),
        severity=Severity(row["severity"]),
    )


def summary(course: Course | None) -> dict[str, Any]:
    """What was found in an upload, in numbers."""
    if course is None:
        return {}
    questions = [q for page in course.pages() for q in all_questions(page.texts[course.lang].blocks)]
    questions += [q for bank in course.banks for q in bank.questions]
    return {
        "id": course.id,
        "titles": {lang: text.title for lang, text in course.texts.items()},
        "lang": course.lang,
        "modules": len(course.modules),
        "pages": len(course.pages()),
        "questions": len(questions),
        "explained": sum(_is_explained(question, course.lang) for question in questions),
        "proposed": course.change.level,
        "note": course.change.note,
        "texts": {name: said["source"] for name, said in lagging.texts(course).items()},
        "reviewed_by": course.reviewed_by,
        "reviewed_on": course.reviewed_on.isoformat() if course.reviewed_on else "",
    }


def _is_explained(question: Question, lang: str) -> bool:
    text = question.texts[lang]
    if not question.graded or text.rubric:
        return True
    return bool(text.explanation) or (bool(text.options) and all(option.feedback for option in text.options))
