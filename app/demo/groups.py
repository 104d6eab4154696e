"""Two group sessions of the library: one that Aušra has held, with answers on paper, and one she has planned."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.queries import PersonCard
from app.assessment import access as attempts
from app.assessment import actions as assessment
from app.catalog import queries as catalog
from app.catalog.queries import CourseHead
from app.groups import actions, queries
from app.groups.queries import GroupCard
from app.kit import clock
from app.kit.actor import Actor
from app.kit.database import Sessions, reading, writing
from app.learning import queries as learners

if TYPE_CHECKING:
    from app.demo.world import World

HELD, PLANNED = "pirmieji-zingsniai", "bdar-pagrindai"
LIBRARY, ROOM = "utenos-biblioteka", "Didžioji skaitykla"
CAME = 6
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def hold(sessions: Sessions, world: World, now: datetime) -> None:
    """Nine days ago six people watched the first course together; in five days the next one comes."""
    with reading(sessions) as db:
        ausra = people.actor_of(db, world.named["ausra"].id)
        first, next_one = (catalog.course_by_slug(db, slug) for slug in (HELD, PLANNED))
    if ausra is None or first is None or next_one is None:
        return
    staff = [one for one in world.staff[LIBRARY] if one.id != ausra.id]
    day = datetime.combine(clock.today() - timedelta(days=9), time(10), clock.LOCAL)
    group = _watched(sessions, world, ausra, first, staff[: CAME + 1], day)
    _alone(sessions, ausra, group, staff[:CAME], day + timedelta(minutes=40))
    with clock.at(day + timedelta(minutes=70)), writing(sessions) as db:
        actions.end(db, ausra, group=group)
    # In the day hours, so that those who are expected have been told by today.
    planned = datetime.combine(clock.today() - timedelta(days=2), time(15), clock.LOCAL)
    with clock.at(planned), writing(sessions) as db:
        actions.plan(
            db,
            ausra,
            course=next_one,
            place=world.places[LIBRARY],
            starts_at=datetime.combine(clock.today() + timedelta(days=6), time(14), clock.LOCAL),
            room=ROOM,
            expected=staff[CAME : CAME + 8],
            key="planned-in-library",
        )


def _watched(
    sessions: Sessions, world: World, ausra: Actor, course: CourseHead, expected: list[PersonCard], at: datetime
) -> GroupCard:
    """Half come in with their phones and half are noted; one leaves before the end, and one never comes."""
    came = expected[:CAME]
    with clock.at(at - timedelta(days=6)), writing(sessions) as db:
        group = actions.plan(
            db, ausra, course=course, place=world.places[LIBRARY], starts_at=at, room=ROOM, expected=expected,
            key="held-in-library",
        )  # fmt: skip
    with clock.at(at), writing(sessions) as db:
        actions.open_session(db, ausra, group=group)
        for one in came[: CAME // 2]:
            actor = people.actor_of(db, one.id)
            assert actor is not None
            actions.join(db, actor, group=group)
        actions.mark_present(db, ausra, group=group, people=came[CAME // 2 :])
    with reading(sessions) as db:
        pages = queries.pages_of(queries.outline_of(db, queries.version_of(db, group)), group)
    for n, page in enumerate(pages):
        with clock.at(at + timedelta(minutes=4 + 4 * n)), writing(sessions) as db:
            if n == len(pages) - 1:
                actions.mark_away(db, ausra, group=group, people=came[:1])
            actions.watch(db, ausra, group=group, page=page.id)
    return group


def _alone(sessions: Sessions, ausra: Actor, group: GroupCard, came: list[PersonCard], at: datetime) -> None:
    """The first one had to go. Of the others two answer on their phones and the rest on paper; one sheet lies there still."""
    rng = random.Random(20251102)  # noqa: S311 - the same in every demo world
    with reading(sessions) as db:
        outline = queries.outline_of(db, queries.version_of(db, group))
    for quiz in (one.id for one in outline.quizzes if one.counts):
        with clock.at(at), writing(sessions) as db:
            for one in came[1 : CAME // 2]:
                _on_a_phone(db, one, group, quiz, rng)
            chosen = {one.id for one in came[CAME // 2 :]}
            roster = [one for one in queries.members(db, group.id) if one.person_id in chosen]
            actions.print_sheets(
                db, ausra, group=group, quiz=quiz, people=roster, seed=lambda: rng.getrandbits(32), code=lambda: "".join(rng.choices(LETTERS, k=6))
            )  # fmt: skip
        with clock.at(at + timedelta(minutes=20)), writing(sessions) as db:
            fresh = queries.group_by_key(db, group.key)
            assert fresh is not None
            for sheet in queries.sheets_at(db, group.id, quiz)[:-1]:
                bodies = catalog.revisions(db, [one.revision for one in sheet.asked])
                said = {one.question: _answered(bodies[one.revision].body, rng) for one in sheet.asked}
                actions.enter_sheet(db, ausra, group=fresh, sheet=sheet, responses=said)


def _on_a_phone(db: Session, one: PersonCard, group: GroupCard, quiz: str, rng: random.Random) -> None:
    actor, run = people.actor_of(db, one.id), learners.run_for(db, one.id, group.slug)
    assert actor is not None and run is not None
    key = assessment.start(db, actor, run=run, quiz=quiz, seed=rng.getrandbits(32))
    view = attempts.attempt_for(db, actor, key)
    bodies = catalog.revisions(db, [asked.revision for asked in view.asked])
    for asked in view.asked:
        response = _answered(bodies[asked.revision].body, rng)
        assessment.save(db, actor, attempt=view, question=asked.question, response=response, flagged=False)
    assessment.submit(db, actor, attempt=view)


def _answered(body: Mapping[str, Any], rng: random.Random) -> dict[str, object]:
    """The right choice, nine times of ten; what was to be typed is left empty."""
    if body["type"] not in ("single", "multiple", "truefalse"):
        return {}
    right = [one["id"] for one in body["options"] if one["fraction"] > 0]
    wrong = [one["id"] for one in body["options"] if one["fraction"] <= 0]
    return {"options": right if rng.random() < 0.9 or not wrong else wrong[:1]}
