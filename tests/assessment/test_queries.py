"""What the store must hold because somebody handed it in."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.assessment import access, actions, queries
from app.kit.blobs import Blobs
from app.learning import actions as learning
from app.learning import queries as runs
from tests import factories
from tests.web.classroom.conftest import QUIZ, SLUG, files

PDF = b"%PDF-1.7\n"


def test_every_file_that_was_handed_in_is_needed(db: Session, blobs: Blobs) -> None:
    town = factories.an_organisation(db, "Town", parent=factories.an_organisation(db))
    published = factories.a_course(db, blobs, SLUG, owner=town, files=files())
    actor = factories.actor_for(db, factories.a_person(db, town))
    learning.enrol(db, actor, person_id=actor.id, course_id=published.course_id)
    run = runs.run_for(db, actor.id, SLUG)
    assert run is not None
    attempt = access.attempt_for(db, actor, actions.start(db, actor, run=run, quiz=QUIZ))
    actions.save(db, actor, attempt=attempt, question="kas", response={"text": "file"}, flagged=False)
    assert queries.needed_blobs(db) == frozenset()
    blob = blobs.put(PDF)
    actions.attach(db, actor, attempt=attempt, question="forma", name="a.pdf", blob=blob, size=len(PDF))
    assert queries.needed_blobs(db) == {blob}
