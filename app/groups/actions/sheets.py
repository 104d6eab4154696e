"""Sheets of paper: printed with a draw of their own, and entered once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.assessment import actions as assessment
from app.catalog import queries as catalog
from app.groups import queries
from app.groups.actions.locking import for_update
from app.groups.models import AnswerSheet
from app.groups.queries import GroupCard, MemberCard, SheetCard
from app.groups.rules import GroupState
from app.kit import audit, clock, i18n
from app.kit.actor import Actor
from app.kit.errors import Conflict
from app.kit.i18n import N_
from app.learning import actions as learning
from app.learning import queries as learners

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another on paper
CODE_LETTERS = 6


@dataclass(frozen=True, slots=True)
class Printed:
    """How many sheets were made, and who gets none because no attempt is left or may be begun."""

    made: int
    refused: tuple[str, ...]


def print_sheets(
    db: Session,
    actor: Actor,
    *,
    group: GroupCard,
    quiz: str,
    people: Iterable[MemberCard],
    seed: Callable[[], int] | None = None,
    code: Callable[[], str] | None = None,
) -> Printed:
    """Make a sheet for each of these people, with questions and letters that stay as they are printed.

    Whoever has one that was not entered keeps it: printing again prints the same.
    """
    row = for_update(db, group)
    if row.state not in (GroupState.PLANNED, GroupState.OPEN):
        # What is entered later counts as answered by the end of the session, so nothing may be answered after it.
        raise Conflict(N_("This session is over. Sheets are printed before it ends."))
    made, refused = 0, []
    for one in people:
        mine = (AnswerSheet.session_id == row.id, AnswerSheet.person_id == one.person_id, AnswerSheet.quiz == quiz)
        there, waiting = db.execute(
            select(func.count(), func.count().filter(AnswerSheet.entered_at.is_(None))).where(*mine)
        ).one()
        if waiting:
            continue
        version = queries.version_of(db, group)
        run = learners.run_for(db, one.person_id, group.slug)
        if run is not None and run.enrolled:
            if run.outline.quiz(quiz) is None or assessment.refused_now(db, run=run, quiz=quiz) is not None:
                refused.append(one.name)
                continue
            version_id, langs, source = run.version_id, run.outline.langs, run.outline.lang
        else:
            outline = queries.outline_of(db, version)
            version_id, langs, source = version.id, outline.langs, outline.lang
        asked = assessment.draw(db, version_id=version_id, quiz=quiz, seed=seed() if seed else secrets.randbits(32))
        db.add(
            AnswerSheet(
                session_id=row.id,
                person_id=one.person_id,
                quiz=quiz,
                number=there + 1,
                code=code() if code else _new_code(db, row.id),
                version_id=version_id,
                lang=one.lang if one.lang in langs else source,
                questions=[{**asdict(question), "options": list(question.options)} for question in asked],
                printed_at=clock.now(),
            )
        )
        db.flush()
        made += 1
    if made:
        audit.say(
            db,
            actor,
            "group.sheets-printed",
            subject=row.key,
            organisation_id=row.organisation_id,
            quiz=quiz,
            sheets=made,
        )
    return Printed(made, tuple(refused))


def _new_code(db: Session, group_id: int) -> str:
    taken = set(db.scalars(select(AnswerSheet.code).where(AnswerSheet.session_id == group_id)))
    while True:
        code = "".join(secrets.choice(_LETTERS) for _ in range(CODE_LETTERS))
        if code not in taken:
            return code


def enter_sheet(
    db: Session, actor: Actor, *, group: GroupCard, sheet: SheetCard, responses: Mapping[str, Mapping[str, Any]]
) -> None:
    """Make an attempt of what stands on a sheet; it is marked as every other, and says who entered it.

    Conflict for one that was entered before, for one's own, and where the person has no attempt left or one open on a
    screen.
    """
    row = db.scalars(
        select(AnswerSheet)
        .where(AnswerSheet.id == sheet.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if row.entered_at is not None:
        raise Conflict(
            N_("This sheet was entered before, %(moment)s by %(name)s. Nothing was changed."),
            moment=i18n.moment(row.entered_at),
            name=sheet.entered_by or "–",
        )
    if row.person_id == actor.id:
        raise Conflict(N_("Nobody enters their own sheet. Ask a colleague, or answer on a screen."))
    if group.state in (GroupState.PLANNED, GroupState.CANCELLED):
        raise Conflict(N_("Sheets are entered once the session has been opened."))
    learning.enrol(db, actor, person_id=row.person_id, course_id=group.course_id)
    run = learners.run_for(db, row.person_id, group.slug)
    own = catalog.version(db, row.version_id)
    if run is None or own is None or run.major != own.major:
        raise Conflict(
            N_("This person has moved to another version of the course since the sheet was printed. Print a new one.")
        )
    now = clock.now()
    row.attempt_id = assessment.enter_paper(
        db,
        actor,
        run=run,
        quiz=row.quiz,
        version_id=row.version_id,
        lang=row.lang,
        asked=sheet.asked,
        responses=responses,
        began=row.printed_at,
        ended=group.ended_at or now,
    )
    row.entered_at, row.entered_by_id = now, actor.id or None
    db.flush()
    audit.say(db, actor, "group.sheet-entered", subject=group.key, organisation_id=group.organisation_id, quiz=row.quiz)
