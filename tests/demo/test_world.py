"""The demo world: the same every time, whole, and closed to anything but a demonstration."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

import pytest
import typer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.models import Person
from app.assessment import queries as assessment
from app.assessment.models import Attempt
from app.assessment.rules import AttemptState
from app.assessment.rules.verdicts import Verdict
from app.catalog import queries as catalog
from app.cli import console, serving
from app.demo import names, world
from app.groups import queries as groups
from app.kit import audit, clock, jobs
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading
from app.learning import actions as learning
from app.learning.models import CompletionCount, Enrolment, Evidence
from app.learning.rules import Kind, RunState
from app.organisations import queries as places
from app.organisations.models import Organisation
from app.organisations.rules import Kind as PlaceKind
from app.requirements import actions as requirements
from app.requirements import queries as requirements_of
from app.requirements.rules import StepKind, calendar
from app.settings import Mode, Settings

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
# Two years of a country are built anew for each of these.
pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def demo(sessions: Sessions, settings: Settings) -> Sessions:
    with clock.at(NOW):
        world.build(sessions, Blobs(settings.files), settings.model_copy(update={"mode": Mode.DEMO}), lambda a, b: None)
    return sessions


def number(db: Session, table: type, *where: object) -> int:
    return db.scalar(select(func.count()).select_from(table).where(*where)) or 0  # type: ignore[arg-type]


def test_the_demo_world_is_as_it_is_described(demo: Sessions, settings: Settings) -> None:
    """Building it takes most of a minute, so all that is asked of it is asked of one."""
    _adds_up(demo)
    _named_people_have_their_roles(demo)
    _the_partner_in_norway_goes_by_its_own_calendar(demo)
    _reminded_yesterday(demo)
    home = console.House(settings, demo, Blobs(settings.files))
    with pytest.raises(typer.Exit):  # nobody serves it outside a demonstration
        serving._refuse_demo_people(home)


def _reminded_yesterday(demo: Sessions) -> None:
    """Whoever is behind has been reminded by the ladder, and may be reminded by hand today."""
    with reading(demo) as db, clock.at(NOW):
        late = requirements_of.behind(db, "", today=clock.today())
        days = {one.reminded_at.astimezone(clock.LOCAL).date() for one in late if one.reminded_at}
    assert len(late) > 30 and days == {date(2026, 11, 23)}


def _adds_up(demo: Sessions) -> None:
    with reading(demo) as db:
        assert number(db, Organisation, Organisation.kind == PlaceKind.MUNICIPALITY) == 60
        assert 550 <= number(db, Person) <= 650
        utena = db.scalars(select(Organisation).where(Organisation.code == "utenos-r-sav")).one()
        institutions = number(db, Organisation, Organisation.parent_id == utena.id)
        assert institutions == 17
        library = db.scalars(select(Organisation.id).where(Organisation.code == "utenos-biblioteka")).one()
        assert number(db, Person, Person.organisation_id == library) == 31
        states = {state for (state,) in db.execute(select(Enrolment.state).distinct())}
        assert {RunState.ENROLLED, RunState.STARTED, RunState.COMPLETED} <= states
        first, last = db.execute(select(func.min(Evidence.occurred_at), func.max(Evidence.occurred_at))).one()
        assert (NOW - first).days > 400
        assert last <= NOW
        overdue = (CompletionCount.due_on < date(2026, 11, 24), CompletionCount.state != RunState.COMPLETED)
        assert (db.scalar(select(func.sum(CompletionCount.number)).where(CompletionCount.required, *overdue)) or 0) > 20
        _the_final_test_can_be_analysed(db)
        # Progress is what the evidence says, the trail is whole, and no work is left over.
        assert learning.verify(db) == [] and requirements.verify(db) == []
        assert audit.broken_links(db) == []
        assert set(jobs.waiting(db)) == {jobs.JobState.DONE}


def _the_final_test_can_be_analysed(db: Session) -> None:
    """Enough people have taken it for every question to be judged; attempts and evidence tell the same results."""
    course = catalog.course_by_slug(db, "bdar-pagrindai")
    assert course is not None
    made = assessment.analysis(db, course.id, "baigiamasis")
    assert made.sheet.people >= 100 and len(made.items) == 25
    assert min(item.people for item in made.items) >= 30
    assert {finding.verdict for finding in made.findings} >= {Verdict.FINE, Verdict.EASY}
    taken = select(Attempt.enrolment_id, Attempt.number, Attempt.score, Attempt.max_score, Attempt.passed)
    results = db.execute(taken.where(Attempt.quiz == "baigiamasis", Attempt.state == AttemptState.FINISHED)).all()
    graded = select(Evidence.enrolment_id, Evidence.data).where(
        Evidence.kind == Kind.QUIZ_GRADED, Evidence.subject == "baigiamasis"
    )
    told: dict[int | None, list[tuple[float, bool]]] = {}
    for run, data in db.execute(graded.order_by(Evidence.occurred_at, Evidence.id)):
        told.setdefault(run, []).append((round(data["score"], 3), data["passed"]))
    for run, number, score, most, passed in results:
        assert told[run][number - 1] == (round(score / most, 3), passed), run


def _the_partner_in_norway_goes_by_its_own_calendar(demo: Sessions) -> None:
    with reading(demo) as db:
        partner = places.by_code(db, "fjordvik-kommune")
        assert partner is not None and places.country_at(db, partner.path) == "NO"
        below = places.matching(db, places.below(partner.path))
        assert len(below) == 3 and all(one.name_in("nb") == one.name != one.name_en for one in below)
        staff = people.person_cards(db, places.below(partner.path))
        assert len(staff) == 12 and {one.lang for one in staff} == {"nb"}
        magnus = people.credentials(db, f"magnus@{world.DOMAIN}").person_id
        (card,) = requirements_of.periods_of(db, magnus, NOW.date())
        working = next(step for step in card.steps if step.kind is StepKind.WORKING_DAY)
        # Thirty working days from 15 November 2026: the 25th of December and New Year's Day are off there, the 24th is not.
        assert working.country == "NO" and card.period.due_on == working.on == date(2026, 12, 28)
        assert card.period.due_on < calendar.add_working_days(date(2026, 11, 15), 30, "LT")
        (ahead,) = groups.ahead_of(db, magnus, NOW)
        assert ahead.room == "Lesesalen" and ahead.expected == 4


def _named_people_have_their_roles(demo: Sessions) -> None:
    with reading(demo) as db:
        for named in world.NAMED:
            card = people.credentials(db, f"{named.login}@{world.DOMAIN}")
            assert accounts.verify(card.password, world.PASSWORD).right
            actor = people.actor_of(db, card.person_id)
            assert actor is not None
            assert [grant.role for grant in actor.grants] == ([named.role] if named.role else [])


def test_the_same_people_live_in_the_demo_world_every_time() -> None:
    once, again = names.people(random.Random(7)), names.people(random.Random(7))
    assert once == again
    assert len(set(once)) == len(once)
