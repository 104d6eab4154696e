"""The tree in the database: reading it, fencing it, changing it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit import audit, i18n
from app.kit.actor import ANONYMOUS, SYSTEM, Actor, Grant, Role
from app.kit.errors import Conflict, Invalid, NotFound
from app.organisations import access, actions, queries, rules
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard
from app.organisations.rules import Kind


@pytest.fixture
def lithuania(db: Session) -> OrganisationCard:
    return actions.create(db, SYSTEM, parent=None, code="lt", name="Lietuva", name_en="Lithuania", kind=Kind.COUNTRY)


@pytest.fixture
def utena(db: Session, lithuania: OrganisationCard) -> OrganisationCard:
    return actions.create(
        db,
        SYSTEM,
        parent=lithuania,
        code="utena",
        name="Utenos r. savivaldybė",
        kind=Kind.MUNICIPALITY,
        county="Utenos",
    )


@pytest.fixture
def library(db: Session, utena: OrganisationCard) -> OrganisationCard:
    return actions.create(
        db, SYSTEM, parent=utena, code="utena-vb", name="Viešoji biblioteka", name_en="Public Library",
        kind=Kind.INSTITUTION,
    )  # fmt: skip


def a_manager_of(card: OrganisationCard, role: Role = Role.MANAGER) -> Actor:
    return Actor(id=7, key="k", given_name="Daiva", grants=(Grant(role, card.id, card.path),))


def test_a_path_is_the_way_from_the_root(lithuania: OrganisationCard, library: OrganisationCard) -> None:
    assert library.path.startswith(lithuania.path) and library.path.endswith(f"/{library.id}/")
    assert (lithuania.depth, library.depth) == (0, 2)


def test_the_county_is_inherited(library: OrganisationCard) -> None:
    assert library.county == "Utenos"


def test_names_are_lithuanian_in_lithuanian_and_english_elsewhere_if_there_is_one(
    db: Session, utena: OrganisationCard, library: OrganisationCard
) -> None:
    assert library.name_in("lt") == "Viešoji biblioteka"
    assert library.name_in("nb") == "Public Library"
    assert utena.name_in("en") == "Utenos r. savivaldybė"
    for lang in ("lt", "en", "nb"):
        said = db.execute(select(Organisation.code, queries.said_name(lang)).where(Organisation.id != utena.parent_id))
        assert dict(said.all()) == {one.code: one.name_in(lang) for one in (utena, library)}


def test_a_taken_code_is_a_sentence_at_the_field(
    db: Session, lithuania: OrganisationCard, utena: OrganisationCard
) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.create(db, SYSTEM, parent=lithuania, code="utena", name="Kita", kind=Kind.MUNICIPALITY)
    assert "code" in refusal.value.fields
    assert queries.count(db) == 2


def test_a_kind_in_the_wrong_place_is_refused(db: Session, lithuania: OrganisationCard) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.create(db, SYSTEM, parent=lithuania, code="xx", name="X", kind=Kind.UNIT)
    assert "kind" in refusal.value.fields


def test_breadcrumbs_lead_down_from_the_root(db: Session, library: OrganisationCard) -> None:
    assert [card.code for card in queries.ancestors(db, library.path)] == ["lt", "utena"]
    municipality = queries.municipality_of(db, library.path)
    assert municipality is not None and municipality.code == "utena"


def test_the_tree_lists_parents_before_children_and_siblings_the_lithuanian_way(
    db: Session, lithuania: OrganisationCard, library: OrganisationCard
) -> None:
    for code, name in (("zarasai", "Zarasų r."), ("siauliai", "Šiaulių m."), ("sirvintos", "Širvintų r.")):
        actions.create(db, SYSTEM, parent=lithuania, code=code, name=name, kind=Kind.MUNICIPALITY)
    lines = [(line.card.code, line.depth) for line in queries.tree(db)]
    assert lines == [("lt", 0), ("siauliai", 1), ("sirvintos", 1), ("utena", 1), ("utena-vb", 2), ("zarasai", 1)]


def test_a_search_finds_without_marks_and_shows_the_way_there(db: Session, library: OrganisationCard) -> None:
    found = queries.found_in(queries.tree(db), "viesoji BIBL")
    assert [line.card.code for line in found] == ["lt", "utena", "utena-vb"]


@pytest.mark.parametrize("role", list(Role))
def test_seeing_one_and_seeing_all_are_the_same_rule(
    db: Session, lithuania: OrganisationCard, utena: OrganisationCard, library: OrganisationCard, role: Role
) -> None:
    beside = actions.create(db, SYSTEM, parent=lithuania, code="birzai", name="Biržai", kind=Kind.MUNICIPALITY)
    for place in (lithuania, utena, library, beside):
        actor = a_manager_of(place, role)
        listed = {card.code for card in queries.matching(db, access.visible_to(actor))}
        allowed = {c.code for c in (lithuania, utena, library, beside) if rules.may_see(actor, c.path)}
        assert listed == allowed
        for card in (lithuania, utena, library, beside):
            if card.code in allowed:
                assert access.organisation_for(db, actor, card.code) == card
            else:
                with pytest.raises(NotFound):
                    access.organisation_for(db, actor, card.code)


def test_absent_and_hidden_are_refused_with_the_same_words(db: Session, utena: OrganisationCard) -> None:
    said = []
    for code in ("utena", "no-such"):
        with pytest.raises(NotFound) as refusal:
            access.organisation_for(db, ANONYMOUS, code)
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_renaming_changes_the_order_and_is_written_down(db: Session, library: OrganisationCard) -> None:
    renamed = actions.rename(db, a_manager_of(library), organisation=library, name="Antroji biblioteka")
    assert renamed.name == "Antroji biblioteka" and renamed.code == library.code
    last = db.scalars(select(audit.AuditRow).order_by(audit.AuditRow.id.desc())).first()
    assert last is not None and (last.action, last.subject) == ("organisation.renamed", "utena-vb")
    assert last.data["was"]["name"] == "Viešoji biblioteka"


def test_moving_takes_everything_below_along(
    db: Session, lithuania: OrganisationCard, utena: OrganisationCard, library: OrganisationCard
) -> None:
    branch = actions.create(db, SYSTEM, parent=library, code="utena-vb-1", name="Skyrius", kind=Kind.UNIT)
    birzai = actions.create(db, SYSTEM, parent=lithuania, code="birzai", name="Biržai", kind=Kind.MUNICIPALITY)
    moved = actions.move(db, SYSTEM, organisation=library, parent=birzai)
    assert moved.path == f"{birzai.path}{library.id}/"
    below = queries.by_code(db, "utena-vb-1")
    assert below is not None and below.path == f"{moved.path}{branch.id}/"
    assert queries.children(db, utena.id) == ()


def test_nothing_moves_below_itself(db: Session, utena: OrganisationCard, library: OrganisationCard) -> None:
    with pytest.raises(Conflict):
        actions.move(db, SYSTEM, organisation=utena, parent=library)


def test_closing_starts_below_and_opening_above(
    db: Session, utena: OrganisationCard, library: OrganisationCard
) -> None:
    with pytest.raises(Conflict):
        actions.close(db, SYSTEM, organisation=utena)
    library = actions.close(db, SYSTEM, organisation=library)
    assert library.closed and [o.card.code for o in queries.options(db)] == ["lt", "utena"]
    utena = actions.close(db, SYSTEM, organisation=utena)
    with pytest.raises(Conflict):
        actions.reopen(db, SYSTEM, organisation=library)
    actions.reopen(db, SYSTEM, organisation=utena)
    assert not actions.reopen(db, SYSTEM, organisation=library).closed
    assert audit.broken_links(db) == []


def test_a_tree_begins_with_the_country_of_the_installation(db: Session) -> None:
    """Norway's calendar holds below it where nothing else is said, and what is at the top cannot say nothing."""
    (root,) = actions.found_country(db, SYSTEM, "NO")
    made = {"parent": root, "kind": Kind.MUNICIPALITY}
    fjord = actions.create(db, SYSTEM, code="fjord", name="Fjordvik kommune", name_en="Fjordvik Municipality", **made)
    partner = actions.create(db, SYSTEM, code="utena", name="Utena", name_nb="Utena kommune", country="LT", **made)
    assert queries.country_at(db, fjord.path) == "NO" and queries.country_at(db, partner.path) == "LT"
    assert actions.rename(db, SYSTEM, organisation=root, name="Norge", name_en="Norway", country="").country == "NO"
    # The nearest name there is: one's own language, the English one, what the place calls itself.
    assert [fjord.name_in(lang) for lang in ("lt", "en", "nb")] == [fjord.name, fjord.name_en, fjord.name_en]
    assert [partner.name_in(lang) for lang in ("lt", "en", "nb")] == ["Utena", "Utena", "Utena kommune"]
    for lang in ("lt", "en", "nb"):
        with i18n.speaking(lang):
            said = dict(db.execute(select(Organisation.code, queries.said_name())).all())
        for card in (root, fjord, partner):
            own = db.scalar(select(queries.said_name(lang)).where(Organisation.id == card.id))
            assert said[card.code] == own == card.name_in(lang), (card.code, lang)
