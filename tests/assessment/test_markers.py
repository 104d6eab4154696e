"""Two or three people who mark one answer: the rule, and the whole way of an essay."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.assessment import access, actions, queries
from app.assessment.queries import Paper
from app.assessment.rules import Second, settle
from app.kit.actor import Actor, Role
from app.kit.blobs import Blobs
from app.web.classroom.pages import quiz
from app.web.classroom.pages.attempt import Queue
from app.web.classroom.pages.result import result_page
from tests import factories
from tests.architecture.world import course_with_everything
from tests.assessment.taking import School, a_school


@pytest.mark.parametrize(
    ("marks", "second", "fraction"),
    [
        ([(1, 0.4), (1, 0.6)], Second.NONE, 0.6),
        ([(1, 0.4)], Second.AVERAGE, None),
        ([(1, 0.4), (1, 0.6)], Second.AVERAGE, None),
        ([(1, 0.4), (2, 1.0)], Second.AVERAGE, 0.7),
        ([(1, 0.4), (2, 1.0), (1, 0.8)], Second.AVERAGE, 0.9),
        ([(1, 0.4), (2, 0.6)], Second.THIRD, 0.5),  # of five points: a point apart
        ([(1, 0.4), (2, 0.8)], Second.THIRD, None),
        ([(1, 0.4), (2, 0.8), (3, 0.7)], Second.THIRD, 0.7),
        ([], Second.THIRD, None),
    ],
)
def test_what_several_marks_come_to(marks: list[tuple[int, float]], second: Second, fraction: float | None) -> None:
    assert settle(marks, 5, second).fraction == (pytest.approx(fraction) if fraction is not None else None)


def test_two_people_mark_an_essay_and_a_third_decides(db: Session, blobs: Blobs) -> None:
    school: School = a_school(db, blobs, files=course_with_everything("first-course", ""))
    others = [factories.actor_for(db, factories.a_person(db, school.town, roles=[Role.TRAINER])) for _n in range(2)]
    actions.second_marker(db, school.trainer, course=school.course, second=Second.THIRD)
    key = school.take(school.learner("Ona"), {"essay": {"text": "Mine."}}, quiz="open")

    shown = result_page(db, school.view(key), Queue("", ""))
    assert shown.nothing_yet and shown.score == "0", "nobody has said yet that it is worth nothing"
    [row] = [quiz.row(one) for one in queries.attempts_at(db, school.view(key).enrolment_id, "open")]
    assert (row.status_text, row.score) == ("Waiting to be marked", "")

    def paper(actor: Actor) -> Paper:
        return access.paper_for(db, actor, key, "essay")

    def waits_for(actor: Actor) -> int:
        return queries.count_waiting(db, access.to_mark(actor))

    first, second, third = school.trainer, *others
    actions.mark(db, first, paper=paper(first), points=2, comment="Well.", known=0)
    assert (waits_for(first), waits_for(second)) == (0, 1)
    assert school.view(key).waits and not paper(first).is_for(first.id)
    actions.mark(db, second, paper=paper(second), points=0.5, comment="Hardly.", known=1)
    assert school.view(key).waits, "they differ by a point and a half"
    actions.mark(db, third, paper=paper(third), points=1, comment="Half of it.", known=2)
    view = school.view(key)
    assert (view.score, view.waits) == (1.0, False)
    assert not result_page(db, view, Queue("", "")).nothing_yet
    assert [one.comment for one in queries.gradings(db, view.id, "essay")] == ["Well.", "Hardly.", "Half of it."]
