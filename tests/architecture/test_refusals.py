"""What is hidden, what a form may not name, and what comes from elsewhere: refused alike, without a word or a trace."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import pytest
from httpx import Response
from starlette.testclient import TestClient

from app.web.policy import Policy
from tests.architecture import outcomes
from tests.architecture.outcomes import ABSENT, ADMITTED
from tests.architecture.requests import (
    Body,
    Target,
    absent_address,
    address_of,
    ask,
    body_for,
    hidden_address,
    target,
)
from tests.architecture.responses import runs_something, told_of_others
from tests.architecture.world import ACTORS, World, course_with_everything, zipped

Case = tuple[str, Policy, str, str]
CASES = outcomes.cases()


def _outcome(case: Case, actor: str) -> outcomes.Outcome:
    method, policy, route, whose = case
    return outcomes.outcome(policy, method, route, whose, actor)


HIDDEN = [
    case for case in CASES if case[3] in ("near", "other") and ABSENT in {_outcome(case, actor) for actor in ACTORS}
]
OF_COURSES = [case for case in CASES if "{slug}" in case[2] and case[3] == "other"]
UNSAFE = [case for case in CASES if case[0] not in ("GET", "HEAD", "OPTIONS") and case[3] in ("own", "any")]


def _named(case: Case) -> str:
    method, _policy, route, whose = case
    return f"{method} {route} {whose}"


@pytest.fixture
def fresh(world: World) -> World:
    world.snapshot.restore()
    return world


def _said(response: Response, address: str) -> tuple[int, dict[str, str], str]:
    """An answer without what the asker said: its address, and the number of the request."""
    request_id = response.headers["x-request-id"]
    heads = {name: value for name, value in response.headers.items() if name not in ("x-request-id", "content-length")}
    body = response.text.replace(request_id, "…")
    path = address.split("?")[0]
    for one in (quote(address, safe=""), quote(path, safe=""), address, path):
        body = body.replace(one, "…")
    return response.status_code, heads, body


@pytest.mark.parametrize("case", HIDDEN, ids=_named)
def test_what_is_somebody_elses_answers_as_what_is_not_there(fresh: World, client: TestClient, case: Case) -> None:
    method, _policy, route, whose = case
    for actor in ACTORS:
        if _outcome(case, actor) is not ABSENT:
            continue
        at = target(fresh, actor, whose)
        there, nowhere = address_of(route, at), absent_address(route, at)
        assert there != nowhere
        hidden = ask(client, method, route, fresh, actor, at, address=there)
        absent = ask(client, method, route, fresh, actor, at, address=nowhere)
        assert absent.status_code == 404, actor
        assert _said(hidden, there) == _said(absent, nowhere), actor


@pytest.mark.parametrize("case", OF_COURSES, ids=_named)
def test_a_withdrawn_course_answers_as_one_that_is_not_there(fresh: World, client: TestClient, case: Case) -> None:
    """Whoever is not in it must not learn that it was ever made."""
    method, policy, route, whose = case
    for actor in ACTORS:
        if actor not in ADMITTED[policy]:
            continue
        at = target(fresh, actor, whose)
        there, nowhere = hidden_address(route, fresh.other), absent_address(route, at)
        hidden = ask(client, method, route, fresh, actor, at, address=there)
        absent = ask(client, method, route, fresh, actor, at, address=nowhere)
        assert hidden.status_code == 404, actor
        assert _said(hidden, there) == _said(absent, nowhere), actor
    assert not fresh.snapshot.written


@dataclass(frozen=True)
class Reach:
    """A form sent to one's own address that names something of the other municipality."""

    actor: str
    method: str
    route: str
    fields: dict[str, str]


def _tomorrow() -> dict[str, str]:
    return {"day": "2099-01-01", "time": "10:00"}


def _reaches(world: World) -> list[Reach]:
    other, own = world.other, world.own
    person = {"given_name": "Nauja", "family_name": "Pavardė", "email": "nauja@example.test", "lang": "lt"}
    place = {"parent": other.town.code, "code": "new-one", "name": "New", "kind": "institution", "sector": "public"}
    due = {"course": own.course, "due_on": "2099-01-01"}
    stranger = other.people[0]
    assert stranger.email is not None and own.people[0].email is not None
    return [
        Reach("administrator", "POST", "/admin/organisations", place),
        Reach("administrator", "POST", "/admin/organisations/{code}/move", {"organisation": other.museum.code}),
        Reach("administrator", "POST", "/admin/people", {**person, "organisation": other.library.code}),
        Reach("administrator", "POST", "/admin/people", {**person, "organisation": own.library.code, "email": stranger.email}),
        Reach("administrator", "POST", "/admin/people/{key}/edit", {**person, "email": stranger.email}),
        Reach("administrator", "POST", "/admin/people/{key}/move", {"organisation": other.library.code}),
        Reach("administrator", "POST", "/admin/people/{key}/grants", {"role": "manager", "organisation": other.town.code}),
        Reach("administrator", "POST", "/admin/people/{key}/grants", {"role": "manager", "organisation": world.country.code}),
        Reach(
            "administrator", "POST", "/admin/grants",
            {"email": own.people[0].email, "role": "manager", "organisation": other.town.code},
        ),
        Reach(
            "administrator", "POST", "/admin/grants",
            {"email": stranger.email, "role": "manager", "organisation": own.town.code},
        ),
        Reach("manager", "POST", "/managing/assignments/new", {**due, "organisation": other.library.code, "action": "save"}),
        Reach("manager", "POST", "/managing/assignments/new", {**due, "organisation": world.country.code, "action": "save"}),
        Reach("manager", "POST", "/managing/assignments/new", {**due, "organisation": other.library.code, "action": "check"}),
        Reach(
            "manager", "POST", "/managing/assignments/new",
            {**due, "course": other.hidden, "organisation": own.library.code, "action": "save"},
        ),
        *(
            Reach(actor, "POST", "/groups/new", {"course": own.course, "organisation": place.code, **_tomorrow()})
            for actor, place in (("trainer", other.library), ("manager", other.library), ("manager", world.country))
        ),
        Reach("trainer", "POST", "/groups/new", {"course": other.course, "organisation": own.library.code, **_tomorrow()}),
        Reach("manager", "POST", "/groups/{key}/people", {"action": "here", "who": stranger.key}),
        Reach("manager", "POST", "/groups/{key}/people", {"action": "add", "person": stranger.email}),
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(20))
def test_a_form_cannot_name_what_is_another_municipalitys(fresh: World, client: TestClient, number: int) -> None:
    """Both ends are checked: whose thing is changed, and where it would go."""
    reaches = _reaches(fresh)
    assert len(reaches) == 20
    reach = reaches[number]
    at = Target(fresh.own, fresh.own.members[reach.actor])
    response = ask(client, reach.method, reach.route, fresh, reach.actor, at, body=Body(dict(reach.fields)))
    assert 400 <= response.status_code < 500, response.status_code
    changed = fresh.snapshot.changed() if fresh.snapshot.written else []
    assert set(changed) <= {"throttles"}, "wrong tries are counted, and nothing else is kept"
    assert not told_of_others(fresh, reach.actor, reach.route, response, *reach.fields.values())


@pytest.mark.parametrize("owner", ["other", "own"])
def test_a_course_cannot_be_published_over_another_municipalitys(fresh: World, client: TestClient, owner: str) -> None:
    """Neither under their name, nor under the id of a course that is theirs."""
    slug = "brand-new" if owner == "other" else fresh.other.course
    place = fresh.other.town.code if owner == "other" else fresh.own.town.code
    data = zipped(course_with_everything(slug, place))
    at = target(fresh, "trainer", "own")
    response = ask(client, "POST", "/api/v1/courses", fresh, "trainer", at, body=Body(content=data))
    assert 400 <= response.status_code < 500, response.text
    assert not fresh.snapshot.changed()
    kept = ask(
        client, "POST", "/teaching/uploads", fresh, "trainer", at, body=Body(files={"file": ("course.zip", data)})
    )
    shown = kept.headers["location"]
    publish = ask(client, "POST", "/teaching/uploads/{key}/publish", fresh, "trainer", at, address=f"{shown}/publish")
    assert 400 <= publish.status_code < 500, publish.headers
    assert set(fresh.snapshot.changed()) <= {"uploads", "audit"}


QUERIES = (
    ("administrator", "/admin/people?q={mark}"),
    ("administrator", "/admin/people?organisation={place}"),
    ("administrator", "/admin/people?q={email}&state=active"),
    ("administrator", "/admin/people/new?organisation={place}"),
    ("administrator", "/admin/organisations?q={mark}"),
    ("administrator", "/admin/audit?who={mark}"),
    ("administrator", "/admin/audit?action=person.created"),
    ("administrator", "/admin/grants?role=manager"),
    ("manager", "/managing/assignments/new?organisation={place}&course={course}"),
    ("manager", "/managing/organisations/{own}?q={mark}"),
    ("manager", "/managing/organisations/{own}?person={key}&course={course}"),
    ("analyst", "/managing/organisations/{own}?q={mark}"),
    ("learner", "/catalogue?q={mark}"),
    ("trainer", "/catalogue?q={email}"),
)


@pytest.mark.parametrize(("actor", "address"), QUERIES)
def test_a_search_finds_nobody_of_another_municipality(
    fresh: World, client: TestClient, actor: str, address: str
) -> None:
    """What was typed may stand in the field again; what it would find may not."""
    stranger = fresh.other.people[0]
    words = {
        "mark": fresh.other.mark[:4],
        "email": stranger.email or "",
        "key": stranger.key,
        "place": fresh.other.library.code,
        "course": fresh.other.course,
        "own": fresh.own.town.code,
    }
    asked = address.format(**words)
    response = ask(client, "GET", address, fresh, actor, target(fresh, actor, "own"), address=asked)
    assert response.status_code in (200, 404)
    assert not told_of_others(fresh, actor, address, response, asked, stranger.email or "", stranger.key)


FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://elsewhere.example"},
    {},
)


@pytest.mark.parametrize("case", UNSAFE, ids=_named)
def test_a_form_from_another_site_is_refused_before_anything_else(fresh: World, client: TestClient, case: Case) -> None:
    method, _policy, route, whose = case
    member = fresh.own.members["administrator"]
    at = target(fresh, "administrator", whose)
    body = body_for(method, route, fresh, "administrator", at)
    client.cookies.clear()
    client.cookies.set("klasteris", member.cookie)
    for heads in FOREIGN:
        response = client.request(
            method,
            address_of(route, at),
            data=body.data or None,
            files=body.files,
            json=body.json,
            content=body.content,
            headers=heads,
        )
        assert response.status_code == 403, (heads, response.status_code)
        assert not runs_something(response)
    assert not fresh.snapshot.written
