"""Jolanta brings a Word file and a presentation: she sees pages, says what the pictures show, and publishes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from tests.catalog.exchange.offices import DOCX, PPTX, a_docx, a_picture, a_pptx
from tests.journeys.looks import LOOKS
from tests.journeys.visit import Visit


def document(document: Any) -> None:
    document.add_paragraph("Evakuacija savivaldybėje", style="Title")
    document.add_heading("Kai suskamba aliarmas", 1)
    document.add_paragraph("Palikite pastatą ramiai.")
    document.add_picture(io.BytesIO(a_picture((120, 80))))
    document.add_heading("Susirinkimo vieta", 1)
    document.add_paragraph("Prie paminklo.")


def slides(presentation: Any) -> None:
    first = presentation.slides.add_slide(presentation.slide_layouts[1])
    first.shapes.title.text = "Gesintuvai"
    first.shapes.placeholders[1].text = "Kur jie kabo"
    first.shapes.add_picture(io.BytesIO(a_picture((60, 40), "green")), 0, 0)
    first.notes_slide.notes_text_frame.text = "Parodykite, kaip ištraukti kaištį."


@pytest.mark.parametrize("look", LOOKS)
def test_a_word_file_and_slides_become_a_course(visit: Callable[..., Visit], look: dict[str, object]) -> None:
    jolanta = visit(**look).become("jolanta").open_menu().follow_to("/teaching", within="header")
    jolanta.press("Upload a course").attach("file", "evakuacija.docx", a_docx(document), DOCX).press(
        "Check", context="button under a file"
    )
    assert "Word" in jolanta.text("section[aria-labelledby=became]")
    form = "section[aria-labelledby=proposal-title]"
    assert jolanta.page.locator(f"{form} img").count() == 1
    assert jolanta.page.locator(f"{form} img").evaluate("one => one.decode().then(() => one.naturalWidth)") == 120
    assert "/publish" not in " ".join(jolanta.links("main"))
    jolanta.press("Look as a learner")
    jolanta.click("article a.ds-button:last-child")
    assert jolanta.heading == "Kai suskamba aliarmas"
    jolanta.page.go_back()
    jolanta.page.go_back()

    slug = f"evakuacija-{look['lang']}"
    for field, said in (
        ("id", slug),
        ("summary", "Kaip palikti pastatą."),
        ("contact", "Jolanta, per dvi dienas"),
        ("text-0", "Raudonas mygtukas prie durų"),
    ):
        jolanta.page.fill(f"{form} [name={field}]", said)
    jolanta.press("Save and check again")
    assert jolanta.sees("Every picture has its text.")
    jolanta.press("See what changes, and publish")
    jolanta.press("Publish v%(version)s", version="1.0")
    assert jolanta.path == f"/teaching/courses/{slug}"

    # The slides become a module of the same course, and wait there until she publishes.
    jolanta.open("/teaching/uploads/new").attach("file", "gesintuvai.pptx", a_pptx(slides), PPTX).press(
        "Check", context="button under a file"
    )
    assert "PowerPoint" in jolanta.text("section[aria-labelledby=became]")
    jolanta.page.select_option(f"{form} [name=into]", slug)
    jolanta.page.check(f"{form} [name=decorative-0]")
    jolanta.press("Save and check again")
    assert jolanta.sees("Every picture has its text.")
    jolanta.press("See what changes, and publish")
    assert "Gesintuvai" in jolanta.text("main")
