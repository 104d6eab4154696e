"""Every type of question before its author's eyes: the preview with its key, and what publishing says of a change."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.accounts.models import Person
from app.kit.actor import Role
from app.kit.database import Sessions, writing
from tests.browser import Browser, Page
from tests.catalog.format.every_type import FILES, PATH
from tests.factories import a_person, an_organisation

ENGLISH = PATH.replace(".md", ".en.md")


@pytest.fixture
def trainer(browser: Browser, sessions: Sessions) -> Browser:
    with writing(sessions) as db:
        school = an_organisation(db, "Utena", parent=an_organisation(db), code="utenos-r-sav")
        person: Person = a_person(db, school, roles=[Role.TRAINER])
    return browser.as_(person)


def upload(trainer: Browser, files: dict[str, str]) -> Page:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return trainer.open("/teaching/uploads/new").press("Check", file=("course.zip", packed.getvalue()))


def test_the_preview_shows_the_key_of_every_type(trainer: Browser) -> None:
    front = upload(trainer, FILES).follow("Look as a learner")
    page = trainer.open(f"{front.url.partition('?')[0]}/pages/testas?lang=en")
    assert page.sees("Controller → Decides purposes")
    assert page.sees("Keeps the register")
    assert page.sees("1. Stop it")
    assert page.sees("Unless the risk is [3], the controller has [2] hours to notify the [1].")
    assert page.sees("1. priežiūros institucijai | institucijai | supervisory authority | authority")
    assert page.sees("3. unlikely (not: certain)")
    assert page.sees("At least 20 words · At most 200 words · Marked by a person")
    assert page.sees("2 points: contained. 3 points: evidence.")
    assert page.sees("Files: .pdf, .odt · Up to 5 MB · Marked by a person")
    assert page.sees("An opinion · Not marked · naudingas")
    assert page.sees("A hint costs 10 % of the points")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "| Nustato tikslus <!-- id=tikslai --> |",
            "| Vykdo nurodymus <!-- id=nurodymai --> |",
            ["Valdytojas → Nustato tikslus – was right", "Valdytojas → Vykdo nurodymus – is right now"],
        ),
        (
            "1. Sustabdyti <!-- id=stop -->\n2. Įvertinti riziką <!-- id=rizika -->",
            "1. Įvertinti riziką <!-- id=rizika -->\n2. Sustabdyti <!-- id=stop -->",
            ["Įvertinti riziką → Sustabdyti → Pranešti → Aprašyti – is right now"],
        ),
        ("[[#72]]", "[[#48]]", ["2. 72 – was right", "2. 48 – is right now"]),
        ("accept=.pdf,.odt", "accept=.pdf", [".pdf, .odt – kinds of files", ".pdf – kinds of files"]),
        ("points=3 -->\n\nValdytojas", "points=4 -->\n\nValdytojas", ["3 – points", "4 – points"]),
    ],
)
def test_publishing_names_what_changed_in_a_key(trainer: Browser, old: str, new: str, said: list[str]) -> None:
    files = {path: text for path, text in FILES.items() if not path.endswith(".en.md")}
    upload(trainer, files).follow("See what changes, and publish").press("Publish")
    assert old in files[PATH]
    plan = upload(trainer, {**files, PATH: files[PATH].replace(old, new)}).follow("See what changes, and publish")
    assert plan.sees("Not possible: what is right changed.")
    for line in said:
        assert plan.sees(line), line


def test_a_gap_that_is_only_counted_may_not_come_after_publishing(trainer: Browser) -> None:
    files = {path: text for path, text in FILES.items() if not path.endswith(".en.md")}
    files[PATH] = (
        files[PATH].replace("<!-- id=kam -->", "").replace("<!-- id=kiek -->", "").replace("<!-- id=pavojus -->", "")
    )
    upload(trainer, files).follow("See what changes, and publish").press("Publish")
    more = {**files, PATH: files[PATH].replace("Valdytojas praneša", "[[Valdytojas]] praneša")}
    report = upload(trainer, more)
    assert report.sees("E162")
    assert report.sees("had 3 gaps and now has 4: give its gaps ids first")
