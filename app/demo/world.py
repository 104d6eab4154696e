"""Building the demo world, the same every time: places, people, courses, and two years of learning before today."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.accounts.queries import PersonCard
from app.demo import drafting, duties, exams, groups, history, marks, names, norway, opinions, proofs, readings, studio
from app.demo.places import PILOTS, Place
from app.jobs import handlers
from app.kit import clock, i18n, jobs
from app.kit.actor import SYSTEM, Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.learning import actions as learning
from app.organisations import actions as organisations
from app.organisations.queries import OrganisationCard
from app.organisations.rules import Kind
from app.requirements import actions as requirements
from app.settings import Settings

PASSWORD = "demo-klasteris"  # noqa: S105 - everybody may know it, in demo mode only
DOMAIN = "demo.klasteris.example"
STEPS = 7


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody a visitor may be: `place` is the code of the post, `at` of the grant."""

    login: str
    given: str
    family: str
    place: str
    job_title: str
    role: Role | None = None
    at: str = ""
    lang: str = "lt"


NAMED = (
    Named("rasa", "Rasa", "Petrauskienė", "utenos-r-socialine-parama", "vyriausioji specialistė"),
    Named("jolanta", "Jolanta", "Vaitkutė", "druskininku-svietimo-centras", "lektorė", Role.TRAINER,
          "druskininku-svietimo-centras"),
    Named("daiva", "Daiva", "Jankauskienė", "utenos-r-personalas", "skyriaus vedėja", Role.MANAGER, "utenos-r-sav"),
    Named("ausra", "Aušra", "Kavaliauskienė", "utenos-biblioteka", "direktorė", Role.MANAGER, "utenos-biblioteka"),
    Named("vytautas", "Vytautas", "Žilinskas", "utenos-r-administracija", "administracijos direktorius", Role.ANALYST,
          "utenos-r-sav"),
    Named("admin", "Simona", "Stankevičiūtė", "druskininku-administracija", "sistemos administratorė",
          Role.ADMINISTRATOR, "lietuva"),
    Named("ingrid", "Ingrid", "Solheim", norway.KOMMUNE, "kommunedirektør", Role.MANAGER, norway.KOMMUNE, lang="nb"),
    Named("magnus", "Magnus", "Lien", norway.LIBRARY, "bibliotekar", lang="nb"),
)  # fmt: skip


@dataclass
class World:
    """What has been built so far."""

    rng: random.Random
    places: dict[str, OrganisationCard] = field(default_factory=dict)
    staff: dict[str, list[PersonCard]] = field(default_factory=dict)
    named: dict[str, PersonCard] = field(default_factory=dict)


Tell = Callable[[int, int | None], None]


def is_demo_person() -> ColumnElement[bool]:
    """The people whose password everybody knows."""
    return people.with_address_at(DOMAIN)


def build(sessions: Sessions, blobs: Blobs, settings: Settings, tell: Tell) -> None:
    """Fill an empty database. Whoever looks at it sees two years that end today."""
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    began = now - timedelta(days=730)
    world = World(random.Random(20150911))  # noqa: S311 - the same world every time
    stored = accounts.hash_password(PASSWORD)
    tell(0, STEPS)
    with clock.at(began), writing(sessions) as db:
        _places(db, world)
        tell(1, STEPS)
        _people(db, world, stored)
    tell(2, STEPS)
    history.publish(sessions, blobs, settings.courses, now)
    tell(3, STEPS)
    marks.publish(sessions, blobs, now)
    history.require(sessions, world, now)
    history.publish_correction(sessions, blobs, settings.courses, now)
    tell(4, STEPS)
    with reading(sessions) as db:
        runs = [*history.runs(db, world, now), *marks.runs(db, world, now)]
    with writing(sessions) as db:
        learning.take_over(db, SYSTEM, runs)
        tell(5, STEPS)
        learning.rebuild(db)
        requirements.settle(db)
    tell(6, STEPS)
    marks.hand_in(sessions, world, now)
    exams.hand_in(sessions, runs)
    history.of_named_people(sessions, world, now)
    opinions.of_learners(sessions, world, now)
    duties.of_all_kinds(sessions, world, now, base_url=settings.base_url)
    proofs.certify(sessions, world, now)
    groups.hold(sessions, world, now)
    drafting.write(sessions, blobs, world, now)
    studio.of_trainers(sessions, blobs, world, now)
    readings.ask(sessions, blobs, world, now)
    abroad = tuple(named for named in NAMED if named.lang == "nb")
    norway.build(sessions, world, abroad, domain=DOMAIN, stored=stored, now=now)
    # The mails and notices of those two years were written in those two years; whoever was due a reminder had it
    # yesterday in office hours, so that a manager may remind by hand today.
    work = handlers(settings.model_copy(update={"smtp_host": ""}))
    yesterday = now.astimezone(clock.LOCAL) - timedelta(days=1)
    with clock.at(max(yesterday, yesterday.replace(hour=10))):
        with writing(sessions) as db:
            requirements.send_due_reminders(db, base_url=settings.base_url)
        jobs.drain(sessions, work)
    tell(STEPS, STEPS)


def _places(db: Session, world: World) -> None:
    world.places = {card.code: card for card in organisations.found_country(db, SYSTEM)}
    for municipality, places in PILOTS.items():
        for place in places:
            _place(db, world, world.places[municipality], place)


def _place(db: Session, world: World, municipality: OrganisationCard, place: Place) -> None:
    card = organisations.create(
        db,
        SYSTEM,
        parent=municipality,
        code=place.code,
        name=place.name,
        name_en=place.name_en,
        kind=place.kind,
        sector=place.sector,
    )
    world.places[place.code] = card
    for code, name, _ in place.units:
        world.places[code] = organisations.create(db, SYSTEM, parent=card, code=code, name=name, kind=Kind.UNIT)


def _people(db: Session, world: World, stored: str) -> None:
    everybody = iter(names.people(world.rng))
    taken = {(named.given, named.family) for named in NAMED}
    for places in PILOTS.values():
        for place in places:
            seats = [(place.code, place.people), *((code, seats) for code, _, seats in place.units)]
            for code, number in seats:
                here = [named for named in NAMED if named.place == code]
                for named in here:
                    _named(db, world, named, stored)
                for n in range(number - len(here)):
                    who = next(name for name in everybody if (name.given, name.family) not in taken)
                    _somebody(db, world, code, who, place.posts[n % len(place.posts)], stored)


def _named(db: Session, world: World, named: Named, stored: str) -> None:
    card = accounts.create(
        db,
        SYSTEM,
        organisation=world.places[named.place],
        given_name=named.given,
        family_name=named.family,
        email=f"{named.login}@{DOMAIN}",
        job_title=named.job_title,
        lang=named.lang,
        password=stored,
    )
    world.named[named.login] = card
    world.staff.setdefault(named.place, []).append(card)
    if named.role is not None:
        accounts.give_grant(db, SYSTEM, person=card, role=named.role, organisation=world.places[named.at])


def _somebody(db: Session, world: World, place: str, who: names.Name, job_title: str, stored: str) -> None:
    number = sum(len(staff) for staff in world.staff.values()) + 1
    login = re.sub(r"[^a-z]+", ".", i18n.fold(f"{who.given} {who.family}"))
    # Cooks and carers often have no address at work.
    without = world.rng.random() < (0.25 if job_title in ("virėjas", "auklėtojo padėjėjas", "ūkvedys") else 0.01)
    card = accounts.create(
        db,
        SYSTEM,
        organisation=world.places[place],
        given_name=who.given,
        family_name=who.family,
        email=None if without else f"{login}.{number}@{DOMAIN}",
        staff_number=f"{number:04d}",
        job_title=_for(who, job_title),
        password=stored,
    )
    world.staff.setdefault(place, []).append(card)


def _for(who: names.Name, job_title: str) -> str:
    """A woman's post has a woman's ending in Lithuanian."""
    if who.given in names.MEN:
        return job_title
    words = []
    for word in job_title.split():
        for man, woman in (("tojas", "toja"), ("ėjas", "ėja"), ("ininkas", "ininkė"), ("ierius", "ierė"), ("ausias", "ausia"),
                           ("ausiasis", "ausioji"), ("esnysis", "esnioji"), ("istas", "istė"), ("ogas", "ogė"),
                           ("adovas", "adovė"), ("orius", "orė"), ("eris", "erė"), ("arnas", "arnė"), ("ešas", "ešė"),
                           ("arys", "arė"), ("vedys", "vedė"), ("afas", "afė"), ("nautis", "nautė"),
                           ("inis", "inė"), ("peutas", "peutė"), ("ikas", "ikė"), ("gesys", "gesė"), ("intis", "inti")):  # fmt: skip
            if word.endswith(man):
                word = word.removesuffix(man) + woman
                break
        words.append(word)
    return " ".join(words)
