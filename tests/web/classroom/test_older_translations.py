"""A translation that lags behind its source: learners are told, and can read the source."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from app.catalog import importer
from app.kit.actor import SYSTEM
from app.kit.database import writing
from app.learning import actions as learning
from tests import factories
from tests.browser import Browser

# What a version says is remembered by its content, and how old a translation is comes of its history.
SLUG = "lagging-course"
SOURCE, ENGLISH = "01-start/01-page-1.md", "01-start/01-page-1.en.md"
NOTE = "This translation is older than the text in Lithuanian."
FIRST = f"/courses/{SLUG}/pages/page-1"


def files_of(source: str, english: str) -> dict[str, str]:
    files = factories.course_files(SLUG, lang="lt")
    files[SOURCE] = files[SOURCE].replace("Text of page 1.", source)
    course = "---\ntitle: A course\nsummary: What it is about.\n---\n\nAbout.\n"
    return files | {"course.en.md": course, ENGLISH: f"---\ntitle: In English\n---\n\n{english}\n"}


def publish(app: FastAPI, source: str, english: str) -> None:
    with writing(app.state.sessions) as db:
        prepared = importer.prepare(factories.read(files_of(source, english)))
        assert importer.publish(db, SYSTEM, prepared, blobs=app.state.blobs).created


@pytest.fixture
def learner(browser: Browser, app: FastAPI) -> Browser:
    """Somebody who reads English, in a course that was written in Lithuanian and translated in part."""
    with writing(app.state.sessions) as db:
        town = factories.an_organisation(db, "Town")
        person = factories.a_person(db, town, lang="en")
        files = files_of("Senas tekstas.", "Old text.")
        published = factories.a_course(db, app.state.blobs, SLUG, owner=town, files=files)
        learning.enrol(db, factories.actor_for(db, person), person_id=person.id, course_id=published.course_id)
    return browser.as_(person)


def test_a_translation_of_the_text_in_force_says_nothing(learner: Browser) -> None:
    page = learner.open(FIRST)
    assert page.sees("Old text.") and not page.sees("older than")


def test_an_older_translation_says_so_and_leads_to_the_source(learner: Browser, app: FastAPI) -> None:
    publish(app, "Naujas tekstas.", "Old text.")
    page = learner.open(FIRST)
    assert page.sees("Old text.") and page.sees(NOTE)
    source = page.follow("Read it in Lithuanian")
    assert source.url.endswith(FIRST) and source.root.get("lang") == "lt"
    assert source.sees("Naujas tekstas.")
    assert not [url for url in source.links().values() if url.startswith("/language/lt")]


def test_only_the_page_that_lags_says_so(learner: Browser, app: FastAPI) -> None:
    publish(app, "Naujas tekstas.", "Old text.")
    borrowed = learner.open(f"/courses/{SLUG}/pages/page-2")
    assert borrowed.sees("is not translated yet") and not borrowed.sees("older than")


def test_it_lags_through_versions_until_it_is_translated_anew(learner: Browser, app: FastAPI) -> None:
    publish(app, "Naujas tekstas.", "Old text.")
    publish(app, "Naujausias tekstas.", "Old text.")
    assert learner.open(FIRST).sees(NOTE)
    publish(app, "Naujausias tekstas.", "New text.")
    page = learner.open(FIRST)
    assert page.sees("New text.") and not page.sees("older than")
