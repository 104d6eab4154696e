"""The report on an upload: what was found in it, where, why it matters and how to put it right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.catalog import exchange, importer, queries
from app.catalog.exchange import Note, Outcome
from app.catalog.format.model import Problem, Severity
from app.catalog.queries import UploadCard
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import language, ngettext
from app.web.forms import Form
from app.web.problems import of_whole_file, said
from app.web.teaching.advice import advice_for
from app.web.teaching.pages.proposal import ProposalForm, proposal_form

Line = tuple[int, str, str, str]
KINDS = (".zip", ".md", *(ending for ending in exchange.endings() if ending != ".zip"))
ACCEPT = ",".join(KINDS)


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem. `lines` are (number, before, hit, after); `hit` is the marked text, empty on lines around it."""

    id: str
    kind: str
    word: str
    title: str
    where: str
    place: str
    lines: tuple[Line, ...]
    why: str
    how: str
    example: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Further findings of one kind: where they are is enough, once the first ones have been explained."""

    title: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one thing in a foreign file."""

    kind: str
    word: str
    item: str
    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class UploadPage:
    """The form for a new upload."""

    form: Form
    accept: str = ACCEPT


@dataclass(frozen=True, slots=True)
class ReportPage:
    """`read` is false when no course could be made out; then there is nothing to preview.

    `format` names the foreign format that the course was made from, and `became` what is not as it was there.
    """

    answer: str
    filename: str
    counted: str
    unchanged: str
    errors: int
    warnings: int
    advice: int
    read: bool
    pages: int
    questions: int
    explained: int
    findings: tuple[Finding, ...]
    alike: tuple[Alike, ...]
    found: int
    url: str
    publish_url: str
    preview_url: str
    discard_url: str
    json_url: str
    sarif_url: str
    published: str
    published_url: str
    draft_url: str
    form: Form
    format: str
    became: tuple[Became, ...]
    proposal: ProposalForm | None
    accept: str = ACCEPT

    @property
    def may_publish(self) -> bool:
        return self.read and not self.errors and not self.published


def report_page(
    db: Session, actor: Actor, upload: UploadCard, form: Form | None = None, *, completing: Form | None = None
) -> ReportPage:
    """`completing` is the form about a proposed course, to be shown again with what is wrong in it."""
    problems = [(importer.problem_from(row), row) for row in upload.problems]
    counts = {severity: sum(p.severity is severity for p, _row in problems) for severity in Severity}
    errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
    # A file that was refused has notes and no course.
    summary = upload.summary if "id" in upload.summary else {}
    foreign, notes = importer.notes_from(upload.summary)
    findings, alike = folded([finding(number, p, row) for number, (p, row) in enumerate(problems, 1)])
    published = queries.version(db, upload.version_id) if upload.version_id else None
    base = f"/teaching/uploads/{upload.key}"
    draft = queries.draft_of_upload(db, upload.key)
    return ReportPage(
        answer=_answer(bool(summary), errors, warnings),
        filename=upload.filename,
        counted=_counted(summary),
        unchanged=_unchanged(db, upload),
        errors=errors,
        warnings=warnings,
        advice=counts[Severity.ADVICE],
        read=bool(summary),
        pages=summary.get("pages", 0),
        questions=summary.get("questions", 0),
        explained=summary.get("explained", 0),
        findings=findings,
        alike=alike,
        found=len(problems),
        url=base,
        publish_url=f"{base}/publish",
        preview_url=f"{base}/preview",
        discard_url=f"{base}/discard",
        json_url=f"{base}/report.json",
        sarif_url=f"{base}/report.sarif",
        published=published.label if published else "",
        published_url=f"/teaching/courses/{published.slug}" if published else "",
        draft_url=f"/teaching/drafts/{draft}" if draft else "",
        form=form or Form(),
        format=foreign,
        became=tuple(became_of(note) for note in notes),
        proposal=proposal_form(db, actor, upload, completing) if not published else None,
    )


STATES = {
    Outcome.CARRIED: "done",
    Outcome.CHANGED: "soon",
    Outcome.LEFT_OUT: "soon",
    Outcome.REFUSED: "overdue",
}


def became_of(note: Note) -> Became:
    said = note.said()
    return Became(
        kind=STATES[note.outcome],
        word=outcome_word(note.outcome),
        item=_(note.item),
        where=_("line %(line)s", line=note.line) if note.line else "",
        sentence=said[:1].upper() + said[1:],
    )


def outcome_word(outcome: Outcome) -> str:
    match outcome:
        case Outcome.CARRIED:
            return _("Read")
        case Outcome.CHANGED:
            return _("Changed")
        case Outcome.LEFT_OUT:
            return _("Left out")
        case Outcome.REFUSED:
            return _("Not read")


def _answer(read: bool, errors: int, warnings: int) -> str:
    if not read:
        return _("We could not make out a course in this file")
    if errors:
        return ngettext(
            "Correct %(num)s error and you can publish", "Correct %(num)s errors and you can publish", errors
        )
    if warnings:
        return ngettext(
            "You can publish; %(num)s warning is worth a look",
            "You can publish; %(num)s warnings are worth a look",
            warnings,
        )
    return _("Everything is in order: you can publish")


def _counted(summary: Mapping[str, Any]) -> str:
    if not summary:
        return ""
    return _(
        "%(modules)s, %(pages)s, %(questions)s",
        modules=ngettext("%(num)s module", "%(num)s modules", summary["modules"]),
        pages=ngettext("%(num)s page", "%(num)s pages", summary["pages"]),
        questions=ngettext("%(num)s question", "%(num)s questions", summary["questions"]),
    )


def _unchanged(db: Session, upload: UploadCard) -> str:
    head = queries.course_by_slug(db, upload.slug) if upload.slug else None
    version = queries.version(db, head.version_id) if head and head.version_id else None
    if version is None:
        return _("Nothing has been published yet.")
    return _("Nothing has changed yet: the published version %(version)s goes on working.", version=version.label)


WORDS = {Severity.ERROR: "overdue", Severity.WARNING: "soon", Severity.ADVICE: "going"}


def finding(number: int, problem: Problem, row: Mapping[str, Any]) -> Finding:
    advice = advice_for(problem)
    lines = tuple(row.get("excerpt", ()))
    whole = of_whole_file(problem, next((text for at, text in lines if at == problem.line), ""))
    return Finding(
        id=f"p{number}",
        kind=WORDS[problem.severity],
        word=severity_word(problem.severity),
        title=said(problem),
        where=problem.path if whole else _("%(file)s, line %(line)s", file=problem.path, line=problem.line),
        place=f"{problem.path}{'' if whole else f':{problem.line}:{problem.column}'} · {problem.code}",
        lines=() if whole else tuple(_line(one, text, problem) for one, text in lines),
        why=_(advice.why) if advice.why else "",
        how=_(advice.how),
        example=tuple(advice.example.split("\n")) if advice.example else (),
    )


EXPLAINED = 3


def folded(findings: list[Finding]) -> tuple[tuple[Finding, ...], tuple[Alike, ...]]:
    """Errors in full; of the rest the first few of each kind, and only the places of those that are like them."""
    shown: list[Finding] = []
    alike: dict[str, list[Finding]] = {}
    seen: Counter[str] = Counter()
    for one in findings:
        kind = one.place.rpartition(" ")[2]
        seen[kind] += 1
        if one.kind == "overdue" or seen[kind] <= EXPLAINED:
            shown.append(one)
        else:
            alike.setdefault(kind, []).append(one)
    return tuple(shown), tuple(Alike(rest[0].title, tuple(one.place for one in rest)) for rest in alike.values())


def severity_word(severity: Severity) -> str:
    match severity:
        case Severity.ERROR:
            return _("Error")
        case Severity.WARNING:
            return _("Warning")
        case Severity.ADVICE:
            return _("Advice")


def _line(number: int, text: str, problem: Problem) -> Line:
    """The line of the problem is marked from its column on, or whole where the column says nothing."""
    if number != problem.line:
        return (number, text, "", "")
    start = problem.column - 1 if 0 < problem.column <= len(text.rstrip()) else 0
    marked = next((value for _name, value in problem.values if value and text[start:].startswith(value)), text[start:])
    # An empty line is marked too, or nobody would find it.
    return (number, text[:start], marked or "\u00b6", text[start + len(marked) :])


def language_of(upload: UploadCard) -> str:
    """What the upload's titles are shown in: the reader's language where it has it."""
    titles: Mapping[str, str] = upload.summary.get("titles", {})
    lang = language()
    return lang if lang in titles else str(upload.summary.get("lang", ""))


def title_of(upload: UploadCard) -> str:
    titles: Mapping[str, str] = upload.summary.get("titles", {})
    return titles.get(language_of(upload)) or upload.filename
