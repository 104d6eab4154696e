"""Marking by certainty: whoever is sure earns more when right, and loses when wrong. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.assessment.rules.marking import is_answered
from app.assessment.rules.quiz import QuizRules

LEVELS = (1, 2, 3)  # a guess, fairly sure, sure
RIGHT = {1: 1 / 3, 2: 2 / 3, 3: 1.0}
WRONG = {1: 0.0, 2: -2 / 3, 3: -2.0}


def certainty_of(response: Mapping[str, Any] | None) -> int:
    """How sure somebody said they were; who says nothing is taken to have guessed."""
    said = (response or {}).get("certainty")
    return said if said in LEVELS else LEVELS[0]


def certain_share(level: int, *, right: bool) -> float:
    """The share of the points that a level of certainty earns or costs."""
    return (RIGHT if right else WRONG)[level]


def earned(rules: QuizRules, points: float, fraction: float | None, response: Mapping[str, Any] | None) -> float:
    """The points of one answer: its share of them, weighed by certainty where the quiz asks for it.

    A right answer earns a third, two thirds or all; a wrong one nothing, or loses two thirds or twice its points.
    These are the weights 1, 2, 3 and 0, -2, -6 that this way of marking is known by, as shares of the full points.
    """
    share = fraction or 0.0
    if not rules.certainty or not is_answered(response):
        return share * points
    level = certainty_of(response)
    return (share * RIGHT[level] if share > 0 else WRONG[level]) * points
