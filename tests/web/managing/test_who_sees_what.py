"""Three people look at one municipality of seventeen institutions: numbers, names of one's own, and nothing at all."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from app.accounts.models import Person
from app.kit import clock
from app.kit.actor import Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, writing
from app.requirements import actions as requirements
from tests import factories
from tests.browser import Browser, Page
from tests.requirements.places import a_town, card, complete

SIZES = (31, 4, 12, 10, 9, *(6,) * 12)
DONE = (20, 2, 12, 3, 9, *(0,) * 12)
SMALL = re.compile(r"\b[1-4]\b")


def _rows(page: Page) -> list[tuple[str, list[str]]]:
    table = next(one for one in page.all("table") if "rank" in one.get("class", ""))
    return [
        ("".join(row.find("th").itertext()).strip(), ["".join(cell.itertext()).strip() for cell in row.findall("td")])  # type: ignore[union-attr]
        for row in table.findall(".//tbody/tr")
    ]


def test_numbers_for_one_names_of_her_own_for_another_and_404_for_the_rest(
    browser: Browser, sessions: Sessions, blobs: Blobs
) -> None:
    assert len(SIZES) == 17
    with clock.everywhere_at(datetime(2026, 3, 2, 8, tzinfo=UTC)), writing(sessions) as db:
        town = a_town(db, blobs, SIZES)
        place = card(db, town.place)
        requirements.require(db, town.manager, course_id=town.course_id, organisation=place, due_on=date(2026, 3, 31))
        for one, done in zip(town.institutions, DONE, strict=True):
            for person in town.staff[one.id][:done]:
                complete(db, person, town.slug)
        root = factories.an_organisation(db)
        vytautas = factories.a_person(
            db, root, roles=[Role.ANALYST], at=town.place, lang="en", family_name="Direktorius"
        )
        ausra = factories.a_person(
            db, root, roles=[Role.MANAGER], at=town.institutions[0], lang="en", family_name="Vedėja"
        )
        everybody = {
            one.id: [f"{p.family_name}, {p.given_name}" for p in town.staff[one.id]] for one in town.institutions
        }
        codes = [one.code for one in town.institutions]
    own, others = everybody.pop(town.institutions[0].id), [name for some in everybody.values() for name in some]

    with clock.everywhere_at(datetime(2026, 4, 1, 8, tzinfo=UTC)):
        # The director: seventeen places by share, the smallest share first; of small groups only that they are small.
        board = browser.as_(vytautas).open(f"/managing/organisations/{town.place.code}")
        rows = _rows(board)
        named = [name for name, _cells in rows if name.startswith("Institution")]
        assert len(named) == len(set(named)) == 17
        assert board.sees(f"{sum(DONE)} of {sum(SIZES)}") and board.sees("<5")
        assert not [name for name in (*own, *others) if name in board.html]
        assert not [(name, cells) for name, cells in rows for cell in cells if cell in ("1", "2", "3", "4")]
        tiny = browser.as_(vytautas).open(f"/managing/organisations/{codes[1]}")
        assert tiny.sees("<5") and not [name for name in (*own, *others) if name in tiny.html]
        figures = [
            SMALL.sub("#", " ".join("".join(one.itertext()).split())) for one in tiny.all("dl[@class='figures']//dd")
        ]
        assert figures and not any("#" in one.replace("<5", "") for one in figures), figures
        # The library's director: her thirty-one by name, each in one list or the other, and nobody else's.
        hers = browser.as_(ausra)
        late = hers.open(f"/managing/organisations/{codes[0]}")
        done = hers.open(f"/managing/organisations/{codes[0]}?status=completed")
        seen_late, seen_done = ({name for name in own if name in page.html} for page in (late, done))
        assert (len(seen_late), len(seen_done), seen_late & seen_done) == (11, 20, set())
        assert seen_late | seen_done == set(own) and len(own) == 31
        assert not [name for name in others if name in late.html or name in done.html]
        for url in (f"/managing/organisations/{codes[2]}", f"/managing/organisations/{town.place.code}"):
            assert hers.open(url).status == 404
        for person in (town.staff[town.institutions[2].id][0], town.staff[town.institutions[1].id][0]):
            assert hers.open(f"/managing/people/{person.key}").status == 404
        # Whoever only learns has no such pages at all.
        learner: Person = town.staff[town.institutions[0].id][0]
        assert browser.as_(learner).open(f"/managing/organisations/{codes[0]}", check=False).status == 403
