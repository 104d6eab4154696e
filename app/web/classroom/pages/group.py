"""One group session for whoever leads it: its roster, what each has and still needs, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.assessment import queries as assessment
from app.catalog import queries as catalog
from app.catalog.rules import Outline, in_lang
from app.groups import access, queries, rules
from app.groups.queries import Far, GroupCard, MemberCard, SheetCard
from app.groups.rules import GroupState
from app.kit.actor import Actor
from app.kit.i18n import clock_time, language, ngettext, number
from app.kit.i18n import gettext as _
from app.web.classroom.pages.groups import LIST, LISTED, choice, state_word, when
from app.web.classroom.pages.parts import steps_text
from app.web.forms import Form

TITLES_NAMED = 3


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody on the roster: whether they are here, what they have, and what is to be done."""

    key: str
    name: str
    about: str
    kind: str
    state: str
    done: bool
    has: str
    todo: str


@dataclass(frozen=True, slots=True)
class QuizRow:
    """A quiz of the session: where its sheets are, or why it is answered on a screen only."""

    title: str
    url: str
    sheets: str
    only_screen: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A page in the order it is shown; `watched` is empty until it was."""

    number: int
    title: str
    url: str
    watched: str


@dataclass(frozen=True, slots=True)
class GroupPage:
    """One session. `expected`: several people are expected who have not come in yet. `form` holds what was typed to add somebody or to find a sheet, and could not be taken. `show_url` puts
    the first page that was not watched yet on the screen."""

    form: Form
    title: str
    url: str
    answer: str
    lead: str
    kind: str
    state: str
    planned: bool
    open: bool
    over: bool
    held: bool
    members: tuple[MemberRow, ...]
    expected: bool
    here: str
    people: tuple[tuple[str, str, str], ...]
    quizzes: tuple[QuizRow, ...]
    steps: tuple[StepRow, ...]
    steps_said: str
    show_url: str
    waiting_sheets: str


def group_page(db: Session, actor: Actor, group: GroupCard, form: Form | None = None) -> GroupPage:
    version = queries.version_of(db, group)
    outline = queries.outline_of(db, version)
    roster = queries.members(db, group.id)
    sheets = queries.sheets(db, group.id)
    far = queries.how_far(db, group, outline, [one.person_id for one in roster])
    rows = tuple(_member(group, one, far.get(one.person_id)) for one in roster)
    kind, state = state_word(group.state)
    here = sum(one.present for one in roster)
    names = access.sees_names(actor, group.path) and group.state in (GroupState.PLANNED, GroupState.OPEN)
    others = (
        queries.may_be_expected(db, group.path, but=[one.person_id for one in roster], limit=LISTED) if names else ()
    )
    words = catalog.content_of(db, version.id, version.slug, version.digest).words(language())
    waiting = sum(one.entered_at is None for one in sheets)
    held = group.state is GroupState.ENDED
    url = f"{LIST}/{group.key}"
    steps = _steps(db, group, outline, url)
    watched = sum(bool(one.watched) for one in steps)
    return GroupPage(
        form=form or Form(),
        title=words.title,
        url=url,
        answer=_answer(group, roster, rows, here),
        lead=" · ".join(part for part in (when(group), group.place_name, group.room, group.made_by) if part),
        kind=kind,
        state=state,
        planned=group.state is GroupState.PLANNED,
        open=group.state is GroupState.OPEN,
        over=group.state in (GroupState.ENDED, GroupState.CANCELLED),
        held=held,
        members=rows,
        expected=sum(one.joined_at is None for one in roster) > 1,
        here=ngettext("%(num)s person is here", "%(num)s people are here", here),
        people=tuple(choice(one, group.place_code) for one in others),
        quizzes=_quizzes(db, group, outline, version.id, sheets, url),
        steps=steps,
        steps_said=_("%(n)s of %(all)s pages watched", n=number(watched), all=number(len(steps))),
        show_url=f"{next((one.url for one in steps if not one.watched), steps[0].url)}/show" if steps else "",
        waiting_sheets=ngettext(
            "%(num)s sheet is printed and not entered", "%(num)s sheets are printed and not entered", waiting
        )
        if waiting
        else "",
    )


def _answer(group: GroupCard, roster: tuple[MemberCard, ...], rows: tuple[MemberRow, ...], here: int) -> str:
    came = sum(one.came for one in roster)
    match group.state:
        case GroupState.PLANNED:
            return ngettext("%(num)s person is expected", "%(num)s people are expected", len(roster))
        case GroupState.OPEN:
            return ngettext(
                "%(here)s of %(num)s person is here",
                "%(here)s of %(num)s people are here",
                len(roster),
                here=number(here),
            )
        case GroupState.CANCELLED:
            return _("This session was called off")
        case GroupState.ENDED:
            done = sum(row.done for row, one in zip(rows, roster, strict=True) if one.came)
            return ngettext(
                "%(num)s person was here, and %(done)s of them have completed the course",
                "%(num)s people were here, and %(done)s of them have completed the course",
                came,
                done=number(done),
            )


def _member(group: GroupCard, one: MemberCard, far: Far | None) -> MemberRow:
    kind, state = _presence(group, one)
    done, has, todo = _has(group, far)
    place = one.place if one.place != group.place_name else ""
    about = [one.job_title, place, "" if one.by_mail else _("without e-mail")]
    return MemberRow(
        key=one.key,
        name=one.listed_name,
        about=" · ".join(part for part in about if part),
        kind=kind,
        state=state,
        done=done,
        has=has,
        todo=todo,
    )


def _presence(group: GroupCard, one: MemberCard) -> tuple[str, str]:
    if one.joined_at is None:
        return "off", _("Was not here") if group.state is GroupState.ENDED else _("Expected")
    since = clock_time(one.joined_at)
    if one.left_at is None:
        return "going", _("Here since %(time)s", time=since)
    return "done" if group.state is GroupState.ENDED else "off", _(
        "Here %(since)s–%(until)s", since=since, until=clock_time(one.left_at)
    )


def _has(group: GroupCard, far: Far | None) -> tuple[bool, str, str]:
    """Whether the course is completed, what is done of what it asks, and what to do next."""
    if far is None:
        return False, "–", _("Comes another time, or takes the course alone") if group.state is GroupState.ENDED else ""
    if far.completed:
        return True, _("Completed"), ""
    lang, source = language(), far.outline.lang
    said = []
    if far.left.pages:
        pages = [_("“%(title)s”", title=in_lang(one.titles, lang, source)) for one in far.left.pages]
        said.append(_("Read: %(pages)s.", pages=_some(pages)))
    if far.left.quizzes:
        quizzes = [in_lang(one.titles, lang, source) for one in far.left.quizzes]
        said.append(_("Pass: %(quizzes)s.", quizzes=_some(quizzes)))
    return False, steps_text(far.left.done, far.outline), " ".join(said)


def _some(titles: list[str]) -> str:
    """The first few by name, the rest by number."""
    rest = len(titles) - TITLES_NAMED
    named = ", ".join(titles[:TITLES_NAMED])
    return f"{named} {ngettext('and %(num)s more', 'and %(num)s more', rest)}" if rest > 0 else named


def _quizzes(
    db: Session, group: GroupCard, outline: Outline, version_id: int, sheets: tuple[SheetCard, ...], url: str
) -> tuple[QuizRow, ...]:
    found = []
    for page in queries.pages_of(outline, group):
        for quiz in page.quizzes:
            mine = [one for one in sheets if one.quiz == quiz.id]
            entered = sum(one.entered_at is not None for one in mine)
            said = _("%(printed)s printed, %(entered)s entered", printed=number(len(mine)), entered=number(entered))
            found.append(
                QuizRow(
                    title=in_lang(quiz.titles, language(), outline.lang),
                    url=f"{url}/sheets/{quiz.id}",
                    sheets=said if mine else _("No sheet is printed yet"),
                    only_screen=why_only_screen(db, version_id, quiz.id),
                )
            )
    return tuple(found)


def why_only_screen(db: Session, version_id: int, quiz: str) -> str:
    """Why a quiz cannot be answered on paper, in the reader's language; empty where it can."""
    stored = catalog.quiz(db, version_id, quiz)
    wanted = {one for item in stored.items for one in (item.get("members") or [item.get("revision")])}
    types = [one.type for one in catalog.revisions(db, wanted).values()]
    why = rules.only_on_screen(assessment.rules_in(stored), types)
    return _(why) if why else ""


def _steps(db: Session, group: GroupCard, outline: Outline, url: str) -> tuple[StepRow, ...]:
    watched = queries.steps(db, group.id)
    found = []
    for n, page in enumerate(queries.pages_of(outline, group), 1):
        said = ""
        if page.id in watched:
            at, present = watched[page.id]
            said = _(
                "%(time)s, %(people)s",
                time=clock_time(at),
                people=ngettext("%(num)s person", "%(num)s people", present),
            )
        title = in_lang(page.titles, language(), outline.lang)
        found.append(StepRow(n, title, f"{url}/pages/{page.id}", said))
    return tuple(found)
