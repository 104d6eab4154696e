"""One's own account."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI

from app.accounts import actions
from app.accounts.models import Person
from app.kit.database import reading, writing
from tests.browser import Browser, path_of
from tests.web.public.conftest import PASSWORD

NEW = "kavos puodelis be cukraus"


@pytest.fixture
def mine(browser: Browser, rasa: Person) -> Browser:
    return browser.as_(rasa)


def test_the_profile_shows_what_is_known_and_changes_only_the_language(mine: Browser, rasa: Person) -> None:
    page = mine.open("/account")
    assert page.sees("Rasa Petraitė") and page.sees("rasa@utena.example") and page.sees("Utenos r. savivaldybė")
    page = page.form("Save").fill(lang="lt", given_name="Kita", state="disabled").press("Save")
    assert page.root.get("lang") == "lt"
    with reading(mine.app.state.sessions) as db:
        kept = db.get_one(Person, rasa.id)
        assert (kept.lang, kept.given_name) == ("lt", "Rasa")
    assert mine.open("/catalogue").root.get("lang") == "lt"


def test_an_unknown_language_is_refused(mine: Browser) -> None:
    assert mine.post("/account", {"lang": "xx"}).status == 422


def test_the_password_changes_with_the_old_one_and_ends_the_other_sign_ins(mine: Browser, rasa: Person) -> None:
    other = mine.as_(rasa)
    form = mine.open("/account/password").form("Change the password")
    page = form.fill(old="not this one at all", password=NEW, again=NEW).press("Change the password")
    assert page.status == 422 and page.sees("not your present password") and NEW not in page.html
    page = page.form("Change the password").fill(old=PASSWORD, password=NEW, again=NEW).press("Change the password")
    assert page.status == 200 and page.sees("Your password is changed")
    assert path_of(mine.open("/account").url) == "/account"
    assert path_of(other.open("/account").url) == "/sign-in"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "Petraitė123456", "again": "Petraitė123456"}, "too easy to guess"),
        ({"password": NEW, "again": NEW[:-1]}, "not the same"),
        ({"password": "", "again": ""}, "at least 12 characters"),
    ],
)
def test_a_new_password_that_will_not_do_says_why(mine: Browser, typed: dict[str, str], said: str) -> None:
    page = mine.open("/account/password").form("Change the password").fill(old=PASSWORD, **typed).press("Change")
    assert page.status == 422 and page.sees(said)


def test_guessing_the_old_password_is_counted(mine: Browser, rasa: Person) -> None:
    with writing(mine.app.state.sessions) as db:
        for _ in range(10):
            actions.admit(db, login=str(rasa.email), address="testclient")
    page = mine.open("/account/password").form("Change the password").fill(old=PASSWORD, password=NEW, again=NEW)
    assert page.press("Change the password").status == 429


def test_sign_ins_are_listed_and_ended(mine: Browser, rasa: Person) -> None:
    other, third = mine.as_(rasa), mine.as_(rasa)
    page = mine.open("/account/sign-ins")
    assert page.text.count("this browser") == 1
    page = page.press("End all others")
    assert page.sees("All other sign-ins are ended")
    assert path_of(other.open("/account").url) == path_of(third.open("/account").url) == "/sign-in"
    assert path_of(mine.open("/account").url) == "/account"


def test_a_token_is_shown_once_and_ended(mine: Browser) -> None:
    page = mine.open("/account/tokens").press("Make a token", name="Ataskaita")
    assert page.status == 201
    token = re.search(r'value="(klasteris_[\w-]{40,})"', page.html)
    assert token is not None
    page = mine.open("/account/tokens")
    assert page.sees("Ataskaita") and token.group(1) not in page.html
    assert mine.open("/account/tokens").press("End").sees("You have no tokens")


def test_a_token_needs_a_name(mine: Browser) -> None:
    page = mine.open("/account/tokens").press("Make a token", name="")
    assert page.status == 422 and page.sees("Fill in this field")


@pytest.mark.parametrize("path", ["/account", "/account/password", "/account/sign-ins", "/account/tokens"])
def test_the_account_is_for_those_signed_in(browser: Browser, path: str) -> None:
    assert path_of(browser.open(path).url) == "/sign-in"


def test_nobody_ends_the_token_or_sign_in_of_somebody_else(mine: Browser, app: FastAPI) -> None:
    from tests import factories

    mine.open("/account/tokens").press("Make a token", name="Mano")
    with writing(app.state.sessions) as db:
        stranger = factories.a_person(db)
    theirs = mine.as_(stranger)
    for number in range(1, 5):
        theirs.post(f"/account/tokens/{number}/end", {})
        theirs.post(f"/account/sign-ins/{number}/end", {})
    assert mine.open("/account/tokens").sees("Mano")
