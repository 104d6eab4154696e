"""What a group looks at together, and what each learner's own device shows of the session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.catalog import queries as catalog
from app.catalog.rules import Outline, OutlinePage, in_lang
from app.groups import queries
from app.groups.queries import GroupCard
from app.groups.rules import GroupState
from app.kit import clock, icalendar
from app.kit.actor import Actor
from app.kit.errors import NotFound
from app.kit.i18n import N_, language, ngettext
from app.kit.i18n import gettext as _
from app.kit.markdown import markup
from app.kit.qr import drawing
from app.learning import queries as learners
from app.learning.rules import how_many_met
from app.web.classroom.pages import parts
from app.web.classroom.pages.fields import INPUTS, field_of, shown_order, words_of
from app.web.classroom.pages.groups import LIST, when
from app.web.forms import Form

LEAST_MINUTES = 30


@dataclass(frozen=True, slots=True)
class JoinScreenPage:
    """The screen on which people find the way in: a drawing of its address, and a PIN in two groups."""

    title: str
    course_title: str
    url: str
    qr: Markup
    address: str
    join_address: str
    pin: str
    here: str
    first_url: str


def join_screen_page(db: Session, group: GroupCard, base_url: str) -> JoinScreenPage:
    version = queries.version_of(db, group)
    outline = queries.outline_of(db, version)
    pages = queries.pages_of(outline, group)
    root = base_url.rstrip("/")
    address = f"{root}/join/{group.code}"
    here = sum(one.present for one in queries.members(db, group.id))
    at = next((page for page in pages if page.id == group.at_page), pages[0])
    half = len(group.pin) // 2
    return JoinScreenPage(
        title=_("Join the session"),
        course_title=_title(db, group),
        url=f"{LIST}/{group.key}",
        qr=markup(drawing(address, scalable=True)),
        address=address,
        join_address=f"{root.partition('://')[2] or root}/join",
        pin=f"{group.pin[:half]}\u00a0{group.pin[half:]}",
        here=ngettext("%(num)s person is here", "%(num)s people are here", here),
        first_url=f"{LIST}/{group.key}/pages/{at.id}/show",
    )


def _title(db: Session, group: GroupCard) -> str:
    version = queries.version_of(db, group)
    return catalog.content_of(db, version.id, version.slug, version.digest).words(language()).title


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question of the page to talk about: its words and options, without what is right."""

    title: str
    stem: Markup
    lang: str
    options: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class ShownQuiz:
    """A quiz on the page: each answers alone."""

    title: str
    asked: str
    sheets_url: str


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """One piece of the page: exactly one of the three is there."""

    html: Markup | None = None
    question: ShownQuestion | None = None
    quiz: ShownQuiz | None = None


@dataclass(frozen=True, slots=True)
class PresentedPage:
    """One page for a projector. `done_url` is empty while the session is not open: then it is a look ahead."""

    title: str
    course_title: str
    text_lang: str
    blocks: tuple[ShownBlock, ...]
    position: str
    here: str
    url: str
    screen_url: str
    previous_url: str
    next_url: str
    done_url: str
    forward: str


def presented_page(db: Session, group: GroupCard, page_id: str) -> PresentedPage:
    version = queries.version_of(db, group)
    outline = queries.outline_of(db, version)
    pages = queries.pages_of(outline, group)
    page = next((one for one in pages if one.id == outline.was.get(page_id, page_id)), None)
    text = catalog.page_text(db, version.id, page.id, language()) if page is not None else None
    if page is None or text is None:
        raise NotFound(N_("There is no such page."))
    bodies = catalog.revisions(db, [block["question"] for block in text.blocks if "question" in block])
    place, url = pages.index(page), f"{LIST}/{group.key}"
    here = sum(one.present for one in queries.members(db, group.id))
    is_open, last = group.state is GroupState.OPEN, place + 1 == len(pages)
    return PresentedPage(
        title=text.title,
        course_title=_title(db, group),
        text_lang=text.text_lang,
        blocks=tuple(_block(block, bodies, outline, page, text.text_lang, url) for block in text.blocks),
        position=_("Page %(n)s of %(all)s", n=place + 1, all=len(pages)),
        here=ngettext("%(num)s person is here", "%(num)s people are here", here) if is_open else "",
        url=url,
        screen_url=f"{url}/screen" if is_open else "",
        previous_url=f"{url}/pages/{pages[place - 1].id}" if place else "",
        next_url="" if last else f"{url}/pages/{pages[place + 1].id}",
        done_url=f"{url}/pages/{page.id}/done" if is_open else "",
        forward=_("Watched: finish") if last else _("Watched: next"),
    )


def _block(
    block: Mapping[str, Any],
    bodies: Mapping[str, catalog.Revision],
    outline: Outline,
    page: OutlinePage,
    lang: str,
    url: str,
) -> ShownBlock:
    if "question" in block:
        body = bodies[block["question"]].body
        words = words_of(body, lang, outline.lang)
        field = field_of(body, words, None, prefix=f"shown-{body['id']}", offered=shown_order(body))
        options = tuple(one.text for one in field.choices) or tuple(one.text for one in field.things)
        stem = field.stem if INPUTS.get(body["type"]) != "cloze" else _without_gaps(field.pieces)
        return ShownBlock(question=ShownQuestion(field.title, stem, field.lang, options))
    if "quiz" in block:
        quiz = next(one for one in page.quizzes if one.id == block["quiz"])
        return ShownBlock(
            quiz=ShownQuiz(
                title=in_lang(quiz.titles, language(), outline.lang),
                asked=ngettext("%(num)s question", "%(num)s questions", quiz.asked),
                sheets_url=f"{url}/sheets/{quiz.id}",
            )
        )
    return ShownBlock(html=markup(block["html"]))


def _without_gaps(pieces: tuple[Any, ...]) -> Markup:
    return Markup("").join(Markup(" … ") if one.cell is not None else one.html for one in pieces)


@dataclass(frozen=True, slots=True)
class JoinPage:
    """Where a PIN is typed. `present` are sessions one is in already: (title, address)."""

    form: Form
    present: tuple[tuple[str, str], ...]


def join_page(db: Session, actor: Actor, form: Form | None = None) -> JoinPage:
    found = queries.open_for(db, actor.id)
    titles = catalog.titles(db, [one.course_id for one in found], language()) if found else {}
    return JoinPage(form or Form(), tuple((titles[one.course_id], f"/joined/{one.key}") for one in found))


@dataclass(frozen=True, slots=True)
class TicketPage:
    """What the drawing on the screen leads to: which session this is, and the button that joins."""

    course_title: str
    where: str
    code: str


def ticket_page(db: Session, group: GroupCard) -> TicketPage:
    return TicketPage(_title(db, group), _where(group), group.code)


def _where(group: GroupCard) -> str:
    return " · ".join(part for part in (when(group), group.place_name, group.room) if part)


def calendar_file(db: Session, group: GroupCard, base_url: str) -> bytes:
    """As long as the pages that are watched take, and never less than half an hour."""
    outline = queries.outline_of(db, queries.version_of(db, group))
    minutes = max(LEAST_MINUTES, sum(page.minutes for page in queries.pages_of(outline, group)))
    root = base_url.rstrip("/")
    return icalendar.event(
        uid=f"{group.key}@{root.partition('://')[2] or root}",
        title=_("Group session: %(title)s", title=_title(db, group)),
        starts_at=group.starts_at,
        ends_at=group.starts_at + timedelta(minutes=minutes),
        made_at=clock.now(),
        where=", ".join(part for part in (group.place_name, group.room) if part),
        about=_("Led by %(name)s.", name=group.made_by) if group.made_by else "",
        url=f"{root}/joined/{group.key}",
        cancelled=group.state is GroupState.CANCELLED,
    )


def _over(state: GroupState) -> str:
    match state:
        case GroupState.ENDED:
            return _("The session is over.")
        case GroupState.CANCELLED:
            return _("This session was called off. You can take the course alone.")
        case _:
            return ""


@dataclass(frozen=True, slots=True)
class JoinedPage:
    """The session on one's own device: what the screen shows now, and the quizzes to answer alone, as (title, address,
    word on how one stands). `planned`: it has not begun, and `lead` says who leads it."""

    course_title: str
    course_url: str
    where: str
    here: bool
    open: bool
    planned: bool
    calendar_url: str
    lead: str
    ended: str
    page_title: str
    page_url: str
    quizzes: tuple[tuple[str, str, str], ...]
    leave_url: str
    progress: str


def joined_page(db: Session, actor: Actor, group: GroupCard) -> JoinedPage:
    lang = language()
    run = learners.run_for(db, actor.id, group.slug)
    outline = run.outline if run is not None else queries.outline_of(db, queries.version_of(db, group))
    standings = learners.standings(db, run.enrolment_id, outline.was) if run and run.enrolment_id else {}
    me = next(one for one in queries.members(db, group.id) if one.person_id == actor.id)
    now = outline.page(outline.was.get(group.at_page, group.at_page)) if group.at_page else None
    pages = queries.pages_of(outline, group)
    quizzes = []
    for quiz in (quiz for page in pages for quiz in page.quizzes):
        passed = quiz.id in standings and standings[quiz.id].passed_at is not None
        word = _("Passed") if passed else _("does not count") if not quiz.counts else ""
        url = f"/courses/{group.slug}/quizzes/{quiz.id}"
        quizzes.append((in_lang(quiz.titles, lang, outline.lang), url, word))
    return JoinedPage(
        course_title=_title(db, group),
        course_url=f"/courses/{group.slug}",
        where=_where(group),
        here=me.present,
        open=group.state is GroupState.OPEN,
        planned=group.state is GroupState.PLANNED,
        calendar_url=f"/joined/{group.key}/calendar" if group.state is GroupState.PLANNED else "",
        lead=_("Led by %(name)s.", name=group.made_by) if group.made_by else "",
        ended=_over(group.state),
        page_title=in_lang(now.titles, lang, outline.lang) if now else "",
        page_url=parts.page_url(group.slug, now.id) if now else "",
        quizzes=tuple(quizzes),
        leave_url=f"/joined/{group.key}/leave",
        progress=parts.steps_text(how_many_met(standings, outline.needed), outline),
    )
