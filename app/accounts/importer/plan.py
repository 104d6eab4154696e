"""What an import would do, row by row: decided from the table and what is known already, without a database."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.accounts import rules
from app.accounts.importer.table import Row, Table
from app.accounts.queries import PersonCard
from app.kit import i18n
from app.kit.errors import KitError
from app.kit.i18n import N_
from app.organisations.queries import OrganisationCard

_LANGUAGES = {
    "lt": "lt lit lietuviu lithuanian litauisk",
    "en": "en eng anglu english engelsk",
    "nb": "nb no nor norvegu norwegian norsk bokmal",
}
_LANGUAGE_OF = {word: code for code, words in _LANGUAGES.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be taken: which column, why, and how to put it right."""

    row: Row
    column: str
    why: KitError
    fix: KitError


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who would be added."""

    row: Row
    organisation: OrganisationCard
    given_name: str
    family_name: str
    email: str | None
    staff_number: str | None
    job_title: str
    lang: str


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody known who would be changed: field → what it was, what it would be. `moves_to`: another organisation."""

    row: Row
    person: PersonCard
    fields: dict[str, tuple[str, str]]
    moves_to: OrganisationCard | None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """All rows of a table, each in exactly one place; and who leaves, where the file says that it lists everybody of an
    institution (`complete`). `spared` people are not in it, but a rejected row may mean them."""

    table: Table
    new: tuple[NewPerson, ...]
    changed: tuple[Change, ...]
    unchanged: int
    rejected: tuple[Rejected, ...]
    complete: OrganisationCard | None = None
    leavers: tuple[PersonCard, ...] = ()
    spared: int = 0

    @property
    def total(self) -> int:
        return len(self.table.rows)

    @property
    def fitting(self) -> int:
        return self.total - sum(one.row.number != self.table.complete_row for one in self.rejected)

    @property
    def movers(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changed if change.moves_to is not None)

    @property
    def digest(self) -> str:
        """Changes when the plan does: what was shown is what is applied, or it is shown again."""
        said = [f"new:{n.row.number}" for n in self.new]
        said += [f"changed:{c.row.number}:{c.person.id}:{sorted(c.fields)}" for c in self.changed]
        said += [f"rejected:{r.row.number}" for r in self.rejected]
        said += [f"leaves:{person.id}" for person in self.leavers]
        return hashlib.sha256("|".join(said).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Known:
    """What is there already. `employers`: organisation → the institution within which its staff numbers are unique.

    `staff`: who works at or below the institution of which the table says that it lists everybody.
    """

    organisations: Mapping[str, OrganisationCard]
    employers: Mapping[int, int]
    by_email: Mapping[str, PersonCard]
    by_number: Mapping[tuple[int, str], PersonCard]
    may_manage: Callable[[PersonCard], bool]
    complete: OrganisationCard | None = None
    staff: tuple[PersonCard, ...] = ()


class _Unfit(Exception):
    def __init__(self, column: str, why: KitError, fix: KitError) -> None:
        super().__init__(column)
        self.column, self.why, self.fix = column, why, fix


def _unfit(column: str, why: str, fix: str, **values: object) -> _Unfit:
    return _Unfit(column, KitError(why, **values), KitError(fix, **values))


@dataclass(frozen=True, slots=True)
class _Said:
    """A row's fields, each as it would be kept; None where the row says nothing."""

    organisation: OrganisationCard
    given_name: str
    family_name: str
    email: str | None
    staff_number: str | None
    job_title: str | None
    lang: str | None


def judge(table: Table, known: Known) -> ImportPlan:
    """Put every row in its place. The first of two rows about the same person counts, the second is rejected.

    A leaver is whoever works at the institution of a complete list and is not on it. Somebody whom a rejected row may
    mean does not leave by it.
    """
    new: list[NewPerson] = []
    changed: list[Change] = []
    rejected: list[Rejected] = []
    unchanged = 0
    taken: dict[object, int] = {}  # e-mail, (institution, number) or person → the row that said it first
    hint = _Hints(known.organisations)
    kept: set[int] = set()
    if table.complete and known.complete is None:
        row = Row(table.complete_row, (table.complete,), {"organisation": table.complete})
        rejected.append(Rejected(row, "organisation", KitError(N_("Unknown institution")), hint.about(table.complete)))
    for row in table.rows:
        try:
            said = _read(row, known, hint)
            employer = known.employers[said.organisation.id]
            person = _person(said, employer, known)
            if person is not None:
                kept.add(person.id)
            _once(row, said, employer, person, taken)
        except _Unfit as unfit:
            rejected.append(Rejected(row, unfit.column, unfit.why, unfit.fix))
            continue
        if person is None:
            new.append(_new(row, said))
            continue
        fields = _changes(said, person)
        moves_to = said.organisation if said.organisation.id != person.organisation_id else None
        if fields or moves_to:
            changed.append(Change(row, person, fields, moves_to))
        else:
            unchanged += 1
    absent = [person for person in known.staff if person.id not in kept and known.may_manage(person)]
    leavers = tuple(person for person in absent if not _may_be_meant(person, rejected))
    return ImportPlan(
        table,
        tuple(new),
        tuple(changed),
        unchanged,
        tuple(rejected),
        known.complete,
        leavers,
        len(absent) - len(leavers),
    )


def _may_be_meant(person: PersonCard, rejected: list[Rejected]) -> bool:
    """Whether a row that could not be taken may be about this person: by number, address or name."""
    names = {i18n.fold(f"{person.given_name} {person.family_name}")}
    return any(
        i18n.fold(one.row.name) in names
        or (person.staff_number and one.row.said("staff_number") == person.staff_number)
        or (person.email and one.row.said("email").strip().lower() == person.email)
        for one in rejected
    )


def _read(row: Row, known: Known, hint: _Hints) -> _Said:
    for field in ("given_name", "family_name"):
        if not row.said(field):
            raise _unfit(field, N_("The name is missing"), N_("Write both the given and the family name."))
        if len(row.said(field)) > rules.NAME_MAX:
            raise _unfit(field, N_("The name is too long"), N_("Use at most %(n)s characters."), n=rules.NAME_MAX)
    email = rules.normal_email(row.said("email")) if row.said("email") else None
    if row.said("email") and email is None:
        raise _unfit("email", N_("Not an e-mail address"), rules.email_hint(row.said("email")))
    number = row.said("staff_number") or None
    if number and rules.is_personal_code(number):
        raise _unfit(
            "staff_number", N_("This is a personal code"), N_("Personal codes are not kept. Use staff numbers.")
        )
    if number and (len(number) > rules.STAFF_NUMBER_MAX or "/" in number or "@" in number):
        raise _unfit("staff_number", N_("Not a staff number"), N_("Use at most 64 characters, without @ and /."))
    if email is None and number is None:
        raise _unfit("email", N_("Neither an e-mail address nor a staff number"), N_("Write at least one of the two."))
    if len(row.said("job_title")) > rules.TITLE_MAX:
        raise _unfit(
            "job_title", N_("The job title is too long"), N_("Use at most %(n)s characters."), n=rules.TITLE_MAX
        )
    lang = _LANGUAGE_OF.get(i18n.fold(row.said("lang"))) if row.said("lang") else None
    if row.said("lang") and lang is None:
        raise _unfit("lang", N_("Unknown language"), N_("Write lt, en or nb."))
    organisation = known.organisations.get(row.said("organisation").casefold())
    if organisation is None:
        raise _Unfit("organisation", KitError(N_("Unknown institution")), hint.about(row.said("organisation")))
    return _Said(
        organisation=organisation,
        given_name=row.said("given_name"),
        family_name=row.said("family_name"),
        email=email,
        staff_number=number,
        job_title=row.said("job_title") or None,
        lang=lang,
    )


def _person(said: _Said, employer: int, known: Known) -> PersonCard | None:
    """The person the row is about: by e-mail, else by institution and staff number."""
    by_email = known.by_email.get(said.email) if said.email else None
    by_number = known.by_number.get((employer, said.staff_number)) if said.staff_number else None
    if by_email and by_number and by_email.id != by_number.id:
        raise _unfit(
            "staff_number",
            N_("The e-mail address is one person's and the staff number another's"),
            N_("Check which of the two is right."),
        )
    person = by_email or by_number
    if person is not None and not known.may_manage(person):
        raise _unfit(
            "email",
            N_("This account is not yours to change"),
            N_("The person works elsewhere or holds a role above. Ask the administrator there."),
        )
    return person


def _once(row: Row, said: _Said, employer: int, person: PersonCard | None, taken: dict[object, int]) -> None:
    keys: dict[object, str] = {}
    if said.staff_number:
        keys[(employer, said.staff_number)] = "staff_number"
    if said.email:
        keys[said.email] = "email"
    if person is not None:
        keys[person.id] = "email"
    for key, column in keys.items():
        if key in taken:
            raise _unfit(column, N_("Repeats row %(row)s"), N_("Keep one of the two rows."), row=taken[key])
    taken.update(dict.fromkeys(keys, row.number))


def _new(row: Row, said: _Said) -> NewPerson:
    return NewPerson(
        row=row,
        organisation=said.organisation,
        given_name=said.given_name,
        family_name=said.family_name,
        email=said.email,
        staff_number=said.staff_number,
        job_title=said.job_title or "",
        lang=said.lang or i18n.DEFAULT,
    )


def _changes(said: _Said, person: PersonCard) -> dict[str, tuple[str, str]]:
    """What the row says differently. An empty cell says nothing: it never erases."""
    out: dict[str, tuple[str, str]] = {}
    for field in ("given_name", "family_name", "email", "staff_number", "job_title", "lang"):
        now, was = getattr(said, field), getattr(person, field)
        if now is not None and now != was:
            out[field] = (was or "", now)
    return out


class _Hints:
    """What somebody may have meant by an institution that is not there; each text is looked up once."""

    _MOST = 200

    def __init__(self, organisations: Mapping[str, OrganisationCard]) -> None:
        names = [(name, card) for card in organisations.values() for name in (card.name, card.name_en, card.name_nb)]
        self.places = {i18n.fold(name): card for name, card in names if name}
        self.places.update({i18n.fold(card.code): card for card in organisations.values()})
        self.said: dict[str, KitError] = {}

    def about(self, text: str) -> KitError:
        if not text:
            return KitError(N_("Write the institution's code."))
        if text not in self.said and len(self.said) < self._MOST:
            near = difflib.get_close_matches(i18n.fold(text), self.places, n=1, cutoff=0.6)
            card = self.places[near[0]] if near else None
            self.said[text] = (
                KitError(N_("Perhaps %(code)s (%(name)s)?"), code=card.code, name=card.name_in(i18n.language()))
                if card
                else KitError(N_("Look up the code in the list of organisations."))
            )
        return self.said.get(text) or KitError(N_("Look up the code in the list of organisations."))
