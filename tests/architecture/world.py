"""Two municipalities with everything in each, and one person of every role in the first: what all routes are tried on."""

from __future__ import annotations

import io
import secrets
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import FastAPI
from sqlalchemy import Engine, event, insert, select, text
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts.models import GrantRow, Person, SignIn, Token
from app.accounts.rules import NoticeKind, PersonState
from app.assessment import access as attempts
from app.assessment import actions as assessment
from app.catalog import actions as catalog
from app.catalog import importer
from app.catalog.models import Asset, Course, CourseVersion
from app.catalog.rules import CourseState
from app.kit import clock
from app.kit.actor import Actor, Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, writing
from app.learning import actions as learning
from app.learning import queries as runs
from app.models import metadata
from app.organisations import queries as places
from app.organisations.models import Organisation
from app.requirements import actions as requirements
from app.web.deps import token_hash
from tests import factories

ACTORS = ("anonymous", "learner", "trainer", "manager", "analyst", "reviewer", "administrator")
DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><circle r="1"/></svg>'
PASSWORD = "trys žali drambliai plaukia"


@dataclass
class Member:
    """Somebody with a browser, a token, and one of everything that is their own."""

    person: Person
    cookie: str
    token: str
    attempt: str = ""
    handed_in: str = ""
    enrolment_id: int = 0
    sign_in_id: int = 0
    token_id: int = 0
    upload: str = ""


@dataclass
class Side:
    """One municipality: a library in it, people, courses it owns, and what they have done."""

    town: Organisation
    library: Organisation
    course: str
    hidden: str
    members: dict[str, Member] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    invited: str = ""
    link: str = ""
    requirement: str = ""
    grant_id: int = 0
    sheet: str = ""
    blob: str = ""
    digest: str = ""

    @property
    def names(self) -> list[str]:
        """Every family name and address here; they occur nowhere else."""
        everybody = [*self.people, *(member.person for member in self.members.values())]
        return [name for person in everybody for name in (person.family_name, person.email or "") if name]


@dataclass
class World:
    """`own` is where the seven actors work, `other` its neighbour."""

    app: FastAPI
    sessions: Sessions
    engine: Engine
    country: Organisation
    own: Side
    other: Side
    snapshot: Snapshot

    def member(self, actor: str) -> Member | None:
        return self.own.members.get(actor)


def course_with_everything(slug: str, owner: str) -> dict[str, str]:
    """Three pages with a picture and a self-check, and a test of three questions at the end."""
    files = factories.course_files(slug, pages=3, questions=3, owner=owner, title=f"Course {slug}")
    files["01-start/01-page-1.md"] += (
        "\n![A dot](media/dot.svg)\n\n## Try it\n<!-- question id=self -->\n\n"
        "- [x] Yes <!-- id=yes -->\n  > Selfcheck feedback.\n- [ ] No <!-- id=no -->\n  > Selfcheck feedback.\n"
    )
    files["media/dot.svg"] = DOT
    return files


def zipped(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, words in files.items():
            archive.writestr(path, words)
    return packed.getvalue()


def sign_in(db: Session, person: Person) -> str:
    """A cookie of somebody who has just been seen."""
    cookie, now = secrets.token_urlsafe(32), clock.now()
    row = SignIn(
        token=token_hash(cookie), person_id=person.id, created_at=now, seen_at=now, expires_at=now + timedelta(hours=12)
    )
    db.add(row)
    db.flush()
    return cookie


def a_token(db: Session, person: Person) -> str:
    token, now = f"klasteris_{secrets.token_urlsafe(32)}", clock.now()
    db.add(
        Token(
            token=token_hash(token),
            person_id=person.id,
            name="script",
            created_at=now,
            expires_at=now + timedelta(days=9),
            used_at=now,
        )
    )
    db.flush()
    return token


def finish_pages(db: Session, actor: Actor, slug: str) -> None:
    run = runs.run_for(db, actor.id, slug)
    assert run is not None
    for page in run.outline.pages:
        learning.finish_page(db, actor, run, page.id)


def begin_attempt(db: Session, actor: Actor, slug: str) -> str:
    run = runs.run_for(db, actor.id, slug)
    assert run is not None
    return assessment.start(db, actor, run=run, quiz="test", seed=1)


def a_member(db: Session, side: Side, given_name: str, family_name: str, roles: Iterable[Role]) -> Member:
    """Somebody in the library, with roles in the whole municipality, in the middle of everything."""
    person = factories.a_person(
        db,
        side.library,
        roles=roles,
        at=side.town,
        given_name=given_name,
        family_name=family_name,
        email=f"{given_name}.{family_name}@{side.town.code}.example".lower(),
        lang="en",
    )
    actor = factories.actor_for(db, person)
    for slug in (side.course, f"{side.course}-short", f"{side.course}-twice"):
        course_id = db.scalar(select(Course.id).where(Course.slug == slug))
        assert course_id is not None
        learning.enrol(db, actor, person_id=person.id, course_id=course_id)
    finish_pages(db, actor, f"{side.course}-short")
    short = runs.run_for(db, person.id, f"{side.course}-short")
    assert short is not None and short.completed_at is not None and short.enrolment_id is not None
    handed_in = begin_attempt(db, actor, f"{side.course}-twice")
    assessment.submit(db, actor, attempt=attempts.attempt_for(db, actor, handed_in))
    accounts.notify(db, person.id, NoticeKind.COMPLETED, course=side.course)
    cookie, token = sign_in(db, person), a_token(db, person)
    sign_in(db, person)
    return Member(
        person,
        cookie,
        token,
        attempt=begin_attempt(db, actor, side.course),
        handed_in=handed_in,
        enrolment_id=short.enrolment_id,
        sign_in_id=db.scalars(select(SignIn.id).where(SignIn.person_id == person.id).order_by(SignIn.id)).all()[-1],
        token_id=db.scalars(select(Token.id).where(Token.person_id == person.id)).one(),
    )


def an_upload(db: Session, blobs: Blobs, side: Side, member: Member, slug: str) -> str:
    data = zipped(course_with_everything(slug, side.town.code))
    examined = importer.examine("course.zip", data, today=clock.today())
    assert examined.course is not None and not examined.errors
    return catalog.keep_upload(
        db,
        factories.actor_for(db, member.person),
        filename="course.zip",
        blob=blobs.put(data),
        slug=slug,
        summary=importer.summary(examined.course),
        problems=importer.rows(examined.problems, examined.course.files),
    )


def a_side(db: Session, blobs: Blobs, country: Organisation, code: str, family_names: str) -> Side:
    """`family_names` is the beginning of every family name there, so that they can be looked for."""
    town = factories.an_organisation(db, f"{code.capitalize()} municipality", parent=country, code=code)
    library = factories.an_organisation(db, f"{code.capitalize()} library", parent=town, code=f"{code}-library")
    side = Side(town, library, f"{code}-course", f"{code}-hidden")
    for slug in (side.course, side.hidden, f"{side.course}-twice"):
        factories.a_course(db, blobs, slug, owner=town, files=course_with_everything(slug, town.code))
    short = factories.a_course(db, blobs, f"{side.course}-short", owner=town, pages=1, questions=0)
    everybody = [Role.TRAINER, Role.MANAGER, Role.ANALYST, Role.REVIEWER, Role.ADMINISTRATOR]
    for role in (None, *everybody):
        name = role.value if role else "learner"
        side.members[name] = a_member(
            db, side, name.capitalize(), f"{family_names}{name}", [role] if role is not None else []
        )
    for name in ("neighbour", "second"):
        roles = [Role.TRAINER] if name == "neighbour" else []
        side.members[name] = a_member(db, side, name.capitalize(), f"{family_names}{name}", roles)
    for name in ("trainer", "administrator", "neighbour"):
        side.members[name].upload = an_upload(db, blobs, side, side.members[name], f"{code}-new-{name}")
    db.execute(
        Course.__table__.update().where(Course.slug == side.hidden).values(state=CourseState.WITHDRAWN)  # type: ignore[attr-defined]
    )
    manager = factories.actor_for(db, side.members["manager"].person)
    card = places.by_code(db, library.code)
    assert card is not None
    course_id = short.course_id
    due_on = clock.today() + timedelta(days=10)
    side.requirement = requirements.require(db, manager, course_id=course_id, organisation=card, due_on=due_on).key
    for number in range(1, 4):
        late = factories.a_person(
            db,
            library,
            given_name=f"Late{number}",
            family_name=f"{family_names}late{number}",
            email=f"late{number}@{code}.example",
        )
        side.people.append(late)
        requirements.reach(db, manager, person_id=late.id)
    invited = factories.a_person(
        db,
        library,
        given_name="Invited",
        family_name=f"{family_names}invited",
        email=f"invited@{code}.example",
        state=PersonState.INVITED,
    )
    side.people.append(invited)
    side.invited, side.link = invited.key, accounts.hand_over_link(db, manager, person=_card(db, invited))
    reviewer = side.members["reviewer"].person.id
    side.grant_id = db.scalars(select(GrantRow.id).where(GrantRow.person_id == reviewer)).one()
    sheet = (
        f"Vardas;Pavardė;El. paštas;Įstaigos kodas\nNaujas;{family_names}new;new@{code}.example;{library.code}\n"
    ).encode("utf-8-sig")
    side.sheet = blobs.put(sheet)
    accounts.keep_upload(db, factories.actor_for(db, side.members["administrator"].person), blob=side.sheet)
    side.blob = db.scalars(select(Asset.blob)).first() or ""
    side.digest = db.scalars(
        select(CourseVersion.digest)
        .join(Course, Course.current_version_id == CourseVersion.id)
        .where(Course.slug == side.course)
    ).one()
    return side


def _card(db: Session, person: Person) -> object:
    from app.accounts import queries

    found = queries.person_by_id(db, person.id)
    assert found is not None
    return found


def a_world(app: FastAPI, sessions: Sessions, engine: Engine) -> World:
    blobs: Blobs = app.state.blobs
    with writing(sessions) as db:
        country = factories.an_organisation(db, "Country")
        own = a_side(db, blobs, country, "avile", "Avil")
        other = a_side(db, blobs, country, "beržai".replace("ž", "z"), "Kanar")
    return World(app, sessions, engine, country, own, other, Snapshot(engine))


class Snapshot:
    """Every row as it was; `restore` puts them back after somebody has written, and only then."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.written: list[str] = []
        self.paused = False
        with engine.connect() as connection:
            self.rows = {
                table: [dict(row._mapping) for row in connection.execute(select(table))]
                for table in metadata.sorted_tables
            }
        event.listen(engine, "before_cursor_execute", self._hear)

    def _hear(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not self.paused and statement.lstrip().split(None, 1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            self.written.append(statement)

    def restore(self) -> None:
        if not self.written:
            return
        self.paused = True
        postgresql = self.engine.dialect.name == "postgresql"
        try:
            with self.engine.connect() as connection:
                if postgresql:
                    connection.execute(text("SET session_replication_role = replica"))
                else:
                    connection.execute(text("PRAGMA defer_foreign_keys = ON"))
                for table in reversed(metadata.sorted_tables):
                    connection.execute(table.delete())
                for table, rows in self.rows.items():
                    if rows:
                        connection.execute(insert(table), rows)
                if postgresql:
                    connection.execute(text("SET session_replication_role = DEFAULT"))
                connection.commit()
        finally:
            self.paused = False
            self.written.clear()
