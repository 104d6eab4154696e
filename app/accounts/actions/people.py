"""Adding people and changing what is known of them."""

from __future__ import annotations

import secrets
from datetime import date

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import queries, rules
from app.accounts.actions import links, signins, tokens
from app.accounts.models import Person, PersonWord, Post
from app.accounts.queries import PersonCard
from app.accounts.rules import PersonState
from app.kit import audit, clock, i18n, mail
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.i18n import N_
from app.organisations import queries as organisations
from app.organisations.queries import OrganisationCard
from app.organisations.rules import Kind

EMAIL_TAKEN = N_("Another person already has this e-mail address.")
NUMBER_TAKEN = N_("Another person of this institution already has this staff number.")


def new_key() -> str:
    """How a person is named in addresses: random, so that nobody can count people."""
    return secrets.token_hex(10)


def name_key(given_name: str, family_name: str) -> str:
    return i18n.sort_key(f"{family_name} {given_name}")


def employer_of(db: Session, organisation: OrganisationCard) -> int:
    """The institution within which staff numbers are unique; a unit belongs to the one above it."""
    if organisation.kind is not Kind.UNIT:
        return organisation.id
    above = [card for card in organisations.ancestors(db, organisation.path) if card.kind is not Kind.UNIT]
    return above[-1].id if above else organisation.id


def create(
    db: Session,
    actor: Actor,
    *,
    organisation: OrganisationCard,
    given_name: str,
    family_name: str,
    email: str | None = None,
    staff_number: str | None = None,
    job_title: str = "",
    lang: str = "lt",
    password: str | None = None,
    started_on: date | None = None,
) -> PersonCard:
    """Add a person with a first post. With a `password` (a hash) the account is active, without it waits for a link."""
    checked = _checked(given_name, family_name, email, staff_number, job_title)
    if organisation.closed:
        raise Invalid(organisation=N_("This organisation is closed."))
    person = Person(
        key=new_key(),
        employer_id=employer_of(db, organisation),
        organisation_id=organisation.id,
        sort_key=name_key(given_name, family_name),
        lang=lang,
        password=password,
        state=PersonState.ACTIVE if password else PersonState.INVITED,
        created_at=clock.now(),
        **checked,
    )
    _save(db, person)
    note_words(db, person, new=True)
    db.add(
        Post(
            person_id=person.id,
            organisation_id=organisation.id,
            title=checked["job_title"],
            started_on=started_on or clock.today(),
        )
    )
    audit.say(db, actor, "person.created", subject=person.key, organisation_id=organisation.id)
    return _card(db, person.id)


def update_person(
    db: Session,
    actor: Actor,
    *,
    person: PersonCard,
    given_name: str,
    family_name: str,
    email: str | None,
    staff_number: str | None,
    job_title: str,
    lang: str,
) -> PersonCard:
    """Change what is known of somebody. Another address makes the links sent to the old one worthless."""
    checked = _checked(given_name, family_name, email, staff_number, job_title)
    wanted = {**checked, "lang": lang}
    changed = [field for field, said in wanted.items() if getattr(person, field) != said]
    if not changed:
        return person
    row = db.get_one(Person, person.id)
    try:
        with db.begin_nested():
            for field in changed:
                setattr(row, field, wanted[field])
            row.sort_key = name_key(str(checked["given_name"]), str(checked["family_name"]))
            note_words(db, row)
    except IntegrityError:
        raise _taken(db, person.id, checked["email"]) from None
    if "email" in changed:
        links.spend_links(db, person.id)
        if person.email is not None and person.state is PersonState.ACTIVE:
            mail.write(
                db, "email_changed", address=person.email, lang=person.lang, person_id=person.id, name=person.name
            )
    if "job_title" in changed:
        db.execute(
            update(Post)
            .where(Post.person_id == person.id, Post.ended_on.is_(None))
            .values(title=checked["job_title"] or "")
        )
    audit.say(db, actor, "person.updated", subject=person.key, organisation_id=person.organisation_id, changed=changed)
    return _card(db, person.id)


def note_words(db: Session, person: Person, *, new: bool = False) -> None:
    """Bring the words somebody is found by up to date."""
    db.flush()
    wanted = rules.words_of(
        given_name=person.given_name,
        family_name=person.family_name,
        email=person.email,
        staff_number=person.staff_number,
        job_title=person.job_title,
    )
    mine = PersonWord.person_id == person.id
    had = frozenset() if new else frozenset(db.scalars(select(PersonWord.word).where(mine)))
    if gone := had - wanted:
        db.execute(delete(PersonWord).where(mine, PersonWord.word.in_(sorted(gone))))
    if come := sorted(wanted - had):
        db.execute(insert(PersonWord), [{"word": word, "person_id": person.id} for word in come])


def _checked(
    given_name: str, family_name: str, email: str | None, staff_number: str | None, job_title: str
) -> dict[str, str | None]:
    """The fields as they are kept, or every fault at once."""
    faults: dict[str, str] = {}
    given, family = rules.plain(given_name), rules.plain(family_name)
    for field, said in (("given_name", given), ("family_name", family)):
        if not said or len(said) > rules.NAME_MAX:
            faults[field] = N_("Write a name of 1 to 100 characters.")
    address = rules.normal_email(email) if email else None
    if email and address is None:
        faults["email"] = N_("This is not an e-mail address.")
    number = rules.plain(staff_number or "") or None
    if number and rules.is_personal_code(number):
        faults["staff_number"] = N_("This is a personal code. It must not be kept here; use the staff number.")
    elif number and (len(number) > rules.STAFF_NUMBER_MAX or "@" in number or "/" in number):
        faults["staff_number"] = N_("Use at most 64 characters, without @ and /.")
    if address is None and number is None and not faults:
        faults["email"] = N_("Give an e-mail address or a staff number; without either nobody could sign in.")
    title = rules.plain(job_title)
    if len(title) > rules.TITLE_MAX:
        faults["job_title"] = N_("Use at most 200 characters.")
    if faults:
        raise Invalid(**faults)
    return {
        "given_name": given,
        "family_name": family,
        "email": address,
        "staff_number": number,
        "job_title": title,
    }


def _save(db: Session, person: Person) -> None:
    try:
        with db.begin_nested():
            db.add(person)
    except IntegrityError:
        raise _taken(db, 0, person.email) from None


def _taken(db: Session, person_id: int, email: str | None) -> Invalid:
    if email and queries.count_people(db, (Person.email == email) & (Person.id != person_id)):
        return Invalid(email=EMAIL_TAKEN)
    return Invalid(staff_number=NUMBER_TAKEN)


def choose_language(db: Session, actor: Actor, *, lang: str) -> None:
    """The language of a person's own pages and mails."""
    if lang not in i18n.LANGUAGES:
        raise Invalid(lang=N_("Choose one of the options."))
    db.execute(update(Person).where(Person.id == actor.id).values(lang=lang))


def change_post(
    db: Session,
    actor: Actor,
    *,
    person_id: int,
    organisation_id: int,
    title: str | None = None,
    on: date | None = None,
) -> PersonCard:
    """Put somebody's primary post into another organisation. Only accounts: `learning.actions.transfer` calls this.

    The post left is ended, not changed: evidence remembers where it was earned.
    """
    person = _card(db, person_id)
    organisation = organisations.by_id(db, organisation_id)
    if organisation is None:
        raise NotFound(N_("There is no such organisation."))
    if person.organisation_id == organisation_id:
        return person
    if organisation.closed:
        raise Conflict(N_("This organisation is closed."))
    day = on or clock.today()
    job_title = rules.plain(title or person.job_title)[: rules.TITLE_MAX]
    row = db.get_one(Person, person_id)
    try:
        with db.begin_nested():
            row.organisation_id = organisation_id
            row.employer_id = employer_of(db, organisation)
            row.job_title = job_title
            note_words(db, row)
    except IntegrityError:
        raise Invalid(staff_number=NUMBER_TAKEN) from None
    db.execute(update(Post).where(Post.person_id == person_id, Post.ended_on.is_(None)).values(ended_on=day))
    db.add(Post(person_id=person_id, organisation_id=organisation_id, title=job_title, started_on=day))
    db.flush()
    audit.say(
        db,
        actor,
        "person.moved",
        subject=person.key,
        organisation_id=organisation_id,
        was=person.organisation_code,
        now=organisation.code,
    )
    return _card(db, person_id)


def disable(db: Session, actor: Actor, *, person: PersonCard) -> None:
    """Nobody signs in as this person any more, at once; what they have done stays."""
    if person.id == actor.id:
        raise Conflict(N_("You cannot disable your own account."))
    if person.state is PersonState.DISABLED:
        return
    db.execute(update(Person).where(Person.id == person.id).values(state=PersonState.DISABLED))
    signins.end_all(db, person.id)
    tokens.end_all_tokens(db, person.id)
    links.spend_links(db, person.id)
    audit.say(db, actor, "person.disabled", subject=person.key, organisation_id=person.organisation_id)


def enable(db: Session, actor: Actor, *, person: PersonCard) -> None:
    if person.state is not PersonState.DISABLED:
        return
    row = db.get_one(Person, person.id)
    if row.nameless_at is not None:
        raise Conflict(N_("Nobody knows any more whose account this was. Add the person anew."))
    if row.left_on is not None and row.organisation_id is not None:  # back again: a new post, the old one stays ended
        row.left_on = None
        db.add(
            Post(
                person_id=person.id,
                organisation_id=row.organisation_id,
                title=row.job_title,
                started_on=clock.today(),
            )
        )
    row.state = PersonState.ACTIVE if person.has_password else PersonState.INVITED
    db.flush()
    audit.say(db, actor, "person.enabled", subject=person.key, organisation_id=person.organisation_id)


def _card(db: Session, person_id: int) -> PersonCard:
    db.flush()
    found = queries.person_by_id(db, person_id)
    if found is None:
        raise NotFound(N_("There is no such person."))
    return found
