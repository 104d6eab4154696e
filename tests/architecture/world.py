"""Two municipalities with everything in each, and one person of every role in the first: what all routes are tried on."""

from __future__ import annotations

import io
import secrets
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import FastAPI
from sqlalchemy import Engine, Table, event, insert, select, text
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import importer as lists
from app.accounts import queries as people
from app.accounts.models import DeputyRow, GrantRow, Person, SignIn, Token
from app.accounts.queries import PersonCard
from app.accounts.rules import Asked, NoticeKind, PersonState
from app.assessment import access as attempts
from app.assessment import actions as assessment
from app.assessment import queries as attempt_queries
from app.assessment import rules as assessment_rules
from app.catalog import access, importer, queries
from app.catalog import actions as catalog
from app.catalog import queries as catalogue
from app.catalog.format import writer
from app.catalog.models import Adoption, Asset, Course, CourseVersion, Publication
from app.catalog.rules import CourseState
from app.certificates import actions as certificates
from app.certificates import queries as issued
from app.groups import actions as groups
from app.groups import queries as meetings
from app.kit import clock, incoming
from app.kit.actor import Actor, Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, writing
from app.learning import actions as learning
from app.learning import queries as runs
from app.learning.rules import Kind
from app.models import metadata
from app.organisations import queries as places
from app.organisations.models import Organisation
from app.organisations.queries import OrganisationCard
from app.packs import actions as packs
from app.packs import queries as kept
from app.reporting import actions as reporting
from app.requirements import actions as requirements
from app.requirements import queries as required
from app.requirements.actions import Credit
from app.web.deps import token_hash
from tests import factories

ACTORS = ("anonymous", "learner", "trainer", "manager", "analyst", "reviewer", "administrator")
DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><circle r="1"/></svg>'
CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"
PDF = b"%PDF-1.7\n1 0 obj\n"
PASSWORD = "trys žali drambliai plaukia"
NEW_PASSWORD = "keturi mėlyni vėžliai skrenda"


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
    incoming: str = ""
    written: str = ""
    period_id: int = 0
    deputy: str = ""


@dataclass
class Side:
    """One municipality: a library in it, people, courses it owns, and what they have done.

    `mark` begins every given name, family name, address and staff number there, and stands nowhere else.
    """

    town: Organisation
    library: Organisation
    museum: Organisation
    desk: Organisation
    shut: Organisation
    course: str
    hidden: str
    mark: str
    members: dict[str, Member] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    invited: str = ""
    disabled: str = ""
    away: str = ""
    link: str = ""
    requirement: str = ""
    duty_id: int = 0
    extension: str = ""
    data_request: str = ""
    certificate: str = ""
    pack: str = ""
    evidence_id: int = 0
    exemption_id: int = 0
    late_id: int = 0
    view: str = ""
    override_id: int = 0
    paper: str = ""
    spent: str = ""
    review: str = ""
    publication: str = ""
    grant_id: int = 0
    sheet: str = ""
    plan: str = ""
    blob: str = ""
    digest: str = ""
    draft: str = ""
    newest: str = ""
    copy_id: int = 0
    group: str = ""
    planned: str = ""
    ticket: str = ""
    answers: str = ""
    pin: str = ""

    @property
    def everybody(self) -> list[Person]:
        return [*self.people, *(member.person for member in self.members.values())]

    @property
    def secrets(self) -> list[str]:
        """Keys that lead to somebody, or to what somebody did: nothing for others to hold."""
        found = [person.key for person in self.everybody]
        for member in self.members.values():
            found += [
                member.attempt,
                member.handed_in,
                member.upload,
                member.incoming,
                member.written,
                member.cookie,
                member.token,
                member.deputy,
            ]
        return [
            one
            for one in (
                *found,
                self.requirement,
                self.pack,
                self.view,
                self.extension,
                self.data_request,
                self.paper,
                self.spent,
                self.sheet,
                self.link,
                self.draft,
                self.group,
                self.planned,
                self.ticket,
            )
            if one
        ]


def names_of(person: Person) -> tuple[str, ...]:
    """What somebody is known by."""
    return tuple(one for one in (person.given_name, person.family_name, person.email, person.staff_number) if one)


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
    """Three pages with a picture and a self-check, a test of three questions, and two questions that a person marks."""
    files = factories.course_files(slug, pages=3, questions=3, owner=owner, title=f"Course {slug}")
    files["01-start/01-page-1.md"] += (
        "\n![A dot](media/dot.svg)\n\n## Try it\n<!-- question id=self -->\n\n"
        "- [x] Yes <!-- id=yes -->\n  > Selfcheck feedback.\n- [ ] No <!-- id=no -->\n  > Selfcheck feedback.\n"
    )
    files["01-start/95-open.md"] = (
        "---\nkind: page\nid: open-page\ntitle: In your own words\nminutes: 2\nrequired: no\n---\n"
        "## Open questions\n<!-- quiz id=open mode=practice -->\n\n"
        "### Say it\n<!-- question id=essay type=essay points=2 -->\n\n> [!HINT]\n> Be brief.\n\n> [!RUBRIC]\n> Clear.\n\n"
        "### Show it\n<!-- question id=report type=upload accept=.pdf max-mb=1 -->\n\n> [!RUBRIC]\n> Whole.\n"
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


def begin_attempt(db: Session, actor: Actor, slug: str, quiz: str = "test") -> str:
    run = runs.run_for(db, actor.id, slug)
    assert run is not None
    return assessment.start(db, actor, run=run, quiz=quiz, seed=1)


def write_answers(db: Session, blobs: Blobs, member: Member, slug: str) -> str:
    """An attempt with a text and a file, not handed in."""
    actor = factories.actor_for(db, member.person)
    key = begin_attempt(db, actor, slug, "open")
    found = attempts.attempt_for(db, actor, key)
    assessment.save(db, actor, attempt=found, question="essay", response={"text": "My words."}, flagged=False)
    blob = blobs.put(PDF)
    assessment.attach(db, actor, attempt=found, question="report", name="report.pdf", blob=blob, size=len(PDF))
    return key


def somebody(
    db: Session, side: Side, name: str, *, roles: Iterable[Role] = (), state: PersonState = PersonState.ACTIVE
) -> Person:
    """Somebody in the library, with roles in the whole municipality, called by the mark of the place."""
    person = factories.a_person(
        db,
        side.library,
        roles=roles,
        at=side.town,
        given_name=f"{side.mark}as{name}",
        family_name=f"{side.mark}ys{name}",
        email=f"{side.mark}.{name}@{side.town.code}.example".lower(),
        lang="en",
        state=state,
    )
    person.employer_id, person.staff_number = side.library.id, f"{side.mark}-{name}"
    db.flush()
    return person


def a_member(db: Session, side: Side, name: str, roles: Iterable[Role], password: str) -> Member:
    """Somebody in the middle of everything."""
    person = somebody(db, side, name, roles=roles)
    person.password = password
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
    deputy = secrets.token_hex(10)
    later = clock.today() + timedelta(days=30)  # not yet, so that nobody has more rights than their role's
    db.add(
        DeputyRow(key=deputy, manager_id=person.id, deputy_id=person.id, since=later, until=later, named_at=clock.now())
    )
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
        deputy=deputy,
    )


def an_upload(db: Session, blobs: Blobs, side: Side, member: Member, slug: str) -> str:
    data = zipped(course_with_everything(slug, side.town.code))
    examined = importer.examine("course.zip", data, today=clock.today())
    assert examined.course is not None and not examined.errors
    blob = blobs.put(data)
    picture = importer.proposed.Picture("media/dot.svg", blobs.put(DOT.encode()))
    proposal = importer.Proposed(blob, False, "", "", (picture,))
    return catalog.keep_upload(
        db,
        factories.actor_for(db, member.person),
        filename="course.zip",
        blob=blob,
        slug=slug,
        summary=importer.summary(examined.course) | importer.proposal_rows(proposal),
        problems=importer.rows(examined.problems, examined.course.files),
    )


def shared_and_adopted(db: Session, side: Side, member: Member) -> None:
    """The course with everything may be adopted, and was itself made from another whose newest version is newer."""
    actor = factories.actor_for(db, member.person)
    head, original = (catalogue.course_by_slug(db, slug) for slug in (side.course, f"{side.course}-twice"))
    assert head is not None and original is not None
    catalog.share(db, actor, course=head, licence="CC-BY-4.0")
    catalog.share(db, actor, course=original, licence="CC-BY-4.0")
    side.newest = catalogue.versions(db, original.id)[0].label
    row = Adoption(
        organisation_id=head.organisation_id,
        slug=head.slug,
        original_id=original.id,
        base_version_id=catalogue.versions(db, original.id)[-1].id,
        licence="CC-BY-4.0",
        adopted_at=clock.now(),
    )
    db.add(row)
    db.flush()


def a_draft(db: Session, blobs: Blobs, side: Side, member: Member) -> str:
    """A draft of the course with everything, and more files than that: shared by its trainers."""
    actor = factories.actor_for(db, member.person)
    head = catalogue.course_by_slug(db, side.course)
    version = catalogue.latest_version(db, head.id) if head is not None else None
    assert head is not None and version is not None
    more = {"spare": f"{DOT}<!-- spare -->", "gone": f"{DOT}<!-- gone -->", "untold": f"{DOT}<!-- untold -->"}
    contents = catalog.contents_of(blobs, version)
    media = {f"media/{name}.svg": (blobs.put(text.encode()), len(text)) for name, text in more.items()}
    media["media/film.mp4"] = (blobs.put(b"\0\0\0\x18ftypmp42"), 12)
    contents = catalog.Contents(contents.texts, {**contents.blobs, **media})
    key = catalog.start_draft(
        db, actor, slug=side.course, title="Course", contents=contents, course=head, version=version
    )
    draft = catalogue.draft_by_key(db, key)
    assert draft is not None
    catalog.describe(db, actor, draft=draft, path="media/spare.svg", text="A spare dot.", decorative=False)
    catalog.remove_media(db, actor, draft=draft, path="media/gone.svg")
    side.copy_id = catalog.keep_copy(
        db, actor, draft=draft, path="01-start/01-page-1.md", text=f"Words of {side.mark}.", base=0
    )
    return key


def _taken_once(slug: str) -> dict[str, str]:
    files = factories.course_files(slug, pages=1, questions=1)
    return {path: text.replace("mode=check", "mode=check attempts=1") for path, text in files.items()}


def _spent(db: Session, person: Person, slug: str) -> str:
    """The only attempt that somebody had, and it did not pass."""
    actor, course = factories.actor_for(db, person), catalogue.course_by_slug(db, slug)
    assert course is not None
    learning.enrol(db, actor, person_id=person.id, course_id=course.id)
    key = begin_attempt(db, actor, slug)
    assessment.submit(db, actor, attempt=attempts.attempt_for(db, actor, key))
    return key


def _review_and_schedule(db: Session, blobs: Blobs, side: Side, slug: str) -> None:
    """What a trainer has asked to be read, and what waits to be published."""
    neighbour = factories.actor_for(db, side.members["neighbour"].person)
    upload = access.upload_for(db, neighbour, side.members["neighbour"].upload)
    examined = importer.examine(upload.filename, blobs.get(upload.blob), today=clock.today())
    assert examined.course is not None
    digest, owner = writer.content_hash(examined.course), side.town.id
    side.review = catalog.ask_review(
        db, neighbour, upload=upload, organisation_id=owner, digest=digest, title=f"{side.mark} course"
    )
    later = clock.now() + timedelta(days=30)
    catalog.schedule(db, neighbour, upload=upload, organisation_id=owner, title=f"{side.mark} course", at=later)
    side.publication = queries.waiting_publications(db, Publication.slug == slug)[0].key


def a_side(db: Session, blobs: Blobs, country: Organisation, code: str, mark: str, password: str) -> Side:
    town = factories.an_organisation(db, f"{code.capitalize()} municipality", parent=country, code=code)
    library = factories.an_organisation(db, f"{code.capitalize()} library", parent=town, code=f"{code}-library")
    museum = factories.an_organisation(db, f"{code.capitalize()} museum", parent=town, code=f"{code}-museum")
    desk = factories.an_organisation(db, f"{code.capitalize()} desk", parent=library, code=f"{code}-desk")
    shut = factories.an_organisation(db, f"{code.capitalize()} archive", parent=town, code=f"{code}-shut")
    shut.closed_at = clock.now()
    side = Side(town, library, museum, desk, shut, f"{code}-course", f"{code}-hidden", mark)
    for slug in (side.course, side.hidden, f"{side.course}-twice"):
        files = course_with_everything(slug, town.code)
        factories.a_course(db, blobs, slug, owner=town, files=files)
        files["01-start/02-page-2.md"] += "\nAnd some more.\n"
        factories.a_course(db, blobs, slug, owner=town, files=files)
    short = factories.a_course(db, blobs, f"{side.course}-short", owner=town, pages=1, questions=0)
    factories.a_course(db, blobs, f"{side.course}-once", owner=town, files=_taken_once(f"{side.course}-once"))
    for role in (None, Role.TRAINER, Role.MANAGER, Role.ANALYST, Role.REVIEWER, Role.ADMINISTRATOR):
        name = role.value if role else "learner"
        side.members[name] = a_member(db, side, name, [role] if role is not None else [], password)
    for name in ("neighbour", "second"):
        roles = [Role.TRAINER] if name == "neighbour" else []
        side.members[name] = a_member(db, side, name, roles, password)
    for member in side.members.values():
        member.written = write_answers(db, blobs, member, side.course)
    second = side.members["second"]
    side.spent = _spent(db, second.person, f"{side.course}-once")
    side.paper = write_answers(db, blobs, second, f"{side.course}-twice")
    learner = factories.actor_for(db, second.person)
    assessment.submit(db, learner, attempt=attempts.attempt_for(db, learner, side.paper))
    files = course_with_everything(f"{side.course}-twice", town.code)
    files["01-start/04-page-4.md"] = files["01-start/02-page-2.md"].replace("age-2", "age-4")
    factories.a_course(db, blobs, f"{side.course}-twice", owner=town, files=files)
    for name in ("trainer", "administrator", "neighbour"):
        member = side.members[name]
        member.upload = an_upload(db, blobs, side, member, f"{code}-new-{name}")
        sender = factories.actor_for(db, member.person)
        member.incoming = incoming.begin(db, sender, name="film.mp4", size=9).key
    shared_and_adopted(db, side, side.members["trainer"])
    side.draft = a_draft(db, blobs, side, side.members["trainer"])
    _review_and_schedule(db, blobs, side, f"{code}-new-neighbour")
    db.execute(
        Course.__table__.update().where(Course.slug == side.hidden).values(state=CourseState.WITHDRAWN)  # type: ignore[attr-defined]
    )
    manager = factories.actor_for(db, side.members["manager"].person)
    due_on = clock.today() + timedelta(days=10)
    side.requirement = requirements.require(
        db, manager, course_id=short.course_id, organisation=_place(db, library), due_on=due_on
    ).key
    for number in range(1, 4):
        late = somebody(db, side, f"late{number}")
        side.people.append(late)
        requirements.reach(db, manager, person_id=late.id)
    _duties(db, blobs, side, manager, f"course:{short.course_id}")
    side.view = reporting.save_view(
        db, manager, place=_place(db, library), name=f"{mark} view", filters={"kind": "required"}, shared=True
    )
    head = catalogue.course_by_slug(db, side.course)
    assert head is not None
    said = assessment_rules.Override(False, seconds=3600)
    place = _place(db, museum)
    assessment.override(db, manager, course_id=head.id, quiz="test", person=None, organisation=place, said=said)
    side.override_id = attempt_queries.overrides(db, head.id)[0].id
    late = required.latest_period(db, side.people[1].id, f"course:{short.course_id}", clock.today())
    side.late_id = late.id if late is not None else 0
    _groups(db, side)
    invited = somebody(db, side, "invited", state=PersonState.INVITED)
    disabled = somebody(db, side, "disabled", state=PersonState.DISABLED)
    quiet, away = somebody(db, side, "quiet", state=PersonState.INVITED), somebody(db, side, "away")
    quiet.email = None
    requirements.reach(db, manager, person_id=quiet.id)
    requirements.give_leave(db, manager, person=_card(db, away), since=clock.today(), until=due_on)
    side.people += [invited, disabled, quiet, away]
    side.invited, side.disabled, side.away = invited.key, disabled.key, away.key
    # All but two of those who have completed the short course have their certificate.
    whose = [one.enrolment_id for name, one in side.members.items() if name not in ("reviewer", "analyst")]
    certificates.issue(db, manager, enrolment_ids=whose)
    card = issued.of_enrolment(db, second.enrolment_id)
    assert card is not None
    side.certificate = card.paper.key
    side.data_request = _a_question(db, side)
    side.pack = _a_pack(db, blobs, manager, side.requirement, library)
    side.link = accounts.hand_over_link(db, manager, person=_card(db, invited))
    reviewer = side.members["reviewer"].person.id
    side.grant_id = db.scalars(select(GrantRow.id).where(GrantRow.person_id == reviewer)).one()
    sheet = (
        "Vardas;Pavardė;El. paštas;Įstaigos kodas\n"
        f"{mark}asnew;{mark}ysnew;{mark.lower()}.new@{code}.example;{library.code}\n"
    ).encode("utf-8-sig")
    side.sheet = blobs.put(sheet)
    administrator = factories.actor_for(db, side.members["administrator"].person)
    accounts.keep_upload(db, administrator, blob=side.sheet)
    side.plan = lists.plan_import(db, administrator, lists.read(sheet)).digest
    side.blob = db.scalars(select(Asset.blob)).first() or ""
    side.digest = db.scalars(
        select(CourseVersion.digest)
        .join(Course, Course.current_version_id == CourseVersion.id)
        .where(Course.slug == side.course)
    ).one()
    return side


def _groups(db: Session, side: Side) -> None:
    """A session that the trainer leads and everybody has joined, with a sheet of paper; and one that is planned."""
    trainer, head = factories.actor_for(db, side.members["trainer"].person), catalogue.course_by_slug(db, side.course)
    assert head is not None
    where = {"course": head, "place": _place(db, side.library), "starts_at": clock.now(), "room": "Hall"}
    side.planned = groups.plan(db, trainer, **where).key
    card = groups.plan(db, trainer, **where)
    groups.open_session(db, trainer, group=card)
    for member in side.members.values():
        groups.join(db, factories.actor_for(db, member.person), group=card)
    groups.mark_present(db, trainer, group=card, people=[_card(db, one) for one in side.people[:2]])
    first = [one for one in meetings.members(db, card.id) if one.person_id == side.people[0].id]
    groups.print_sheets(db, trainer, group=card, quiz="test", people=first)
    side.answers = meetings.sheets(db, card.id)[0].code
    opened = meetings.group_by_key(db, card.key)
    assert opened is not None
    side.group, side.ticket, side.pin = opened.key, opened.code, opened.pin


def _place(db: Session, organisation: Organisation) -> OrganisationCard:
    found = places.by_code(db, organisation.code)
    assert found is not None
    return found


def _duties(db: Session, blobs: Blobs, side: Side, manager: Actor, completed: str) -> None:
    """Something that waits for everybody, somebody who asks for more time, evidence from elsewhere, and an excuse."""
    duty = factories.a_course(db, blobs, f"{side.course}-duty", owner=side.town, pages=1, questions=0)
    due_on = clock.today() + timedelta(days=40)
    requirements.require(db, manager, course_id=duty.course_id, organisation=_place(db, side.library), due_on=due_on)
    side.duty_id = duty.course_id
    subject, first = f"course:{duty.course_id}", side.people[0]
    for member in side.members.values():
        period = required.latest_period(db, member.person.id, subject, clock.today())
        member.period_id = period.id if period is not None else 0
    waits = required.latest_period(db, first.id, subject, clock.today())
    assert waits is not None and side.members["learner"].period_id
    side.extension = requirements.ask_for_time(
        db, factories.actor_for(db, first), period=waits, reason="Many duties at once"
    )
    said = Credit(Kind.PROOF_ACCEPTED, clock.today(), "No. 11")
    assert requirements.record_evidence(db, manager, person=_card(db, first), subject=completed, said=said)
    met = required.latest_period(db, first.id, completed, clock.today())
    assert met is not None and met.evidence_id is not None
    side.evidence_id = met.evidence_id
    requirements.exempt(db, manager, people=[_card(db, first)], subject="course:0", reason="Another post")
    side.exemption_id = required.exemptions_of(db, [first.id])[first.id][0].id


def _a_question(db: Session, side: Side) -> str:
    """What somebody asks about their own data."""
    actor = factories.actor_for(db, side.members["learner"].person)
    return accounts.ask_about_data(db, actor, asked=Asked.ERASURE, text="My old post", base_url="http://here")


def _a_pack(db: Session, blobs: Blobs, manager: Actor, requirement: str, library: Organisation) -> str:
    """One with names, ready to be taken away."""
    one = required.requirement_by_key(db, requirement, "en")
    assert one is not None
    key = packs.ask(db, manager, requirement=one, unit=_place(db, library), as_of=clock.today(), named=True)
    card = kept.by_key(db, key)
    assert card is not None
    packs.keep(db, pack_id=card.id, blob=blobs.put(b"a pack"), size=6, public_key="ab" * 32)
    return key


def _card(db: Session, person: Person) -> PersonCard:
    found = people.person_by_id(db, person.id)
    assert found is not None
    return found


def a_world(app: FastAPI, sessions: Sessions, engine: Engine) -> World:
    blobs: Blobs = app.state.blobs
    password = accounts.hash_password(PASSWORD)
    with writing(sessions) as db:
        country = factories.an_organisation(db, "Country")
        own = a_side(db, blobs, country, "avile", "Avizon", password)
        other = a_side(db, blobs, country, "berzai", "Kanapin", password)
    return World(app, sessions, engine, country, own, other, Snapshot(engine))


class Snapshot:
    """Every row as it was; `restore` puts them back after somebody has written, and only then."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.written: list[str] = []
        self.paused = False
        self.rows = self.now()
        event.listen(engine, "before_cursor_execute", self._hear)

    def now(self) -> dict[Table, list[dict[str, object]]]:
        with self.engine.connect() as connection:
            return {
                table: [
                    dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key.columns))
                ]
                for table in metadata.sorted_tables
            }

    def changed(self) -> list[str]:
        """The tables that are not as they were."""
        now = self.now()
        return [table.name for table, rows in self.rows.items() if now[table] != rows]

    def _hear(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not self.paused and statement.lstrip().split(None, 1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            self.written.append(statement)

    def _touched(self) -> set[str]:
        """The tables that were written to; all of them where something was deleted, with which more may have gone, or
        where a test says in words of its own what it has changed."""
        words = [statement.split(None, 3) for statement in self.written]
        if any(word[0].upper() not in ("INSERT", "UPDATE") for word in words):
            return set(metadata.tables)
        return {(word[2] if word[0].upper() == "INSERT" else word[1]).strip('"') for word in words}

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
                touched = self._touched() if postgresql else set(metadata.tables)  # there nothing else goes with them
                for table in reversed(metadata.sorted_tables):
                    if table.name in touched:
                        connection.execute(table.delete())
                for table, rows in self.rows.items():
                    if rows and table.name in touched:
                        connection.execute(insert(table), rows)
                if postgresql:
                    connection.execute(text("SET session_replication_role = DEFAULT"))
                connection.commit()
        finally:
            self.paused = False
            self.written.clear()
