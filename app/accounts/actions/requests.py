"""Requests about one's own data: asked, answered within the month that the law gives, put off once with a reason."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts import queries, rules
from app.accounts.actions.notices import tell
from app.accounts.models import DataRequest
from app.accounts.queries import RequestCard
from app.accounts.rules import Asked, NoticeKind
from app.kit import audit, clock
from app.kit.actor import Actor, Role
from app.kit.errors import Conflict, Invalid, KitError
from app.kit.i18n import N_
from app.kit.limits import DATA_REQUEST_CHARACTERS, DATA_REQUESTS_OPEN


def ask_about_data(db: Session, actor: Actor, *, asked: Asked, text: str, base_url: str) -> str:
    """Write down what somebody asks about their own data, and tell those who administer their place; answers the key."""
    _fits("text", text)
    if actor.organisation_id is None:
        raise Conflict(N_("Your account belongs to no organisation that could answer."))
    waiting = select(func.count()).where(DataRequest.person_id == actor.id, DataRequest.answered_at.is_(None))
    if (db.scalar(waiting) or 0) >= DATA_REQUESTS_OPEN:
        raise Conflict(N_("You have %(limit)s questions that wait for an answer already."), limit=DATA_REQUESTS_OPEN)
    row = DataRequest(
        key=secrets.token_urlsafe(12),
        person_id=actor.id,
        organisation_id=actor.organisation_id,
        asked=asked,
        text=text,
        asked_at=clock.now(),
        due_on=rules.answer_due(clock.today()),
    )
    db.add(row)
    db.flush()
    said = {"due_on": row.due_on.isoformat(), "request": row.key}
    audit.say(db, actor, "data.asked", subject=row.key, organisation_id=row.organisation_id, due_on=said["due_on"])
    url = f"{base_url.rstrip('/')}/admin/data-requests/{row.key}"
    for one in _administrators(db, row):
        notice = {**said, "person": actor.name}
        tell(db, one, NoticeKind.DATA_ASKED, "data_asked", notice=notice,
             words={"person": actor.name, "due_on": row.due_on, "url": url})  # fmt: skip
    return row.key


def _administrators(db: Session, row: DataRequest) -> Iterable[queries.Contact]:
    """Those nearest to the place where the person works, who are active."""
    ids = [one for one in queries.holders(db, row.organisation_id, Role.ADMINISTRATOR) if one != row.person_id]
    found = queries.contacts(db, ids)
    return [found[one] for one in ids if one in found]


def answer_request(db: Session, actor: Actor, *, request: RequestCard, answer: str, base_url: str) -> None:
    """Answer it, for good; the person is told with these words."""
    _fits("answer", answer)
    row = db.get_one(DataRequest, request.id, with_for_update=True, populate_existing=True)
    if row.answered_at is not None:
        raise Conflict(N_("This was answered already."))
    row.answer, row.answered_at, row.answered_by_id = answer, clock.now(), actor.id or None
    db.flush()
    late = clock.today() > row.due_on
    audit.say(db, actor, "data.answered", subject=row.key, organisation_id=row.organisation_id, late=late)
    _tell(db, row, NoticeKind.DATA_ANSWERED, answer, base_url)


def take_longer(db: Session, actor: Actor, *, request: RequestCard, because: str, base_url: str) -> None:
    """Put the answer off by two months, once, before the first date has passed; the person is told why."""
    _fits("because", because)
    row = db.get_one(DataRequest, request.id, with_for_update=True, populate_existing=True)
    if not rules.may_take_longer(
        row.due_on, clock.today(), longer=bool(row.because), answered=row.answered_at is not None
    ):
        raise Conflict(N_("The answer can be put off once, before its date has passed."))
    row.because, row.due_on = because, rules.answer_due_at_last(row.asked_at.astimezone(clock.LOCAL).date())
    db.flush()
    due = row.due_on.isoformat()
    audit.say(db, actor, "data.put-off", subject=row.key, organisation_id=row.organisation_id, due_on=due)
    _tell(db, row, NoticeKind.DATA_LONGER, because, base_url)


def _fits(name: str, text: str) -> None:
    if not text.strip():
        raise Invalid(**{name: N_("Fill in this field.")})
    if len(text) > DATA_REQUEST_CHARACTERS:
        raise Invalid(**{name: KitError(N_("Use at most %(limit)s characters."), limit=DATA_REQUEST_CHARACTERS)})


def _tell(db: Session, row: DataRequest, kind: NoticeKind, said: str, base_url: str) -> None:
    person = queries.contacts(db, [row.person_id]).get(row.person_id)
    if person is None:  # has left meanwhile
        return
    words = {"said": said, "due_on": row.due_on, "put_off": kind is NoticeKind.DATA_LONGER}
    words["url"] = f"{base_url.rstrip('/')}/account/data"
    tell(db, person, kind, "data_answered", notice={"due_on": row.due_on.isoformat(), "question": said}, words=words)


def forget_words(db: Session, person_id: int) -> None:
    """Free words may tell who somebody was: of a leaver's requests only their kinds and days stay."""
    db.execute(update(DataRequest).where(DataRequest.person_id == person_id).values(text="", because="", answer=""))
