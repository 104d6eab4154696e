"""One attempt more for somebody who has used them all."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.rules import NoticeKind
from app.assessment import queries
from app.assessment.models import Attempt, ExtraAttempt
from app.assessment.queries import AttemptView
from app.catalog import queries as catalog
from app.catalog.models import Course
from app.kit import audit, clock, jobs
from app.kit.actor import Actor
from app.kit.errors import Invalid, KitError
from app.kit.i18n import N_, number
from app.kit.limits import CORRECTION_REASON
from app.learning.models import Enrolment


def unlock(db: Session, actor: Actor, *, attempt: AttemptView, reason: str = "") -> bool:
    """Give the person of this attempt one more at its quiz; whether that was needed.

    Nothing happens while there is one left, so that pressing twice gives one.
    """
    if len(reason) > CORRECTION_REASON:
        raise Invalid(reason=KitError(N_("Use at most %(limit)s characters."), limit=number(CORRECTION_REASON)))
    mine = (
        Attempt.enrolment_id == attempt.enrolment_id,
        Attempt.quiz == attempt.quiz,
        Attempt.repeats_id.is_(None),
    )
    db.execute(select(Enrolment.id).where(Enrolment.id == attempt.enrolment_id).with_for_update())
    used = db.scalar(select(func.count()).select_from(Attempt).where(*mine)) or 0
    extra = queries.extra_attempts(db, attempt.enrolment_id, attempt.quiz)
    held_to = queries.quiz_rules(db, attempt.version_id, attempt.quiz)
    terms = queries.terms(
        db,
        course_id=attempt.course_id,
        quiz=attempt.quiz,
        rules=held_to,
        enrolment_id=attempt.enrolment_id,
    )
    if terms.left(used) != 0:
        return False
    row = ExtraAttempt(
        enrolment_id=attempt.enrolment_id,
        quiz=attempt.quiz,
        number=extra + 1,
        reason=reason.strip(),
        actor_id=actor.id or None,
        granted_at=clock.now(),
    )
    db.add(row)
    db.flush()
    course = catalog.course_by_slug(db, attempt.slug)
    assert course is not None
    audit.say(
        db,
        actor,
        "attempt.given",
        subject=f"{attempt.slug}/{attempt.quiz}",
        organisation_id=course.organisation_id,
        enrolment=attempt.enrolment_id,
    )
    jobs.later(db, "assessment.unlocked", key=f"unlocked:{row.id}", extra_id=row.id)
    return True


def tell_unlocked(db: Session, *, extra_id: int, base_url: str) -> None:
    """The job `assessment.unlocked`: a notice and a mail that say so."""
    found = db.execute(
        select(ExtraAttempt, Enrolment.person_id, Course.id, Course.slug)
        .join(Enrolment, Enrolment.id == ExtraAttempt.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(ExtraAttempt.id == extra_id)
    ).first()
    if found is None:
        return
    row, person_id, course_id, slug = found
    person = people.contacts(db, [person_id]).get(person_id)
    if person is None:
        return
    title = catalog.titles(db, [course_id], person.lang)[course_id]
    said = {"course": slug, "title": title, "quiz": row.quiz, "question": row.reason}
    url = f"{base_url.rstrip('/')}/courses/{slug}/quizzes/{row.quiz}"
    words = {"title": title, "reason": row.reason, "url": url}
    accounts.tell(db, person, NoticeKind.UNLOCKED, "unlocked", key=f"unlocked:{row.id}", notice=said, words=words)
