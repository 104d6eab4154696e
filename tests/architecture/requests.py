"""What is sent to each route: ids for its address, and a form that does something when it is let through."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx import Response
from starlette.routing import Mount
from starlette.testclient import TestClient

from app.catalog.queries import file_key
from app.catalog.rules import CHECKLIST
from app.kit import clock
from tests.architecture.world import (
    CAPTIONS,
    DOT,
    NEW_PASSWORD,
    PASSWORD,
    PDF,
    Member,
    Side,
    World,
    course_with_everything,
    zipped,
)

PERSONAL = (
    "{attempt}",
    "{handed_in}",
    "{enrolment}",
    "{sign_in_id}",
    "{token_id}",
    "{upload}",
    "{incoming}",
    "{period}",
    "{deputy}",
)
# Where a place is named after the question mark.
PAGE = "?file=01-start/01-page-1.md"
ASKED_IN = {
    **{f"/teaching/drafts/{{key}}/{what}": PAGE for what in ("edit", "save", "look", "settings", "question")},
    "/admin/organisations/new": "?parent={code}",
    "/managing/week": "?at={code}",
    "/managing/views/new": "?at={code}",
    "/groups/{key}/sheet": "?code={sheet}",
    "/managing/week/act": "?at={code}&do=remind&period=1",
    "/api/v1/attempts/{key}/answers/{question}/file": "?name=report.pdf",
    "/api/v1/conversions": "?name=questions.gift",
    "/api/v1/drafts/{key}/media": "?name=new.svg",
    "/api/v1/drafts/{key}/questions": "?name=more.gift",
}
# Whose things are asked for: one's own, a colleague's, another municipality's.
SCOPES = ("own", "near", "other")
NO_ID = 987_654_321
# Parts of an address that name nobody's thing, but a part of one.
SAID_BY_ALL = ("page", "question", "quiz", "place", "name", "format", "kind", "file")


def routes_of(app: FastAPI) -> list[tuple[str, APIRoute]]:
    """Every method and route that the application answers, files of the bundle aside."""
    found: list[tuple[str, APIRoute]] = []
    for one in app.routes:
        if isinstance(one, Mount):
            assert one.path == "/static/dist", one
            continue
        for route in one.original_router.routes:  # type: ignore[attr-defined]
            assert isinstance(route, APIRoute), route
            found += [(method, route) for method in sorted(route.methods or ())]
    return found


def named(template: str) -> str:
    """The route's address with `{key}` and `{code}` called what they are."""
    for prefix, name in (
        ("/teaching/uploads/{key}", "{upload}"),
        ("/teaching/reviews/{key}", "{review}"),
        ("/teaching/publications/{key}", "{publication}"),
        ("/teaching/files/{key}", "{incoming}"),
        ("/teaching/drafts/{key}", "{draft}"),
        ("/api/v1/drafts/{key}", "{draft}"),
        ("/teaching/marking/{key}", "{paper}"),
        ("/attempts/{key}", "{attempt}"),
        ("/managing/assignments/{key}", "{requirement}"),
        ("/api/v1/requirements/{key}", "{requirement}"),
        ("/managing/extensions/{key}", "{extension}"),
        ("/managing/deputies/{key}", "{deputy}"),
        ("/managing/views/{key}", "{view}"),
        ("/api/v1/views/{key}", "{view}"),
        ("/managing/certificates/{key}", "{certificate}"),
        ("/managing/packs/{key}", "{pack}"),
        ("/api/v1/packs/{key}", "{pack}"),
        ("/api/v1/certificates/{key}", "{certificate}"),
        ("/admin/data-requests/{key}", "{data_request}"),
        ("/groups/{key}", "{group}"),
        ("/joined/{key}", "{group}"),
        ("/verify/{key}", "{certificate}"),
        ("/people/{key}", "{person}"),
        ("/formats/{key}", "{format}"),
    ):
        if prefix in template:
            return template.replace("{key}", name)
    return template


def scopes_of(template: str) -> tuple[str, ...]:
    """Whose things a route can be asked for; "any" where it has nobody's."""
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
    """The address of a municipality's things."""
    return (named(template) + ASKED_IN.get(template, "")).format(**_values(template, at))


def _values(template: str, at: Target) -> dict[str, Any]:
    """What each part of an address is, some of them such that something can be done with them."""
    side, member = at.side, at.member
    values: dict[str, Any] = {
        "slug": side.course,
        "page": "page-1",
        "question": "q1" if template.startswith("/api") else "self",
        "quiz": "test",
        "place": "1",
        "attempt": member.attempt,
        "upload": member.upload or side.members["trainer"].upload,
        "draft": side.draft,
        "copy_id": side.copy_id,
        "file": file_key("media/dot.svg"),
        "incoming": member.incoming or side.members["trainer"].incoming,
        "review": side.review,
        "publication": side.publication,
        "requirement": side.requirement,
        "data_request": side.data_request,
        "extension": side.extension,
        "deputy": member.deputy,
        "view": side.view,
        "override_id": side.override_id,
        "certificate": side.certificate,
        "pack": side.pack,
        "evidence_id": side.evidence_id,
        "exemption_id": side.exemption_id,
        "period": member.period_id,
        "paper": side.paper,
        "person": side.people[0].key,
        "blob": side.sheet if template.startswith("/admin/import") else side.blob[:16],
        "name": "dot.svg",
        "code": "en" if template.startswith("/language") else side.library.code,
        "token": side.link,
        "format": "gift",
        "group": side.group,
        "ticket": side.ticket,
        "sheet": side.answers,
        "kind": "csv" if any(word in template for word in ("export", "everybody", "analysis")) else "json",
        "mail_id": "1",
        "grant_id": side.grant_id,
        "enrolment": member.enrolment_id,
        "sign_in_id": member.sign_in_id,
        "token_id": member.token_id,
    }
    written = {"attempt": member.written, "place": "2", "question": "report"}
    fitting: dict[str, dict[str, str]] = {
        "/teaching/uploads/{key}/pictures/{place}": {"place": "0"},
        "/teaching/drafts/{key}/media/{file}/back": {"file": file_key("media/gone.svg")},
        "/teaching/drafts/{key}/media/{file}/captions": {"file": file_key("media/film.mp4")},
        "/teaching/drafts/{key}/media/{file}/transcript": {"file": file_key("media/film.mp4")},
        "/teaching/drafts/{key}/media/{file}/remove": {"file": file_key("media/spare.svg")},
        "/api/v1/drafts/{key}/media/{file}": {"file": file_key("media/spare.svg")},
        "/teaching/drafts/{key}/media/{file}/put": {"file": file_key("media/spare.svg")},
        "/attempts/{key}/{place}/file": written,
        "/api/v1/attempts/{key}/answers/{question}/file": written,
        "/api/v1/attempts/{key}/answers/{question}/hint": {**written, "question": "essay"},
        "/teaching/marking/{key}/{question}": {"question": "essay"},
        "/teaching/marking/{key}/{question}/file": {"question": "report"},
        "/groups/{key}/open": {"group": side.planned},
        "/groups/{key}/cancel": {"group": side.planned},
        "/groups/{key}/move": {"group": side.planned},
        "/attempts/{key}": {"attempt": member.handed_in},
        "/courses/{slug}/changes": {"slug": f"{side.course}-twice"},
        "/courses/{slug}/changes/take": {"slug": f"{side.course}-twice"},
        "/courses/{slug}/changes/keep": {"slug": f"{side.course}-twice"},
        "/api/v1/me/courses/{slug}/version": {"slug": f"{side.course}-twice"},
        "/attempts/{key}/repeat": {"attempt": member.handed_in},
        "/courses/{slug}/finish": {"slug": f"{side.course}-short"},
        "/api/v1/courses/{slug}/quizzes/{quiz}/analysis": {"slug": f"{side.course}-once"},
        "/api/v1/courses/{slug}/questions/{question}/corrections": {"slug": f"{side.course}-once"},
        **{
            f"/teaching/courses/{{slug}}/quizzes/{{quiz}}{rest}": {"slug": f"{side.course}-once", "question": "q1"}
            for rest in ("", "/analysis.{kind}", "/unlock", "/questions/{question}", "/questions/{question}/correct")
        },
        "/courses/{slug}/quizzes/{quiz}/start": {"slug": f"{side.course}-twice"},
        "/api/v1/me/courses/{slug}/quizzes/{quiz}/attempts": {"slug": f"{side.course}-twice"},
        "/teaching/courses/{slug}/restore": {"slug": side.hidden},
        "/admin/people/{key}/link": {"person": side.invited},
        "/admin/people/{key}/invite": {"person": side.invited},
        "/admin/people/{key}/enable": {"person": side.disabled},
        "/managing/people/{key}/back": {"person": side.away},
        "/admin/organisations/{code}/move": {"code": side.desk.code},
        "/admin/organisations/{code}/close": {"code": side.museum.code},
        "/admin/organisations/{code}/reopen": {"code": side.shut.code},
    }
    return values | fitting.get(template, {})


def hidden_address(template: str, side: Side) -> str:
    """The address of a course that was withdrawn, with whatever the template adds."""
    at = Target(replace(side, course=side.hidden), side.members["second"])
    return re.sub(f"{side.hidden}-(short|twice|once)", side.hidden, address_of(template, at))


def absent_address(template: str, at: Target) -> str:
    """The same address with nothing there: ids of the right shape that nobody has."""
    values = {
        name: value if name in SAID_BY_ALL else _nobodys(str(value)) for name, value in _values(template, at).items()
    }
    return (named(template) + ASKED_IN.get(template, "")).format(**values)


def _nobodys(value: str) -> str:
    if value.isdigit():
        return str(NO_ID)
    if re.fullmatch(r"[0-9a-f]{16,64}", value):
        return "0" * len(value)
    return "no-such-thing" if "-" in value else "A" * len(value)


@dataclass
class Body:
    """What a request carries: fields, files, or something else."""

    data: dict[str, Any] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] | None = None
    json: Any = None
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}


@cache
def _zip(slug: str, owner: str) -> bytes:
    return zipped(course_with_everything(slug, owner))


def body_for(method: str, template: str, world: World, actor: str, at: Target) -> Body:
    """A form that does something when it is let through; places named in it are the actors' own municipality's."""
    own, member = world.own, world.member(actor) or world.own.members["second"]
    person = {"given_name": "Nauja", "family_name": "Pavardė", "email": "nauja@example.test", "lang": "lt"}
    new = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    page = course_with_everything(at.side.course, "")["01-start/01-page-1.md"].replace("Text of", "The text of")
    forms: dict[str, Body] = {
        "/sign-in": Body({"login": member.person.email, "password": PASSWORD}),
        "/sign-in/demo": Body({"demo": "rasa"}),
        "/forgot-password": Body({"email": member.person.email}),
        "/set-password/{token}": Body(new),
        "/account": Body({"lang": "nb"}),
        "/account/data": Body({"asked": "correction", "text": "My post is another one."}),
        "/account/password": Body({"old": PASSWORD, **new}),
        "/account/tokens": Body({"name": "another"}),
        "/accessibility": Body({"text": "The button is too small."}),
        "/courses/{slug}/contact": Body({"question": "Why?"}),
        "/courses/{slug}/pages/{page}/questions/{question}": Body({"answer": "yes"}),
        "/courses/{slug}/changes/take": Body({"version": "2.0"}),
        "/courses/{slug}/changes/keep": Body({"version": "2.0"}),
        "/api/v1/me/courses/{slug}/version": Body(json={"version": "2.0", "take": True}),
        "/attempts/{key}/{place}": Body({"answer": "right", "go": "next"}),
        "/attempts/{key}/{place}/file": Body(files={"file": ("report.pdf", PDF + b"2")}),
        "/teaching/marking/{key}/{question}": Body({"points": "1.5", "comment": "Well said.", "known": "0"}),
        "/teaching/courses/{slug}/terms": Body({"quiz": "test", "whom": own.library.code, "minutes": "90"}),
        "/managing/courses/{slug}/terms": Body({"quiz": "test", "whom": own.library.code, "minutes": "90"}),
        "/managing/people/{key}/needs": Body({"needs-factor": "1.5", "needs-extra": "1"}),
        "/teaching/courses/{slug}/marking": Body({"names": "shown"}),
        "/teaching/courses/{slug}/quizzes/{quiz}/unlock": Body({"attempt": at.side.spent}),
        "/teaching/courses/{slug}/quizzes/{quiz}/questions/{question}/correct": Body(
            {"how": "key", "right": "wrong", "policy": "all", "reason": "The key was wrong."}
        ),
        "/teaching/uploads": Body(files={"file": ("course.zip", _zip("third-course", own.town.code))}),
        "/teaching/files": Body(headers={**TUS, "Upload-Length": "9", "Upload-Metadata": "filename ZmlsbS5tcDQ="}),
        "/teaching/files/{key}": Body(content=b"ftyp", headers=PIECE),
        "/teaching/drafts": Body({"title": "Fire safety", "lang": "en", "summary": "What to do."}),
        "/teaching/drafts/{key}/outline": Body({"action": "add-module", "module_title": "Another"}),
        "/teaching/drafts/{key}/settings": Body({"title": "Renamed", "base": "1", "required": "yes"}),
        "/teaching/drafts/{key}/edit": Body({"text": page + "More.", "base": "1", "save": "1"}),
        "/teaching/drafts/{key}/save": Body({"text": page + "More.", "base": "1"}),
        "/teaching/drafts/{key}/look": Body({"text": page + "More.", "base": "1"}),
        "/teaching/drafts/{key}/copies/{copy_id}": Body({"action": "take"}),
        "/teaching/drafts/{key}/question": Body(
            {"type": "single", "title": "Why?", "text-0": "So", "worth-0": "right", "text-1": "Not so", "base": "1"}
        ),
        "/teaching/drafts/{key}/questions": Body(
            {"chosen": "self@01-start/01-page-1.md", "action": "tag", "tags": "new"}
        ),
        "/teaching/drafts/{key}/questions/import": Body(
            {"into": "new"}, files={"file": ("more.gift", b"::Why?:: Why? {=So ~Not so}")}
        ),
        "/teaching/drafts/{key}/media": Body(files={"file": ("new.svg", DOT.replace("1 1", "2 2").encode())}),
        "/teaching/drafts/{key}/media/texts": Body({f"text-{file_key('media/untold.svg')}": "A dot."}),
        "/teaching/drafts/{key}/media/{file}/captions": Body(files={"captions": ("film.vtt", CAPTIONS)}),
        "/teaching/drafts/{key}/media/{file}/put": Body({"page": "01-start/01-page-1.md"}),
        "/teaching/drafts/{key}/media/{file}/replace": Body(files={"file": ("dot.svg", DOT.encode() + b" ")}),
        "/teaching/drafts/{key}/media/{file}/text": Body({"text": "Another dot."}),
        "/teaching/drafts/{key}/media/{file}/transcript": Body({"transcript": "Nobody speaks."}),
        "/teaching/courses/{slug}/copy": Body({"id": "a-copy"}),
        "/teaching/courses/{slug}/original": Body({"version": at.side.newest}),
        "/teaching/courses/{slug}/sharing": Body({"licence": "CC0-1.0"}),
        "/teaching/shared/{slug}": Body({"id": "adopted-course"}),
        "/teaching/uploads/{key}/proposal": Body({"text-0": "A dot."}),
        "/teaching/uploads/{key}/publish": Body({"note": "The first one.", "level": ""}),
        "/teaching/uploads/{key}/review": Body({"note": "The second page is new."}),
        "/teaching/reviews/{key}": Body({"action": "approve", "checklist": list(CHECKLIST)}),
        "/teaching/reviews/{key}/comments": Body({"path": "course.md", "line": "3", "text": "Is this so?"}),
        "/admin/organisations/{code}/review": Body({"required": "yes"}),
        "/teaching/courses/{slug}/revert": Body({"version": "1.0"}),
        "/teaching/courses/{slug}/pages/{page}/edit": Body({"text": page, "base": at.side.digest, "action": "publish"}),
        "/managing/assignments/new": Body(
            {
                "course": own.course,
                "organisation": own.library.code,
                "due_on": (clock.today() + timedelta(days=30)).isoformat(),
                "action": "save",
            }
        ),
        "/managing/assignments/{key}/edit": Body(
            {"due_on": (clock.today() + timedelta(days=30)).isoformat(), "reason": "Another", "action": "save"}
        ),
        "/managing/assignments/{key}/exempt": Body({"people": at.side.people[0].key, "reason": "On leave"}),
        "/managing/extensions/{key}": Body({"action": "grant"}),
        "/managing/week/act": Body(
            {"at": at.side.library.code, "do": "extend", "period": str(at.side.late_id), **_later()}
        ),
        "/managing/views": Body({"at": own.library.code, "name": "Every week", "course": own.course}),
        "/managing/views/{key}/edit": Body({"name": "Every month", "cadence": "never"}),
        "/managing/deputies": Body({"email": own.people[0].email, **_days()}),
        "/managing/recognition": Body(
            {"organisation": own.library.code, "other": world.other.library.code, "action": "sign"}
        ),
        "/managing/people/{key}/evidence": Body(
            {
                "evidence-about": f"course:{at.side.duty_id}",
                "evidence-kind": "proof.accepted",
                "evidence-on": clock.today().isoformat(),
                "evidence-note": "No. 12",
            }
        ),
        "/managing/people/{key}/evidence/{evidence_id}/revoke": Body({"revoke-reason": "A mistake"}),
        "/managing/people/{key}/exempt": Body({"exempt-reason": "Works elsewhere"}),
        "/managing/people/{key}/leave": Body({"leave-since": clock.today().isoformat()}),
        "/managing/people/{key}/tags": Body({"tags-tags": "drivers"}),
        "/managing/certificates/issue": Body({"course": f"{own.course}-short"}),
        "/managing/certificates/{key}/revoke": Body({"reason": "Somebody else sat the test."}),
        "/managing/packs": Body({"requirement": own.requirement, "organisation": own.town.code}),
        "/api/v1/packs": Body(json={"requirement": own.requirement, "organisation": own.town.code}),
        "/verify/pack": Body(files={"file": ("pack.zip", b"PK\x03\x04")}),
        "/verify": Body({"code": at.side.certificate}),
        "/api/v1/certificates/{key}/revoke": Body(json={"reason": "Somebody else sat the test."}),
        "/groups/new": Body(
            {"course": own.course, "organisation": own.library.code, "day": clock.today().isoformat(), "time": "14:30"}
        ),
        "/groups/{key}/move": Body({"day": clock.today().isoformat(), "time": "15:30", "room": "Attic"}),
        "/groups/{key}/people": Body({"action": "away", "who": at.side.members["second"].person.key}),
        "/groups/{key}/sheets/{quiz}": Body({"action": "some", "who": at.side.people[1].key}),
        "/groups/{key}/sheet/{sheet}": Body({"q1": "right"}),
        "/join": Body({"pin": own.pin}),
        "/learning/time/{period}": Body({"reason": "Many duties at once"}),
        "/admin/organisations": Body(
            {"parent": own.town.code, "code": "new-one", "name": "New", "kind": "institution", "sector": "public"}
        ),
        "/admin/organisations/{code}": Body({"name": "Renamed"}),
        "/admin/organisations/{code}/move": Body({"organisation": own.museum.code}),
        "/admin/people": Body({**person, "organisation": own.library.code}),
        "/admin/people/{key}/edit": Body(person),
        "/admin/people/{key}/move": Body({"organisation": own.town.code}),
        "/admin/people/{key}/grants": Body({"role": "reviewer", "organisation": own.library.code}),
        "/admin/data-requests/{key}/answer": Body({"answer": "It is corrected."}),
        "/admin/data-requests/{key}/put-off": Body({"because": "The archive has to be asked."}),
        "/admin/grants": Body({"email": own.people[0].email, "role": "reviewer", "organisation": own.library.code}),
        "/admin/import/{blob}": Body({"digest": at.side.plan}),
        "/admin/import": Body(files={"file": ("people.csv", world.app.state.blobs.get(own.sheet))}),
        "/api/v1/requirements": Body(json=_rule(own.course, own.library.code)),
        "/api/v1/requirements/dry-run": Body(json=_rule(own.course, own.library.code)),
        "/api/v1/drafts/{key}/file": Body(
            json={"path": "01-start/01-page-1.md", "text": page + "By a program.", "revision": 1}
        ),
        "/api/v1/attempts/{key}/answers/{question}": Body(json={"options": ["right"]}),
        "/api/v1/attempts/{key}/answers/{question}/file": Body(content=PDF + b"3"),
        "/api/v1/courses/{slug}/questions/{question}/corrections": Body(
            json={"how": "key", "right": ["wrong"], "policy": "all", "reason": "The key was wrong."}
        ),
        "/api/v1/people/{key}/accommodation": Body(json={"time_factor": 1.5, "extra_attempts": 1}),
        "/api/v1/courses/{slug}/overrides": Body(json={"quiz": "test", "whom": own.library.code, "minutes": 90}),
        "/api/v1/drafts/{key}/media": Body(content=DOT.replace("1 1", "2 2").encode()),
        "/api/v1/drafts/{key}/media/{file}": Body(content=DOT.encode() + b" "),
        "/api/v1/drafts/{key}/media/{file}/text": Body(json={"text": "Another dot."}),
        "/api/v1/drafts/{key}/questions": Body(content=b"::Why?:: Why? {=So ~Not so}"),
        "/api/v1/courses/{slug}/copy": Body(json={"id": "a-copy"}),
        "/api/v1/courses/{slug}/original": Body(json={"version": at.side.newest}),
        "/api/v1/courses/{slug}/sharing": Body(json={"licence": "CC0-1.0"}),
        "/api/v1/shared/{slug}": Body(json={"id": "adopted-course"}),
        "/api/v1/conversions": Body(content=b"::Q::Is it? {T}\n"),
        "/api/v1/courses": Body(content=_zip("api-course", own.town.code)),
    }
    return forms.get(template, Body()) if method in ("POST", "PUT", "PATCH") else Body()


def _later() -> dict[str, str]:
    return {"until": (clock.today() + timedelta(days=90)).isoformat(), "reason": "Many duties at once"}


def _days() -> dict[str, str]:
    return {"since": clock.today().isoformat(), "until": (clock.today() + timedelta(days=9)).isoformat()}


def _rule(course: str, organisation: str) -> dict[str, object]:
    due_on = (clock.today() + timedelta(days=40)).isoformat()
    return {"course": course, "organisation": organisation, "due_on": due_on, "valid_months": 12}


def ask(
    client: TestClient,
    method: str,
    template: str,
    world: World,
    actor: str,
    at: Target,
    *,
    address: str = "",
    body: Body | None = None,
    lang: str = "en",
    **headers: str,
) -> Response:
    """One request by one actor: pages by cookie, the API by token."""
    member = world.member(actor)
    client.cookies.clear()
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if template.startswith("/api"):
        if member is not None:
            headers["Authorization"] = f"Bearer {member.token}"
        elif method != "GET":
            headers.setdefault("Sec-Fetch-Site", "same-origin")
    else:
        client.cookies.set("lang", lang)
        if member is not None:
            client.cookies.set("klasteris", member.cookie)
        headers.setdefault("Sec-Fetch-Site", "same-origin")
    body = body or body_for(method, template, world, actor, at)
    return client.request(
        method,
        address or address_of(template, at),
        data=body.data or None,
        files=body.files,
        json=body.json,
        content=body.content,
        headers={**body.headers, **headers},
    )
