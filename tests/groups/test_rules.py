"""Who leads and who joins, what a session may become, and what a sheet of paper says: without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.assessment.rules import QuizRules
from app.groups import rules
from app.groups.rules import GroupState, News, Told
from app.kit.actor import Actor, Grant, Role
from app.kit.errors import KitError

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOWN, LIBRARY, OTHER = "/1/2/", "/1/2/3/", "/1/9/"
QUIZ = QuizRules("check", 80, 0, 0, "none", "after-submit", "best", {})


def _actor(*grants: tuple[Role, str]) -> Actor:
    return Actor(id=7, grants=tuple(Grant(role, 1, path) for role, path in grants))


@pytest.mark.parametrize(
    ("actor", "place", "owner", "leads"),
    [
        (_actor((Role.MANAGER, LIBRARY)), LIBRARY, OTHER, True),
        (_actor((Role.MANAGER, LIBRARY)), TOWN, TOWN, False),
        (_actor((Role.TRAINER, TOWN)), LIBRARY, TOWN, True),
        (_actor((Role.TRAINER, TOWN)), LIBRARY, OTHER, False),
        (_actor((Role.TRAINER, TOWN)), OTHER, TOWN, False),
        (_actor((Role.TRAINER, OTHER), (Role.MANAGER, LIBRARY)), LIBRARY, TOWN, True),
        (_actor((Role.ANALYST, TOWN), (Role.REVIEWER, TOWN)), LIBRARY, TOWN, False),
        (_actor(), LIBRARY, TOWN, False),
    ],
)
def test_who_leads_where(actor: Actor, place: str, owner: str, leads: bool) -> None:
    assert rules.may_lead(actor, place_path=place, owner_path=owner) is leads
    # Whoever leads sees their own; what somebody else leads is seen by those who manage the place alone.
    assert rules.may_see(actor, place_path=place, owner_path=owner, made_by=7) is leads
    seen = rules.may_see(actor, place_path=place, owner_path=owner, made_by=8)
    assert seen is actor.covers(place, Role.MANAGER, Role.ADMINISTRATOR)


def test_who_joins() -> None:
    def joins(path: str, *, enrolled: bool = False, expected: bool = False) -> bool:
        return rules.may_join(person_path=path, place_path=LIBRARY, enrolled=enrolled, expected=expected)

    assert joins(LIBRARY) and joins(f"{LIBRARY}4/")
    assert not joins(TOWN) and not joins("/1/2/33/") and not joins("")
    assert joins(OTHER, enrolled=True) and joins("", expected=True)


def test_a_session_goes_on_and_never_back() -> None:
    allowed = {(old, new) for old in GroupState for new in GroupState if rules.may_follow(old, new)}
    assert allowed == {("planned", "open"), ("planned", "cancelled"), ("open", "ended")}
    assert rules.is_open(GroupState.OPEN, NOON, NOON + timedelta(hours=11, minutes=59))
    assert not rules.is_open(GroupState.OPEN, NOON, NOON + timedelta(hours=12))
    assert not rules.is_open(GroupState.ENDED, NOON, NOON) and not rules.is_open(GroupState.OPEN, None, NOON)


def test_what_does_not_fit_on_paper() -> None:
    assert not rules.only_on_screen(QUIZ, rules.PAPER_TYPES)
    for quiz, types in (
        (QUIZ, ["single", "upload"]),
        (replace(QUIZ, certainty=True), ["single"]),
        (replace(QUIZ, navigation="sequential"), ["single"]),
        (replace(QUIZ, mode="survey"), ["scale"]),
    ):
        assert rules.only_on_screen(quiz, types)


def test_letters_and_codes() -> None:
    letters = [rules.letter(n) for n in range(60)]
    assert letters[:3] == ["A", "B", "C"] and letters[26] == "A2" and len(set(letters)) == 60
    assert rules.code_shown("ABC234") == "ABC-234" and rules.normal_code(" abc-234 ") == "ABC234"


def test_what_was_entered_in_the_shape_that_is_marked() -> None:
    offered = ("c", "a", "b")

    def said(kind: str, **given: object) -> dict[str, object]:
        return rules.response_of({"type": kind}, offered, given)

    assert said("order", text="B C A") == said("order", text="bca") == {"options": ["a", "b", "c"]}
    assert said("order", text=" ") == {"options": []}
    for wrong in ("A B", "A A B", "A B D", "A B C C"):
        with pytest.raises(KitError):
            said("order", text=wrong)
    # Two crosses where one was asked for are no answer a rule could choose between: the first is taken as typed.
    assert said("single", options=["a", "b"]) == {"options": ["a"]}
    assert said("multiple", options=["a", "b"]) == {"options": ["a", "b"]}
    assert said("numeric", text="72") == said("text", text="72") == {"text": "72"}
    assert said("match", parts={"x": "a"}) == {"parts": {"x": "a"}}
    assert said("truefalse") == {"options": []} and said("essay") == {"text": ""}


def test_people_hear_of_what_differs_from_what_they_heard_last() -> None:
    def heard(told: Told | None, state: GroupState, room: str = "Hall", hours: int = 24) -> News | None:
        return rules.news(told, state=state, starts_at=NOON + timedelta(hours=hours), room=room, now=NOON)

    told = Told(NOON + timedelta(hours=24), "Hall")
    assert heard(None, GroupState.PLANNED) is News.PLANNED and heard(told, GroupState.PLANNED) is None
    assert heard(told, GroupState.PLANNED, "Attic") is heard(told, GroupState.PLANNED, hours=25) is News.CHANGED
    # Planned and called off before anybody heard: nobody is troubled.
    assert heard(told, GroupState.CANCELLED) is News.CANCELLED and heard(None, GroupState.CANCELLED) is None
    # What began or lies behind is no news; that a session in whose hour one waits will not be held, is.
    assert (
        heard(None, GroupState.PLANNED, hours=0)
        is heard(told, GroupState.OPEN)
        is heard(None, GroupState.ENDED)
        is None
    )
    assert heard(Told(NOON - timedelta(hours=1), "Hall"), GroupState.CANCELLED) is News.CANCELLED
    assert heard(Told(NOON - timedelta(hours=13), "Hall"), GroupState.CANCELLED) is None


def test_the_reminder_comes_on_the_working_day_before() -> None:
    thursday = date(2026, 5, 14)
    assert rules.remind_until(thursday, "LT") == date(2026, 5, 15)
    # Ascension Day is a day off in Norway only; on Friday people hear of Monday, and at the weekend of nothing.
    assert rules.remind_until(thursday, "NO") is None
    assert rules.remind_until(date(2026, 5, 13), "NO") == rules.remind_until(thursday, "LT")
    assert rules.remind_until(date(2026, 5, 15), "LT") == date(2026, 5, 18)
    assert rules.remind_until(date(2026, 5, 16), "LT") is None
