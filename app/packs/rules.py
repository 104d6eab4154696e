"""What an audit pack counts: how people stood on a day, by institution, and what of it may be shown without names. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.kit.days import add_months
from app.learning.rules import Kind as LearningKind
from app.reporting.rules.suppression import Hidden, suppress
from app.requirements.rules import Period, Status, status

STEPS = 4  # gathered, tabulated, printed, sealed
REPORT_MONTHS, KEPT_MONTHS = 3, 36  # a report on cyber hygiene: within three months, kept for three years
SMALL = 5


class PackState(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


class Column(StrEnum):
    """The four things a person can come to; everybody comes to exactly one."""

    COMPLETED = "completed"
    WAITING = "waiting"
    OVERDUE = "overdue"
    EXCUSED = "excused"


def column(found: Status) -> Column:
    match found:
        case Status.COMPLETED | Status.EXPIRING:
            return Column.COMPLETED
        case Status.OVERDUE | Status.EXPIRED:
            return Column.OVERDUE
        case Status.EXEMPT | Status.PAUSED:
            return Column.EXCUSED
        case _:
            return Column.WAITING


def on_the_day(period: Period, day: date, *, exempt: bool, paused: bool) -> tuple[Period, Status]:
    """A period as it was known on a day: what was completed later had not been."""
    if period.met_on is not None and period.met_on > day:
        period = replace(period, met_on=None, valid_until=None, next_opens_on=None, next_due_on=None)
    return period, status(period, day, exempt=exempt, paused=paused)


@dataclass(frozen=True, slots=True)
class Line:
    """One institution: how many people came to what. A number that may not be shown is None."""

    place: str
    numbers: tuple[int | None, ...]
    all: int | None


def counted(stands: Iterable[tuple[str, Column]]) -> tuple[Line, ...]:
    """By institution in the order they come, and a last line for all of them."""
    table: dict[str, dict[Column, int]] = {}
    for place, one in stands:
        row = table.setdefault(place, dict.fromkeys(Column, 0))
        row[one] += 1
    lines = [Line(place, tuple(row.values()), sum(row.values())) for place, row in table.items()]
    total = tuple(sum(row[one] for row in table.values()) for one in Column)
    return (*lines, Line("", total, sum(total)))


def without_names(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The same table for those who see numbers only.

    A group under five is hidden, and as many others as it takes so that it cannot be worked out. It is hidden as the
    pages of figures hide it, where nobody excused is counted: two tables of the same people that hide different cells
    would give away in one what the other hides. Who is excused is a table of its own, and in the sum of a line only
    where that is shown. What is shown is rounded to five besides.
    """
    at = tuple(Column).index(Column.EXCUSED)
    table = [[number or 0 for number in line.numbers] for line in lines[:-1]]
    shown = suppress([[*row[:at], *row[at + 1 :]] for row in table], SMALL)
    excused = suppress([[row[at]] for row in table], SMALL)
    found = []
    for line, (*asked, base), (away, _) in zip(lines, shown, excused, strict=True):
        # A group that is small as a whole says nothing of itself, not even that nobody of it is excused.
        away = Hidden.SMALL if base is Hidden.SMALL else away
        everybody = None if isinstance(base, Hidden) or isinstance(away, Hidden) else _rounded(base + away)
        numbers = (*asked[:at], away, *asked[at:])
        found.append(Line(line.place, tuple(_rounded(one) for one in numbers), everybody))
    return tuple(found)


def _rounded(number: int | Hidden) -> int | None:
    return None if isinstance(number, Hidden) else (number + 2) // SMALL * SMALL


@dataclass(frozen=True, slots=True)
class Training:
    """What a training report says of one institution: how many took part, between which days."""

    place: str
    participants: int
    first: date
    last: date


def training(met: Iterable[tuple[str, date]], as_of: date) -> tuple[Training, ...]:
    """Who completed it in the twelve months up to a day, by institution."""
    since = add_months(as_of, -12)
    days: dict[str, list[date]] = {}
    for place, on in met:
        if since < on <= as_of:
            days.setdefault(place, []).append(on)
    return tuple(Training(place, len(some), min(some), max(some)) for place, some in days.items())


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a training report: how many took part, between which days, and the days that the law sets for the report,
    where it sets some: by when it is due, and until when it stays as it is."""

    participants: int
    first: date
    last: date
    due: date | None
    locked_until: date | None

    def kept(self) -> dict[str, Any]:
        """For the database: days as ISO 8601."""
        return {name: said.isoformat() if isinstance(said, date) else said for name, said in asdict(self).items()}


def head(report: Sequence[Training], *, lawful: bool) -> Head | None:
    """What stands above the lines of a report; `lawful` where the law sets its days. None where nobody took part."""
    if not report:
        return None
    first, last = min(row.first for row in report), max(row.last for row in report)
    due, locked = report_days(last) if lawful else (None, None)
    return Head(sum(row.participants for row in report), first, last, due, locked)


def read_head(kept: Mapping[str, Any]) -> Head | None:
    """The head that `Head.kept` wrote."""
    if not kept:
        return None
    days = {name: date.fromisoformat(said) if said else None for name, said in kept.items() if name != "participants"}
    return Head(participants=kept["participants"], **days)  # type: ignore[arg-type]


def report_days(last: date) -> tuple[date, date]:
    """By when a report on a training that ended on a day is due, and until when it is kept."""
    return add_months(last, REPORT_MONTHS), add_months(last, KEPT_MONTHS)


@dataclass(frozen=True, slots=True)
class Proof:
    """The evidence behind a completion. `digest` is the SHA-256 of the version of the course that was taken."""

    id: int
    kind: str
    at: datetime
    recorded_at: datetime
    version: str
    digest: str
    note: str
    certificate: str


class How(StrEnum):
    """How somebody came by what counts: by themselves, with others before one screen, on paper, or by what was shown."""

    ALONE = "alone"
    GROUP = "group"
    PAPER = "paper"
    PROOF = "external-proof"
    WAIVER = "waiver"
    EVENT = "event"
    MEETING = "session"
    TEST = "test-first"
    RECOGNISED = "recognised"


CREDITED = {
    LearningKind.PROOF_ACCEPTED.value: How.PROOF,
    LearningKind.WAIVED.value: How.WAIVER,
    LearningKind.EVENT_ATTENDED.value: How.EVENT,
    LearningKind.SESSION_ATTENDED.value: How.MEETING,
    LearningKind.TESTED_OUT.value: How.TEST,
    LearningKind.RECOGNISED.value: How.RECOGNISED,
}


@dataclass(frozen=True, slots=True)
class Way:
    """So many steps (pages and tests) that somebody took in one way, `on` the first of its days.

    Those taken alone are counted only; the others are named by their ids in `steps`. In a group: `session` is its key,
    `place` where it was, `who` led it. On paper: `who` entered it, of which `session` where there was one. What was
    credited has no steps; its `on` is the day of what was shown.
    """

    how: How
    number: int
    steps: tuple[str, ...] = ()
    on: date | None = None
    session: str = ""
    place: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was not taken alone, as evidence has it; `who`, `session` and `place` as in a `Way`."""

    id: str
    how: How
    on: date
    session: str = ""
    place: str = ""
    who: str = ""


def ways(done: int, apart: Iterable[Step]) -> tuple[Way, ...]:
    """How somebody took a course of which `done` steps are behind them, `apart` those not taken alone, in the order of
    days. A step that is named twice, watched in a group and entered from paper, counts where it was first."""
    first: dict[str, Step] = {}
    for step in sorted(apart, key=lambda one: (one.on, one.how, one.id)):
        first.setdefault(step.id, step)
    together: dict[tuple[How, str, str, str], list[Step]] = {}
    for step in first.values():
        together.setdefault((step.how, step.session, step.place, step.who), []).append(step)
    found = [
        Way(how, len(some), tuple(step.id for step in some), some[0].on, session, place, who)
        for (how, session, place, who), some in together.items()
    ]
    alone = done - len(first)
    return (Way(How.ALONE, alone), *found) if alone > 0 else tuple(found)


@dataclass(frozen=True, slots=True)
class Stand:
    """One person on the day: where they worked, what they came to, why they are excused, what proves it, and how each
    step was taken."""

    person_id: int
    key: str
    name: str
    job_title: str
    place: str
    institution: str
    period: Period
    status: Status
    met_by: str
    excuse: str
    proof: Proof | None
    taken: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One reminder sent."""

    at: datetime
    about: str
    occasion: str
    to: str
    by_mail: bool


@dataclass(frozen=True, slots=True)
class Taught:
    """One version of a course that somebody completed."""

    label: str
    digest: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a pack rests on, as of the end of one day. `titles`: what the steps of the course are called."""

    stands: tuple[Stand, ...]
    told: tuple[Told, ...]
    taught: tuple[Taught, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
