"""Progress is told in steps, and everywhere in the same number of them."""

from __future__ import annotations

from app.catalog import queries as catalog
from app.groups import actions as groups
from app.groups import queries as meetings
from app.kit import clock
from app.kit.actor import Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, writing
from app.learning import actions as learning
from app.learning import queries as runs
from app.organisations import queries as places
from tests import factories
from tests.browser import Browser


def test_home_record_session_and_leader_tell_the_same_progress(
    browser: Browser, sessions: Sessions, blobs: Blobs
) -> None:
    with writing(sessions) as db:
        library = factories.an_organisation(db, "Library", parent=factories.an_organisation(db), code="lib")
        made = factories.a_course(db, blobs, "fire", owner=library, pages=3, questions=2)
        boss = factories.a_person(db, library, roles=[Role.MANAGER], lang="en")
        ona = factories.a_person(db, library, lang="en")
        actor, leader = factories.actor_for(db, ona), factories.actor_for(db, boss)
        learning.enrol(db, actor, person_id=ona.id, course_id=made.course_id)
        for page in ("page-1", "page-2"):
            run = runs.run_for(db, ona.id, "fire")
            assert run is not None
            learning.finish_page(db, actor, run, page)
        head, place = catalog.course_by_slug(db, "fire"), places.by_code(db, "lib")
        assert head is not None and place is not None
        group = groups.plan(db, leader, course=head, place=place, starts_at=clock.now())
        groups.open_session(db, leader, group=group)
        groups.join(db, actor, group=group)
        key = meetings.groups(db, meetings.GroupSession.id == group.id)[0].key
    # Three pages to read, the page of the test, and the test itself.
    said = "2 of 5 steps"
    learner = browser.as_(ona)
    for address in ("/learning", "/learning/record", f"/joined/{key}"):
        page = learner.open(address)
        assert page.sees(said) and "of 4 pages" not in page.text, address
    assert browser.as_(boss).open(f"/groups/{key}").sees(said)
