"""Changing the tree: adding, renaming, moving, closing. Whoever calls has loaded the place through `access`."""

from __future__ import annotations

import csv
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kit import audit, clock, i18n
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.i18n import N_
from app.kit.slugs import slug
from app.organisations import queries, rules
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard
from app.organisations.rules import COUNTRIES, Kind, Sector


def create(
    db: Session,
    actor: Actor,
    *,
    parent: OrganisationCard | None,
    code: str,
    name: str,
    kind: Kind,
    name_en: str = "",
    name_nb: str = "",
    sector: Sector = Sector.PUBLIC,
    county: str = "",
    legal_code: str = "",
    country: str = "",
) -> OrganisationCard:
    """Add an organisation under `parent` (none: the root). Its county is the parent's where nothing else is said."""
    if fault := rules.code_fault(code):
        raise Invalid(code=fault)
    if not rules.may_stand_under(kind, parent.kind if parent else None):
        raise Invalid(kind=N_("An organisation of this kind cannot stand there."))
    _check_country(country)
    if parent and parent.closed:
        raise Conflict(N_("This organisation is closed. Open it again before adding to it."))
    row = Organisation(
        parent_id=parent.id if parent else None,
        path="",
        code=code,
        name=name,
        name_en=name_en,
        name_nb=name_nb,
        sort_key=i18n.sort_key(name),
        kind=kind,
        sector=sector,
        county=county or (parent.county if parent else ""),
        legal_code=legal_code,
        country=country,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:
        raise Invalid(code=N_("Another organisation already has this code.")) from None
    row.path = f"{parent.path if parent else '/'}{row.id}/"  # the path holds the number that the row has only now
    db.flush()
    audit.say(db, actor, "organisation.created", subject=code, organisation_id=row.id, name=name, kind=kind.value)
    return _card(db, row.id)


def _check_country(country: str) -> None:
    if country and country not in rules.COUNTRIES:
        raise Invalid(country=N_("Choose one of the options."))


def rename(
    db: Session,
    actor: Actor,
    *,
    organisation: OrganisationCard,
    name: str,
    name_en: str = "",
    name_nb: str | None = None,
    county: str | None = None,
    legal_code: str | None = None,
    country: str | None = None,
) -> OrganisationCard:
    """Change what an organisation is called, or whose holidays count there; its code and its place stay.

    Dates that were counted stay as they are; those counted from now on go by the new calendar.
    """
    if country is not None:
        _check_country(country)
    wanted = {
        "name": name,
        "name_en": name_en,
        "name_nb": organisation.name_nb if name_nb is None else name_nb,
        "county": organisation.county if county is None else county,
        "legal_code": organisation.legal_code if legal_code is None else legal_code,
        "country": organisation.country if country is None else country,
    }
    if organisation.parent_id is None:  # there is nothing above from which it could come
        wanted["country"] = wanted["country"] or organisation.country
    changes = {field: said for field, said in wanted.items() if getattr(organisation, field) != said}
    if not changes:
        return organisation
    _set(db, organisation, **changes, sort_key=i18n.sort_key(name))
    was = {field: getattr(organisation, field) for field in changes}
    audit.say(
        db, actor, "organisation.renamed", subject=organisation.code, organisation_id=organisation.id,
        was=was, now=changes,
    )  # fmt: skip
    return _card(db, organisation.id)


def move(db: Session, actor: Actor, *, organisation: OrganisationCard, parent: OrganisationCard) -> OrganisationCard:
    """Take an organisation with everything below it to another place. People, grants and evidence go along by number."""
    if parent.id == organisation.parent_id:
        return organisation
    if parent.path.startswith(organisation.path):
        raise Conflict(N_("An organisation cannot stand below itself."))
    if not rules.may_stand_under(organisation.kind, parent.kind):
        raise Conflict(N_("An organisation of this kind cannot stand there."))
    if parent.closed:
        raise Conflict(N_("This organisation is closed. Open it again before adding to it."))
    path = f"{parent.path}{organisation.id}/"
    rest = func.substr(Organisation.path, len(organisation.path) + 1)
    db.execute(
        update(Organisation)
        .where(queries.below(organisation.path))
        .values(path=path + rest)
        .execution_options(synchronize_session=False)
    )
    _set(db, organisation, parent_id=parent.id)
    db.expire_all()  # rows that this session already holds still have the old paths
    audit.say(
        db, actor, "organisation.moved", subject=organisation.code, organisation_id=organisation.id,
        was=organisation.path, now=path,
    )  # fmt: skip
    return _card(db, organisation.id)


def close(db: Session, actor: Actor, *, organisation: OrganisationCard) -> OrganisationCard:
    """Nothing new may be put here from now on; everything that was done stays and is counted."""
    if organisation.closed:
        return organisation
    if organisation.parent_id is None:
        raise Conflict(N_("The top of the tree cannot be closed."))
    still_open = select(func.count(Organisation.id)).where(
        queries.below(organisation.path), Organisation.id != organisation.id, Organisation.closed_at.is_(None)
    )
    if db.scalar(still_open):
        raise Conflict(N_("Close the organisations below this one first."))
    _set(db, organisation, closed_at=clock.now())
    audit.say(db, actor, "organisation.closed", subject=organisation.code, organisation_id=organisation.id)
    return _card(db, organisation.id)


def reopen(db: Session, actor: Actor, *, organisation: OrganisationCard) -> OrganisationCard:
    if not organisation.closed:
        return organisation
    parent = queries.by_id(db, organisation.parent_id) if organisation.parent_id else None
    if parent and parent.closed:
        raise Conflict(N_("Open the organisation above this one first."))
    _set(db, organisation, closed_at=None)
    audit.say(db, actor, "organisation.reopened", subject=organisation.code, organisation_id=organisation.id)
    return _card(db, organisation.id)


def require_review(db: Session, actor: Actor, *, organisation: OrganisationCard, required: bool) -> OrganisationCard:
    """Whether a second person has to read a course of this organisation, or of one below, before it is published."""
    if organisation.review_required == required:
        return organisation
    _set(db, organisation, review_required=required)
    action = "organisation.review-required" if required else "organisation.review-not-required"
    audit.say(db, actor, action, subject=organisation.code, organisation_id=organisation.id)
    return _card(db, organisation.id)


def _set(db: Session, organisation: OrganisationCard, **values: object) -> None:
    db.execute(update(Organisation).where(Organisation.id == organisation.id).values(**values))


def _card(db: Session, organisation_id: int) -> OrganisationCard:
    found = queries.by_id(db, organisation_id)
    if found is None:  # somebody took it away between two statements of one transaction: not possible, and not hidden
        raise NotFound(N_("There is no such organisation."))
    return found


MUNICIPALITIES = Path(__file__).with_name("municipalities.csv")
# Country → code and names of the root.
ROOTS = {"LT": ("lietuva", "Lietuva", "Lithuania", "Litauen"), "NO": ("norge", "Norge", "Norway", "Norge")}


def found_country(db: Session, actor: Actor, country: str = COUNTRIES[0]) -> tuple[OrganisationCard, ...]:
    """The root of an empty tree, whose calendar holds for everybody below who says nothing else; and of Lithuania its
    sixty municipalities, where every installation there begins."""
    code, name, name_en, name_nb = ROOTS[country]
    root = create(
        db, actor, parent=None, code=code, name=name, name_en=name_en, name_nb=name_nb, kind=Kind.COUNTRY,
        country=country,
    )  # fmt: skip
    cards = [root]
    if country != COUNTRIES[0]:  # of which no list is shipped
        return (root,)
    with MUNICIPALITIES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            card = create(
                db,
                actor,
                parent=root,
                code=municipality_code(row["name_lt"]),
                name=row["name_lt"],
                name_en=row["name_en"],
                name_nb=row["name_nb"],
                kind=Kind.MUNICIPALITY,
                county=row["county"],
            )
            cards.append(card)
    return tuple(cards)


def municipality_code(name: str) -> str:
    """ "Utenos rajono savivaldybė" → "utenos-r-sav"."""
    short = name.replace("rajono savivaldybė", "r sav").replace("miesto savivaldybė", "m sav")
    return slug(short.replace("savivaldybė", "sav"))
