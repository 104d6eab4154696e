"""A place's country chooses the holidays that its people's dates and mails go by."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit import clock, jobs
from app.kit.actor import SYSTEM
from app.kit.blobs import Blobs
from app.kit.errors import Invalid
from app.organisations import actions as organisations
from app.organisations import queries as places
from app.requirements import actions as requirements
from app.requirements import queries, rules
from app.requirements.rules import Due, DueKind, Rule, StepKind, Terms, What, WhatKind
from app.web.duties import explained
from tests import factories
from tests.requirements.places import a_town, card


def test_a_partner_in_norway_counts_by_norwegian_holidays(db: Session, blobs: Blobs) -> None:
    """17 May 2028 is a Wednesday and Constitution Day in Norway; 11 March 2026 a Wednesday and a holiday in Lithuania."""
    with clock.at(datetime(2026, 3, 9, 8, tzinfo=UTC)):
        town = a_town(db, blobs, (2, 2))
        home, abroad = (card(db, one) for one in town.institutions)
        with pytest.raises(Invalid):
            organisations.rename(db, SYSTEM, organisation=abroad, name=abroad.name, country="SE")
        organisations.rename(db, SYSTEM, organisation=abroad, name=abroad.name, name_en=abroad.name_en, country="NO")
        desk = factories.an_organisation(db, "Desk", parent=town.institutions[1])
        deep = factories.a_person(db, desk)
        assert places.country_at(db, desk.path) == "NO" and places.country_at(db, home.path) == "LT"
        rule = Rule(
            what=What(WhatKind.COURSE, town.course_id),
            organisation_id=town.place.id,
            audience=rules.everybody_at(town.place.id),
            due=Due(DueKind.REACHED, days=20, working=True),
            terms=Terms(),
        )
        requirements.set_rule(db, town.manager, rule=rule)
        due = {
            person.id: queries.periods_of(db, person.id, clock.today())[0]
            for person in (town.staff[home.id][0], town.staff[abroad.id][0], deep)
        }
        lt, no, below = due.values()
        # Twenty working days after 9 March: in Lithuania the 11th of March and Easter Monday are left out, in Norway
        # Maundy Thursday, Good Friday and Easter Monday.
        assert lt.period.due_on == date(2026, 4, 8)
        assert no.period.due_on == below.period.due_on == date(2026, 4, 9)
        assert [step.country for step in no.steps if step.kind is StepKind.WORKING_DAY] == ["NO"]


def test_a_date_on_a_holiday_says_whose_and_mail_waits_for_a_working_day(db: Session, blobs: Blobs) -> None:
    with clock.at(datetime(2028, 4, 26, 8, tzinfo=UTC)):
        town = a_town(db, blobs, (1, 1))
        abroad = card(db, town.institutions[1])
        organisations.rename(db, SYSTEM, organisation=abroad, name=abroad.name, name_en=abroad.name_en, country="NO")
        requirements.require(
            db, town.manager, course_id=town.course_id, organisation=card(db, town.place), due_on=date(2028, 5, 17)
        )
        said = {
            person.organisation_id: explained(queries.periods_of(db, person.id, clock.today())[0].steps)
            for person in town.people
        }
    lt, no = (said[one.id] for one in town.institutions)
    assert lt == ("The rule names the day: 2028-05-17.",)
    assert no == ("The rule names the day: 2028-05-17. It is a public holiday: Constitution Day of Norway.",)
    with clock.at(datetime(2028, 5, 17, 6, tzinfo=UTC)):
        # Seven days before nothing ran; on the day itself the reminder of the day before is caught up with.
        requirements.send_due_reminders(db, base_url="http://here")
        asked = db.execute(select(jobs.Job.data, jobs.Job.run_at).where(jobs.Job.kind == "requirements.remind")).all()
    when = {data["people"][0][0]: run_at.astimezone(clock.LOCAL).date() for data, run_at in asked}
    assert when[town.staff[town.institutions[0].id][0].id] == date(2028, 5, 17)
    assert when[town.staff[town.institutions[1].id][0].id] == date(2028, 5, 18)
