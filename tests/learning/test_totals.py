"""Totals of subtrees: equal to the counters below them whatever is done to people and to places."""

from __future__ import annotations

from sqlalchemy import select, update

from app.kit import clock
from app.kit.actor import SYSTEM
from app.kit.blobs import Blobs
from app.kit.database import Sessions, writing
from app.learning import actions as learning
from app.learning.models import SubtreeCount
from app.organisations import queries as organisations
from app.reporting import queries as reporting
from tests import factories


def test_totals_follow_people_and_places(sessions: Sessions, blobs: Blobs) -> None:
    with writing(sessions) as db:
        root = factories.an_organisation(db)
        utena, birzai = (factories.an_organisation(db, name, parent=root) for name in ("Utena", "Biržai"))
        library, school = (factories.an_organisation(db, name, parent=utena) for name in ("Library", "School"))
        course = factories.a_course(db, blobs).course_id
        for place in (root, utena, library, library, school):
            learning.enrol(db, SYSTEM, person_id=factories.a_person(db, place).id, course_id=course)

        def totals() -> dict[str, int]:
            names = {place.id: place.name for place in (utena, birzai, library, school)}
            said = db.execute(select(SubtreeCount.organisation_id, SubtreeCount.number))
            return {names[row[0]]: row[1] for row in said if row[1]}

        assert totals() == {"Utena": 4, "Library": 2, "School": 1}, "the root itself has none"
        cards = [organisations.by_id(db, place.id) for place in (library, birzai)]
        assert cards[0] is not None and cards[1] is not None
        learning.move_place(db, SYSTEM, organisation=cards[0], parent=cards[1])
        assert totals() == {"Utena": 2, "Biržai": 2, "Library": 2, "School": 1}
        card = organisations.by_id(db, root.id)
        assert card is not None
        found = reporting.tallies(db, card, today=clock.today())
        assert {key: tally.chosen_going for (key, _), tally in found.items()} == {
            reporting.HERE: 1, utena.id: 2, birzai.id: 2,
        }  # fmt: skip
        assert learning.verify(db) == []


def test_a_total_that_is_wrong_is_found_and_mended(sessions: Sessions, blobs: Blobs) -> None:
    with writing(sessions) as db:
        place = factories.an_organisation(db, parent=factories.an_organisation(db))
        person = factories.a_person(db, place)
        learning.enrol(db, SYSTEM, person_id=person.id, course_id=factories.a_course(db, blobs).course_id)
        db.execute(update(SubtreeCount).values(number=SubtreeCount.number + 1))
        found = learning.verify(db)
        assert [(one.stored, one.folded) for one in found] == [("2", "1")]
        learning.rebuild(db)
        assert learning.verify(db) == []
