"""What every answer is searched for: other people, and anything that a browser would run."""

from __future__ import annotations

import io
import zipfile
from html.parser import HTMLParser
from urllib.parse import quote, unquote

from httpx import Response

from tests.architecture.outcomes import ABSENT, FORBIDDEN, OPEN, SIGN_IN, Outcome
from tests.architecture.world import World, names_of

SEES_NAMES = {"manager", "administrator"}


def came_to(response: Response) -> Outcome | str:
    status, to = response.status_code, response.headers.get("location", "")
    if status == 401 or (status == 303 and to.startswith("/sign-in?next=")):
        return SIGN_IN
    if status in (403, 404):
        return FORBIDDEN if status == 403 else ABSENT
    return OPEN if status < 400 else f"status {status}"


# A trainer learns who at the own organisation is locked out of a quiz or would be marked anew: both are about a person.
QUIZ = "/teaching/courses/{slug}/quizzes/{quiz}"
# Whoever leads a group session sees who takes part in it.
GROUP = "/groups/{key}"
GROUP_PAGES = ("", "/people", "/sheets/{quiz}", "/sheets/{quiz}/print", "/sheet", "/sheet/{sheet}")
NAMED_TO = {("trainer", QUIZ), ("trainer", f"{QUIZ}/questions/{{question}}/correct")}
NAMED_TO |= {("trainer", f"{GROUP}{rest}") for rest in GROUP_PAGES}
NAMED_TO.add(("trainer", "/api/v1/groups/{key}"))


def everything_in(response: Response) -> str:
    """All that an answer says, lower case: heads, body, and what is packed in it."""
    said = [f"{name}: {unquote(value)}" for name, value in response.headers.items()]
    content = response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            said += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    else:
        said.append(content.decode("utf-8", "replace"))
    return "\n".join(said).lower()


def told_of_others(world: World, actor: str, route: str, response: Response, *typed: str) -> list[str]:
    """People of whom this actor must not be told and is: anybody of the other municipality, and colleagues by name
    unless the actor's role shows names. What the actor typed, address and fields, may be said again."""
    said = everything_in(response)
    for one in sorted(typed, key=len, reverse=True):
        said = said.replace(quote(one, safe="").lower(), "").replace(one.lower(), "") if one else said
    known = "\n".join(typed)
    mark, wrong = world.other.mark.lower(), []
    if (at := said.find(mark)) >= 0:
        wrong.append(f"{world.other.mark} in {said[max(0, at - 40) : at + 40]!r}")
    wrong += [f"the key {key} of another" for key in world.other.secrets if key.lower() in said and key not in known]
    if actor not in SEES_NAMES and route != "/set-password/{token}" and (actor, route) not in NAMED_TO:
        member = world.member(actor)
        own = names_of(member.person) if member is not None else ()
        colleagues = [one for one in world.own.everybody if member is None or one is not member.person]
        # Who asks for a review, and who decides, is no secret between them: nor is it in the notice of it.
        told = actor == "reviewer" and route in ("/notices", "/account/data")
        if told or route.startswith("/teaching/reviews"):
            colleagues.remove(world.own.members["neighbour"].person)
        if route in ("/learning", "/joined/{key}", "/joined/{key}/calendar", "/notices", "/account/data"):
            # Whoever is expected at a group session is told who leads it.
            colleagues = [one for one in colleagues if one is not world.own.members["trainer"].person]
        names = {name for one in colleagues for name in names_of(one)} - set(own)
        wrong += [f"the name {name}" for name in names if name.lower() in said]
    return wrong


class _Loud(HTMLParser):
    """Collects whatever would run, load or style without the policy's leave."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found += [f"{name} on <{tag}>" for name in given if name == "style" or name.startswith("on")]
        if tag in ("style", "base", "iframe", "object", "embed", "applet") or (
            tag == "script" and not given.get("src")
        ):
            self.found.append(f"<{tag}>")
        for name in ("href", "src", "action", "formaction"):
            if (given.get(name) or "").strip().lower().startswith(("javascript:", "data:", "vbscript:")):
                self.found.append(f"{name}={given[name]!r}")

    handle_startendtag = handle_starttag


def runs_something(response: Response) -> list[str]:
    """Inline anything in a page, or a policy that would let it run."""
    policy = response.headers.get("content-security-policy", "")
    if policy.startswith("sandbox;"):  # a file of a course: alone, without script, whatever it holds
        return [] if "allow-" not in policy and "default-src 'none'" in policy else [policy]
    wrong = [word for word in policy.split() if word.startswith("'unsafe") or word in ("*", "data:", "blob:")]
    if "default-src 'none'" not in policy:
        wrong.append(f"the policy is {policy!r}")
    if response.headers.get("content-type", "").startswith("text/html"):
        page = _Loud()
        page.feed(response.text)
        wrong += page.found
    return wrong
