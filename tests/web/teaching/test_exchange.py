"""A trainer brings questions from another platform, sees what became of them, and takes a course elsewhere."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import pytest
from fastapi import FastAPI

from app.accounts.models import Person
from app.catalog import exchange, queries
from app.catalog.format import reader
from app.kit.actor import Role
from app.kit.database import Sessions, reading, writing
from tests.browser import Browser
from tests.factories import a_course, a_person, an_organisation

XML = """<?xml version="1.0"?><quiz>
<question type="truefalse"><name><text>Is water wet?</text></name><questiontext format="html"><text>Is water wet?</text></questiontext>
<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>
<question type="calculated"><name><text>How many?</text></name></question>
</quiz>"""


@dataclass
class World:
    trainer: Person
    slug: str


@pytest.fixture
def world(sessions: Sessions, app: FastAPI) -> World:
    with writing(sessions) as db:
        country = an_organisation(db)
        school = an_organisation(db, "School", parent=country, code="school")
        a_course(db, app.state.blobs, "fire-safety", owner=school)
        return World(a_person(db, school, roles=[Role.TRAINER]), "fire-safety")


@pytest.fixture
def trainer(browser: Browser, world: World) -> Browser:
    return browser.as_(world.trainer)


def test_questions_of_another_platform_become_a_proposed_course(trainer: Browser) -> None:
    page = trainer.open("/teaching/uploads/new").press("Check", file=("water.xml", XML.encode()))
    assert page.sees("What became of the file")
    assert page.sees("From Moodle XML")
    assert page.sees("There is no question of type “calculated” here") or page.sees(
        'There is no question of type "calculated" here'
    )
    assert page.sees("line 4")
    assert page.sees("1 module, 1 page, 1 question")
    shown = page.follow("Look as a learner")
    assert shown.sees("water")


def test_the_proposed_course_belongs_to_the_trainers_organisation(trainer: Browser) -> None:
    page = trainer.open("/teaching/uploads/new").press("Check", file=("water.xml", XML.encode()))
    assert not page.sees('"owner" is missing')
    assert page.sees('"summary" is missing')


def test_a_file_that_nothing_could_be_made_of_is_reported_too(trainer: Browser) -> None:
    page = trainer.open("/teaching/uploads/new").press("Check", file=("notes.txt", b"Just words."))
    assert page.status == 200
    assert page.sees("We could not make out a course in this file")
    assert page.sees("This is no format that we read")


def test_a_course_is_offered_in_every_format_with_what_it_loses(
    trainer: Browser, world: World, sessions: Sessions
) -> None:
    page = trainer.open(f"/teaching/courses/{world.slug}").follow("For other platforms")
    for one in exchange.writable():
        assert page.sees(one.name)
    kept = trainer.app.state.blobs.folder / "written"
    assert not kept.exists()  # a visit writes none of them
    asked = page.follow("What is lost in Moodle XML")
    assert asked.sees("Its pages: only questions are written in this format")
    (one,) = kept.iterdir()
    first = one.read_bytes()
    assert page.browser.open(page.url).sees("Its pages: only questions are written in this format")
    given = trainer.client.get(f"/teaching/courses/{world.slug}/formats/moodle-xml")
    assert given.headers["content-disposition"] == f'attachment; filename="{world.slug}.xml"'
    with reading(sessions) as db:
        course = queries.course_by_slug(db, world.slug)
        version = queries.version(db, course.version_id or 0) if course else None
    assert version is not None
    source = reader.read_zip(trainer.app.state.blobs.get(version.source)).course
    assert source is not None
    assert one.read_bytes() == first and [one] == list(kept.iterdir())  # the second time it is only read
    one.write_bytes(first[: len(first) // 2])
    again = trainer.client.get(f"/teaching/courses/{world.slug}/formats/moodle-xml")
    assert again.content == given.content and one.read_bytes() == first  # what is damaged is written anew
    back = exchange.read("x.xml", given.content)
    assert {path: data.decode() for path, data in back.files.items() if path.endswith(".md")} == source.files


def test_a_format_that_is_none_is_not_there(trainer: Browser, world: World) -> None:
    assert trainer.open(f"/teaching/courses/{world.slug}/formats/scorm-9").status == 404


def test_a_program_converts_a_file_and_nothing_is_kept(trainer: Browser, world: World) -> None:
    headers = {"Sec-Fetch-Site": "same-origin"}
    said = trainer.client.post(
        "/api/v1/conversions?name=q.gift&lang=en", content=b"::Q::Is it? {T}\n\nNo {end", headers=headers
    ).json()
    assert said["format"] == "GIFT"
    assert [(note["outcome"], note["line"]) for note in said["notes"] if note["outcome"] == "refused"] == [
        ("refused", 3)
    ]
    course = reader.read_zip(base64.b64decode(said["course"])).course
    assert course is not None
    assert course.owner == "school"
    assert any(problem["code"] == "QC01" for problem in said["problems"])
    listed = trainer.client.get(f"/api/v1/courses/{world.slug}/formats/gift")
    assert listed.status_code == 200
    assert listed.content.startswith(b"$CATEGORY: ")
