"""Mass assignment as municipalities ask for it: 17 institutions, one date, a rate with its denominator."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from app.kit import clock, i18n
from app.kit.blobs import Blobs
from app.learning import actions as learning
from app.learning import queries as runs
from app.reporting import queries as reporting
from app.reporting.rules import ALL
from app.requirements import actions as requirements
from app.requirements import queries
from tests.requirements.places import a_town, card, complete

SIZES = (120, 46, 24, 34, 31, 22, 19, 16, 15, 14, 13, 12, 11, 10, 9, 8, 4)
DONE = (91, 27, 11, 34, 31, 22, 19, 16, 15, 14, 13, 12, 11, 10, 9, 8, 4)


def test_408_people_in_17_institutions_347_done_61_overdue(db: Session, blobs: Blobs) -> None:
    assert (len(SIZES), sum(SIZES), sum(DONE)) == (17, 408, 347)
    with clock.at(datetime(2026, 1, 5, 8, tzinfo=UTC)):
        town = a_town(db, blobs, SIZES)
        place = card(db, town.place)
        asked = {"course_id": town.course_id, "organisation": place, "due_on": date(2026, 3, 31)}
        assert requirements.require(db, town.manager, **asked).added == 408  # type: ignore[arg-type]
        assert requirements.require(db, town.manager, **asked).added == 0  # type: ignore[arg-type]
    with clock.at(datetime(2026, 3, 30, 8, tzinfo=UTC)):
        for institution, done in zip(town.institutions, DONE, strict=True):
            for person in town.staff[institution.id][:done]:
                complete(db, person, town.slug)
    _, children = reporting.around(db, place)
    on_the_day = reporting.figures(db, place, children, today=date(2026, 3, 31), names=True).totals[ALL]
    assert (on_the_day.completed, on_the_day.assigned, on_the_day.overdue) == (347, 408, 0)
    assert on_the_day.rate is not None and i18n.percent(on_the_day.rate) == "85.0%"
    with clock.at(datetime(2026, 4, 1, 5, tzinfo=UTC)):
        figures = reporting.figures(db, place, children, today=clock.today(), names=True)
        assert figures.totals[ALL].overdue == 61
        assert sum(row.needs_attention for row in figures.rows[ALL]) == 3 and len(figures.rows[ALL]) == 17
        assert len(queries.behind(db, place.path, today=clock.today())) == 61
        # Reminders go only to the unfinished, and once.
        assert requirements.send_due_reminders(db, base_url="http://here") == 61
        assert requirements.send_due_reminders(db, base_url="http://here") == 0
    assert learning.verify(db) == [] and learning.how_many(db) == 408
    person = town.people[0]
    assert len(runs.runs_of(db, person.id)) == 1
