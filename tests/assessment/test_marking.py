"""What an answer earns: every type of question, and what must hold for all of them."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.assessment import rules
from app.kit.errors import Invalid
from tests.assessment.bodies import MARKED, answered, body, number_gap, option, pick, text_gap

# How long a busy machine takes is no part of these claims.
steady = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
STEPS = body("order", options=[option(name) for name in ("stop", "look", "tell", "write")])
ROLES = body(
    "match",
    scoring="partial",
    options=[option("aims"), option("orders"), option("register")],
    parts=[pick("controller", "aims"), pick("processor", "orders"), pick("helper", "orders")],
)
RULE = body(
    "cloze",
    scoring="partial",
    parts=[
        text_gap("whom", "priežiūros institucija", "supervisory authority"),
        number_gap("hours", 72, 72),
        pick("risk", "unlikely", [option("certain"), option("unlikely", 1.0)]),
    ],
)


@steady
@given(answered())
def test_a_mark_lies_between_nothing_and_everything(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    asked, response = both
    mark = rules.grade(asked, response)
    assert mark is not None and 0.0 <= mark <= 1.0


@steady
@given(answered(), st.integers(0, 5), st.floats(0, 1))
def test_a_hint_never_adds_anything(both: tuple[dict[str, Any], dict[str, Any]], hints: int, penalty: float) -> None:
    asked, response = {**both[0], "penalty": penalty}, both[1]
    plain, hinted = rules.grade(asked, response), rules.grade(asked, response, hints)
    assert plain is not None and hinted is not None
    assert 0.0 <= hinted <= plain


@steady
@given(MARKED)
def test_the_key_earns_everything(asked: dict[str, Any]) -> None:
    assert rules.grade(asked, rules.full_answer(asked)) == 1.0


@pytest.mark.parametrize("several", range(2, 13))
def test_shares_add_up_to_everything(several: int) -> None:
    names = [f"o{n}" for n in range(several)]
    options = [{"id": one, "fraction": 1.0, "low": None, "high": None, "value": ""} for one in names]
    asked = {"type": "multiple", "scoring": "partial", "options": options, "parts": [], "graded": True}
    assert rules.grade(asked, {"options": names}) == 1.0


@steady
@given(answered(), st.randoms(use_true_random=False))
def test_the_order_in_which_options_are_shown_is_no_part_of_the_mark(
    both: tuple[dict[str, Any], dict[str, Any]], rng: random.Random
) -> None:
    asked, response = both
    if asked["type"] in ("order", "numeric", "text"):  # whose options are not shown, or are the key themselves
        return
    other = {**asked, "options": rng.sample(asked["options"], len(asked["options"]))}
    other["parts"] = [
        part if part["kind"] != "pick" else {**part, "options": rng.sample(part["options"], len(part["options"]))}
        for part in rng.sample(asked["parts"], len(asked["parts"]))
    ]
    assert rules.grade(asked, response) == pytest.approx(rules.grade(other, response))


@steady
@given(answered(), st.integers())
def test_what_is_kept_of_an_answer_earns_the_same_as_the_answer(
    both: tuple[dict[str, Any], dict[str, Any]], seed: int
) -> None:
    asked, response = both
    offered = rules.options_of(asked, random.Random(seed), shuffle=True)
    if asked["type"] == "order":  # things left out get a place behind the others
        response = {"options": [*dict.fromkeys(o for o in response["options"] if o in offered)]}
        response["options"] += [o for o in offered if o not in response["options"]] if response["options"] else []
    kept = rules.clean(asked, offered, response)
    known = {o["id"] for o in asked["options"]}
    if "options" in response:
        response = {"options": [*dict.fromkeys(o for o in response["options"] if o in known)]}
    assert rules.grade(asked, kept) == rules.grade(asked, response)
    assert rules.clean(asked, offered, kept) == kept


@steady
@given(st.lists(st.sampled_from(["stop", "look", "tell", "write"]), unique=True, min_size=1), st.integers())
def test_things_to_be_put_in_order_are_never_shown_in_their_order(_said: list[str], seed: int) -> None:
    offered = rules.options_of(STEPS, random.Random(seed), shuffle=False)
    assert sorted(offered) == sorted(o["id"] for o in STEPS["options"])
    assert rules.grade(STEPS, {"options": list(offered)}) == 0.0


@pytest.mark.parametrize(
    ("said", "whole", "partial"),
    [
        (["stop", "look", "tell", "write"], 1, 1),
        (["write", "stop", "look", "tell"], 0, 2 / 3),  # all but one stand right behind one another
        (["look", "stop", "write", "tell"], 0, 0),
        (["stop", "look", "write", "tell"], 0, 1 / 3),
        (["stop"], 0, 0),
        ([], 0, 0),
    ],
)
def test_things_in_order_earn_by_their_neighbours(said: list[str], whole: float, partial: float) -> None:
    assert rules.grade(STEPS, {"options": said}) == whole
    assert rules.grade({**STEPS, "scoring": "partial"}, {"options": said}) == pytest.approx(partial)


@pytest.mark.parametrize(
    ("said", "share"),
    [
        ({"controller": "aims", "processor": "orders", "helper": "orders"}, 1),
        ({"controller": "aims", "processor": "orders"}, 2 / 3),
        ({"controller": "register", "processor": "register", "helper": "orders"}, 1 / 3),
        ({"controller": "controller"}, 0),
        ({}, 0),
    ],
)
def test_each_pair_earns_its_part(said: dict[str, str], share: float) -> None:
    assert rules.grade(ROLES, {"parts": said}) == pytest.approx(share)
    assert rules.grade({**ROLES, "scoring": "all-or-nothing"}, {"parts": said}) == (1 if share == 1 else 0)


@pytest.mark.parametrize(
    ("said", "share"),
    [
        ({"whom": " PRIEŽIŪROS  institucija", "hours": "72,0", "risk": "unlikely"}, 1),
        ({"whom": "supervisory authority", "hours": "71", "risk": "certain"}, 1 / 3),
        ({"whom": "police", "hours": "seventy-two", "risk": "nonsense"}, 0),
    ],
)
def test_each_gap_earns_its_part(said: dict[str, str], share: float) -> None:
    assert rules.grade(RULE, {"parts": said}) == pytest.approx(share)


def test_what_a_person_marks_and_what_nobody_marks_earn_nothing_by_rule() -> None:
    assert rules.grade(body("essay"), {"text": "A good answer."}) is None
    assert rules.grade(body("upload"), {"file": {"blob": "0" * 64, "name": "a.pdf", "size": 1}}) is None
    assert rules.grade(body("scale", options=[option("little"), option("much")]), {"options": ["much"]}) is None


def test_a_hint_costs_its_penalty() -> None:
    asked = body("single", options=[option("right", 1.0), option("wrong")], penalty=0.25)
    assert rules.grade(asked, {"options": ["right"]}, 1) == 0.75
    assert rules.grade(asked, {"options": ["right"]}, 9) == 0.0


@pytest.mark.parametrize(
    ("pattern", "said", "fits"),
    [
        (r"duomen(ų|u) apsauga", "Duomenų  apsauga", True),
        (r"\d{2}", "72", True),
        (r"\S+", "two words", False),
        ("(a+)+b", "aaaa", False),
        ("[", "[", False),
    ],
)
def test_a_pattern_matches_the_whole_text_or_nothing(pattern: str, said: str, fits: bool) -> None:
    asked = body("text", match="regex", options=[option("a", 1.0, value=pattern)])
    assert rules.grade(asked, {"text": said}) == float(fits)


@steady
@given(
    st.text(alphabet="ab", max_size=12),
    st.text(alphabet="ab*", min_size=1, max_size=8).filter(lambda p: "***" not in p),
)
def test_a_star_stands_for_anything(said: str, pattern: str) -> None:
    def stands(pattern: str, said: str) -> bool:
        if not pattern:
            return not said
        if pattern[0] == "*":
            return any(stands(pattern[1:], said[n:]) for n in range(len(said) + 1))
        return said[:1] == pattern[0] and stands(pattern[1:], said[1:])

    assert rules.text_matches(pattern, said, case="exact", match="wildcard") == stands(pattern, said)


def test_too_long_a_text_is_refused_by_the_field_it_stands_in() -> None:
    with pytest.raises(Invalid) as refused:
        rules.clean(RULE, (), {"parts": {"whom": "x" * 301}})
    assert set(refused.value.fields) == {"part-whom"}
    with pytest.raises(Invalid) as refused:
        rules.clean(body("text"), (), {"text": "x" * 2001})
    assert set(refused.value.fields) == {"answer"}
    assert rules.clean(body("essay"), (), {"text": "x" * 2001})["text"]


def test_a_response_may_not_name_a_file() -> None:
    """Who could name a file by its content's address could read what others handed in."""
    assert rules.clean(body("upload"), (), {"file": {"blob": "0" * 64, "name": "a", "size": 1}}) == {}
    assert rules.clean(body("text"), (), {"file": {"blob": "0" * 64}, "text": "x"}) == {"text": "x"}


def test_a_quiz_without_points_is_passed_by_handing_it_in() -> None:
    assert rules.passes(0, 0, 80)
    assert not rules.passes(0, 1, 80)
