"""What many people need in every quiz, from a table: read it, say what would change, then change it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts import importer as lists
from app.accounts import queries as people
from app.accounts.models import Person
from app.accounts.queries import PersonCard
from app.accounts.rules import normal_email
from app.assessment import actions, queries, rules
from app.assessment.rules import Accommodation
from app.kit import i18n, limits
from app.kit.actor import Actor
from app.kit.errors import Invalid, KitError
from app.kit.i18n import N_

# Headings as people write them, without marks, capitals, spaces and dots.
_HEADINGS = {
    "email": "elpastas elpastoadresas email mail epost",
    "time": "laikas laikokoeficientas time timefactor factor tid tidsfaktor",
    "attempts": "bandymai papildomibandymai attempts extraattempts forsok ekstraforsok",
}
_FIELD_OF = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split()}
_NO_LIMIT = ("0", "none", "nera", "ingen")


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken; `number` is the row's in a spreadsheet."""

    number: int
    why: KitError


@dataclass(frozen=True, slots=True)
class Plan:
    """`wanted` is what would change: who, and what they need from then on (nothing: it is taken back)."""

    wanted: tuple[tuple[PersonCard, Accommodation], ...]
    unchanged: int
    refused: tuple[Refused, ...]


def plan(db: Session, actor: Actor, data: bytes) -> Plan:
    """What a table with a person, a time factor and a number of attempts in each row would set.

    People are named by e-mail address. A file that cannot be read is `Invalid(file=…)`; reasons and notes have no
    column, and columns that mean nothing here are never read.
    """
    records = lists.records_in(data)[2]
    columns = {_FIELD_OF[key]: at for at, cell in enumerate(records[0][1]) if (key := _plain(cell)) in _FIELD_OF}
    if missing := sorted(set(_HEADINGS) - set(columns)):
        names = ", ".join(missing)
        raise Invalid(
            file=KitError(
                N_("These columns are missing: %(columns)s. The first row must hold the headings."), columns=names
            )
        )
    if len(records) - 1 > limits.IMPORT_ROWS:
        most = i18n.number(limits.IMPORT_ROWS)
        raise Invalid(file=KitError(N_("The file has more than %(rows)s people. Split it."), rows=most))
    wanted: list[tuple[PersonCard, Accommodation]] = []
    refused: list[Refused] = []
    seen: set[int] = set()
    unchanged = 0
    for number, record in records[1:]:
        said = {field: record[at].strip() if at < len(record) else "" for field, at in columns.items()}
        person, needs = _person(db, actor, said["email"]), _needs(said["time"], said["attempts"])
        if isinstance(person, KitError) or isinstance(needs, KitError):
            why = person if isinstance(person, KitError) else needs
            assert isinstance(why, KitError)
            refused.append(Refused(number, why))
        elif person.id in seen:
            refused.append(Refused(number, KitError(N_("This person stands in the file twice."))))
        else:
            seen.add(person.id)
            if needs == (queries.accommodation(db, person.id) or Accommodation()):
                unchanged += 1
            else:
                wanted.append((person, needs))
    return Plan(tuple(wanted), unchanged, tuple(refused))


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", i18n.fold(heading))


def _person(db: Session, actor: Actor, address: str) -> PersonCard | KitError:
    email = normal_email(address)
    for found in people.person_cards(db, Person.email == email) if email else ():
        if rules.may_accommodate(actor, path=found.organisation_path, person_id=found.id):
            return found
    return KitError(N_("There is no person with this address in the organisations you administer."))


def _needs(time: str, attempts: str) -> Accommodation | KitError:
    """An empty cell is the usual: no more time, no more attempts."""
    if i18n.fold(time) in _NO_LIMIT:
        factor = rules.NO_LIMIT
    else:
        written = time.replace(",", ".") or "1"
        factor = float(written) if re.fullmatch(r"\d(\.\d{1,2})?", written) else -1.0
        if factor not in rules.FACTORS:
            known = ", ".join(f"{one:g}" for one in rules.FACTORS)
            return KitError(N_("The time is one of %(known)s, or 0 for no limit."), known=known)
    if attempts and not (attempts.isascii() and attempts.isdigit() and int(attempts[:4]) <= rules.MAX_EXTRA):
        return KitError(N_("Give a number from 0 to %(most)s."), most=rules.MAX_EXTRA)
    return Accommodation(factor, int(attempts or 0))


def apply(db: Session, actor: Actor, plan: Plan) -> int:
    """Set what was planned, each with its own entry in the trail. Answers of how many people."""
    for person, needs in plan.wanted:
        actions.accommodate(db, actor, person=person, needs=needs)
    return len(plan.wanted)
