"""Daiva answers for a municipality: who is behind, the files, a course assigned to a museum."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import openpyxl
import pytest

from app.kit import clock
from tests.journeys.conftest import Town
from tests.journeys.looks import SCREENS
from tests.journeys.visit import Visit

LIBRARY, UTENA = "utenos-biblioteka", "utenos-r-sav"
COURSE, OTHER = "bdar-pagrindai", "pirmieji-zingsniai"


@pytest.mark.parametrize("look", SCREENS)
def test_daiva_finds_who_is_behind_and_reminds_them(
    visit: Callable[..., Visit], look: dict[str, object], town: Town
) -> None:
    daiva = visit(**look).become("daiva").open_menu().follow_to("/managing", within="header")
    assert daiva.path == f"/managing/organisations/{UTENA}"
    daiva.unfold("Add a filter").choose("course", COURSE).press("Filter")
    assert daiva.page.locator("a.ds-chip").count() == 1
    daiva.press("Clear all")
    assert daiva.page.locator("a.ds-chip").count() == 0
    daiva.unfold("Show the table")
    by_share = daiva.texts(".rank tbody th")
    daiva.open(f"/managing/organisations/{UTENA}?sort=name")
    assert daiva.texts(".rank tbody th") != by_share
    daiva.follow_to("/managing/organisations/utenos-pspc")
    daiva.unfold("Add a filter").fill("from", "rytoj").press("Filter")
    assert daiva.page.locator("#error-summary").count() == 1, "a day that is none is told so"

    daiva.open("/managing/organisations/utenos-pspc").follow_to("/managing/people/")
    assert "BDAR 39 straipsnio" in daiva.text("main") or daiva.sees("Why it is on the list")
    daiva.open("/managing/organisations/utenos-pspc").press("Review the reminder")
    behind = len(daiva.texts("section[aria-labelledby=who] tbody tr"))
    assert behind and daiva.sees("Nothing has been sent yet.")
    daiva.click("main form button[type=submit]")
    town.do_waiting_work()
    daiva.open("/managing/organisations/utenos-pspc")
    assert daiva.sees("Last reminded %(day)s.", day=str(clock.today())), "and nobody is reminded twice on one day"
    assert not daiva.sees("Review the reminder") and not daiva.links("main td.act")
    daiva.open("/managing/organisations/utenos-pspc/remind")
    assert daiva.page.locator("main form").count() == 0 and not daiva.sees("Nothing has been sent yet.")
    daiva.open("/outbox").follow_to("/outbox/")


@pytest.mark.parametrize("look", SCREENS)
def test_both_files_hold_the_rows_of_the_page(visit: Callable[..., Visit], look: dict[str, object]) -> None:
    daiva = visit(**look).become("daiva").open(f"/managing/organisations/{LIBRARY}")
    about, sheet = openpyxl.load_workbook(io.BytesIO(daiva.download("Excel"))).worksheets
    assert about.cell(1, 2).value in daiva.text("main")
    in_excel = [[_as_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    in_csv = list(csv.reader(io.StringIO(daiva.download("CSV").decode("utf-8-sig")), delimiter=";"))
    people = set(daiva.texts("main tbody th a[href*='/managing/people/']"))
    assert in_excel == in_csv and len(in_csv) > len(people) > 1
    assert people <= {f"{row[0]}, {row[1]}" for row in in_csv}


def _as_text(cell: object) -> str:
    return cell.date().isoformat() if isinstance(cell, datetime) else "" if cell is None else str(cell)


@pytest.mark.parametrize("look", SCREENS)
def test_daiva_assigns_a_course_after_a_dry_run(
    visit: Callable[..., Visit], look: dict[str, object], town: Town
) -> None:
    daiva = visit(**look).become("daiva").open("/managing/assignments").press("Assign a course")
    daiva.press("Check whom it reaches")
    assert daiva.status == 422 and daiva.page.locator("#error-summary li").count() == 3
    daiva.choose("course", OTHER).choose("organisation", "utenos-muziejus")
    daiva.fill("due_on", f"{clock.today() + timedelta(days=40)}").fill("reason", "Naujiems darbuotojams.")
    daiva.press("Check whom it reaches")
    assert daiva.sees("This is a trial: nothing has been changed yet. If you change the form, check again.")
    assert "14" in daiva.text("section[aria-labelledby=dry]"), "fourteen people work in the museum"
    daiva.press("Assign")
    assert daiva.path == "/managing/assignments"
    row = daiva.page.locator("section[aria-labelledby=active] tbody tr", has_text="Naujiems darbuotojams.")
    assert row.count() == 1
    town.do_waiting_work()
    daiva.open("/managing/organisations/utenos-muziejus")
    daiva.open("/managing/assignments")
    daiva.click("section[aria-labelledby=active] tbody:has-text('Naujiems darbuotojams.') button")
    assert daiva.page.locator("section[aria-labelledby=ended]").count() == 1
