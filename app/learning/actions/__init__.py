"""The verbs that change what a learner has done. `record` is the only writer of evidence."""

from app.learning.actions.evidence import Recorded, record
from app.learning.actions.rebuild import Difference, how_many, rebuild, verify
from app.learning.actions.runs import assign, enrol, finish_page, leave, quiz_graded, transfer

__all__ = [
    "Difference",
    "Recorded",
    "assign",
    "enrol",
    "finish_page",
    "how_many",
    "leave",
    "quiz_graded",
    "rebuild",
    "record",
    "transfer",
    "verify",
]
