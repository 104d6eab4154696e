"""Which of two saves of one answer is the newer one, and what the sender is told. Pure.

A save says which revision of the answer its page had seen (`base`), and is the so-manieth word (`sequence`) of one
browser tab. A tab may always follow its own words, whether or not their acknowledgement ever reached it. What another
tab has written meanwhile is never overwritten unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# How long after handing in every save is kept: whoever doubts a result within a year can be shown how it came about.
# The save by which an answer stands stays with the answer, as long as the record itself.
SAVES_KEPT = timedelta(days=365)


class Outcome(StrEnum):
    KEPT = "kept"
    OLDER = "older"  # this tab has said something newer since, which stands
    ELSEWHERE = "elsewhere"  # another tab has answered since this one looked
    LATE = "late"  # handed in, or out of time

    @property
    def stands(self) -> bool:
        """Whether the sender has nothing left to do: this answer, or a newer one of their own, is kept."""
        return self in (Outcome.KEPT, Outcome.OLDER)


@dataclass(frozen=True, slots=True)
class Sent:
    """How an answer was sent. Without a `tab` nothing is known of the sender; without a `base` it overwrites."""

    tab: str = ""
    sequence: int = 0
    base: int | None = None


def judge(sent: Sent, *, stands: int, own_since: int, own_last: int) -> Outcome:
    """What becomes of a save before the deadline.

    `stands` is the answer's revision, 0 where there is none; `own_since` counts the revisions after `sent.base` that
    came from the same tab; `own_last` is the highest sequence of that tab which was kept for this question.
    """
    if sent.tab and sent.sequence <= own_last:
        return Outcome.OLDER
    if sent.base is None or sent.base >= stands or (sent.tab and own_since >= stands - sent.base):
        return Outcome.KEPT
    return Outcome.ELSEWHERE
