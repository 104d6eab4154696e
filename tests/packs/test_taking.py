"""A pack says of every step how it was taken: alone, in a group, on paper; or what stands for the course."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from app.accounts.models import Person
from app.accounts.queries import PersonCard, person_by_id
from app.catalog import queries as catalog
from app.cli import app as cli
from app.groups import actions as groups
from app.groups import queries as sessions_of
from app.jobs import handlers
from app.kit import clock, jobs, seal, signing
from app.kit.actor import Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.learning import queries as runs
from app.learning.rules import Kind
from app.organisations import queries as places
from app.packs import actions as packs
from app.packs import queries
from app.requirements import actions as requirements
from app.requirements import queries as required
from app.requirements.actions import Credit
from app.settings import Settings
from app.web.packing import making
from tests import factories
from tests.browser import Browser


def test_a_pack_says_how_each_step_was_taken(
    sessions: Sessions, blobs: Blobs, settings: Settings, browser: Browser, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    began = clock.now() - timedelta(days=20)
    work = handlers(settings)
    with clock.everywhere_at(began), writing(sessions) as db:
        place = factories.an_organisation(db, "Utenos biblioteka", parent=factories.an_organisation(db), code="lib")
        place.name_en = "Utena library"
        factories.a_course(db, blobs, "fire", owner=place, pages=2, questions=2, title="Fire safety")
        boss = factories.a_person(db, place, roles=[Role.MANAGER], lang="en", given_name="Aušra", family_name="Kava")
        names = ("Alone", "Group", "Paper", "Proof", "Nothing")
        people = {name: factories.a_person(db, place, given_name="Ona", family_name=name, lang="en") for name in names}
        run = runs.run_for(db, boss.id, "fire")
        head, card = catalog.course_by_slug(db, "fire"), places.by_code(db, "lib")
        assert run is not None and head is not None and card is not None
        leader = factories.actor_for(db, boss)
        rule = required.simple(run.course_id, place.id, (began + timedelta(days=10)).date())
        key = requirements.set_rule(db, leader, rule=rule).key
        said = Credit(Kind.PROOF_ACCEPTED, clock.today() - timedelta(days=3), "No. 7", None)
        requirements.record_evidence(
            db, leader, person=_card(db, people["Proof"]), subject=f"course:{run.course_id}", said=said
        )
    with clock.everywhere_at(began + timedelta(days=1)):
        with writing(sessions) as db:
            _reads(db, people["Alone"], "page-1", "page-2")
            _reads(db, people["Group"], "page-1")  # what one has read alone already stays so
            group = groups.plan(db, leader, course=head, place=card, starts_at=clock.now())
            groups.open_session(db, leader, group=group)
            groups.mark_present(db, leader, group=group, people=[_card(db, people[one]) for one in ("Group", "Paper")])
            for page in ("page-1", "page-2"):
                groups.watch(db, leader, group=group, page=page)
            roster = [one for one in sessions_of.members(db, group.id) if one.name == "Ona Paper"]
            groups.print_sheets(db, leader, group=group, quiz="test", people=roster)
            fresh = sessions_of.group_by_key(db, group.key)
            assert fresh is not None
            (sheet,) = sessions_of.sheets_at(db, group.id, "test")
            right = {one.question: {"options": ["right"]} for one in sheet.asked}
            groups.enter_sheet(db, leader, group=fresh, sheet=sheet, responses=right)
        jobs.drain(sessions, work)
    with writing(sessions) as db:
        one, unit = required.requirement_by_key(db, key, "en"), places.by_code(db, "lib")
        assert one is not None and unit is not None
        asked = packs.ask(db, leader, requirement=one, unit=unit, as_of=clock.today(), named=True)
    jobs.drain(sessions, work)
    with reading(sessions) as db:
        made = queries.by_key(db, asked)
    assert made is not None and made.blob, made
    archive = Blobs(settings.files).get(made.blob)
    with zipfile.ZipFile(io.BytesIO(archive)) as read:
        files = {name: read.read(name) for name in read.namelist()}
    data = json.loads(files["pack.json"])
    assert data["format"] == making.FORMAT == "klasteris-audit-pack/2"
    taken = {person["name"].partition(",")[0]: person["taken"] for person in data["people"]}
    day = (began + timedelta(days=1)).astimezone(clock.LOCAL).date().isoformat()
    led = {"on": day, "session": group.key, "place": "Utena library", "by": "Aušra Kava"}
    assert taken["Nothing"] == [] and taken["Alone"] == [{"how": "alone", "number": 2}]
    assert taken["Group"] == [{"how": "alone", "number": 1}, {"how": "group", "number": 1, "steps": ["page-2"], **led}]
    assert taken["Proof"] == [
        {
            "how": "external-proof",
            "number": 0,
            "on": (began - timedelta(days=3)).astimezone(clock.LOCAL).date().isoformat(),
        }
    ]
    watched, entered = taken["Paper"]
    assert watched == {"how": "group", "number": 2, "steps": ["page-1", "page-2"], **led}
    assert entered["how"] == "paper" and "test" in entered["steps"] and entered["by"] == "Aušra Kava"
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(files["pack.pdf"])).pages).split())
    for words in (
        f"Watched in a group, {day}, Utena library, led by Aušra Kava: 2 steps",
        "Alone: 2 steps",
        "Entered from paper by",
    ):
        assert words in text, words
    book = openpyxl.load_workbook(io.BytesIO(files["pack.xlsx"]))
    rows = list(book["4. Together and on paper"].iter_rows(values_only=True))
    assert len(rows) == 1 + 1 + len(watched["steps"]) + len(entered["steps"])
    assert {row[2] for row in rows[1:]} == {"Watched in a group", "Entered from paper"}
    assert {row[1] for row in rows[1:]} >= {"Page 2", "Test"} and "Certificate from elsewhere" in str(
        list(book["3. People"].values)
    )

    # Packs of the form before this one hold as they did, on the page and by the command.
    old = seal.sealed(
        {"pack.json": b"{}\n"}, {"format": "klasteris-audit-pack/1", "title": "Fire"}, signing.signer(settings.files)
    )
    form = browser.open("/verify").form("Check the pack")
    form.files["file"] = ("pack.zip", old)
    assert form.press("Check the pack").h1 == "This audit pack is genuine"
    (tmp_path / "old.zip").write_bytes(old)
    assert not cli(["verify", str(tmp_path / "old.zip")], standalone_mode=False)
    assert "not one byte was changed" in capsys.readouterr().out


def _card(db, person: Person) -> PersonCard:  # type: ignore[no-untyped-def]
    found = person_by_id(db, person.id)
    assert found is not None
    return found


def _reads(db, person: Person, *pages: str) -> None:  # type: ignore[no-untyped-def]
    from app.learning import actions as learning

    for page in pages:
        run = runs.run_for(db, person.id, "fire")
        assert run is not None
        learning.finish_page(db, factories.actor_for(db, person), run, page)
