"""Rasa learns: from the front page to the confirmation that she prints."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Town
from tests.journeys.keys import answer_all
from tests.journeys.looks import LOOKS
from tests.journeys.visit import Visit

GDPR, AUTHORS = "bdar-pagrindai", "kurso-rengimas"
CHECK = "form:has(fieldset.question)"
ANSWER = f"{CHECK} input[name=answer][type=radio]"


@pytest.mark.parametrize("look", LOOKS)
def test_she_finds_a_course_of_her_own_choice_and_leaves_it_again(
    visit: Callable[..., Visit], look: dict[str, object], town: Town
) -> None:
    rasa = visit(**look).become("rasa")
    assert rasa.path == "/learning"
    rasa.open_menu().follow_to("/catalogue", within="header")

    rasa.fill("q", "zzz").press("Search")
    assert rasa.sees("No course fits")
    rasa.press("Show all courses").fill("q", "APLANKA").press("Search")
    assert f"/courses/{AUTHORS}" in rasa.links("main article"), "marks and case do not matter"
    rasa.open("/catalogue").tick("input[name=required]").press("Apply filters")
    found = rasa.links("main article")
    assert f"/courses/{GDPR}" in found and f"/courses/{AUTHORS}" not in found
    rasa.press("Clear").follow_to(f"/courses/{AUTHORS}")

    assert rasa.sees("What is agreed") and rasa.sees("Who will see")
    assert "/pages/" not in " ".join(rasa.links("main")), "pages are closed to those who have not registered"
    rasa.press("Start")
    assert rasa.sees("You are registered. Everything you do is saved.")
    first = rasa.path
    rasa.press("Next", within=".bar")
    assert rasa.path != first
    while not rasa.page.locator(ANSWER).count():
        rasa.press("Next", within=".bar")

    # A question beside the text is hers alone: she is told at once, and nothing is counted.
    rasa.tick(ANSWER).press("Check", within=CHECK)
    assert rasa.page.locator(f"{CHECK} [role=status]").count() == 1
    assert rasa.sees("Only for you: nothing is recorded.")
    stopped = rasa.page.locator(".bar form").get_attribute("action")

    # At home, on another machine, she goes on where she stopped.
    home = visit(**{**look, "width": 390}).become("rasa")
    mine = home.page.locator(f"article.duty:has(a[href='/courses/{AUTHORS}'])")
    assert home.say("Started") in mine.inner_text()
    home.follow_to(f"/courses/{AUTHORS}/pages/", within=f"article.duty:has(a[href='/courses/{AUTHORS}'])")
    assert stopped == f"{home.path}/done"

    home.unfold("Ask the author").press("Send", within="#ask")
    assert home.status == 422 and home.sees("Correct 1 field") is (home.lang == "en")
    home.fill("question", "Ar galiu kursą rašyti lentelėje?").press("Send", within="#ask")
    assert home.sees("Your question is sent. The answer comes to your e-mail.")
    town.do_waiting_work()
    home.open("/outbox").follow_to("/outbox/")
    assert "Ar galiu kursą rašyti lentelėje?" in home.text("main")

    rasa.open(f"/courses/{AUTHORS}").press("Leave the course")
    assert rasa.sees("You have left the course. What you did is kept; register again and you go on from there.")
    rasa.open("/learning")
    assert rasa.page.locator(f"article.duty a[href='/courses/{AUTHORS}']").count() == 0


@pytest.mark.parametrize("look", LOOKS)
def test_she_completes_what_is_required_of_her(
    visit: Callable[..., Visit], look: dict[str, object], town: Town
) -> None:
    rasa = visit(**look).become("rasa")
    duty = f"article.duty:has(a[href='/courses/{GDPR}'])"
    assert rasa.page.locator("h1 time").count() == 1, "what to do next, and by when"
    rasa.unfold("Why me?", within=duty)
    assert "BDAR 39 straipsnio 1 dalies b punktas" in rasa.text(duty)

    rasa.press("About the course")
    assert rasa.path == f"/courses/{GDPR}"
    assert rasa.sees("Complete by") and "BDAR 39 straipsnio" in rasa.text("main")
    rasa.press("Continue")
    failed, passed = False, 0
    while "/finish" not in rasa.path:
        assert rasa.path.startswith(f"/courses/{GDPR}/pages/")
        here = rasa.path
        if rasa.page.locator("main a[href*='/quizzes/']").count():
            rasa.follow_to("/quizzes/").press("Start answering" if "nuomone" in here else "Start the test")
            if not failed:
                failed = True
                fail_once(rasa, town)
                rasa.press("Start the test")
            answer_all(rasa, town, rightly=True).press("Hand in the answers")
            passed += rasa.page.locator("section.score .status[data-is=done]").count()
            rasa.open(here)
        rasa.click(".bar form button")

    assert failed and passed >= 2 and rasa.path == f"/courses/{GDPR}/finish"
    assert rasa.sees("recorded") and rasa.sees("This record does not change, even when the course is updated.")
    rasa.press("Print the confirmation")
    assert "Rasa Petrauskienė" in rasa.text(".sheet")
    record = rasa.path.split("/")[3]
    rasa.page.emulate_media(media="print")
    assert not rasa.page.locator("header.top").is_visible(), "a printed sheet has no menu"
    rasa.page.emulate_media(media="screen")
    rasa.open("/learning/record")
    assert rasa.page.locator(f"article.duty a[href='/courses/{GDPR}']").count() == 1
    town.do_waiting_work()
    rasa.open("/notices")
    assert rasa.sees("Mark all as read")
    rasa.press("Mark all as read")
    assert not rasa.sees("Mark all as read")
    rasa.open("/learning")
    assert rasa.page.locator(duty).count() == 0, "what is done is off the list"
    assert f"/learning/record/{record}/confirmation" in rasa.links("section[aria-labelledby=done]")


def fail_once(rasa: Visit, town: Town) -> None:
    """Wrong answers cost nothing: she is told why, and led to the very paragraph to read again."""
    answer_all(rasa, town, rightly=False)
    rasa.press("Back to the questions").click("button[name=go][value=review]").press("Hand in the answers")
    assert rasa.sees("Not passed")
    link = rasa.page.locator("details.answer[open] a[href*='/pages/'][href*='#']").first
    target = str(link.get_attribute("href"))
    rasa.follow_to(target)
    assert rasa.path == target
    assert rasa.page.locator(f"[id='{target.split('#')[1]}']").is_visible()
    rasa.page.go_back(wait_until="load")
    rasa.press("Try again")
    assert rasa.page.locator("aside a[href^='/attempts/']").count() == 1
