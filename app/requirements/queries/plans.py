"""A dry run: whom a rule would reach, how they stand, what their dates would be, and what is odd about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.catalog import queries as catalog
from app.learning.rules import RunState
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard, below
from app.organisations.rules import COUNTRIES
from app.requirements import rules
from app.requirements.models import Requirement
from app.requirements.queries import history
from app.requirements.queries.audiences import Member, leaves_of, meant, members
from app.requirements.queries.cards import RequirementCard, active_one, requirements
from app.requirements.queries.history import Held, Run
from app.requirements.rules import Dated, DueKind, Leave, Rule, Service, WhatKind, calendar, dates, paths
from app.requirements.rules.recognition import Pair

UNFINISHED = (RunState.ENROLLED, RunState.STARTED, RunState.EXEMPT, RunState.PAUSED)
SAMPLES, CYCLES = 3, 3


@dataclass(frozen=True, slots=True)
class Standing:
    """One person as a rule would find them: their first date, and what they already hold."""

    member: Member
    service: Service
    due: Dated
    held: Held | None
    held_until: date | None
    run: Run | None

    @property
    def stricter(self) -> bool:
        """Whether an earlier date holds already."""
        run = self.run
        waiting = run is not None and run.state in UNFINISHED and run.required and run.due_on is not None
        return bool(waiting and run is not None and run.due_on is not None and run.due_on < self.due.on)


def standings(
    db: Session, rule: Rule, found: Sequence[Member], *, today: date, late: bool, key: str = ""
) -> tuple[Standing, ...]:
    """How each of these people would stand under a rule that reached them today."""
    ids = [one.person_id for one in found]
    away = leaves_of(db, ids)
    courses = history.asked_about(rule)
    subject = rules.subject(rule, key) if rule.what.kind is WhatKind.EXTERNAL else ""
    had = history.evidence(db, ids, course_ids=courses, subject=subject)
    pairs = history.recognised(db) if had else frozenset()
    single = rule.what.course_id if rule.what.kind is WhatKind.COURSE else None
    latest = history.runs(db, single, ids) if single is not None else {}
    return tuple(
        _standing(rule, one, had.get(one.person_id, ()), pairs, latest, away.get(one.person_id, ()), today, late)
        for one in found
    )


def _standing(
    rule: Rule,
    one: Member,
    had: Sequence[Held],
    pairs: frozenset[Pair],
    latest: dict[int, Run],
    leaves: tuple[Leave, ...],
    today: date,
    late: bool,
) -> Standing:
    fair = dates.fair_from(rule.due, today, late=late)
    service = Service(today, one.hired_on, one.post_on, fair, leaves, one.country)
    if rule.what.path is not None:
        held, until = _of_path(rule, had, one.path, pairs, today)
    else:
        held = history.best(rule, had, one.path, pairs, today)
        until = history.good_until(rule, held) if held is not None else None
    due = dates.first_due(rule.due, service)
    return Standing(one, service, due, held, until, latest.get(one.person_id))


def _of_path(
    rule: Rule, had: Sequence[Held], path: str, pairs: frozenset[Pair], today: date
) -> tuple[Held | None, date | None]:
    """The evidence that completed a path, where it is complete: the last of what was needed."""
    assert rule.what.path is not None
    done: dict[int, Held] = {}
    for held in had:
        good = history.good_until(rule, held)
        if held.course_id is not None and (good is None or good >= today) and _counts(held, path, pairs):
            done.setdefault(held.course_id, held)
    if not paths.reached(rule.what.path, done).met:
        return None, None
    last = max(done.values(), key=lambda held: held.at)
    return last, history.good_until(rule, last)


def _counts(held: Held, path: str, pairs: frozenset[Pair]) -> bool:
    single = Rule(rules.What(WhatKind.COURSE, held.course_id), 0, rules.Audience(()), rules.Due(DueKind.REACHED))
    return history.counts(single, held, path, pairs)


@dataclass(frozen=True, slots=True)
class PlanUnit:
    """One organisation within a plan: how many it reaches there, and how many of them hold it already."""

    name: str
    reached: int
    completed: int


@dataclass(frozen=True, slots=True)
class SampleCycle:
    """One period as it would come, if each is completed on its last day."""

    opens_on: date
    due: Dated
    valid_until: date | None
    held: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """One real person and the next periods they would have."""

    name: str
    organisation_name: str
    cycles: tuple[SampleCycle, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a requirement would do; nothing has been done yet.

    Each person reached is counted once among `completed` (it is still good), `stricter` (an earlier date holds
    already), `going` (enrolled, started or not) and `fresh`. `near` of those who must have less time than is fair.
    """

    due_on: date | None
    reached: int
    completed: int
    stricter: int
    going: int
    fresh: int
    near: int
    without_email: int
    units: tuple[PlanUnit, ...]
    samples: tuple[Sample, ...]
    past: bool
    too_near: bool
    holiday: str
    exists: bool
    everybody: bool
    others: tuple[RequirementCard, ...]
    circle: tuple[str, ...]

    @property
    def unfinished(self) -> int:
        return self.reached - self.completed


def plan(
    db: Session, *, course_id: int, organisation: OrganisationCard, due_on: date, today: date, lang: str = "lt"
) -> Plan:
    """A dry run of the plainest rule: a course, a place with everything below it, a date."""
    return plan_rule(db, simple(course_id, organisation.id, due_on), today=today, lang=lang)


def simple(course_id: int, organisation_id: int, due_on: date, *, reason: str = "", legal_basis: str = "") -> Rule:
    return Rule(
        what=rules.What(WhatKind.COURSE, course_id),
        organisation_id=organisation_id,
        audience=rules.everybody_at(organisation_id),
        due=rules.Due(DueKind.FIXED, due_on),
        reason=reason,
        legal_basis=legal_basis,
    )


def plan_rule(db: Session, rule: Rule, *, today: date, lang: str = "lt", key: str = "") -> Plan:
    """A dry run of any rule. `key`: of the requirement that is being edited."""
    everybody = members(db, meant(rule.audience), lang=lang)
    found = standings(db, rule, everybody, today=today, late=False, key=key)
    held = [one for one in found if one.held is not None]
    unfinished = [one for one in found if one.held is None]
    stricter = [one for one in unfinished if one.stricter]
    going = [one for one in unfinished if one.run is not None and one.run.state in UNFINISHED and not one.stricter]
    units: dict[int, PlanUnit] = {}
    for one in found:
        had = units.get(one.member.organisation_id, PlanUnit(one.member.organisation_name, 0, 0))
        units[one.member.organisation_id] = PlanUnit(had.name, had.reached + 1, had.completed + (one.held is not None))
    soon = today + timedelta(days=rules.FAIR_DAYS)
    fixed = rule.due.on if rule.due.kind is DueKind.FIXED else None
    same = active_one(db, rules.fingerprint(rule))
    place = organisations.by_id(db, rule.organisation_id)
    return Plan(
        due_on=fixed,
        reached=len(found),
        completed=len(held),
        stricter=len(stricter),
        going=len(going),
        fresh=len(unfinished) - len(stricter) - len(going),
        near=sum(one.due.on < soon for one in unfinished),
        without_email=sum(not one.member.has_email for one in unfinished),
        units=tuple(units.values()),
        samples=tuple(_sample(rule, one, today) for one in _chosen(held, going, stricter, unfinished)),
        past=fixed is not None and fixed < today,
        too_near=fixed is not None and rules.too_near(fixed, today),
        holiday=calendar.holiday(fixed, _country(db, place)) if fixed is not None else "",
        exists=same is not None and same.key != key,
        everybody=bool(found) and place is not None and _is_everybody(db, rule, place, len(found)),
        others=_others(db, rule, place, lang, key) if place is not None else (),
        circle=circle(db, rule),
    )


def _country(db: Session, place: OrganisationCard | None) -> str:
    """Whose holidays a date named for this place meets."""
    if place is None:
        return COUNTRIES[0]
    return place.country or organisations.country_at(db, place.path)


def _is_everybody(db: Session, rule: Rule, place: OrganisationCard, reached: int) -> bool:
    """Whether a rule set at a country or a municipality leaves nobody out."""
    return place.depth <= 1 and reached == people.count_people(db, below(place.path) & people.not_disabled())


def _others(db: Session, rule: Rule, place: OrganisationCard, lang: str, key: str) -> tuple[RequirementCard, ...]:
    """Rules about the same thing for the same people that say something else about the date or the validity."""
    if rule.what.kind is WhatKind.PATH:
        return ()
    ids = [int(part) for part in place.path.strip("/").split("/") if part]
    where = (
        (Requirement.subject == rules.subject(rule, key))
        & Requirement.ended_at.is_(None)
        & (Requirement.key != key)
        & (Requirement.fingerprint != rules.fingerprint(rule))
        & (below(place.path) | Organisation.id.in_(ids))
    )
    found = requirements(db, where, lang, counted=False)
    return tuple(
        one for one in found if one.rule.terms.valid_months != rule.terms.valid_months or one.rule.due != rule.due
    )


def circle(db: Session, rule: Rule) -> tuple[str, ...]:
    """A circle among what the courses of a path ask for first, counting the order of the path itself."""
    path = rule.what.path
    if path is None:
        return ()
    heads = {one.course_id: catalog.course_by_id(db, one.course_id) for one in path.items}
    slugs = {course_id: head.slug for course_id, head in heads.items() if head is not None}
    asks = {
        head.slug: list(catalog.outline(db, head.version_id).requires)
        for head in heads.values()
        if head is not None and head.version_id is not None
    }
    if path.kind is paths.PathKind.IN_ORDER:
        inside = [slugs[one.course_id] for one in path.items if one.course_id in slugs]
        for before, then in pairwise(inside):
            asks.setdefault(then, []).append(before)
    return paths.circle(asks)


def _chosen(*groups: Sequence[Standing]) -> tuple[Standing, ...]:
    """A few people who differ: first one of every group, then others."""
    seen: dict[int, Standing] = {}
    for group in groups:
        for one in group[:1]:
            seen.setdefault(one.member.person_id, one)
    for group in reversed(groups):
        for one in group[:SAMPLES]:
            if len(seen) < SAMPLES:
                seen.setdefault(one.member.person_id, one)
    return tuple(list(seen.values())[:SAMPLES])


def _sample(rule: Rule, one: Standing, today: date) -> Sample:
    return Sample(one.member.name, one.member.organisation_name, cycles(rule, one, today))


def cycles(rule: Rule, one: Standing, today: date, number: int = CYCLES) -> tuple[SampleCycle, ...]:
    """The next periods of one person, if each is completed on its last day."""
    made: list[SampleCycle] = []
    met_on: date | None
    until: date | None
    if one.held is not None:
        met_on, until = one.held.met_on, one.held_until
        opens = rule.starts_on or today
        made.append(SampleCycle(opens, Dated(met_on, ()), until, held=True))
    else:
        run = one.run
        due = one.due
        if one.stricter and run is not None and run.due_on is not None:
            due = Dated(run.due_on, ())
        until = dates.valid_until(rule.terms, due.on)
        made.append(SampleCycle(rule.starts_on or today, due, until, held=False))
        met_on = due.on
    while until is not None and len(made) < number:
        held_until = made[-2].valid_until if len(made) > 1 else None
        after = dates.after([rule.terms], met_on, held_until=held_until, written=until, country=one.member.country)
        if after.due is None or after.opens_on is None:
            break
        service = replace(one.service, reached_on=after.opens_on, not_before=None)
        due = dates.renewed_due(after.due, service)
        held_until, met_on = until, due.on
        until = dates.valid_until(rule.terms, met_on, held_until)
        made.append(SampleCycle(after.opens_on, due, until, held=False))
    return tuple(made)
