"""Certificates of two years: issued as the courses were completed, superseded, expired, and one revoked."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from app.accounts import queries as people
from app.certificates import actions as certificates
from app.certificates import queries as issued
from app.certificates.rules import ALPHABET, KEY_CHARACTERS, State
from app.kit import clock
from app.kit.actor import SYSTEM
from app.kit.database import Sessions, reading, writing

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
