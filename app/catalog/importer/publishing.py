"""Making a version: the rows of one published state of a course, written once and never changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.format import lagging, writer
from app.catalog.importer import ledger
from app.catalog.importer.changes import Changes, compare, snapshot_of, stored_snapshot
from app.catalog.importer.prepared import Prepared
from app.catalog.models import Asset, Course, CourseVersion, PageText, QuestionRevision, QuizRow
from app.catalog.queries import CourseHead, Version
from app.catalog.rules import TEACHES, ChangeLevel, CourseState, may_edit, next_number
from app.kit import audit, clock
from app.kit.actor import Actor
from app.kit.blobs import Blobs
from app.kit.errors import Conflict, Forbidden, Invalid, KitError
from app.kit.i18n import N_
from app.organisations import queries as organisations

NOTE_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Published:
    """`created` is false when this content had been published before: then nothing was written."""

    version_id: int
    major: int
    minor: int
    created: bool
    course_id: int = 0
    slug: str = ""

    @property
    def label(self) -> str:
        return f"{self.major}.{self.minor}"


def keep(prepared: Prepared, blobs: Blobs) -> str:
    """Put the files of a course away, before the transaction that speaks of them; answers the blob of its source."""
    for asset in prepared.assets:
        if not blobs.has(asset.blob):
            blobs.put(asset.data)
    return blobs.put(prepared.source)


def publish(
    db: Session,
    actor: Actor,
    prepared: Prepared,
    *,
    blobs: Blobs,
    level: ChangeLevel | None = None,
    note: str = "",
    owner_id: int | None = None,
    staff: bool = False,
) -> Published:
    """Make a version of what was prepared, unless the course has one with this content already.

    `level` None takes what the course itself proposes, or more where the change is larger than that. `owner_id` is
    who owns a new course that does not say so itself; `staff` keeps a new course to those who teach it.
    """
    owner = owner_for(db, actor, prepared, owner_id)
    course = queries.course_by_slug(db, prepared.slug)
    if course is not None:
        db.execute(select(Course.id).where(Course.id == course.id).with_for_update())
        if (same := queries.version_with(db, course.id, prepared.digest)) is not None:
            return Published(same.id, same.major, same.minor, False, course.id, course.slug)
    broken = ledger.problems(db, prepared.course)
    if any(one.severity == "E" for one in broken):
        first = next(one for one in broken if one.severity == "E")
        raise Conflict(first.template, **dict(first.values))
    review = _review(db, actor, prepared, owner)
    course_id = course.id if course else _new_course(db, prepared.slug, owner, staff=staff)
    latest = queries.latest_version(db, course_id)
    changes = Changes()
    outline = prepared.outline
    outline = outline | {"was": ledger.renamed(db, course_id, outline)}
    if latest is not None:
        changes = compare(stored_snapshot(db, latest.id), snapshot_of(prepared), latest.label)
        before = ledger.outline_of(db, latest.id).get("texts", {})
        outline = outline | {"texts": lagging.carried(outline["texts"], before)}
    chosen = _level(level, prepared, changes)
    major, minor = next_number(latest.number if latest else None, chosen)
    row = CourseVersion(
        course_id=course_id,
        major=major,
        minor=minor,
        digest=prepared.digest,
        lang=prepared.course.lang,
        outline=outline,
        texts=prepared.texts,
        changes=changes.as_json(),
        search=prepared.search,
        note=(note or prepared.course.change.note)[:NOTE_CHARACTERS],
        source=keep(prepared, blobs),
        published_at=clock.now(),
        published_by_id=actor.id or None,
        reviewed_by_id=review.reviewer_id if review else None,
        reviewed_at=review.decided_at if review else None,
    )
    db.add(row)
    db.flush()
    _write_contents(db, row.id, course_id, prepared)
    ledger.write(db, course_id, row.id, prepared.outline)
    _make_current(db, course_id, row.id)
    audit.say(
        db,
        actor,
        "course.published",
        subject=prepared.slug,
        organisation_id=owner,
        version=f"{major}.{minor}",
        level=chosen.value,
        digest=prepared.digest,
    )
    return Published(row.id, major, minor, True, course_id, prepared.slug)


def exported(db: Session, blobs: Blobs, *, course: CourseHead, version: Version) -> bytes:
    """A version as a zip of its own language, with every id the course ever published beside it."""
    return writer.with_lock(blobs.get(version.source), ledger.lock_json(db, course.id, course.slug))


def _review(db: Session, actor: Actor, prepared: Prepared, owner: int) -> queries.ReviewCard | None:
    """The approval of this content; a refusal where the owner asks for one and there is none."""
    found = queries.approval(db, prepared.digest)
    if found is None and not actor.system and review_wanted(db, owner):
        raise Conflict(
            N_("This organisation publishes only what a second person has read. Ask for a review, then publish.")
        )
    return found


def review_wanted(db: Session, owner_id: int) -> bool:
    owner = organisations.by_id(db, owner_id)
    return owner is not None and organisations.review_required(db, owner.path)


def owner_for(db: Session, actor: Actor, prepared: Prepared, owner_id: int | None = None) -> int:
    """The organisation a course belongs to, or a refusal: the first to publish an id owns it."""
    course = queries.course_by_slug(db, prepared.slug)
    code = prepared.course.owner
    named = organisations.by_code(db, code) if code else None
    if code and not actor.system:
        if named is None:
            raise Invalid(
                owner=KitError(
                    N_('There is no organisation with the code "%(code)s". Correct "owner" in the course file.'),
                    code=code,
                )
            )
        if not actor.covers(named.path, *TEACHES):
            raise Forbidden(
                N_(
                    'The course names "%(owner)s" as its owner, and you do not publish for them. Correct "owner" in the course file.'
                ),
                owner=named.name,
            )
    if course is not None:
        if not may_edit(actor, course.owner_path):
            raise Forbidden(
                N_('The id "%(id)s" belongs to a course of %(owner)s. Give your course another id.'),
                id=prepared.slug,
                owner=course.owner_name,
            )
        return course.organisation_id
    if named is not None:
        return named.id
    if owner_id is None:
        raise Invalid(owner=N_('Say whose course this is: "owner" in the course file is the code of an organisation.'))
    return owner_id


def _new_course(db: Session, slug: str, owner: int, *, staff: bool) -> int:
    state = CourseState.STAFF if staff else CourseState.LIVE
    row = Course(slug=slug, organisation_id=owner, state=state, created_at=clock.now())
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError as taken:
        raise Conflict(N_('Somebody has just published a course with the id "%(id)s".'), id=slug) from taken
    return row.id


def _make_current(db: Session, course_id: int, version_id: int) -> None:
    row = db.get_one(Course, course_id)
    row.current_version_id = version_id
    db.flush()


def _level(wanted: ChangeLevel | None, prepared: Prepared, changes: Changes) -> ChangeLevel:
    """The step's decision, else the author's proposal; never less than the change is."""
    if wanted is ChangeLevel.MINOR and changes.least is ChangeLevel.MAJOR:
        raise Conflict(
            N_(
                "This change cannot be a minor one: pages, quizzes, questions or right answers that count are not what they were."
            )
        )
    if wanted is not None:
        return wanted
    proposed = prepared.course.change.level
    return ChangeLevel.MAJOR if proposed == "major" else changes.least


def _write_contents(db: Session, version_id: int, course_id: int, prepared: Prepared) -> None:
    pages = [
        {
            "version_id": version_id,
            "page": page.page,
            "lang": page.lang,
            "title": page.title,
            "text_lang": page.text_lang,
            "blocks": list(page.blocks),
            "sources": list(page.sources),
        }
        for page in prepared.pages
    ]
    quizzes = [
        {"version_id": version_id, "quiz": q.quiz, "page": q.page, "rules": q.rules, "items": list(q.items)}
        for q in prepared.quizzes
    ]
    assets = [
        {
            "version_id": version_id,
            "path": asset.path,
            "blob": asset.blob,
            "media_type": asset.media_type,
            "size": len(asset.data),
        }
        for asset in prepared.assets
    ]
    known = set(
        db.scalars(select(QuestionRevision.revision).where(QuestionRevision.revision.in_(sorted(prepared.questions))))
    )
    questions = [
        {"revision": q.revision, "course_id": course_id, "question": q.question, "type": q.type, "body": q.body}
        for q in prepared.questions.values()
        if q.revision not in known
    ]
    _insert(db, {PageText: pages, QuizRow: quizzes, Asset: assets, QuestionRevision: questions})


def _insert(db: Session, rows: dict[Any, list[dict[str, Any]]]) -> None:
    for table, values in rows.items():
        if values:
            db.execute(insert(table), values)


def revert(db: Session, actor: Actor, *, course: CourseHead, version: Version) -> Published:
    """Publish an earlier content again, as the newest version: nothing that was published is taken away.

    Learners in progress follow it only within their major version, as they follow every other one.
    """
    if not may_edit(actor, course.owner_path):
        raise Forbidden(N_("You may not change this course."))
    db.execute(select(Course.id).where(Course.id == course.id).with_for_update())
    latest = queries.latest_version(db, course.id)
    assert latest is not None
    if version.course_id != course.id or version.id == latest.id:
        raise Conflict(N_("Version %(version)s is the newest one already."), version=version.label)
    old = db.get_one(CourseVersion, version.id)
    if old.reviewed_by_id is None and not actor.system and review_wanted(db, course.organisation_id):
        raise Conflict(
            N_("Nobody has reviewed version %(version)s. Upload it and ask for a review."), version=version.label
        )
    changes = compare(stored_snapshot(db, latest.id), stored_snapshot(db, version.id), latest.label)
    changes = replace(changes, reverted_to=version.label)
    major, minor = next_number(latest.number, changes.least)
    row = CourseVersion(
        course_id=course.id,
        major=major,
        minor=minor,
        # A content is published once; a return to it is known by the number it got.
        digest=hashlib.sha256(f"{old.digest}:{major}.{minor}".encode()).hexdigest(),
        lang=old.lang,
        outline=old.outline,
        texts=old.texts,
        changes=changes.as_json(),
        search=old.search,
        note="",
        source=old.source,
        published_at=clock.now(),
        published_by_id=actor.id or None,
        reviewed_by_id=old.reviewed_by_id,
        reviewed_at=old.reviewed_at,
    )
    db.add(row)
    db.flush()
    for table in (PageText, QuizRow, Asset):
        columns = [column.key for column in table.__table__.columns if column.key != "version_id"]
        found = db.execute(select(*(getattr(table, c) for c in columns)).where(table.version_id == version.id))
        _insert(db, {table: [{"version_id": row.id, **dict(zip(columns, one, strict=True))} for one in found]})
    ledger.write(db, course.id, row.id, old.outline)
    _make_current(db, course.id, row.id)
    audit.say(
        db,
        actor,
        "course.reverted",
        subject=course.slug,
        organisation_id=course.organisation_id,
        version=f"{major}.{minor}",
        to=version.label,
    )
    return Published(row.id, major, minor, True, course.id, course.slug)
