"""What readers write to the operator about the site itself."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.accounts import rules
from app.accounts.actions import throttles
from app.kit import audit, i18n, mail
from app.kit.actor import Actor


def send_feedback(db: Session, actor: Actor, *, text: str, reply_to: str, address: str, operator: str) -> int:
    """Keep what was written and mail it to the operator's contact where there is one. Seconds to wait, or 0."""
    key = throttles.throttle_key("feedback", address)
    if wait := throttles.take(db, key, rules.FEEDBACK_ADDRESS):
        return wait
    audit.say(db, actor, "feedback.sent", subject="accessibility", text=text, reply_to=reply_to)
    if operator:
        mail.write(db, "feedback", address=operator, lang=i18n.DEFAULT, text=text, reply_to=reply_to, name=actor.name)
    return 0
