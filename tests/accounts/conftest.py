"""A small world of people: a country, two municipalities, an institution in each."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from app.accounts import actions, queries
from app.accounts.queries import PersonCard
from app.kit.actor import SYSTEM, Actor, Role
from app.organisations import actions as organisations
from app.organisations.queries import OrganisationCard
from app.organisations.rules import Kind

PASSWORD = "trys žali drambliai plaukia"


@dataclass
class World:
    db: Session
    country: OrganisationCard
    utena: OrganisationCard
    library: OrganisationCard
    birzai: OrganisationCard
    bureau: OrganisationCard

    def person(
        self,
        given_name: str = "Rasa",
        family_name: str = "Petraitė",
        *,
        at: OrganisationCard | None = None,
        email: str | None = "rasa@utena.example",
        password: str | None = None,
        **more: str,
    ) -> PersonCard:
        return actions.create(
            self.db, SYSTEM, organisation=at or self.library, given_name=given_name, family_name=family_name,
            email=email, password=password, **more,
        )  # fmt: skip

    def actor(self, person: PersonCard) -> Actor:
        found = queries.actor_of(self.db, person.id)
        assert found is not None
        return found

    def administrator(self, at: OrganisationCard, email: str = "admin@utena.example") -> Actor:
        person = self.person("Ada", "Valdytoja", at=at, email=email, password="not-a-hash")
        actions.give_grant(self.db, SYSTEM, person=person, role=Role.ADMINISTRATOR, organisation=at)
        return self.actor(person)


@pytest.fixture
def world(db: Session) -> World:
    country = organisations.create(db, SYSTEM, parent=None, code="lt", name="Lietuva", kind=Kind.COUNTRY)
    utena = organisations.create(
        db, SYSTEM, parent=country, code="utena", name="Utenos r. savivaldybė", kind=Kind.MUNICIPALITY
    )
    birzai = organisations.create(
        db, SYSTEM, parent=country, code="birzai", name="Biržų r. savivaldybė", kind=Kind.MUNICIPALITY
    )
    library = organisations.create(
        db, SYSTEM, parent=utena, code="utena-vb", name="Utenos viešoji biblioteka", kind=Kind.INSTITUTION
    )
    bureau = organisations.create(
        db, SYSTEM, parent=birzai, code="birzai-vsb", name="Biržų visuomenės sveikatos biuras", kind=Kind.INSTITUTION
    )
    return World(db, country, utena, library, birzai, bureau)
