"""Somebody who has not signed in: what the platform says of itself, and what it keeps to itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Town
from tests.journeys.looks import LOOKS
from tests.journeys.visit import Visit

PAGES = (
    "/",
    "/catalogue",
    "/courses/bdar-pagrindai",
    "/privacy",
    "/accessibility",
    "/help",
    "/sign-in",
    "/forgot-password",
)


@pytest.mark.parametrize("look", LOOKS)
def test_a_guest_walks_through_what_is_public(visit: Callable[..., Visit], look: dict[str, object]) -> None:
    guest = visit(**look).open("/").press("See the courses")
    assert guest.path == "/catalogue"
    guest.follow_to("/courses/bdar-pagrindai")
    assert guest.sees("What is agreed")
    assert not [url for url in guest.links("main") if "/pages/" in url], "the pages are for those who have signed in"
    guest.press("Sign in to start")
    assert guest.path == "/sign-in?next=/courses/bdar-pagrindai"
    for name in ("/privacy", "/accessibility", "/help"):
        guest.follow_to(name, within="body")
        assert guest.path == name


@pytest.mark.parametrize("look", LOOKS)
def test_a_guest_tells_what_cannot_be_used(visit: Callable[..., Visit], look: dict[str, object], town: Town) -> None:
    guest = visit(**look).open("/accessibility").press("Send")
    assert guest.status == 422
    assert guest.page.locator("#error-summary a").get_attribute("href") == "#text"
    guest.fill("text", "Testo laiko neperskaito ekrano skaitytuvas.").fill("reply_to", "ne adresas").press("Send")
    assert guest.status == 422
    assert guest.page.locator("textarea[name=text]").input_value() == "Testo laiko neperskaito ekrano skaitytuvas."
    guest.fill("reply_to", "skaitytojas@savivaldybe.example").press("Send")
    assert guest.sees(
        "Thank you, your message has been kept. If you gave an address, you will get an answer within fourteen days."
    )


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_not_there_and_what_is_not_for_a_guest(visit: Callable[..., Visit], look: dict[str, object]) -> None:
    guest = visit(**look).open("/no-such-page", status=404).open("/courses/no-such-course", status=404)
    # What needs a sign-in asks for it, and leads on to where one was going.
    guest.open("/managing")
    assert guest.path.startswith("/sign-in?next=")
    guest.click("button[name=demo][value=rasa]")
    assert guest.status == 403, "a learner manages nobody"
    for path in ("/admin", "/teaching", "/admin/people"):
        guest.open(path, status=403)
    guest.open("/managing/organisations/utenos-biblioteka", status=403)


@pytest.mark.parametrize("look", LOOKS)
def test_signing_in_says_what_is_wrong_and_no_more(visit: Callable[..., Visit], look: dict[str, object]) -> None:
    guest = visit(**look).open("/sign-in").press("Sign in")
    assert guest.status == 422 and guest.page.title().startswith(guest.say("Error:"))
    told = set()
    for login in ("rasa@demo.klasteris.example", "niekas@demo.klasteris.example"):
        guest.fill("login", login).fill("password", "ne tas slaptažodis").press("Sign in")
        assert guest.status == 422
        assert guest.page.locator("input[name=login]").input_value() == login
        assert guest.page.locator("input[name=password]").input_value() == ""
        told.add(guest.text("#error-summary"))
    assert len(told) == 1, "nobody learns who has an account"
    for _ in range(12):
        guest.fill("login", "rasa@demo.klasteris.example").fill("password", "ir vėl ne tas").press("Sign in")
    assert guest.status == 429


@pytest.mark.parametrize("look", LOOKS)
def test_every_public_page_speaks_every_language(visit: Callable[..., Visit], look: dict[str, object]) -> None:
    guest = visit(**look)
    for path in PAGES:
        guest.open(path)
        for other in sorted({"lt", "en", "nb"} - {guest.lang}):
            guest.open_menu()
            guest.lang = other
            guest.click(f".langs a[hreflang={other}]")
            assert guest.path == path
            assert guest.page.locator(f".langs a[hreflang={other}]").count() == 0


@pytest.mark.parametrize("look", LOOKS)
def test_a_forgotten_password_is_replaced_by_a_link(
    visit: Callable[..., Visit], look: dict[str, object], town: Town
) -> None:
    rasa = visit(**look).open("/sign-in").press("Forgot your password?").press("Send the link")
    assert rasa.status == 422
    said = []
    for address in ("niekas@demo.klasteris.example", "rasa@demo.klasteris.example"):
        rasa.fill("email", address).press("Send the link")
        said.append(rasa.text("main"))
        rasa.open("/forgot-password")
    assert said[0] == said[1], "nobody learns who has an account"
    town.do_waiting_work()
    rasa.open("/outbox").follow_to("/outbox/").follow_to("/set-password/")
    link = rasa.path
    rasa.fill("password", "trumpas").fill("again", "trumpas").press("Save the password")
    assert rasa.status == 422
    rasa.fill("password", "keturi žodžiai iš eilės").fill("again", "kiti keturi žodžiai").press("Save the password")
    assert rasa.status == 422
    rasa.fill("password", "keturi žodžiai iš eilės").fill("again", "keturi žodžiai iš eilės").press("Save the password")
    assert rasa.sees("Your password is set. Sign in with it.")
    rasa.open(link, status=404)
    assert rasa.sees("This link no longer works")
    rasa.open("/sign-in").fill("login", "rasa@demo.klasteris.example")
    rasa.lang = "lt"  # the language of her account
    rasa.fill("password", "keturi žodžiai iš eilės").click("main button[type=submit]")
    assert rasa.path == "/learning"
