"""Every text that a municipality has written for itself is found by its own people and by nobody of another."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from httpx import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from app.jobs import WORK
from app.kit import clock, mail
from app.kit.database import writing
from app.reporting.models import SavedView
from tests.architecture import outcomes
from tests.architecture.canaries import PRIVATE, plant, unclassified
from tests.architecture.outcomes import ADMITTED
from tests.architecture.requests import Body, address_of, ask, target
from tests.architecture.responses import everything_in, told_of_others
from tests.architecture.world import World

CASES = outcomes.cases()
# Of each kind of work those who come farthest, so that the crawl is short; `test_routes` sends everybody everywhere.
SEARCHED = ("/managing/certificates", "/admin/people", "/admin/audit", "/admin/grants", "/catalogue")
FAR = {"trainer", "manager", "analyst", "administrator"}
# Of these the rows of the world stand on no page that the crawl opens for their own people: behind a form that is
# sent, in a state that is shown elsewhere, or in a list of what has been dealt with. Nobody else may find them either.
UNSEEN = {
    "answer_saves.response",
    "certificates.reason",
    "evidence.data",
    "extensions.answer",
    "extra_attempts.reason",
    "incoming_files.name",
    "publications.error",
    "publications.filename",
    "group_members.told_room",
    "publications.note",
    "publications.title",
    "requirements.title",
    "review_comments.text",
    "reviews.answer",
    "reviews.filename",
}


@pytest.fixture(scope="module")
def canaries(world: World) -> dict[str, str]:
    """Column → the word that stands in it at the other municipality."""
    with writing(world.sessions) as db:
        words = plant(db, world.other)
    world.snapshot.rows = world.snapshot.now()
    world.snapshot.written.clear()
    return words


@pytest.fixture
def fresh(world: World, canaries: dict[str, str]) -> World:
    assert canaries
    world.snapshot.restore()
    return world


def test_every_column_with_words_says_whose_they_are(canaries: dict[str, str]) -> None:
    assert not unclassified(), "say in canaries.py whether it is private, for all, or the machine's"
    wanted = {f"{table}.{name}" for table, columns in PRIVATE.items() for name in columns}
    assert set(canaries) == wanted, "a private text of which the world has no row proves nothing"


def test_their_own_people_find_the_words_and_nobody_else(
    fresh: World, client: TestClient, canaries: dict[str, str]
) -> None:
    """Else nobody of the other side would find them either, however open the pages were."""
    theirs = replace(fresh, own=fresh.other, other=fresh.own)
    found: set[str] = set()
    wrong: list[str] = []
    for method, policy, route, whose in CASES:
        if method != "GET":
            continue
        for actor in ("learner", "trainer", "manager", "administrator"):
            if actor not in ADMITTED[policy]:
                continue
            at = target(fresh, actor, whose)
            answer = ask(client, method, route, fresh, actor, at)
            wrong += [
                f"{actor} {route}: {one}" for one in told_of_others(fresh, actor, route, answer, address_of(route, at))
            ]
            if whose != "other" and not route.startswith("/api") and len(found) < len(canaries):
                said = everything_in(ask(client, method, route, theirs, actor, target(theirs, actor, whose)))
                found |= {column for column, word in canaries.items() if word.lower() in said}
    assert not wrong, "\n".join(wrong)
    assert not set(canaries) - found - UNSEEN, "the crawl proves nothing of these"
    assert len(found) >= 20


def test_files_mails_and_refusals_say_nothing_of_others(fresh: World, client: TestClient) -> None:
    """What the crawl of all addresses does not ask for: each kind of file, forms sent empty, searches, and the views
    that are mailed, each as every role that comes so far."""
    wrong: list[str] = []

    def look(actor: str, route: str, response: Response, *typed: str) -> None:
        wrong.extend(f"{actor} {route}: {one}" for one in told_of_others(fresh, actor, route, response, *typed))

    for method, policy, route, whose in CASES:
        if whose == "other":
            continue
        for actor in FAR & ADMITTED[policy]:
            at = target(fresh, actor, whose)
            address = address_of(route, at)
            if "{kind}" in route:
                for kind in ("csv", "xlsx", "json", "html", "no-such"):
                    there = address.rpartition(".")[0] + f".{kind}"
                    look(actor, route, ask(client, method, route, fresh, actor, at, address=there), there)
            elif method == "POST" and route.endswith("/new"):
                look(actor, route, ask(client, method, route, fresh, actor, at, body=Body({"nothing": "x"})), address)
            elif method == "GET" and route in SEARCHED:
                there = f"{address}?q={fresh.other.mark}&who={fresh.other.mark}"
                look(actor, route, ask(client, method, route, fresh, actor, at, address=there), there, fresh.other.mark)
    fresh.snapshot.restore()
    with writing(fresh.sessions) as db:
        view = db.scalars(select(SavedView).where(SavedView.key == fresh.own.view)).one()
        for member in fresh.own.members.values():
            data = {"view_id": view.id, "person_id": member.person.id, "day": clock.today().isoformat()}
            WORK["views.send"](db, fresh.app.state.settings, data)
        mails = db.scalars(select(mail.Mail)).all()
        assert any(one.attachment for one in mails)
        for one in mails:
            said = f"{one.address} {one.subject} {one.text}".encode()
            if one.attachment:
                said += b"".join(_unpacked(fresh.app.state.blobs.get(one.attachment)))
            if one.person_id in {member.person.id for member in fresh.own.members.values()}:
                wrong += [f"a mail to {one.address}"] if fresh.other.mark.encode() in said else []
    fresh.snapshot.written.append("the mails")
    assert not wrong, "\n".join(wrong)


def _unpacked(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist()]
