"""Invitations and forgotten passwords."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import access, actions, queries, rules
from app.accounts.models import Link, Person
from app.accounts.rules import LinkKind, PersonState
from app.kit import clock
from app.kit.actor import SYSTEM
from app.kit.errors import Conflict, NotFound
from app.kit.jobs import Job
from app.kit.mail import Mail
from tests.accounts.conftest import World

NOON = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)
BASE = "https://klasteris.example/"


def last_mail(db: Session) -> Mail:
    found = db.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert found is not None
    return found


def link_in(mail: Mail) -> str:
    found = re.search(r"https://klasteris\.example/set-password/(\S+)", mail.text)
    assert found is not None, mail.text
    return found.group(1)


def test_an_invitation_is_a_link_that_works_once(world: World) -> None:
    rasa = world.person()
    actions.invite(world.db, SYSTEM, person_id=rasa.id, base_url=BASE)
    mail = last_mail(world.db)
    assert mail.address == "rasa@utena.example" and "Rasa Petraitė" in mail.text
    token = link_in(mail)
    assert world.db.scalar(select(Link.token)) != token
    assert access.link_by_token(world.db, token).person_id == rasa.id
    assert actions.set_password(world.db, token=token, stored="hash-1") == rasa.id
    card = queries.person_by_id(world.db, rasa.id)
    assert card is not None and card.state is PersonState.ACTIVE
    with pytest.raises(NotFound):
        actions.set_password(world.db, token=token, stored="hash-2")
    assert world.db.scalar(select(Person.password).where(Person.id == rasa.id)) == "hash-1"


def test_an_invitation_is_written_in_the_readers_language(world: World) -> None:
    from app.kit.i18n import in_language

    rasa = world.person(lang="nb")
    actions.invite(world.db, SYSTEM, person_id=rasa.id, base_url=BASE)
    mail = last_mail(world.db)
    assert (mail.lang, mail.subject) == ("nb", in_language("You are invited to learn on Klasteris", "nb"))


def test_a_link_runs_out(world: World) -> None:
    rasa = world.person()
    with clock.at(NOON):
        actions.invite(world.db, SYSTEM, person_id=rasa.id, base_url=BASE)
        token = link_in(last_mail(world.db))
    with clock.at(NOON + rules.INVITATION_VALID - timedelta(seconds=1)):
        assert queries.link_for(world.db, token)
    with clock.at(NOON + rules.INVITATION_VALID):
        with pytest.raises(NotFound):
            access.link_by_token(world.db, token)
        with pytest.raises(NotFound):
            actions.set_password(world.db, token=token, stored="hash")


def test_inviting_again_makes_the_earlier_link_worthless(world: World) -> None:
    rasa = world.person()
    actions.invite(world.db, SYSTEM, person_id=rasa.id, base_url=BASE)
    first = link_in(last_mail(world.db))
    actions.invite(world.db, SYSTEM, person_id=rasa.id, base_url=BASE)
    second = link_in(last_mail(world.db))
    assert queries.link_for(world.db, first) is None and queries.link_for(world.db, second)


def test_a_disabled_persons_link_opens_nothing(world: World) -> None:
    rasa = world.person()
    token = actions.hand_over_link(world.db, SYSTEM, person=rasa)
    actions.disable(world.db, SYSTEM, person=rasa)
    assert queries.link_for(world.db, token) is None


def test_somebody_without_an_address_is_handed_a_link(world: World) -> None:
    ona = world.person("Ona", "Be pašto", email=None, staff_number="17")
    with pytest.raises(Conflict):
        actions.invite(world.db, SYSTEM, person_id=ona.id, base_url=BASE)
    token = actions.hand_over_link(world.db, SYSTEM, person=ona)
    assert access.link_by_token(world.db, token).person_id == ona.id


def test_nobody_is_handed_the_link_to_an_account_in_use_that_mail_reaches(world: World) -> None:
    with pytest.raises(Conflict):
        actions.hand_over_link(world.db, SYSTEM, person=world.person(password="hash"))


def test_asking_for_a_password_does_the_same_for_known_and_unknown(world: World) -> None:
    world.person(password="hash")
    done = []
    for email in ("rasa@utena.example", "nobody@utena.example"):
        before = world.db.query(Mail).count()
        assert actions.ask_for_password(world.db, email=email, address="10.0.0.1") == 0
        jobs = world.db.scalars(select(Job).where(Job.kind == "accounts.password-link").order_by(Job.id)).all()
        done.append((len(jobs), world.db.query(Mail).count() - before, sorted(jobs[-1].data)))
    assert done[1] == (done[0][0] + 1, done[0][1], done[0][2])


def test_the_job_writes_to_the_known_and_to_nobody_else(world: World) -> None:
    rasa = world.person(password="hash")
    actions.send_password_link(world.db, email="nobody@utena.example", base_url=BASE)
    assert world.db.query(Mail).count() == 0
    actions.send_password_link(world.db, email="rasa@utena.example", base_url=BASE)
    assert access.link_by_token(world.db, link_in(last_mail(world.db))).person_id == rasa.id


def test_a_stream_of_requests_ends_in_five_mails_a_day(world: World) -> None:
    for n in range(12):
        assert actions.ask_for_password(world.db, email="Rasa@utena.example", address=f"10.0.0.{n}") == 0
    assert world.db.query(Job).filter_by(kind="accounts.password-link").count() == rules.RESET_ACCOUNT.tries


def test_one_address_asks_for_so_many_passwords_and_no_more(world: World) -> None:
    waits = [actions.ask_for_password(world.db, email=f"p{n}@utena.example", address="10.0.0.1") for n in range(61)]
    assert not any(waits[:60]) and waits[60] > 0


def test_a_new_password_ends_the_sign_ins_begun_with_the_old_one(world: World) -> None:
    from app.accounts.queries.signins import token_digest

    rasa = world.person(password="hash")
    here = actions.begin(world.db, person_id=rasa.id, address="", agent="")
    there = actions.begin(world.db, person_id=rasa.id, address="", agent="")
    found = queries.actor_by_session(world.db, token_digest(str(here)))
    assert found is not None
    actions.change_password(world.db, found[0], stored="hash-2")
    assert queries.actor_by_session(world.db, token_digest(str(here)))
    assert queries.actor_by_session(world.db, token_digest(str(there))) is None
    assert last_mail(world.db).address == "rasa@utena.example"
    link = actions.make_link(world.db, rasa.id, LinkKind.PASSWORD)
    actions.set_password(world.db, token=link, stored="hash-3")
    assert queries.actor_by_session(world.db, token_digest(str(here))) is None


def test_invitations_of_an_import_are_written_by_jobs_for_those_still_waiting(world: World) -> None:
    people = [world.person(f"P{n}", "Nauja", email=f"p{n}@utena.example") for n in range(3)]
    without = world.person("Be", "Pašto", email=None, staff_number="1")
    active = world.person("Jau", "Dirba", email="jau@utena.example", password="hash")
    ids = [p.id for p in (*people, without, active)]
    actions.invite_later(world.db, ids)
    job = world.db.scalars(select(Job).where(Job.kind == "accounts.invite")).one()
    actions.invite_now(world.db, person_ids=job.data["person_ids"], base_url=BASE)
    assert {m.address for m in world.db.scalars(select(Mail))} == {f"p{n}@utena.example" for n in range(3)}
