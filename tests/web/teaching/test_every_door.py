"""Everything odd through every door of the studio: no form falls, nothing of it runs, nothing leaves the store of files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from httpx import Response

from app.accounts.models import Person
from app.catalog import queries
from app.catalog.format.model import QuestionType
from app.kit import worker
from app.kit.actor import Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.organisations.models import Organisation
from app.settings import Settings
from tests.browser import Browser, Form, Page
from tests.factories import a_course, a_person, an_organisation
from tests.shared import SHARED, needs

PAGE, TEST = "01-start/01-page-1.md", "01-start/90-test.md"
# The pages on which a trainer types or sends something; `%s` is the draft's key.
COURSE = ("/copy", "/terms")
DRAFT = (
    "",
    f"/edit?file={PAGE}",
    f"/edit?file={TEST}",
    "/questions",
    f"/settings?file={PAGE}",
    "/settings?file=course.md",
)
LEAVES = ("/discard", "/withdraw", "/sign-out", "/publish")  # after these there is nothing left to type into
ROUNDS = 2
TEXTUAL = {"text", "search", "email", "url", "number", "date", "time", ""}


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with worker.in_process():
        yield


@pytest.fixture
def school(sessions: Sessions) -> Organisation:
    with writing(sessions) as db:
        return an_organisation(db, "School", code="school")


@pytest.fixture
def me(browser: Browser, sessions: Sessions, school: Organisation) -> Browser:
    with writing(sessions) as db:
        person: Person = a_person(db, school, roles=[Role.TRAINER])
    return browser.speaking("en").as_(person)


@pytest.fixture
def drafted(me: Browser, sessions: Sessions, blobs: Blobs, school: Organisation) -> str:
    """The key of a draft of a published course with a quiz."""
    with writing(sessions) as db:
        a_course(db, blobs, owner=school)
    page = me.open("/teaching/courses/first-course").press("Edit in the studio")
    return page.url.split("/teaching/drafts/")[1].split("/")[0].split("?")[0]


def strings() -> list[str]:
    """Every short text of the corpora."""
    said: list[str] = list(json.loads((SHARED / "corpora/blns/blns.json").read_text("utf-8")))
    said += [str(one) for one in json.loads((SHARED / "corpora/own/people-and-text.json").read_text("utf-8"))["values"]]
    for folder in ("fuzzdb", "bleach/tests"):
        for path in sorted((SHARED / "corpora" / folder).rglob("*")):
            if path.is_file() and path.suffix != ".md":
                said += path.read_bytes().decode("utf-8", "replace").splitlines()
    return [one for one in dict.fromkeys(said) if one]


def typed_into(form: Form, texts: Iterator[str]) -> list[str]:
    """The names of the fields that a person types into, each with the next odd thing in it."""
    names = []
    for field in form.element.iter():
        name = field.get("name") or ""
        typed = field.tag == "textarea" or (field.tag == "input" and field.get("type", "text") in TEXTUAL)
        if typed and name and field.get("disabled") is None and field.get("readonly") is None:
            value = "\n\n".join(next(texts) for _ in range(12)) if field.tag == "textarea" else next(texts)
            form.values = [(n, v) for n, v in form.values if n != name]
            form.values.append((name, value))
            names.append(name)
    return names


def nothing_runs(page: Page) -> None:
    """No element of ours has come from what was typed: `Page.check` looks for inline handlers, scripts and styles."""
    for link in page.all("a"):
        assert not (link.get("href") or "").strip().lower().startswith(("javascript:", "vbscript:", "data:")), page.url


@needs("corpora")
def test_every_form_takes_everything_odd_or_says_why_not(me: Browser, drafted: str) -> None:
    texts = cycle(strings())
    doors = {f"/teaching/courses/first-course{path}" for path in COURSE} | {"/teaching/drafts/new"}
    doors |= {f"/teaching/drafts/{drafted}{path}" for path in DRAFT}
    doors |= {f"/teaching/drafts/{drafted}/question?file={TEST}&type={kind}" for kind in QuestionType}
    sent: dict[str, int] = {}
    for _ in range(ROUNDS):
        for door in sorted(doors):
            page = me.open(door)
            if page.status != 200:  # an odd page may have taken the place of the one that was asked for
                assert page.status in (404, 409, 410, 422), f"{door}: {page.status}"
                continue
            for form in page.forms():
                action = form.element.get("action") or door
                if action.split("?")[0].endswith(LEAVES) or not form.buttons() or not typed_into(form, texts):
                    continue
                label = form.buttons()[0][0]
                said = form.press(label)
                assert said.status < 500, f"{door}, {label}: {said.status}"
                nothing_runs(said)
                sent[door] = sent.get(door, 0) + 1
    missing = {door for door in doors if door not in sent}
    assert not missing, f"nothing to type into on {sorted(missing)}"
    for path in ("", "/checks", "/questions", "/media", "/preview"):
        nothing_runs(me.open(f"/teaching/drafts/{drafted}{path}"))
    nothing_runs(me.open("/teaching"))


def files() -> list[tuple[str, bytes]]:
    """Every odd file of the corpora, and an honest one under every odd name."""
    found: list[tuple[str, bytes]] = []
    for folder in ("own/svg", "zip-malformed/failure", "zip-malformed/success", "xml-defusedxml", "own/imsmanifest"):
        found += [
            (path.name, path.read_bytes())
            for path in sorted((SHARED / "corpora" / folder).rglob("*"))
            if path.is_file()
        ]
    names = json.loads((SHARED / "corpora/own/hostile-filenames.json").read_text("utf-8"))["names"]
    return found + [(str(name), b"%PDF-1.7\n1 0 obj\n" + str(n).encode()) for n, name in enumerate(names)]


def _sent(me: Browser, path: str, field: str, name: str, data: bytes) -> Response:
    return me.client.post(path, files={field: (name, data)}, headers={"Sec-Fetch-Site": "same-origin"})


@needs("corpora")
@pytest.mark.parametrize(("door", "field"), [("media", "file"), ("questions/import", "file")])
def test_every_odd_file_is_taken_or_refused_and_stays_in_the_store(
    me: Browser, drafted: str, sessions: Sessions, settings: Settings, tmp_path: Path, door: str, field: str
) -> None:
    before = {path for path in tmp_path.rglob("*") if settings.files not in path.parents}
    came = {}
    for name, data in files():
        said = _sent(me, f"/teaching/drafts/{drafted}/{door}", field, name, data)
        assert said.status_code < 500, f"{name!r}: {said.status_code}"
        came[name] = said.status_code
    assert {path for path in tmp_path.rglob("*") if settings.files not in path.parents} == before
    assert 422 in came.values(), "the broken ones are refused"
    assert door != "media" or 303 in came.values(), "the honest ones are taken"
    page = me.open(f"/teaching/drafts/{drafted}/media")
    nothing_runs(page)
    with reading(sessions) as db:
        draft = queries.draft_by_key(db, drafted)
        assert draft is not None
        kept = queries.draft_texts(db, draft.id)
    assert all(".." not in one.path and not one.path.startswith(("/", "\\")) for one in kept)
    for link in page.all("a"):
        if "/files/" in (link.get("href") or ""):
            file = me.client.get(link.get("href") or "")
            assert file.status_code == 200
            told = file.headers
            assert told.get("content-disposition", "").startswith("attachment") or "html" not in told["content-type"]
            if "svg" in told["content-type"]:
                assert "sandbox" in told["content-security-policy"], "a drawing that is opened runs nothing"
