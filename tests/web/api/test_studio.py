"""The studio by API: a course adopted, pictures and questions brought into its draft, and its original followed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from app.accounts.models import Person
from app.kit import worker
from app.kit.actor import Role
from app.kit.database import writing
from tests import factories
from tests.web.api.test_attempts import Program

DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}"><circle r="1"/></svg>'
GIFT = b"::Why?:: Why? {=So ~Not so}\n\n::When?:: When? {=Now ~Never}\n"
PAGE = "01-start/01-page-1.md"


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with worker.in_process():
        yield


def test_a_program_adopts_a_course_completes_it_and_follows_its_original(app: FastAPI) -> None:
    files = factories.course_files(owner="school")
    with writing(app.state.sessions) as db:
        root = factories.an_organisation(db)
        school, library = (
            factories.an_organisation(db, code, parent=root, code=code) for code in ("school", "library")
        )
        factories.a_course(db, app.state.blobs, owner=school, files=files)
        people: list[Person] = [
            factories.a_person(db, one, roles=[Role.TRAINER], lang="en") for one in (school, library)
        ]
    teacher, librarian = (Program(app, one) for one in people)

    # Nobody adopts what is not shared, and nobody shares what is another's.
    assert librarian.ask("GET", "/shared") == []
    librarian.ask("POST", "/shared/first-course", 404, json={"id": "our-course"})
    librarian.ask("PUT", "/courses/first-course/sharing", 403, json={"licence": "CC0-1.0"})
    assert "licence" in teacher.ask("PUT", "/courses/first-course/sharing", 422, json={"licence": "MIT"})["fields"]
    teacher.ask("PUT", "/courses/first-course/sharing", json={"licence": "CC-BY-4.0"})
    assert teacher.ask("GET", "/shared") == []  # one's own
    [offered] = librarian.ask("GET", "/shared")
    assert (offered["course"], offered["licence"], offered["adopted_as"]) == ("first-course", "CC-BY-4.0", "")
    assert "id" in librarian.ask("POST", "/shared/first-course", 422, json={"id": "Ours!"})["fields"]
    key = librarian.ask("POST", "/shared/first-course", 201, json={"id": "our-course", "title": "Ours"})["draft"]
    texts = {one["path"]: one for one in librarian.ask("GET", f"/drafts/{key}")["texts"]}
    assert "licence CC BY 4.0" in texts["course.md"]["text"] and 'title: "Ours"' in texts["course.md"]["text"]
    teacher.ask("GET", f"/drafts/{key}/media", 404)

    # A picture: added once, described where it stands, replaced by its like, and taken out when no page shows it.
    media = f"/drafts/{key}/media"
    added = librarian.ask("POST", f"{media}?name=Žalias taškas.svg", 201, content=DOT.format(2))
    assert (added["path"], added["kind"], added["text"]) == ("media/zalias-taskas.svg", "picture", None)
    assert librarian.ask("POST", f"{media}?name=other.svg", 201, content=DOT.format(2)) == added
    assert "file" in librarian.ask("POST", f"{media}?name=a.svg", 422, content=b"no picture")["fields"]
    assert "file" in librarian.ask("POST", f"{media}?name=a.md", 422, content=b"text")["fields"]
    one = f"{media}/{added['file']}"
    shown = texts[PAGE]["text"] + "\n![](media/zalias-taskas.svg)\n"
    librarian.ask("PUT", f"/drafts/{key}/file", json={"path": PAGE, "text": shown, "revision": texts[PAGE]["revision"]})
    assert "text" in librarian.ask("PUT", f"{one}/text", 422, json={})["fields"]
    said = librarian.ask("PUT", f"{one}/text", json={"text": "A green dot"})
    assert (said["pages"], said["text"], said["used"]) == (1, "A green dot", [PAGE])
    assert librarian.ask("PUT", one, content=DOT.format(3))["path"] == added["path"]
    assert DOT.format(3) in librarian.client.get(f"/api/v1{one}").text
    librarian.ask("DELETE", one, 409)
    spare = librarian.ask("POST", f"{media}?name=spare.svg", 201, content=DOT.format(9))
    left = librarian.ask("DELETE", f"{media}/{spare['file']}")
    assert [each["path"] for each in left] == ["media/zalias-taskas.svg"]
    librarian.ask("GET", f"{media}/{spare['file']}", 404)

    # Questions: into a new bank, then behind those of a test, never twice; a file that is none is told by field.
    into = f"/drafts/{key}/questions?name=why.gift"
    done = librarian.ask("POST", f"{into}&bank_name=Desk", content=GIFT)
    assert (done["format"], done["new"], done["there"]) == ("GIFT", 2, 0)
    for new in (2, 0):
        assert librarian.ask("POST", f"{into}&into=test@01-start/90-test.md", content=GIFT)["new"] == new
    now = {each["path"]: each["text"] for each in librarian.ask("GET", f"/drafts/{key}")["texts"]}
    assert now["banks/desk.md"].count("<!-- question id=") == 2 and "A green dot" in now[PAGE]
    assert now["01-start/90-test.md"].count("<!-- question id=") == 4
    for wrong, body, field in (
        ("why.pdf", GIFT, "file"),
        ("why.gift", b"// nothing", "file"),
        ("why.gift", b"", "file"),
    ):
        assert field in librarian.ask("POST", f"/drafts/{key}/questions?name={wrong}", 422, content=body)["fields"]
    assert "into" in librarian.ask("POST", f"{into}&into=banks/no.md", 422, content=GIFT)["fields"]


def test_a_program_sees_what_an_original_has_changed_and_takes_some_of_it(app: FastAPI) -> None:
    files = factories.course_files(owner="school")
    ours = {
        path: text.replace("id: first-course", "id: our-course").replace("school", "library")
        for path, text in files.items()
    }
    with writing(app.state.sessions) as db:
        root = factories.an_organisation(db)
        school, library = (
            factories.an_organisation(db, code, parent=root, code=code) for code in ("school", "library")
        )
        factories.a_course(db, app.state.blobs, owner=school, files=files)
        person = factories.a_person(db, library, roles=[Role.TRAINER], lang="en")
        teacher = factories.a_person(db, school, roles=[Role.TRAINER], lang="en")
    librarian = Program(app, person)
    Program(app, teacher).ask("PUT", "/courses/first-course/sharing", json={"licence": "CC0-1.0"})
    where = "/courses/our-course/original"
    librarian.ask("POST", "/shared/first-course", 201, json={"id": "our-course"})
    with writing(app.state.sessions) as db:  # published, and the original changed in two pages
        factories.a_course(db, app.state.blobs, "our-course", owner=library, files=ours)
        for n in (1, 2):
            path = f"01-start/{n:02d}-page-{n}.md"
            files[path] += "\nA sentence more.\n"
        factories.a_course(db, app.state.blobs, owner=school, files=files)
    seen = librarian.ask("GET", where)
    assert (seen["original"], seen["since"], seen["version"], seen["shared"]) == ("first-course", "1.0", "1.1", True)
    pages = [one for one in seen["changes"] if one["key"].startswith("page")]
    assert [one["key"] for one in pages] == ["page page-1", "page page-2"] and not any(one["clash"] for one in pages)
    assert all("A sentence more." in one["theirs"] and "A sentence more." not in one["ours"] for one in pages)
    librarian.ask("POST", where, 409, json={"version": "1.0", "take": ["page page-1"]})
    assert "take" in librarian.ask("POST", where, 422, json={"version": "1.1", "take": ["page page-3"]})["fields"]
    key = librarian.ask("POST", where, json={"version": "1.1", "take": ["page page-1"]})["draft"]
    texts = {one["path"]: one["text"] for one in librarian.ask("GET", f"/drafts/{key}")["texts"]}
    assert "A sentence more." in texts[PAGE] and "A sentence more." not in texts["01-start/02-page-2.md"]
    librarian.ask("POST", "/courses/our-course/copy", 201, json={"id": "our-second"})
    librarian.ask("POST", "/courses/first-course/copy", 403, json={"id": "our-third"})
