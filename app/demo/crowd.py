"""One person after another for `country`: who they are, and what five courses have left of rows about them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from app.accounts.rules import PersonState, words_of
from app.demo import names
from app.kit import clock, i18n
from app.learning.rules import NEVER, Kind, RunState

ASSIGNED_AGO = 120  # days since the duties were set
REQUIRED, CHOSEN = 2, 3  # courses for each person
REASON = "Privaloma visiems savivaldybės darbuotojams."
COURSES = (
    ("kibernetine-higiena", "Kibernetinė higiena"),
    ("asmens-duomenu-apsauga", "Asmens duomenų apsauga"),
    ("gaisrine-sauga", "Gaisrinė sauga"),
    ("darbu-sauga", "Darbuotojų sauga ir sveikata"),
    ("korupcijos-prevencija", "Korupcijos prevencija"),
    ("viesieji-pirkimai", "Viešieji pirkimai"),
    ("aptarnavimas", "Gyventojų aptarnavimas"),
    ("dokumentu-valdymas", "Dokumentų valdymas"),
    ("vieso-sektoriaus-etika", "Viešojo sektoriaus etika"),
    ("projektu-valdymas", "Projektų valdymas"),
    ("aiski-kalba", "Aiški kalba"),
    ("skaitmeniniai-irankiai", "Skaitmeniniai įrankiai"),
    ("dirbtinis-intelektas", "Dirbtinis intelektas darbe"),
    ("itrauktis", "Įtrauktis ir prieinamumas"),
    ("krizes", "Krizių valdymas"),
    ("finansu-pagrindai", "Viešųjų finansų pagrindai"),
    ("zaliasis-pirkimas", "Žaliasis pirkimas"),
    ("komandinis-darbas", "Komandinis darbas"),
    ("pirmoji-pagalba", "Pirmoji pagalba"),
    ("streso-valdymas", "Streso valdymas"),
)
TITLES = ("specialistė", "vyriausioji specialistė", "mokytoja", "administratorė", "vedėja", "slaugytoja")

Cell = tuple[int, int, RunState, bool, date]


@dataclass(frozen=True, slots=True)
class Offer:
    """A published course: what a run through it is about. `needed` are the ids of its pages."""

    course_id: int
    version_id: int
    needed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """One municipality's requirement. `place` says which of the offers it is about."""

    requirement_id: int
    subject: str
    place: int
    due_on: date
    steps: list[list[Any]]
    opens_on: date
    assigned_at: datetime


@dataclass
class Rows:
    """Rows to write, by table, and the last numbers given."""

    person_id: int
    enrolment_id: int
    evidence_id: int
    period_id: int
    of: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {
            name: []
            for name in (
                "people",
                "person_words",
                "posts",
                "enrolments",
                "evidence",
                "progress",
                "assignments",
                "periods",
            )
        }
    )


def course_files(slug: str, title: str) -> dict[str, str]:
    """A short course of two pages: long enough to be begun and not finished."""
    outcomes = "\n".join(
        f"  - {{id: o{n}, text: {text}}}" for n, text in enumerate(("Paaiškina", "Taiko", "Vertina"), 1)
    )
    files = {
        "course.md": f"---\nkind: course\nid: {slug}\ntitle: {title}\nsummary: {title} kiekvienam darbuotojui.\nlang: lt\n"
        f"contact: Mokymų skyrius; atsakome per dvi darbo dienas\naudience: Visi darbuotojai\nminutes: 10\n"
        f"outcomes:\n{outcomes}\n---\n{title}: trumpas kursas.\n",
        "01-pradzia/module.md": "---\nkind: module\nid: pradzia\ntitle: Pradžia\noutcomes: [o1, o2, o3]\n---\nTrumpai.\n",
    }
    for n, name in enumerate(("Ką reikia žinoti", "Ką reikia daryti"), 1):
        files[f"01-pradzia/{n:02d}-puslapis-{n}.md"] = (
            f"---\nkind: page\nid: puslapis-{n}\ntitle: {name}\nminutes: 5\n---\n## {title}\n\nTrumpas tekstas.\n"
        )
    return files


@cache
def _sort_key(given: str, family: str) -> str:
    return i18n.sort_key(f"{family} {given}")


def _name(who: random.Random) -> tuple[str, str]:
    stem, man, married, unmarried = who.choice(names.SURNAMES).split("-")
    if who.random() < 0.25:
        return who.choice(names.MEN), stem + man
    return who.choice(names.WOMEN), stem + (married if who.random() < 0.65 else unmarried)


def somebody(
    rows: Rows, who: random.Random, number: int, institution: int, now: datetime, password: str, domain: str
) -> None:
    """One person with one post; one in twenty has no address."""
    given, family = _name(who)
    rows.person_id += 1
    title = who.choice(TITLES)
    since = now - timedelta(days=who.randint(130, 4000))
    rows.of["people"].append(
        {
            "id": rows.person_id,
            "key": f"{who.getrandbits(80):020x}",
            "email": None if who.random() < 0.05 else f"p{number}@{domain}",
            "employer_id": institution,
            "staff_number": f"{number}",
            "given_name": given,
            "family_name": family,
            "sort_key": _sort_key(given, family),
            "lang": "lt",
            "organisation_id": institution,
            "job_title": title,
            "password": password,
            "state": PersonState.ACTIVE,
            "created_at": since,
        }
    )
    words = words_of(
        given_name=given,
        family_name=family,
        email=rows.of["people"][-1]["email"],
        staff_number=f"{number}",
        job_title=title,
    )
    rows.of["person_words"] += [{"word": word, "person_id": rows.person_id} for word in sorted(words)]
    rows.of["posts"].append(
        {"person_id": rows.person_id, "organisation_id": institution, "title": title, "started_on": since.date()}
    )


def studies(
    rows: Rows,
    who: random.Random,
    offers: list[Offer],
    duties: list[Duty],
    institution: int,
    now: datetime,
    cells: Counter[Cell],
) -> None:
    """Five runs of the last person: what is required, and what somebody chose."""
    diligence = 0.35 + 0.6 * ((institution * 2654435761) % 1000) / 1000  # some institutions are better at this
    for duty in duties:
        begin, end = duty.assigned_at, now
        share = diligence if duty.due_on > now.date() else min(0.98, diligence + 0.2)
        _run(rows, who, offers[duty.place], institution, begin, end, share, cells, duty)
    for place in who.sample(range(REQUIRED, len(offers)), CHOSEN):
        begin = now - timedelta(days=who.randint(5, 700), minutes=who.randint(0, 500))
        _run(rows, who, offers[place], institution, begin, min(now, begin + timedelta(days=60)), 0.5, cells, None)


def _run(
    rows: Rows,
    who: random.Random,
    offer: Offer,
    institution: int,
    begin: datetime,
    end: datetime,
    share: float,
    cells: Counter[Cell],
    duty: Duty | None,
) -> None:
    rows.enrolment_id += 1
    number, person = rows.enrolment_id, rows.person_id
    chance = who.random()
    pages = len(offer.needed) if chance < share else who.randint(0, len(offer.needed) - 1)
    span = (end - begin).total_seconds()
    moments = sorted(begin + timedelta(seconds=int(who.random() * span)) for _ in range(pages))
    done = pages == len(offer.needed)
    state = RunState.COMPLETED if done else RunState.STARTED if pages else RunState.ENROLLED

    def say(kind: Kind, key: str, at: datetime, subject: str = "", version: int | None = None, **data: Any) -> None:
        rows.evidence_id += 1
        rows.of["evidence"].append(
            {
                "id": rows.evidence_id,
                "key": key,
                "person_id": person,
                "enrolment_id": number,
                "kind": kind,
                "subject": subject,
                "version_id": version,
                "organisation_id": institution,
                "actor_id": None if duty and kind in (Kind.ENROLLED, Kind.ASSIGNED) else person,
                "occurred_at": at,
                "recorded_at": at,
                "data": data,
            }
        )

    say(Kind.ENROLLED, f"enrolment:{number}", begin)
    if duty is not None:
        key = f"assigned:requirement:{duty.requirement_id}:{number}"
        say(Kind.ASSIGNED, key, begin, due_on=duty.due_on.isoformat())
    for page, at in zip(offer.needed, moments, strict=False):
        say(Kind.PAGE_FINISHED, f"enrolment:{number}:page:{page}", at, page, offer.version_id)
        rows.of["progress"].append({"enrolment_id": number, "subject": page, "finished_at": at, "gradings": 0})
    if done:
        say(Kind.COURSE_COMPLETED, f"enrolment:{number}:completed", moments[-1], "", offer.version_id)
    rows.of["enrolments"].append(
        {
            "id": number,
            "person_id": person,
            "course_id": offer.course_id,
            "period": 1,
            "major": 1,
            "organisation_id": institution,
            "state": state,
            "required": duty is not None,
            "due_on": duty.due_on if duty else None,
            "enrolled_at": begin,
            "started_at": moments[0] if moments else None,
            "completed_at": moments[-1] if done else None,
            "completed_version_id": offer.version_id if done else None,
            "last_page": offer.needed[pages - 1] if pages else "",
            "active_at": moments[-1] if moments else None,
            "done": pages,
            "current": True,
        }
    )
    cells[(institution, offer.course_id, state, duty is not None, duty.due_on if duty else NEVER)] += 1
    if duty is not None:
        _period(rows, duty, moments[-1] if done else None)


def _period(rows: Rows, duty: Duty, met_at: datetime | None) -> None:
    """What the last run means to the requirement that asked for it."""
    rows.period_id += 1
    rows.of["assignments"].append(
        {
            "requirement_id": duty.requirement_id,
            "person_id": rows.person_id,
            "subject": duty.subject,
            "enrolment_id": rows.enrolment_id,
            "number": 1,
            "assigned_at": duty.assigned_at,
            "due_on": duty.due_on,
            "steps": duty.steps,
        }
    )
    rows.of["periods"].append(
        {
            "id": rows.period_id,
            "person_id": rows.person_id,
            "organisation_id": rows.of["enrolments"][-1]["organisation_id"],
            "subject": duty.subject,
            "number": 1,
            "enrolment_id": rows.enrolment_id,
            "opens_on": duty.opens_on,
            "due_on": duty.due_on,
            "steps": duty.steps,
            "met_on": met_at.astimezone(clock.LOCAL).date() if met_at else None,
            "met_by": Kind.COURSE_COMPLETED.value if met_at else "",
            "evidence_id": rows.evidence_id if met_at else None,
            "next_steps": [],
            "latest": True,
        }
    )
