"""Time and attempts of one's own by API: who may set them for whom, and that they hold in the quiz."""

from __future__ import annotations

from fastapi import FastAPI
from sqlalchemy import select

from app.accounts.models import Person
from app.assessment import queries as attempts
from app.catalog import queries as catalog
from app.kit.actor import Role
from app.kit.audit import AuditRow
from app.kit.database import reading, writing
from app.learning import actions as learning
from app.learning import queries as runs
from tests import factories
from tests.web.api.test_attempts import Program

TIMED = {
    path: text.replace("id=test mode=check", "id=test mode=check time=PT40M attempts=2")
    for path, text in factories.course_files(pages=1, questions=1).items()
}
AT = "/courses/first-course/overrides"


def test_what_somebody_needs_and_what_differs_at_one_quiz_is_set_and_taken_back_by_program(app: FastAPI) -> None:
    with writing(app.state.sessions) as db:
        root = factories.an_organisation(db)
        town, city = (factories.an_organisation(db, name, parent=root) for name in ("Town", "City"))
        factories.a_course(db, app.state.blobs, owner=city, files=TIMED)
        ona: Person = factories.a_person(db, town, lang="en", family_name="Onaitė")
        head = catalog.course_by_slug(db, "first-course")
        assert head is not None
        learning.enrol(db, factories.actor_for(db, ona), person_id=ona.id, course_id=head.id)
        here = factories.a_person(db, town, roles=[Role.MANAGER], lang="en")
        there = factories.a_person(db, city, roles=[Role.MANAGER], lang="en")
        author = factories.a_person(db, city, roles=[Role.TRAINER], lang="en")
        stranger = factories.a_person(db, town, roles=[Role.TRAINER], lang="en")
        needs, self_ = f"/people/{ona.key}/accommodation", f"/people/{here.key}/accommodation"
        code = town.code
    manager, elsewhere, trainer = (Program(app, one) for one in (here, there, author))

    def held() -> tuple[int, int]:
        """Seconds and attempts that hold for Ona."""
        with reading(app.state.sessions) as db:
            run = runs.run_for(db, ona.id, "first-course")
            assert run is not None and run.enrolment_id is not None
            usual = attempts.quiz_rules(db, run.version_id, "test")
            found = attempts.terms(db, course_id=run.course_id, quiz="test", rules=usual, enrolment_id=run.enrolment_id)
            return found.seconds, found.attempts

    assert manager.ask("GET", needs) == {"time_factor": 1.0, "extra_attempts": 0} and held() == (2400, 2)
    assert manager.ask("PUT", needs, json={"time_factor": 1.5, "extra_attempts": 1})["time_factor"] == 1.5
    assert held() == (3600, 3) and manager.ask("GET", needs)["extra_attempts"] == 1
    # A factor that is none, a number too large, a word on why: refused by field, and nothing is changed.
    assert "factor" in manager.ask("PUT", needs, 422, json={"time_factor": 1.3})["fields"]
    manager.ask("PUT", needs, 422, json={"extra_attempts": 99})
    manager.ask("PUT", needs, 422, json={"reason": "dyslexia"})
    elsewhere.ask("GET", needs, 404)
    elsewhere.ask("PUT", needs, 404, json={})
    manager.ask("PUT", self_, 404, json={"time_factor": 3})  # nobody for themselves
    trainer.ask("PUT", needs, 403, json={})
    assert held() == (3600, 3)
    # At one quiz: the trainer for one in the course, the manager for all of theirs; what the person needs comes on top.
    said = trainer.ask("PUT", AT, json={"quiz": "test", "whom": ona.email, "minutes": 60, "closes": "2099-03-31"})
    assert [(one["minutes"], one["attempts"], one["personal"]) for one in said] == [(60, None, True)]
    assert said[0]["closes_at"].startswith("2099-03-31T21:00") or said[0]["closes_at"].startswith("2099-04-01T00:00")
    assert held() == (5400, 3)
    group = manager.ask("PUT", AT, json={"quiz": "test", "whom": code, "attempts": 5})
    assert sorted(one["personal"] for one in group) == [False, True] and held() == (5400, 6)
    assert elsewhere.ask("GET", AT) == []  # their people are none of these
    wrong = {
        "quiz": {"quiz": "no-such", "whom": code, "minutes": 5},
        "whom": {"quiz": "test", "whom": "nobody@example.test", "minutes": 5},
        "opens": {"quiz": "test", "whom": code, "opens": "2026-02-30"},
        "minutes": {"quiz": "test", "whom": code},
    }
    for field, body in wrong.items():
        assert field in manager.ask("PUT", AT, 422, json=body)["fields"], field
    Program(app, stranger).ask("GET", AT, 403)
    personal = next(one["id"] for one in group if one["personal"])
    elsewhere.ask("DELETE", f"/overrides/{personal}", 404)
    assert trainer.ask("DELETE", f"/overrides/{personal}") == {"taken": True}
    trainer.ask("DELETE", f"/overrides/{personal}", 404)
    assert manager.ask("PUT", needs, json={}) == {"time_factor": 1.0, "extra_attempts": 0}
    assert held() == (2400, 5)
    with reading(app.state.sessions) as db:  # the trail says that it was set, not what it is
        rows = db.scalars(select(AuditRow).where(AuditRow.action == "accommodation.set").order_by(AuditRow.id)).all()
        assert [row.data["set"] for row in rows] == [True, False]
        assert not any("1.5" in str(row.data) for row in rows)
