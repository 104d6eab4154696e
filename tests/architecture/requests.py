"""What is sent to each route: ids for its address, and a form that would do something if it were let through."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx import Response
from starlette.routing import Mount
from starlette.testclient import TestClient

from app.kit import clock
from tests import factories
from tests.architecture.world import PASSWORD, Member, Side, World, course_with_everything, zipped

PERSONAL = ("{attempt}", "{handed_in}", "{enrolment_id}", "{sign_in_id}", "{token_id}", "{upload}")
# Where a place is named after the question mark.
ASKED_IN = {"/admin/organisations/new": "?parent={code}"}
SCOPES = ("own", "near", "other")


def routes_of(app: FastAPI) -> list[tuple[str, str]]:
    """Every (method, path) that the application answers, files of the bundle aside."""
    found = []
    for one in app.routes:
        if isinstance(one, Mount):
            assert one.path == "/static/dist", one
            continue
        for route in one.original_router.routes:  # type: ignore[attr-defined]
            assert isinstance(route, APIRoute), route
            found += [(method, route.path) for method in sorted(route.methods)]
    return found


def named(template: str) -> str:
    """The route's address with `{key}` and `{code}` called what they are."""
    for prefix, name in (
        ("/teaching/uploads/{key}", "{upload}"),
        ("/attempts/{key}", "{attempt}"),
        ("/managing/assignments/{key}", "{requirement}"),
        ("/people/{key}", "{person}"),
    ):
        if prefix in template:
            return template.replace("{key}", name)
    return template


def scopes_of(template: str) -> tuple[str, ...]:
    """Whose things a route can be asked for: one's own, a colleague's, another municipality's."""
    address = named(template) + ASKED_IN.get(template, "")
    if any(name in address for name in PERSONAL):
        return SCOPES
    owned = "{code}" in address and not address.startswith("/language")
    return ("own", "other") if owned or re.search(r"\{(?!token|code|mail_id)", address) else ("any",)


@dataclass(frozen=True)
class Target:
    """Whose things are asked for: a municipality's, and of the personal ones this member's."""

    side: Side
    member: Member


def target(world: World, actor: str, scope: str) -> Target:
    side = world.other if scope == "other" else world.own
    whose = "neighbour" if scope == "near" else "trainer" if scope == "other" else actor
    return Target(side, side.members.get(whose, side.members["second"]))


def address_of(template: str, at: Target) -> str:
    side, member = at.side, at.member
    values = {
        "slug": side.course,
        "page": "page-1",
        "question": "q1" if template.startswith("/api") else "self",
        "quiz": "test",
        "place": "1",
        "attempt": member.attempt,
        "upload": member.upload or side.members["trainer"].upload,
        "requirement": side.requirement,
        "person": side.invited if template.endswith(("/link", "/invite")) else side.people[0].key,
        "blob": side.sheet if template.startswith("/admin/import") else side.blob[:16],
        "name": "dot.svg",
        "code": "en" if template.startswith("/language") else side.library.code,
        "token": side.link,
        "kind": "csv" if "export" in template else "json",
        "mail_id": "1",
        "grant_id": side.grant_id,
        "enrolment_id": member.enrolment_id,
        "sign_in_id": member.sign_in_id,
        "token_id": member.token_id,
    }
    address = named(template)
    if template in ASKED_IN:
        address += ASKED_IN[template]
    if template == "/attempts/{key}" or template == "/courses/{slug}/finish":
        values["attempt"], values["slug"] = member.handed_in, f"{side.course}-short"
    return address.format(**values)


@dataclass
class Body:
    """What a request carries: fields, files, or something else."""

    data: dict[str, Any] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] | None = None
    json: Any = None
    content: bytes | None = None


def body_for(method: str, template: str, world: World, at: Target) -> Body:
    """A plausible form; places named in it are the actors' own municipality's."""
    own = world.own
    person = {"given_name": "Nauja", "family_name": "Pavardė", "email": "nauja@example.test", "lang": "lt"}
    forms: dict[str, Body] = {
        "/sign-in": Body({"login": "nobody@example.test", "password": "not the password"}),
        "/sign-in/demo": Body({"demo": "rasa"}),
        "/forgot-password": Body({"email": "nobody@example.test"}),
        "/set-password/{token}": Body({"password": PASSWORD, "again": PASSWORD}),
        "/account": Body({"lang": "nb"}),
        "/account/password": Body({"old": "wrong", "password": PASSWORD, "again": PASSWORD}),
        "/account/tokens": Body({"name": "another"}),
        "/accessibility": Body({"text": "The button is too small."}),
        "/courses/{slug}/contact": Body({"question": "Why?"}),
        "/courses/{slug}/pages/{page}/questions/{question}": Body({"answer": "yes"}),
        "/attempts/{key}/{place}": Body({"answer": "right", "go": "next"}),
        "/teaching/uploads": Body(
            files={"file": ("course.zip", zipped(course_with_everything("third-course", own.town.code)))}
        ),
        "/teaching/uploads/{key}/publish": Body({"note": "The first one.", "level": ""}),
        "/teaching/courses/{slug}/revert": Body({"version": "1.0"}),
        "/teaching/courses/{slug}/pages/{page}/edit": Body(
            {"text": course_with_everything(at.side.course, "")["01-start/01-page-1.md"], "base": at.side.digest}
        ),
        "/managing/assignments/new": Body(
            {
                "course": own.course,
                "organisation": own.library.code,
                "due_on": (clock.today() + timedelta(days=30)).isoformat(),
                "action": "save",
            }
        ),
        "/admin/organisations": Body(
            {"parent": own.town.code, "code": "new-one", "name": "New", "kind": "institution", "sector": "public"}
        ),
        "/admin/organisations/{code}": Body({"name": "Renamed"}),
        "/admin/organisations/{code}/move": Body({"organisation": own.town.code}),
        "/admin/people": Body({**person, "organisation": own.library.code}),
        "/admin/people/{key}/edit": Body(person),
        "/admin/people/{key}/move": Body({"organisation": own.town.code}),
        "/admin/people/{key}/grants": Body({"role": "reviewer", "organisation": own.library.code}),
        "/admin/grants": Body({"email": own.people[0].email, "role": "reviewer", "organisation": own.library.code}),
        "/admin/import": Body(files={"file": ("people.csv", world.app.state.blobs.get(own.sheet))}),
        "/api/v1/attempts/{key}/answers/{question}": Body(json={"options": ["right"]}),
        "/api/v1/courses": Body(content=zipped(factories.course_files("api-course", owner=own.town.code))),
    }
    return forms.get(template, Body()) if method not in ("GET", "DELETE") else Body()


def ask(
    client: TestClient, method: str, template: str, world: World, actor: str, at: Target, **headers: str
) -> Response:
    """One request by one actor: pages by cookie, the API by token."""
    member = world.member(actor)
    client.cookies.clear()
    headers = dict(headers)
    if template.startswith("/api"):
        if member is not None:
            headers["Authorization"] = f"Bearer {member.token}"
        elif method != "GET":
            headers.setdefault("Sec-Fetch-Site", "same-origin")
    else:
        client.cookies.set("lang", "en")
        if member is not None:
            client.cookies.set("klasteris", member.cookie)
        headers.setdefault("Sec-Fetch-Site", "same-origin")
    body = body_for(method, template, world, at)
    return client.request(
        method,
        address_of(template, at),
        data=body.data or None,
        files=body.files,
        json=body.json,
        content=body.content,
        headers=headers,
    )
