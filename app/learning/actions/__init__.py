"""The verbs that change what a learner has done. `record` is the only writer of evidence."""

from app.learning.actions.days import recount
from app.learning.actions.duties import credit, excuse, next_period, revoke, set_due
from app.learning.actions.evidence import Recorded, record, record_apart
from app.learning.actions.history import PastEvent, PastRun, take_over
from app.learning.actions.rebuild import Difference, how_many, rebuild, verify
from app.learning.actions.runs import (
    ask_contact,
    assign,
    enrol,
    finish_page,
    leave,
    open_run,
    quiz_graded,
    tell_completed,
    transfer,
)
from app.learning.actions.totals import move_place, retotal
from app.learning.actions.versions import decline_version, take_version

__all__ = [
    "Difference",
    "PastEvent",
    "PastRun",
    "Recorded",
    "ask_contact",
    "assign",
    "credit",
    "decline_version",
    "enrol",
    "excuse",
    "finish_page",
    "how_many",
    "leave",
    "move_place",
    "next_period",
    "open_run",
    "quiz_graded",
    "rebuild",
    "record",
    "record_apart",
    "recount",
    "retotal",
    "revoke",
    "set_due",
    "take_over",
    "take_version",
    "tell_completed",
    "transfer",
    "verify",
]
