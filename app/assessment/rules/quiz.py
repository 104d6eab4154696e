"""The rules a quiz is taken under, and what is shown of an attempt at which moment. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

RIGHT_AFTER = timedelta(hours=1)  # long enough to read a result once through
ALL_SHOWN = ("correctness", "marks", "feedback", "answer")


@dataclass(frozen=True, slots=True)
class QuizRules:
    """`seconds`, `attempts` and `tries` 0 mean no limit; `pass_percent` 0–100; `delay` and `grace` in seconds.

    `show` says for during, after, later and closed which of `ALL_SHOWN` a learner sees. `opens` and `closes` are ISO
    8601 with an offset, or empty. `repeat`: what was wrong may be practised again. `sections` have an id, titles and
    introductions by language, and how they are shuffled.
    """

    mode: str
    pass_percent: float
    attempts: int
    seconds: int
    shuffle: str
    feedback: str
    grading: str
    show: Mapping[str, Sequence[str]]
    tries: int = 0
    delay: int = 0
    opens: str = ""
    closes: str = ""
    grace: int = 30
    navigation: str = "free"
    certainty: bool = False
    repeat: bool = True
    sections: Sequence[Mapping[str, Any]] = ()

    @property
    def counts(self) -> bool:
        return self.mode in ("check", "exam")

    @property
    def is_survey(self) -> bool:
        return self.mode == "survey"

    @property
    def hints(self) -> bool:
        """Whether hints may be asked for: where one practises, and where each question is explained at once."""
        return self.mode == "practice" or self.feedback == "after-each"

    @property
    def sequential(self) -> bool:
        return self.navigation == "sequential"

    @property
    def opens_at(self) -> datetime | None:
        return datetime.fromisoformat(self.opens) if self.opens else None

    @property
    def closes_at(self) -> datetime | None:
        return datetime.fromisoformat(self.closes) if self.closes else None


def repeating(rules: QuizRules) -> QuizRules:
    """The rules under which what was wrong is repeated: practice, whatever the quiz itself is."""
    shown = dict.fromkeys(("during", "after", "later", "closed"), ALL_SHOWN)
    return replace(
        rules,
        mode="practice",
        attempts=0,
        seconds=0,
        feedback="after-each",
        show=shown,
        tries=0,
        delay=0,
        opens="",
        closes="",
        navigation="free",
        certainty=False,
        sections=(),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What a learner may see of an attempt, question by question: right or wrong, points, why, and the right answer."""

    correctness: bool = False
    marks: bool = False
    feedback: bool = False
    key: bool = False

    @property
    def anything(self) -> bool:
        return self.correctness or self.marks or self.feedback or self.key


def shown(
    rules: QuizRules,
    *,
    passed: bool,
    left: int | None,
    finished_at: datetime | None,
    now: datetime,
    closes_at: datetime | None = None,
) -> Shown:
    """What is shown of a finished attempt: right after it (an hour), later, or once the quiz is closed.

    A quiz is closed for somebody when its closing time has come for them; one without is closed once it is passed or
    no attempt is left. `closes_at` is theirs, so that nobody who may still answer is told by their own result.
    """
    if now >= closes_at if closes_at is not None else passed or left == 0:
        return at_moment(rules, "closed")
    return at_moment(rules, "later" if finished_at is not None and now - finished_at > RIGHT_AFTER else "after")


def at_moment(rules: QuizRules, moment: str) -> Shown:
    said = rules.show.get(moment, ())
    return Shown("correctness" in said, "marks" in said, "feedback" in said, "answer" in said)
