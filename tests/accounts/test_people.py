"""Adding people, changing them, giving them roles, writing to them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts import access, actions, queries
from app.accounts.queries import PersonFilter
from app.accounts.rules import NoticeKind, PersonState
from app.kit import audit
from app.kit.actor import ANONYMOUS, SYSTEM, Role
from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.kit.mail import Mail
from tests.accounts.conftest import World


def test_a_new_person_waits_for_an_invitation_and_has_a_post(world: World) -> None:
    rasa = world.person(job_title="bibliotekininkė")
    assert rasa.state is PersonState.INVITED and not rasa.has_password
    (post,) = queries.posts_of(world.db, rasa.id)
    assert (post.organisation_code, post.title, post.ended_on) == ("utena-vb", "bibliotekininkė", None)


def test_every_fault_is_said_at_once(world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        world.person("", "x" * 101, email="rasa@utena", job_title="y" * 201)
    assert set(refusal.value.fields) == {"given_name", "family_name", "email", "job_title"}


def test_somebody_needs_an_address_or_a_number(world: World) -> None:
    with pytest.raises(Invalid):
        world.person(email=None)
    assert world.person(email=None, staff_number="7").staff_number == "7"


def test_a_personal_code_is_never_kept(world: World) -> None:
    code = next(c for c in (f"3850101012{n}" for n in range(10)) if queries_is_code(c))
    with pytest.raises(Invalid) as refusal:
        world.person(staff_number=code)
    assert "staff_number" in refusal.value.fields


def queries_is_code(text: str) -> bool:
    from app.accounts.rules import is_personal_code

    return is_personal_code(text)


def test_an_address_belongs_to_one_person_and_a_number_to_one_in_an_institution(world: World) -> None:
    world.person(staff_number="7")
    with pytest.raises(Invalid) as refusal:
        world.person("Ona", "Kita", email="RASA@utena.example")
    assert "email" in refusal.value.fields
    with pytest.raises(Invalid) as refusal:
        world.person("Ona", "Kita", email="ona@utena.example", staff_number="7")
    assert "staff_number" in refusal.value.fields
    assert world.person("Ona", "Kita", at=world.bureau, email="ona@utena.example", staff_number="7")


def test_staff_numbers_of_a_unit_are_those_of_its_institution(world: World) -> None:
    from app.organisations import actions as organisations
    from app.organisations.rules import Kind

    unit = organisations.create(
        world.db, SYSTEM, parent=world.library, code="utena-vb-v", name="Vaikų skyrius", kind=Kind.UNIT
    )
    world.person(staff_number="7")
    with pytest.raises(Invalid):
        world.person("Ona", "Kita", at=unit, email="ona@utena.example", staff_number="7")


def test_another_address_makes_sent_links_worthless(world: World) -> None:
    rasa = world.person()
    token = actions.hand_over_link(world.db, SYSTEM, person=rasa)
    changed = actions.update_person(
        world.db, SYSTEM, person=rasa, given_name="Rasa", family_name="Petraitė", email="kita@utena.example",
        staff_number=None, job_title="", lang="lt",
    )  # fmt: skip
    assert changed.email == "kita@utena.example"
    assert world.db.query(Mail).count() == 0, "nobody has used the old address yet"
    assert queries.link_for(world.db, token) is None


def test_the_old_address_of_an_account_in_use_is_told_of_the_new_one(world: World) -> None:
    rasa = world.person(password="hash")
    actions.update_person(
        world.db, SYSTEM, person=rasa, given_name="Rasa", family_name="Petraitė", email="kita@utena.example",
        staff_number=None, job_title="", lang="lt",
    )  # fmt: skip
    assert world.db.scalars(select(Mail.address)).all() == ["rasa@utena.example"]


def test_changing_nothing_writes_nothing(world: World) -> None:
    rasa = world.person()
    before = audit.count(world.db)
    actions.update_person(
        world.db, SYSTEM, person=rasa, given_name="Rasa", family_name="Petraitė", email="rasa@utena.example",
        staff_number=None, job_title="", lang="lt",
    )  # fmt: skip
    assert audit.count(world.db) == before


def test_a_new_post_ends_the_old_one_and_keeps_it(world: World) -> None:
    rasa = world.person(job_title="specialistė")
    moved = actions.change_post(world.db, SYSTEM, person_id=rasa.id, organisation_id=world.bureau.id, title="vedėja")
    assert (moved.organisation_code, moved.job_title) == ("birzai-vsb", "vedėja")
    posts = queries.posts_of(world.db, rasa.id)
    assert [(p.organisation_code, p.ended_on is None) for p in posts] == [("birzai-vsb", True), ("utena-vb", False)]


def test_an_administrator_sees_the_people_of_their_own_places_only(world: World) -> None:
    rasa = world.person()
    jonas = world.person("Jonas", "Biržietis", at=world.bureau, email="jonas@birzai.example")
    admin = world.administrator(world.utena)
    assert access.person_to_show(world.db, admin, rasa.key) == rasa
    with pytest.raises(NotFound) as hidden:
        access.person_to_show(world.db, admin, jonas.key)
    with pytest.raises(NotFound) as absent:
        access.person_to_show(world.db, admin, "no-such-key")
    assert str(hidden.value) == str(absent.value)
    people, total = queries.people_page(world.db, access.managed_by(admin), PersonFilter())
    assert total == 2 and {p.family_name for p in people} == {"Petraitė", "Valdytoja"}
    assert queries.people_page(world.db, access.managed_by(ANONYMOUS), PersonFilter()) == ((), 0)


def test_a_search_finds_names_without_marks_and_takes_no_wildcards(world: World) -> None:
    world.person("Žydrė", "Šiaučiūnaitė", email="zydre@utena.example")
    world.person("Jonas", "Paprastas", email="jonas_p@utena.example")
    everyone = access.managed_by(SYSTEM)

    def found(search: str) -> set[str]:
        return {p.family_name for p in queries.people_page(world.db, everyone, PersonFilter(search=search))[0]}

    assert found("siauciunaite ZYDRE") == {"Šiaučiūnaitė"}
    assert found("ŠIAUČ") == {"Šiaučiūnaitė"}
    assert found("jonas_p@") == {"Paprastas"}
    assert found("jonasxp") == set() and found("%") == set() and found("@") == set()
    assert found("utena.example") == set(), "what everybody's address ends with finds nobody"


def test_a_search_follows_what_is_known_of_somebody(world: World) -> None:
    ona = world.person("Ona", "Petraitė", email="ona@utena.example")

    def found(search: str) -> set[str]:
        wanted = PersonFilter(search=search)
        return {card.key for card in queries.people_page(world.db, access.managed_by(SYSTEM), wanted)[0]}

    for said in ("ona", "PETR", "petraite on", "ona@utena", "ona@utena.example"):
        assert found(said) == {ona.key}, said
    married = actions.update_person(
        world.db, SYSTEM, person=ona, given_name="Ona", family_name="Kazlauskė", email=None, staff_number="B-17/x"[:4],
        job_title="Buhalterė-kasininkė", lang="lt",
    )  # fmt: skip
    assert found("petraite") == found("ona@utena") == set()
    for said in ("kazlauske", "b-17", "17", "kasinink", "buhaltere ona"):
        assert found(said) == {ona.key}, said
    actions.leave(world.db, SYSTEM, person=married)
    actions.make_nameless(world.db, SYSTEM, person_id=ona.id)
    assert found("kazlauske") == found("kasinink") == set()


def test_a_list_of_more_than_one_can_count_has_the_same_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(9):
        world.person(f"Ona {n % 3}", f"Abc{8 - n}", email=f"many{n}@example.org")
    everyone = access.managed_by(SYSTEM)

    def pages(wanted: PersonFilter) -> list[tuple[str, ...]]:
        found = [queries.people_page(world.db, everyone, wanted, page=n, size=2)[0] for n in range(1, 6)]
        return [tuple(card.key for card in page) for page in found]

    for wanted in (PersonFilter(), PersonFilter(search="ona"), PersonFilter(search="abc", state=PersonState.INVITED)):
        full = pages(wanted)
        _first, total = queries.people_page(world.db, everyone, wanted, size=2)
        assert total >= 9
        with monkeypatch.context() as few:
            few.setattr("app.accounts.queries.people.MOST", 8)
            assert pages(wanted) == full
            assert queries.people_page(world.db, everyone, wanted, size=2)[1] == 9, "more than eight"


def test_the_account_of_somebody_with_a_role_above_is_out_of_reach(world: World) -> None:
    admin = world.administrator(world.utena)
    chief = world.person("Vyr", "Administratorė", email="vyr@utena.example")
    actions.give_grant(world.db, SYSTEM, person=chief, role=Role.ADMINISTRATOR, organisation=world.country)
    assert access.person_to_show(world.db, admin, chief.key)
    with pytest.raises(Forbidden):
        access.person_to_manage(world.db, admin, chief.key)


def test_a_role_is_given_only_within_ones_own_places_and_once(world: World) -> None:
    admin, rasa = world.administrator(world.utena), world.person()
    actions.give_grant(world.db, admin, person=rasa, role=Role.MANAGER, organisation=world.library)
    actions.give_grant(world.db, admin, person=rasa, role=Role.MANAGER, organisation=world.library)
    (grant,) = queries.grants_of(world.db, rasa.id)
    assert (grant.role, grant.organisation_code, grant.granted_by) == (Role.MANAGER, "utena-vb", "Ada Valdytoja")
    for place in (world.country, world.birzai):
        with pytest.raises(Forbidden):
            actions.give_grant(world.db, admin, person=rasa, role=Role.MANAGER, organisation=place)
    said = [row.action for row in world.db.scalars(select(audit.AuditRow)) if row.action.startswith("grant")]
    assert said == ["grant.given", "grant.given"], "the administrator's own grant, and one for Rasa"


def test_a_role_above_ones_own_places_cannot_be_taken(world: World) -> None:
    admin, rasa = world.administrator(world.utena), world.person()
    actions.give_grant(world.db, SYSTEM, person=rasa, role=Role.ANALYST, organisation=world.country)
    (grant,) = queries.grants_of(world.db, rasa.id)
    with pytest.raises(NotFound):
        access.grant_to_take(world.db, admin, grant.id)


def test_nobody_locks_themselves_out(world: World) -> None:
    admin = world.administrator(world.utena)
    me = queries.person_by_id(world.db, admin.id)
    assert me is not None
    with pytest.raises(Conflict):
        actions.disable(world.db, admin, person=me)
    with pytest.raises(Conflict):
        actions.take_grant(world.db, admin, grant=queries.grants_of(world.db, admin.id)[0])


def test_a_notice_with_a_key_is_written_once_and_read_once(world: World) -> None:
    rasa = world.person()
    assert actions.notify(world.db, rasa.id, NoticeKind.ASSIGNED, key="a:1", course="bdar")
    assert not actions.notify(world.db, rasa.id, NoticeKind.ASSIGNED, key="a:1", course="bdar")
    assert actions.notify(world.db, rasa.id, NoticeKind.WELCOME)
    assert queries.unread(world.db, rasa.id) == 2
    assert {n.kind for n in queries.notices_of(world.db, rasa.id)} == {NoticeKind.ASSIGNED, NoticeKind.WELCOME}
    other = world.person("Ona", "Kita", email="ona@utena.example", password="hash")
    actions.mark_all_read(world.db, world.actor(other))
    assert queries.unread(world.db, rasa.id) == 2


def test_a_letter_goes_once_with_its_notice_to_whoever_has_an_address(world: World) -> None:
    rasa, ona = world.person(), world.person("Ona", "Kita", email=None, staff_number="7")
    words = {"title": "BDAR", "reason": "Pertrauka", "url": "https://a.example"}
    found = queries.contacts(world.db, [rasa.id, ona.id])
    for person in (found[rasa.id], found[ona.id]):
        about = {"key": f"u:{person.id}", "notice": {"title": "BDAR"}, "words": words}
        assert actions.tell(world.db, person, NoticeKind.UNLOCKED, "unlocked", **about)
        assert not actions.tell(world.db, person, NoticeKind.UNLOCKED, "unlocked", **about)
        assert queries.unread(world.db, person.id) == 1
    [letter] = world.db.scalars(select(Mail).where(Mail.person_id.in_(found)))
    assert (letter.person_id, letter.address) == (rasa.id, rasa.email) and "Pertrauka" in letter.text


def test_the_trail_of_all_this_is_whole(world: World) -> None:
    rasa = world.person()
    actions.disable(world.db, SYSTEM, person=rasa)
    actions.enable(world.db, SYSTEM, person=rasa)
    assert audit.count(world.db) > 3 and audit.broken_links(world.db) == []
