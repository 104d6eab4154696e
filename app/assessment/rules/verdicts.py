"""What the numbers about a question mean for whoever wrote it: one finding each, the gravest first. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.assessment.rules.analysis import FEWEST, ItemAnalysis, OptionCount

CAREFUL = 30  # people below whom every number may still be chance
EASY, HARD = 0.95, 0.30  # usual limits of facility for tests of what was taught (Crocker & Algina 1986)
WEAK = 0.20  # Ebel & Frisbie (1991): below it a question hardly tells the strong from the weak
SEEN = 0.05  # an option that fewer choose does not work (Haladyna & Downing 1993)


class Verdict(StrEnum):
    FEW = "few"  # too few answers to say anything
    KEY = "key"  # the strong choose what the key calls wrong
    BACKWARDS = "backwards"  # the weak do better than the strong
    HARD = "hard"
    WEAK = "weak"
    EASY = "easy"
    IDLE = "idle"  # some wrong options fool nobody
    FINE = "fine"

    @property
    def grave(self) -> bool:
        """Whether people may have lost points that they had earned."""
        return self in (Verdict.KEY, Verdict.BACKWARDS)


@dataclass(frozen=True, slots=True)
class Finding:
    """`options` are those that the verdict is about; `careful` says that there are few answers yet."""

    verdict: Verdict
    options: tuple[OptionCount, ...] = ()
    careful: bool = False


def judge_item(item: ItemAnalysis, *, several: bool = False) -> Finding:
    """The gravest thing that the numbers say. `several`: more than one option may be right."""
    if item.people < FEWEST or item.facility is None:
        return Finding(Verdict.FEW)
    careful = item.people < CAREFUL
    if suspects := _suspects(item, several=several):
        return Finding(Verdict.KEY, suspects, careful)
    if item.point_biserial is not None and item.point_biserial < 0 and (item.discrimination or 0) < 0:
        return Finding(Verdict.BACKWARDS, (), careful)
    if item.facility < HARD:
        return Finding(Verdict.HARD, (), careful)
    if item.facility > EASY:
        return Finding(Verdict.EASY, (), careful)
    if item.discrimination is not None and item.discrimination < WEAK and (item.point_biserial or 0) < WEAK:
        return Finding(Verdict.WEAK, (), careful)
    idle = tuple(one for one in item.options if not one.key and one.share < SEEN)
    return Finding(Verdict.IDLE, idle, careful) if idle else Finding(Verdict.FINE, (), careful)


def _suspects(item: ItemAnalysis, *, several: bool) -> tuple[OptionCount, ...]:
    """Options that the key calls wrong, which the strongest choose rather than what it calls right, and no less often
    than the weakest do: a mistake that many make is chosen by the weak, a wrong key by the strong."""
    wrong = [one for one in item.options if not one.key and one.n >= FEWEST and one.upper >= one.lower]
    right = [one.upper for one in item.options if one.key]
    least = 0.5 if several else max(right, default=0.0)
    return tuple(sorted((one for one in wrong if one.upper > least), key=lambda one: -one.upper))
