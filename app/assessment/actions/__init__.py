"""Taking a quiz, and marking what only a person can mark."""

from app.assessment.actions.answers import Saved, attach, save
from app.assessment.actions.attempts import count_file, hint_count, start, take_hint
from app.assessment.actions.finishing import BATCH, close_expired, give_back, submit
from app.assessment.actions.marking import MAX_COMMENT, mark, show_names

__all__ = [
    "BATCH",
    "MAX_COMMENT",
    "Saved",
    "attach",
    "close_expired",
    "count_file",
    "give_back",
    "hint_count",
    "mark",
    "save",
    "show_names",
    "start",
    "submit",
    "take_hint",
]
