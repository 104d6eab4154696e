"""A dry run: what is known is read, and the plan made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy.orm import Session

from app.accounts import queries, rules
from app.accounts.importer.plan import ImportPlan, Known, judge
from app.accounts.importer.table import Table
from app.accounts.models import Person
from app.accounts.queries import PersonCard
from app.accounts.rules import PersonState
from app.kit.actor import Actor, Role
from app.organisations import access as organisations
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard, below, by_folded_code, matching
from app.organisations.rules import Kind

_AT_ONCE = 500
Item = TypeVar("Item")


def plan_import(db: Session, actor: Actor, table: Table) -> ImportPlan:
    """What importing this table would do, within the organisations that the actor administers. Writes nothing."""
    here = by_folded_code(db, organisations.visible_to(actor, Role.ADMINISTRATOR))
    employers = employers_of(db, here.values())
    emails = {e for row in table.rows if (e := rules.normal_email(row.said("email")))}
    numbers = {row.said("staff_number") for row in table.rows} - {""}
    by_email: dict[str, PersonCard] = {}
    by_number: dict[tuple[int, str], PersonCard] = {}
    for some in _chunks(sorted(emails)):
        by_email.update({str(p.email): p for p in queries.person_cards(db, Person.email.in_(some))})
    for some in _chunks(sorted(numbers)):
        for employer, person in queries.people_by_number(db, some):
            by_number[employer, str(person.staff_number)] = person
    everybody = {person.id for person in (*by_email.values(), *by_number.values())}
    held: dict[int, list[str]] = {}
    for ids in _chunks(sorted(everybody)):
        for person_id, path in queries.grant_paths(db, ids):
            held.setdefault(person_id, []).append(path)

    def may_manage(person: PersonCard) -> bool:
        grant_paths = tuple(held.get(person.id, ()))
        return rules.may_manage_person(actor, path=person.organisation_path, grant_paths=grant_paths)

    complete = here.get(table.complete.casefold()) if table.complete else None
    staff: tuple[PersonCard, ...] = ()
    if complete is not None:
        at_work = below(complete.path) & (Person.state != PersonState.DISABLED) & (Person.id != actor.id)
        staff = queries.person_cards(db, at_work)
        for ids in _chunks(sorted({person.id for person in staff} - everybody)):
            for person_id, path in queries.grant_paths(db, ids):
                held.setdefault(person_id, []).append(path)
    return judge(table, Known(here, employers, by_email, by_number, may_manage, complete, staff))


def employers_of(db: Session, cards: Iterable[OrganisationCard]) -> dict[int, int]:
    """For each organisation the institution within which staff numbers are unique."""
    out: dict[int, int] = {}
    wanted = list(cards)
    above = {int(part) for card in wanted for part in card.path.strip("/").split("/")}
    kinds = {card.id: card.kind for card in matching(db, Organisation.id.in_(sorted(above)))} if above else {}
    for card in wanted:
        way = [int(part) for part in card.path.strip("/").split("/")]
        out[card.id] = next((i for i in reversed(way) if kinds.get(i) is not Kind.UNIT), card.id)
    return out


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
