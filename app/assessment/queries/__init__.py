"""SELECTs about attempts and their marking, as frozen values."""

from app.assessment.queries.attempts import (
    AttemptLine,
    AttemptView,
    Given,
    Returned,
    attempt,
    attempts_at,
    counts_given_back,
    expired,
    given_back,
    quiz_rules,
)
from app.assessment.queries.marking import (
    GradingLine,
    Paper,
    comments,
    count_waiting,
    gradings,
    marked_papers,
    needed_blobs,
    paper,
    waiting_papers,
)

__all__ = [
    "AttemptLine",
    "AttemptView",
    "Given",
    "GradingLine",
    "Paper",
    "Returned",
    "attempt",
    "attempts_at",
    "comments",
    "count_waiting",
    "counts_given_back",
    "expired",
    "given_back",
    "gradings",
    "marked_papers",
    "needed_blobs",
    "paper",
    "quiz_rules",
    "waiting_papers",
]
