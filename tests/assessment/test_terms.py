"""What somebody may do at a quiz, what is shown of it when, and how certainty is weighed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.assessment import rules
from app.assessment.rules import Accommodation, Override, QuizRules, Shown

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
ALL = rules.ALL_SHOWN
EXAM = QuizRules(
    mode="exam",
    pass_percent=80,
    attempts=3,
    seconds=3600,
    shuffle="all",
    feedback="after-quiz",
    grading="best",
    show={"during": (), "after": ALL[:3], "later": ("correctness",), "closed": ALL},
)


def group(**said: object) -> Override:
    return Override(personal=False, **said)  # type: ignore[arg-type]


def own(**said: object) -> Override:
    return Override(personal=True, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("overrides", "needs", "seconds", "attempts"),
    [
        ([], None, 3600, 3),
        ([], Accommodation(1.5, 1), 5400, 4),
        ([], Accommodation(rules.NO_LIMIT), 0, 3),
        ([group(seconds=4000), group(seconds=7200, attempts=2)], None, 7200, 2),
        ([group(seconds=4000), group(seconds=0)], None, 0, 3),
        ([group(seconds=7200, attempts=9), own(seconds=1800)], None, 1800, 9),
        ([own(seconds=1800, attempts=0)], Accommodation(2.0, 2), 3600, 0),
    ],
    ids=["usual", "needs", "unlimited", "most generous group", "a group without limit", "a person", "all together"],
)
def test_what_holds_for_whom(overrides, needs, seconds, attempts):
    terms = rules.terms_of(EXAM, overrides, needs)
    assert (terms.seconds, terms.attempts) == (seconds, attempts)
    assert (terms.usual_seconds, terms.usual_attempts) == (3600, 3)


def test_the_closing_time_cuts_every_attempt_short_and_says_why_none_may_begin():
    early, late = NOW - timedelta(hours=1), NOW + timedelta(minutes=20)
    terms = rules.terms_of(EXAM, [group(closes_at=early), group(closes_at=late, opens_at=NOW)], Accommodation(3.0))
    assert terms.deadline(NOW) == late
    assert rules.terms_of(EXAM).deadline(NOW) == NOW + timedelta(hours=1)
    assert rules.terms_of(replace(EXAM, seconds=0)).deadline(NOW) is None
    asked = {"finished": None, "delay": 0}
    assert rules.refusal(terms, now=early, **asked) == ("early", NOW)
    assert rules.refusal(terms, now=late, **asked) == ("closed", late)
    assert rules.refusal(terms, now=NOW, **asked) == ("", None)
    again = rules.refusal(terms, now=NOW, finished=NOW - timedelta(minutes=50), delay=3600)
    assert again == ("waiting", NOW + timedelta(minutes=10))


def test_what_is_shown_when():
    said = {"passed": False, "left": 1, "finished_at": NOW}
    assert rules.shown(EXAM, now=NOW, **said) == Shown(True, True, True, False)
    assert rules.shown(EXAM, now=NOW + timedelta(hours=2), **said) == Shown(correctness=True)
    assert rules.shown(EXAM, now=NOW, **{**said, "left": 0}).key
    assert rules.shown(EXAM, now=NOW, **{**said, "passed": True}).key
    # Where a quiz closes for everybody, passing it early tells nothing that others could still use.
    closing = {"closes_at": NOW + timedelta(hours=1)}
    assert not rules.shown(EXAM, now=NOW, **{**said, "passed": True}, **closing).key
    assert rules.shown(EXAM, now=NOW + timedelta(hours=1), **said, **closing).key
    assert not rules.at_moment(EXAM, "during").anything


def test_certainty_is_weighed():
    sure, plain = replace(EXAM, certainty=True), {"options": ["a"]}
    earned = [
        [rules.earned(sure, 3, share, {**plain, "certainty": level}) for level in rules.LEVELS] for share in (1, 0)
    ]
    assert earned == [pytest.approx([1, 2, 3]), pytest.approx([0, -2, -6])]
    assert rules.earned(sure, 3, 1, plain) == pytest.approx(1)
    assert rules.earned(sure, 3, 0, {}) == 0
    assert rules.earned(EXAM, 3, 0.5, {**plain, "certainty": 3}) == pytest.approx(1.5)


def test_sections_keep_their_order_and_shuffle_within():
    bodies = {
        f"r{n}": {"id": f"q{n}", "type": "single", "points": 2, "shuffle": True, "options": [{"id": "a"}, {"id": "b"}]}
        for n in range(12)
    }
    items = [{"kind": "question", "revision": f"r{n}", "section": "first" if n < 6 else "last"} for n in range(12)]
    sections = [{"id": "first", "shuffle": ""}, {"id": "last", "shuffle": "none"}]
    asked = rules.lay_out(items, bodies, shuffle="all", seed=5, sections=sections)
    assert [one.section for one in asked] == ["first"] * 6 + ["last"] * 6
    assert [one.question for one in asked[6:]] == [f"q{n}" for n in range(6, 12)]
    first = [one.question for one in asked[:6]]
    assert sorted(first) == [f"q{n}" for n in range(6)] != first
    assert {one.points for one in rules.lay_out(items, bodies, shuffle="none", seed=1, marked=False)} == {0}
    again = rules.again(asked, bodies, ["q1", "q7"], seed=1)
    assert sorted(one.question for one in again) == ["q1", "q7"]


def test_what_is_checked_to_the_end_stays():
    body = {"type": "single", "options": [{"id": "a", "fraction": 1.0}, {"id": "b", "fraction": 0.0}]}
    right, wrong = {"options": ["a"]}, {"options": ["b"]}
    assert [rules.is_settled(tries, body, 2) for tries in ([], [wrong], [right], [wrong, wrong])] == [
        False, False, True, True,
    ]  # fmt: skip
    assert not rules.is_settled([right], body, 0)
