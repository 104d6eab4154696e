"""SELECTs about what learners do, as frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from app.catalog.models import Course, CourseVersion
from app.catalog.queries.contents import load
from app.catalog.rules import CourseState, Outline
from app.learning import rules
from app.learning.models import CompletionCount, Enrolment, Evidence, Progress
from app.learning.rules import RunState, Standing, Urgency


@dataclass(frozen=True, slots=True)
class CourseRun:
    """One person and one course: the effective version, and the latest enrolment where there is one.

    `version_id` is the highest minor of the major the person is pinned to, else the course's current version.
    `newest` is the major version that new learners get.
    """

    course_id: int
    slug: str
    owner_id: int
    course_state: CourseState
    version_id: int
    major: int
    minor: int
    digest: str
    published_at: datetime
    outline: Outline
    person_id: int
    enrolment_id: int | None = None
    state: RunState | None = None
    required: bool = False
    due_on: date | None = None
    enrolled_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    completed_version_id: int | None = None
    last_page: str = ""
    active_at: datetime | None = None
    done: int = 0
    current: bool = True
    declined: int = 0
    newest: int = 0

    @property
    def offered(self) -> bool:
        """Whether there is a newer major version to move to; a completed run stays on what it was completed with."""
        open_ = self.enrolled and self.current and self.completed_at is None and self.course_state is CourseState.LIVE
        return open_ and self.newest > self.major

    @property
    def asks(self) -> bool:
        """Whether the learner has yet to answer that offer."""
        return self.offered and self.declined < self.newest

    @property
    def enrolled(self) -> bool:
        """Whether the person is in the course now (or has completed it)."""
        return self.enrolment_id is not None and self.state is not RunState.LEFT

    @property
    def label(self) -> str:
        return f"{self.major}.{self.minor}"

    def urgency(self, today: date) -> Urgency:
        return rules.urgency(self.state or RunState.ENROLLED, self.due_on, today)


_version = aliased(CourseVersion)


def _effective_version_id() -> Any:
    """The version a run follows: the highest minor of its major, or the current one without a run."""
    pinned = (
        select(_version.id)
        .where(_version.course_id == Course.id, _version.major == Enrolment.major)
        .order_by(_version.minor.desc())
        .limit(1)
        .correlate(Course, Enrolment)
        .scalar_subquery()
    )
    return func.coalesce(pinned, Course.current_version_id)


_current = aliased(CourseVersion)
_newest = select(_current.major).where(_current.id == Course.current_version_id).correlate(Course).scalar_subquery()
_newer = aliased(Enrolment)
_latest_period = (
    select(func.max(_newer.period))
    .where(_newer.person_id == Enrolment.person_id, _newer.course_id == Enrolment.course_id)
    .correlate(Enrolment)
    .scalar_subquery()
)
_COLUMNS = (
    Course.id,
    Course.slug,
    Course.organisation_id,
    Course.state,
    CourseVersion.id,
    CourseVersion.major,
    CourseVersion.minor,
    CourseVersion.digest,
    CourseVersion.published_at,
    Enrolment.id,
    Enrolment.state,
    Enrolment.required,
    Enrolment.due_on,
    Enrolment.enrolled_at,
    Enrolment.started_at,
    Enrolment.completed_at,
    Enrolment.completed_version_id,
    Enrolment.last_page,
    Enrolment.active_at,
    Enrolment.done,
    Enrolment.current,
    Enrolment.declined,
    _newest,
)


_OF_ENROLMENT = (
    "enrolment_id",
    "state",
    "required",
    "due_on",
    "enrolled_at",
    "started_at",
    "completed_at",
    "completed_version_id",
    "last_page",
    "active_at",
    "done",
    "current",
    "declined",
    "newest",
)


def _runs(db: Session, rows: Sequence[Any], person_id: int) -> tuple[CourseRun, ...]:
    contents = load(db, {row[4]: (row[1], row[7]) for row in rows})
    return tuple(_run(row, contents[row[4]].outline, person_id) for row in rows)


def _run(row: Any, outline: Outline, person_id: int) -> CourseRun:
    (course_id, slug, owner_id, course_state, version_id, major, minor, digest, published_at, *enrolment) = row
    run = CourseRun(
        course_id=course_id,
        slug=slug,
        owner_id=owner_id,
        course_state=course_state,
        version_id=version_id,
        major=major,
        minor=minor,
        digest=digest,
        published_at=published_at,
        outline=outline,
        person_id=person_id,
    )
    if enrolment[0] is None:
        return run
    return replace(run, **dict(zip(_OF_ENROLMENT, enrolment, strict=True)))


def run_for(db: Session, person_id: int, slug: str) -> CourseRun | None:
    """The run of one person in one course; a course without versions is none."""
    mine = and_(Enrolment.course_id == Course.id, Enrolment.person_id == person_id, Enrolment.period == _latest_period)
    found = db.execute(
        select(*_COLUMNS)
        .select_from(Course)
        .outerjoin(Enrolment, mine)
        .join(CourseVersion, CourseVersion.id == _effective_version_id())
        .where(Course.slug == slug)
    ).all()
    return next(iter(_runs(db, found, person_id)), None)


def _own_runs(person_id: int) -> Any:
    return (
        select(*_COLUMNS)
        .select_from(Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == _effective_version_id())
        .where(Enrolment.person_id == person_id)
    )


def runs_of(db: Session, person_id: int) -> tuple[CourseRun, ...]:
    """Every enrolment of a person that was not left, those with the nearest due date first."""
    said = _own_runs(person_id).where(Enrolment.state != RunState.LEFT)
    said = said.order_by(func.coalesce(Enrolment.due_on, rules.NEVER), Enrolment.enrolled_at.desc(), Enrolment.id)
    return _runs(db, db.execute(said).all(), person_id)


def run_by_enrolment(db: Session, person_id: int, enrolment_id: int) -> CourseRun | None:
    found = db.execute(_own_runs(person_id).where(Enrolment.id == enrolment_id)).all()
    return next(iter(_runs(db, found, person_id)), None)


def standings(db: Session, enrolment_id: int, was: Mapping[str, str] | None = None) -> dict[str, Standing]:
    """Where a run stands in each page and quiz; `was` (old id → new id) carries progress through a rename."""
    rows = db.execute(
        select(
            Progress.subject, Progress.finished_at, Progress.best_score, Progress.passed_at, Progress.gradings
        ).where(Progress.enrolment_id == enrolment_id)
    )
    return renamed({row[0]: Standing(row[1], row[2], row[3], row[4]) for row in rows}, was or {})


def standings_of(db: Session, enrolment_ids: Iterable[int]) -> dict[int, dict[str, Standing]]:
    """The standings of several runs, under the ids they were recorded with."""
    out: dict[int, dict[str, Standing]] = {}
    rows = db.execute(
        select(
            Progress.enrolment_id,
            Progress.subject,
            Progress.finished_at,
            Progress.best_score,
            Progress.passed_at,
            Progress.gradings,
        ).where(Progress.enrolment_id.in_(list(enrolment_ids)))
    )
    for enrolment_id, subject, finished_at, best_score, passed_at, gradings in rows:
        out.setdefault(enrolment_id, {})[subject] = Standing(finished_at, best_score, passed_at, gradings)
    return out


def renamed(standings: Mapping[str, Standing], was: Mapping[str, str]) -> dict[str, Standing]:
    """Standings under the ids things have now."""
    out: dict[str, Standing] = {}
    for subject, standing in standings.items():
        name = was.get(subject, subject)
        out[name] = _together(out[name], standing) if name in out else standing
    return out


def _together(one: Standing, other: Standing) -> Standing:
    """Two ids that turned out to be one page: whatever was reached under either stays reached."""

    def first(a: datetime | None, b: datetime | None) -> datetime | None:
        return min(a, b) if a and b else a or b

    scores = [s for s in (one.best_score, other.best_score) if s is not None]
    return Standing(
        finished_at=first(one.finished_at, other.finished_at),
        best_score=max(scores, default=None),
        passed_at=first(one.passed_at, other.passed_at),
        gradings=one.gradings + other.gradings,
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """The newer major version that a run may move to, and where the run would stand in it."""

    version_id: int
    label: str
    major: int
    outline: Outline
    move: rules.Move


def offer_for(db: Session, run: CourseRun) -> Offer | None:
    """What `run` is offered; None where it follows the newest already, is completed or left."""
    if not run.offered or run.enrolment_id is None:
        return None
    newest = select(Course.slug, _current.id, _current.major, _current.minor, _current.digest)
    row = db.execute(
        newest.join(_current, _current.id == Course.current_version_id).where(Course.id == run.course_id)
    ).one()
    outline = load(db, {row.id: (row.slug, row.digest)})[row.id].outline
    said = standings(db, run.enrolment_id)
    move = rules.move(
        rules.Asked(run.outline.needed, run.outline.was),
        renamed(said, run.outline.was),
        rules.Asked(outline.needed, outline.was),
        renamed(said, outline.was),
    )
    return Offer(row.id, f"{row.major}.{row.minor}", row.major, outline, move)


@dataclass(frozen=True, slots=True)
class Count:
    """A cell of the completion counters."""

    organisation_id: int
    course_id: int
    state: RunState
    required: bool
    due_on: date
    number: int


def counts_by_course(db: Session, course_ids: Iterable[int]) -> dict[int, dict[RunState, int]]:
    """How many runs are in each state, per course, everywhere: numbers without people."""
    out: dict[int, dict[RunState, int]] = {course_id: {} for course_id in course_ids}
    rows = db.execute(
        select(CompletionCount.course_id, CompletionCount.state, func.sum(CompletionCount.number))
        .where(CompletionCount.course_id.in_(list(out)))
        .group_by(CompletionCount.course_id, CompletionCount.state)
    )
    for course_id, state, number in rows:
        out[course_id][state] = int(number)
    return out


def totals(db: Session) -> dict[RunState, int]:
    """How many runs are in each state, everywhere: from the counters, so that anybody's front page may ask."""
    query = select(CompletionCount.state, func.sum(CompletionCount.number)).group_by(CompletionCount.state)
    found = {row[0]: int(row[1]) for row in db.execute(query)}
    return {state: found.get(state, 0) for state in RunState}


def people_by_major(db: Session, course_id: int) -> dict[int, dict[RunState, int]]:
    """How many people are pinned to each major version, by state."""
    out: dict[int, dict[RunState, int]] = {}
    rows = db.execute(
        select(Enrolment.major, Enrolment.state, func.count())
        .where(Enrolment.course_id == course_id, Enrolment.state != RunState.LEFT)
        .group_by(Enrolment.major, Enrolment.state)
    )
    for major, state, number in rows:
        out.setdefault(major, {})[state] = number
    return out


def completed_slugs(db: Session, person_id: int) -> frozenset[str]:
    """Courses the person has ever completed: what `requires` asks for."""
    rows = db.scalars(
        select(Course.slug)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(Enrolment.person_id == person_id, Enrolment.completed_at.is_not(None))
    )
    return frozenset(rows)


@dataclass(frozen=True, slots=True)
class Happened:
    """One piece of evidence as a learner's own record shows it."""

    kind: rules.Kind
    subject: str
    occurred_at: datetime
    course_id: int | None
    enrolment_id: int | None
    version_id: int | None
    data: Mapping[str, Any]


def evidence_of(db: Session, person_id: int, *, enrolment_id: int | None = None) -> tuple[Happened, ...]:
    said = (
        select(
            Evidence.kind,
            Evidence.subject,
            Evidence.occurred_at,
            Enrolment.course_id,
            Evidence.enrolment_id,
            Evidence.version_id,
            Evidence.data,
        )
        .outerjoin(Enrolment, Enrolment.id == Evidence.enrolment_id)
        .where(Evidence.person_id == person_id)
        .order_by(Evidence.id)
    )
    if enrolment_id is not None:
        said = said.where(Evidence.enrolment_id == enrolment_id)
    return tuple(Happened(*row) for row in db.execute(said))
