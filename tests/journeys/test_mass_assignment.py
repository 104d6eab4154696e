"""Daiva assigns a course to a whole municipality; then its director and the head of its library look at the figures."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from pypdf import PdfReader

from app.accounts.rules import PersonState
from app.catalog import queries as catalog
from app.kit import clock, i18n
from app.kit.blobs import Blobs
from app.kit.database import reading, writing
from app.learning import actions as learning
from app.requirements import actions as requirements
from app.web.duties import occasion_word
from tests import factories
from tests.journeys import worlds
from tests.journeys.conftest import Town
from tests.journeys.visit import Visit
from tests.journeys.worlds import CONTROL, GDPR, LIBRARY, UTENA_CODE, figure, on, rows, sheets
from tests.requirements.places import card

DUE = date(2026, 3, 31)
PLACES = "/managing/organisations"


@pytest.fixture
def town(empty_town: Town) -> Town:
    return empty_town


def _assign(daiva: Visit, *, told: str) -> None:
    """Assign the course to the whole municipality, as nobody would twice; `told` is what the page says then."""
    daiva.open("/managing/assignments").press("Assign a course")
    daiva.choose("course", GDPR).choose("organisation", UTENA_CODE).fill("due_on", f"{DUE}")
    daiva.unfold("Reminders").fill("before", "14, 7, 1").fill("every", "0").press("Check whom it reaches")
    assert "420 žmonių" in daiva.text("[aria-labelledby=dry]") and "17" in daiva.text("[aria-labelledby=dry]")
    daiva.press("Assign")
    assert told in daiva.text("[role=status]"), "the second time nobody is added"


def test_420_people_one_date_and_the_numbers_of_the_day_after(visit: Callable[..., Visit], town: Town) -> None:
    with on("2026-01-05"):
        with writing(town.sessions) as db:
            world = worlds.of_utena(db, Blobs(town.settings.files))
            mute = world.late[:9]  # who clean and cook have no e-mail
            for person in mute:
                person.email, person.state = None, PersonState.INVITED
        daiva = visit(lang="lt").become("daiva")
        _assign(daiva, told="420 žmonių")
        with daiva.glancing():
            _assign(daiva, told="Niekas nepakeista.")
        daiva.follow_to("/managing/assignments/", within="main tbody")
        rule = daiva.path
        for person in world.on_leave:
            daiva.tick(f"input[name=people][value='{person.key}']")
        with daiva.glancing():
            daiva.fill("reason", "Vaiko priežiūros atostogos").press("Excuse")
        assert figure(daiva, "Excused") == "12 iš 420" and figure(daiva, "Completed") == "0 iš 408"
    with on("2026-03-10"), writing(town.sessions) as db:
        worlds.complete(db, world.in_time, GDPR, clock.now())
    for day in ("2026-03-16", "2026-03-17", "2026-03-24", "2026-03-30", "2026-03-31"):
        with on(day):
            town.begin_the_day()
    with on("2026-03-31"):
        daiva.become("daiva").open(f"{PLACES}/{UTENA_CODE}")
        assert figure(daiva, "Completed") == "347 iš 408" and "85,0 %" in daiva.text("dl.figures")
        assert figure(daiva, "Overdue") == "0 iš 408" and len(daiva.texts(".rank tbody th")) == 17
        *each, total = rows(daiva.download("Excel"))
        assert (len(each) - 1, total[1:3], total[4]) == (17, [347, 408], 0), "a head and 17 institutions"
        assert round(float(total[3]), 3) == 0.850
        assert tuple(sum(row[n] for row in each[1:]) for n in (1, 2)) == (347, 408)
    with on("2026-04-01"):
        town.begin_the_day()
        daiva.become("daiva").open(f"{PLACES}/{UTENA_CODE}")
        assert figure(daiva, "Overdue") == "61 iš 408"
        assert list(csv.reader(io.StringIO(daiva.download("CSV").decode("utf-8-sig")), delimiter=";"))[-1][4] == "61"
        with daiva.glancing():
            daiva.open(rule)
        assert figure(daiva, "Completed") == "347 iš 408" and figure(daiva, "Overdue") == "61 iš 408"
        daiva.press("Make the slips")
        assert re.search(r"\b9\b", daiva.heading) and len(daiva.texts("main section h2")) == 9
        codes = [text.rpartition("/")[2] for text in daiva.texts("main section .code")]
        assert len(set(codes)) == 9 and mute[0].family_name in daiva.text("main")
        ona = visit(width=390, lang="lt").open(f"/set-password/{codes[0]}")
        ona.fill("password", "keturi žodžiai iš eilės").fill("again", "keturi žodžiai iš eilės").press(
            "Save the password"
        )
        ona.open(f"/set-password/{codes[0]}", status=404)

        daiva.open("/managing/packs").choose("organisation", UTENA_CODE)
        daiva.choose("requirement", rule.rpartition("/")[2]).press("Make the pack")
        town.do_waiting_work()
        with zipfile.ZipFile(io.BytesIO(daiva.press("Look again").download("Download"))) as pack:
            book = sheets(pack.read("pack.xlsx"))
            paper = " ".join(PdfReader(io.BytesIO(pack.read("pack.pdf"))).pages[0].extract_text().split())
        assert "347 iš 408 (85,0 %)" in paper and "12 žmonių" in paper and "347 0 61 12 420" in paper
        _about, by_institution, _training, people, _steps, told = book
        assert by_institution[-1][1:] == [347, 0, 61, 12, 420] and len(by_institution) == 1 + 17 + 1
        assert len(people) == 1 + 420 and sum(row[8] == "Vaiko priežiūros atostogos" for row in people) == 12
        # The ladder of this institution, to those who have not finished and to nobody else; nine of them not by mail.
        steps = Counter(occasion for _when, _who, occasion, _how in told[1:])
        with i18n.speaking("lt"):
            ladder = [occasion_word(step, "") for step in ("T-14", "T-7", "T-1", "T+1")]
        assert steps == dict.fromkeys(ladder, 61)
        assert sum(row[3] == daiva.say("by mail") for row in told) == 4 * (61 - 9)
        assert {row[1] for row in told[1:]} == {f"{one.family_name}, {one.given_name}" for one in world.late}
    with reading(town.sessions) as db:
        assert learning.verify(db) == [] and requirements.verify(db) == []


def test_numbers_for_one_names_of_her_own_for_another_totals_for_everybody(
    visit: Callable[..., Visit], town: Town
) -> None:
    with on("2026-01-05"), writing(town.sessions) as db:
        world = worlds.of_utena(db, Blobs(town.settings.files))
        course = catalog.course_by_slug(db, GDPR)
        assert course is not None
        daiva = factories.actor_for(db, world.named["daiva"])
        requirements.require(db, daiva, course_id=course.id, organisation=card(db, world.place), due_on=DUE)
        begun = world.in_time[:9]
    with on("2026-01-06"):
        with writing(town.sessions) as db:
            worlds.complete(db, begun, GDPR, clock.now())
        passer_by = visit(lang="lt").open("/")
        assert not passer_by.sees("courses completed") and "9" not in passer_by.texts(".figures dd")
    with on("2026-03-10"), writing(town.sessions) as db:
        worlds.complete(db, world.in_time[9:], GDPR, clock.now())
    everybody = {one.id: f"{one.family_name}, {one.given_name}" for one in world.people}
    own = {everybody[one.id] for one in world.staff[LIBRARY]}
    others = set(everybody.values()) - own
    elsewhere = world.staff["utenos-pspc"][0]
    with on("2026-04-01"):
        vytautas = visit(lang="lt").become("vytautas").follow_to("/managing", within="header")
        assert vytautas.path == f"{PLACES}/{UTENA_CODE}"
        named = vytautas.texts(".rank tbody th")
        assert len(named) == len(set(named)) == 17
        shares = [_share(text) for text in vytautas.texts(".rank tbody td.rate")]
        known = [one for one in shares if one is not None]
        assert known == sorted(known) and len(known) >= 12, "the smallest share first"
        small = vytautas.page.locator(".rank tbody tr", has_text="kontrolės").locator("td").all_inner_texts()
        assert "<5" in [text.strip() for text in small] and not [
            text for text in small if text.strip() in "1234" and text
        ]
        files = [vytautas.download("CSV").decode("utf-8-sig"), str(sheets(vytautas.download("Excel")))]
        for place in (UTENA_CODE, CONTROL, LIBRARY, "utenos-r-administracija"):
            text = vytautas.open(f"{PLACES}/{place}").text("main")
            files.append(text)
            assert not [url for url in vytautas.links("main") if "/managing/people/" in url]
            assert (place != CONTROL) or "<5" in text
        strangers = [name.split(",")[0] for name in everybody.values() if "Žilinskas" not in name]
        assert not [name for name in strangers for said in files if name in said], "his own name says who took the file"
        assert "<5" in files[0] and "<5" in files[1]
        for path in (f"/managing/people/{elsewhere.key}", "/managing/assignments"):
            vytautas.open(path, status=403)

        ausra = visit(width=390, lang="lt").become("ausra").open("/managing")
        assert ausra.path == f"{PLACES}/{LIBRARY}"
        seen: set[str] = set()
        for tab in ausra.links("ul.tabs"):
            ausra.open(tab)
            seen |= set(ausra.texts("main tbody th a[href*='/managing/people/']"))
            assert not [name for name in others if name in ausra.text("main")]
        assert seen == own and len(own) == 31
        listed = rows(ausra.open("/managing").download("Everybody and their courses"))
        assert {f"{row[0]}, {row[1]}" for row in listed[1:]} == own
        for path in (f"{PLACES}/utenos-pspc", f"{PLACES}/{UTENA_CODE}", f"/managing/people/{elsewhere.key}"):
            ausra.open(path, status=404)

        passer_by.open("/")
        assert "347" in passer_by.texts(".figures dd"), "how many courses were completed, and nothing of where"
        said = passer_by.text("body")
        assert not [name for name in named if name in said] and not re.search(r"\b(61|408|420)\b", said)


def _share(text: str) -> float | None:
    found = re.match(r"(\d+)(?:,(\d))?", text)
    return float(f"{found[1]}.{found[2] or 0}") if found else None
