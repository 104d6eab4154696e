"""Planning a group session, letting people in, watching together, and answers on paper."""

from app.groups.actions.planning import cancel, end, open_session, plan, renew_codes
from app.groups.actions.roster import expect, join, leave, mark_away, mark_present
from app.groups.actions.sheets import Printed, enter_sheet, print_sheets
from app.groups.actions.watching import Watched, show, watch

__all__ = [
    "Printed",
    "Watched",
    "cancel",
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
    "renew_codes",
    "show",
    "watch",
]
