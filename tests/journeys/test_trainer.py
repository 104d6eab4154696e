"""Jolanta teaches: a broken archive, a corrected one, two languages, two versions, and the source back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from app.catalog.format import reader
from tests.journeys.looks import LOOKS
from tests.journeys.visit import Visit

SLUG = "aptarnavimas"
FILES = {
    "course.md": """---
kind: course
id: aptarnavimas
title: Kaip kalbėti su gyventoju
summary: Trumpas kursas priimamojo darbuotojams.
lang: lt
owner: druskininku-svietimo-centras
contact: Jolanta, atsako per 2 darbo dienas
audience: Visiems, kas bendrauja su gyventojais.
minutes: 5
outcomes:
  - {id: pasisveikinti, text: "Pasisveikinti ir išklausyti"}
---

Trys puslapiai apie pirmą pokalbio minutę.
""",
    "course.en.md": """---
lang: en
title: How to talk with a resident
summary: A short course for those at the front desk.
contact: Jolanta, answers in 2 working days
audience: Everybody who meets residents.
outcomes:
  - {id: pasisveikinti, text: "Greet and listen"}
---

Three pages about the first minute of a talk.
""",
    "01-pradzia/module.md": "---\nkind: module\nid: pradzia\ntitle: Pirmoji minutė\noutcomes: [pasisveikinti]\n---\n",
    "01-pradzia/module.en.md": "---\nlang: en\ntitle: The first minute\n---\n",
    "01-pradzia/01-pasisveikinimas.md": """---
kind: page
id: pasisveikinimas
title: Pasisveikinimas
outcomes: [pasisveikinti]
---

## Pirmas žodis

Pakelkite akis, pasisveikinkite ir pasakykite, kas ese.
""",
    "01-pradzia/01-pasisveikinimas.en.md": """---
lang: en
title: The greeting
---

## The first word

Look up, greet and say who you are.
""",
    "01-pradzia/90-testas.md": """---
kind: page
id: testas
title: Pasitikrinkite
outcomes: [pasisveikinti]
---

## Testas
<!-- quiz id=pirmas mode=check pass=60 attempts=0 -->

### Ką darote pirmiausia?
<!-- question id=pirmiausia outcomes=pasisveikinti see=pasisveikinimas#pirmas-zodis -->

- [x] Pasisveikinu <!-- id=sveikinu -->
  > Taip: žmogus iškart žino, kad jį pastebėjote.
- [ ] Baigiu rašyti laišką <!-- id=rasau -->
  > Ne: laiškas palauks.

> [!EXPLANATION]
> Pirma minutė nulemia visą pokalbį.
""",
    "01-pradzia/90-testas.en.md": """---
lang: en
title: Test yourself
---

## Test
<!-- quiz id=pirmas -->

### What do you do first?
<!-- question id=pirmiausia -->

- [x] I greet <!-- id=sveikinu -->
  > Yes: people know at once that you have seen them.
- [ ] I finish the letter <!-- id=rasau -->
  > No: the letter can wait.

> [!EXPLANATION]
> The first minute decides the whole talk.
""",
}
UNDER_A_FILE = "button under a file"
TEST = "01-pradzia/90-testas.md"
BROKEN = {**FILES, TEST: FILES[TEST].replace("<!-- quiz id", "<!-- quizz id").replace("mode=check", "mode=chek")}


def zipped(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return packed.getvalue()


@pytest.mark.parametrize("look", LOOKS)
def test_a_course_from_a_broken_archive_to_a_second_version(
    visit: Callable[..., Visit], look: dict[str, object]
) -> None:
    jolanta = visit(**look).become("jolanta").open_menu().follow_to("/teaching", within="header")
    jolanta.press("Upload a course").attach("file", "kursas.zip", zipped(BROKEN), "application/zip")
    jolanta.press("Check", context=UNDER_A_FILE)
    report = jolanta.path
    line = BROKEN[TEST].split("\n").index(next(text for text in BROKEN[TEST].split("\n") if "quizz" in text)) + 1
    problem = jolanta.page.locator("article.problem", has_text=f"{TEST}:{line}").first
    assert "<!-- quizz id=pirmas" in problem.locator(f"li.hit[data-line='{line}']").inner_text()
    assert "/publish" not in " ".join(jolanta.links("main"))
    jolanta.open(f"{report}/publish")
    assert jolanta.sees("There are errors in this upload. Correct them first.")
    assert jolanta.page.locator("main form[action$='/publish'] button[type=submit]").count() == 0

    jolanta.open(report).attach("file", "kursas.zip", zipped(FILES), "application/zip")
    jolanta.press("Check", within="#again", context=UNDER_A_FILE)
    assert jolanta.page.locator("article.problem[data-state=overdue]").count() == 0
    report = jolanta.path
    jolanta.press("Look as a learner")
    assert jolanta.sees("Kaip kalbėti su gyventoju" if jolanta.lang != "en" else "How to talk with a resident")
    jolanta.click("ul.tabs a[lang=lt]")
    assert jolanta.heading == "Kaip kalbėti su gyventoju"
    jolanta.click("ul.tabs a[lang=en]")
    assert jolanta.heading == "How to talk with a resident"
    jolanta.click("article a.ds-button:last-child")
    assert jolanta.heading == "The greeting" and jolanta.sees("Look up, greet and say who you are.")
    jolanta.click("article a.ds-button:last-child")
    assert jolanta.heading == "Test yourself"

    jolanta.open(report).press("See what changes, and publish")
    jolanta.fill("note", "Pirmasis leidimas.").press("Publish v%(version)s", version="1.0")
    assert jolanta.path == f"/teaching/courses/{SLUG}"
    assert "Pirmasis leidimas." in jolanta.text("section[aria-labelledby=versions]")
    guest = visit(**look).open(f"/courses/{SLUG}")

    correct_a_typing_error(jolanta)
    jolanta.click("main form[action$='/withdraw'] button")
    guest.open("/catalogue")
    assert not [url for url in guest.links("main") if SLUG in url]
    jolanta.click("main form[action$='/restore'] button")
    guest.open("/catalogue")
    assert [url for url in guest.links("main") if SLUG in url]

    source = reader.read_zip(jolanta.download("Source (.zip)"))
    assert source.course is not None and not source.errors
    was = reader.read_files({path: text.encode() for path, text in FILES.items()}).course
    assert was is not None
    page = "01-pradzia/01-pasisveikinimas.md"
    assert source.course.files == {**was.files, page: was.files[page].replace("kas ese.", "kas esate.")}


def correct_a_typing_error(jolanta: Visit) -> None:
    """In place: look at it first, then publish it as a minor version."""
    jolanta.follow_to("/pages/pasisveikinimas/edit?lang=lt")
    text = jolanta.page.locator("textarea[name=text]").input_value()
    jolanta.fill("text", text.replace("id: pasisveikinimas", "id: kitas-id")).press("Check and preview")
    assert jolanta.page.locator("article.problem").count() or jolanta.page.locator("#level-minor").is_disabled()
    jolanta.fill("text", text.replace("kas ese.", "kas esate.")).press("Check and preview")
    assert "kas esate." in jolanta.text("section[aria-labelledby=preview]")
    jolanta.tick("#level-minor").fill("note", "Ištaisyta rašybos klaida.").press("Publish")
    assert jolanta.sees("Version %(version)s is published.", version="1.1")
    labels = jolanta.texts("section[aria-labelledby=versions] li strong")
    assert labels[:2] == ["v1.1", "v1.0"]
