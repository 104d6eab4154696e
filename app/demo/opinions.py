"""What people thought of a course, and whose time in tests is their own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.accounts import queries as people
from app.assessment import access, queries
from app.assessment import actions as assessment
from app.assessment.rules import Accommodation, Override
from app.catalog import queries as catalog
from app.kit import clock
from app.kit.actor import SYSTEM
from app.kit.database import Sessions, reading, writing
from app.learning import queries as learners

if TYPE_CHECKING:
    from app.demo.world import World

COURSE, SURVEY, FINAL = "bdar-pagrindai", "apklausa", "baigiamasis"
PEOPLE = 9
# Which label each of them chose, from the worst to the best: seven of nine found it good or very good.
CHOSEN = (3, 2, 3, 1, 2, 3, 2, 0, 3)


def of_learners(sessions: Sessions, world: World, now: datetime) -> None:
    """Nine people of Utena have answered the survey; one person needs more time, and one place has more attempts."""
    codes = sorted(code for code in world.staff if code.startswith("utenos-"))
    staff = [person for code in codes for person in world.staff[code]]
    answered = 0
    for person in staff:
        if answered == PEOPLE:
            break
        with reading(sessions) as db:
            run = learners.run_for(db, person.id, COURSE)
            actor = people.actor_of(db, person.id)
        if actor is None or run is None or run.enrolment_id is None or run.completed_at is None:
            continue
        with clock.at(now - timedelta(days=20 - answered)), writing(sessions) as db:
            key = assessment.start(db, actor, run=run, quiz=SURVEY, seed=answered)
            view = access.attempt_for(db, actor, key)
            for one in view.asked:
                option = one.options[CHOSEN[answered] % len(one.options)]
                assessment.save(
                    db, actor, attempt=view, question=one.question, response={"options": [option]}, flagged=False
                )
            handed = queries.attempt(db, key)
            assert handed is not None
            assessment.submit(db, actor, attempt=handed)
        answered += 1
    with clock.at(now - timedelta(days=15)), writing(sessions) as db:
        assessment.accommodate(db, SYSTEM, person=staff[-1], needs=Accommodation(1.5, 1))
        course = catalog.course_by_slug(db, COURSE)
        assert course is not None
        assessment.override(
            db,
            SYSTEM,
            course_id=course.id,
            quiz=FINAL,
            person=None,
            organisation=world.places["utenos-r-sav"],
            said=Override(personal=False, attempts=4),
        )
