"""Reading the tree: one organisation, what stands above it and what stands below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, case, func, literal, or_, select, true, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.kit import i18n
from app.organisations.models import Organisation
from app.organisations.rules import COUNTRIES, Kind, Sector


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """One organisation as everybody else knows it."""

    id: int
    parent_id: int | None
    path: str
    code: str
    name: str
    name_en: str
    kind: Kind
    sector: Sector
    county: str
    legal_code: str
    closed: bool
    country: str = ""
    review_required: bool = False
    name_nb: str = ""

    @property
    def depth(self) -> int:
        """0 for the root."""
        return self.path.count("/") - 2

    def name_in(self, lang: str) -> str:
        """The name a reader of this language knows it by: its own, the Norwegian one, the English one, the nearest of
        them that there is."""
        match lang:
            case "lt":
                return self.name
            case "nb":
                return self.name_nb or self.name_en or self.name
            case _:
                return self.name_en or self.name


def said_name(lang: str = "", of: type[Organisation] = Organisation) -> ColumnElement[str]:
    """The same as a column, for whoever joins organisations: the name in this language, by default the one that is spoken
    when the rows are read. `of`: another name under which the table is joined."""
    own = type_coerce(of.name, String)
    english, norwegian = func.nullif(of.name_en, ""), func.nullif(of.name_nb, "")
    said: dict[str, ColumnElement[str]] = {
        "lt": own,
        "en": func.coalesce(english, own),
        "nb": func.coalesce(norwegian, english, own),
    }
    if lang:
        return said[lang]
    spoken = bindparam("spoken", callable_=i18n.language, type_=String(), unique=True)
    return case(*((spoken == one, name) for one, name in said.items()), else_=own)


@dataclass(frozen=True, slots=True)
class OrganisationOption:
    """A line of a select: `depth` counts from the highest place shown."""

    card: OrganisationCard
    depth: int


_COLUMNS: tuple[ColumnElement[Any], ...] = (
    Organisation.id,
    Organisation.parent_id,
    Organisation.path,
    Organisation.code,
    Organisation.name,
    Organisation.name_en,
    Organisation.kind,
    Organisation.sector,
    Organisation.county,
    Organisation.legal_code,
    Organisation.closed_at.is_not(None),
    Organisation.country,
    Organisation.review_required,
    Organisation.name_nb,
)  # type: ignore[assignment]


def below(path: str) -> ColumnElement[bool]:
    """The organisation at `path` and everything under it."""
    return Organisation.path.startswith(path, autoescape=True)


def at_or_below(
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], place: OrganisationCard
) -> ColumnElement[bool]:
    """Rows whose `column` names a place at or below this one, looked up from the few places rather than the many rows;
    for a whole country, where that would be most rows, the other way round."""
    if place.parent_id is None:
        own = aliased(Organisation)
        return select(own.id).where(own.id == column, own.path.startswith(place.path, autoescape=True)).exists()
    return column.in_(select(Organisation.id).where(below(place.path)))


def ids_below(path: str) -> Select[int]:
    """The numbers of the same organisations: rows of a place are looked up from these, never among those of a country."""
    own = aliased(Organisation)
    return select(own.id).where(own.path.startswith(path, autoescape=True))


def within(paths: Iterable[str]) -> ColumnElement[bool]:
    """Everything at or under any of the places; nothing when there is none."""
    return or_(*(below(path) for path in paths), Organisation.id == 0)


_Says = aliased(Organisation)


def country_here() -> ColumnElement[str]:
    """Whose holidays count at an organisation: what the nearest place says, itself first, then those above it."""
    said = (
        select(_Says.country)
        .where(_Says.country > "", Organisation.path.startswith(_Says.path))
        .order_by(func.length(_Says.path).desc())
        .limit(1)
        .correlate(Organisation)
        .scalar_subquery()
    )
    return func.coalesce(said, literal(COUNTRIES[0]))


def country_at(db: Session, path: str) -> str:
    """The same for one place: "LT" or "NO"."""
    return db.scalar(select(country_here()).where(Organisation.path == path)) or COUNTRIES[0]


def country_of_place(db: Session, organisation_id: int) -> str:
    """The same for a place of which only the number is at hand."""
    return db.scalar(select(country_here()).where(Organisation.id == organisation_id)) or COUNTRIES[0]


def _cards(db: Session, query: Select[Any]) -> tuple[OrganisationCard, ...]:
    return tuple(OrganisationCard(*row) for row in db.execute(query))


def _one(db: Session, condition: ColumnElement[bool]) -> OrganisationCard | None:
    found = _cards(db, select(*_COLUMNS).where(condition))
    return found[0] if found else None


def by_code(db: Session, code: str) -> OrganisationCard | None:
    return _one(db, Organisation.code == code)


def by_id(db: Session, organisation_id: int) -> OrganisationCard | None:
    return _one(db, Organisation.id == organisation_id)


def by_ids(db: Session, ids: Iterable[int]) -> dict[int, OrganisationCard]:
    found = _cards(db, select(*_COLUMNS).where(Organisation.id.in_(sorted(set(ids)))))
    return {card.id: card for card in found}


def by_folded_code(db: Session, where: ColumnElement[bool]) -> dict[str, OrganisationCard]:
    """Open organisations by their code without regard to capitals: how an import file names them."""
    open_ones = select(*_COLUMNS).where(where, Organisation.closed_at.is_(None))
    return {card.code.casefold(): card for card in _cards(db, open_ones)}


def root(db: Session) -> OrganisationCard | None:
    return _one(db, Organisation.parent_id.is_(None))


def children(db: Session, parent_id: int) -> tuple[OrganisationCard, ...]:
    query = select(*_COLUMNS).where(Organisation.parent_id == parent_id)
    return _cards(db, query.order_by(Organisation.sort_key, Organisation.id))


def ancestors(db: Session, path: str) -> tuple[OrganisationCard, ...]:
    """The way down from the root, without the organisation itself: its breadcrumbs."""
    ids = [int(part) for part in path.strip("/").split("/") if part][:-1]
    return _cards(db, select(*_COLUMNS).where(Organisation.id.in_(ids)).order_by(func.length(Organisation.path)))


def review_required(db: Session, path: str) -> bool:
    """Whether the organisation at `path`, or one above it, wants a second person to read what is published."""
    ids = [int(part) for part in path.strip("/").split("/") if part]
    asked = select(Organisation.id).where(Organisation.id.in_(ids), Organisation.review_required.is_(True))
    return db.scalar(asked.limit(1)) is not None


def municipality_of(db: Session, path: str) -> OrganisationCard | None:
    """The municipality at or above a place, if there is one."""
    ids = [int(part) for part in path.strip("/").split("/") if part]
    return _one(db, Organisation.id.in_(ids) & (Organisation.kind == Kind.MUNICIPALITY))


def matching(db: Session, where: ColumnElement[bool] | None = None) -> tuple[OrganisationCard, ...]:
    query = select(*_COLUMNS).where(true() if where is None else where)
    return _cards(db, query.order_by(Organisation.sort_key, Organisation.id))


def in_tree_order(cards: Sequence[OrganisationCard]) -> tuple[OrganisationOption, ...]:
    """Parents before children, siblings as they came; whose parent is not among them stands at the left."""
    here = {card.id for card in cards}
    under: dict[int | None, list[OrganisationCard]] = defaultdict(list)
    for card in cards:
        under[card.parent_id if card.parent_id in here else None].append(card)
    lines: list[OrganisationOption] = []
    waiting = [(card, 0) for card in reversed(under[None])]
    while waiting:
        card, depth = waiting.pop()
        lines.append(OrganisationOption(card, depth))
        waiting.extend((child, depth + 1) for child in reversed(under[card.id]))
    return tuple(lines)


def tree(db: Session, where: ColumnElement[bool] | None = None) -> tuple[OrganisationOption, ...]:
    """Every organisation that `where` lets through, in the order of an indented list."""
    return in_tree_order(matching(db, where))


def options(db: Session, where: ColumnElement[bool] | None = None) -> tuple[OrganisationOption, ...]:
    """The open ones of `tree`, for a select."""
    open_ones = Organisation.closed_at.is_(None)
    return tree(db, open_ones if where is None else where & open_ones)


def found_in(lines: Sequence[OrganisationOption], search: str) -> tuple[OrganisationOption, ...]:
    """The lines whose name or code holds every word of the search, with the lines above them, so that the place is seen."""
    words = i18n.fold(search).split()
    if not words:
        return tuple(lines)
    wanted: set[int] = set()
    for line in lines:
        text = i18n.fold(f"{line.card.name} {line.card.name_en} {line.card.name_nb} {line.card.code}")
        if all(word in text for word in words):
            wanted.update(int(part) for part in line.card.path.strip("/").split("/"))
    return tuple(line for line in lines if line.card.id in wanted)


def count(db: Session, where: ColumnElement[bool] | None = None) -> int:
    return db.scalar(select(func.count(Organisation.id)).where(true() if where is None else where)) or 0


def municipalities(db: Session) -> int:
    """How many municipalities take part."""
    return count(db, (Organisation.kind == Kind.MUNICIPALITY) & Organisation.closed_at.is_(None))
