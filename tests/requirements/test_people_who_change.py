"""Joiners, movers and leavers of a list: what each is asked for, what stays of them, and what is left after years."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import importer
from app.accounts import queries as people
from app.accounts.models import GrantRow, Person, Post
from app.accounts.rules import Keeping, PersonState, kept_until
from app.kit import audit, clock, xlsx
from app.kit.actor import SYSTEM, Role
from app.kit.blobs import Blobs
from app.kit.errors import Invalid
from app.kit.mail import Mail
from app.learning import actions as learning
from app.reporting import queries as reporting
from app.reporting.rules import ALL
from app.requirements import actions as requirements
from app.requirements import queries
from app.requirements.models import Assignment
from tests import factories
from tests.requirements.places import Town, a_town, card, complete

HEADINGS = ("Vardas", "Pavardė", "El. paštas", "Įstaigos kodas", "Pareigos", "Tabelio Nr.")


def a_workbook(*rows: tuple[object, ...], complete: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if complete:
        sheet.append(["Visas sąrašas", complete])
    sheet.append(list(HEADINGS))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def line(person: Person, code: str, title: str = "") -> tuple[object, ...]:
    return (person.given_name, person.family_name, person.email, code, title, None)


def run(db: Session, data: bytes) -> tuple[importer.ImportPlan, importer.Imported]:
    plan = importer.plan_import(db, SYSTEM, importer.read(data))
    done = importer.apply_import(
        db, SYSTEM, plan, move=requirements.move_person, leave=requirements.leave_person, invite=False
    )
    return plan, done


@pytest.fixture
def town(db: Session, blobs: Blobs) -> Town:
    """Two institutions, one course each; of the first institution the first person has completed it, the second not."""
    with clock.at(datetime(2026, 1, 5, 8, tzinfo=UTC)):
        town = a_town(db, blobs, (4, 2))
        other = factories.a_course(db, blobs, "other", pages=1, questions=0, title="OTHER")
        for course_id, place in ((town.course_id, town.institutions[0]), (other.course_id, town.institutions[1])):
            requirements.require(
                db, town.manager, course_id=course_id, organisation=card(db, place), due_on=date(2026, 3, 31)
            )
        complete(db, town.people[0], town.slug)
    return town


def test_a_workbook_is_read_as_its_cells_say(db: Session) -> None:
    data = a_workbook(("Ona", "Nauja", "ona@x.example", "kodas", "virėja", 1007), (), ("=1+1", "Ž", "", "k", None, 7.5))
    table = importer.read(data)
    assert (table.encoding, table.delimiter, [row.number for row in table.rows]) == ("Excel", "", [2, 4])
    assert table.rows[0].said("staff_number") == "1007" and table.rows[1].said("staff_number") == "7.5"
    assert importer.read(a_workbook(("A", "B", "", "k", "", 1), complete="utena-vb")).complete == "utena-vb"
    for broken in (data[:900], b"PK\x03\x04nothing", a_zip_of({"xl/workbook.xml": "<!DOCTYPE a><a/>"})):
        with pytest.raises(Invalid):
            importer.read(broken)
    with pytest.raises(xlsx.TooLarge):
        xlsx.rows(a_zip_of({"xl/workbook.xml": " " * (33 * 1024 * 1024)}), most=5)


def a_zip_of(parts: dict[str, str]) -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def test_a_list_brings_joiners_movers_and_leavers(db: Session, town: Town) -> None:
    first, second = town.institutions
    done, late, third, fourth = town.staff[first.id]
    stays = [line(person, first.code) for person in (done, third)]
    joins = ("Ona", "Nauja", "ona@new.example", first.code, "virėja", 1007)
    moves = line(late, second.code)
    with clock.at(datetime(2026, 2, 2, 8, tzinfo=UTC)):
        # Without the first line nobody leaves, whoever is missing.
        silent = importer.plan_import(db, SYSTEM, importer.read(a_workbook(*stays, joins)))
        assert (len(silent.new), silent.leavers) == (1, ())
        db.add(GrantRow(person_id=fourth.id, role=Role.ANALYST, organisation_id=first.id, granted_at=clock.now()))
        db.flush()
        # Somebody whom a rejected row may mean does not leave by it.
        wrong = (fourth.given_name, fourth.family_name, "not an address", first.code, "", None)
        spared = importer.plan_import(
            db, SYSTEM, importer.read(a_workbook(*stays, joins, moves, wrong, complete=first.code))
        )
        assert ([one.row.number for one in spared.rejected], spared.leavers, spared.spared) == ([7], (), 1)
        unknown = importer.plan_import(db, SYSTEM, importer.read(a_workbook(*stays, complete="no-such-place")))
        assert (unknown.leavers, [one.row.number for one in unknown.rejected]) == ((), [1])

        plan, said = run(db, a_workbook(*stays, joins, moves, complete=first.code))
        assert (said.new, said.moved, said.left, said.rejected) == (1, 1, 1, 0)
        assert [one.id for one in plan.leavers] == [fourth.id]
        again, nothing = run(db, a_workbook(*stays, joins, moves, complete=first.code))
        assert (nothing.new, nothing.changed, nothing.left, again.unchanged) == (0, 0, 0, 4)

        # The mover meets the new rules and is let go by the old ones.
        subjects = {one.subject for one in queries.periods_of(db, late.id, clock.today())}
        assert len(subjects) == 1 and f"course:{town.course_id}" not in subjects
        requirements.reach_newcomers(db)
        ona = people.person_cards(db, Person.email == "ona@new.example")[0]
        assert [one.subject for one in queries.periods_of(db, ona.id, clock.today())] == [f"course:{town.course_id}"]

        # The leaver: no sign-in, no role, nothing asked, and out of the figures; their post ended that day.
        row = db.get_one(Person, fourth.id)
        assert (row.state, row.left_on) == (PersonState.DISABLED, date(2026, 2, 2))
        assert not db.scalars(select(GrantRow).where(GrantRow.person_id == fourth.id)).all()
        assert queries.periods_of(db, fourth.id, clock.today()) == ()
        assert db.scalars(select(Post.ended_on).where(Post.person_id == fourth.id)).all() == [date(2026, 2, 2)]
        total = reporting.tallies(db, card(db, first), today=clock.today())
        assert sum(tally.assigned for tally in total.values()) == 3, "who stays, and who has come"
        assert learning.verify(db) == []

        # Back again: a new post; the old one stays ended.
        accounts.enable(db, SYSTEM, person=people.person_by_id(db, fourth.id))  # type: ignore[arg-type]
        assert len(db.scalars(select(Post).where(Post.person_id == fourth.id)).all()) == 2


def test_somebody_moved_twice_on_one_day_ends_where_the_last_move_says(db: Session, town: Town) -> None:
    """Each move ends a post and begins one; the post in between lasted no whole day, and is kept all the same."""
    first, second = town.institutions
    third = factories.an_organisation(db, "Third", parent=town.place)
    person = town.staff[first.id][0]
    with clock.at(datetime(2026, 2, 2, 8, tzinfo=UTC)):
        for place in (second, third, first, third):
            run(db, a_workbook(line(person, place.code)))
        posts = db.execute(
            select(Post.organisation_id, Post.started_on, Post.ended_on)
            .where(Post.person_id == person.id)
            .order_by(Post.id)
        ).all()
        day = date(2026, 2, 2)
        assert [tuple(row) for row in posts] == [
            (first.id, date(2026, 1, 5), day), (second.id, day, day), (third.id, day, day), (first.id, day, day),
            (third.id, day, None),
        ]  # fmt: skip
        # Evidence stays the person's; only what the last place asks is asked, and each run is counted once, there.
        assert [
            one.subject for one in queries.periods_of(db, person.id, clock.today()) if one.period.met_on is None
        ] == []
        assert learning.verify(db) == []
        counted = reporting.tallies(db, card(db, town.place), today=clock.today())
        assert sum(tally.enrolled for tally in counted.values()) == learning.how_many(db)


def test_after_their_time_the_record_of_a_leaver_has_no_name_and_no_figure_changes(db: Session, town: Town) -> None:
    first = town.institutions[0]
    person = town.staff[first.id][0]
    with clock.at(datetime(2026, 2, 2, 8, tzinfo=UTC)):
        run(db, a_workbook(*(line(one, first.code) for one in town.staff[first.id][1:]), complete=first.code))
        place = card(db, town.place)
        _, children = reporting.around(db, place)
        before = reporting.figures(db, place, children, today=clock.today(), names=True).totals[ALL]
        assert before.completed == 1, "what a leaver has completed stays counted"
    assert kept_until(date(2026, 2, 2), Keeping.DUTY) == date(2029, 12, 31)
    assert kept_until(date(2026, 2, 2), Keeping.CHOICE) == date(2027, 12, 31)
    names = (person.given_name, person.family_name, person.email or "")
    with clock.at(datetime(2029, 12, 31, 12, tzinfo=UTC)):
        assert requirements.forget_leavers(db) == 0
    with clock.at(datetime(2030, 1, 1, 12, tzinfo=UTC)):
        assert requirements.forget_leavers(db) == 1
        assert requirements.forget_leavers(db) == 0
    card_now = people.person_by_id(db, person.id)
    assert card_now is not None and not {card_now.given_name, card_now.family_name} & set(names)
    assert (card_now.email, card_now.staff_number, card_now.job_title) == (None, None, "")
    assert not db.scalars(select(Mail).where(Mail.person_id == person.id)).all()
    assert db.scalars(select(Assignment).where(Assignment.person_id == person.id)).all(), "what was done stays"
    after = reporting.figures(db, place, children, today=date(2026, 2, 2), names=True).totals[ALL]
    assert after == before and learning.verify(db) == [] and audit.broken_links(db) == []
