"""Saves of answers: all of them for a year after handing in, then only the one by which the answer stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment import actions, queries
from app.assessment.actions import forgetting
from app.assessment.models import Answer, AnswerSave, Attempt
from app.assessment.rules import SAVES_KEPT, Sent
from app.jobs import ask_for_regular_work, handlers
from app.kit import clock, jobs
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.learning import queries as learners
from app.settings import Settings
from tests import factories
from tests.assessment.taking import School, a_school

BEGAN = datetime(2025, 3, 3, 9, tzinfo=UTC)


def _take(school: School, began: datetime, *, quiz: str = "test", hand_in: bool = True) -> str:
    """An attempt in which the first question is answered three times in two tabs, and flagged; and once too late."""
    with clock.at(began):
        person = school.learner()
        actor = factories.actor_for(school.db, person)
        run = learners.run_for(school.db, person.id, school.slug)
        assert run is not None
        key = actions.start(school.db, actor, run=run, quiz=quiz, seed=1)
        first, *others = [one.question for one in school.view(key).asked]

        def save(question: str, said: str | None, tab: str, sequence: int, base: int) -> None:
            options = None if said is None else {"options": [said], "text": said}
            sent = Sent(tab, sequence, base)
            view = school.view(key)
            actions.save(school.db, actor, attempt=view, question=question, response=options, flagged=True, sent=sent)

        save(first, "wrong", "a", 1, 0)
        save(first, "off", "a", 2, 1)
        save(first, "wrong", "b", 1, 0)  # elsewhere: not kept, and listed all the same
        save(first, "right", "b", 2, 2)
        save(first, None, "b", 3, 3)  # only the flag
        for question in others:
            save(question, None, "a", 9, 0)  # never answered
        if hand_in:
            actions.submit(school.db, actor, attempt=school.view(key))
            save(first, "off", "c", 1, 3)
    return key


def test_a_year_after_handing_in_only_the_save_that_counts_is_left(
    sessions: Sessions, blobs: Blobs, settings: Settings
) -> None:
    files = factories.course_files(pages=1, questions=2)
    files["01-start/95-open.md"] = (
        "---\nkind: page\nid: open-page\ntitle: Words\nminutes: 2\nrequired: no\n---\n## Open\n<!-- quiz id=open mode=practice -->\n\n"
        "### Say it\n<!-- question id=essay type=essay points=2 -->\n\n> [!RUBRIC]\n> Clear.\n"
    )
    year_later = BEGAN + SAVES_KEPT + timedelta(hours=1)
    with clock.at(BEGAN - timedelta(days=1)), writing(sessions) as db:
        school = a_school(db, blobs, files=files)
        old, young = _take(school, BEGAN), _take(school, BEGAN + timedelta(hours=2))
        still_open = _take(school, BEGAN, hand_in=False)
        unmarked = _take(school, BEGAN, quiz="open")
        before = _rows(db)
        standing = _stands(db)
    assert {key: len(rows) for key, rows in before.items()} == {old: 7, young: 7, still_open: 6, unmarked: 6}

    with clock.everywhere_at(year_later):
        with writing(sessions) as db:
            ask_for_regular_work(db)
        jobs.drain(sessions, handlers(settings))
    with reading(sessions) as db:
        after = _rows(db)
        assert after == {**before, old: [("q1", "b", 2, "kept")]}
        now = _stands(db)
        assert now[old] == standing[old] and now[young] == standing[young]
        view = queries.attempt(db, old)
        assert view is not None and view.given["q1"].response["options"] == ["right"]

    # What was forgotten cannot be said anew: the attempt is over, and its answer stays.
    with clock.at(year_later), writing(sessions) as db:
        view = queries.attempt(db, old)
        assert view is not None
        person = school.people[0]
        said = actions.save(
            db,
            factories.actor_for(db, person),
            attempt=view,
            question="q1",
            response={"options": ["wrong"]},
            flagged=True,
            sent=Sent("a", 1, 0),
        )
        assert said.outcome.value == "late" and _stands(db)[old] == standing[old]


def test_many_are_forgotten_in_steps_that_are_short(sessions: Sessions, blobs: Blobs, settings: Settings) -> None:
    with clock.at(BEGAN - timedelta(days=1)), writing(sessions) as db:
        school = a_school(db, blobs, pages=1, questions=1)
        for _ in range(3):
            _take(school, BEGAN)
    with clock.everywhere_at(BEGAN + SAVES_KEPT + timedelta(days=1)):
        with reading(sessions) as db:
            assert len(queries.superseded_saves(db, handed_in_before=clock.now() - SAVES_KEPT, limit=4)) == 4
        with writing(sessions) as db:
            ids = forgetting.saves_to_forget(db)
            assert len(ids) == 3 * 5 and not actions.forget_saves(db, ids)
            assert forgetting.saves_to_forget(db) == () and len(db.scalars(select(AnswerSave)).all()) == 3


def _rows(db: Session) -> dict[str, list[tuple[str, str, int, str]]]:
    said = select(Attempt.key, AnswerSave.question, AnswerSave.tab, AnswerSave.sequence, AnswerSave.outcome)
    said = said.join(Attempt, Attempt.id == AnswerSave.attempt_id).order_by(AnswerSave.id)
    found: dict[str, list[tuple[str, str, int, str]]] = {}
    for key, question, tab, sequence, outcome in db.execute(said):
        found.setdefault(key, []).append((question, tab, sequence, outcome.value))
    return found


def _stands(db: Session) -> dict[str, tuple[object, ...]]:
    """What counts of each attempt: its marks, the hash of what was handed in, and every answer."""
    found = {}
    for row in db.scalars(select(Attempt)):
        answers = db.scalars(select(Answer).where(Answer.attempt_id == row.id).order_by(Answer.question))
        said = tuple((one.question, str(one.response), one.revision, one.fraction, one.flagged) for one in answers)
        found[row.key] = (row.score, row.passed, row.digest, said)
    return found
