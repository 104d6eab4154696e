"""Verbs about requirements: set a rule, change it, end it, reach newcomers, excuse, extend, credit, renew, remind."""

from app.requirements.actions.absences import end_exemption, end_leave, exempt, give_leave, settle_absences
from app.requirements.actions.crediting import Credit
from app.requirements.actions.crediting import record as record_evidence
from app.requirements.actions.crediting import revoke as revoke_evidence
from app.requirements.actions.extending import OFFERED_DAYS, decide, extend
from app.requirements.actions.extending import ask as ask_for_time
from app.requirements.actions.people import forget_leavers, leave_person, move_person, reach_newcomers
from app.requirements.actions.periods import completed, settle
from app.requirements.actions.reaching import let_go, reach, reach_later
from app.requirements.actions.recognising import normal_tag, sign, tag, withdraw
from app.requirements.actions.reminding import (
    Reminded,
    remind,
    remind_these,
    send_due_reminders,
    send_escalations,
    send_reminders,
)
from app.requirements.actions.renewing import renew
from app.requirements.actions.requiring import Changed, Required, change_rule, end, require, set_rule
from app.requirements.actions.telling import notify_assigned
from app.requirements.actions.verifying import verify
from app.requirements.actions.weekly import Given, excuse, give_time

__all__ = [
    "OFFERED_DAYS",
    "Changed",
    "Credit",
    "Given",
    "Reminded",
    "Required",
    "ask_for_time",
    "change_rule",
    "completed",
    "decide",
    "end",
    "end_exemption",
    "end_leave",
    "excuse",
    "exempt",
    "extend",
    "forget_leavers",
    "give_leave",
    "give_time",
    "leave_person",
    "let_go",
    "move_person",
    "normal_tag",
    "notify_assigned",
    "reach",
    "reach_later",
    "reach_newcomers",
    "record_evidence",
    "remind",
    "remind_these",
    "renew",
    "require",
    "revoke_evidence",
    "send_due_reminders",
    "send_escalations",
    "send_reminders",
    "set_rule",
    "settle",
    "settle_absences",
    "sign",
    "tag",
    "verify",
    "withdraw",
]
