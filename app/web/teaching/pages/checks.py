"""Everything that is wrong in a draft, file by file, each with a way to its line."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.catalog import importer
from app.catalog.format.model import Problem, Severity
from app.catalog.importer.apart import Looked
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.web.teaching.desk import Desk
from app.web.teaching.pages.draft import title_of
from app.web.teaching.pages.write import Mistake, mistake


@dataclass(frozen=True, slots=True)
class FileChecks:
    path: str
    title: str
    url: str
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class ChecksPage:
    """`files` have problems; `clean` is how many have none."""

    answer: str
    draft_title: str
    lang: str
    url: str
    open: bool
    errors: int
    warnings: int
    advice: int
    files: tuple[FileChecks, ...]
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
    files = [_file(desk, path, found) for path, found in by_file.items()]
    order = {path: n for n, path in enumerate(desk.texts)}
    files.sort(key=lambda one: (not any(m.kind == "overdue" for m in one.mistakes), order.get(one.path, -1)))
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


def _answer(errors: int, problems: int) -> str:
    if errors:
        return ngettext(
            "Correct %(num)s error and you can publish", "Correct %(num)s errors and you can publish", errors
        )
    if problems:
        return _("You can publish; some things are worth a look")
    return _("Everything is in order: you can publish")
