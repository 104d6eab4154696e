"""Answers that wait for a person: a list by course, and one answer beside what it is held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.assessment import access, queries
from app.assessment import rules as marking
from app.assessment.queries import GradingLine, Paper
from app.assessment.rules import Second
from app.catalog import queries as catalog
from app.catalog.rules import in_lang
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import language, ngettext, number
from app.kit.limits import MIB
from app.kit.markdown import markup
from app.web.forms import Form
from app.web.outages import given_back

Words = Mapping[str, Any]
LATE_DAYS = 7  # after a week an answer has waited long


@dataclass(frozen=True, slots=True)
class PaperLine:
    """An answer in a list; `who` is a name, or words that stand for one."""

    title: str
    title_lang: str
    quiz: str
    who: str
    url: str
    handed_in_at: datetime
    said: str
    age: str
    old: bool
    turn: str


@dataclass(frozen=True, slots=True)
class CourseGroup:
    """The answers of one course; `names_url` takes whether the markers of this course see names, and who marks too."""

    title: str
    title_lang: str
    slug: str
    shows_names: bool
    names_url: str
    form: Form
    seconds: tuple[tuple[str, str], ...]
    papers: tuple[PaperLine, ...]


@dataclass(frozen=True, slots=True)
class MarkingPage:
    answer: str
    groups: tuple[CourseGroup, ...]
    elsewhere: tuple[PaperLine, ...]
    marked: tuple[PaperLine, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A marking that there was already."""

    points: str
    comment: str
    marker: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """What an answer is held against, and in which language that is written; empty where there is nothing."""

    html: Markup
    lang: str


@dataclass(frozen=True, slots=True)
class PaperPage:
    """`essay` is the text that was written, or empty; `file_name`, `file_url` are a file, or empty. `known` counts the
    markings there were when this page was made."""

    form: Form
    title: str
    course_title: str
    quiz: str
    lang: str
    stem: Markup
    who: str
    handed_in_at: datetime
    essay: str
    words: str
    file_name: str
    file_size: str
    file_url: str
    rubric: Note
    sample: Note
    most: str
    known: int
    turn: str
    earlier: tuple[Earlier, ...]
    url: str
    back_url: str
    given_back: str


def marking_page(db: Session, actor: Actor) -> MarkingPage:
    where = access.marked_by(actor)
    every = queries.waiting_papers(db, where)
    waiting = [one for one in every if one.is_for(actor.id)]
    others = [one for one in every if not one.is_for(actor.id)]
    marked = queries.marked_papers(db, where)
    lines = _Lines(db, (*every, *marked))
    groups: dict[int, list[Paper]] = {}
    for one in waiting:
        groups.setdefault(one.course_id, []).append(one)
    return MarkingPage(
        answer=ngettext("%(num)s answer waits for you", "%(num)s answers wait for you", len(waiting))
        if waiting
        else _("No answers wait for you"),
        groups=tuple(lines.group(papers) for papers in groups.values()),
        elsewhere=tuple(lines.line(one) for one in others),
        marked=tuple(lines.line(one) for one in marked),
    )


class _Lines:
    """Words for many answers at once: questions and courses are looked up together."""

    def __init__(self, db: Session, papers: tuple[Paper, ...]) -> None:
        self.db = db
        self.lang = language()
        self.bodies = catalog.revisions(db, {one.asked.revision for one in papers})

    def group(self, papers: list[Paper]) -> CourseGroup:
        first = papers[0]
        words = catalog.content_of(self.db, first.version_id, first.slug, first.digest).words(self.lang)
        return CourseGroup(
            title=words.title,
            title_lang=words.lang,
            slug=first.slug,
            shows_names=first.shows_names,
            names_url=f"/teaching/courses/{first.slug}/marking",
            form=Form(values={"second": first.second.value}),
            seconds=seconds_said(),
            papers=tuple(self.line(one) for one in papers),
        )

    def line(self, one: Paper) -> PaperLine:
        words = _words(self.bodies[one.asked.revision].body, self.lang, one.lang)
        said = ""
        if one.fraction is not None:
            said = _points(one.fraction, one)
        return PaperLine(
            title=words["title"],
            title_lang=words["lang"],
            quiz=_quiz(self.db, one, self.lang),
            who=_who(one),
            url=paper_url(one),
            handed_in_at=one.handed_in_at,
            said=said,
            age=_age(one),
            old=(clock.now() - one.handed_in_at).days >= LATE_DAYS,
            turn=turn_said(one) if one.waiting and one.marks else "",
        )


def _age(one: Paper) -> str:
    days = (clock.today() - one.handed_in_at.astimezone(clock.LOCAL).date()).days
    if not one.waiting:
        return ""
    return ngettext("waits %(num)s day", "waits %(num)s days", days) if days > 0 else _("handed in today")


def seconds_said() -> tuple[tuple[str, str], ...]:
    return (
        (Second.NONE.value, _("One person marks")),
        (Second.AVERAGE.value, _("Two people mark, the mean counts")),
        (Second.THIRD.value, _("Two people mark; if they differ by more than a point, a third decides")),
    )


def turn_said(one: Paper) -> str:
    """How far an answer is that several people mark."""
    shares = list(dict(one.marks).values())
    if one.second is Second.NONE or not shares:
        return ""
    if len(shares) == 1:
        return _("Somebody has marked it; a second person marks it without knowing how.")
    apart = number(round(abs(shares[0] - shares[1]) * one.asked.points, 2))
    if one.settled.fraction is None:
        return _("The two marks differ by %(points)s points, so a third person decides.", points=apart)
    return _("The marks differ by %(points)s points.", points=apart)


def paper_url(one: Paper) -> str:
    return f"/teaching/marking/{one.attempt}/{one.question}"


def _who(one: Paper) -> str:
    return one.name or _("Name hidden")


def _points(fraction: float, one: Paper) -> str:
    points = number(round(fraction * one.asked.points, 2))
    return _("%(score)s of %(all)s", score=points, all=number(one.asked.points))


def _words(body: Mapping[str, Any], *langs: str) -> Words:
    texts: Mapping[str, Words] = body["texts"]
    return next((texts[lang] for lang in langs if lang in texts), None) or next(iter(texts.values()))


def _held_against(body: Mapping[str, Any], name: str, *langs: str) -> Note:
    """In the first of these languages that has it: a translation may leave out what only trainers read."""
    texts: Mapping[str, Words] = body["texts"]
    lang = next((one for one in (*langs, body["lang"], *texts) if texts.get(one, {}).get(name)), "")
    return Note(markup(texts[lang][name] if lang else ""), texts[lang]["lang"] if lang else "")


def _quiz(db: Session, one: Paper, lang: str) -> str:
    outline = catalog.outline_of(db, one.version_id, one.slug, one.digest)
    found = outline.quiz(outline.was.get(one.quiz, one.quiz))
    return in_lang(found[1].titles, lang, outline.lang) if found else one.quiz


def paper_page(db: Session, actor: Actor, one: Paper, form: Form | None = None) -> PaperPage:
    lang = language()
    body = catalog.revisions(db, [one.asked.revision])[one.asked.revision].body
    # What somebody wrote is read beside the question as they read it.
    words = _words(body, one.lang, lang)
    rubric, sample = (_held_against(body, name, lang, one.lang) for name in ("rubric", "sample"))
    gradings = queries.gradings(db, one.attempt_id, one.question)
    # The second marker is not to know the first mark; the third sees both.
    blind = one.second is not Second.NONE and one.settled.turn == 2 and one.is_for(actor.id)
    earlier = () if blind else gradings
    essay = str(one.response.get("text", ""))
    file = one.response.get("file") or {}
    course = catalog.content_of(db, one.version_id, one.slug, one.digest).words(lang)
    return PaperPage(
        form=form or _form(earlier if not one.is_for(actor.id) or one.second is Second.NONE else (), one),
        title=words["title"],
        course_title=course.title,
        quiz=_quiz(db, one, lang),
        lang=words["lang"],
        stem=markup(words["stem"]),
        who=_who(one),
        handed_in_at=one.handed_in_at,
        essay=essay,
        words=ngettext("%(num)s word", "%(num)s words", marking.word_count(essay)) if essay else "",
        file_name=file_name(one),
        file_size=_("%(n)s MB", n=number(max(0.1, file["size"] / MIB), 1)) if file else "",
        file_url=f"{paper_url(one)}/file" if file else "",
        rubric=rubric,
        sample=sample,
        most=number(one.asked.points),
        known=len(gradings),
        turn=turn_said(one),
        earlier=tuple(
            Earlier(_points(grading.fraction, one), grading.comment, grading.marker, grading.graded_at)
            for grading in earlier
        ),
        url=paper_url(one),
        back_url="/teaching/marking",
        given_back=given_back(db, one.attempt_id),
    )


def file_name(one: Paper) -> str:
    """What a file is called for its marker: a name somebody gave it may be their own."""
    file = one.response.get("file")
    if not file:
        return ""
    return str(file["name"]) if one.shows_names else f"{one.question}{marking.ending(file['name'])}"


def _form(earlier: tuple[GradingLine, ...], one: Paper) -> Form:
    if not earlier:
        return Form()
    last = earlier[-1]
    points = round(last.fraction * one.asked.points, 4)
    return Form(values={"points": number(points), "comment": last.comment})
