"""What the rules say about places in the tree."""

import pytest

from app.accounts.rules import SEES_NUMBERS
from app.kit.actor import SYSTEM, Actor, Grant, Role
from app.organisations import rules
from app.organisations.rules import Kind


def test_only_the_country_has_nothing_above_it() -> None:
    assert [kind for kind in Kind if rules.may_stand_under(kind, None)] == [Kind.COUNTRY]


def test_an_institution_stands_under_a_municipality_and_a_unit_under_an_institution() -> None:
    assert rules.may_stand_under(Kind.INSTITUTION, Kind.MUNICIPALITY)
    assert rules.may_stand_under(Kind.UNIT, Kind.INSTITUTION)
    assert not rules.may_stand_under(Kind.INSTITUTION, Kind.COUNTRY)
    assert not rules.may_stand_under(Kind.MUNICIPALITY, Kind.INSTITUTION)


def test_every_kind_but_the_country_finds_a_place_somewhere() -> None:
    placed = {kind for parent in Kind for kind in rules.kinds_under(parent)}
    assert placed == set(Kind) - {Kind.COUNTRY}


@pytest.mark.parametrize("code", ["utena", "LT-101", "utena.vb", "a1", "x" * 64])
def test_a_code_of_letters_digits_dots_and_hyphens_is_taken(code: str) -> None:
    assert rules.code_fault(code) is None


@pytest.mark.parametrize("code", ["", "a", "-utena", "ute na", "utena/vb", "ąžuolas", "x" * 65, "a\n"])
def test_a_code_that_cannot_stand_in_an_address_is_refused(code: str) -> None:
    assert rules.code_fault(code)


def test_figures_are_seen_by_the_same_roles_as_people_are_counted_for() -> None:
    assert set(rules.SEES) == set(SEES_NUMBERS)


def test_a_grant_covers_its_place_and_below_and_nothing_beside() -> None:
    actor = Actor(id=1, grants=(Grant(Role.MANAGER, 5, "/1/5/"),))
    assert rules.may_see(actor, "/1/5/") and rules.may_see(actor, "/1/5/22/")
    assert not rules.may_see(actor, "/1/") and not rules.may_see(actor, "/1/55/")
    assert not rules.may_see(actor, "/1/5/", Role.ADMINISTRATOR)
    assert rules.may_see(SYSTEM, "/1/")
