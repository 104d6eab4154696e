"""Certificates of two years, of which one is revoked, and an audit pack that Daiva has asked for."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.certificates import actions as certificates
from app.certificates import queries as issued
from app.certificates.rules import ALPHABET, KEY_CHARACTERS, State
from app.kit import clock
from app.kit.actor import SYSTEM, Actor
from app.kit.database import Sessions, reading, writing
from app.packs import access
from app.packs import actions as packs

if TYPE_CHECKING:
    from app.demo.world import World

WHY = "Testą už darbuotoją išlaikė kitas žmogus."


def certify(sessions: Sessions, world: World, now: datetime) -> None:
    """Month by month, so that the numbers are those of the year. The codes are the same in every demo world."""
    rng = random.Random(20241018)  # noqa: S311 - nothing here is secret

    def key() -> str:
        return "".join(rng.choice(ALPHABET) for _ in range(KEY_CHARACTERS))

    with reading(sessions) as db:
        found = issued.lacking(db)
    for _month, some in groupby(found, key=lambda one: f"{one.completed_on:%Y-%m}"):
        month = list(some)
        with clock.at(month[-1].completed_at), writing(sessions) as db:
            certificates.issue(db, SYSTEM, enrolment_ids=[one.enrolment_id for one in month], key=key)
    with clock.at(now - timedelta(days=2)), writing(sessions) as db:
        daiva = people.actor_of(db, world.named["daiva"].id)
        assert daiva is not None
        place = world.places["utenos-pspc"]
        cards, _total = issued.listed(db, issued.issued_by(place.id), limit=20)
        wrong = next((card for card in cards if card.state is State.VALID), None)
        if wrong is not None:
            certificates.revoke(db, daiva, certificate=wrong, reason=WHY)
        _pack(db, daiva, world)


def _pack(db: Session, daiva: Actor, world: World) -> None:
    """How the administration stands in the protection of personal data; made when the waiting work is done."""
    place = world.places["utenos-r-administracija"]
    asked = [one for one in access.requirements_of(db, daiva) if one.organisation_id == place.id and one.course_id]
    if asked:
        packs.ask(db, daiva, requirement=asked[0], unit=place, as_of=clock.today(), named=True)
