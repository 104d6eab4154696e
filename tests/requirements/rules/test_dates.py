"""By when: what moves a date, what never does, and that strict rules stay strict."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.requirements.rules import dates
from app.requirements.rules.dates import Dated, Due, DueKind, Leave, Renewal, Service, StepKind, Terms

TODAY = date(2026, 3, 2)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
NEAR = st.dates(date(2025, 1, 1), date(2028, 12, 31))
LEAVES = st.lists(
    st.builds(lambda since, days: Leave(since, since + timedelta(days=days)), NEAR, st.integers(0, 300)), max_size=4
).map(tuple)
TERMS = st.builds(
    Terms,
    valid_months=st.integers(1, 60),
    renewal=st.sampled_from(Renewal),
    base=NEAR,
    window_days=st.integers(0, 14),
    grace_days=st.integers(0, 60),
)
RELATIVE = st.builds(
    Due, st.sampled_from([DueKind.HIRE, DueKind.POST, DueKind.REACHED]), st.none(), st.integers(0, 400), st.booleans()
)


def kinds(made: Dated) -> list[StepKind]:
    return [step.kind for step in made.steps]


def test_a_fixed_date_stands_as_it_was_written() -> None:
    sunday = date(2026, 3, 29)
    assert dates.first_due(Due(DueKind.FIXED, sunday), Service(TODAY)).on == sunday


def test_days_are_counted_from_the_first_day_of_work_and_end_on_a_working_day() -> None:
    hired = date(2026, 3, 2)
    made = dates.first_due(Due(DueKind.HIRE, days=34), Service(TODAY, hired_on=hired))
    assert made.on == date(2026, 4, 7) and kinds(made) == [StepKind.HIRE, StepKind.WORKING_DAY]  # not on Easter Sunday


def test_who_was_hired_long_ago_gets_a_fair_time_and_is_told_why() -> None:
    due = Due(DueKind.HIRE, days=30)
    fair = dates.fair_from(due, TODAY, late=False)
    made = dates.first_due(due, Service(TODAY, hired_on=date(2010, 1, 4), not_before=fair))
    assert made.on == TODAY + timedelta(days=14) and kinds(made)[-1] is StepKind.FAIR


def test_leave_moves_a_date_by_its_days_and_no_day_counts_twice() -> None:
    service = Service(
        TODAY, leaves=(Leave(date(2026, 3, 10), date(2026, 3, 19)), Leave(date(2026, 3, 15), date(2026, 3, 24)))
    )
    made = dates.first_due(Due(DueKind.FIXED, date(2026, 3, 31)), service)
    assert made.on == date(2026, 4, 15) and made.steps[-1].days == 15


def test_leave_that_begins_because_the_date_was_moved_counts_too() -> None:
    first, second = Leave(date(2026, 3, 30), date(2026, 4, 8)), Leave(date(2026, 4, 9), date(2026, 4, 12))
    apart = Leave(date(2026, 4, 6), date(2026, 4, 7))
    assert dates.first_due(Due(DueKind.FIXED, date(2026, 3, 31)), Service(TODAY, leaves=(first, second))).on == date(
        2026, 4, 14
    )
    assert dates.first_due(Due(DueKind.FIXED, date(2026, 3, 31)), Service(TODAY, leaves=(apart,))).on == date(
        2026, 3, 31
    )


@given(RELATIVE, DAYS, DAYS, LEAVES)
def test_more_leave_never_makes_a_date_earlier(due: Due, hired: date, reached: date, leaves: tuple[Leave, ...]) -> None:
    plain = dates.first_due(due, Service(reached, hired, hired))
    assert dates.first_due(due, Service(reached, hired, hired, leaves=leaves)).on >= plain.on


@given(RELATIVE, DAYS, DAYS, st.integers(0, 100), LEAVES)
def test_more_days_never_make_a_date_earlier(
    due: Due, hired: date, reached: date, more: int, leaves: tuple[Leave, ...]
) -> None:
    service = Service(reached, hired, hired, leaves=leaves)
    longer = Due(due.kind, due.on, due.days + more, due.working)
    assert dates.first_due(longer, service).on >= dates.first_due(due, service).on


@given(RELATIVE, DAYS, DAYS, LEAVES)
def test_nobody_who_is_reached_late_gets_less_than_a_fair_time(
    due: Due, hired: date, reached: date, leaves: tuple[Leave, ...]
) -> None:
    fair = dates.fair_from(due, reached, late=True)
    made = dates.first_due(due, Service(reached, hired, hired, fair, leaves))
    assert (made.on - reached).days >= dates.FAIR_DAYS


@given(DAYS, DAYS, NEAR)
def test_an_edit_moves_nothing_into_the_past_and_nothing_unfairly(old: date, new: date, today: date) -> None:
    found = dates.edited(old, new, today)
    assert found >= new
    if found < old:
        assert found >= min(old, today + timedelta(days=dates.FAIR_DAYS))
    if old < today and new < today:
        assert found >= old or found == new >= old


@given(st.lists(DAYS, min_size=1, max_size=6), DAYS)
def test_the_strictest_of_many_holds_and_one_more_never_makes_it_later(days: list[date], more: date) -> None:
    found = dates.strictest([Dated(day, ()) for day in days])
    assert found.on == min(days)
    assert dates.strictest([*[Dated(day, ()) for day in days], Dated(more, ())]).on <= found.on


@given(DAYS, st.one_of(st.none(), DAYS))
def test_an_extension_never_makes_a_date_earlier(day: date, until: date | None) -> None:
    assert dates.extended(Dated(day, ()), until).on == max(day, until or day)


def test_validity_nought_is_for_ever() -> None:
    assert dates.valid_until(Terms(0), TODAY) is None and dates.after([Terms(0)], TODAY).due is None


def test_a_year_after_a_leap_day_and_no_drift_at_the_end_of_months() -> None:
    assert dates.valid_until(Terms(12), date(2024, 2, 29)) == date(2025, 2, 28)
    fixed = Terms(1, Renewal.FIXED, base=date(2026, 1, 31), window_days=0)
    assert [dates.valid_until(fixed, day) for day in (date(2026, 2, 10), date(2026, 2, 28), date(2026, 3, 31))] == [
        date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30),
    ]  # fmt: skip


def test_who_renews_within_the_window_loses_no_days() -> None:
    terms = Terms(12, Renewal.EXPIRY, window_days=60)
    assert dates.valid_until(terms, date(2026, 11, 1), date(2026, 12, 15)) == date(2027, 12, 15)
    assert dates.valid_until(terms, date(2026, 9, 1), date(2026, 12, 15)) == date(2027, 9, 1)  # before the window
    assert dates.valid_until(terms, date(2027, 1, 9), date(2026, 12, 15)) == date(2028, 1, 9)  # too late


def test_a_yearly_day_for_everybody_leaves_a_turn_out_for_who_has_just_done_it() -> None:
    terms = Terms(12, Renewal.FIXED, base=date(2026, 12, 15), window_days=60)
    assert dates.valid_until(terms, date(2026, 12, 10)) == date(2027, 12, 15)
    assert dates.valid_until(terms, date(2027, 11, 20)) == date(2028, 12, 15)


@given(TERMS, NEAR)
def test_what_is_completed_is_good_for_longer_than_the_window(terms: Terms, met: date) -> None:
    until = dates.valid_until(terms, met)
    assert until is not None and until > met
    if terms.renewal is Renewal.FIXED:
        assert until > met + timedelta(days=terms.window_days)


@given(st.lists(TERMS, min_size=1, max_size=4), TERMS, NEAR)
def test_one_more_rule_never_makes_a_renewal_later(terms: list[Terms], more: Terms, met: date) -> None:
    alone, both = dates.after(terms, met), dates.after([*terms, more], met)
    assert alone.due is not None and both.due is not None and both.due.on <= alone.due.on


@given(st.one_of(RELATIVE, st.builds(Due, st.just(DueKind.FIXED), NEAR)), TERMS, LEAVES)
def test_rules_are_kept_as_they_were_said(due: Due, terms: Terms, leaves: tuple[Leave, ...]) -> None:
    assert dates.due_from_json(dates.due_to_json(due)) == due
    assert dates.terms_from_json(dates.terms_to_json(terms)) == terms
    made = dates.first_due(due, Service(TODAY, leaves=leaves))
    assert dates.steps_from_json(dates.steps_to_json(made.steps)) == made.steps
    assert made.steps[-1].on == made.on or len(made.steps) == 1
