"""A file that costs too much is refused with a sentence, and the server goes on; nothing of a course is lost on the way."""

from __future__ import annotations

from typing import Any

import pytest

from app.accounts.models import Person
from app.catalog import importer
from app.catalog.format import writer
from app.catalog.importer import apart
from app.kit import clock, worker
from app.kit.actor import Role
from app.kit.database import Sessions, writing
from tests.browser import Browser
from tests.factories import a_person, an_organisation, course_files
from tests.kit import heavy


def a_zip(slug: str) -> bytes:
    return writer.pack({path: text.encode() for path, text in course_files(slug).items()})


@pytest.fixture
def trainer(browser: Browser, sessions: Sessions) -> Browser:
    with writing(sessions) as db:
        person: Person = a_person(db, an_organisation(db, "School", code="school"), roles=[Role.TRAINER])
    return browser.as_(person)


def test_what_comes_back_from_another_process_is_what_would_have_been_made_here() -> None:
    data = a_zip("fire-safety")
    there = apart.look("course.zip", data, today=clock.today())
    with worker.in_process():
        here = apart.look("course.zip", data, today=clock.today())
    assert here.prepared is not None
    assert there == here
    assert there.examined == importer.examine("course.zip", data, today=clock.today())


@pytest.mark.parametrize("hostile", [heavy.spin, heavy.crash], ids=["spins", "crashes"])
def test_a_file_that_costs_too_much_is_refused_at_the_form(
    trainer: Browser, monkeypatch: pytest.MonkeyPatch, hostile: Any
) -> None:
    kept = worker.run
    monkeypatch.setattr(
        worker, "run", lambda *_a, **_k: worker.limited(hostile, cpu_seconds=1, memory=10**9, seconds=60)
    )
    page = trainer.open("/teaching/uploads/new").press("Check", file=("course.zip", a_zip("fire")))
    assert page.status == 422
    assert page.sees("Make it smaller, or part it into several files")
    monkeypatch.setattr(worker, "run", kept)
    page = trainer.open("/teaching/uploads/new").press("Check", file=("course.zip", a_zip("fire")))
    assert page.status == 200
    assert page.sees("We read course.zip")


def test_a_look_at_an_upload_that_costs_too_much_is_refused_in_words(
    trainer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = trainer.open("/teaching/uploads/new").press("Check", file=("course.zip", a_zip("fire")))
    monkeypatch.setattr(
        worker, "run", lambda *_a, **_k: worker.limited(heavy.crash, cpu_seconds=9, memory=10**9, seconds=60)
    )
    page = trainer.open(report.url + "/preview")
    assert page.status == 422
    assert page.sees("Make it smaller, or part it into several files")
