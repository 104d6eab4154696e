"""Simona keeps the house: places, people, roles, an import, and the trail of all that was done."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Town
from tests.journeys.looks import SCREENS
from tests.journeys.visit import Visit

HEADINGS = "Vardas;Pavardė;El. paštas;Įstaigos kodas;Pareigos;Tabelio Nr.;Kalba"
GOOD = (
    "Ona;Naujokė;ona.naujoke@demo.klasteris.example;utenos-biblioteka;bibliotekininkė;B-17;lt",
    "Knut;Hansen;knut.hansen@demo.klasteris.example;utenos-muziejus;edukatorius;M-3;nb",
)
BAD = (
    "Jonas;Petkus;jonas.petkus@utena;utenos-biblioteka;;B-48;",
    "Marius;Lukša;marius.luksa@demo.klasteris.example;utenos-bibliotka;;B-377;",
)


def a_file(*lines: str) -> bytes:
    return "\r\n".join((HEADINGS, *lines, "")).encode("utf-8-sig")


def try_import(simona: Visit, *lines: str) -> Visit:
    simona.open("/admin/import").attach("file", "darbuotojai.csv", a_file(*lines), "text/csv")
    return simona.press("Try it")


@pytest.mark.parametrize("look", SCREENS)
def test_she_adds_a_place_and_a_person_who_comes_in(
    visit: Callable[..., Visit], look: dict[str, object], town: Town
) -> None:
    simona = visit(**look).become("admin").open_menu().follow_to("/admin", within="header")
    simona.open("/admin/organisations").fill("q", "birzu").press("Search")
    simona.open("/admin/organisations").follow_to("/admin/organisations/utenos-r-sav")
    simona.press("Add below").fill("name", "").press("Add")
    assert simona.status == 422
    simona.fill("name", "Utenos dailės galerija").fill("code", "utenos-galerija").choose("kind", "institution")
    simona.press("Add")
    assert simona.path.endswith("/admin/organisations/utenos-galerija") and "Utenos dailės galerija" in simona.heading

    simona.open("/admin/people").press("Add a person").fill("given_name", "Lina")
    simona.fill("email", "lina.galvanaite@demo.klasteris.example").choose("organisation", "utenos-galerija").press(
        "Add"
    )
    assert simona.status == 422, "a family name is missing"
    simona.fill("family_name", "Galvanaitė").choose("lang", simona.lang).press("Add")
    assert "Lina Galvanaitė" in simona.heading
    person = simona.path

    town.do_waiting_work()
    lina = visit(**look).open("/outbox").follow_to("/outbox/").follow_to("/set-password/")
    assert "Lina" in lina.text("main")
    lina.fill("password", "keturi žodžiai iš eilės").fill("again", "keturi žodžiai iš eilės").press("Save the password")
    lina.sign_in("lina.galvanaite@demo.klasteris.example", "keturi žodžiai iš eilės")
    assert lina.path == "/learning"
    assert lina.sees("Nothing has been assigned to you yet. You may begin with any course.")

    simona.open(person).choose("role", "manager").choose("organisation", "utenos-galerija").press("Give the role")
    lina.open("/managing")
    assert lina.path == "/managing/organisations/utenos-galerija"
    simona.open("/admin/grants").choose("role", "manager").press("Filter")
    assert "Galvanaitė, Lina" in simona.text("main table")

    simona.open(person).press("Disable the account")
    lina.page.goto(f"{lina.url}/learning")
    assert lina.path.startswith("/sign-in"), "all her sign-ins ended at once"
    simona.open(person).press("Enable the account")
    simona.press("Change").fill("job_title", "galerijos vadovė").press("Save")
    assert "galerijos vadovė" in simona.text("main")
    simona.page.locator("#move-organisation").select_option("utenos-muziejus")
    simona.click("form[action$='/move'] button")
    assert len(simona.texts("section[aria-labelledby=posts] li")) == 2

    # Somebody without mail gets a link in the hand.
    simona.open("/admin/people/new").fill("given_name", "Jonas").fill("family_name", "Bepaštis")
    simona.fill("staff_number", "B-99").choose("organisation", "utenos-biblioteka").press("Add")
    simona.press("Make a link to hand over")
    jonas = visit(**look).open(str(simona.page.locator("#link").input_value()))
    jonas.fill("password", "keturi žodžiai iš eilės").fill("again", "keturi žodžiai iš eilės").press(
        "Save the password"
    )
    jonas.lang = "lt"
    jonas.page.locator("input[name=login]").fill("utenos-biblioteka/B-99")
    jonas.fill("password", "keturi žodžiai iš eilės").click("main form:has(input[name=password]) button")
    assert jonas.path == "/learning"


@pytest.mark.parametrize("look", SCREENS)
def test_she_takes_people_in_from_a_file(visit: Callable[..., Visit], look: dict[str, object]) -> None:
    simona = visit(**look).become("admin").open("/admin/import")
    assert simona.download("Download an empty table").startswith(b"\xef\xbb\xbf")
    simona.attach("file", "nuotrauka.png", b"\x89PNG\r\n\x1a\n\x00\x00", "image/png").press("Try it")
    assert simona.status == 422

    try_import(simona, *GOOD, *BAD)
    assert simona.page.locator("#rejected").count() == 1
    rows = simona.texts("section[aria-labelledby=rejected] tbody tr")
    assert len(rows) == 2 and "jonas.petkus@utena" in rows[0] and "utenos-bibliotka" in rows[1]
    rejected = simona.download("Download only these rows (CSV)").decode("utf-8-sig")
    assert "jonas.petkus@utena" in rejected and "ona.naujoke" not in rejected
    simona.open("/admin/people?q=naujoke")
    assert simona.sees("Nobody found"), "a dry run changes nothing"

    try_import(simona, *GOOD, *BAD)
    simona.page.locator("#rest").check()
    simona.click("main form[action^='/admin/import/'] button[type=submit]")
    simona.open("/admin/people?q=naujoke")
    assert simona.texts("main tbody th a") == ["Naujokė, Ona"]

    try_import(simona, *GOOD)
    assert simona.page.locator("main form[action^='/admin/import/']").count() == 0, "the same file changes nothing"


@pytest.mark.parametrize("look", SCREENS)
def test_she_looks_at_what_was_done_and_at_the_machine(
    visit: Callable[..., Visit], look: dict[str, object], town: Town
) -> None:
    simona = visit(**look).become("admin").open("/admin/audit")
    simona.press("Check the chain")
    assert simona.page.locator(".ds-alert[data-color=success]").count() == 1
    simona.fill("who", "Daiva").press("Search")
    assert all("Daiva" in row for row in simona.texts("main tbody tr"))
    simona.open("/admin/audit?since=2001-01-01&until=2001-01-02")
    assert simona.sees("Nothing found")
    town.do_waiting_work()
    simona.open("/admin/health").follow_to("/outbox")
    simona.open("/admin/people").press("Next", within=".pager")
    simona.open("/account").open("/account/password").open("/account/sign-ins").open("/account/tokens")
    simona.press("Make a token")
    assert simona.status == 422
    simona.fill("name", "Personalo sistema").press("Make a token")
    assert simona.status == 201
    simona.open("/account/tokens").press("End").open("/api/docs")
    simona.open("/account/sign-ins")
    assert simona.sees("this browser")
