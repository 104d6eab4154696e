"""People from a file, through the pages."""

from __future__ import annotations

from sqlalchemy import func, select

from app.accounts.models import Person
from app.jobs import WORK
from app.kit import clock, jobs, limits
from app.kit.database import reading
from app.kit.mail import Mail
from tests.browser import Page, path_of
from tests.web.admin.conftest import Town

HEADINGS = "Vardas;Pavardė;El. paštas;Įstaigos kodas;Pareigos;Tabelio Nr.;Kalba"


def a_file(*lines: str) -> bytes:
    return "\r\n".join((HEADINGS, *lines, "")).encode("utf-8-sig")


def upload(town: Town, data: bytes, name: str = "darbuotojai.csv") -> Page:
    return town.ada_sees.open("/admin/import").press("Try it", file=(name, data))


def people(town: Town) -> int:
    with reading(town.ada_sees.app.state.sessions) as db:
        return db.scalar(select(func.count(Person.id))) or 0


GOOD = a_file(
    "Ona;Nauja;ona@utena.example;utena-vb;specialistė;17;lt",
    "Rasa;Petraitė;rasa@utena.example;utena-vb;vedėja;;",
    "Jonas;Petkus;jonas.petkus@utena;utena-vb;;48;",
    "Marius;Lukša;m@utena.example;utenos-vb;;377;",
    "Kita;Ona;ONA@utena.example;utena-vb;;18;",
)


def test_a_dry_run_tells_everything_and_changes_nothing(town: Town) -> None:
    before = people(town)
    page = upload(town, GOOD)
    assert page.h1 == "2 of 5 rows fit" and page.sees("nothing has been changed yet")
    assert (
        page.sees("3 rows rejected")
        and page.sees("Repeats row 2")
        and page.sees("Perhaps utena-vb (Utenos biblioteka)?")
    )
    assert people(town) == before


def test_what_was_shown_is_imported_and_again_nothing_changes(town: Town) -> None:
    before = people(town)
    refused = upload(town, GOOD).press("Import 2 rows")
    assert refused.status == 422 and refused.sees("say that the rest is to be imported") and people(town) == before
    page = refused.press("Import 2 rows", rest="1")
    assert path_of(page.url) == "/admin/people" and page.sees("1 new, 1 changed")
    assert people(town) == before + 1
    page = upload(town, GOOD)
    assert page.sees("As before2 of 5") and "Import 2 rows" not in page.html


def test_invitations_go_out_after_the_import_or_not_at_all(town: Town) -> None:
    app = town.ada_sees.app
    handlers = {kind: lambda db, data, work=work: work(db, app.state.settings, data) for kind, work in WORK.items()}
    upload(town, a_file("Ona;Nauja;ona@utena.example;utena-vb;;;")).press("Import 1 row")
    upload(town, a_file("Ieva;Nauja;ieva@utena.example;utena-vb;;;")).form("Import 1 row").fill(invite=None).press(
        "Import"
    )
    jobs.drain(app.state.sessions, handlers)
    with reading(app.state.sessions) as db:
        assert db.scalars(select(Mail.address)).all() == ["ona@utena.example"]


def test_the_rejected_rows_can_be_downloaded(town: Town) -> None:
    page = upload(town, GOOD)
    answer = town.ada_sees.client.get(f"{path_of(page.url)}/rejected.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4 and lines[1].startswith("4;Jonas;Petkus")


def test_the_empty_table_can_be_downloaded(town: Town) -> None:
    assert town.ada_sees.client.get("/admin/import/template.csv").content.startswith(b"\xef\xbb\xbf")


def test_a_plan_that_has_changed_meanwhile_is_shown_again(town: Town) -> None:
    shown = upload(town, GOOD)
    upload(town, GOOD).press("Import 2 rows", rest="1")
    before = people(town)
    page = shown.press("Import 2 rows", rest="1")
    assert page.status == 409 and page.sees("People have changed since this dry run") and people(town) == before


def test_a_file_that_is_no_table_gets_a_sentence_at_the_field(town: Town) -> None:
    for data in (b"", b"PK\x03\x04\x00", "Vardas;Pavardė\r\nA;B\r\n".encode()):
        page = upload(town, data)
        assert page.status == 422 and page.sees("Correct 1 field"), data
    page = town.ada_sees.open("/admin/import").press("Try it")
    assert page.status == 422 and page.sees("Choose a file")


def test_a_file_over_the_limit_is_refused(town: Town) -> None:
    page = upload(town, a_file("x" * (limits.IMPORT_BYTES + 1)))
    assert page.status in (413, 422)


def test_nothing_of_a_neighbour_is_told_by_an_import(town: Town) -> None:
    data = a_file(
        "Jonas;Biržietis;jonas@birzai.example;utena-vb;;;",
        "A;B;a@utena.example;birzai;;;",
        "A;C;c@utena.example;Biržų r. savivaldybe;;;",
    )
    page = upload(town, data)
    assert page.h1 == "0 of 3 rows fit" and "Biržų r. savivaldybė" not in page.html


def test_an_uploaded_file_is_forgotten_after_a_day(town: Town) -> None:
    from datetime import timedelta

    app = town.ada_sees.app
    handlers = {kind: lambda db, data, work=work: work(db, app.state.settings, data) for kind, work in WORK.items()}
    page = upload(town, GOOD)
    url = path_of(page.url)
    jobs.drain(app.state.sessions, handlers)
    assert town.ada_sees.open(url).status == 200
    with clock.everywhere_at(clock.now() + timedelta(days=1, minutes=1)):
        jobs.drain(app.state.sessions, handlers)
    assert town.ada_sees.open(url).status == 404


def test_a_file_of_people_is_for_whoever_sent_it(town: Town) -> None:
    """It may name people of places that another administrator must not know of."""
    url = path_of(upload(town, GOOD).url)
    assert town.ada_sees.open(url).status == 200
    for one in (url, f"{url}/rejected.csv"):
        assert town.chief_sees.open(one).status == 404
    before = people(town)
    assert town.chief_sees.post(url, {"digest": "0" * 16}).status == 404 and people(town) == before
