"""Taking a quiz, practising it again, what somebody may do at it, and marking what only a person can mark."""

from app.assessment.actions.answers import Saved, attach, go_on, save
from app.assessment.actions.attempts import count_file, draw, hint_count, start, take_hint
from app.assessment.actions.checking import check_answer
from app.assessment.actions.finishing import BATCH, close_expired, give_back, submit
from app.assessment.actions.forgetting import forget_saves, saves_to_forget
from app.assessment.actions.history import PastAttempt, take_over_attempts
from app.assessment.actions.marking import MAX_COMMENT, mark, second_marker, show_names
from app.assessment.actions.paper import enter_paper, refused_now
from app.assessment.actions.regrading import (
    Affected,
    Applied,
    Preview,
    apply,
    preview,
    regrade_more,
    tell_remarked,
)
from app.assessment.actions.repeating import repeat_wrong
from app.assessment.actions.republished import KeyPreview, preview_by_version, regrade_by_version
from app.assessment.actions.terms import MOST_ATTEMPTS, MOST_SECONDS, accommodate, override, take_back
from app.assessment.actions.unlocking import tell_unlocked, unlock

__all__ = [
    "BATCH",
    "MAX_COMMENT",
    "MOST_ATTEMPTS",
    "MOST_SECONDS",
    "Affected",
    "Applied",
    "KeyPreview",
    "PastAttempt",
    "Preview",
    "Saved",
    "accommodate",
    "apply",
    "attach",
    "check_answer",
    "close_expired",
    "count_file",
    "draw",
    "enter_paper",
    "forget_saves",
    "give_back",
    "go_on",
    "hint_count",
    "mark",
    "override",
    "preview",
    "preview_by_version",
    "refused_now",
    "regrade_by_version",
    "regrade_more",
    "repeat_wrong",
    "save",
    "saves_to_forget",
    "second_marker",
    "show_names",
    "start",
    "submit",
    "take_back",
    "take_hint",
    "take_over_attempts",
    "tell_remarked",
    "tell_unlocked",
    "unlock",
]
