"""Verbs about people: signing in, inviting, changing, granting, notifying."""

from app.accounts.actions.deputies import end_deputy, name_deputy
from app.accounts.actions.feedback import send_feedback
from app.accounts.actions.grants import give_grant, take_grant
from app.accounts.actions.leaving import leave, left_before, make_nameless
from app.accounts.actions.links import (
    ask_for_password,
    change_password,
    hand_over_code,
    hand_over_link,
    invite,
    invite_later,
    invite_now,
    make_link,
    send_password_link,
    set_password,
)
from app.accounts.actions.notices import mark_all_read, notify, tell
from app.accounts.actions.passwords import Verdict, hash_password, verify
from app.accounts.actions.people import change_post, choose_language, create, disable, enable, update_person
from app.accounts.actions.requests import answer_request, ask_about_data, take_longer
from app.accounts.actions.signins import (
    Admission,
    admit,
    admit_change,
    begin,
    end_all,
    end_other_sign_ins,
    end_sign_in,
    sign_out,
    touch,
    touch_token,
)
from app.accounts.actions.throttles import give_back, sweep, take, throttle_key, waits
from app.accounts.actions.tokens import create_token, end_token
from app.accounts.actions.uploads import keep_upload

__all__ = [
    "Admission",
    "Verdict",
    "admit",
    "admit_change",
    "answer_request",
    "ask_about_data",
    "ask_for_password",
    "begin",
    "change_password",
    "change_post",
    "choose_language",
    "create",
    "create_token",
    "disable",
    "enable",
    "end_all",
    "end_deputy",
    "end_other_sign_ins",
    "end_sign_in",
    "end_token",
    "give_back",
    "give_grant",
    "hand_over_code",
    "hand_over_link",
    "hash_password",
    "invite",
    "invite_later",
    "invite_now",
    "keep_upload",
    "leave",
    "left_before",
    "make_link",
    "make_nameless",
    "mark_all_read",
    "name_deputy",
    "notify",
    "send_feedback",
    "send_password_link",
    "set_password",
    "sign_out",
    "sweep",
    "take",
    "take_grant",
    "take_longer",
    "tell",
    "throttle_key",
    "touch",
    "touch_token",
    "update_person",
    "verify",
    "waits",
]
