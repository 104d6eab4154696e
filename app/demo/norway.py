"""A partner in Norway: a municipality that does not exist, with two institutions and twelve people, by its own calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.catalog import queries as catalog
from app.demo import history
from app.groups import actions as groups
from app.kit import clock
from app.kit.actor import SYSTEM, Actor
from app.kit.database import Sessions, reading, writing
from app.organisations import actions as organisations
from app.organisations.rules import Kind
from app.requirements import actions as requirements
from app.requirements import rules
from app.requirements.rules import Due, DueKind, Rule, Terms, What, WhatKind
from app.requirements.rules.calendar import add_working_days

if TYPE_CHECKING:
    from app.demo.world import Named, World

KOMMUNE, LIBRARY, CARE = "fjordvik-kommune", "fjordvik-bibliotek", "fjordvik-omsorgssenter"
COURSE = history.FIRST_STEPS  # which is written in Norwegian, too
REASON = "Kommunen er partner i prosjektet om sosiale klynger, og alle skal kunne finne fram i Klasteris."


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of those whom no visitor is."""

    given: str
    family: str
    place: str
    job_title: str


STAFF = (
    Somebody("Håkon", "Bakke", KOMMUNE, "arkivleder"),
    Somebody("Marte", "Nygård", KOMMUNE, "personvernombud"),
    Somebody("Solveig", "Haugen", LIBRARY, "biblioteksjef"),
    Somebody("Eirik", "Dahl", LIBRARY, "bibliotekar"),
    Somebody("Anne", "Kristoffersen", LIBRARY, "barnebibliotekar"),
    Somebody("Lars", "Moen", CARE, "enhetsleder"),
    Somebody("Sigrid", "Aasen", CARE, "sykepleier"),
    Somebody("Jonas", "Berge", CARE, "helsefagarbeider"),
    Somebody("Liv", "Strand", CARE, "vernepleier"),
    Somebody("Per", "Fossum", CARE, "kokk"),
)


def build(
    sessions: Sessions, world: World, named: tuple[Named, ...], *, domain: str, stored: str, now: datetime
) -> None:
    """What a visitor finds there: a rule whose dates leave out Norwegian holidays, somebody who has begun, somebody who
    is done, and a group session ahead. `named` are those whom a visitor may be."""
    with clock.at(now - timedelta(days=300)), writing(sessions) as db:
        _places(db, world)
        for one in named:
            _person(db, world, one.given, one.family, one.place, one.job_title, f"{one.login}@{domain}", stored)
            world.named[one.login] = world.staff[one.place][-1]
            if one.role is not None:
                card, place = world.named[one.login], world.places[one.at]
                accounts.give_grant(db, SYSTEM, person=card, role=one.role, organisation=place)
        for some in STAFF:
            # The kitchen has no addresses: Per gets his slips on paper.
            address = f"{some.given}.{some.family}@{domain}".lower() if some.job_title != "kokk" else None
            _person(db, world, some.given, some.family, some.place, some.job_title, _plain(address), stored)
    with reading(sessions) as db:
        ingrid = people.actor_of(db, world.named["ingrid"].id)
    assert ingrid is not None
    with clock.at(now - timedelta(days=9)), writing(sessions) as db:
        _require(db, ingrid, world)
    world.named["solveig"] = next(one for one in world.staff[LIBRARY] if one.given_name == "Solveig")
    history.take(sessions, world, "solveig", COURSE, now - timedelta(days=30), share=1.0)
    history.take(sessions, world, "magnus", COURSE, now - timedelta(days=4), share=0.4)
    _meet(sessions, world, ingrid)


def _plain(address: str | None) -> str | None:
    return address.replace("å", "a").replace("ø", "o") if address is not None else None


def _places(db: Session, world: World) -> None:
    root = world.places["lietuva"]
    partner = organisations.create(
        db, SYSTEM, parent=root, code=KOMMUNE, name="Fjordvik kommune", name_en="Fjordvik Municipality",
        name_nb="Fjordvik kommune", kind=Kind.PARTNER, country="NO",
    )  # fmt: skip
    world.places[KOMMUNE] = partner
    for code, name, name_en in (
        (LIBRARY, "Fjordvik bibliotek", "Fjordvik Public Library"),
        (CARE, "Fjordvik omsorgssenter", "Fjordvik Care Centre"),
    ):
        world.places[code] = organisations.create(
            db, SYSTEM, parent=partner, code=code, name=name, name_en=name_en, name_nb=name, kind=Kind.INSTITUTION
        )


def _person(
    db: Session, world: World, given: str, family: str, place: str, job_title: str, email: str | None, stored: str
) -> None:
    number = f"N{sum(len(world.staff.get(code, ())) for code in (KOMMUNE, LIBRARY, CARE)) + 1:02d}"
    card = accounts.create(
        db, SYSTEM, organisation=world.places[place], given_name=given, family_name=family, email=email,
        staff_number=number, job_title=job_title, lang="nb", password=stored,
    )  # fmt: skip
    world.staff.setdefault(place, []).append(card)


def _require(db: Session, ingrid: Actor, world: World) -> None:
    """The first steps within thirty working days, as Norway counts them."""
    course, place = catalog.course_by_slug(db, COURSE), world.places[KOMMUNE]
    assert course is not None
    rule = Rule(
        what=What(WhatKind.COURSE, course.id),
        organisation_id=place.id,
        audience=rules.everybody_at(place.id),
        due=Due(DueKind.REACHED, days=30, working=True),
        terms=Terms(valid_months=24, window_days=60),
        reason=REASON,
    )
    requirements.set_rule(db, ingrid, rule=rule)


def _meet(sessions: Sessions, world: World, ingrid: Actor) -> None:
    """The library watches the course together on the fifth working day from today."""
    with reading(sessions) as db:
        course = catalog.course_by_slug(db, COURSE)
    assert course is not None
    day = add_working_days(clock.today(), 5, "NO")
    with clock.at(datetime.combine(clock.today() - timedelta(days=2), time(13), clock.LOCAL)), writing(sessions) as db:
        groups.plan(
            db, ingrid, course=course, place=world.places[LIBRARY], room="Lesesalen",
            starts_at=datetime.combine(day, time(10), clock.LOCAL), expected=world.staff[LIBRARY], key="planned-in-fjordvik",
        )  # fmt: skip
