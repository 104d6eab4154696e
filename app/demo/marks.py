"""A short course with a wrong key and an open question: what item analysis finds, and what waits to be marked."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.queries import PersonCard
from app.assessment import access, queries
from app.assessment import actions as assessment
from app.assessment.actions import PastAttempt
from app.catalog import importer
from app.catalog import queries as catalog
from app.catalog.format import reader
from app.demo.course import FILES
from app.kit import clock
from app.kit.actor import SYSTEM
from app.kit.blobs import Blobs
from app.kit.database import Sessions, writing
from app.learning import queries as learners
from app.learning.actions import PastEvent, PastRun
from app.learning.rules import Kind

if TYPE_CHECKING:
    from app.demo.world import World

SLUG, TEST, PRACTICE = "pranesimas-apie-pazeidima", "pazeidimo-testas", "pranesimas-zmogui"
PAGES = ("kada-pranesti", "testas")
PEOPLE = 60
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
# What the strong and the weak choose, in hundredths; the key of the first question is the wrong one.
CHOICES = {
    "kada-zmogui": (("kai-didelis", 92, 46), ("visada", 6, 28), ("paprasius", 2, 16), ("niekada", 0, 10)),
    "kada-vdai": (("per-72", 90, 50), ("per-24", 8, 30), ("per-menesi", 2, 20)),
    "kam-pirmiausia": (("pareigunui", 94, 56), ("ziniasklaidai", 1, 9), ("niekam", 5, 35)),
    "registras": (("tiesa", 88, 55), ("netiesa", 12, 45)),
    "kas-yra": (("laiskas", 93, 60), ("slaptazodis", 4, 22), ("atnaujinimas", 3, 18)),
}
# Answers to the open question, and how many days ago they were handed in.
WRITTEN = (
    (9, ("Sveiki, pranešame, kad praėjusią savaitę Jūsų prašymas su adresu ir telefonu el. paštu išsiųstas kitam gyventojui. "
        "Jį paprašėme laišką ištrinti, ir jis tai patvirtino. Jei sulauktumėte įtartinų skambučių, praneškite mums. "
        "Klausimus galite užduoti duomenų apsaugos pareigūnei, jos telefonas nurodytas mūsų svetainėje.")),
    (6, ("Gerb. gyventoja, įvyko klaida ir Jūsų duomenys pateko ne tam žmogui. Atsiprašome. Dabar viskas sutvarkyta, "
        "jaudintis nereikia.")),
    (3, ("Pranešame, kad vakar pamestas mūsų darbuotojo nešiojamasis kompiuteris, kuriame buvo Jūsų pareiškimo kopija. "
        "Kompiuteris užšifruotas, todėl svetimi duomenų perskaityti negali. Slaptažodį pakeitėme. Jums nieko daryti nereikia, "
        "o kilus klausimų rašykite duomenu.apsauga@druskininkai.example.")),
    (1, ("Laba diena, per klaidą paskelbėme sprendimą su Jūsų gimimo data. Po dviejų valandų jį pašalinome. Paieškos sistemos "
        "galėjo puslapį įsiminti, todėl paprašėme ištrinti kopiją. Patariame būti atidiems laiškams, kuriuose minima ši data. "
        "Atsako duomenų apsaugos pareigūnė.")),
)  # fmt: skip
COMMENT = "Aišku, kas įvyko, kada ir ką padarėte; pasakyta, kur kreiptis. Trūksta, ką pats žmogus gali padaryti, kad apsisaugotų."


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person's first attempt."""

    person: PersonCard
    at: datetime
    answers: dict[str, str]
    right: int
    score: float

    @property
    def passed(self) -> bool:
        return self.score >= 0.8


def publish(sessions: Sessions, blobs: Blobs, now: datetime) -> None:
    """The course, with the wrong key that nobody has noticed."""
    read = reader.read_files({path: text.encode() for path, text in FILES.items()})
    assert read.course is not None and not read.errors, [str(problem) for problem in read.problems]
    with clock.at(now - timedelta(days=75)):
        prepared = importer.prepare(read.course)
        importer.keep(prepared, blobs)
        with writing(sessions) as db:
            importer.publish(db, SYSTEM, prepared, blobs=blobs, level=None, note="Pirmasis leidimas.")


def _sittings(world: World, now: datetime) -> list[Sitting]:
    """People of Druskininkai and Prienai, some of whom know the matter; the same ones every time."""
    rng = random.Random(20260410)  # noqa: S311 - the same world every time
    named = {card.id for card in world.named.values()}
    places = sorted(code for code in world.staff if code.startswith(("druskininku-", "prienu-")))
    staff = [person for code in places for person in world.staff[code] if person.id not in named]
    out = []
    for person in rng.sample(staff, min(PEOPLE, len(staff))):
        strong = rng.random() < 0.55
        answers = {
            question: rng.choices([c[0] for c in choices], [c[1] if strong else c[2] for c in choices])[0]
            for question, choices in CHOICES.items()
        }
        right = sum(
            answers[question] == choices[0][0] for question, choices in CHOICES.items() if question != "kada-zmogui"
        )
        right += answers["kada-zmogui"] == "visada"
        at = (now - timedelta(days=rng.randint(12, 70))).replace(hour=rng.randint(6, 13), minute=rng.randint(0, 59))
        out.append(Sitting(person, at, answers, right, right / len(CHOICES)))
    return out


def runs(db: Session, world: World, now: datetime) -> list[PastRun]:
    """What the people did: read the page, took the test; who passed has completed the course."""
    course = catalog.course_by_slug(db, SLUG)
    assert course is not None and course.version_id is not None
    out = []
    for one in _sittings(world, now):
        assert one.person.organisation_id is not None
        graded = {"score": round(one.score, 6), "passed": one.passed, "page": PAGES[1]}
        events = [
            PastEvent(Kind.PAGE_FINISHED, one.at - timedelta(minutes=9), PAGES[0]),
            PastEvent(Kind.QUIZ_GRADED, one.at, TEST, graded),
        ]
        if one.passed:
            events += [PastEvent(Kind.PAGE_FINISHED, one.at, PAGES[1]), PastEvent(Kind.COURSE_COMPLETED, one.at)]
        begun = one.at - timedelta(minutes=12)
        place = one.person.organisation_id
        out.append(PastRun(one.person.id, course.id, place, 1, course.version_id, begun, tuple(events)))
    return out


def hand_in(sessions: Sessions, world: World, now: datetime) -> None:
    """The attempts themselves; four people wrote an answer, of which the first one has been marked."""
    rng = random.Random(20260411)  # noqa: S311 - nothing here is secret

    def key() -> str:
        return "".join(rng.choice(LETTERS) for _ in range(16))

    with writing(sessions) as db:
        course = catalog.course_by_slug(db, SLUG)
        assert course is not None and course.version_id is not None
        made = []
        sittings = _sittings(world, now)
        for seed, one in enumerate(sittings):
            run = learners.run_for(db, one.person.id, SLUG)
            assert run is not None and run.enrolment_id is not None
            answers = {question: {"options": [said]} for question, said in one.answers.items()}
            begun = one.at - timedelta(minutes=7)
            made.append(PastAttempt(run.enrolment_id, course.version_id, TEST, 1, "lt", seed, answers, begun, one.at))
        for one, (days, text) in zip([s for s in sittings if s.passed], WRITTEN, strict=False):
            run = learners.run_for(db, one.person.id, SLUG)
            assert run is not None and run.enrolment_id is not None
            at = now - timedelta(days=days)
            said = {"pranesimas": {"text": text}}
            begun = at - timedelta(minutes=20)
            made.append(PastAttempt(run.enrolment_id, course.version_id, PRACTICE, 1, "lt", 1, said, begun, at))
        assessment.take_over_attempts(db, made, key=key)
    with clock.at(now - timedelta(days=7)), writing(sessions) as db:
        jolanta = people.actor_of(db, world.named["jolanta"].id)
        assert jolanta is not None
        (oldest, *_rest) = queries.waiting_papers(db, access.marked_by(jolanta))
        assessment.mark(db, jolanta, paper=oldest, points=4, comment=COMMENT, known=0)
