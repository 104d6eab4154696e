"""Daiva sets a duty that comes again, and Rasa asks for more time: two taps, and each says why."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Town
from tests.journeys.looks import SCREENS
from tests.journeys.visit import Visit

GDPR = "bdar-pagrindai"


@pytest.mark.parametrize("look", SCREENS)
def test_she_sets_a_yearly_duty_and_sees_whom_it_reaches_first(
    visit: Callable[..., Visit], look: dict[str, object], town: Town
) -> None:
    daiva = visit(**look).become("daiva").open("/managing/assignments").press("Assign a course")
    daiva.choose("template", "cyber").press("Fill in")
    assert daiva.page.locator("[name=valid_months]").input_value() == "12"
    assert daiva.page.locator("[name=due_kind][value=reached]").is_checked()
    daiva.choose("course", "pirmieji-zingsniai").choose("organisation", "utenos-biblioteka")
    daiva.unfold("Only some of its people").fill("titles", "bibliotekinink").press("Check whom it reaches")
    assert daiva.status == 200 and daiva.page.locator("[aria-labelledby=dry]").is_visible()
    assert daiva.page.locator("[aria-labelledby=dry] ol").count() == 3, "the next dates of three people"
    assert daiva.page.locator("[name=titles]").input_value() == "bibliotekinink", "what was typed is kept"
    daiva.press("Assign")
    town.do_waiting_work()
    assert daiva.path == "/managing/assignments"
    daiva.follow_to("/managing/assignments/", within="main tbody")
    daiva.page.locator("main details.why summary").first.click()
    daiva.look()
    daiva.press("Change").fill("valid_months", "24").press("Check whom it reaches").press("Save the change")
    assert daiva.path.startswith("/managing/assignments/")


@pytest.mark.parametrize("look", SCREENS)
def test_more_time_is_asked_by_one_and_granted_by_the_other(
    visit: Callable[..., Visit], look: dict[str, object], town: Town
) -> None:
    rasa = visit(**look).become("rasa")
    duty = f"article.duty:has(a[href='/courses/{GDPR}'])"
    rasa.unfold("Why this date?", within=duty).follow_to("/learning/time/", within=duty)
    rasa.fill("reason", "Du auditai vienu metu").press("Ask for more time")
    assert rasa.path == "/learning"
    rasa.unfold("Why this date?", within=duty)
    assert rasa.sees("You have asked for more time; the answer comes as a notice.")

    daiva = visit(**look).become("daiva").open("/managing/assignments")
    mine = daiva.page.locator("section[aria-labelledby=asks] form", has_text="Du auditai vienu metu")
    daiva._go(mine.locator("button[value=grant]").first)
    assert daiva.path == "/managing/assignments" and "Du auditai" not in daiva.text("main")
    rasa.open("/notices")
    assert rasa.page.locator("main").get_by_text("Du auditai").count() == 0
    rasa.open(f"/courses/{GDPR}").unfold("Why this date?")


@pytest.mark.parametrize("look", SCREENS)
def test_she_records_what_happened_elsewhere(visit: Callable[..., Visit], look: dict[str, object], town: Town) -> None:
    daiva = visit(**look).become("daiva").open("/managing/organisations/utenos-pspc").follow_to("/managing/people/")
    daiva.unfold("Evidence from elsewhere: a certificate, an event, a session, a waiver")
    daiva.press("Record")
    assert daiva.status == 422 and daiva.page.locator("#error-summary").count() == 1
    daiva.fill("evidence-on", "2026-01-15").fill("evidence-note", "VDAI 44").press("Record")
    assert daiva.status == 200 and daiva.sees("Certificate from elsewhere")
    daiva.open("/managing/recognition")
    assert daiva.sees("Both have signed")
    daiva.open("/managing/assignments").follow_to("/managing/assignments/", within="main tbody").look()
