"""Saved views: kept, shared, narrowed to columns, and sent with the rights of whoever gets them."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import openpyxl
from sqlalchemy import delete, select

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.models import GrantRow, Person
from app.jobs import handlers
from app.kit import clock, jobs
from app.kit.actor import SYSTEM, Role
from app.kit.audit import AuditRow
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.kit.mail import Mail
from app.reporting import actions as reporting
from app.reporting.rules.views import Cadence, is_due
from app.requirements import actions as requirements
from tests import factories
from tests.browser import Browser, path_of
from tests.requirements.places import a_town, card
from tests.web.api.test_attempts import Program


def test_weekly_is_mondays_monthly_the_first_and_a_missed_day_is_caught_up_with_once() -> None:
    monday, tuesday, last_week = date(2026, 3, 2), date(2026, 3, 3), date(2026, 2, 27)
    assert is_due(Cadence.WEEKLY, monday, None) and not is_due(Cadence.WEEKLY, tuesday, None)
    assert is_due(Cadence.WEEKLY, tuesday, last_week) and not is_due(Cadence.WEEKLY, tuesday, monday)
    assert is_due(Cadence.MONTHLY, date(2026, 3, 1), last_week) and is_due(Cadence.MONTHLY, tuesday, last_week)
    assert not is_due(Cadence.MONTHLY, tuesday, date(2026, 3, 1)) and not is_due(Cadence.NEVER, monday, last_week)


def test_a_view_shows_and_sends_to_each_what_they_themselves_may_see(
    browser: Browser,
    sessions: Sessions,
    blobs: Blobs,
    settings,  # type: ignore[no-untyped-def]
) -> None:
    with clock.everywhere_at(datetime(2026, 3, 4, 8, tzinfo=UTC)):
        with writing(sessions) as db:
            town = a_town(db, blobs, (12, 3))
            library = town.institutions[0]
            requirements.require(
                db, town.manager, course_id=town.course_id, organisation=card(db, town.place), due_on=date(2026, 3, 31)
            )
            boss = factories.a_person(db, library, roles=[Role.MANAGER], lang="en")
            reader = factories.a_person(db, library, roles=[Role.ANALYST], lang="en")
            other = factories.a_person(db, town.institutions[1], roles=[Role.MANAGER], lang="en")
            nobody = factories.a_person(db, library, lang="en")
            names = [person.family_name for person in town.staff[library.id]]
            code = library.code
        owner = browser.as_(boss)
        form = owner.open(f"/managing/organisations/{code}?course=gdpr").follow("Save this view")
        assert form.press("Save", name="").status == 422
        saved = form.press("Save", name="Who is behind", shared="1")
        key = path_of(saved.url).rpartition("/")[2]
        assert saved.h1 == "Who is behind" and saved.sees(names[0]) and saved.sees("Course: GDPR")

        edit = saved.follow("Change")
        addresses = f"{boss.email}\n{reader.email}"
        wrong = edit.press("Save", cadence="weekly", recipients=f"{addresses}\n{nobody.email}")
        assert wrong.status == 422 and wrong.sees("nobody who sees figures of this place")
        changed = edit.press("Save", cadence="weekly", recipients=addresses, columns=["given-name", "due"])
        heads = ["".join(head.itertext()) for head in changed.all("main//thead//th")]
        assert heads == ["Family name", "Given name", "Due date"]

        # Shared: an analyst of the place sees its numbers and no name; a manager of another place nothing.
        mine, theirs = (Program(browser.app, one).ask("POST", f"/views/{key}/run") for one in (boss, reader))
        assert [one["title"] for one in mine["columns"]] == heads and mine["mine"] and not theirs["mine"]
        assert {row[0] for row in mine["rows"]} >= set(names) and ["2026-03-31"] in [row[2:] for row in mine["rows"]]
        assert theirs["rows"] and not {cell for row in theirs["rows"] for cell in row} & set(names)
        assert [one["key"] for one in Program(browser.app, reader).ask("GET", "/views")] == [key]
        assert Program(browser.app, other).ask("GET", "/views") == []
        Program(browser.app, other).ask("POST", f"/views/{key}/run", 404)
        with reading(sessions) as db:
            told = select(AuditRow.data).where(AuditRow.action == "figures.exported").order_by(AuditRow.id)
            assert [(one["kind"], one["names"]) for one in db.scalars(told)] == [("api", True), ("api", False)]
        page = browser.as_(reader).open(f"/managing/views/{key}")
        assert page.status == 200 and not any(name in page.html for name in (*names, boss.family_name))
        assert browser.as_(reader).open(f"/managing/views/{key}/edit", check=False).status == 404
        assert browser.as_(other).open(f"/managing/views/{key}", check=False).status == 404
        assert "Who is behind" not in browser.as_(other).open("/managing/views").html

    def monday(day: str) -> list[Mail]:
        with clock.everywhere_at(datetime.fromisoformat(f"{day}T06:00").replace(tzinfo=UTC)):
            with writing(sessions) as db:
                reporting.ask_for_due_views(db)
                reporting.ask_for_due_views(db)
            jobs.drain(sessions, handlers(settings))
            with reading(sessions) as db:
                since = clock.now()
                found = select(Mail).where(Mail.created_at >= since, Mail.subject.contains("Who is behind"))
                return list(db.scalars(found.order_by(Mail.id)))

    assert monday("2026-03-05") == [], "it was set up on a Wednesday"
    mails = monday("2026-03-09")
    assert {mail.person_id for mail in mails} == {boss.id, reader.id} and len(mails) == 2
    store = Blobs(settings.files)
    cells = {}
    for mail in mails:
        book = openpyxl.load_workbook(io.BytesIO(store.get(mail.attachment)))
        cells[mail.person_id] = [list(row) for row in book.worksheets[1].iter_rows(values_only=True)]
    assert cells[boss.id][0] == ["Family name", "Given name", "Due date"]
    assert {row[0] for row in cells[boss.id][1:]} >= set(names)
    assert not {cell for row in cells[reader.id] for cell in row} & set(names)

    with writing(sessions) as db:
        db.execute(delete(GrantRow).where(GrantRow.person_id == reader.id))
    mails = monday("2026-03-16")
    assert [(mail.person_id, bool(mail.attachment)) for mail in mails] == [(boss.id, True), (boss.id, False)]
    assert reader.email is not None and reader.email in mails[1].text

    with writing(sessions) as db:  # whose owner has left is sent to nobody
        gone = people.person_by_id(db, boss.id)
        assert gone is not None
        db.add(GrantRow(person_id=nobody.id, role=Role.MANAGER, organisation_id=library.id, granted_at=clock.now()))
        accounts.leave(db, SYSTEM, person=gone)
    assert monday("2026-03-23") == []
    with reading(sessions) as db:
        assert db.get_one(Person, boss.id).left_on is not None
