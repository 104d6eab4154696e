"""What waits to be read by a second person: Jolanta has written a sentence more, and asked a colleague."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.catalog import access, actions, importer
from app.catalog import queries as catalog
from app.catalog.format import reader, writer
from app.demo.history import AUTHORS
from app.kit import clock
from app.kit.actor import SYSTEM, Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing

if TYPE_CHECKING:
    from app.demo.world import World

SCHOOL = "druskininku-svietimo-centras"
MORE = "\nPrieš skelbdami duokite kursą perskaityti kolegai: jis pamatys, ko jūs nebematote.\n"


def ask(sessions: Sessions, blobs: Blobs, world: World, now: datetime) -> None:
    """An upload of a course that is in force already, with its review; a colleague has said something about a line."""
    with reading(sessions) as db:
        jolanta = people.actor_of(db, world.named["jolanta"].id)
        course = catalog.course_by_slug(db, AUTHORS)
        version = catalog.latest_version(db, course.id) if course else None
    if jolanta is None or course is None or version is None:
        return
    before = reader.read_zip(blobs.get(version.source), "source.zip").course
    assert before is not None
    files = writer.contents(before)
    home = next(path for path in files if path.rpartition("/")[2] == "course.md")
    files[home] = files[home].rstrip(b"\n") + b"\n" + MORE.encode()
    data = writer.pack(files)
    examined = importer.examine(f"{AUTHORS}.zip", data, today=clock.today(), author=jolanta.name)
    assert examined.course is not None and not examined.errors
    blob, digest = blobs.put(data), writer.content_hash(examined.course)
    colleague = _colleague(sessions, world)
    with clock.at(now - timedelta(days=2)), writing(sessions) as db:
        if colleague is not None:
            place = world.places[SCHOOL]
            accounts.give_grant(db, SYSTEM, person=colleague, role=Role.REVIEWER, organisation=place)
        key = actions.keep_upload(
            db,
            jolanta,
            filename=f"{AUTHORS}.zip",
            blob=blob,
            slug=AUTHORS,
            summary=importer.summary(examined.course),
            problems=importer.rows(examined.problems, examined.course.files),
        )
        review = actions.ask_review(
            db,
            jolanta,
            upload=access.upload_for(db, jolanta, key),
            organisation_id=course.organisation_id,
            digest=digest,
            title=catalog.words(db, version.id, before.lang).title,
            note="Pridėjau sakinį apie recenziją. Ar jis savo vietoje?",
        )
    if colleague is not None:
        with clock.at(now - timedelta(days=1)), writing(sessions) as db:
            _say(db, colleague.id, review, home, len(files[home].decode().rstrip().split("\n")))


def _colleague(sessions: Sessions, world: World) -> people.PersonCard | None:
    named = {card.id for card in world.named.values()}
    found = [card for card in world.staff.get(SCHOOL, ()) if card.id not in named]
    return found[0] if found else None


def _say(db: Session, person_id: int, review: str, path: str, line: int) -> None:
    actor = people.actor_of(db, person_id)
    if actor is not None:
        found = access.review_for(db, actor, review)
        actions.comment_on(
            db, actor, review=found, path=path, line=line, text="Gerai, tik gal jam geriau tiktų ankstesnė vieta?"
        )
