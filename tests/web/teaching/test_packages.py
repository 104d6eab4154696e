"""A trainer brings a package from another platform, and takes a course away as one."""

from __future__ import annotations

import base64

import pytest
from fastapi import FastAPI

from app.catalog import exchange
from app.catalog.format import reader
from app.kit.actor import Role
from app.kit.database import Sessions, writing
from tests.browser import Browser
from tests.catalog.exchange.packing import opened, packed
from tests.factories import a_course, a_person, an_organisation

MANIFEST = """<manifest><metadata><schema>IMS Common Cartridge</schema></metadata><organizations><organization>
<item identifier="LearningModules"><item><title>Water</title><item identifierref="p"><title>Wet things</title></item>
<item identifierref="t"><title>A tool</title></item></item></item></organization></organizations><resources>
<resource identifier="p" type="webcontent" href="wet.html"/><resource identifier="t" type="imsbasiclti_xmlv1p0" href="t.xml"/>
</resources></manifest>"""
CARTRIDGE = packed({"imsmanifest.xml": MANIFEST, "wet.html": "<p>Water is <b>wet</b>.</p>", "t.xml": "<x/>"})


@pytest.fixture
def trainer(browser: Browser, sessions: Sessions, app: FastAPI) -> Browser:
    with writing(sessions) as db:
        country = an_organisation(db)
        school = an_organisation(db, "School", parent=country, code="school")
        a_course(db, app.state.blobs, "fire-safety", owner=school)
        person = a_person(db, school, roles=[Role.TRAINER])
    return browser.as_(person)


@pytest.mark.parametrize("name", ["water.imscc", "water.zip"])
def test_a_cartridge_becomes_a_proposed_course_with_what_became_of_it(trainer: Browser, name: str) -> None:
    page = trainer.open("/teaching/uploads/new").press("Check", file=(name, CARTRIDGE))
    assert page.sees("What became of the file")
    assert page.sees("A tool of another server (LTI)")
    assert page.sees("1 module, 1 page")
    assert page.follow("Look as a learner").sees("Wet things")


def test_a_broken_package_is_reported_and_nothing_else_happens(trainer: Browser) -> None:
    page = trainer.open("/teaching/uploads/new").press("Check", file=("water.imscc", CARTRIDGE[:-40]))
    assert page.status == 200
    assert page.sees("We could not make out a course in this file")


@pytest.mark.parametrize(("key", "ending"), [("qti-3", ".qti3.zip"), ("qti-2.1", ".qti21.zip")])
def test_a_course_is_taken_away_as_qti(trainer: Browser, key: str, ending: str) -> None:
    page = trainer.open("/teaching/courses/fire-safety").follow("For other platforms")
    assert page.sees("QTI 3.0") and page.sees("QTI 2.1")
    given = trainer.client.get(f"/teaching/courses/fire-safety/formats/{key}")
    assert given.headers["content-type"] == "application/zip"
    assert given.headers["content-disposition"] == f'attachment; filename="fire-safety{ending}"'
    assert "imsmanifest.xml" in opened(given.content)
    same = trainer.client.get(f"/api/v1/courses/fire-safety/formats/{key}")
    assert same.content == given.content
    assert not exchange.read("x.zip", given.content).refused


def test_a_program_converts_a_package(trainer: Browser) -> None:
    headers = {"Sec-Fetch-Site": "same-origin"}
    said = trainer.client.post("/api/v1/conversions?name=w.imscc&lang=en", content=CARTRIDGE, headers=headers).json()
    assert [note["outcome"] for note in said["notes"]].count("left-out") == 1
    course = reader.read_zip(base64.b64decode(said["course"])).course
    assert course is not None
    assert [page.texts["en"].title for page in course.pages()] == ["Wet things"]
