"""What somebody needs everywhere, and what is different at one quiz: set, changed and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.accounts.queries import PersonCard
from app.assessment import queries, rules
from app.assessment.models import AccommodationRow, Attempt, OverrideRow
from app.assessment.queries import OverrideLine
from app.assessment.rules import Accommodation, Override
from app.catalog.models import Course
from app.kit import audit, clock
from app.kit.actor import Actor
from app.kit.database import upsert
from app.kit.errors import Forbidden, Invalid, KitError
from app.kit.i18n import N_
from app.learning.models import Enrolment
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard

MOST_SECONDS = 24 * 3600
MOST_ATTEMPTS = 1000


def accommodate(db: Session, actor: Actor, *, person: PersonCard, needs: Accommodation) -> None:
    """Set what this person needs in every quiz, now and from now on; nothing needed takes it back.

    Attempts that are open get their time at once. The trail says that it was set and by whom, not what it is.
    """
    if not rules.may_accommodate(actor, path=person.organisation_path, person_id=person.id):
        raise Forbidden(N_("Only managers and administrators of this person's organisation may set this."))
    if needs.time_factor not in (*rules.FACTORS, rules.NO_LIMIT):
        raise Invalid(factor=N_("Choose one of the times in the list."))
    if not 0 <= needs.extra_attempts <= rules.MAX_EXTRA:
        most = rules.MAX_EXTRA
        raise Invalid(extra=KitError(N_("Give a number from 0 to %(most)s."), most=most))
    if needs == Accommodation():
        db.execute(delete(AccommodationRow).where(AccommodationRow.person_id == person.id))
    else:
        upsert(
            db,
            AccommodationRow,
            key={"person_id": person.id},
            time_factor=needs.time_factor,
            extra_attempts=needs.extra_attempts,
            set_at=clock.now(),
        )
    db.expire_all()
    _renew(db, [person.id])
    audit.say(
        db, actor, "accommodation.set", subject=person.key, organisation_id=person.organisation_id,
        set=needs != Accommodation(),
    )  # fmt: skip


def override(
    db: Session,
    actor: Actor,
    *,
    course_id: int,
    quiz: str,
    person: PersonCard | None,
    organisation: OrganisationCard | None,
    said: Override,
) -> None:
    """Set what is different at one quiz for a person or an organisation, in place of what was set for them before."""
    slug, owner_path = _course(db, course_id)
    path = person.organisation_path if person is not None else organisation.path if organisation is not None else ""
    if not rules.may_override(actor, owner_path=owner_path, path=path, person_id=person.id if person else None):
        raise Forbidden(N_("Only trainers of the course, and managers of these people, may set this."))
    if said.opens_at is not None and said.closes_at is not None and said.closes_at <= said.opens_at:
        raise Invalid(closes=N_("The closing time lies before the opening time."))
    if said.seconds is not None and not 0 <= said.seconds <= MOST_SECONDS:
        raise Invalid(minutes=KitError(N_("Give a number from 0 to %(most)s."), most=MOST_SECONDS // 60))
    if said.attempts is not None and not 0 <= said.attempts <= MOST_ATTEMPTS:
        raise Invalid(attempts=KitError(N_("Give a number from 0 to %(most)s."), most=MOST_ATTEMPTS))
    if said == Override(said.personal):
        raise Invalid(minutes=N_("Say what is different: a time, a number of attempts, an opening or a closing."))
    for_whom = (
        OverrideRow.person_id == person.id
        if person is not None
        else OverrideRow.organisation_id == (organisation.id if organisation is not None else 0)
    )
    row = db.scalar(select(OverrideRow).where(OverrideRow.course_id == course_id, OverrideRow.quiz == quiz, for_whom))
    if row is None:
        row = OverrideRow(
            course_id=course_id,
            quiz=quiz,
            person_id=person.id if person is not None else None,
            organisation_id=organisation.id if organisation is not None else None,
        )
        db.add(row)
    row.opens_at, row.closes_at = said.opens_at, said.closes_at
    row.seconds, row.attempts, row.set_at = said.seconds, said.attempts, clock.now()
    db.flush()
    _renew(db, _reached(db, course_id, person, path), course_id)
    audit.say(
        db, actor, "quiz.override-set", subject=f"{slug}/{quiz}",
        organisation_id=organisation.id if organisation is not None else person.organisation_id if person else None,
        whom=person.key if person is not None else organisation.code if organisation is not None else "",
    )  # fmt: skip


def take_back(db: Session, actor: Actor, *, course_id: int, line: OverrideLine) -> None:
    """Take an override back. Attempts that are open keep the time they were given."""
    slug, owner_path = _course(db, course_id)
    if not rules.may_override(actor, owner_path=owner_path, path=line.path, person_id=line.person_id):
        raise Forbidden(N_("Only trainers of the course, and managers of these people, may set this."))
    db.execute(delete(OverrideRow).where(OverrideRow.id == line.id))
    audit.say(db, actor, "quiz.override-taken", subject=f"{slug}/{line.quiz}", override=line.id)


def _course(db: Session, course_id: int) -> tuple[str, str]:
    said = select(Course.slug, Organisation.path).join(Organisation, Organisation.id == Course.organisation_id)
    slug, path = db.execute(said.where(Course.id == course_id)).one()
    return slug, path


def _reached(db: Session, course_id: int, person: PersonCard | None, path: str) -> list[int]:
    """The people an override concerns."""
    if person is not None:
        return [person.id]
    said = (
        select(Person.id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Enrolment.course_id == course_id, organisations.below(path))
    )
    return list(db.scalars(said.distinct()))


def _renew(db: Session, person_ids: Iterable[int], course_id: int | None = None) -> None:
    """Give open attempts the time that holds now, where that is more: nobody loses time in the middle."""
    found = queries.open_attempts(db, list(person_ids), course_id=course_id)
    for row in db.scalars(select(Attempt).where(Attempt.id.in_(found)).with_for_update().order_by(Attempt.id)):
        run = db.get_one(Enrolment, row.enrolment_id)
        held_to = queries.quiz_rules(db, row.version_id, row.quiz)
        terms = queries.terms(db, course_id=run.course_id, quiz=row.quiz, rules=held_to, enrolment_id=run.id)
        if row.deadline_at is None:
            continue
        # What an interruption of the service had added stays added.
        usual = row.started_at + timedelta(seconds=row.seconds or 0) if row.seconds else row.deadline_at
        added = max(timedelta(), row.deadline_at - usual)
        now_due = terms.deadline(row.started_at)
        if now_due is None or now_due + added > row.deadline_at:
            row.deadline_at = now_due + added if now_due is not None else None
            row.seconds = terms.seconds
    db.flush()
