"""How evidence adds up: folds over frozen values, and nothing else. Pure and total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

NEVER = date(9999, 12, 31)  # stands for "no due date" where a column may not be empty
ALL_COURSES = 0  # in place of a course, in the totals by day: all of them together
UNLIMITED = 1_000_000  # the days somebody has without a due date, in the totals by day: so many that nobody is late
DUE_SOON_DAYS = 14


class RunState(StrEnum):
    ENROLLED = "enrolled"
    STARTED = "started"
    COMPLETED = "completed"
    LEFT = "left"
    EXEMPT = "exempt"  # excused: counted neither as done nor as waiting
    PAUSED = "paused"  # on leave: the same, until the person is back


class Mark(StrEnum):
    """What the totals by day count: required runs that began, and runs that were completed."""

    BEGUN = "begun"
    COMPLETED = "completed"


class Kind(StrEnum):
    """What can have happened, in the past tense."""

    ENROLLED = "enrolled"
    ASSIGNED = "assigned"
    LEFT = "left"
    MOVED = "moved"
    PAGE_FINISHED = "page.finished"
    QUIZ_GRADED = "quiz.graded"
    COURSE_COMPLETED = "course.completed"
    DUE_SET = "due.set"
    EXEMPTED = "exempted"
    PAUSED = "paused"
    RETURNED = "returned"
    PERIOD_CLOSED = "period.closed"
    PROOF_ACCEPTED = "proof.accepted"
    TESTED_OUT = "tested-out"
    EVENT_ATTENDED = "event.attended"
    SESSION_ATTENDED = "session.attended"
    WAIVED = "waived"
    RECOGNISED = "recognised"
    REVOKED = "revoked"
    VERSION_TAKEN = "version.taken"
    VERSION_DECLINED = "version.declined"


# What stands for a completion without the course having been taken here.
CREDITS = (
    Kind.PROOF_ACCEPTED,
    Kind.TESTED_OUT,
    Kind.EVENT_ATTENDED,
    Kind.SESSION_ATTENDED,
    Kind.WAIVED,
    Kind.RECOGNISED,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands in one page or quiz. Scores are shares, 0 to 1."""

    finished_at: datetime | None = None
    best_score: float | None = None
    passed_at: datetime | None = None
    gradings: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """One piece of evidence, as the fold needs it."""

    kind: Kind
    at: datetime
    subject: str = ""
    version_id: int | None = None
    organisation_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """Where a whole enrolment stands: what its row, its progress rows and its place in the counters must say.

    `major` 0 is the version it was opened with; `declined` the newest major version its learner has said no to.
    """

    organisation_id: int = 0
    state: RunState = RunState.ENROLLED
    required: bool = False
    due_on: date | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    completed_version_id: int | None = None
    last_page: str = ""
    active_at: datetime | None = None
    current: bool = True  # false once a later period has begun
    major: int = 0
    declined: int = 0
    standings: Mapping[str, Standing] = field(default_factory=dict)


def stand(before: Standing, said: Said) -> Standing:
    """One page or quiz after one more piece of evidence. Finished stays finished and passed stays passed."""
    match said.kind:
        case Kind.PAGE_FINISHED:
            return replace(before, finished_at=before.finished_at or said.at)
        case Kind.QUIZ_GRADED:
            score = float(said.data["score"])
            return replace(
                before,
                best_score=score if before.best_score is None else max(before.best_score, score),
                passed_at=before.passed_at or (said.at if said.data["passed"] else None),
                gradings=before.gradings + 1,
            )
        case _:
            return before


def fold(run: Run, said: Said) -> Run:
    """A run after one more piece of evidence."""
    match said.kind:
        case Kind.ENROLLED:
            state = _back(run) if run.state is RunState.LEFT else run.state
            return replace(run, state=state, organisation_id=said.organisation_id or run.organisation_id)
        case Kind.ASSIGNED:
            due = said.data.get("due_on")
            when = date.fromisoformat(due) if due else None
            earlier = min((d for d in (run.due_on, when) if d is not None), default=None)
            state = _back(run) if run.state is RunState.LEFT else run.state
            return replace(run, required=True, due_on=earlier, state=state)
        case Kind.DUE_SET:
            due = said.data["due_on"]
            state = _back(run) if run.state is RunState.LEFT and said.data["required"] else run.state
            when = date.fromisoformat(due) if due else None
            return replace(run, required=bool(said.data["required"]), due_on=when, state=state)
        case Kind.EXEMPTED | Kind.PAUSED:
            excused = RunState.EXEMPT if said.kind is Kind.EXEMPTED else RunState.PAUSED
            return run if run.state is RunState.COMPLETED else replace(run, state=excused)
        case Kind.RETURNED:
            return replace(run, state=_back(run)) if run.state in EXCUSED else run
        case Kind.LEFT:
            return run if run.state is RunState.COMPLETED else replace(run, state=RunState.LEFT)
        case Kind.MOVED:
            return replace(run, organisation_id=said.organisation_id or run.organisation_id)
        case Kind.PAGE_FINISHED | Kind.QUIZ_GRADED:
            standing = stand(run.standings.get(said.subject, Standing()), said)
            kept = run.state is RunState.COMPLETED or run.state in EXCUSED
            started = run.state if kept else RunState.STARTED
            # What was marked anew happened long ago, and does not move the place where one goes on.
            latest = run.active_at is None or said.at >= run.active_at
            return replace(
                run,
                state=started,
                started_at=run.started_at or said.at,
                active_at=max(run.active_at or said.at, said.at),
                last_page=str(said.data.get("page") or said.subject) if latest else run.last_page,
                standings={**run.standings, said.subject: standing},
            )
        case Kind.COURSE_COMPLETED:
            if run.completed_at:
                return run
            return replace(run, state=RunState.COMPLETED, completed_at=said.at, completed_version_id=said.version_id)
        case Kind.REVOKED:
            # Only what was credited can be taken back, and only while it is what completed the run.
            if not said.data["completion"]:
                return run
            undone = replace(run, completed_at=None, completed_version_id=None)
            return replace(undone, state=_back(undone))
        case Kind.PERIOD_CLOSED:
            return replace(run, current=False)
        case Kind.VERSION_TAKEN:  # a completed run stays on what it was completed with
            return run if run.completed_at else replace(run, major=int(said.data["major"]))
        case Kind.VERSION_DECLINED:
            return replace(run, declined=max(run.declined, int(said.data["major"])))
        case (
            Kind.PROOF_ACCEPTED
            | Kind.TESTED_OUT
            | Kind.EVENT_ATTENDED
            | Kind.SESSION_ATTENDED
            | Kind.WAIVED
            | Kind.RECOGNISED
        ):
            return run if run.completed_at else replace(run, state=RunState.COMPLETED, completed_at=said.at)


EXCUSED = (RunState.EXEMPT, RunState.PAUSED)


def _back(run: Run) -> RunState:
    """Where a run stands that was left, or whose learner was away."""
    return RunState.STARTED if run.started_at else RunState.ENROLLED


def fold_all(said: Iterable[Said]) -> Run:
    run = Run()
    for one in said:
        run = fold(run, one)
    return run


def is_met(standing: Standing) -> bool:
    """Whether a needed page or quiz has been done."""
    return standing.finished_at is not None or standing.passed_at is not None


def is_complete(
    standings: Mapping[str, Standing], *, needed_pages: Iterable[str], needed_quizzes: Iterable[str]
) -> bool:
    """Completion: every needed page finished, every needed quiz passed. Practice never counts."""
    blank = Standing()
    return all(standings.get(page, blank).finished_at for page in needed_pages) and all(
        standings.get(quiz, blank).passed_at for quiz in needed_quizzes
    )


def met_at(
    standings: Mapping[str, Standing], *, needed_pages: Iterable[str], needed_quizzes: Iterable[str]
) -> datetime | None:
    """When the last of what is needed was done; None where something is missing, or nothing is needed."""
    blank = Standing()
    times = [standings.get(page, blank).finished_at for page in needed_pages]
    times += [standings.get(quiz, blank).passed_at for quiz in needed_quizzes]
    there = [at for at in times if at is not None]
    return max(there) if there and len(there) == len(times) else None


def how_many_met(standings: Mapping[str, Standing], needed: Iterable[str]) -> int:
    return sum(1 for one in needed if one in standings and is_met(standings[one]))


@dataclass(frozen=True, slots=True)
class Asked:
    """What one version asks for, and what its pages and quizzes were called before (old id → new id)."""

    needed: frozenset[str]
    was: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """What moving from one version to another would do to a run: ids of what the new one asks for and is done
    already (`kept`) or is to do (`waiting`), and of what was done and is not asked for any more (`gone`)."""

    done_now: int
    needed_now: int
    kept: frozenset[str]
    waiting: frozenset[str]
    gone: frozenset[str]

    @property
    def needed_then(self) -> int:
        return len(self.kept) + len(self.waiting)

    @property
    def completes(self) -> bool:
        return not self.waiting

    @property
    def lowers(self) -> bool:
        """Whether the share of what is done would be smaller than it is now."""
        return self.done_now * self.needed_then > len(self.kept) * self.needed_now


def move(now: Asked, standing_now: Mapping[str, Standing], then: Asked, standing_then: Mapping[str, Standing]) -> Move:
    """The standings are given under the ids of each version, see `queries.renamed`."""
    met = {one for one in now.needed if one in standing_now and is_met(standing_now[one])}
    kept = frozenset(one for one in then.needed if one in standing_then and is_met(standing_then[one]))
    return Move(
        done_now=len(met),
        needed_now=len(now.needed),
        kept=kept,
        waiting=then.needed - kept,
        gone=frozenset(one for one in met if then.was.get(one, one) not in then.needed),
    )


class Urgency(StrEnum):
    """How a run stands against its due date."""

    COMPLETED = "completed"
    OVERDUE = "overdue"
    DUE_SOON = "due-soon"
    ON_TRACK = "on-track"


def urgency(state: RunState, due_on: date | None, today: date) -> Urgency:
    """Overdue begins the day after the due date; due soon fourteen days before it."""
    if state is RunState.COMPLETED:
        return Urgency.COMPLETED
    if due_on is None or due_on == NEVER or state in EXCUSED:
        return Urgency.ON_TRACK
    if due_on < today:
        return Urgency.OVERDUE
    return Urgency.DUE_SOON if (due_on - today).days <= DUE_SOON_DAYS else Urgency.ON_TRACK


def may_leave(*, state: RunState, required: bool) -> bool:
    """One may leave what one chose; not what is required, and there is nothing to leave once it is done."""
    return not required and state in (RunState.ENROLLED, RunState.STARTED)


@dataclass(frozen=True, slots=True)
class Days:
    """What one run means to the totals by day. `marks`: (mark, required, day). `took`: (days allowed, days taken)."""

    marks: tuple[tuple[Mark, bool, date], ...] = ()
    took: tuple[int, int] | None = None


def days_of(
    *, state: RunState, current: bool, required: bool, enrolled_on: date, completed_on: date | None, due_on: date | None
) -> Days:
    """A run that is counted, by its days (in UTC). Whoever is excused is in no total; nor is a run that somebody chose
    and has not completed. What had been done before it was asked for began on the day it was done."""
    done = completed_on if state is RunState.COMPLETED else None
    if not current or state is RunState.LEFT or (done is None and (not required or state in EXCUSED)):
        return Days()
    if done is None:
        return Days(((Mark.BEGUN, True, enrolled_on),))
    if not required:
        return Days(((Mark.COMPLETED, False, done),))
    allowed = UNLIMITED if due_on in (None, NEVER) else (due_on - enrolled_on).days
    marks = ((Mark.BEGUN, True, min(enrolled_on, done)), (Mark.COMPLETED, True, done))
    return Days(marks, (allowed, (done - enrolled_on).days))
