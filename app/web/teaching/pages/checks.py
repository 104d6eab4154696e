"""Everything that is wrong in a draft, file by file, each with a way to its line."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.catalog import importer
from app.catalog.format.model import Problem, Severity
from app.catalog.importer.apart import Looked
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.web.teaching.desk import Desk
from app.web.teaching.pages.draft import title_of
from app.web.teaching.pages.report import WORDS
from app.web.teaching.pages.write import Mistake, mistake


@dataclass(frozen=True, slots=True)
class FileChecks:
    path: str
    title: str
    url: str
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of advice was found, and what was found there; `line` 0: in the whole file."""

    title: str
    said: str
    line: int
    url: str


@dataclass(frozen=True, slots=True)
class Counsel:
    """A piece of advice, said once, with all its places."""

    how: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class ChecksPage:
    """`files` have errors or warnings; `counsel` is advice, by what is to be done; `clean` is how many files have nothing."""

    answer: str
    draft_title: str
    lang: str
    url: str
    open: bool
    errors: int
    warnings: int
    advice: int
    files: tuple[FileChecks, ...]
    counsel: tuple[Counsel, ...]
    clean: int
    preview_url: str


def checks_page(db: Session, desk: Desk, looked: Looked) -> ChecksPage:
    problems = list(looked.examined.problems)
    course = looked.examined.course
    if course is not None:
        problems += importer.ledger_problems(db, course)
    counts = {severity: sum(p.severity is severity for p in problems) for severity in Severity}
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.path, []).append(problem)
    order = {path: n for n, path in enumerate(desk.texts)}
    every = [_file(desk, path, by_file[path]) for path in sorted(by_file, key=lambda path: order.get(path, -1))]
    files = [pressing for one in every if (pressing := _only(one, advice=False)).mistakes]
    files.sort(key=lambda one: not any(m.kind == "overdue" for m in one.mistakes))
    errors = counts[Severity.ERROR]
    return ChecksPage(
        answer=_answer(errors, len(problems)),
        draft_title=title_of(desk),
        lang=desk.shape.lang,
        url=desk.url,
        open=desk.draft.open,
        errors=errors,
        warnings=counts[Severity.WARNING],
        advice=counts[Severity.ADVICE],
        files=tuple(files),
        counsel=_counsel(every),
        clean=sum(path not in by_file for path in desk.texts),
        preview_url=f"{desk.url}/preview",
    )


def _file(desk: Desk, path: str, problems: list[Problem]) -> FileChecks:
    found = desk.shape.find(path)
    text = desk.texts[path].text if path in desk.texts else ""
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.ADVICE: 2}
    problems.sort(key=lambda one: (order[one.severity], one.line, one.column))
    title = found[0].title if found else path or desk.draft.slug
    url = desk.write_url(path) if found else ""
    return FileChecks(path, title, url, tuple(mistake(desk, one, path, text) for one in problems))


def _only(one: FileChecks, *, advice: bool) -> FileChecks:
    return replace(one, mistakes=tuple(m for m in one.mistakes if (m.kind == WORDS[Severity.ADVICE]) is advice))


def _counsel(every: list[FileChecks]) -> tuple[Counsel, ...]:
    found: dict[str, list[Place]] = {}
    for one in every:
        for piece in _only(one, advice=True).mistakes:
            found.setdefault(piece.how, []).append(Place(one.title, piece.title, piece.line, piece.url))
    return tuple(Counsel(how, tuple(places)) for how, places in found.items())


def _answer(errors: int, problems: int) -> str:
    if errors:
        return ngettext(
            "Correct %(num)s error and you can publish", "Correct %(num)s errors and you can publish", errors
        )
    if problems:
        return _("You can publish; some things are worth a look")
    return _("Everything is in order: you can publish")
