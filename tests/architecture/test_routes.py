"""Every address × every actor × whose things: who comes in, who is told what, and that a refusal changes nothing."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from httpx import Response
from sqlalchemy import select, update
from starlette.testclient import TestClient

from app.accounts.models import Person
from app.kit.database import writing
from app.organisations.models import Organisation
from app.web.policy import Policy, policy_of
from tests.architecture import outcomes
from tests.architecture.outcomes import OPEN, SIGN_IN, SILENT
from tests.architecture.requests import Target, address_of, ask, routes_of, target
from tests.architecture.responses import came_to, everything_in, runs_something, told_of_others
from tests.architecture.world import ACTORS, World
from tests.databases import DATABASE

CASES = outcomes.cases()


def _named(case: tuple[str, Policy, str, str]) -> str:
    method, _policy, route, whose = case
    return f"{method} {route} {whose}"


@pytest.fixture
def fresh(world: World) -> World:
    world.snapshot.restore()
    return world


def test_every_address_is_written_down(world: World) -> None:
    """A new address is added to the list with its policy; one that was there stays, if only as a redirect."""
    there = {(method, policy_of(route), route.path) for method, route in routes_of(world.app)}
    listed = set(outcomes.addresses())
    missing = [f"{method:<6} {policy or '-':<12} {path}" for method, policy, path in sorted(there - listed, key=str)]
    gone = [f"{method} {path}" for method, _, path in listed - there]
    assert not missing, f"write into {outcomes.ADDRESSES.name}:\n" + "\n".join(missing)
    assert not gone, f"gone, or with another policy; answer them with a redirect: {sorted(gone)}"


def test_an_area_admits_only_those_who_work_there() -> None:
    wrong = []
    for method, policy, route in outcomes.addresses():
        area = next((name for name in outcomes.AREAS if route == name or route.startswith(f"{name}/")), None)
        fits = policy in outcomes.AREAS[area] if area else policy is not Policy.PUBLIC or route in outcomes.PUBLIC
        wrong += [] if fits else [f"{method} {route} is {policy}"]
    assert not wrong


def test_every_exception_is_about_an_address_there_is() -> None:
    there = {(whose, f"{method} {route}") for method, _policy, route, whose in CASES}
    assert not set(outcomes.EXCEPTIONS) - there
    assert not set(outcomes.PUBLIC) - {route for _method, _policy, route, _whose in CASES}
    assert not outcomes.KEEPS_NOTHING - {address for _whose, address in there}


@pytest.mark.parametrize("case", CASES, ids=_named)
def test_a_request_comes_to_what_the_table_says(
    fresh: World, client: TestClient, case: tuple[str, Policy, str, str]
) -> None:
    method, policy, route, whose = case
    world, effects = fresh, 0
    wrong: list[str] = []
    files = _files(world)
    by_outcome = sorted(ACTORS, key=lambda actor: outcomes.outcome(policy, method, route, whose, actor) is OPEN)
    if DATABASE == "postgresql":  # one actor for each outcome: SQLite has seen them all
        by_outcome = list(
            {outcomes.outcome(policy, method, route, whose, actor): actor for actor in by_outcome}.values()
        )
    for actor in by_outcome:  # those who are refused first: after them everything must be as it was
        expected = outcomes.outcome(policy, method, route, whose, actor)
        if expected is OPEN:
            world.snapshot.restore()
        at = target(world, actor, whose)
        response = ask(client, method, route, world, actor, at)
        came = came_to(response)
        if came is not (OPEN if expected is SILENT else expected):
            wrong.append(f"{actor}: {came} ({response.status_code}), not {expected}")
        if expected is SIGN_IN:
            wrong += [f"{actor}: {said}" for said in _badly_sent_to_sign_in(method, route, at, response)]
        if expected is not OPEN and world.snapshot.written:
            if changed := world.snapshot.changed():
                wrong.append(f"{actor}: {expected}, and yet {changed} changed")
            world.snapshot.restore()
        effects += bool(world.snapshot.written)
        asked = address_of(route, at)
        wrong += [f"{actor}: told of {what}" for what in told_of_others(world, actor, route, response, asked)]
        wrong += [f"{actor}: would run {what}" for what in runs_something(response)]
        if expected is not OPEN and _files(world) != files:
            wrong.append(f"{actor}: {expected}, and yet a file was kept")
            files = _files(world)
    if method == "GET" and effects:
        wrong.append("a GET has written")
    assert not wrong, "\n".join(wrong)


# Where what a place is called is changed, every name it has is shown.
SHOWS_EVERY_NAME = {"/admin/organisations/{code}"}


def test_readers_of_norwegian_meet_no_lithuanian_name_of_a_place(fresh: World, client: TestClient) -> None:
    """Pages, exports and the API alike, of every place that has a Norwegian name."""
    with writing(fresh.sessions) as db:
        for place in db.scalars(select(Organisation)):
            place.name, place.name_nb = f"Vietovė{place.id}", f"Sted{place.id}"
        db.execute(update(Person).values(lang="nb"))
    wrong, met = [], set()
    for method, policy, route, whose in CASES:
        if method != "GET" or whose == "other" or route in SHOWS_EVERY_NAME:
            continue
        for actor in ("administrator", "learner"):
            if outcomes.outcome(policy, method, route, whose, actor) is not OPEN:
                continue
            answer = ask(
                client, method, route, fresh, actor, target(fresh, actor, whose), lang="nb", accept_language="nb"
            )
            said = everything_in(answer)
            if at := said.find("vietovė") + 1:
                wrong.append(f"{actor} {route}: …{said[max(0, at - 60) : at + 20]}…")
            if "sted" in said:
                met.add(route)
    assert not wrong, "\n".join(wrong)
    assert len(met) >= 50, met


def _files(world: World) -> set[str]:
    return {str(path) for path in world.app.state.blobs.folder.rglob("*") if path.is_file()}


def _badly_sent_to_sign_in(method: str, route: str, at: Target, response: Response) -> list[str]:
    """A reader is brought back after signing in; a form is kept; a program is told what to send."""
    if route.startswith("/api/"):
        return [] if response.headers.get("www-authenticate") == "Bearer" else ["no word on tokens"]
    if method in ("GET", "HEAD"):
        there = f"/sign-in?next={quote(address_of(route, at), safe='')}"
        return [] if response.headers["location"] == there else [f"sent to {response.headers['location']}"]
    return [] if response.status_code == 401 and 'action="/sign-in"' in response.text else ["no form to sign in with"]


def test_every_form_that_is_let_through_does_something(fresh: World, client: TestClient) -> None:
    """Else the refusals above would be refusals of nothing."""
    idle = []
    for method, policy, route in outcomes.addresses():
        if method in ("GET", "HEAD", "OPTIONS") or f"{method} {route}" in outcomes.KEEPS_NOTHING:
            continue
        scopes = [whose for m, _p, r, whose in CASES if (m, r) == (method, route)]
        tried = [
            (actor, whose)
            for whose in scopes
            for actor in ("learner", "trainer", "manager", "administrator", "anonymous")
            if outcomes.outcome(policy, method, route, whose, actor) is OPEN
        ]
        if not tried:  # what only the demonstration answers
            continue
        for actor, whose in tried:
            fresh.snapshot.restore()
            ask(client, method, route, fresh, actor, target(fresh, actor, whose))
            if fresh.snapshot.written and fresh.snapshot.changed():
                break
        else:
            idle.append(f"{method} {route}")
    assert not idle
