"""Verbs about requirements: require, end, reach newcomers, tell people, remind them."""

from app.requirements.actions.people import move_person, reach_newcomers
from app.requirements.actions.reminding import Reminded, remind, send_due_reminders, send_reminders
from app.requirements.actions.requiring import Required, end, reach, reach_later, require
from app.requirements.actions.telling import notify_assigned

__all__ = [
    "Reminded",
    "Required",
    "end",
    "move_person",
    "notify_assigned",
    "reach",
    "reach_later",
    "reach_newcomers",
    "remind",
    "require",
    "send_due_reminders",
    "send_reminders",
]
