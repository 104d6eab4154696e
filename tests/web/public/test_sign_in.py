"""The doors, seen from the street."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.accounts import actions
from app.accounts.models import Person, SignIn
from app.jobs import WORK
from app.kit import clock, jobs
from app.kit.database import Sessions, reading, writing
from app.kit.mail import Mail
from app.settings import Settings
from app.web.resume import own_path
from tests import factories
from tests.browser import Browser, Page, path_of
from tests.web.public.conftest import HASH, PASSWORD

HOSTILE = [
    "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example", "////evil.example/x",
    "/\\evil.example", "\\/evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example",
    "\t//evil.example", " //evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",
    "vbscript:x", "file:///etc/passwd", "ftp://evil.example", "evil.example", "www.evil.example/x", "@evil.example",
    "/@evil.example/..//evil.example", "http:evil.example", "https:/evil.example", "http:/\\evil.example",
    "/learning//evil.example", "/\x00/evil.example", "/\x7f", "\u2028//evil.example", "?next=//evil.example",
    "#//evil.example", "../evil", "./evil", "/" + "a" * 2001, "／／evil.example", "http://[::1]/", "mailto:x@y",
    "//evil.example/%2f..",
]  # fmt: skip


def test_there_are_thirty_nine_hostile_addresses() -> None:
    assert len(HOSTILE) == len(set(HOSTILE)) == 39


@pytest.mark.parametrize("target", HOSTILE)
def test_an_address_elsewhere_leads_home(target: str) -> None:
    assert own_path(target) == "/"


def test_no_hostile_address_survives_signing_in(browser: Browser, rasa: Person) -> None:
    for target in HOSTILE:
        answer = browser.client.post(
            "/sign-in",
            data={"login": rasa.email, "password": PASSWORD, "next": target},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/learning"), repr(target)
        language = browser.client.get(f"/language/en?next={quote(target)}")
        assert language.headers["location"] == "/"
        browser.client.cookies.delete("klasteris")


@pytest.mark.parametrize("target", ["/account", "/courses/bdar?from=mail", "/account#tokens", "/catalogue?q=a/b"])
def test_an_own_address_is_gone_on_to(target: str) -> None:
    assert own_path(target) == target


def sign_in(browser: Browser, login: str, password: str = PASSWORD, **more: str) -> Page:
    return browser.open("/sign-in").press("Sign in", login=login, password=password, **more)


def test_signing_in_leads_to_the_page_asked_for(browser: Browser, rasa: Person) -> None:
    door = browser.open("/account/password")
    assert path_of(door.url) == "/sign-in"
    page = door.press("Sign in", login=rasa.email, password=PASSWORD)
    assert path_of(page.url) == "/account/password"


def test_wrong_and_unknown_get_the_same_page_with_what_was_typed(browser: Browser, rasa: Person) -> None:
    wrong = sign_in(browser, str(rasa.email), "not the password")
    unknown = sign_in(browser, "nobody@utena.example", "not the password")
    assert wrong.status == unknown.status == 422
    assert wrong.html.replace(str(rasa.email), "X") == unknown.html.replace("nobody@utena.example", "X")
    assert f'value="{rasa.email}"' in wrong.html and "not the password" not in wrong.html
    assert wrong.title.startswith("Error:")


def test_an_empty_form_says_which_fields_are_missing(browser: Browser) -> None:
    page = browser.open("/sign-in").press("Sign in")
    assert page.status == 422 and page.sees("Correct 2 fields")


def test_after_ten_wrong_tries_the_door_says_when_to_come_back(browser: Browser, rasa: Person) -> None:
    with writing(browser.app.state.sessions) as db:
        for _ in range(10):
            actions.admit(db, login=str(rasa.email), address="testclient")
    page = sign_in(browser, str(rasa.email))
    assert page.status == 429 and page.sees("Too many tries") and page.headers["retry-after"]


def test_a_refused_try_is_counted_although_nothing_else_is_written(browser: Browser, rasa: Person) -> None:
    for _ in range(3):
        sign_in(browser, str(rasa.email), "not the password")
    with reading(browser.app.state.sessions) as db:
        from app.accounts.models import Throttle

        assert max(db.scalars(select(Throttle.tries))) == 3


def test_the_secret_changes_at_every_sign_in_and_the_old_one_ends(browser: Browser, rasa: Person) -> None:
    sign_in(browser, str(rasa.email))
    first = browser.client.cookies["klasteris"]
    answer = browser.client.post(
        "/sign-in", data={"login": rasa.email, "password": PASSWORD}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert browser.client.cookies["klasteris"] != first
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    stolen = Browser(browser.app)
    stolen.client.cookies.set("klasteris", first)
    assert path_of(stolen.open("/account").url) == "/sign-in"


def test_over_https_the_cookie_is_bound_to_this_host(app: FastAPI, settings: Settings, rasa: Person) -> None:
    app.state.settings = settings.model_copy(update={"base_url": "https://klasteris.example"})
    browser = Browser(app)
    answer = browser.client.post(
        "/sign-in", data={"login": rasa.email, "password": PASSWORD}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    cookie = next(c for c in answer.headers.get_list("set-cookie") if "klasteris" in c)
    assert (
        cookie.startswith("__Host-klasteris=") and "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie
    )


def test_signing_out_ends_the_sign_in_on_the_server(browser: Browser, rasa: Person) -> None:
    page = sign_in(browser, str(rasa.email), next="/account")
    stolen = browser.client.cookies["klasteris"]
    assert path_of(page.press("Sign out").url) == "/"
    browser.client.cookies.set("klasteris", stolen)
    assert path_of(browser.open("/account").url) == "/sign-in"


def test_pages_speak_the_persons_language_after_signing_in(browser: Browser, sessions: Sessions, rasa: Person) -> None:
    with writing(sessions) as db:
        db.get_one(Person, rasa.id).lang = "nb"
    sign_in(browser, str(rasa.email), next="/account")
    assert browser.open("/account").root.get("lang") == "nb"


def test_demo_people_stand_at_the_door_in_demo_mode_only(
    demo_app: FastAPI, settings: Settings, sessions: Sessions
) -> None:
    with writing(sessions) as db:
        factories.a_person(db, given_name="Rasa", email="rasa@demo.klasteris.example").password = HASH
        factories.a_person(db, given_name="Kita", email="kita@demo.klasteris.example").password = HASH
    browser = Browser(demo_app)
    page = browser.open("/sign-in?next=/account")
    assert page.sees("Rasa") and not page.sees("Kita")
    assert path_of(page.press("Rasa").url) == "/account"
    other = Browser(demo_app)
    assert other.post("/sign-in/demo", {"demo": "kita"}).status == 404
    demo_app.state.settings = settings
    assert not other.open("/sign-in").sees("Demonstration")
    assert other.post("/sign-in/demo", {"demo": "rasa"}).status == 404


def do_jobs(app: FastAPI) -> None:
    handlers = {kind: lambda db, data, work=work: work(db, app.state.settings, data) for kind, work in WORK.items()}
    jobs.drain(app.state.sessions, handlers)


def letters(app: FastAPI) -> list[Mail]:
    with reading(app.state.sessions) as db:
        return list(db.scalars(select(Mail).order_by(Mail.id)))


def test_a_forgotten_password_comes_back_by_mail_and_the_link_works_once(browser: Browser, rasa: Person) -> None:
    answers = []
    for email in (str(rasa.email), "nobody@utena.example"):
        page = browser.open("/forgot-password").press("Send the link", email=email)
        answers.append((page.status, page.html))
    assert answers[0] == answers[1] and answers[0][0] == 200
    do_jobs(browser.app)
    (mail,) = letters(browser.app)
    link = re.search(r"http://testserver(/set-password/\S+)", mail.text)
    assert link is not None
    page = browser.open(link.group(1))
    assert page.sees("Rasa Petraitė")
    page = page.press("Save the password", password="short", again="short")
    assert page.status == 422 and page.sees("at least 12 characters")
    page = page.press("Save the password", password="kavos puodelis be cukraus", again="kavos puodelis su cukrumi")
    assert page.status == 422 and page.sees("not the same")
    page = page.press("Save the password", password="kavos puodelis be cukraus", again="kavos puodelis be cukraus")
    assert path_of(page.url) == "/sign-in" and page.sees("Your password is set")
    assert browser.open(link.group(1)).status == 404
    page = browser.open("/sign-in").press("Sign in", login=rasa.email, password="kavos puodelis be cukraus")
    assert "klasteris" in browser.client.cookies


@pytest.mark.parametrize("token", ["x", "..%2f..", "a" * 500])
def test_an_invented_link_says_it_no_longer_works(browser: Browser, token: str) -> None:
    page = browser.open(f"/set-password/{token}")
    assert page.status == 404
    answer = browser.post(f"/set-password/{token}", {"password": "kavos puodelis be cukraus", "again": "x"})
    assert answer.status == 404


def test_a_sign_in_that_ran_out_asks_again(browser: Browser, rasa: Person) -> None:
    mine = browser.as_(rasa)
    assert path_of(mine.open("/account").url) == "/account"
    with clock.everywhere_at(clock.now() + timedelta(hours=13)):
        assert path_of(mine.open("/account").url) == "/sign-in"


def test_a_form_sent_without_a_sign_in_waits_for_it(browser: Browser, rasa: Person) -> None:
    page = browser.post("/account", {"lang": "nb"})
    assert page.status == 401
    page = page.press("Sign in", login=rasa.email, password="wrong password here")
    assert page.status == 422
    page = page.press("Sign in", login=rasa.email, password=PASSWORD)
    page = page.press("Send the form")
    with reading(browser.app.state.sessions) as db:
        assert db.get_one(Person, rasa.id).lang == "nb"
    assert page.root.get("lang") == "nb"


def test_somebody_disabled_is_out_at_once(browser: Browser, rasa: Person) -> None:
    from app.accounts import queries
    from app.kit.actor import SYSTEM

    mine = browser.as_(rasa)
    mine.open("/account")
    with writing(browser.app.state.sessions) as db:
        card = queries.person_by_id(db, rasa.id)
        assert card is not None
        actions.disable(db, SYSTEM, person=card)
    assert path_of(mine.open("/account").url) == "/sign-in"
    with reading(browser.app.state.sessions) as db:
        assert db.scalars(select(SignIn)).all() == []
