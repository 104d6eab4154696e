"""Reading requirements: what is required of whom, whom a new one would reach, and who is behind."""

from app.requirements.queries.cards import (
    Reason,
    RequirementCard,
    active_one,
    active_over,
    concerning,
    reasons,
    requirement_by_key,
    requirements,
    takes_learners,
)
from app.requirements.queries.plans import Plan, PlanUnit, Reached, people_at, plan
from app.requirements.queries.waiting import (
    Behind,
    Due,
    Unfinished,
    Waiting,
    behind,
    due_runs,
    mailed_since,
    occasions_said,
    unfinished,
    waiting_at,
)

__all__ = [
    "Behind",
    "Due",
    "Plan",
    "PlanUnit",
    "Reached",
    "Reason",
    "RequirementCard",
    "Unfinished",
    "Waiting",
    "active_one",
    "active_over",
    "behind",
    "concerning",
    "due_runs",
    "mailed_since",
    "occasions_said",
    "people_at",
    "plan",
    "reasons",
    "requirement_by_key",
    "requirements",
    "takes_learners",
    "unfinished",
    "waiting_at",
]
