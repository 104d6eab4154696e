"""Signing in: who gets in, how often it may be tried, and how a sign-in ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.accounts import actions, queries, rules
from app.accounts.models import Person, SignIn, Throttle
from app.accounts.queries.signins import token_digest
from app.kit import audit, clock
from app.kit.actor import SYSTEM, Role
from tests.accounts.conftest import PASSWORD, World

NOON = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)
HASH = actions.hash_password(PASSWORD)


def sign_in(db: Session, login: str, password: str = PASSWORD, *, address: str = "10.0.0.1") -> str | None:
    """The three steps of a sign-in, as the page takes them."""
    admitted = actions.admit(db, login=login, address=address)
    if admitted.retry_seconds:
        return None
    verdict = actions.verify(admitted.credentials.password, password)
    if not verdict.right:
        return None
    return actions.begin(
        db, person_id=admitted.credentials.person_id, address=address, agent="Firefox", login=login, verdict=verdict
    )


def test_the_right_password_opens_and_the_cookie_is_kept_only_as_a_digest(world: World) -> None:
    rasa = world.person(password=HASH)
    token = sign_in(world.db, " Rasa@Utena.example ")
    assert token is not None and len(token) >= 43
    kept = world.db.scalar(select(SignIn.token))
    assert kept == token_digest(token) != token
    found = queries.actor_by_session(world.db, token_digest(token))
    assert found is not None
    actor, card = found
    assert (actor.id, actor.name, actor.organisation_name) == (rasa.id, "Rasa Petraitė", "Utenos viešoji biblioteka")
    assert card.agent == "Firefox"


def test_a_wrong_password_and_an_unknown_name_get_the_same_nothing(world: World) -> None:
    world.person(password=HASH)
    assert sign_in(world.db, "rasa@utena.example", "not the password") is None
    assert sign_in(world.db, "nobody@utena.example") is None
    assert sign_in(world.db, "") is None
    assert not actions.verify(None, "").right


def test_a_staff_number_opens_where_it_is_one_persons(world: World) -> None:
    world.person(password=HASH, email=None, staff_number="10442")
    assert sign_in(world.db, "10442")
    world.person("Ona", "Kita", at=world.bureau, password=HASH, email=None, staff_number="10442")
    assert sign_in(world.db, "10442") is None, "two people have this number: alone it names nobody"
    assert sign_in(world.db, "UTENA-VB/10442")


@pytest.mark.parametrize("made", ["invited", "disabled"])
def test_only_an_active_account_opens(world: World, made: str) -> None:
    person = world.person(password=HASH if made == "disabled" else None)
    if made == "disabled":
        actions.disable(world.db, SYSTEM, person=person)
    assert sign_in(world.db, "rasa@utena.example") is None


def test_after_ten_wrong_tries_from_one_place_even_the_right_password_waits(world: World) -> None:
    world.person(password=HASH)
    with clock.at(NOON):
        for _ in range(10):
            assert actions.admit(world.db, login="rasa@utena.example", address="10.0.0.1").retry_seconds == 0
        waits = actions.admit(world.db, login="RASA@utena.example", address="10.0.0.1")
        assert 0 < waits.retry_seconds <= 300 and waits.credentials.person_id == 0
        assert sign_in(world.db, "rasa@utena.example", address="10.0.0.2"), "the owner elsewhere gets in"
    with clock.at(NOON + timedelta(minutes=5)):
        assert sign_in(world.db, "rasa@utena.example")


def test_ten_thousand_guesses_from_five_hundred_addresses_are_held_to_the_account_limit(world: World) -> None:
    world.person(password=HASH)
    with clock.at(NOON):
        checked = sum(
            actions.admit(world.db, login="rasa@utena.example", address=f"10.0.{n // 250}.{n % 250}").retry_seconds == 0
            for n in range(500)
        )
    assert checked == rules.SIGN_IN_ACCOUNT.tries


def test_a_town_hall_behind_one_address_signs_in(world: World) -> None:
    with clock.at(NOON):
        waits = [
            actions.admit(world.db, login=f"person{n}@utena.example", address="10.0.0.1").retry_seconds
            for n in range(900)
        ]
    assert not any(waits)


def test_signing_in_rightly_is_not_counted(world: World) -> None:
    world.person(password=HASH)
    with clock.at(NOON):
        assert all(sign_in(world.db, "rasa@utena.example") for _ in range(12))


def test_counts_hold_no_names_and_no_addresses(world: World) -> None:
    actions.admit(world.db, login="rasa@utena.example", address="10.0.0.1")
    for key in world.db.scalars(select(Throttle.key)):
        assert "rasa" not in key and "10.0.0.1" not in key


def test_each_sign_in_has_a_new_secret(world: World) -> None:
    world.person(password=HASH)
    assert sign_in(world.db, "rasa@utena.example") != sign_in(world.db, "rasa@utena.example")


def test_a_sign_in_ends_when_idle_and_when_old(world: World) -> None:
    world.person(password=HASH)
    with clock.at(NOON):
        token = token_digest(str(sign_in(world.db, "rasa@utena.example")))
        found = queries.actor_by_session(world.db, token)
        assert found is not None
    with clock.at(NOON + timedelta(hours=8)):
        assert queries.actor_by_session(world.db, token) is None
    with clock.at(NOON + timedelta(hours=7)):
        actions.touch(world.db, found[1].id)
    with clock.at(NOON + timedelta(hours=11)):
        assert queries.actor_by_session(world.db, token) is not None
        actions.touch(world.db, found[1].id)
    with clock.at(NOON + timedelta(hours=12)):
        assert queries.actor_by_session(world.db, token) is None


def test_signing_out_ends_it_at_once(world: World) -> None:
    rasa = world.person(password=HASH)
    token = str(sign_in(world.db, "rasa@utena.example"))
    actions.sign_out(world.db, world.actor(rasa), token=token)
    assert queries.actor_by_session(world.db, token_digest(token)) is None


def test_one_sign_in_or_all_others_can_be_ended_from_elsewhere(world: World) -> None:
    world.person(password=HASH)
    tokens = [token_digest(str(sign_in(world.db, "rasa@utena.example"))) for _ in range(3)]
    here, first = queries.actor_by_session(world.db, tokens[0]), queries.actor_by_session(world.db, tokens[1])
    assert here is not None and first is not None
    actions.end_sign_in(world.db, here[0], sign_in_id=first[1].id)
    assert [queries.actor_by_session(world.db, t) is not None for t in tokens] == [True, False, True]
    actions.end_other_sign_ins(world.db, here[0])
    assert [queries.actor_by_session(world.db, t) is not None for t in tokens] == [True, False, False]


def test_nobody_ends_the_sign_in_of_somebody_else(world: World) -> None:
    world.person(password=HASH)
    other = world.person("Ona", "Kita", email="ona@utena.example", password=HASH)
    token = token_digest(str(sign_in(world.db, "rasa@utena.example")))
    found = queries.actor_by_session(world.db, token)
    assert found is not None
    before = audit.count(world.db)
    actions.end_sign_in(world.db, world.actor(other), sign_in_id=found[1].id)
    assert queries.actor_by_session(world.db, token) is not None
    assert audit.count(world.db) == before  # the trail tells no deed that was none


def test_disabling_ends_every_sign_in_and_token_and_enabling_brings_none_back(world: World) -> None:
    rasa = world.person(password=HASH)
    token = token_digest(str(sign_in(world.db, "rasa@utena.example")))
    secret = actions.create_token(world.db, world.actor(rasa), name="Script")
    actions.disable(world.db, SYSTEM, person=rasa)
    assert queries.actor_by_session(world.db, token) is None
    actions.enable(world.db, SYSTEM, person=rasa)
    assert queries.actor_by_session(world.db, token) is None
    assert queries.actor_by_token(world.db, token_digest(secret)) is None


def test_rights_are_read_afresh_with_every_request_in_one_statement(world: World) -> None:
    rasa = world.person(password=HASH)
    token = token_digest(str(sign_in(world.db, "rasa@utena.example")))
    actions.give_grant(world.db, SYSTEM, person=rasa, role=Role.MANAGER, organisation=world.utena)
    actions.give_grant(world.db, SYSTEM, person=rasa, role=Role.TRAINER, organisation=world.library)
    world.db.flush()
    statements: list[str] = []
    event.listen(world.db.get_bind(), "before_cursor_execute", lambda *said: statements.append(said[2]))
    found = queries.actor_by_session(world.db, token)
    assert len(statements) == 1
    assert found is not None and {g.role for g in found[0].grants} == {Role.MANAGER, Role.TRAINER}
    for grant in queries.grants_of(world.db, rasa.id):
        actions.take_grant(world.db, SYSTEM, grant=grant)
    again = queries.actor_by_session(world.db, token)
    assert again is not None and again[0].grants == ()


def test_a_password_hashed_by_older_parameters_is_hashed_anew(world: World) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    rasa = world.person(password=old)
    assert sign_in(world.db, "rasa@utena.example")
    kept = world.db.scalar(select(Person.password).where(Person.id == rasa.id))
    assert kept != old and actions.verify(kept, PASSWORD) == actions.Verdict(True)


def test_a_token_has_the_persons_own_rights_until_it_ends(world: World) -> None:
    rasa = world.person(password=HASH)
    actor = world.actor(rasa)
    with clock.at(NOON):
        secret = actions.create_token(world.db, actor, name="Scenarijus")
        assert queries.actor_by_token(world.db, token_digest(secret)) == (actor, None)
        actions.touch_token(world.db, token_digest(secret))
        (card,) = queries.tokens_of(world.db, rasa.id)
        assert card.used_at == NOON
    with clock.at(NOON + rules.TOKEN_VALID):
        assert queries.actor_by_token(world.db, token_digest(secret)) is None
    with clock.at(NOON):
        actions.end_token(world.db, actor, token_id=card.id)
        assert queries.actor_by_token(world.db, token_digest(secret)) is None
        before = audit.count(world.db)
        actions.end_token(world.db, actor, token_id=card.id)
        assert audit.count(world.db) == before
