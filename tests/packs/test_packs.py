"""Audit packs: what was known on a day, in a form in which not one byte can change."""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from fastapi import FastAPI
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.models import Person, Post
from app.accounts.queries import PersonCard, person_by_id
from app.cli import app as cli
from app.jobs import handlers
from app.kit import clock, jobs, seal, signing
from app.kit.actor import Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.kit.errors import KitError, NotFound
from app.kit.seal import Fault
from app.learning import actions as learning
from app.learning import queries as runs
from app.learning.rules import CREDITS, Kind
from app.organisations import queries as places
from app.packs import access, queries, rules
from app.packs import actions as packs
from app.packs.rules import Column, How, PackState
from app.requirements import actions as requirements
from app.requirements import queries as required
from app.requirements.rules import Period, Status
from app.settings import Settings
from tests import factories
from tests.browser import Browser


def test_one_flipped_byte_anywhere_is_found_and_named(tmp_path: Path) -> None:
    signer = signing.signer(tmp_path)
    assert signing.signer(tmp_path).public == signer.public  # made once
    files = {"a.txt": b"one", "š.json": b'{"a": 1}'}
    whole = seal.sealed(files, {"format": "test/1"}, signer)
    verdict = seal.check(whole)
    assert verdict.whole and verdict.public == signer.public and verdict.about == {"format": "test/1"}
    with zipfile.ZipFile(io.BytesIO(whole)) as read:  # any program opens it
        assert read.testzip() is None and {name: read.read(name) for name in files} == files
    for at in range(len(whole)):
        for flip in (0x01, 0x20, 0x80):  # 0x20 turns a letter into its capital
            changed = bytearray(whole)
            changed[at] ^= flip
            assert not seal.check(bytes(changed)).whole, (at, flip)
    for other in (whole + b"\n", whole[:-1], b"\n" + whole, b"", whole[: len(whole) // 2]):
        assert not seal.check(other).whole

    def said(archive: bytes) -> list[tuple[Fault, str]]:
        return list(seal.check(archive).faults)

    assert said(whole.replace(b"one", b"two")) == [(Fault.CHANGED, "a.txt")]
    assert said(b"nothing") == [(Fault.NOT_ONE, "")]
    again = seal.sealed({**files, "b": b""}, {"format": "test/1"}, signer)
    # A file taken out, and one put in, of what was signed: both are told.
    manifest = seal._files(whole)[seal.MANIFEST]
    mixed = seal._archive({**seal._files(again), seal.MANIFEST: manifest})
    assert (Fault.ADDED, "b") in said(mixed) and (Fault.SIGNATURE, seal.MANIFEST) in said(mixed)
    less = {name: data for name, data in seal._files(whole).items() if name != "a.txt"}
    assert said(seal._archive(less)) == [(Fault.MISSING, "a.txt")]
    # Signed again by somebody else: nothing was changed, and the key is another's.
    forged = seal.check(seal.sealed(files, {"format": "test/1"}, signing.signer(tmp_path / "other")))
    assert forged.whole and forged.public != signer.public


def test_what_was_completed_later_had_not_been() -> None:
    day = date(2026, 3, 31)
    met = Period(1, date(2026, 1, 1), date(2026, 3, 15), date(2026, 4, 2), date(2027, 4, 2))
    period, how = rules.on_the_day(met, day, exempt=False, paused=False)
    assert how is Status.OVERDUE and period.met_on is None and period.valid_until is None
    assert rules.on_the_day(met, date(2026, 4, 2), exempt=False, paused=False)[1] is Status.COMPLETED
    assert rules.on_the_day(met, day, exempt=True, paused=False)[1] is Status.EXEMPT
    assert {rules.column(one) for one in Status} == set(Column)


def test_a_table_without_names_hides_small_groups_and_rounds_the_rest() -> None:
    stands = [("A", Column.COMPLETED)] * 23 + [("A", Column.OVERDUE)] * 3 + [("B", Column.COMPLETED)] * 12
    lines = rules.counted(stands)
    assert lines[0].numbers == (23, 0, 3, 0) and lines[-1] == rules.Line("", (35, 0, 3, 0), 38)
    shown = rules.without_names(lines)
    assert [line.place for line in shown] == ["A", "B", ""]
    assert shown[0].numbers[2] is None and 3 not in {n for line in shown for n in (*line.numbers, line.all)}
    assert all(n is None or n % 5 == 0 for line in shown for n in (*line.numbers, line.all))


def test_how_steps_were_taken() -> None:
    day, later = date(2026, 3, 2), date(2026, 3, 9)
    watched = [rules.Step(f"page-{n}", How.GROUP, day, "s1", "Library", "Aušra K") for n in (1, 2)]
    again = rules.Step("page-2", How.GROUP, later, "s2", "Library", "Aušra K")
    entered = rules.Step("test", How.PAPER, later, "s1", "Library", "Daiva J")
    alone, group, paper = rules.ways(7, [entered, again, *watched])
    assert alone == rules.Way(How.ALONE, 4) and paper == rules.Way(
        How.PAPER, 1, ("test",), later, "s1", "Library", "Daiva J"
    )
    # Shown once more a week later, the page counts where it was watched first.
    assert group == rules.Way(How.GROUP, 2, ("page-1", "page-2"), day, "s1", "Library", "Aušra K")
    assert rules.ways(3, []) == (rules.Way(How.ALONE, 3),) and rules.ways(0, []) == ()
    assert {one.value for one in Kind if one in CREDITS} == set(rules.CREDITED)


def test_a_training_report_counts_twelve_months() -> None:
    met = [("A", date(2026, 12, 1)), ("A", date(2026, 1, 5)), ("B", date(2025, 12, 15)), ("B", date(2026, 12, 16))]
    assert rules.training(met, date(2026, 12, 15)) == (rules.Training("A", 2, date(2026, 1, 5), date(2026, 12, 1)),)
    assert rules.report_days(date(2026, 11, 30)) == (date(2027, 2, 28), date(2029, 11, 30))


@dataclass
class Town:
    manager: Person
    analyst: Person
    neighbour: Person
    people: list[Person]
    requirement: str
    unit: str
    met_on: date


@pytest.fixture
def town(sessions: Sessions, blobs: Blobs, settings: Settings) -> Iterator[Town]:
    """Twelve people in two institutions: two have completed it, one is excused, one was moved away since."""
    began = clock.now() - timedelta(days=40)
    work = handlers(settings)
    with clock.at(began), writing(sessions) as db:
        place = factories.an_organisation(db, "Utena", parent=factories.an_organisation(db), code="utena")
        library = factories.an_organisation(db, "The library", parent=place, code="utena-library")
        office = factories.an_organisation(db, "The office", parent=place, code="utena-office")
        desk = factories.an_organisation(db, "The desk", parent=office, code="utena-desk")
        elsewhere = factories.an_organisation(db, "Elsewhere", parent=factories.an_organisation(db), code="elsewhere")
        factories.a_course(db, blobs, "hygiene", owner=place, pages=1, questions=0, title="Cyber hygiene")
        manager = factories.a_person(db, office, roles=[Role.MANAGER], at=place, lang="en", family_name="Manageris")
        analyst = factories.a_person(db, elsewhere, roles=[Role.ANALYST], at=place, lang="en")
        neighbour = factories.a_person(db, elsewhere, roles=[Role.MANAGER], lang="en")
        people = [
            factories.a_person(db, at, given_name="Ona", family_name=f"Kanapė{n}", lang="en")
            for n, at in enumerate([library] * 7 + [desk] * 4)
        ]
        course = runs.run_for(db, manager.id, "hygiene")
        assert course is not None
        rule = required.simple(
            course.course_id, place.id, (began + timedelta(days=10)).date(), legal_basis="Nutarimas Nr. 818"
        )
        rule = replace(rule, terms=replace(rule.terms, valid_months=12, window_days=60), template="cyber")
        requirement = requirements.set_rule(db, factories.actor_for(db, manager), rule=rule).key
    with clock.at(began + timedelta(days=2)):
        with writing(sessions) as db:
            boss = factories.actor_for(db, manager)
            for person in people[:2]:
                _finish(db, person)
            requirements.exempt(
                db,
                boss,
                people=[_card(db, people[2])],
                subject=f"course:{course.course_id}",
                reason="On parental leave",
            )
            met_on = clock.today()
        jobs.drain(sessions, work)
    with clock.at(began + timedelta(days=20)):
        with writing(sessions) as db:
            requirements.send_due_reminders(db, base_url=settings.base_url)
        jobs.drain(sessions, work)
        with writing(sessions) as db:
            requirements.move_person(db, boss, person_id=people[3].id, organisation_id=elsewhere.id)
            _finish(db, people[4])
        jobs.drain(sessions, work)
    yield Town(manager, analyst, neighbour, people, requirement, "utena", met_on)


def _card(db: Session, person: Person) -> PersonCard:
    found = person_by_id(db, person.id)
    assert found is not None
    return found


def _finish(db: Session, person: Person) -> None:
    run = runs.run_for(db, person.id, "hygiene")
    assert run is not None
    learning.finish_page(db, factories.actor_for(db, person), run, "page-1")


def _gathered(db: Session, town: Town, day: date) -> dict[str, tuple[str, str]]:
    one, unit = required.requirement_by_key(db, town.requirement, "en"), places.by_code(db, town.unit)
    assert one is not None and unit is not None
    facts = queries.gather(db, one, unit, day, "en")
    return {stand.name: (stand.status.value, stand.institution) for stand in facts.stands}


def test_a_pack_is_about_no_more_people_than_memory_holds(
    town: Town, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.packs.queries.PACK_PEOPLE", 11)
    with reading(sessions) as db:
        assert len(_gathered(db, town, clock.today())) == 11
        with pytest.raises(KitError, match="too many people"):
            _gathered(db, town, town.met_on)


def test_a_pack_knows_what_was_known_on_the_day(town: Town, sessions: Sessions) -> None:
    with reading(sessions) as db:
        early = _gathered(db, town, town.met_on - timedelta(days=1))
        then = _gathered(db, town, town.met_on)
        now = _gathered(db, town, clock.today())
    moved = "Kanapė3, Ona"
    assert len(early) == len(then) == 12 and len(now) == 11 and moved not in now
    assert {how for how, _place in early.values()} == {"due-soon"}
    assert then["Kanapė0, Ona"] == ("completed", "The library") and then["Kanapė2, Ona"][0] == "exempt"
    assert then[moved][1] == "The library" and then["Kanapė4, Ona"][0] == "due-soon"
    assert now["Kanapė4, Ona"][0] == "completed" and now["Kanapė5, Ona"][0] == "overdue"
    # The desk is a unit of the office, and is counted with it.
    assert now["Kanapė8, Ona"] == ("overdue", "The office")


def test_a_manager_makes_a_pack_and_anybody_can_check_it(
    app: FastAPI, browser: Browser, town: Town, sessions: Sessions, settings: Settings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr("app.web.packing.paper.PACK_PRINTED", 7)
    manager = browser.as_(town.manager)
    page = manager.open(f"/managing/assignments/{town.requirement}").press("Audit pack")
    assert page.h1 == "Cyber hygiene" and page.sees("Being made") and page.sees("0 of 4 steps")
    again = manager.open(f"/managing/assignments/{town.requirement}").press("Audit pack")
    assert again.url == page.url  # one that is being made is not made twice
    assert manager.client.get(f"{page.url}/file").status_code == 409
    jobs.drain(sessions, handlers(settings))
    page = manager.open(page.url)
    assert page.sees("Ready") and page.sees(signing.fingerprint(signing.signer(settings.files).public))
    file = manager.client.get(f"{page.url}/file")
    assert file.headers["content-type"] == "application/zip"
    pack = file.content
    assert seal.check(pack).whole
    flips = random.Random(5)
    for at in {flips.randrange(len(pack)) for _ in range(60)} | {0, len(pack) - 1}:
        assert not seal.check(pack[:at] + bytes([pack[at] ^ 1]) + pack[at + 1 :]).whole, at

    with zipfile.ZipFile(io.BytesIO(pack)) as read:
        files = {name: read.read(name) for name in read.namelist()}
    assert set(files) == {"README.txt", "pack.json", "pack.pdf", "pack.xlsx", "manifest.json", "signature.json"}
    data = json.loads(files["pack.json"])
    assert data["requirement"]["legal_basis"] == "Nutarimas Nr. 818"
    people = {one["name"]: one for one in data["people"]}
    with reading(sessions) as db:
        version = runs.run_for(db, town.people[0].id, "hygiene")
        assert version is not None
    proof = people["Kanapė0, Ona"]["evidence"]
    assert proof["sha256"] == version.digest and proof["kind"] == "course.completed" and proof["certificate"]
    assert data["versions"] == [
        {"version": "1.0", "sha256": version.digest, "published_at": data["versions"][0]["published_at"]}
    ]
    assert people["Kanapė2, Ona"]["excused"] == "On parental leave" and people["Kanapė2, Ona"]["status"] == "exempt"
    assert {row["about"] for row in data["reminders"]} >= {"Kanapė5, Ona"} and len(data["training"]) == 1
    assert data["training"][0] == {
        "institution": "The library", "participants": 3, "first": town.met_on.isoformat(),
        "last": people["Kanapė4, Ona"]["completed_on"],
    }  # fmt: skip
    pdf = PdfReader(io.BytesIO(files["pack.pdf"]))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and str(root["/Lang"]) == "en"
    text = " ".join(" ".join(one.extract_text() for one in pdf.pages).split())
    for words in ("Nutarimas Nr. 818", "On parental leave", "Training report", "Report due by", version.digest[:12],
                  proof["certificate"], "Kanapė5, Ona", "Reminders sent", "The office",
                  "Printed here are the first 7 rows of 11. All of them stand in pack.xlsx"):  # fmt: skip
        assert words in text, words
    assert sum(f"{name} {one['place']}" in text for name, one in people.items()) == 7, "of the table of people only"
    book = openpyxl.load_workbook(io.BytesIO(files["pack.xlsx"]))
    assert len(book.sheetnames) == 6 and book[book.sheetnames[3]].max_row == 12

    anybody = Browser(app)
    form = anybody.open("/verify").form("Check the pack")
    form.files["file"] = ("pack.zip", pack)
    checked = form.press("Check the pack")
    assert checked.h1 == "This audit pack is genuine" and checked.sees("Cyber hygiene")
    form.files["file"] = ("pack.zip", pack.replace(b"On parental leave", b"On parental Leave"))
    assert form.press("Check the pack").sees("pack.json is not what was signed.")
    form.files["file"] = ("pack.zip", seal.sealed({"a": b""}, {}, signing.signer(tmp_path / "another")))
    assert form.press("Check the pack").h1 == "This was not signed here"
    form.files["file"] = ("pack.zip", b"PK\x03\x04" * 50)
    assert form.press("Check the pack").sees("not an audit pack")
    keys = anybody.client.get("/.well-known/klasteris-keys.json").json()["keys"]
    assert [one["current"] for one in keys] == [True] and "BEGIN PUBLIC KEY" in keys[0]["pem"]

    # The command needs no database: there is none at this address.
    monkeypatch.setenv("KLASTERIS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    kept = tmp_path / "pack.zip"
    kept.write_bytes(pack)
    assert _verify(str(kept), "--key", keys[0]["fingerprint"]) == 0
    assert "not one byte was changed" in capsys.readouterr().out
    assert _verify(str(kept), "--key", "0000 1111") == 1
    kept.write_bytes(pack[:-1])
    assert _verify(str(kept)) == 1

    # The names in it are kept until the end of the third year, and go with it.
    kept_file = Blobs(settings.files).path(hashlib.sha256(pack).hexdigest())
    with writing(sessions) as db:
        assert packs.forget_old(db, Blobs(settings.files)) == 0 and kept_file.exists()
    with clock.at(clock.now() + timedelta(days=4 * 366)), writing(sessions) as db:
        assert packs.forget_old(db, Blobs(settings.files)) == 1 and not kept_file.exists()
        db.rollback()

    neighbour = Browser(app).as_(town.neighbour)
    assert neighbour.client.get(page.url).status_code == 404
    refused = neighbour.open("/managing/packs").form("Make the pack")
    refused.values = [("requirement", town.requirement), ("organisation", town.unit)]
    assert refused.press("Make the pack").sees("Choose one of your organisations.")


def _verify(*arguments: str) -> int:
    """The command's exit code."""
    return int(cli(["verify", *arguments], standalone_mode=False) or 0)


def test_an_analyst_gets_the_pack_without_names(
    browser: Browser, town: Town, sessions: Sessions, settings: Settings
) -> None:
    analyst = browser.as_(town.analyst)
    form = (
        analyst.open("/managing/packs")
        .form("Make the pack")
        .fill(requirement=town.requirement, organisation=town.unit, as_of="soon")
    )
    wrong = form.press("Make the pack")
    assert wrong.status == 422 and wrong.sees("Write the date as") and 'value="soon"' in wrong.html
    page = wrong.form("Make the pack").fill(as_of=clock.today().isoformat()).press("Make the pack")
    jobs.drain(sessions, handlers(settings))
    with reading(sessions) as db:
        card = queries.by_key(db, page.url.rpartition("/")[2])
    assert card is not None and card.state is PackState.READY and not card.named
    pack = analyst.client.get(f"{page.url}/file").content
    assert seal.check(pack).whole and seal.check(pack).about["names"] is False
    with zipfile.ZipFile(io.BytesIO(pack)) as read:
        data, files = json.loads(read.read("pack.json")), {name: read.read(name) for name in read.namelist()}
    assert data["people"] == data["reminders"] == data["training"] == []
    numbers = [one for line in data["by_institution"] for one in (*line["numbers"], line["all"])]
    assert None in numbers and all(one is None or one % 5 == 0 for one in numbers)
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(files["pack.pdf"])).pages)
    book = openpyxl.load_workbook(io.BytesIO(files["pack.xlsx"]))
    cells = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    for name in ("Kanapė", "Manageris", "parental"):
        assert name not in text and name not in cells and name.encode() not in files["pack.json"]
    assert analyst.client.get("/managing/certificates").status_code == 403
    # About a part of the place there is none: it would show what the figures of the whole hide.
    offered = [
        option.get("value") for option in analyst.open("/managing/packs").all("select[@name='organisation']//option")
    ]
    assert town.unit in offered and "utena-library" not in offered
    with reading(sessions) as db:
        actor = accounts.actor_of(db, town.analyst.id)
        assert actor is not None
        with pytest.raises(NotFound):
            access.unit_for(db, actor, "utena-library")


def test_a_moved_post_is_where_it_was(sessions: Sessions, town: Town) -> None:
    """The post of the day decides, not that of today; a day before anybody's first post takes the present place."""
    with writing(sessions) as db:
        db.query(Post).filter(Post.person_id == town.people[5].id).update({"started_on": clock.today()})
        then = _gathered(db, town, town.met_on)
    assert then["Kanapė5, Ona"][1] == "The library"
