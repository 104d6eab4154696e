"""Folding everything from zero: to compare with what is stored, or to store it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.catalog import queries as catalog
from app.catalog.models import Course, CourseVersion
from app.catalog.rules import Outline
from app.learning import queries, rules
from app.learning.actions import days, totals
from app.learning.actions.evidence import cell_of, stored_run
from app.learning.actions.totals import CELL, Cell
from app.learning.models import CompletionCount, Enrolment, Evidence, Progress
from app.learning.rules import Run, Said, Standing

BATCH = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """Where what is stored is not what the evidence adds up to."""

    what: str
    stored: str
    folded: str


def _batches(db: Session) -> Iterator[list[Enrolment]]:
    last = 0
    while rows := db.scalars(select(Enrolment).where(Enrolment.id > last).order_by(Enrolment.id).limit(BATCH)).all():
        yield list(rows)
        last = rows[-1].id


def _folds(db: Session, rows: list[Enrolment]) -> dict[int, Run]:
    ids = [row.id for row in rows]
    said = db.execute(
        select(
            Evidence.enrolment_id,
            Evidence.kind,
            Evidence.occurred_at,
            Evidence.subject,
            Evidence.version_id,
            Evidence.organisation_id,
            Evidence.data,
        )
        .where(Evidence.enrolment_id.in_(ids))
        .order_by(Evidence.enrolment_id, Evidence.id)
    ).all()
    folded = {
        enrolment_id: rules.fold_all(Said(*one[1:]) for one in group)
        for enrolment_id, group in groupby(said, key=lambda one: one[0])
    }
    # Which version a run was opened with is no evidence; which one its learner has taken since is.
    return {row.id: replace(run, major=run.major or row.major) for row in rows for run in [folded.get(row.id, Run())]}


def _stored(db: Session, rows: list[Enrolment]) -> dict[int, Run]:
    standings: dict[int, dict[str, Standing]] = {row.id: {} for row in rows}
    for one in db.scalars(select(Progress).where(Progress.enrolment_id.in_(list(standings)))):
        standings[one.enrolment_id][one.subject] = Standing(
            one.finished_at, one.best_score, one.passed_at, one.gradings
        )
    return {row.id: stored_run(row, standings[row.id]) for row in rows}


def _outlines(db: Session) -> dict[tuple[int, int], Outline]:
    """The outline each (course, major) follows: that of its highest minor."""
    rows = db.execute(
        select(CourseVersion.course_id, CourseVersion.major, CourseVersion.id, Course.slug, CourseVersion.digest)
        .join(Course, Course.id == CourseVersion.course_id)
        .order_by(CourseVersion.minor)
    )
    return {
        (course_id, major): catalog.outline_of(db, version_id, slug, digest)
        for course_id, major, version_id, slug, digest in rows
    }


def _done(run: Run, outline: Outline) -> int:
    return rules.how_many_met(queries.renamed(dict(run.standings), outline.was), outline.needed)


Tell = Callable[[int], None]


def verify(db: Session, tell: Tell = lambda done: None) -> list[Difference]:
    """Every difference between what is stored and what folding the evidence from zero gives; none is the aim."""
    differences: list[Difference] = []
    outlines, cells, seen = _outlines(db), Counter[Cell](), 0
    for rows in _batches(db):
        folded, stored = _folds(db, rows), _stored(db, rows)
        for row in rows:
            run = folded[row.id]
            if run != stored[row.id]:
                differences.append(Difference(f"enrolment {row.id}", str(stored[row.id]), str(run)))
            done = _done(run, outlines[(row.course_id, run.major)])
            if row.done != done:
                differences.append(Difference(f"enrolment {row.id}: done", str(row.done), str(done)))
            if (cell := cell_of(run, row.course_id)) is not None:
                cells[cell] += 1
        seen += len(rows)
        tell(seen)
        db.expunge_all()
    columns = [getattr(CompletionCount, name) for name in CELL]
    kept = {tuple(row[:-1]): row[-1] for row in db.execute(select(*columns, CompletionCount.number)) if row[-1]}
    for cell in sorted(set(cells) | set(kept)):
        if cells.get(cell, 0) != kept.get(cell, 0):
            differences.append(Difference(f"counter {cell}", str(kept.get(cell, 0)), str(cells.get(cell, 0))))
    for total, kept_there, added in totals.wrong_totals(db):
        differences.append(Difference(f"total {total}", str(kept_there), str(added)))
    for what, kept_there, added in days.wrong(db):
        differences.append(Difference(what, str(kept_there), str(added)))
    return differences


def rebuild(db: Session, tell: Tell = lambda done: None) -> int:
    """Store again what folding the evidence from zero gives; answers how many enrolments were folded."""
    outlines, cells, seen = _outlines(db), Counter[Cell | None](), 0
    for rows in _batches(db):
        folded = _folds(db, rows)
        db.execute(delete(Progress).where(Progress.enrolment_id.in_([row.id for row in rows])))
        for row in rows:
            run = folded[row.id]
            row.organisation_id, row.state, row.required, row.due_on = (
                run.organisation_id,
                run.state,
                run.required,
                run.due_on,
            )
            row.started_at, row.completed_at, row.active_at = run.started_at, run.completed_at, run.active_at
            row.completed_version_id, row.last_page, row.current = run.completed_version_id, run.last_page, run.current
            row.major, row.declined = run.major, run.declined
            row.done = _done(run, outlines[(row.course_id, row.major)])
            db.add_all(
                Progress(
                    enrolment_id=row.id,
                    subject=subject,
                    finished_at=standing.finished_at,
                    best_score=standing.best_score,
                    passed_at=standing.passed_at,
                    gradings=standing.gradings,
                )
                for subject, standing in run.standings.items()
            )
            cells[cell_of(run, row.course_id)] += 1
        seen += len(rows)
        db.flush()
        tell(seen)
        db.expunge_all()
    db.execute(delete(CompletionCount))
    counted = [
        {**dict(zip(CELL, cell, strict=True)), "number": n} for cell, n in cells.items() if cell is not None and n
    ]
    for start in range(0, len(counted), totals.AT_ONCE):
        db.execute(insert(CompletionCount), counted[start : start + totals.AT_ONCE])
    totals.retotal(db)
    days.recount(db)
    return seen


def how_many(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(Enrolment)) or 0
