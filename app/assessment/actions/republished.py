"""A new version that brings other keys: what that makes of answers given before, looked at first and then done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.assessment.actions.regrading import Preview, apply, preview
from app.assessment.rules import Body, Change, How, Policy
from app.catalog.queries import CourseHead
from app.kit.actor import Actor
from app.kit.errors import Conflict, NotFound
from app.kit.limits import CORRECTION_REASON


@dataclass(frozen=True, slots=True)
class KeyPreview:
    """What the new key of one question would do; `preview` is None where answers to the old question cannot be marked
    by it: what it asks is something else."""

    question: str
    preview: Preview | None


def preview_by_version(
    db: Session, actor: Actor, *, course: CourseHead, keys: Mapping[str, tuple[str, Body]]
) -> tuple[KeyPreview, ...]:
    """`keys`: question id → the revision that is to be published, and its body. Only questions somebody has answered."""
    found = []
    for question, (revision, body) in sorted(keys.items()):
        change = Change(question, How.REVISION, revision=revision)
        try:
            said = preview(db, actor, course=course, change=change, source=body)
        except NotFound:
            continue
        except Conflict:
            found.append(KeyPreview(question, None))
            continue
        if said.attempts:
            found.append(KeyPreview(question, said))
    return tuple(found)


def regrade_by_version(
    db: Session, actor: Actor, *, course: CourseHead, keys: Mapping[str, str], policy: Policy, reason: str
) -> int:
    """Mark answers given before by the keys that have just been published: question id → its new revision.

    With the policy to change nothing the new keys still hold for what is handed in from now on, whichever version it is
    of. `reason` may be the note of a version, which is longer than a reason: its beginning is kept. Answers how many
    attempts were marked anew at once; of many the rest follows as a job. A question whose old answers the new key cannot
    mark is left as it was.
    """
    changed, reason = 0, reason.strip()
    if len(reason) > CORRECTION_REASON:
        reason = reason[: CORRECTION_REASON - 1].rstrip() + "…"
    for question, revision in sorted(keys.items()):
        try:
            with db.begin_nested():
                change = Change(question, How.REVISION, revision=revision)
                changed += apply(db, actor, course=course, change=change, policy=policy, reason=reason).changed
        except (Conflict, NotFound):
            continue
    return changed
