"""Certificates on pages and by API: in the record, checked by anybody, issued for earlier completions, revoked."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from fastapi import FastAPI
from pypdf import PdfReader

from app.accounts.models import Person
from app.accounts.rules import CERTIFICATE_MISSES
from app.certificates import queries
from app.jobs import handlers
from app.kit import clock, jobs
from app.kit.actor import Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.learning import actions as learning
from app.learning import queries as runs
from app.organisations.rules import Kind
from app.settings import Settings
from tests import factories
from tests.browser import Browser


@dataclass
class Town:
    learner: Person
    manager: Person
    neighbour: Person
    enrolment_id: int


@pytest.fixture
def town(sessions: Sessions, blobs: Blobs, settings: Settings) -> Iterator[Town]:
    with writing(sessions) as db:
        place = factories.an_organisation(db, "Utena", parent=factories.an_organisation(db), code="utenos-r-sav")
        office = factories.an_organisation(
            db, "The office", parent=place, code="utenos-r-administracija", kind=Kind.ADMINISTRATION
        )
        other = factories.an_organisation(db, "Elsewhere", parent=factories.an_organisation(db))
        factories.a_course(db, blobs, "short", owner=place, pages=1, questions=0)
        learner = factories.a_person(db, office, given_name="Rasa", family_name="Petrauskienė", lang="en")
        manager = factories.a_person(db, office, roles=[Role.MANAGER], at=place, lang="en")
        neighbour = factories.a_person(db, other, roles=[Role.MANAGER], lang="en")
        actor, run = factories.actor_for(db, learner), runs.run_for(db, learner.id, "short")
        assert run is not None
        learning.enrol(db, actor, person_id=learner.id, course_id=run.course_id)
        run = runs.run_for(db, learner.id, "short")
        assert run is not None and run.enrolment_id is not None
        learning.finish_page(db, actor, run, "page-1")
    yield Town(learner, manager, neighbour, run.enrolment_id)


def test_a_certificate_is_in_the_record_and_anybody_can_check_it(
    app: FastAPI, browser: Browser, town: Town, sessions: Sessions, settings: Settings
) -> None:
    learner = browser.as_(town.learner)
    record = learner.open("/learning/record")
    assert not record.sees("Certificate UTE") and record.sees("Confirmation")
    jobs.drain(sessions, handlers(settings))
    record = learner.open("/learning/record")
    number = f"UTE-{clock.today().year}-000001"
    assert record.sees(f"Certificate {number}")
    file = learner.client.get(f"/learning/record/{town.enrolment_id}/certificate")
    assert file.headers["content-type"] == "application/pdf" and number in file.headers["content-disposition"]
    text = " ".join(PdfReader(io.BytesIO(file.content)).pages[0].extract_text().split())
    assert "Rasa Petrauskienė" in text and number in text
    mine = learner.client.get("/api/v1/me/certificates").json()
    assert [(one["number"], one["state"], one["holder"]) for one in mine] == [(number, "valid", "Rasa Petrauskienė")]

    checked = record.follow(number)
    anybody = Browser(app)
    for page in (checked, anybody.open(checked.url)):
        assert page.h1 == "This certificate is valid" and page.sees("R. P.") and not page.sees("Petrauskienė")
        assert page.headers["cache-control"] == "no-store" and page.headers["x-robots-tag"] == "noindex"
    code = mine[0]["code"]
    typed = anybody.open("/verify").form("Check").fill(code=f" {code[:5].upper()}-{code[5:]} ").press("Check")
    assert typed.h1 == "This certificate is valid"
    wrong = anybody.open("/verify").form("Check").fill(code="UTE-1").press("Check")
    assert wrong.status == 422 and wrong.sees("Check it against the paper") and 'value="UTE-1"' in wrong.html
    said = anybody.client.get(f"/api/v1/certificates/{code}").json()
    assert (said["holder"], said["state"]) == ("R. P.", "valid")

    neighbour = Browser(app).as_(town.neighbour)
    assert neighbour.client.get(f"/managing/certificates/{code}").status_code == 404
    managed = browser.as_(town.manager).open("/managing/certificates").follow("Rasa Petrauskienė")
    empty = managed.form("Revoke the certificate").press("Revoke the certificate")
    assert empty.status == 422 and empty.sees("Say why. The reason is kept with the record.")
    done = empty.form("Revoke the certificate").fill(reason="Somebody else sat it.").press("Revoke the certificate")
    assert done.sees("Revoked") and done.sees("Somebody else sat it.")
    gone = anybody.open(checked.url)
    assert gone.h1 == "This certificate has been revoked" and not gone.sees("Somebody else")
    assert learner.open("/learning/record").sees(f"{number} · Revoked")


def test_codes_are_not_to_be_guessed(app: FastAPI, town: Town, sessions: Sessions, settings: Settings) -> None:
    jobs.drain(sessions, handlers(settings))
    with reading(sessions) as db:
        card = queries.of_enrolment(db, town.enrolment_id)
    assert card is not None
    anybody = Browser(app)
    for number in range(CERTIFICATE_MISSES.tries):
        way = "/verify" if number % 2 else "/api/v1/certificates"
        assert anybody.client.get(f"{way}/{number:027d}").status_code == 404
    for way in ("/verify", "/api/v1/certificates"):
        refused = anybody.client.get(f"{way}/{card.paper.key}")
        assert refused.status_code == 429 and int(refused.headers["retry-after"]) > 0
    with clock.at(clock.now() + CERTIFICATE_MISSES.window + timedelta(seconds=1)):
        assert anybody.client.get(f"/verify/{card.paper.key}").status_code == 200


def test_what_was_completed_before_is_certified_after_a_preview(
    browser: Browser, town: Town, sessions: Sessions, settings: Settings
) -> None:
    listed = browser.as_(town.neighbour).open("/managing/certificates")
    assert "See whose" not in listed.links() and listed.sees("No certificate is issued yet")
    manager = browser.as_(town.manager)
    listed = manager.open("/managing/certificates")
    assert listed.sees("1 completion has no certificate yet.")
    preview = listed.follow("See whose")
    assert preview.h1 == "1 certificate would be issued" and preview.sees("Petrauskienė, Rasa")
    later = preview.form("Show").fill(since="2999-01-01").press("Show")
    assert later.h1 == "0 certificates would be issued"
    wrong = manager.open("/managing/certificates/issue?since=soon")
    assert wrong.status == 422 and wrong.sees("Write the date as")
    done = preview.press("Issue 1 certificate")
    assert done.sees("1 certificate is being issued.")
    with writing(sessions) as db:  # the completion's own job comes too late
        assert queries.of_enrolment(db, town.enrolment_id) is None
    jobs.drain(sessions, handlers(settings))
    again = manager.open("/managing/certificates?q=petrauskiene")
    assert again.h1 == "1 certificate" and not again.sees("has no certificate yet")
