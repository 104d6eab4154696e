"""What a person is shown and given of everything that is kept about them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from typer.testing import CliRunner

from app.accounts.models import Person
from app.cli import app as cli
from app.cli import console
from app.kit import clock, mail
from app.kit.actor import Role
from app.kit.audit import AuditRow
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.kit.limits import DATA_REQUESTS_OPEN
from app.requirements import actions as requirements
from tests import factories
from tests.browser import Browser
from tests.requirements.places import a_town, card, complete


def test_rasa_reads_and_takes_along_what_is_kept_of_her_and_nothing_of_others(
    browser: Browser, sessions: Sessions, blobs: Blobs
) -> None:
    with clock.everywhere_at(datetime(2026, 1, 5, 8, tzinfo=UTC)), writing(sessions) as db:
        town = a_town(db, blobs, (2, 1))
        due = datetime(2026, 3, 31, tzinfo=UTC).date()
        requirements.require(db, town.manager, course_id=town.course_id, organisation=card(db, town.place), due_on=due)
        rasa, other = town.people[:2]
        complete(db, db.get_one(Person, rasa.id), town.slug)
        requirements.settle(db)
        places = [one.name for one in town.institutions]
    page = browser.as_(rasa).open("/account/data")
    assert page.h1 == "My data" and page.sees(rasa.family_name) and page.sees("2026-03-31")
    assert page.sees("Course completed") and "course.completed" not in page.html and "+00:00" not in page.html
    assert other.family_name not in page.html and places[1] not in page.html
    taken = page.browser.client.post("/account/data.json", headers={"Sec-Fetch-Site": "same-origin"})
    said = json.loads(taken.text)
    assert taken.headers["content-disposition"].startswith("attachment")
    assert {row["what"]: row["said"] for row in said["account"]}["E-mail"] == rasa.email
    assert [row["course"] for row in said["courses"]] == [town.slug] and said["courses"][0]["completed"]
    assert "course.completed" in [row["kind"] for row in said["evidence"]]
    assert [row["due"] for row in said["requirements"]] == ["2026-03-31"]
    assert len(said["evidence"]) >= 3 and other.family_name not in taken.text
    with reading(sessions) as db:
        row = db.scalars(select(AuditRow).where(AuditRow.action == "person.data-taken")).one()
        assert (row.actor_id, row.subject) == (rasa.id, rasa.key)


def test_a_question_has_a_date_is_put_off_once_and_answered_by_those_above(
    browser: Browser,
    sessions: Sessions,
    blobs: Blobs,
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with clock.everywhere_at(datetime(2026, 1, 31, 8, tzinfo=UTC)):
        with writing(sessions) as db:
            town = a_town(db, blobs, (1, 1))
            rasa, place, other = town.people[0], town.institutions[0], town.institutions[1]
            simona = factories.a_person(
                db, factories.an_organisation(db), roles=[Role.ADMINISTRATOR], at=place, lang="en"
            )
            elsewhere = factories.a_person(db, other, roles=[Role.ADMINISTRATOR], lang="en")
        page = browser.as_(rasa).open("/account/data")
        empty = page.press("Send", asked="erasure", text=" ")
        assert empty.status == 422 and dict(empty.form("Send").values)["asked"] == "erasure"
        assert page.press("Send", asked="correction", text="My post").sees("The answer is due by 2026-02-28")
        for n in range(DATA_REQUESTS_OPEN - 1):
            page.press("Send", asked="other", text=f"No. {n}")
        many = page.press("Send", asked="other", text="One too many")
        assert many.status == 422 and many.sees("that wait for an answer already")
        listed = browser.as_(simona).open("/admin").follow("Answer")
        assert listed.h1 == f"{DATA_REQUESTS_OPEN} questions wait for an answer"
        one = listed.follow(f"{rasa.given_name} {rasa.family_name}")
        assert browser.as_(elsewhere).open(one.url).status == 404
        assert browser.as_(elsewhere).open("/admin/data-requests").h1 == "No question waits for an answer"
    with clock.everywhere_at(datetime(2026, 2, 28, 8, tzinfo=UTC)):
        later = browser.as_(simona).open(one.url).press("Put it off", because="Two archives")
        assert later.sees("2026-04-30") and not later.sees("Put it off"), "three months after 31 January"
    with clock.everywhere_at(datetime(2026, 5, 4, 8, tzinfo=UTC)):
        late = browser.as_(simona).open(one.url)
        assert late.sees("4 days overdue") and browser.as_(simona).open("/admin/data-requests").sees("65 days overdue")
        assert (
            late.press("Send the answer", answer="Corrected").h1
            == f"{DATA_REQUESTS_OPEN - 1} questions wait for an answer"
        )
        monkeypatch.setenv("KLASTERIS_DATABASE_URL", engine.url.render_as_string(hide_password=False))
        monkeypatch.setenv("KLASTERIS_FILES", str(tmp_path / "files"))
        listed_there = CliRunner().invoke(cli, ["people", "requests"])
        console.close()
        assert listed_there.exit_code == 1, "somebody waits longer than the law allows"
        assert "late 2026-02-28" in listed_there.output and f"Late: {DATA_REQUESTS_OPEN - 1}." in listed_there.output
        again = browser.as_(simona).post(f"{one.url}/answer", {"answer": "Otherwise"})
        assert again.status == 422 and again.sees("This was answered already.")
        told = browser.as_(rasa).open("/account/data")
        assert told.sees("Corrected") and told.sees("Answered 2026-05-04")
        assert browser.as_(rasa).open("/notices").sees("Corrected")
    with reading(sessions) as db:
        letters = db.scalars(select(mail.Mail.subject).order_by(mail.Mail.id)).all()
        assert sum("asks about their data" in one for one in letters) == DATA_REQUESTS_OPEN
        assert letters[-2:] == ["The answer about your data takes longer", "The answer about your data"]
        deeds = [row.action for row in db.scalars(select(AuditRow).where(AuditRow.action.startswith("data.")))]
        assert deeds == ["data.asked"] * DATA_REQUESTS_OPEN + ["data.put-off", "data.answered"]
