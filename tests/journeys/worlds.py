"""Worlds of exact size for the journeys whose numbers are known beforehand: nobody in them but who is counted."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.catalog import queries as catalog
from app.demo.places import DRUSKININKAI, UTENA, Place
from app.kit import clock
from app.kit.actor import SYSTEM, Role
from app.kit.blobs import Blobs
from app.learning import actions as learning
from app.learning.actions import PastEvent, PastRun
from app.learning.rules import Kind
from app.organisations.models import Organisation
from app.requirements import actions as requirements
from tests import factories
from tests.journeys.visit import Visit

DOMAIN = "demo.klasteris.example"
GDPR, CYBER = "bdar-pagrindai", "kibernetine-higiena"
UTENA_CODE, LIBRARY, CONTROL = "utenos-r-sav", "utenos-biblioteka", "utenos-kontrole"
DRUSKININKAI_CODE = "druskininku-sav"
ON_LEAVE = 12  # of the administration of Utena, besides the 408 who are at work
LATE = {"utenos-r-administracija": 29, "utenos-pspc": 19, "utenos-globos-namai": 2, LIBRARY: 11}  # 61 of them, not 347
CYBER_SIZES = (120, 60, 44, 34, 10)  # of Druskininkai, 268 together
SIMONA = ("admin", "Simona", "Stankevičiūtė", "lietuva", Role.ADMINISTRATOR, "lietuva")


@dataclass
class World:
    """A municipality with its people by institution, those with a name last; `named` are those a visitor may be."""

    place: Organisation
    institutions: dict[str, Organisation] = field(default_factory=dict)
    staff: dict[str, list[Person]] = field(default_factory=dict)
    named: dict[str, Person] = field(default_factory=dict)

    @property
    def people(self) -> list[Person]:
        return [person for staff in self.staff.values() for person in staff]

    @property
    def on_leave(self) -> list[Person]:
        return self.people[:ON_LEAVE]

    @property
    def late(self) -> list[Person]:
        """Those of Utena who will not have done it in time: the first of their institutions, behind those on leave."""
        away = {one.id for one in self.on_leave}
        at_work = {code: [one for one in staff if one.id not in away] for code, staff in self.staff.items()}
        return [person for code, number in LATE.items() for person in at_work[code][:number]]

    @property
    def in_time(self) -> list[Person]:
        left = {one.id for one in (*self.on_leave, *self.late)}
        return [one for one in self.people if one.id not in left]


def of_utena(db: Session, blobs: Blobs) -> World:
    """420 people in 17 institutions; the first twelve of the administration are on leave, the library has 31, the control
    service four. Daiva manages them all, Vytautas reads their numbers, Aušra manages the library."""
    sizes = [one.people + sum(people for _code, _name, people in one.units) for one in UTENA]
    sizes[0] += ON_LEAVE
    office = UTENA[0].code
    named = (
        ("daiva", "Daiva", "Jankauskienė", office, Role.MANAGER, UTENA_CODE),
        ("vytautas", "Vytautas", "Žilinskas", office, Role.ANALYST, UTENA_CODE),
        ("rasa", "Rasa", "Petrauskienė", office, None, ""),
        ("ausra", "Aušra", "Kavaliauskienė", LIBRARY, Role.MANAGER, LIBRARY),
    )
    world = _world(db, UTENA_CODE, "Utenos rajono savivaldybė", zip(UTENA, sizes, strict=True), named)
    factories.a_course(db, blobs, GDPR, pages=1, questions=0, title="BDAR pagrindai", lang="lt")
    return world


def of_druskininkai(db: Session, blobs: Blobs) -> World:
    """268 people in five institutions. Mindaugas, in charge of data protection and cyber security, manages them all."""
    # He comes in by the button that the demonstration has for whoever manages a municipality.
    named = (("daiva", "Mindaugas", "Kazlauskas", DRUSKININKAI[0].code, Role.MANAGER, DRUSKININKAI_CODE),)
    places = zip(DRUSKININKAI, CYBER_SIZES, strict=True)
    world = _world(db, DRUSKININKAI_CODE, "Druskininkų savivaldybė", places, named)
    factories.a_course(db, blobs, CYBER, pages=1, questions=0, title="Kibernetinė higiena darbe", lang="lt")
    return world


Named = tuple[str, str, str, str, Role | None, str]  # login, names, where they work, what they hold and where


def _world(db: Session, code: str, name: str, places: Iterable[tuple[Place, int]], named: tuple[Named, ...]) -> World:
    root = factories.an_organisation(db, "Lietuva", code="lietuva")
    world = World(factories.an_organisation(db, name, parent=root, code=code))
    sized = [(factories.an_organisation(db, one.name, parent=world.place, code=one.code), size) for one, size in places]
    at = {one.code: one for one in (root, world.place, *(place for place, _size in sized))}
    # Simona administers the platform and works in none of the places that are counted.
    for login, given, family, works, role, held in (*named, SIMONA):
        world.named[login] = factories.a_person(
            db, at[works], roles=[role] if role else [], at=at.get(held), given_name=given, family_name=family,
            email=f"{login}@{DOMAIN}",
        )  # fmt: skip
    for n, (place, size) in enumerate(sized):
        known = [one for one in world.named.values() if one.organisation_id == place.id]
        world.institutions[place.code] = place
        world.staff[place.code] = [
            *(
                factories.a_person(db, place, given_name="Vardas", family_name=f"A{_letters(n)}{_letters(number)}aitė")
                for number in range(size - len(known))
            ),
            *known,
        ]
    return world


def _letters(number: int) -> str:
    """A number in letters: figures in names would look like the figures of a page."""
    return chr(ord("b") + number // 20) + chr(ord("b") + number % 20)


def complete(db: Session, people: Iterable[Person], slug: str, at: datetime) -> None:
    """They read every page of the course at that moment: evidence as it would be taken over from another system."""
    course = catalog.course_by_slug(db, slug)
    assert course is not None and course.version_id is not None
    outline = catalog.outline(db, course.version_id)
    read = (
        *(PastEvent(Kind.PAGE_FINISHED, at, page.id) for page in outline.pages),
        PastEvent(Kind.COURSE_COMPLETED, at),
    )
    runs = [
        PastRun(one.id, course.id, one.organisation_id or 0, 1, course.version_id, at - timedelta(hours=1), read)
        for one in people
    ]
    learning.take_over(db, SYSTEM, runs)
    learning.rebuild(db)
    requirements.settle(db)


@contextmanager
def on(day: str) -> Iterator[None]:
    """The morning of a day, for everybody."""
    with clock.everywhere_at(datetime.fromisoformat(f"{day}T06:30").replace(tzinfo=UTC)):
        yield


def sheets(workbook: bytes) -> list[list[list[Any]]]:
    """The rows of each sheet of a workbook that was taken away; the first says what it is about."""
    read = openpyxl.load_workbook(io.BytesIO(workbook))
    return [[list(row) for row in one.iter_rows(values_only=True)] for one in read]


def rows(workbook: bytes) -> list[list[Any]]:
    """The rows of the first sheet that holds more than what it is about."""
    return next(iter(sheets(workbook)[1:2] or sheets(workbook)))


def figure(visit: Visit, term: str) -> str:
    """A big number of a page with what it is of and what it says."""
    said = visit.page.locator("dl.figures > div").filter(has=visit.page.get_by_text(visit.say(term), exact=True))
    return " ".join(said.locator("dd").first.inner_text().split())
