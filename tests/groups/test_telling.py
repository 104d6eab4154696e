"""Whoever is expected at a session hears of it: planned, moved, called off, and the working day before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, true

from app.accounts.models import Notice, Person
from app.accounts.rules import NoticeKind, PersonState
from app.catalog import queries as catalog
from app.groups import actions, queries
from app.groups.queries import GroupCard
from app.jobs import ask_for_regular_work, handlers
from app.kit import audit, clock, jobs, mail
from app.kit.actor import Actor, Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.kit.errors import Conflict
from app.organisations import queries as places
from app.settings import Settings
from tests import factories
from tests.browser import Browser

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)  # 10:00 in Vilnius
THURSDAY = MONDAY + timedelta(days=3, hours=4)


class Scene:
    """A library whose manager plans a session on Thursday for three people, of whom one reads Norwegian."""

    def __init__(self, sessions: Sessions, blobs: Blobs, settings: Settings) -> None:
        self.sessions, self.work = sessions, handlers(settings)
        with writing(sessions) as db:
            library = factories.an_organisation(db, "Biblioteka", parent=factories.an_organisation(db), code="lib")
            library.name_en = "The library"
            factories.a_course(db, blobs, "fire", owner=library, pages=1, questions=0, title="Fire safety")
            self.boss = factories.a_person(db, library, roles=[Role.MANAGER], lang="en", family_name="Bossaitė")
            self.ona = factories.a_person(db, library, lang="en")
            self.kari = factories.a_person(db, library, lang="nb")
            self.paper = factories.a_person(db, library, email=None)
            self.expected = [self.boss, self.ona, self.kari, self.paper]

    def plan(self) -> GroupCard:
        with writing(self.sessions) as db:
            head, place = catalog.course_by_slug(db, "fire"), places.by_code(db, "lib")
            assert head is not None and place is not None
            return actions.plan(
                db, self.actor(), course=head, place=place, starts_at=THURSDAY, room="Hall",
                expected=[found for one in self.expected if (found := self._card(one))],
            )  # fmt: skip

    def _card(self, person: Person):  # type: ignore[no-untyped-def]
        from app.accounts.queries import person_by_id

        with reading(self.sessions) as db:
            return person_by_id(db, person.id)

    def actor(self) -> Actor:
        with reading(self.sessions) as db:
            return factories.actor_for(db, self.boss)

    def does(self, group: GroupCard, verb: Callable[..., object], **how: object) -> None:
        with writing(self.sessions) as db:
            verb(db, self.actor(), group=group, **how)

    def drain(self) -> None:
        jobs.drain(self.sessions, self.work)

    def heard(self, person: Person) -> list[NoticeKind]:
        with reading(self.sessions) as db:
            return list(db.scalars(select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)))

    def letters(self, person: Person) -> list[tuple[str, str]]:
        with reading(self.sessions) as db:
            said = select(mail.Mail.subject, mail.Mail.text).where(mail.Mail.person_id == person.id)
            return [(row[0], row[1]) for row in db.execute(said.order_by(mail.Mail.id))]


@pytest.fixture
def scene(sessions: Sessions, blobs: Blobs, settings: Settings) -> Scene:
    with clock.everywhere_at(MONDAY):
        return Scene(sessions, blobs, settings)


def test_everybody_expected_hears_once_of_each_change(scene: Scene, browser: Browser) -> None:
    with clock.everywhere_at(MONDAY):
        group = scene.plan()
        scene.drain()
        scene.drain()
        assert scene.heard(scene.ona) == scene.heard(scene.paper) == [NoticeKind.GROUP_PLANNED]
        assert scene.heard(scene.boss) == [] and scene.letters(scene.paper) == []  # who leads knows; who has no address
        ((subject, text),) = scene.letters(scene.ona)
        assert subject == "Group session on 5 March: Fire safety"
        for words in ("Thursday, 5 March 2026, 14:00", "The library, Hall", "Bossaitė", f"/joined/{group.key}"):
            assert words in text, words
        ((_subject, norwegian),) = scene.letters(scene.kari)
        assert "torsdag" in norwegian and "The library" in norwegian and "Biblioteka" not in norwegian
        # On the page of whoever is expected it stands first, with its place; the notice leads to it.
        home = browser.as_(scene.ona).open("/learning")
        assert home.sees("Thursday, 5 March, 14:00") and home.sees("The library · Hall · led by")
        assert (
            browser.as_(scene.ona).open("/notices").sees("You are expected at a group session: “Fire safety”, 5 March")
        )
        assert browser.as_(scene.ona).open(f"/joined/{group.key}").sees("You are expected.")
        file = browser.as_(scene.ona).client.get(f"/joined/{group.key}/calendar")
        assert file.headers["content-type"].startswith("text/calendar")
        for words in ("DTSTART:20260305T120000Z", "DTEND:20260305T123000Z", "LOCATION:The library\\, Hall", group.key):
            assert words in file.text.replace("\r\n ", ""), words
        # Moved by the page, twice before anybody hears; a wrong hour comes back with what was typed.
        boss = browser.as_(scene.boss)
        page = boss.open(f"/groups/{group.key}").follow("Another time or room")
        wrong = page.form("Save").fill(time="25:00").press("Save")
        assert (
            wrong.status == 422 and wrong.sees("Write the time as hours and minutes") and 'value="25:00"' in wrong.html
        )
        wrong.form("Save").fill(time="15:00").press("Save")
        moved = boss.open(f"/groups/{group.key}/move").form("Save").fill(room="Attic").press("Save")
        assert moved.sees("The session is moved.")
        scene.drain()
        assert scene.heard(scene.kari) == [NoticeKind.GROUP_PLANNED, NoticeKind.GROUP_CHANGED]
        subject, text = scene.letters(scene.ona)[-1]
        assert subject == "Changed: “Fire safety” is on 5 March at 15:00"
        assert "It was planned for: 5 March 2026, 14:00" in text and "The library, Attic" in text
        same = boss.open(f"/groups/{group.key}/move").form("Save").press("Save")
        assert same.sees("Nothing was changed.")
        # Somebody who leaves meanwhile is not written to when it is called off.
        with writing(scene.sessions) as db:
            db.get_one(Person, scene.kari.id).state = PersonState.DISABLED
        boss.open(f"/groups/{group.key}").press("Call off")
        scene.drain()
        assert scene.heard(scene.ona)[-1] is NoticeKind.GROUP_CANCELLED and len(scene.heard(scene.kari)) == 2
        assert len(scene.letters(scene.ona)) == 3 and scene.letters(scene.ona)[-1][0].startswith("Called off:")
        assert not browser.as_(scene.ona).open("/learning").sees("led by")
        assert boss.open(f"/groups/{group.key}/move").url.endswith(group.key)
        with reading(scene.sessions) as db:
            moves, _total = audit.entries(db, true(), audit.AuditFilter(action="group.changed"))
            fresh = queries.group_by_key(db, group.key)
        assert len(moves) == 2 and fresh is not None
        with pytest.raises(Conflict), writing(scene.sessions) as db:
            actions.change(db, scene.actor(), group=fresh, starts_at=THURSDAY, room="")


def test_the_day_before_outside_quiet_hours(scene: Scene) -> None:
    with clock.everywhere_at(MONDAY.replace(hour=19)):  # nine in the evening
        group = scene.plan()
        scene.drain()
        assert scene.heard(scene.ona) == []
    with clock.everywhere_at(MONDAY + timedelta(days=1)):
        scene.drain()
        assert scene.heard(scene.ona) == [NoticeKind.GROUP_PLANNED]

    def day(days: int, hour: int = 22) -> None:
        """What a day's work begins with, at its first minutes, and what of it is done by an hour."""
        with clock.everywhere_at((MONDAY + timedelta(days=days - 1)).replace(hour=hour)):
            with writing(scene.sessions) as db:
                ask_for_regular_work(db)
            scene.drain()
            quiet = scene.heard(scene.ona)
        with clock.everywhere_at(MONDAY + timedelta(days=days)):
            assert scene.heard(scene.ona) == quiet  # nothing came at night
            scene.drain()

    day(1)
    assert NoticeKind.GROUP_SOON not in scene.heard(scene.ona)
    day(2)
    for person in (scene.ona, scene.kari, scene.paper):
        assert scene.heard(person) == [NoticeKind.GROUP_PLANNED, NoticeKind.GROUP_SOON]
    assert scene.letters(scene.ona)[-1][0] == "Soon: “Fire safety” on 5 March at 14:00"
    day(3)
    assert len(scene.heard(scene.ona)) == 2 and scene.heard(scene.boss) == []
    # Moved to Monday: told today, and reminded on Friday, the working day before.
    with clock.everywhere_at(MONDAY + timedelta(days=3)):
        scene.does(group, actions.change, starts_at=THURSDAY + timedelta(days=4), room="Hall")
        scene.drain()
    day(4)
    day(5)
    day(6)
    assert scene.heard(scene.ona)[2:] == [NoticeKind.GROUP_CHANGED, NoticeKind.GROUP_SOON]
