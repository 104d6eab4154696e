"""Two years of learning: courses published, required and taken, at moments that lie before today."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.queries import PersonCard
from app.assessment import actions as assessment
from app.assessment import queries as attempts
from app.assessment import rules
from app.catalog import importer
from app.catalog import queries as catalog
from app.catalog.format import reader
from app.catalog.format.model import Course
from app.catalog.rules import ChangeLevel, Outline
from app.demo.places import PILOTS
from app.kit import clock
from app.kit.actor import SYSTEM, Actor
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.learning import actions as learning
from app.learning import queries as learners
from app.learning.actions import PastEvent, PastRun
from app.learning.rules import Kind
from app.requirements import actions as requirements
from app.requirements import queries
from app.requirements.rules import Terms

if TYPE_CHECKING:
    from app.demo.world import World

GDPR, FIRST_STEPS, AUTHORS = "bdar-pagrindai", "pirmieji-zingsniai", "kurso-rengimas"
LEGAL_BASIS = "BDAR 39 straipsnio 1 dalies b punktas"
REASON = "Savivaldybės darbuotojai tvarko gyventojų duomenis ir turi žinoti, kaip tai daryti teisėtai."


@dataclass(frozen=True, slots=True)
class Round:
    """One institution's requirement: assigned and due so many days from today, and how it has gone so far.

    `done` of every hundred have completed, `going` of every hundred have begun; it is good for so many `months`.
    """

    place: str
    assigned: int
    due: int
    done: int
    going: int
    months: int = 24


LATE = {"utenos-pspc": (59, 20), "utenos-globos-namai": (46, 25), "utenos-socialines-paslaugos": (88, 9)}
ROUNDS = (
    Round("utenos-r-administracija", -60, 19, 42, 33),
    Round("utenos-biblioteka", -50, 8, 84, 10),
    *(Round(code, -95, -9, *shares) for code, shares in LATE.items()),
    *(
        Round(place.code, -95, -9, 100, 0)
        for place in PILOTS["utenos-r-sav"]
        if place.code not in {"utenos-r-administracija", "utenos-biblioteka", *LATE}
    ),
    Round("druskininku-administracija", -400, -340, 96, 4, months=12),
    Round("druskininku-svietimo-centras", -400, -340, 100, 0),
    Round("prienu-administracija", -30, 33, 21, 29),
    Round("prienu-globos-namai", -30, 33, 7, 20),
    Round("birzu-administracija", -200, -120, 90, 5),
)


def publish(sessions: Sessions, blobs: Blobs, folder: Path, now: datetime) -> None:
    """The courses as they first came out; that of C3 before its acts had been checked."""
    for slug, days in ((GDPR, -716), (FIRST_STEPS, -480), (AUTHORS, -200)):
        if (folder / slug).is_dir():
            course = _course(folder, slug)
            first = _before_the_check(course) if slug == GDPR else course
            _publish(sessions, blobs, first, None, "Pirmasis leidimas.", now + timedelta(days=days))


def publish_correction(sessions: Sessions, blobs: Blobs, folder: Path, now: datetime) -> None:
    """C3 as it is today: a minor version, since what is asked of learners has not changed."""
    note = "Teisės aktų nuorodos palygintos su galiojančiomis redakcijomis; klausimai ir reikalavimai nepakito."
    _publish(sessions, blobs, _course(folder, GDPR), ChangeLevel.MINOR, note, now - timedelta(days=12))


def _course(folder: Path, slug: str) -> Course:
    course = reader.read_folder(folder / slug).course
    assert course is not None, f"{slug} cannot be read"
    return course


def _publish(
    sessions: Sessions, blobs: Blobs, course: Course, level: ChangeLevel | None, note: str, at: datetime
) -> None:
    with clock.at(at):
        prepared = importer.prepare(course)
        importer.keep(prepared, blobs)
        with writing(sessions) as db:
            importer.publish(db, SYSTEM, prepared, blobs=blobs, level=level, note=note)


def _before_the_check(course: Course) -> Course:
    """The same course from the time when nobody had yet compared its sources with the law."""
    files = {
        path: text.replace("checked_on: 2026-11-10", "unchecked: true").replace("on: 2026-11-10", "on: 2024-11-10")
        for path, text in course.files.items()
    }
    read = reader.read_files(
        {**{path: text.encode() for path, text in files.items()}, **{one.path: one.data for one in course.media}}
    )
    assert read.course is not None and not read.errors, [str(problem) for problem in read.problems]
    return read.course


def require(sessions: Sessions, world: World, now: datetime) -> None:
    """Every round's requirement, set by the manager of its time."""
    with reading(sessions) as db:
        course = catalog.course_by_slug(db, GDPR)
        daiva = people.actor_of(db, world.named["daiva"].id)
    assert course is not None and daiva is not None
    for one in sorted(ROUNDS, key=lambda one: one.assigned):
        actor = daiva if one.place.startswith("uten") else SYSTEM
        with clock.at(now + timedelta(days=one.assigned)), writing(sessions) as db:
            due_on = (now + timedelta(days=one.due)).astimezone(clock.LOCAL).date()
            place = world.places[one.place]
            rule = queries.simple(course.id, place.id, due_on, reason=REASON, legal_basis=LEGAL_BASIS)
            terms = Terms(valid_months=one.months, window_days=60, grace_days=15)
            requirements.set_rule(db, actor, rule=replace(rule, terms=terms, template="gdpr"))


def runs(db: Session, world: World, now: datetime) -> list[PastRun]:
    """What everybody did: the rounds as they went, and what some chose for themselves."""
    rng = world.rng
    out = _of_rounds(db, world, now, rng)
    out += _by_choice(db, world, now, rng, FIRST_STEPS, share=0.45, since=470)
    out += _by_choice(db, world, now, rng, AUTHORS, share=0.04, since=190)
    out += _by_choice(db, world, now, rng, GDPR, share=0.5, since=600, places=("druskininku-", "prienu-", "birzu-"))
    return out


def _staff(world: World, place: str) -> list[PersonCard]:
    """The people of an institution and its units, without those whom a visitor may be."""
    path = world.places[place].path
    named = {card.id for card in world.named.values()}
    codes = [code for code, card in world.places.items() if card.path.startswith(path)]
    return [person for code in codes for person in world.staff.get(code, ()) if person.id not in named]


def _of_rounds(db: Session, world: World, now: datetime, rng: random.Random) -> list[PastRun]:
    out = []
    for one in ROUNDS:
        staff = _staff(world, one.place)
        rng.shuffle(staff)
        done = round(len(staff) * one.done / 100)
        going = round(len(staff) * one.going / 100)
        begin, end = now + timedelta(days=one.assigned), min(now, now + timedelta(days=one.due))
        for n, person in enumerate(staff[: done + going]):
            out.append(_run(db, rng, person, GDPR, begin, end, completes=n < done))
    return out


def _by_choice(
    db: Session,
    world: World,
    now: datetime,
    rng: random.Random,
    slug: str,
    *,
    share: float,
    since: int,
    places: tuple[str, ...] = ("",),
) -> list[PastRun]:
    if catalog.course_by_slug(db, slug) is None:
        return []
    required = {person.id for one in ROUNDS for person in _staff(world, one.place)} if slug == GDPR else set()
    named = {card.id for card in world.named.values()}
    out = []
    for code, staff in world.staff.items():
        for person in staff:
            if person.id in named or person.id in required or not code.startswith(places) or rng.random() > share:
                continue
            begin = now - timedelta(days=rng.uniform(10, since))
            end = min(now, begin + timedelta(days=rng.uniform(2, 60)))
            out.append(_run(db, rng, person, slug, begin, end, completes=rng.random() < 0.7))
    return out


def _run(
    db: Session,
    rng: random.Random,
    person: PersonCard,
    slug: str,
    begin: datetime,
    end: datetime,
    *,
    completes: bool,
) -> PastRun:
    course = catalog.course_by_slug(db, slug)
    assert course is not None and course.version_id is not None and person.organisation_id is not None
    outline = catalog.outline(db, course.version_id)
    steps = _steps(outline, rng)
    if not completes:
        steps = steps[: rng.randint(1, max(1, len(steps) - 2))]
    moments = _moments(rng, begin, end, len(steps))
    events = [PastEvent(kind, at, subject, data) for (kind, subject, data), at in zip(steps, moments, strict=True)]
    if completes:
        events.append(PastEvent(Kind.COURSE_COMPLETED, moments[-1]))
    version = catalog.effective_version(db, course.id, 1)
    assert version is not None
    return PastRun(
        person_id=person.id,
        course_id=course.id,
        organisation_id=person.organisation_id,
        major=1,
        version_id=version.id,
        enrolled_at=begin,
        events=tuple(events),
    )


Step = tuple[Kind, str, dict[str, object]]


def _steps(outline: Outline, rng: random.Random) -> list[Step]:
    """Page by page and quiz by quiz; one in five needs a second try at a quiz."""
    out: list[Step] = []
    for page in outline.pages:
        for quiz in page.quizzes:
            if not quiz.counts:
                continue
            least, asked = quiz.pass_percent / 100, max(1, quiz.asked)
            if rng.random() < 0.2:
                low = round(int(rng.uniform(0.3, max(0.35, least - 0.1)) * asked) / asked, 6)
                out.append((Kind.QUIZ_GRADED, quiz.id, {"score": low, "passed": False, "page": page.id}))
            right = rng.randint(-int(-least * asked // 1), asked)
            score = round(max(least, right / asked), 6)
            out.append((Kind.QUIZ_GRADED, quiz.id, {"score": score, "passed": True, "page": page.id}))
        out.append((Kind.PAGE_FINISHED, page.id, {}))
    return out


def _moments(rng: random.Random, begin: datetime, end: datetime, number: int) -> list[datetime]:
    """Moments in order: some days of work within the span, a few minutes a page, in office hours."""
    span = max(timedelta(hours=4), end - begin)
    days = sorted(rng.random() ** 0.7 for _ in range(rng.randint(1, 4)))
    moments = []
    for n in range(number):
        day = days[min(len(days) - 1, n * len(days) // number)]
        at = begin + span * day
        at = at.replace(hour=6 + (n * 7) % 8, minute=rng.randint(0, 59))
        moments.append(min(at, end))
    return sorted(moments)


def of_named_people(sessions: Sessions, world: World, now: datetime) -> None:
    """What the people a visitor may be have done: through the same doors as anybody."""
    take(sessions, world, "rasa", FIRST_STEPS, now - timedelta(days=150), share=1.0)
    take(sessions, world, "rasa", GDPR, now - timedelta(days=6), share=0.3)
    take(sessions, world, "daiva", GDPR, now - timedelta(days=40), share=1.0)
    take(sessions, world, "ausra", GDPR, now - timedelta(days=20), share=0.6)
    take(sessions, world, "vytautas", FIRST_STEPS, now - timedelta(days=90), share=1.0)
    take(sessions, world, "jolanta", AUTHORS, now - timedelta(days=120), share=1.0)


def take(sessions: Sessions, world: World, login: str, slug: str, at: datetime, *, share: float) -> None:
    """Read and pass the first part of a course, a few minutes a page."""
    with reading(sessions) as db:
        actor = people.actor_of(db, world.named[login].id)
        course = catalog.course_by_slug(db, slug)
    if actor is None or course is None:
        return
    with clock.at(at), writing(sessions) as db:
        learning.enrol(db, actor, person_id=actor.id, course_id=course.id)
        run = learners.run_for(db, actor.id, slug)
        assert run is not None
    pages = run.outline.pages
    for n, page in enumerate(pages[: round(len(pages) * share)]):
        with clock.at(at + timedelta(minutes=4 * n)), writing(sessions) as db:
            for quiz in page.quizzes:
                _pass(db, actor, slug, quiz.id)
            fresh = learners.run_for(db, actor.id, slug)
            assert fresh is not None
            learning.finish_page(db, actor, fresh, page.id)


def _pass(db: Session, actor: Actor, slug: str, quiz: str) -> None:
    """Answer every question rightly and hand in."""
    run = learners.run_for(db, actor.id, slug)
    assert run is not None
    key = assessment.start(db, actor, run=run, quiz=quiz, seed=7)
    view = attempts.attempt(db, key)
    assert view is not None
    bodies = catalog.revisions(db, {one.revision for one in view.asked})
    for one in view.asked:
        body = bodies[one.revision].body
        response = rules.full_answer(body)
        if not response:  # what a person marks is answered by people
            continue
        assessment.save(db, actor, attempt=view, question=one.question, response=response, flagged=False)
    last = attempts.attempt(db, key)
    assert last is not None
    assessment.submit(db, actor, attempt=last)
