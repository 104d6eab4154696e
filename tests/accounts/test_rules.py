"""What may be said about people, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts import rules
from app.kit.actor import ANONYMOUS, SYSTEM, Actor, Grant, Role


@pytest.mark.parametrize(
    "typed",
    ["Rasa.Petraite@Utena.LT", " jonas@sub.utena.example ", "a+b@x-y.lt", "o'neill".replace("'", "_") + "@a.lt"],
)
def test_an_address_is_kept_in_small_letters_without_spaces_around(typed: str) -> None:
    assert rules.normal_email(typed) == typed.strip().lower()


@pytest.mark.parametrize(
    "typed",
    ["", "jonas", "jonas@", "@utena.lt", "jonas.petkus@utena", "danute bielskiene@utena.lt", "a@b..lt", ".a@b.lt",
     "a@b.lt\nBcc: x@y.lt", "a,b@c.lt", "<a@b.lt>", "a@b.l1", "x" * 250 + "@b.lt", "a@@b.lt"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert rules.normal_email(typed) is None
    assert rules.email_hint(typed)


def test_a_hint_says_what_is_wrong_with_an_address() -> None:
    assert "space" in rules.email_hint("danute bielskiene@utena.lt")
    assert ".lt" in rules.email_hint("jonas.petkus@utena")
    assert "@" in rules.email_hint("jonas.utena.lt")


def test_a_personal_code_is_recognised_by_its_last_digit() -> None:
    digits = "3850101012"
    valid = [digits + str(last) for last in range(10) if rules.is_personal_code(digits + str(last))]
    assert len(valid) == 1
    assert not rules.is_personal_code("10442") and not rules.is_personal_code("")
    assert not rules.is_personal_code("9" + valid[0][1:])


def test_text_is_kept_on_one_line_without_hidden_characters() -> None:
    assert rules.plain("  Rasa\t\n Petraitė\u200b\u202e ") == "Rasa Petraitė"
    assert rules.plain("Z\u030c") == "Ž"


@pytest.mark.parametrize(
    "password", ["short", "aaaaaaaaaaaaaaaa", "slaptazodis123", "Klasteris-2026!", "x" * 129, "Petraite1234567"]
)
def test_a_weak_password_is_refused(password: str) -> None:
    assert rules.password_fault(password, names=("Rasa", "Petraite"))


@pytest.mark.parametrize(
    "password", ["trys žali drambliai plaukia", "correct horse battery", "kavos puodelis be cukraus"]
)
def test_a_long_password_is_taken(password: str) -> None:
    assert rules.password_fault(password, names=("Rasa", "Petraitė")) is None


def test_a_sign_in_of_somebody_with_rights_runs_out_sooner() -> None:
    seen = datetime(2026, 3, 12, 9, tzinfo=UTC)
    later = seen + timedelta(hours=2)
    assert rules.sign_in_is_over(seen_at=seen, expires_at=seen + timedelta(hours=12), now=later, holds_grant=True)
    assert not rules.sign_in_is_over(seen_at=seen, expires_at=seen + timedelta(hours=12), now=later, holds_grant=False)
    assert rules.sign_in_is_over(seen_at=later, expires_at=later, now=later, holds_grant=False)


def test_people_are_seen_by_themselves_and_by_those_who_see_names() -> None:
    manager = Actor(id=2, grants=(Grant(Role.MANAGER, 5, "/1/5/"),))
    analyst = Actor(id=3, grants=(Grant(Role.ANALYST, 5, "/1/5/"),))
    assert rules.may_see_person(manager, person_id=9, path="/1/5/7/")
    assert not rules.may_see_person(manager, person_id=9, path="/1/6/")
    assert not rules.may_see_person(analyst, person_id=9, path="/1/5/7/")
    assert rules.may_see_person(Actor(id=9), person_id=9, path="/1/6/")
    assert not rules.may_see_person(ANONYMOUS, person_id=0, path="/1/")
    assert rules.may_see_person(SYSTEM, person_id=9, path="")


def test_an_account_that_holds_a_role_above_is_out_of_reach() -> None:
    admin = Actor(id=2, grants=(Grant(Role.ADMINISTRATOR, 5, "/1/5/"),))
    assert rules.may_manage_person(admin, path="/1/5/7/", grant_paths=("/1/5/7/",))
    assert not rules.may_manage_person(admin, path="/1/5/7/", grant_paths=("/1/",))
    assert not rules.may_manage_person(admin, path="/1/5/7/", grant_paths=("/1/6/",))
    assert not rules.may_manage_person(admin, path="/1/6/", grant_paths=())
