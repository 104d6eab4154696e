"""Everybody and their courses as a file: the same people on every screenful, in batches, for those who see names."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest

from app.kit import clock
from app.kit.actor import SYSTEM, Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, writing
from app.requirements import actions as requirements
from app.requirements import queries
from app.requirements.queries import matrix
from tests import factories
from tests.browser import Browser
from tests.requirements.places import a_town, complete


@pytest.mark.parametrize("lang", ["en", "lt"])
def test_a_row_for_each_person_and_a_column_for_each_course(
    browser: Browser, sessions: Sessions, blobs: Blobs, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix, "BATCH", 2)  # five people are three batches
    today = clock.today()
    with writing(sessions) as db:
        town = a_town(db, blobs, (3, 2))
        factories.a_course(db, blobs, "chosen", pages=1, questions=0, title="=Chosen")
        rule = queries.simple(town.course_id, town.place.id, today + timedelta(days=20))
        requirements.set_rule(db, SYSTEM, rule=rule)
        complete(db, town.people[1], town.slug)
        manager, analyst = (factories.a_person(db, town.place, roles=[role]) for role in (Role.MANAGER, Role.ANALYST))
        names = [(one.family_name, one.given_name) for one in town.people]
        strangers = factories.a_person(
            db, factories.an_organisation(db, "Elsewhere", parent=factories.an_organisation(db))
        )
        stranger, code = strangers.family_name, town.place.code
    url = f"/managing/organisations/{code}/everybody"
    headers = {"Sec-Fetch-Site": "same-origin"}
    boss = browser.as_(manager).speaking(lang)
    page = boss.open(f"/managing/organisations/{code}")
    assert {f"{url}.csv", f"{url}.xlsx"} <= {form.element.get("action") for form in page.forms()}
    answer = boss.client.post(url + ".csv", headers=headers)
    assert answer.status_code == 200 and stranger not in answer.text
    heads, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert heads[4:] == ["GDPR"] and heads[0] == ("Family name" if lang == "en" else "Pavardė")
    assert {(row[0], row[1]) for row in rows} >= set(names) and len(rows) == 5 + 2
    said = {row[0]: row[4] for row in rows}
    assert said[names[1][0]] == today.isoformat(), "the day of completion"
    due = (today + timedelta(days=20)).isoformat()
    assert all(said[name].endswith(due) for name, _ in names[:1] + names[2:])
    if lang == "en":
        book = openpyxl.load_workbook(io.BytesIO(boss.client.post(url + ".xlsx", headers=headers).content))
        cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
        assert [row[0] for row in cells] == [heads[0], *(row[0] for row in rows)]
        done = next(row for row in cells if row[0] == names[1][0])
        assert done[4].date() == today and isinstance(done[4].date(), date)
        numbers = browser.as_(analyst)
        assert numbers.client.post(url + ".csv", headers=headers).status_code in (403, 404)
        assert not [
            f for f in numbers.open(f"/managing/organisations/{code}").forms() if url in f.element.get("action", "")
        ]
