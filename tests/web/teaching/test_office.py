"""A trainer brings a Word file, names the course, writes texts for its pictures, and publishes it or adds it to another course."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import true

from app.accounts.models import Person
from app.catalog import queries
from app.catalog.format import reader
from app.kit.actor import Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from tests.browser import Browser, Page
from tests.catalog.exchange.offices import a_docx, a_picture
from tests.factories import a_course, a_person, an_organisation


@dataclass
class World:
    trainer: Person
    other: Person
    slug: str


@pytest.fixture
def world(sessions: Sessions, app: Any) -> World:
    with writing(sessions) as db:
        country = an_organisation(db)
        school = an_organisation(db, "School", parent=country, code="school")
        elsewhere = an_organisation(db, "Elsewhere", parent=country, code="elsewhere")
        course = a_course(db, app.state.blobs, "fire-safety", owner=school)
        return World(
            a_person(db, school, roles=[Role.TRAINER]), a_person(db, elsewhere, roles=[Role.TRAINER]), course.slug
        )


def document(document: Any) -> None:
    document.add_heading("Alarm", 1)
    document.add_paragraph("Ring it.")
    for colour in ("red", "green"):
        document.add_picture(io.BytesIO(a_picture(colour=colour)))
    document.add_heading("Way out", 1)
    document.add_table(2, 2).cell(0, 0).text = "Door"


@pytest.fixture
def report(browser: Browser, world: World) -> Page:
    page = browser.as_(world.trainer).open("/teaching/uploads/new")
    return page.press("Check", file=("evacuation.docx", a_docx(document)))


def test_a_word_file_becomes_proposed_pages_with_what_needs_a_hand(report: Page) -> None:
    assert report.sees("From Word")
    assert report.sees("1 module, 2 pages, 0 questions")
    assert report.sees("A table has no header row")
    assert report.sees("2 pictures need a text")
    assert report.sees("What does picture 2 show?")


def test_texts_for_pictures_make_a_corrected_upload(report: Page, app: Any) -> None:
    page = report.press(
        "Save and check again",
        title="Evacuation",
        id="evacuation-plan",
        summary="How to leave.",
        contact="Ona, within a day",
        **{"text-0": "The red *button*", "decorative-1": "1"},
    )
    assert page.sees("Your words are in the course")
    assert page.sees("Every picture has its text")
    assert page.sees("You can publish")
    assert not page.sees("E170")
    shown = page.follow("Look as a learner")
    assert shown.sees("Evacuation")
    source = _source(report, app)
    assert source.course is not None and source.course.id == "evacuation-plan"
    page_text = next(text for path, text in source.course.files.items() if "alarm" in path)
    assert "![The red \\*button\\*](media/" in page_text
    assert "<!-- decorative -->" in page_text


def test_what_was_written_can_be_written_otherwise(report: Page, app: Any) -> None:
    page = report.press("Save and check again", title="One", id="one-id", **{"text-0": "First", "text-1": "Second"})
    again = page.press("Save and check again", title="Two", id="two-id", **{"text-0": "Other"})
    assert again.sees("Every picture has its text")
    course = _source(again, app).course
    assert course is not None and course.id == "two-id"
    said = "".join(course.files.values())
    assert "![Other]" in said and "![Second]" in said and "First" not in said


def _source(page: Page, app: Any) -> reader.Reading:
    with reading(app.state.sessions) as db:
        (card,) = queries.uploads(db, true())
    blobs: Blobs = app.state.blobs
    return reader.read_zip(blobs.get(card.blob))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": ""}, "Fill in this field."),
        ({"id": "Not an id!"}, "Small letters a–z, digits and hyphens only"),
        ({"text-0": "x" * 301}, "Use at most 300 characters."),
        ({"id": "x" * 65}, "Use at most 64 characters."),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_changes(
    report: Page, app: Any, fields: dict[str, str], said: str
) -> None:
    before = _source(report, app)
    page = report.press("Save and check again", **({"title": "T", "id": "some-id", "text-1": "kept"} | fields))
    assert page.status == 422
    assert page.sees(said)
    if "text-0" not in fields:
        assert next(one for one in page.all("input") if one.get("name") == "text-1").get("value") == "kept"
    assert _source(report, app) == before


def test_pages_can_become_a_new_module_of_a_course_and_nothing_changes_there_before_publishing(
    report: Page, world: World, app: Any
) -> None:
    page = report.press("Save and check again", into=world.slug, **{"text-0": "A bell", "decorative-1": "1"})
    course = _source(page, app).course
    assert course is not None and course.id == world.slug
    assert [module.id for module in course.modules][-1].startswith("evacuation")
    with reading(app.state.sessions) as db:
        head = queries.course_by_slug(db, world.slug)
        assert head is not None
        assert len(queries.versions(db, head.id)) == 1
    back = page.press("Save and check again", into="", title="Evacuation", id="evacuation")
    alone = _source(back, app).course
    assert alone is not None and alone.id == "evacuation" and len(alone.modules) == 1


def test_a_course_of_others_cannot_be_added_to(browser: Browser, world: World, app: Any) -> None:
    page = browser.as_(world.other).open("/teaching/uploads/new")
    page = page.press("Check", file=("evacuation.docx", a_docx(document)))
    said = page.browser.post(f"{page.url}/proposal", {"into": world.slug, "title": "T", "id": "some-id"})
    assert said.status == 422
    assert said.sees("Choose one of the options.")


def test_a_picture_is_shown_to_who_may_see_the_upload(report: Page, browser: Browser, world: World) -> None:
    address = report.url + "/pictures/0"
    client = report.browser.client
    found = client.get(address)
    assert found.headers["content-type"] == "image/png"
    assert found.content.startswith(b"\x89PNG")
    assert client.get(report.url + "/pictures/2").status_code == 404
    assert browser.as_(world.other).client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["old.doc", "old.ppt", "letter.odt"])
def test_files_of_older_programs_are_told_what_to_do(browser: Browser, world: World, name: str) -> None:
    page = browser.as_(world.trainer).open("/teaching/uploads/new").press("Check", file=(name, b"\xd0\xcf\x11\xe0" * 9))
    assert page.status == 200
    assert page.sees("save it as .")
    assert not page.sees("Complete the course")
