"""Home: the one thing to do next and why, then everything else on the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.catalog import queries as catalog
from app.groups import queries as groups
from app.groups.queries import GroupCard
from app.groups.rules import GroupState
from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import language, ngettext
from app.learning import queries as learners
from app.learning.queries import CourseRun
from app.learning.rules import EXCUSED, RunState, Standing, Urgency
from app.requirements import queries as requirements
from app.requirements.queries import PeriodCard, Reason
from app.web.classroom.pages import parts
from app.web.classroom.pages.duties import Outside, Terms, Why, outside_of, terms_of, why_of

SUGGESTIONS = 3
LATECOMERS = timedelta(hours=3)  # a session that its leader has not opened yet is shown for so long


@dataclass(frozen=True, slots=True)
class Duty:
    """A course on the list. `status` is the kind of the mark; `action_url` goes on where it stopped; `newer_url` tells
    of a newer version that the learner has yet to take or leave."""

    title: str
    url: str
    status: str
    status_text: str
    due_text: str
    due_on: date | None
    progress: str
    action: str
    action_url: str
    why: tuple[Why, ...]
    terms: Terms
    newer_url: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """The sentence the page opens with. `case`: late | due | going | begin | done | first. `lead` is empty where
    there is nothing more to say."""

    case: str
    title: str
    due_on: date | None
    days: str
    left: str
    lead: str
    segments: tuple[str, ...]
    action: str
    action_url: str
    about_url: str


@dataclass(frozen=True, slots=True)
class Done:
    title: str
    url: str
    completed_at: datetime
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    title: str
    url: str
    summary: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """A group session at which one is expected. `status` and `state` are a mark and its word; `about` says where, and
    who leads."""

    title: str
    url: str
    status: str
    state: str
    starts_at: datetime
    about: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """`now` is for the greeting; `tally` says how many required courses are done and left; `meetings`: the next first."""

    given_name: str
    now: datetime
    next: NextStep
    required: tuple[Duty, ...]
    outside: tuple[Outside, ...]
    tally: str
    chosen: tuple[Duty, ...]
    done: tuple[Done, ...]
    suggestions: tuple[Suggestion, ...]
    meetings: tuple[Meeting, ...]


def home_page(db: Session, actor: Actor) -> HomePage:
    lang, today = language(), clock.today()
    runs = learners.runs_of(db, actor.id)
    open_runs = [run for run in runs if run.state is not RunState.COMPLETED]
    finished = [run for run in runs if run.state is RunState.COMPLETED]
    cards = catalog.cards(db, lang)
    titles = {card.course_id: card.title for card in cards}
    ahead = groups.ahead_of(db, actor.id, clock.now() - LATECOMERS)
    shown = [*(run.course_id for run in runs), *(one.course_id for one in ahead)]
    if withdrawn := [course_id for course_id in shown if course_id not in titles]:
        titles |= catalog.titles(db, withdrawn, lang)
    stored = learners.standings_of(db, [run.enrolment_id for run in open_runs if run.enrolment_id])
    standings = {
        run.enrolment_id: learners.renamed(stored.get(run.enrolment_id, {}), run.outline.was)
        for run in open_runs
        if run.enrolment_id
    }
    periods = requirements.periods_of(db, actor.id, today)
    cards_of = {card.enrolment_id: card for card in periods if card.enrolment_id}
    reasons = requirements.reasons_of(db, actor.id, lang) if periods else {}
    duties = {
        run.course_id: _duty(
            run, titles[run.course_id], standings.get(run.enrolment_id or 0, {}), today,
            cards_of.get(run.enrolment_id or 0), reasons.get(f"course:{run.course_id}", ()),
        )
        for run in open_runs
    }  # fmt: skip
    required = [run for run in open_runs if run.required]
    waiting = [run for run in required if run.state not in EXCUSED]
    done = frozenset(run.course_id for run in finished)
    outside = outside_of(db, periods, reasons, done)
    chosen = [run for run in open_runs if not run.required]
    chosen.sort(key=lambda run: run.active_at or run.enrolled_at or run.published_at, reverse=True)
    mine = {run.course_id for run in runs}
    return HomePage(
        given_name=actor.given_name,
        now=clock.now(),
        next=_next(waiting, chosen, finished, titles, standings, today),
        required=tuple(duties[run.course_id] for run in required),
        outside=outside,
        tally=_tally(
            sum(1 for run in finished if run.required and run.current) + sum(not one.waits for one in outside),
            len(waiting) + sum(one.waits for one in outside),
        ),
        chosen=tuple(duties[run.course_id] for run in chosen),
        done=tuple(
            Done(
                titles[run.course_id],
                f"/learning/record/{run.enrolment_id}/confirmation",
                run.completed_at,
                _valid(cards_of.get(run.enrolment_id or 0)),
            )
            for run in sorted(finished, key=lambda r: r.completed_at or r.published_at, reverse=True)
            if run.completed_at
        )[:5],
        suggestions=tuple(
            Suggestion(card.title, f"/courses/{card.slug}", card.summary, card.minutes)
            for card in cards
            if card.course_id not in mine
        )[:SUGGESTIONS],
        meetings=tuple(_meeting(one, titles) for one in ahead),
    )


def _meeting(one: GroupCard, titles: Mapping[int, str]) -> Meeting:
    kind, state = ("now", _("Open now")) if one.state is GroupState.OPEN else ("soon", _("Planned"))
    led = _("led by %(name)s", name=one.made_by) if one.made_by else ""
    about = " · ".join(part for part in (one.place_name, one.room, led) if part)
    return Meeting(titles[one.course_id], f"/joined/{one.key}", kind, state, one.starts_at, about)


def _valid(card: PeriodCard | None) -> date | None:
    return card.period.valid_until if card is not None else None


def _tally(done: int, left: int) -> str:
    said = []
    if done:
        said.append(ngettext("%(num)s completed", "%(num)s completed", done))
    if left:
        said.append(ngettext("%(num)s left", "%(num)s left", left))
    return ", ".join(said)


def _left(run: CourseRun, standings: Mapping[str, Standing]) -> str:
    """ "about 12 min left"; a course not begun: "11 pages, 1 test · about 50 min"."""
    minutes = parts.minutes_left(run.outline, standings)
    if run.state is RunState.STARTED:
        return ngettext("about %(num)s minute left", "about %(num)s minutes left", max(1, minutes))
    return _("about %(minutes)s min", minutes=max(1, minutes))


def _duty(
    run: CourseRun,
    title: str,
    standings: Mapping[str, Standing],
    today: date,
    card: PeriodCard | None,
    reasons: tuple[Reason, ...],
) -> Duty:
    kind, word = parts.state_word(run.state)
    days = (run.due_on - today).days if run.due_on else 0
    urgent = run.urgency(today)
    if urgent is Urgency.OVERDUE:
        kind, word = "late", _("Overdue")
    page = parts.next_page(run.outline, standings, run.last_page)
    if run.state is RunState.STARTED:
        progress = parts.steps_text(run.done, run.outline) + " · " + _left(run, standings)
    else:
        progress = parts.shape_text(run.outline) + " · " + _left(run, standings)
    return Duty(
        title=title,
        url=f"/courses/{run.slug}",
        status=kind,
        status_text=word,
        due_text=parts.days_text(days) if run.due_on else "",
        due_on=run.due_on,
        progress=progress,
        action=_("Continue") if run.state is RunState.STARTED else _("Start"),
        action_url=parts.page_url(run.slug, page.id),
        why=why_of(reasons),
        terms=terms_of(card),
        newer_url=f"/courses/{run.slug}/changes" if run.asks else "",
    )


def _next(
    required: list[CourseRun],
    chosen: list[CourseRun],
    finished: list[CourseRun],
    titles: Mapping[int, str],
    standings: Mapping[int, Mapping[str, Standing]],
    today: date,
) -> NextStep:
    """The most urgent required course, then what was begun, then what was chosen; else a calm word."""
    going = [run for run in chosen if run.state is RunState.STARTED]
    run = next(iter([*required, *going, *chosen]), None)
    if run is None:
        case = "done" if finished else "first"
        return NextStep(case, "", None, "", "", "", (), _("Course catalogue"), "/catalogue", "")
    done = standings.get(run.enrolment_id or 0, {})
    page = parts.next_page(run.outline, done, run.last_page)
    number = parts.number_of(run.outline, page)
    days = (run.due_on - today).days if run.due_on else 0
    started = run.state is RunState.STARTED
    urgent = run.urgency(today)
    if urgent is Urgency.OVERDUE:
        case = "late"
    elif run.due_on is not None:
        case = "due"
    else:
        case = "going" if started else "begin"
    lead = ""
    if started:
        lead = _("You stopped at page %(n)s of %(all)s.", n=number, all=len(run.outline.pages))
    minutes = max(1, parts.minutes_left(run.outline, done))
    return NextStep(
        case=case,
        title=titles[run.course_id],
        due_on=run.due_on,
        days=parts.days_text(days) if run.due_on else "",
        left=ngettext("about %(num)s minute", "about %(num)s minutes", minutes),
        lead=lead,
        segments=parts.segments(run.outline, done, page.id),
        action=_("Continue from page %(n)s", n=number) if started else _("Start the course"),
        action_url=parts.page_url(run.slug, page.id),
        about_url=f"/courses/{run.slug}",
    )
