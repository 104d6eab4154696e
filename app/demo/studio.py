"""What trainers are at just now: a course that a library has adopted and changed, and a draft with files in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.catalog import access, actions, importer
from app.catalog import queries as catalog
from app.catalog.actions import Contents
from app.catalog.drafting import adopting, starting
from app.catalog.format import reader, writer
from app.demo.history import GDPR
from app.kit import clock
from app.kit.actor import SYSTEM, Actor, Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, writing

if TYPE_CHECKING:
    from app.demo.world import World

LIBRARY, ADOPTED, LICENCE = "utenos-biblioteka", "bdar-bibliotekoje", "CC-BY-4.0"
DRAFT, CENTRE = "vasaros-skaitymai", "druskininku-svietimo-centras"
_HALL = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180"><rect width="320" height="180" fill="#e8f0ec"/>
<rect x="100" y="18" width="120" height="22" rx="4" fill="#1f6f54"/>{seats}</svg>"""
_SHEET = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n"
_PAGE = """

Skaitymai vyksta skaitykloje arba kieme. Vietas sustatome taip, kad visi matytų skaitovą ir liktų kelias vežimėliui.

![Salės planas: trys eilės po penkias kėdes, tarp jų – platus takas iki scenos](media/sales-planas.svg)

Prieš renginį atspausdinkite [dalyvių sąrašą](media/dalyviu-sarasas.pdf).
"""


def of_trainers(sessions: Sessions, blobs: Blobs, world: World, now: datetime) -> None:
    with writing(sessions) as db:
        jolanta = people.actor_of(db, world.named["jolanta"].id)
        course = catalog.course_by_slug(db, GDPR)
    if jolanta is None or course is None:
        return
    with clock.at(now - timedelta(days=330)), writing(sessions) as db:
        actions.share(db, jolanta, course=course, licence=LICENCE)
    _adopt(sessions, blobs, world, now - timedelta(days=300))
    with clock.at(now - timedelta(days=2)):
        _draft(sessions, blobs, jolanta)


def _adopt(sessions: Sessions, blobs: Blobs, world: World, at: datetime) -> None:
    """The library makes the course its own, from the version of that day; it has been corrected since."""
    with clock.at(at), writing(sessions) as db:
        librarian = world.staff[LIBRARY][4]
        place = world.places[LIBRARY]
        accounts.give_grant(db, SYSTEM, person=librarian, role=Role.TRAINER, organisation=place)
        actor = people.actor_of(db, librarian.id)
        course = catalog.course_by_slug(db, GDPR)
        assert actor is not None and course is not None
        first = catalog.versions(db, course.id)[-1]
        words = catalog.content_of(db, first.id, GDPR, first.digest).words(first.lang)
        source = adopting.credit(words.title, course.owner_name, LICENCE, first.lang)
        contents = actions.contents_of(blobs, first)
        title = "BDAR pagrindai bibliotekos darbuotojams"
        texts = adopting.made_from(contents.texts, slug=ADOPTED, owner=place.code, title=title, source=source)
        contact = texts["course.md"].replace("Jolanta, Druskininkų švietimo centras", "Utenos biblioteka")
        ready = replace(contents, texts={**texts, "course.md": contact})
        key = actions.copy_course(
            db, actor, slug=ADOPTED, title=title, contents=ready, original=course, version=first, licence=LICENCE
        )
        _publish(db, blobs, actor, key)
        own = catalog.course_by_slug(db, ADOPTED)
        assert own is not None
        actions.share(db, actor, course=own, licence=LICENCE)


def _publish(db: Session, blobs: Blobs, actor: Actor, key: str) -> None:
    draft = access.draft_for(db, actor, key)
    read = reader.read_files(catalog.draft_source(db, blobs, draft))
    assert read.course is not None and not read.errors, [str(problem) for problem in read.problems]
    blob = blobs.put(writer.write_zip(read.course))
    upload = actions.keep_upload(
        db, actor, filename=f"{draft.slug}.zip", blob=blob, slug=draft.slug, summary={}, problems=[]
    )
    actions.send_draft(db, actor, draft=draft, upload_key=upload)
    prepared = importer.prepare(read.course)
    done = importer.publish(
        db, SYSTEM, prepared, blobs=blobs, note="Perimta ir pritaikyta bibliotekai.", owner_id=draft.organisation_id
    )
    actions.mark_published(db, upload=access.upload_for(db, actor, upload), version_id=done.version_id)


def _draft(sessions: Sessions, blobs: Blobs, jolanta: Actor) -> None:
    """A course that is being written: a picture that is used, one of which nothing has been said yet, and a document."""
    texts = starting.course(
        slug=DRAFT,
        title="Vasaros skaitymai: kaip surengti renginį",
        summary="Kaip bibliotekoje surengti skaitymus, į kuriuos gali ateiti kiekvienas.",
        lang="lt",
        owner=CENTRE,
        contact="Jolanta, Druskininkų švietimo centras; atsako per 2 darbo dienas",
    )
    page = next(path for path in texts if path.endswith(".md") and "/01-" in path)
    texts[page] += _PAGE
    media = {
        "media/sales-planas.svg": _hall(15, 5),
        "media/kiemo-planas.svg": _hall(12, 6),
        "media/dalyviu-sarasas.pdf": _SHEET,
    }
    kept = {path: (blobs.put(data), len(data)) for path, data in media.items()}
    with writing(sessions) as db:
        title = "Vasaros skaitymai: kaip surengti renginį"
        actions.start_draft(db, jolanta, slug=DRAFT, title=title, contents=Contents(texts, kept))


def _hall(seats: int, row: int) -> bytes:
    """A room with rows of chairs, and a way between them."""
    width = 280 // (row + 1)
    drawn = "".join(
        f'<circle cx="{20 + width * (n % row + (n % row >= row // 2)) + width // 2}" cy="{72 + 36 * (n // row)}" r="11" fill="#5b7f71"/>'
        for n in range(seats)
    )
    return _HALL.format(seats=drawn).encode()
