"""People from a table: what is read, what is planned, what is done."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import actions, importer, queries
from app.accounts.importer import ImportPlan, Table
from app.accounts.models import Person, Post
from app.accounts.rules import PersonState, is_personal_code
from app.kit import audit, csvfile, limits
from app.kit.actor import SYSTEM, Actor, Role
from app.kit.errors import Conflict, Invalid
from app.kit.jobs import Job
from tests.accounts.conftest import World

HEADINGS = "Vardas;Pavardė;El. paštas;Įstaigos kodas;Pareigos;Tabelio Nr.;Kalba"


def a_file(*lines: str, headings: str = HEADINGS, encoding: str = "utf-8-sig") -> bytes:
    return ("\r\n".join((headings, *lines)) + "\r\n").encode(encoding)


def move(db: Session, actor: Actor, *, person_id: int, organisation_id: int) -> None:
    actions.change_post(db, actor, person_id=person_id, organisation_id=organisation_id)


def run(world: World, data: bytes, actor: Actor = SYSTEM) -> tuple[ImportPlan, importer.Imported]:
    plan = importer.plan_import(world.db, actor, importer.read(data))
    return plan, importer.apply_import(world.db, actor, plan, move=move)


ONE = "Rasa;Petraitė;rasa@utena.example;utena-vb;bibliotekininkė;10442;lt"


@pytest.mark.parametrize(
    ("encoding", "delimiter", "name"),
    [
        ("utf-8-sig", ";", "UTF-8 (BOM)"),
        ("utf-8", ",", "UTF-8"),
        ("cp1257", ";", "Windows-1257"),
        ("utf-16", "\t", "UTF-16"),
    ],
)
def test_every_way_a_spreadsheet_writes_a_table_is_read(encoding: str, delimiter: str, name: str) -> None:
    data = a_file(ONE.replace(";", delimiter), headings=HEADINGS.replace(";", delimiter), encoding=encoding)
    table = importer.read(data)
    assert (table.encoding, table.delimiter) == (name, delimiter)
    (row,) = table.rows
    assert row.number == 2 and row.name == "Rasa Petraitė" and row.said("job_title") == "bibliotekininkė"


@pytest.mark.parametrize(
    "headings",
    [
        "vardas;pavarde;el_pastas;istaiga;pareigos;tab_nr;kalba",
        "Given name;Family name;E-mail;Institution code;Job title;Staff number;Language",
        "Fornavn;Etternavn;E-post;Virksomhetskode;Stilling;Ansattnummer;Språk",
    ],
)
def test_headings_are_known_in_three_languages(headings: str) -> None:
    (row,) = importer.read(a_file(ONE, headings=headings)).rows
    assert set(row.fields) == set(importer.FIELD_NAMES)


def test_blank_lines_count_as_rows_and_are_no_people() -> None:
    table = importer.read(a_file("", ONE, ";;;;;;", ONE))
    assert [row.number for row in table.rows] == [3, 5]


def test_a_cell_may_hold_a_line_break_and_quotes() -> None:
    (row,) = importer.read(a_file('Rasa;Petraitė;rasa@utena.example;utena-vb;"vyr.\nspecialistė ""A""";1;lt')).rows
    assert row.said("job_title") == 'vyr. specialistė "A"'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xef\xbb\xbf\r\n",
        a_file(),
        a_file(ONE, headings="Vardas;Pavardė;El. paštas"),
        a_file(ONE, headings="Vardas;Vardas;El. paštas;Įstaigos kodas"),
        a_file("Rasa;Petraitė;utena-vb", headings="Vardas;Pavardė;Įstaigos kodas"),
        b"PK\x03\x04\x00\x00\x00 a workbook, not a table",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        a_file(ONE.replace("Rasa", "Ra\x00sa")),
        b"\xff\xfe\x00",
        b"\x81\x8d\x90",
        b'"' * 200_000,
    ],
)
def test_what_is_no_table_of_people_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        importer.read(data)
    assert str(refusal.value.fields["file"])


def test_a_file_beyond_the_limits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "IMPORT_ROWS", 2)
    importer.read(a_file(ONE, ONE))
    with pytest.raises(Invalid):
        importer.read(a_file(ONE, ONE, ONE))
    monkeypatch.setattr(limits, "IMPORT_BYTES", 100)
    with pytest.raises(Invalid):
        importer.read(a_file(ONE, ONE))


def test_a_column_of_personal_codes_is_noticed_and_not_read() -> None:
    table = importer.read(a_file(ONE + ";38501010001", headings=HEADINGS + ";Asmens kodas"))
    assert table.personal_codes and table.ignored == ("Asmens kodas",)
    assert "38501010001" not in table.rows[0].fields.values()


def test_a_trial_changes_nothing(world: World) -> None:
    before = world.db.scalar(select(func.count(Person.id)))
    plan = importer.plan_import(world.db, SYSTEM, importer.read(a_file(ONE)))
    assert len(plan.new) == 1
    assert world.db.scalar(select(func.count(Person.id))) == before


def test_a_new_person_gets_a_post_and_an_invitation(world: World) -> None:
    _, done = run(world, a_file(ONE, "Ona;Be pašto;;UTENA-VB;;17;"))
    assert (done.new, done.invited) == (2, 1)
    rasa = world.db.scalars(select(Person).where(Person.email == "rasa@utena.example")).one()
    assert (rasa.state, rasa.staff_number, rasa.organisation_id) == (PersonState.INVITED, "10442", world.library.id)
    assert world.db.scalar(select(Post.title).where(Post.person_id == rasa.id)) == "bibliotekininkė"
    job = world.db.scalars(select(Job).where(Job.kind == "accounts.invite")).one()
    assert job.data == {"person_ids": [rasa.id]}


def test_importing_again_changes_nothing(world: World) -> None:
    data = a_file(ONE, "Ona;Be pašto;;utena-vb;;17;en")
    run(world, data)
    before = audit.count(world.db)
    plan, done = run(world, data)
    assert (done.new, done.changed, done.unchanged, plan.rejected) == (0, 0, 2, ())
    assert audit.count(world.db) == before + 1, "only that there was an import"


def test_people_are_recognised_by_address_or_by_institution_and_number(world: World) -> None:
    run(world, a_file(ONE))
    plan, _ = run(world, a_file("Rasa;Petraitė-Jonė;rasa@utena.example;utena-vb;;;"))
    assert plan.changed[0].fields == {"family_name": ("Petraitė", "Petraitė-Jonė")}
    plan, _ = run(world, a_file("Rasa;Petraitė-Jonė;rasa.jone@utena.example;utena-vb;;10442;"))
    assert plan.changed[0].fields == {"email": ("rasa@utena.example", "rasa.jone@utena.example")}


def test_an_empty_cell_erases_nothing(world: World) -> None:
    run(world, a_file(ONE))
    plan, _ = run(world, a_file("Rasa;Petraitė;rasa@utena.example;utena-vb;;;"))
    assert plan.unchanged == 1


def test_a_mover_goes_through_the_verb_that_takes_learning_along(world: World) -> None:
    run(world, a_file(ONE))
    plan = importer.plan_import(world.db, SYSTEM, importer.read(a_file(ONE.replace("utena-vb", "birzai-vsb"))))
    assert [c.moves_to.code for c in plan.movers if c.moves_to] == ["birzai-vsb"]
    moved: list[tuple[int, int]] = []

    def taking_learning_along(db: Session, actor: Actor, *, person_id: int, organisation_id: int) -> None:
        moved.append((person_id, organisation_id))
        move(db, actor, person_id=person_id, organisation_id=organisation_id)

    done = importer.apply_import(world.db, SYSTEM, plan, move=taking_learning_along)
    assert done.moved == 1 and moved == [(plan.movers[0].person.id, world.bureau.id)]


def a_personal_code() -> str:
    return next(code for n in range(10) if is_personal_code(code := f"3850101012{n}"))


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (";Petraitė;r@utena.example;utena-vb;;;", "given_name"),
        ("Rasa;;r@utena.example;utena-vb;;;", "family_name"),
        ("R" * 101 + ";P;r@utena.example;utena-vb;;;", "given_name"),
        ("Rasa;P;jonas.petkus@utena;utena-vb;;;", "email"),
        ("Rasa;P;danute bielskiene@utena.lt;utena-vb;;;", "email"),
        ("Rasa;P;;utena-vb;;;", "email"),
        ("Rasa;P;r@utena.example;kultura;;;", "organisation"),
        ("Rasa;P;r@utena.example;;;;", "organisation"),
        ("Rasa;P;r@utena.example;utena-vb;;a/b;", "staff_number"),
        (f"Rasa;P;r@utena.example;utena-vb;;{a_personal_code()};", "staff_number"),
        ("Rasa;P;r@utena.example;utena-vb;;;klingonų", "lang"),
        ("Rasa;P;r@utena.example;utena-vb;" + "t" * 201 + ";;", "job_title"),
        ("Rasa;P", "email"),
    ],
)
def test_a_row_that_cannot_be_taken_says_where_why_and_how(world: World, line: str, column: str) -> None:
    plan = importer.plan_import(world.db, SYSTEM, importer.read(a_file(ONE, line)))
    (rejected,) = plan.rejected
    assert (rejected.row.number, rejected.column) == (3, column)
    assert str(rejected.why) and str(rejected.fix)
    assert len(plan.new) == 1, "the good row is not lost"


def test_a_misspelt_institution_gets_a_suggestion(world: World) -> None:
    plan = importer.plan_import(world.db, SYSTEM, importer.read(a_file("Rasa;P;r@utena.example;utenos-vb;;;")))
    assert "utena-vb" in str(plan.rejected[0].fix)


def test_the_second_of_two_rows_about_one_person_is_rejected(world: World) -> None:
    again = ONE.replace("rasa@", "RASA@").replace("10442", "")
    number = "Kita;Moteris;kita@utena.example;utena-vb;;10442;"
    plan = importer.plan_import(world.db, SYSTEM, importer.read(a_file(ONE, again, number)))
    assert [(r.row.number, r.column, str(r.why)) for r in plan.rejected] == [
        (3, "email", "Repeats row 2"),
        (4, "staff_number", "Repeats row 2"),
    ]


def test_an_address_of_one_and_a_number_of_another_is_rejected(world: World) -> None:
    run(world, a_file(ONE, "Ona;Kita;ona@utena.example;utena-vb;;17;"))
    plan = importer.plan_import(world.db, SYSTEM, importer.read(a_file("Rasa;P;rasa@utena.example;utena-vb;;17;")))
    assert plan.rejected[0].column == "staff_number"


def test_an_administrator_imports_only_into_their_own_organisations(world: World) -> None:
    admin = world.administrator(world.utena)
    plan = importer.plan_import(world.db, admin, importer.read(a_file(ONE, ONE.replace("utena-vb", "birzai-vsb"))))
    assert len(plan.new) == 1 and plan.rejected[0].column == "organisation"
    assert "birzai" not in str(plan.rejected[0].fix).lower()


def test_an_import_takes_nobody_from_elsewhere_and_no_account_with_a_role_above(world: World) -> None:
    admin = world.administrator(world.utena)
    world.person("Jonas", "Biržietis", at=world.bureau, email="jonas@birzai.example")
    chief = world.person("Vyr", "Administratorė", email="vyr@utena.example", staff_number="1")
    actions.give_grant(world.db, SYSTEM, person=chief, role=Role.ADMINISTRATOR, organisation=world.country)
    lines = ("Jonas;Biržietis;jonas@birzai.example;utena-vb;;;", "Vyr;Administratorė;mano@utena.example;utena-vb;;1;")
    plan = importer.plan_import(world.db, admin, importer.read(a_file(*lines)))
    assert len(plan.rejected) == 2 and not plan.changed


def test_a_disabled_person_stays_disabled(world: World) -> None:
    run(world, a_file(ONE))
    rasa = queries.person_cards(world.db, Person.email == "rasa@utena.example")[0]
    actions.disable(world.db, SYSTEM, person=rasa)
    run(world, a_file(ONE.replace("bibliotekininkė", "vedėja")))
    again = queries.person_by_id(world.db, rasa.id)
    assert again is not None and (again.state, again.job_title) == (PersonState.DISABLED, "vedėja")


def test_a_row_overtaken_by_somebody_faster_undoes_the_whole_import(world: World) -> None:
    run(world, a_file(ONE))
    data = a_file(ONE.replace("rasa@", "nauja@"))
    plan = importer.plan_import(world.db, SYSTEM, importer.read(data))
    world.person("Greita", "Ona", email="nauja@utena.example")
    with pytest.raises(Conflict) as refusal:
        importer.apply_import(world.db, SYSTEM, plan, move=move)
    assert "Row 2" in str(refusal.value)


def test_the_rejected_rows_come_back_as_a_file_that_can_be_corrected_and_imported(world: World) -> None:
    plan = importer.plan_import(
        world.db, SYSTEM, importer.read(a_file(ONE, "=cmd|x;Petkus;jonas@utena;utena-vb;-2+3;@5;"))
    )
    data = importer.rejected_csv(plan)
    text = data.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Row;Vardas;Pavardė") and text.splitlines()[1].startswith("3;'=cmd|x;Petkus")
    assert data.startswith(b"\xef\xbb\xbf")
    (row,) = importer.read(data).rows
    assert row.said("given_name") == "=cmd|x" and row.said("job_title") == "-2+3"


def test_the_empty_table_can_be_read_back() -> None:
    (row,) = importer.read(importer.template_csv()).rows
    assert row.name == "Vardenė Pavardenė"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_written_as_text(cell: str) -> None:
    assert csvfile.neutral(cell) == f"'{cell}" and csvfile.plain(csvfile.neutral(cell)) == cell


def test_a_cell_that_is_text_stays_as_it_is() -> None:
    assert [csvfile.neutral(c) for c in ("Rasa", "", None, 5, "'t Hooft")] == ["Rasa", "", "", "5", "'t Hooft"]


def test_a_municipality_of_1250_rows(world: World) -> None:
    """1,231 new, 12 changed, 7 rejected: two addresses, three institutions, two repetitions. And again: nothing."""
    run(
        world, a_file(*(f"Sena{n};Pavardaitė{n};sena{n}@utena.example;utena-vb;specialistė;S{n};lt" for n in range(12)))
    )
    lines = [f"Nauja{n};Žmogaitė{n};nauja{n}@utena.example;utena-vb;specialistė;N{n};lt" for n in range(1231)]
    known = [f"Sena{n};Pavardaitė{n};sena{n}@utena.example;utena-vb;vyr. specialistė;S{n};lt" for n in range(9)]
    known += [f"Sena{n};Pavardaitė{n};sena{n}@utena.example;utena;specialistė;S{n};lt" for n in range(9, 12)]
    lines[100:100] = known
    bad = {
        48: "Jonas;Petkus;jonas.petkus@utena;utena-vb;;48;",
        213: "Danutė;Bielskienė;danute bielskiene@utena.example;utena-vb;;213;",
        377: "Marius;Lukša;m@utena.example;Utenos kult. centras;;377;",
        378: "Rita;Jurgelienė;r@utena.example;Utenos kult. centras;;378;",
        640: "Rūta;Žilinskienė;ruta@utena.example;utena-vb;;N10;",
        902: "Edita;Vilkaitė;e@utena.example;;;902;",
        1117: "Andrius;Mačys;NAUJA20@utena.example;utena-vb;;1117;",
    }
    for number, line in bad.items():
        lines.insert(number - 2, line)
    data = a_file(*lines)
    plan: ImportPlan = importer.plan_import(world.db, SYSTEM, importer.read(data))
    table: Table = plan.table
    assert (plan.total, plan.fitting, len(table.rows)) == (1250, 1243, 1250)
    assert (len(plan.new), len(plan.changed), len(plan.movers), plan.unchanged) == (1231, 12, 3, 0)
    assert [r.row.number for r in plan.rejected] == list(bad)
    assert [r.column for r in plan.rejected].count("organisation") == 3
    done = importer.apply_import(world.db, SYSTEM, plan, move=move)
    assert (done.new, done.changed, done.moved, done.rejected, done.invited) == (1231, 12, 3, 7, 1231)
    again, nothing = run(world, data)
    assert (nothing.new, nothing.changed, nothing.unchanged, nothing.rejected) == (0, 0, 1243, 7)
    assert again.digest != plan.digest
