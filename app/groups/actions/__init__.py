"""Planning a group session, telling of it, letting people in, watching together, and answers on paper."""

from app.groups.actions.planning import cancel, change, end, open_session, plan, renew_codes
from app.groups.actions.roster import expect, join, leave, mark_away, mark_present
from app.groups.actions.sheets import Printed, enter_sheet, print_sheets
from app.groups.actions.telling import ask_for_reminders, remind, tell_news
from app.groups.actions.watching import Watched, show, watch

__all__ = [
    "Printed",
    "Watched",
    "ask_for_reminders",
    "cancel",
    "change",
    "end",
    "enter_sheet",
    "expect",
    "join",
    "leave",
    "mark_away",
    "mark_present",
    "open_session",
    "plan",
    "print_sheets",
    "remind",
    "renew_codes",
    "show",
    "tell_news",
    "watch",
]
