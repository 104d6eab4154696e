"""Taking a quiz, and marking what only a person can mark."""

from app.assessment.actions.attempts import (
    attach,
    close_expired,
    count_file,
    hint_count,
    save,
    start,
    submit,
    take_hint,
)
from app.assessment.actions.marking import MAX_COMMENT, mark, show_names

__all__ = [
    "MAX_COMMENT",
    "attach",
    "close_expired",
    "count_file",
    "hint_count",
    "mark",
    "save",
    "show_names",
    "start",
    "submit",
    "take_hint",
]
