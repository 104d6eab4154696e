"""What holds for group sessions: who leads one, who may join, how it goes on, and what fits on paper. Pure."""

from app.groups.rules.left import Left, left_of
from app.groups.rules.paper import PAPER_TYPES, code_shown, letter, normal_code, only_on_screen, response_of
from app.groups.rules.sessions import (
    EXPECTED_MAX,
    LEADS,
    OPEN_FOR,
    PIN_DIGITS,
    ROOM_MAX,
    TEACHES,
    GroupState,
    How,
    is_open,
    may_follow,
    may_join,
    may_lead,
    may_see,
)
from app.groups.rules.telling import News, Told, news, remind_until

__all__ = [
    "EXPECTED_MAX",
    "LEADS",
    "OPEN_FOR",
    "PAPER_TYPES",
    "PIN_DIGITS",
    "ROOM_MAX",
    "TEACHES",
    "GroupState",
    "How",
    "Left",
    "News",
    "Told",
    "code_shown",
    "is_open",
    "left_of",
    "letter",
    "may_follow",
    "may_join",
    "may_lead",
    "may_see",
    "news",
    "normal_code",
    "only_on_screen",
    "remind_until",
    "response_of",
]
