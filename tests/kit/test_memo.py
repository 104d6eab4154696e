"""Answers that may be minutes old: given again while young, counted anew afterwards, and never more than there is room for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.kit import clock, memo

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_an_answer_is_given_again_until_it_is_old() -> None:
    said = iter(range(9))
    answers = []
    for minutes in (0, 4, 10, 11, 3):  # the last: a clock that was set back makes nothing young again
        with clock.at(AT + timedelta(minutes=minutes)):
            answers.append(memo.remembered("young", timedelta(minutes=10), lambda: next(said)))
    assert [answer for answer, _ in answers] == [0, 0, 0, 1, 2]
    assert answers[1][1] == AT and answers[3][1] == AT + timedelta(minutes=11)


def test_what_nobody_asks_for_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "ROOM", 2)
    counted: list[str] = []

    def ask(key: str) -> None:
        memo.remembered(key, timedelta(hours=1), lambda: counted.append(key))

    for key in ("a", "b", "a", "c", "a", "b"):
        ask(key)
    assert counted == ["a", "b", "c", "b"]
