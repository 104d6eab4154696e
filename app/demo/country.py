"""A whole country for measuring: as many people as asked for, the same every time, written in bulk.

Everything about one person follows from the seed and their number. The rows are those that the slices' own actions
would have left, so `progress verify` holds afterwards; only the way there is shorter.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.catalog import importer
from app.catalog import queries as catalog
from app.catalog.format import reader
from app.demo import crowd
from app.demo.crowd import COURSES, REQUIRED, Duty, Offer, Rows
from app.kit import audit, clock, i18n
from app.kit.actor import SYSTEM, Role
from app.kit.blobs import Blobs
from app.kit.bulk import write_rows
from app.kit.database import Sessions, number_on, reading, writing
from app.learning import actions as learning
from app.models import metadata
from app.organisations import actions as organisations
from app.organisations.queries import OrganisationCard
from app.organisations.rules import Kind, Sector
from app.reporting import actions as reporting
from app.requirements import actions as requirements
from app.requirements import queries
from app.requirements.rules import Service, course_subject, dates
from app.requirements.rules.dates import steps_to_json

PEOPLE_EACH = 333  # people in an institution, on average: 3,000 institutions for a million
BATCH = 2000  # people in one transaction
KINDS = ("mokykla", "lopšelis-darželis", "biblioteka", "kultūros centras", "socialinių paslaugų centras", "poliklinika",
         "globos namai", "sporto centras", "muziejus", "seniūnija")  # fmt: skip

Tell = Callable[[int, int | None], None]


@dataclass
class Country:
    """What has been founded before anybody lives there."""

    root: OrganisationCard
    municipalities: list[OrganisationCard]
    institutions: list[tuple[int, int]] = field(default_factory=list)  # (id, number of its municipality)
    offers: list[Offer] = field(default_factory=list)
    duties: list[list[Duty]] = field(default_factory=list)  # by municipality


def build(
    sessions: Sessions,
    blobs: Blobs,
    *,
    people: int,
    seed: int,
    password: str,
    domain: str,
    tell: Tell,
    courses: int = len(COURSES),
) -> None:
    """Fill an empty database with a country of so many people, each in five of the `courses`.

    `password` is what everybody's account has (a hash); everybody's address stands at `domain`.
    """
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    began = now - timedelta(days=730)
    with clock.at(began), writing(sessions) as db:
        root, *municipalities = organisations.found_country(db, SYSTEM)
        country = Country(root, municipalities)
        _institutions(db, country, people)
    _courses(sessions, blobs, country, began, courses)
    with clock.at(now - timedelta(days=crowd.ASSIGNED_AGO)), writing(sessions) as db:
        _duties(db, country, now)
    with writing(sessions) as db:
        _named(db, country, password, domain)
    numbers = _Numbers(sessions)
    cells: Counter[crowd.Cell] = Counter()
    tell(0, people)
    for first in range(0, people, BATCH):
        number = range(first, min(first + BATCH, people))
        rows = Rows(numbers.people, numbers.enrolments, numbers.evidence, numbers.periods)
        for n in number:
            institution, municipality = country.institutions[n % len(country.institutions)]
            who = random.Random(seed * 1_000_003 + n)  # noqa: S311 - the same country every time
            crowd.somebody(rows, who, n, institution, now, password, domain)
            crowd.studies(rows, who, country.offers, country.duties[municipality], institution, now, cells)
        with writing(sessions) as db:
            _write(db, rows)
        numbers.people, numbers.enrolments = rows.person_id, rows.enrolment_id
        numbers.evidence, numbers.periods = rows.evidence_id, rows.period_id
        tell(number.stop, people)
    with writing(sessions) as db:
        _count(db, cells)
        reporting.count_now(db)
        number_on(db, metadata)
        audit.say(db, SYSTEM, "people.generated", subject=str(people), seed=seed)


class _Numbers:
    """The last number given in each table that is numbered here."""

    def __init__(self, sessions: Sessions) -> None:
        with reading(sessions) as db:
            self.people, self.enrolments, self.evidence, self.periods = (
                db.scalar(select(func.max(_table(name).c.id))) or 0
                for name in ("people", "enrolments", "evidence", "periods")
            )


def _table(name: str) -> Table:
    return metadata.tables[name]


def _institutions(db: Session, country: Country, people: int) -> None:
    """Institutions of ten kinds, spread evenly; every municipality has one at least."""
    wanted = max(len(country.municipalities), round(people / PEOPLE_EACH))
    last = db.scalar(select(func.max(_table("organisations").c.id))) or 0
    rows = []
    for n in range(wanted):
        number, place = n % len(country.municipalities), n // len(country.municipalities)
        above = country.municipalities[number]
        name = f"{above.name.split()[0]} {KINDS[place % len(KINDS)]} Nr. {place + 1}"
        rows.append(
            {
                "id": last + n + 1,
                "parent_id": above.id,
                "path": f"{above.path}{last + n + 1}/",
                "code": f"{above.code}-{place + 1}",
                "name": name,
                "sort_key": i18n.sort_key(name),
                "kind": Kind.INSTITUTION,
                "sector": Sector.PUBLIC,
                "county": above.county,
            }
        )
        country.institutions.append((last + n + 1, number))
    db.execute(insert(_table("organisations")), rows)
    number_on(db, metadata)


def _courses(sessions: Sessions, blobs: Blobs, country: Country, began: datetime, number: int) -> None:
    for n in range(number):
        slug, title = COURSES[n % len(COURSES)]
        if n >= len(COURSES):
            slug, title = f"{slug}-{n // len(COURSES) + 1}", f"{title} ({n // len(COURSES) + 1})"
        read = reader.read_files({path: text.encode() for path, text in crowd.course_files(slug, title).items()})
        assert read.course is not None and not read.errors, [str(problem) for problem in read.problems]
        with clock.at(began):
            prepared = importer.prepare(read.course)
            importer.keep(prepared, blobs)
            with writing(sessions) as db:
                done = importer.publish(
                    db, SYSTEM, prepared, blobs=blobs, note="Pirmasis leidimas.", owner_id=country.root.id
                )
                outline = catalog.outline(db, done.version_id)
        country.offers.append(Offer(done.course_id, done.version_id, tuple(sorted(outline.needed))))


def _duties(db: Session, country: Country, now: datetime) -> None:
    """Each municipality requires the same courses of everybody, each by a day of its own."""
    assigned = clock.today()
    for number, municipality in enumerate(country.municipalities):
        found = []
        for place in range(REQUIRED):
            due_on = (now + timedelta(days=(number * 7 + place * 31) % 121 - 60)).astimezone(clock.LOCAL).date()
            rule = queries.simple(country.offers[place].course_id, municipality.id, due_on, reason=crowd.REASON)
            due = dates.first_due(rule.due, Service(assigned))
            card = requirements.set_rule(db, SYSTEM, rule=rule)
            steps = steps_to_json(due.steps)
            found.append(
                Duty(
                    card.requirement_id,
                    course_subject(country.offers[place].course_id),
                    place,
                    due.on,
                    steps,
                    assigned,
                    clock.now(),
                )
            )
        country.duties.append(found)


def _named(db: Session, country: Country, password: str, domain: str) -> None:
    """Somebody to look at the country as: an administrator, the manager of a municipality, and a learner."""
    first = country.municipalities[0]
    for login, given, family, role, place in (
        ("admin", "Simona", "Stankevičiūtė", Role.ADMINISTRATOR, country.root),
        ("daiva", "Daiva", "Jankauskienė", Role.MANAGER, first),
        ("rasa", "Rasa", "Petrauskienė", None, first),
    ):
        card = accounts.create(
            db,
            SYSTEM,
            organisation=first,
            given_name=given,
            family_name=family,
            email=f"{login}@{domain}",
            password=password,
        )
        if role is not None:
            accounts.give_grant(db, SYSTEM, person=card, role=role, organisation=place)


def _write(db: Session, rows: Rows) -> None:
    for name in ("people", "person_words", "posts", "enrolments", "evidence", "progress", "assignments", "periods"):
        write_rows(db, _table(name), rows.of[name])


def _count(db: Session, cells: Counter[crowd.Cell]) -> None:
    names = ("organisation_id", "course_id", "state", "required", "due_on", "number")
    table = _table("completion_counts")
    found = {row[:-1]: row[-1] for row in db.execute(select(*(table.c[name] for name in names)))}
    assert not found, "the country is counted once"
    said: list[dict[str, Any]] = [dict(zip(names, (*cell, number), strict=True)) for cell, number in cells.items()]
    for start in range(0, len(said), 5000):
        db.execute(insert(table), said[start : start + 5000])
    learning.retotal(db)
    learning.recount(db)
