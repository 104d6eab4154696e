"""What learners and those who assign do to runs: enrol, assign, leave, finish, move."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.models import Person
from app.accounts.rules import CONTACT_PERSON, NoticeKind
from app.catalog import queries as catalog
from app.catalog.models import Course, CourseVersion
from app.catalog.rules import CourseState
from app.kit import clock, jobs
from app.kit.actor import Actor, Role
from app.kit.errors import Conflict, NotFound
from app.kit.i18n import N_
from app.learning import queries, rules
from app.learning.actions.evidence import Recorded, count, record
from app.learning.models import Enrolment, Evidence
from app.learning.queries import CourseRun
from app.learning.rules import NEVER, Kind, RunState
from app.organisations import queries as places
from app.organisations.models import Organisation


def for_update(db: Session, enrolment_id: int) -> Enrolment:
    row = db.scalar(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(N_("There is no such enrolment."))
    return row


def _latest(db: Session, person_id: int, course_id: int) -> Enrolment | None:
    return db.scalar(
        select(Enrolment)
        .where(Enrolment.person_id == person_id, Enrolment.course_id == course_id)
        .order_by(Enrolment.period.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def enrol(db: Session, actor: Actor, *, person_id: int, course_id: int) -> Enrolment:
    """Put a person into a course, pinned to its current major version. Already in: nothing changes.

    A run that was left goes on where it stopped.
    """
    row = _latest(db, person_id, course_id)
    if row is None:
        row = _open(db, actor, person_id=person_id, course_id=course_id)
    elif row.state is RunState.LEFT:
        said = db.scalar(select(func.count()).where(Evidence.enrolment_id == row.id))
        record(db, actor, enrolment=row, kind=Kind.ENROLLED, key=f"enrolment:{row.id}:again:{said}")
    return row


def open_run(db: Session, actor: Actor, *, person_id: int, course_id: int) -> Enrolment:
    """The person's latest run of a course; the first where there was none."""
    return _latest(db, person_id, course_id) or _open(db, actor, person_id=person_id, course_id=course_id)


def _open(db: Session, actor: Actor, *, person_id: int, course_id: int) -> Enrolment:
    course = db.get(Course, course_id)
    if course is None or course.state is not CourseState.LIVE or course.current_version_id is None:
        raise Conflict(N_("This course takes no new learners now."))
    major = db.scalar(select(CourseVersion.major).where(CourseVersion.id == course.current_version_id))
    organisation_id = db.scalar(select(Person.organisation_id).where(Person.id == person_id))
    if organisation_id is None:  # somebody without a post is counted at the root
        organisation_id = db.scalars(select(Organisation.id).where(Organisation.parent_id.is_(None))).first()
    assert major is not None and organisation_id is not None
    row = Enrolment(
        person_id=person_id,
        course_id=course_id,
        major=major,
        organisation_id=organisation_id,
        state=RunState.ENROLLED,
        enrolled_at=clock.now(),
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:  # somebody enrolled this person a moment ago
        found = _latest(db, person_id, course_id)
        assert found is not None
        return found
    count(db, {(organisation_id, course_id, RunState.ENROLLED, False, NEVER): +1})
    record(db, actor, enrolment=row, kind=Kind.ENROLLED, key=f"enrolment:{row.id}", organisation_id=organisation_id)
    return row


def assign(
    db: Session,
    actor: Actor,
    *,
    person_id: int,
    course_id: int,
    due_on: date,
    key: str,
    enrolment: Enrolment | None = None,
) -> tuple[Enrolment, bool]:
    """Require a course of a person by a date; the strictest date holds. `key` names the reason, so that the same
    reason counts once. Answers the enrolment (which may be given, loaded for update) and whether this was news."""
    row = enrolment or open_run(db, actor, person_id=person_id, course_id=course_id)
    said = record(
        db, actor, enrolment=row, kind=Kind.ASSIGNED, key=f"assigned:{key}:{row.id}", due_on=due_on.isoformat()
    )
    return row, said.news


def leave(db: Session, actor: Actor, run: CourseRun) -> None:
    """Step out of a course one chose. What was done stays; coming back goes on from there."""
    if run.enrolment_id is None or run.state is RunState.LEFT:
        return
    row = for_update(db, run.enrolment_id)
    if not rules.may_leave(state=row.state, required=row.required):
        raise Conflict(N_("This course is required of you or already completed, so it stays on your list."))
    said = db.scalar(select(func.count()).where(Evidence.enrolment_id == row.id))
    record(db, actor, enrolment=row, kind=Kind.LEFT, key=f"enrolment:{row.id}:left:{said}")


def finish_page(db: Session, actor: Actor, run: CourseRun, page: str, **how: Any) -> Recorded:
    """The learner pressed Next or Done, or watched it in a group (`how` names it). A second time changes nothing."""
    assert run.enrolment_id is not None
    row = for_update(db, run.enrolment_id)
    said = record(
        db,
        actor,
        enrolment=row,
        kind=Kind.PAGE_FINISHED,
        key=f"enrolment:{row.id}:page:{page}",
        subject=page,
        version_id=run.version_id,
        **how,
    )
    if not said.news:
        return said
    return complete_if_done(db, actor, run, row, said)


def quiz_graded(
    db: Session,
    actor: Actor,
    run: CourseRun,
    *,
    quiz: str,
    page: str,
    score: float,
    passed: bool,
    key: str,
    at: datetime | None = None,
) -> Recorded:
    """An attempt at a counting quiz was marked; `score` is a share, 0 to 1. Passing also finishes its page.

    `at`: when it was handed in, where it was marked anew: nobody is late because a key was wrong.
    """
    assert run.enrolment_id is not None
    row = for_update(db, run.enrolment_id)
    said = record(
        db,
        actor,
        enrolment=row,
        kind=Kind.QUIZ_GRADED,
        key=key,
        subject=quiz,
        version_id=run.version_id,
        at=at,
        score=score,
        passed=passed,
        page=page,
    )
    if not said.news:
        return said
    if passed:
        record(
            db,
            actor,
            enrolment=row,
            kind=Kind.PAGE_FINISHED,
            key=f"enrolment:{row.id}:page:{page}",
            subject=page,
            version_id=run.version_id,
            at=at,
        )
    if at is not None:
        needs = {"needed_pages": run.outline.needed_pages, "needed_quizzes": run.outline.needed_quizzes}
        at = rules.met_at(queries.standings(db, row.id, run.outline.was), **needs)
    return complete_if_done(db, actor, run, row, said, at=at)


def complete_if_done(
    db: Session, actor: Actor, run: CourseRun, row: Enrolment, said: Recorded, *, at: datetime | None = None
) -> Recorded:
    """Say that a run is completed, if all that its course asks for is done. `at`: when it was, where that was not now."""
    outline = run.outline
    standings = queries.standings(db, row.id, outline.was)
    row.done = rules.how_many_met(standings, outline.needed)
    db.flush()
    done = rules.is_complete(standings, needed_pages=outline.needed_pages, needed_quizzes=outline.needed_quizzes)
    if not done or row.completed_at is not None:
        return said
    completed = record(
        db,
        actor,
        enrolment=row,
        kind=Kind.COURSE_COMPLETED,
        key=f"enrolment:{row.id}:completed",
        version_id=run.version_id,
        at=at,
    )
    jobs.later(db, "learning.completed", key=f"completed:{row.id}", enrolment_id=row.id)
    return Recorded(completed.run, news=True, completed_now=True)


def transfer(db: Session, actor: Actor, *, person_id: int, organisation_id: int, title: str = "") -> None:
    """Move a person to another organisation: the post, and where each of the person's runs is counted."""
    accounts.change_post(db, actor, person_id=person_id, organisation_id=organisation_id, title=title)
    runs = db.scalars(
        select(Enrolment).where(Enrolment.person_id == person_id).order_by(Enrolment.id).with_for_update()
    ).all()
    for row in runs:
        if row.organisation_id == organisation_id:
            continue
        said = db.scalar(select(func.count()).where(Evidence.enrolment_id == row.id))
        record(
            db,
            actor,
            enrolment=row,
            kind=Kind.MOVED,
            key=f"enrolment:{row.id}:moved:{said}",
            organisation_id=organisation_id,
        )


def tell_completed(db: Session, *, enrolment_id: int, base_url: str) -> None:
    """The job `learning.completed`: a notice and a mail that say what was recorded."""
    row = db.get(Enrolment, enrolment_id)
    if row is None or row.completed_at is None:
        return
    person = people.contacts(db, [row.person_id])[row.person_id]
    title = catalog.titles(db, [row.course_id], person.lang)[row.course_id]
    slug = db.scalar(select(Course.slug).where(Course.id == row.course_id))
    url = f"{base_url.rstrip('/')}/learning/record/{row.id}/confirmation"
    accounts.tell(
        db,
        person,
        NoticeKind.COMPLETED,
        "completed",
        key=f"completed:{row.id}",
        notice={"course": slug, "title": title, "enrolment": row.id},
        words={"title": title, "completed_at": row.completed_at, "url": url},
    )


def ask_contact(db: Session, actor: Actor, *, run: CourseRun, page: str, question: str, base_url: str) -> int:
    """Write to those who answer for a course: the trainers of its owner, else its administrators.

    Seconds to wait when the actor has written too much, else 0.
    """
    key = accounts.throttle_key("contact", str(actor.id))
    if wait := accounts.take(db, key, CONTACT_PERSON):
        return wait
    who = people.holders(db, run.owner_id, Role.TRAINER) or people.holders(db, run.owner_id, Role.ADMINISTRATOR)
    asker = people.contacts(db, [actor.id])[actor.id]
    place = places.by_id(db, actor.organisation_id) if actor.organisation_id else None
    for person in people.contacts(db, who).values():
        title = catalog.titles(db, [run.course_id], person.lang)[run.course_id]
        accounts.tell(
            db,
            person,
            NoticeKind.QUESTION,
            "contact",
            notice={"course": run.slug, "title": title, "person": actor.name, "question": question},
            words={
                "title": title,
                "asker": actor.name,
                "organisation": place.name_in(person.lang) if place is not None else "",
                "reply_to": asker.email or "",
                "question": question,
                "url": f"{base_url.rstrip('/')}/courses/{run.slug}" + (f"/pages/{page}" if page else ""),
            },
        )
    return 0
