"""What one person may do at one quiz: its rules, changed by overrides and by what the person needs everywhere. Pure.

The order, written down for trainers in docs/course-language.md:

1. The quiz says it for everybody.
2. An override for an organisation changes it for its people. Of several (a unit and its institution) the most
   generous holds, key by key: the earliest opening, the latest closing, the most time, the most attempts.
3. An override for a person replaces both, key by key.
4. What a person needs everywhere comes on top: the time is multiplied, attempts are added; so are those that a trainer
   has given one by one (`given`).
5. The closing time cuts every attempt short: nobody answers after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.assessment.rules.quiz import QuizRules

FACTORS = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0)
NO_LIMIT = 0.0  # as a factor: no time limit at all
MAX_EXTRA = 10


@dataclass(frozen=True, slots=True)
class Accommodation:
    """What one person needs in every quiz: `time_factor` 1.0 to 3.0, or 0 for no time limit at all."""

    time_factor: float = 1.0
    extra_attempts: int = 0


@dataclass(frozen=True, slots=True)
class Override:
    """What is different at one quiz for a person or an organisation; None leaves a thing as it is, 0 lifts a limit."""

    personal: bool
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    seconds: int | None = None
    attempts: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """`usual_seconds` and `usual_attempts` are what the quiz says for everybody. 0 means no limit."""

    seconds: int
    usual_seconds: int
    attempts: int
    usual_attempts: int
    opens_at: datetime | None
    closes_at: datetime | None

    def left(self, used: int) -> int | None:
        """How many attempts may still be begun; None when there is no limit."""
        return None if self.attempts == 0 else max(0, self.attempts - used)

    def deadline(self, started_at: datetime) -> datetime | None:
        """When an attempt that begins now ends at the latest."""
        ends = [started_at + timedelta(seconds=self.seconds)] if self.seconds else []
        return min([*ends, self.closes_at] if self.closes_at else ends, default=None)


def terms_of(
    rules: QuizRules, overrides: Iterable[Override] = (), needs: Accommodation | None = None, *, given: int = 0
) -> Terms:
    said = list(overrides)
    groups, own = [one for one in said if not one.personal], [one for one in said if one.personal]
    seconds = _of(own, "seconds", _most(_given(groups, "seconds"), rules.seconds))
    attempts = _of(own, "attempts", _most(_given(groups, "attempts"), rules.attempts))
    if needs is not None and seconds:
        seconds = round(seconds * needs.time_factor)
    if attempts:
        attempts += given + (needs.extra_attempts if needs is not None else 0)
    return Terms(
        seconds=seconds,
        usual_seconds=rules.seconds,
        attempts=attempts,
        usual_attempts=rules.attempts,
        opens_at=_of(own, "opens_at", min(_given(groups, "opens_at"), default=rules.opens_at)),
        closes_at=_of(own, "closes_at", max(_given(groups, "closes_at"), default=rules.closes_at)),
    )


def _given(overrides: Sequence[Override], key: str) -> list[Any]:
    return [value for one in overrides if (value := getattr(one, key)) is not None]


def _most(found: Sequence[int], usual: int) -> int:
    """The most generous of several limits; 0 is none at all."""
    if not found:
        return usual
    return 0 if 0 in found else max(found)


def _of(own: Sequence[Override], key: str, otherwise: Any) -> Any:
    """What was said for the person, else for their organisation or for everybody."""
    return next(iter(_given(own, key)), otherwise)


def refusal(terms: Terms, *, now: datetime, finished: datetime | None, delay: int) -> tuple[str, datetime | None]:
    """Why no attempt may be begun now: "early", "closed", "waiting", with the moment it is about; ("", None) when one may.

    `finished` is when the last attempt ended.
    """
    if terms.opens_at is not None and now < terms.opens_at:
        return "early", terms.opens_at
    if terms.closes_at is not None and now >= terms.closes_at:
        return "closed", terms.closes_at
    if delay and finished is not None and now < finished + timedelta(seconds=delay):
        return "waiting", finished + timedelta(seconds=delay)
    return "", None
