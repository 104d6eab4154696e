"""What a person is shown and given of everything that is kept about them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlalchemy import select

from app.accounts.models import Person
from app.kit import clock
from app.kit.audit import AuditRow
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.requirements import actions as requirements
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
