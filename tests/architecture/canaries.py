"""A word in every free text that one municipality has written: whoever of another finds it has been told too much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Column, Enum, String, Table, select, tuple_, update
from sqlalchemy.orm import Session

from app.assessment.models import CorrectionRow, ExtraAttempt, Grading
from app.assessment.rules import How, Policy
from app.catalog.models.reviews import ReviewComment
from app.kit import clock
from app.models import metadata
from app.organisations.models import Organisation
from app.requirements.models import PersonTag
from tests.architecture.world import Side

# What somebody writes for their own people alone. Of JSON, what stands under these names in it.
PRIVATE = {
    "answer_saves": {"response": ("text", "name")},
    "answers": {"response": ("text", "name")},
    "audit_packs": {"error": ()},
    "certificates": {"reason": (), "said": ("holder",)},
    "corrections": {"reason": ()},
    "data_requests": {"text": (), "because": (), "answer": ()},
    "draft_copies": {"text": ()},
    "drafts": {"title": ()},
    "evidence": {"data": ("note", "reason")},
    "exemptions": {"reason": ()},
    "extensions": {"reason": (), "answer": ()},
    "extra_attempts": {"reason": ()},
    "gradings": {"comment": ()},
    "group_members": {"told_room": ()},
    "group_sessions": {"room": ()},
    "incoming_files": {"name": ()},
    "notices": {"data": ("title", "question", "person", "ask")},
    "people": {"job_title": ()},
    "person_tags": {"tag": ()},
    "posts": {"title": ()},
    "publications": {"title": (), "filename": (), "note": (), "error": ()},
    "requirements": {"title": (), "reason": (), "legal_basis": ()},
    "review_comments": {"text": ()},
    "reviews": {"title": (), "filename": (), "note": (), "answer": ()},
    "saved_views": {"name": ()},
    "sign_ins": {"agent": (), "address": ()},
    "tokens": {"name": ()},
    "uploads": {"filename": ()},
}
# Of people, what begins with the mark of the place anyway.
MARKED = {"people": {"email", "staff_number", "given_name", "family_name", "sort_key"}}
# Texts that everybody reads: of published courses, and the names of places.
FOR_ALL = {
    "course_versions": {"outline", "texts", "changes", "search", "note", "source"},
    "media_texts": {"path", "text"},
    "organisations": {"name", "name_en", "name_nb", "sort_key", "county", "legal_code", "country"},
    "page_texts": {"title", "blocks", "sources"},
    "question_revisions": {"type", "body"},
    "quizzes": {"rules", "items"},
    "assets": {"path", "media_type"},
}
# What the machine writes for itself: keys, hashes, words of a fixed list, and numbers.
MACHINES = {
    "*": {"key", "slug", "subject", "lang", "blob", "digest", "quiz", "question", "page", "token", "upload_key"},
    "answer_saves": {"tab"},
    "answers": {"tries"},
    "assignments": {"steps"},
    "adoptions": {"licence"},
    "attempts": {"questions", "corrections"},
    "audit_packs": {"public_key", "training"},
    "certificate_series": {"prefix"},
    "certificates": {"number"},
    "corrections": {"data", "revisions"},
    "draft_copies": {"path"},
    "draft_files": {"path", "text"},  # a draft that a copy differs from: `draft_copies` holds the same page
    "enrolments": {"last_page"},
    "answer_sheets": {"code", "questions"},
    "group_sessions": {"code", "pin", "at_page"},
    "known_ids": {"kind", "type", "now_called"},
    "organisations": {"path", "code"},
    "page_texts": {"text_lang"},
    "people": {"password"},
    "person_words": {"word"},  # by which a list that shows the person finds them, and nothing shows
    "periods": {"steps", "met_by", "next_steps"},
    "publications": {"level", "regrade"},
    "question_revisions": {"revision"},
    "reminders": {"occasion"},
    "requirements": {"rule", "fingerprint"},
    "review_comments": {"path"},
    "reviews": {"checklist"},
    "saved_views": {"filters", "columns"},
    "sharings": {"licence"},
    "uploads": {"summary", "problems"},
}
# Of the whole house, not of a place; the audit trail repeats what is private above, and may not be touched.
HOUSE = {"audit", "beats", "jobs", "mails", "outages", "throttles"}


def unclassified() -> list[str]:
    """Columns with words in them of which nothing is said above."""
    found = []
    for table in metadata.sorted_tables:
        said = MACHINES["*"] | MACHINES.get(table.name, set()) | FOR_ALL.get(table.name, set())
        said |= set(PRIVATE.get(table.name, ())) | MARKED.get(table.name, set())
        found += [f"{table.name}.{one.name}" for one in _wordy(table) if one.name not in said]
    return found


def _wordy(table: Table) -> list[Column[Any]]:
    if table.name in HOUSE:
        return []
    return [one for one in table.columns if isinstance(one.type, String | JSON) and not isinstance(one.type, Enum)]


def write_more(db: Session, side: Side) -> None:
    """Rows for the texts of which a world has none otherwise."""
    now, trainer, second = clock.now(), side.members["trainer"].person, side.members["second"]
    attempts, enrolments, courses = (metadata.tables[name] for name in ("attempts", "enrolments", "courses"))
    handed_in = db.execute(select(attempts.c.id).where(attempts.c.key == side.paper)).scalar_one()
    course = db.execute(select(courses.c.id).where(courses.c.slug == f"{side.course}-once")).scalar_one()
    spent = db.execute(
        select(enrolments.c.id).where(enrolments.c.person_id == second.person.id, enrolments.c.course_id == course)
    ).scalar_one()
    review = db.execute(
        select(metadata.tables["reviews"].c.id).where(metadata.tables["reviews"].c.key == side.review)
    ).scalar_one()
    db.add_all(
        [
            Grading(
                attempt_id=handed_in,
                question="essay",
                number=1,
                fraction=0.5,
                comment="Well",
                marker_id=trainer.id,
                graded_at=now,
            ),
            ExtraAttempt(enrolment_id=spent, quiz="test", number=1, reason="Ill", actor_id=trainer.id, granted_at=now),
            CorrectionRow(
                course_id=course,
                question="q1",
                number=1,
                how=How.VOID,
                data={"right": [], "value": "", "revision": ""},
                revisions=[],
                policy=Policy.NOTHING,
                reason="Wrong",
                actor_id=trainer.id,
                corrected_at=now,
            ),
            ReviewComment(review_id=review, path="course.md", line=1, text="So?", person_id=trainer.id, created_at=now),
            PersonTag(person_id=side.people[0].id, tag="drivers"),
        ]
    )
    db.flush()


def plant(db: Session, side: Side) -> dict[str, str]:
    """Add a word to every private text of a side: column → the word, which begins with the mark of the side."""
    write_more(db, side)
    words: dict[str, str] = {}
    for table, keys in _belongings(db, side).items():
        for name, inside in PRIVATE.get(table.name, {}).items():
            word = f"{side.mark}-{len(words)}-canary"
            column, primary = table.c[name], list(table.primary_key.columns)
            at = tuple_(*primary)
            for row in db.execute(select(column, *primary).where(at.in_(keys))).all():
                value = _with(row[0], word, inside, getattr(column.type, "length", None))
                if value != row[0]:
                    where = [one == part for one, part in zip(primary, row[1:], strict=True)]
                    db.execute(update(table).where(*where).values({name: value}))
                    words[f"{table.name}.{name}"] = word
    return words


def _with(value: Any, word: str, inside: tuple[str, ...], length: int | None) -> Any:
    if inside:
        if not isinstance(value, dict):
            return value
        return {**value, **{name: f"{value[name]} {word}".strip() for name in inside if name in value}}
    room = (length or 10_000) - len(word) - 1
    return f"{(value or '')[:room]} {word}".strip()


def _belongings(db: Session, side: Side) -> dict[Table, set[tuple[Any, ...]]]:
    """Every row that leads to a place of the side, by whatever way: table → primary keys."""
    places = select(Organisation.id).where(Organisation.path.startswith(side.town.path))
    tables = metadata.sorted_tables
    rows = {table: [dict(one._mapping) for one in db.execute(select(table))] for table in tables}
    owned: dict[str, set[int]] = {table.name: set() for table in tables}
    owned["organisations"] = set(db.scalars(places))
    found: dict[Table, set[tuple[Any, ...]]] = {table: set() for table in tables}
    grew = True
    while grew:
        grew = False
        for table in tables:
            ways = list(_ways(table))
            for row in rows[table]:
                key = tuple(row[one.name] for one in table.primary_key.columns)
                if key in found[table]:
                    continue
                if table.name == "organisations":
                    mine = row["id"] in owned["organisations"]
                else:
                    mine = any(row[name] in owned[to] for name, to in ways)
                if mine:
                    found[table].add(key)
                    owned[table.name] |= {row["id"]} if "id" in row else set()
                    grew = True
    return found


def _ways(table: Table) -> Iterator[tuple[str, str]]:
    for column in table.columns:
        for key in column.foreign_keys:
            yield column.name, key.column.table.name
