"""People, places and courses for tests: plain functions that write rows and answer them."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actions.people import note_words
from app.accounts.models import GrantRow, Person, Post
from app.accounts.rules import PersonState
from app.catalog import importer
from app.catalog.format import reader
from app.kit import clock
from app.kit.actor import SYSTEM, Actor, Grant, Role
from app.kit.blobs import Blobs
from app.kit.i18n import sort_key
from app.organisations.models import Organisation
from app.organisations.rules import Kind, Sector

_numbers = itertools.count(1)


def an_organisation(
    db: Session, name: str = "", *, parent: Organisation | None = None, kind: Kind | None = None, code: str = ""
) -> Organisation:
    """An organisation under `parent`; without one, the country itself (made once)."""
    n = next(_numbers)
    if parent is None and kind is None:
        root = db.scalar(select(Organisation).where(Organisation.parent_id.is_(None)))
        if root is not None:
            return root
    kind = kind or (Kind.COUNTRY if parent is None else _below(parent.kind))
    name = name or f"Place {n}"
    row = Organisation(
        parent_id=parent.id if parent else None,
        path="",
        code=code or f"place-{n}",
        name=name,
        name_en=name,
        sort_key=sort_key(name),
        kind=kind,
        sector=Sector.PUBLIC,
        county="",
        legal_code="",
    )
    db.add(row)
    db.flush()
    row.path = f"{parent.path if parent else '/'}{row.id}/"
    db.flush()
    return row


def _below(kind: Kind) -> Kind:
    return {Kind.COUNTRY: Kind.MUNICIPALITY, Kind.MUNICIPALITY: Kind.INSTITUTION}.get(kind, Kind.UNIT)


def a_person(
    db: Session,
    organisation: Organisation | None = None,
    *,
    roles: Iterable[Role] = (),
    at: Organisation | None = None,
    given_name: str = "",
    family_name: str = "",
    email: str | None = "",
    lang: str = "lt",
    state: PersonState = PersonState.ACTIVE,
) -> Person:
    """Somebody working in `organisation`, holding `roles` there (or at `at`)."""
    n = next(_numbers)
    organisation = organisation or an_organisation(db)
    given_name, family_name = given_name or f"Given{n}", family_name or f"Family{n}"
    person = Person(
        key=secrets.token_urlsafe(9),
        email=f"person{n}@example.test" if email == "" else email,
        given_name=given_name,
        family_name=family_name,
        sort_key=sort_key(f"{family_name} {given_name}"),
        lang=lang,
        organisation_id=organisation.id,
        job_title="",
        state=state,
        created_at=clock.now(),
    )
    db.add(person)
    db.flush()
    db.add(Post(person_id=person.id, organisation_id=organisation.id, title="", started_on=clock.today()))
    for role in roles:
        place = at or organisation
        db.add(GrantRow(person_id=person.id, role=role, organisation_id=place.id, granted_at=clock.now()))
    note_words(db, person, new=True)
    return person


def actor_for(db: Session, person: Person) -> Actor:
    """The Actor this person is when signed in."""
    rows = db.execute(
        select(GrantRow.role, Organisation.id, Organisation.path)
        .join(Organisation, Organisation.id == GrantRow.organisation_id)
        .where(GrantRow.person_id == person.id)
    )
    place = db.get(Organisation, person.organisation_id) if person.organisation_id else None
    return Actor(
        id=person.id,
        key=person.key,
        given_name=person.given_name,
        family_name=person.family_name,
        lang=person.lang,
        organisation_id=person.organisation_id,
        organisation_path=place.path if place else "",
        organisation_name=place.name if place else "",
        grants=tuple(Grant(role, organisation_id, path) for role, organisation_id, path in rows),
    )


def course_files(
    slug: str = "first-course",
    *,
    pages: int = 3,
    questions: int = 2,
    mode: str = "check",
    lang: str = "en",
    title: str = "",
    owner: str = "",
) -> dict[str, str]:
    """The files of a small course: one module with some pages, the last of which may hold a quiz."""
    title = title or slug.replace("-", " ").capitalize()
    files = {
        "course.md": f"""---
kind: course
id: {slug}
title: {title}
summary: What {title} is about.
lang: {lang}
{f"owner: {owner}" if owner else ""}
contact: The author; answers within two working days
audience: Everybody
minutes: {pages * 3}
outcomes:
  - {{id: know, text: Explain it}}
  - {{id: do, text: Apply it}}
  - {{id: tell, text: Assess it}}
---
About this course.
""",
        "01-start/module.md": "---\nkind: module\nid: start\ntitle: The start\noutcomes: [know, do, tell]\n---\nHello.\n",
    }
    for n in range(1, pages + 1):
        files[f"01-start/{n:02d}-page-{n}.md"] = (
            f"---\nkind: page\nid: page-{n}\ntitle: Page {n}\nminutes: 2\n---\nText of page {n}.\n\n## Part {n}\n\nMore.\n"
        )
    if questions:
        quiz = [
            f"---\nkind: page\nid: test-page\ntitle: The test\nminutes: 2\n---\n## Test\n<!-- quiz id=test mode={mode} -->\n"
        ]
        quiz += [
            f"### Question {n}\n<!-- question id=q{n} outcomes=know,do,tell -->\n\n"
            "- [x] Right <!-- id=right -->\n  > Yes, this is why.\n"
            "- [ ] Wrong <!-- id=wrong -->\n  > No, and this is why.\n"
            "- [ ] Off <!-- id=off -->\n  > Not this.\n\n> [!EXPLANATION]\n> Because.\n"
            for n in range(1, questions + 1)
        ]
        files["01-start/90-test.md"] = "\n".join(quiz)
    return files


def read(files: dict[str, str]) -> reader.Course:
    """Read course files that are expected to be without errors."""
    reading = reader.read_files({path: text.encode() for path, text in files.items()})
    assert reading.course is not None and not reading.errors, [str(p) for p in reading.problems]
    return reading.course


def a_course(
    db: Session,
    blobs: Blobs,
    slug: str = "first-course",
    *,
    owner: Organisation | None = None,
    files: dict[str, str] | None = None,
    **shape: object,
) -> importer.Published:
    """A published course; `shape` goes to `course_files`."""
    course = read(files or course_files(slug, **shape))  # type: ignore[arg-type]
    owner = owner or an_organisation(db)
    prepared = importer.prepare(course)
    return importer.publish(db, SYSTEM, prepared, blobs=blobs, level=None, note="", owner_id=owner.id)
