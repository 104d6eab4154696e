"""What share will be reached by the due date, and how sure that is. Pure.

Method: constant hazard with a gamma prior (gamma–Poisson). Whoever has not completed does so on any day with the same small
probability per day, λ. The days that people spent unfinished in the last four weeks (T) and the completions in them (d) say
what λ is: with Jeffreys' prior it is gamma distributed with shape d + ½ and rate T. The number of those who complete
within t more days then has a mean and a variance in closed form, from E[exp(−λt)] = (T / (T + t))^(d + ½), the Laplace
transform of the gamma distribution (the survival function of Lomax). The interval is the normal one with that variance, cut off
at nobody and everybody: 80 per cent of it, which is said beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

WINDOW_DAYS = 28
LEVEL = 0.8
_Z = 1.2815515655446004  # the 0.9 quantile of the normal distribution: one tenth is left out on each side
_PRIOR = 0.5
LEAST_DAYS = 30  # person-days without which nothing can be said


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast people completed lately: `completions` in `days` spent unfinished, in person-days."""

    completions: int
    days: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many of `base` will have completed in time: expected, and the ends of the interval."""

    base: int
    expected: float
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.expected / self.base

    @property
    def interval(self) -> tuple[float, float]:
        return self.low / self.base, self.high / self.base


def forecast(done: int, base: int, waiting: Sequence[tuple[int, int]], pace: Pace) -> Forecast | None:
    """How many of `base` will have completed by their due date. `waiting`: (days left, people), those overdue left out:
    they can complete, but not in time. `done` have already. Nothing where too little is known."""
    groups = [(days, number) for days, number in waiting if number and days > 0]
    if not base or pace.days < LEAST_DAYS:
        return None
    shape, rate = pace.completions + _PRIOR, pace.days

    def survives(days: float) -> float:
        """The expected share of those still unfinished after so many days."""
        return float((rate / (rate + days)) ** shape)

    mean = sum(number * (1 - survives(days)) for days, number in groups)
    variance = sum(number * (survives(days) - survives(2 * days)) for days, number in groups)
    for days, number in groups:
        for other, others in groups:
            variance += number * others * (survives(days + other) - survives(days) * survives(other))
    spread = _Z * sqrt(max(variance, 0.0))
    most = sum(number for _days, number in groups)
    return Forecast(
        base=base,
        expected=done + mean,
        low=done + max(0.0, mean - spread),
        high=done + min(float(most), mean + spread),
    )
