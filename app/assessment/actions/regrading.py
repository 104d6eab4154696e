"""Questions corrected after they were asked: who would be marked otherwise, and marking them anew.

Each attempt that changes leaves a row with its marks before and after, and the person is told. What was passed stays
passed and what was completed stays completed, whatever a correction takes away: see `docs/decisions/regrading.md`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.rules import NoticeKind
from app.assessment import queries, rules
from app.assessment.actions.results import tell_learning
from app.assessment.models import Answer, Attempt, CorrectionRow, Regrading
from app.assessment.queries.corrections import Marked
from app.assessment.rules import Body, Change, Correction, Effect, Policy, Result
from app.catalog import queries as catalog
from app.catalog import rules as catalog_rules
from app.catalog.models import Course
from app.catalog.queries import CourseHead
from app.kit import audit, clock, i18n, jobs
from app.kit.actor import SYSTEM, Actor
from app.kit.errors import Conflict, Forbidden, Invalid, KitError, NotFound
from app.kit.i18n import N_, number
from app.kit.limits import CORRECTION_REASON
from app.learning.models import Enrolment

AT_ONCE = 200  # more attempts than these are marked by a job, so many in each transaction
LISTED = 200


@dataclass(frozen=True, slots=True)
class Affected:
    """One attempt that would change. `name` is empty where the reader is not to know whose it is."""

    attempt: str
    name: str
    place: str
    quiz: str
    number: int
    effect: Effect


@dataclass(frozen=True, slots=True)
class Preview:
    """What a correction would do to the attempts handed in so far; `lines` are the first of those that change."""

    attempts: int
    gains: int
    loses: int
    newly_passed: int
    below: int
    lines: tuple[Affected, ...]
    changed: int
    known: int


@dataclass(frozen=True, slots=True)
class Applied:
    """A correction that was made. `later`: a job goes on with it; else `changed` attempts were marked anew."""

    id: int
    attempts: int
    changed: int
    later: bool


def preview(db: Session, actor: Actor, *, course: CourseHead, change: Change, source: Body | None = None) -> Preview:
    """Who would be marked otherwise, and how; nothing is written.

    `source` is the body of `change.revision` where that is not published yet. Raises `Invalid` (a field), `Conflict`
    (such a correction makes no sense), `Forbidden`, `NotFound`.
    """
    made = _checked(db, actor, course, change, source)
    ids = queries.attempts_with(db, course.id, change.question)
    tally = {"gains": 0, "loses": 0, "newly_passed": 0, "below": 0, "changed": 0}
    lines: list[Affected] = []
    marker = _Marker(db)
    for one in queries.marked(db, ids):
        found = marker.effect(one, made)
        if found is None or not found.changed:
            continue
        for name in tally:
            tally[name] += bool(getattr(found, name))
        if len(lines) < LISTED:
            shown = rules.may_name(actor, one.place_path)
            lines.append(
                Affected(
                    one.row.key,
                    one.name if shown else "",
                    one.place if shown else "",
                    one.row.quiz,
                    one.row.number,
                    found,
                )
            )
    lines.sort(key=lambda line: (not line.effect.newly_passed, line.name == "", line.name, line.attempt))
    known = queries.how_many_corrections(db, course.id, change.question)
    return Preview(attempts=len(ids), lines=tuple(lines), known=known, **tally)


def apply(
    db: Session,
    actor: Actor,
    *,
    course: CourseHead,
    change: Change,
    policy: Policy,
    reason: str,
    known: int | None = None,
) -> Applied:
    """Correct a question: for every attempt from now on, and by `policy` for those handed in before.

    `known` is how many corrections of the question there were when its preview was made: two people at once do not
    correct it twice, and pressing twice corrects it once. More than `AT_ONCE` attempts are marked by a job.
    """
    reason = reason.strip()
    if not reason:
        raise Invalid(reason=KitError(N_("Write why, in a sentence: those whose marks change read it.")))
    if len(reason) > CORRECTION_REASON:
        raise Invalid(reason=KitError(N_("Use at most %(limit)s characters."), limit=number(CORRECTION_REASON)))
    made = _checked(db, actor, course, change, None)
    if known is None:
        known = queries.how_many_corrections(db, course.id, change.question)
    ids = queries.attempts_with(db, course.id, change.question) if policy is not Policy.NOTHING else []
    row = CorrectionRow(
        course_id=course.id,
        question=change.question,
        number=known + 1,
        how=change.how,
        data=change.data(),
        revisions=sorted(made.revisions),
        policy=policy,
        reason=reason,
        actor_id=actor.id or None,
        corrected_at=clock.now(),
        total=len(ids),
        seen=0,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:
        return _already(db, actor, course, change, policy, known + 1)
    audit.say(
        db,
        actor,
        "question.corrected",
        subject=f"{course.slug}/{change.question}",
        organisation_id=course.organisation_id,
        how=change.how.value,
        policy=policy.value,
        attempts=len(ids),
    )
    if len(ids) > AT_ONCE:
        jobs.later(db, "assessment.regrade", key=f"regrade:{row.id}:0", correction_id=row.id, after=0)
        return Applied(row.id, len(ids), 0, later=True)
    changed = _regrade(db, row, ids)
    return Applied(row.id, len(ids), changed, later=False)


def _already(db: Session, actor: Actor, course: CourseHead, change: Change, policy: Policy, number_: int) -> Applied:
    """The same said twice is what was said once; something else is refused."""
    there = db.scalars(
        select(CorrectionRow).where(
            CorrectionRow.course_id == course.id,
            CorrectionRow.question == change.question,
            CorrectionRow.number == number_,
        )
    ).one()
    same = (there.how, there.data, there.policy, there.actor_id) == (
        change.how,
        change.data(),
        policy,
        actor.id or None,
    )
    if not same:
        raise Conflict(N_("Somebody has corrected this question a moment ago. Look at it again."))
    changed = db.scalar(select(func.count()).where(Regrading.correction_id == there.id)) or 0
    return Applied(there.id, there.total, changed, later=there.seen < there.total)


def _checked(db: Session, actor: Actor, course: CourseHead, change: Change, source: Body | None) -> Correction:
    """The correction as it would hold now, or why not."""
    if not catalog_rules.may_edit(actor, course.owner_path):
        raise Forbidden(N_("Only trainers of %(owner)s may change this course."), owner=course.owner_name)
    there = queries.revisions_of(db, course.id, change.question)
    old = [one for one in there if one != change.revision]
    if not old:
        raise NotFound(N_("There is no such question."))
    bodies = catalog.revisions(db, there)
    if source is None and change.revision in bodies:
        source = bodies[change.revision].body
    for one in old:
        rules.refuse(change, bodies[one].body, source)
    return Correction(0, change, frozenset(old), source)


class _Marker:
    """Marks many attempts: bodies, rules and corrections are looked up once."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.bodies: dict[str, Body] = {}
        self.rules: dict[tuple[int, str], rules.QuizRules] = {}
        self.corrections: dict[tuple[int, ...], tuple[Correction, ...]] = {}

    def held_to(self, row: Attempt) -> rules.QuizRules:
        key = (row.version_id, row.quiz)
        if key not in self.rules:
            self.rules[key] = queries.quiz_rules(self.db, *key)
        return self.rules[key]

    def marks(self, one: Marked, made: Correction) -> rules.Marks | None:
        """With the corrections it had and this one; None where this one does not concern it."""
        if not any(made.holds_for(asked) for asked in one.asked) or made.id in one.row.corrections:
            return None
        had = tuple(one.row.corrections)
        if had not in self.corrections:
            self.corrections[had] = queries.corrections_by_id(self.db, had)
        missing = {asked.revision for asked in one.asked} - self.bodies.keys()
        self.bodies |= {name: found.body for name, found in catalog.revisions(self.db, missing).items()}
        corrections = (*self.corrections[had], made)
        return rules.mark_all(one.asked, self.bodies, one.handed, corrections, held_to=self.held_to(one.row))

    def effect(self, one: Marked, made: Correction) -> Effect | None:
        marks = self.marks(one, made)
        return None if marks is None else self.judged(one, marks)

    def judged(self, one: Marked, marks: rules.Marks) -> Effect:
        before = Result(one.row.score or 0.0, one.row.max_score, one.row.passed)
        passes = rules.passes(marks.score, marks.max_score, self.held_to(one.row).pass_percent)
        return rules.effect(before, marks, passes=passes)


def _regrade(db: Session, row: CorrectionRow, ids: list[int]) -> int:
    """Mark these attempts anew by a correction; answers how many have changed."""
    (made,) = queries.corrections_by_id(db, [row.id])
    marker, changed = _Marker(db), 0
    for one in queries.marked(db, ids, lock=True):
        row.seen += 1
        marks = marker.marks(one, made)
        if marks is None:
            continue
        effect = marker.judged(one, marks)
        if effect.taken(row.policy):
            _write(db, row, one, marks, effect, marker.held_to(one.row))
            changed += 1
    db.flush()
    return changed


def _write(
    db: Session, row: CorrectionRow, one: Marked, marks: rules.Marks, effect: Effect, held_to: rules.QuizRules
) -> None:
    attempt = one.row
    regrading = Regrading(
        correction_id=row.id,
        attempt_id=attempt.id,
        score_before=effect.before.score,
        max_before=effect.before.max_score,
        passed_before=effect.before.passed,
        score_after=effect.after.score,
        max_after=effect.after.max_score,
        passed_after=effect.after.passed,
        regraded_at=clock.now(),
    )
    db.add(regrading)
    attempt.score, attempt.max_score = effect.after.score, effect.after.max_score
    attempt.passed = effect.after.passed
    attempt.corrections = [*attempt.corrections, row.id]
    for answer in db.scalars(select(Answer).where(Answer.attempt_id == attempt.id)):
        answer.waiting = answer.question in marks.waiting
        answer.fraction = marks.fractions.get(answer.question, answer.fraction)
    db.flush()
    if held_to.counts and attempt.passed is not None:
        tell_learning(db, SYSTEM, attempt, person_id=one.person_id, held_to=held_to, correction=row.id)
    jobs.later(db, "assessment.remarked", key=f"remarked:{regrading.id}", regrading_id=regrading.id)


def regrade_more(db: Session, *, correction_id: int, after: int) -> None:
    """The job `assessment.regrade`: the next attempts of a large correction, and a job for those behind them."""
    row = db.get(CorrectionRow, correction_id, with_for_update=True)
    if row is None:
        return
    ids = queries.attempts_with(db, row.course_id, row.question, after=after, limit=AT_ONCE)
    _regrade(db, row, ids)
    if ids and len(ids) == AT_ONCE:
        key = f"regrade:{row.id}:{ids[-1]}"
        jobs.later(db, "assessment.regrade", key=key, correction_id=row.id, after=ids[-1])
    else:
        row.total = row.seen  # what was handed in meanwhile had its marks from the corrected key already
    db.flush()


def tell_remarked(db: Session, *, regrading_id: int, base_url: str) -> None:
    """The job `assessment.remarked`: a notice and a mail that say what has changed, and why."""
    found = db.execute(
        select(Regrading, CorrectionRow, Attempt, Enrolment.person_id, Course.id, Course.slug)
        .join(CorrectionRow, CorrectionRow.id == Regrading.correction_id)
        .join(Attempt, Attempt.id == Regrading.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Regrading.id == regrading_id)
    ).first()
    if found is None:
        return
    row, made, attempt, person_id, course_id, slug = found
    person = people.contacts(db, [person_id]).get(person_id)
    if person is None:
        return
    title = catalog.titles(db, [course_id], person.lang)[course_id]
    with i18n.speaking(person.lang):
        before = f"{number(row.score_before)}/{number(row.max_before)}"
        after = f"{number(row.score_after)}/{number(row.max_after)}"
    said = {"title": title, "before": before, "after": after}
    accounts.tell(
        db,
        person,
        NoticeKind.REMARKED,
        "remarked",
        key=f"remarked:{row.id}",
        notice={**said, "course": slug, "attempt": attempt.key, "question": made.reason},
        words={
            **said,
            "reason": made.reason,
            "passed": bool(row.passed_after) and not row.passed_before,
            "url": f"{base_url.rstrip('/')}/attempts/{attempt.key}",
        },
    )
