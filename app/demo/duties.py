"""Duties of every kind: a certificate from elsewhere, a path, leave, an excuse, a question for more time, signatures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.queries import PersonCard
from app.accounts.rules import Asked
from app.catalog import queries as catalog
from app.kit import clock
from app.kit.actor import SYSTEM, Actor
from app.kit.database import Sessions, reading, writing
from app.kit.days import add_months
from app.learning.rules import Kind
from app.reporting import access as reporting_access
from app.reporting import actions as reporting
from app.reporting.rules.views import Cadence
from app.requirements import actions as requirements
from app.requirements import queries, rules
from app.requirements.actions import Credit
from app.requirements.rules import By, Condition, Due, DueKind, Item, Path, PathKind, Rule, Terms, What, WhatKind
from app.requirements.rules.templates import BY_ID

if TYPE_CHECKING:
    from app.demo.world import World

CERTIFICATE = "Viešojo pirkimo specialisto pažymėjimas"


def of_all_kinds(sessions: Sessions, world: World, now: datetime, *, base_url: str) -> None:
    """What Daiva has set and recorded lately, and what waits for her."""
    with reading(sessions) as db:
        daiva = people.actor_of(db, world.named["daiva"].id)
    assert daiva is not None
    with clock.at(now - timedelta(days=70)), writing(sessions) as db:
        _certificate(db, daiva, world)
        _path(db, daiva, world)
    with clock.at(now - timedelta(days=24)), writing(sessions) as db:
        asked = _about_data(db, world, Asked.CORRECTION, "Vasarį ištekėjau: pavardė jau kita.", base_url)
    with clock.at(now - timedelta(days=20)), writing(sessions) as db:
        _answered(db, world, asked, base_url)
        requirements.sign(db, daiva, place=world.places["utenos-r-sav"], other=world.places["druskininku-sav"])
        requirements.sign(db, SYSTEM, place=world.places["druskininku-sav"], other=world.places["utenos-r-sav"])
        requirements.sign(db, SYSTEM, place=world.places["birzu-r-sav"], other=world.places["utenos-r-sav"])
        _absences(db, daiva, world)
    with clock.at(now - timedelta(days=1)), writing(sessions) as db:
        requirements.settle_absences(db)
        requirements.renew(db)
        _asks(db, world)
        _about_data(db, world, Asked.ERASURE, "Prašau ištrinti mano senų pareigų pavadinimą.", base_url)
        _while_away(db, daiva, world)


def _certificate(db: Session, actor: Actor, world: World) -> None:
    """Who buys for the municipality has a certificate of the procurement office; half of them have shown it."""
    template = BY_ID["procurement"]
    buyers = world.staff["utenos-r-finansai"][:6]
    for person in buyers:
        requirements.tag(db, actor, person=person, tags=["pirkimai"])
    place = world.places["utenos-r-administracija"]
    rule = Rule(
        what=What(WhatKind.EXTERNAL, title=CERTIFICATE),
        organisation_id=place.id,
        audience=rules.narrowed(place.id, conditions=[Condition(By.TAG, "pirkimai")]),
        due=template.due,
        terms=template.terms,
        reason="Pirkimus vykdo tik tie, kurie turi galiojantį pažymėjimą.",
        legal_basis=template.legal_basis,
        template=template.id,
    )
    made = requirements.set_rule(db, actor, rule=rule)
    for number, person in enumerate(buyers[:3]):
        on = clock.today() - timedelta(days=40 + 100 * number)
        said = Credit(Kind.PROOF_ACCEPTED, on, f"VPT-{2000 + number}", add_months(on, 36))
        requirements.record_evidence(db, actor, person=person, subject=rules.subject(rule, made.key), said=said)


def _path(db: Session, actor: Actor, world: World) -> None:
    """Newcomers to the library choose two of the courses."""
    found = [head.id for head in catalog.courses(db) if head.live]
    if len(found) < 2:
        return
    place = world.places["utenos-biblioteka"]
    path = Path(PathKind.AT_LEAST, tuple(Item(one) for one in found), 2)
    rule = Rule(
        what=What(WhatKind.PATH, title="Bibliotekininko pagrindai", path=path),
        organisation_id=place.id,
        audience=rules.narrowed(place.id, conditions=[Condition(By.TITLE, "bibliotekinink")]),
        due=Due(DueKind.REACHED, days=120),
        terms=Terms(),
        reason="Kiekvienas pasirenka bent du kursus.",
    )
    requirements.set_rule(db, actor, rule=rule)


def _absences(db: Session, actor: Actor, world: World) -> None:
    today = clock.today()
    away = _waiting(db, world, "utenos-pspc", 3)
    for person in away[:2]:
        requirements.exempt(db, actor, people=[person], subject="", reason="Vaiko priežiūros atostogos")
    for person in away[2:]:
        requirements.give_leave(db, actor, person=person, since=today, until=today + timedelta(days=30))


def _waiting(db: Session, world: World, place: str, number: int) -> list[PersonCard]:
    """People there who have something to complete."""
    found = []
    for person in world.staff[place]:
        cards = queries.periods_of(db, person.id, clock.today())
        if any(card.period.met_on is None for card in cards):
            found.append(person)
    return found[:number]


def _about_data(db: Session, world: World, asked: Asked, text: str, base_url: str) -> str:
    """Somebody of the culture centre asks about her own data."""
    person = next(one for one in world.staff["utenos-kulturos-centras"] if one.email)
    actor = people.actor_of(db, person.id)
    assert actor is not None
    return accounts.ask_about_data(db, actor, asked=asked, text=text, base_url=base_url)


def _answered(db: Session, world: World, key: str, base_url: str) -> None:
    simona, request = people.actor_of(db, world.named["admin"].id), people.request_by_key(db, key)
    assert simona is not None and request is not None
    answer = "Pavardė paskyroje ištaisyta. Anksčiau išduoti pažymėjimai lieka su ankstesne."
    accounts.answer_request(db, simona, request=request, answer=answer, base_url=base_url)


def _asks(db: Session, world: World) -> None:
    """Somebody who has too much at once asks Daiva for more time."""
    for person in _waiting(db, world, "utenos-r-dokumentai", 1):
        actor = people.actor_of(db, person.id)
        card = next(one for one in queries.periods_of(db, person.id, clock.today()) if one.period.met_on is None)
        assert actor is not None
        requirements.ask_for_time(db, actor, period=card, reason="Iki mėnesio pabaigos rengiu biudžeto ataskaitą.")


def _while_away(db: Session, daiva: Actor, world: World) -> None:
    """Aušra goes on leave soon and has named a deputy; Daiva keeps a view that reaches her every Monday."""
    today = clock.today()
    ausra = people.actor_of(db, world.named["ausra"].id)
    deputy = next(one for one in world.staff["utenos-biblioteka"] if one.email and one.id != world.named["ausra"].id)
    assert ausra is not None and deputy.email is not None
    accounts.name_deputy(
        db, ausra, email=deputy.email, since=today + timedelta(days=13), until=today + timedelta(days=26)
    )
    key = reporting.save_view(
        db,
        daiva,
        place=world.places["utenos-r-sav"],
        name="Įstaigos pirmadienio rytui",
        filters={"sort": "overdue"},
        shared=True,
    )
    view = reporting_access.own_view(db, daiva, key)
    address = world.named["daiva"].email
    assert address is not None
    reporting.change_view(
        db,
        daiva,
        view=view,
        name=view.name,
        shared=True,
        columns=("completed", "assigned", "share", "overdue"),
        cadence=Cadence.WEEKLY,
        addresses=[address],
    )
