"""Jolanta brings her questions from Moodle: she sees what became of them, what needs a hand, and takes them elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.catalog import exchange
from app.catalog.format import reader
from tests.journeys.looks import LOOKS
from tests.journeys.visit import Visit

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
QUIZ = f"""<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>$course$/top/Duomenų apsauga</text></category></question>
<question type="multichoice">
  <name><text>Kada pranešti?</text></name>
  <questiontext format="html"><text><![CDATA[<p>Kada pranešti apie <b>pažeidimą</b>?</p><p><img src="@@PLUGINFILE@@/laikrodis.png"></p>]]></text>
    <file name="laikrodis.png" path="/" encoding="base64">{PNG}</file></questiontext>
  <single>true</single>
  <answer fraction="100" format="html"><text>Per 72 valandas</text><feedback format="html"><text>Taip.</text></feedback></answer>
  <answer fraction="0" format="html"><text>Per 30 dienų</text><feedback format="html"><text>Per vėlu.</text></feedback></answer>
</question>
<question type="calculated"><name><text>Kiek valandų liko?</text></name></question>
<question type="numerical">
  <name><text>Kiek valandų?</text></name>
  <questiontext format="html"><text>Kiek valandų?</text></questiontext>
  <answer fraction="100"><text>daug</text><tolerance>0</tolerance></answer>
</question>
</quiz>
"""


@pytest.mark.parametrize("look", LOOKS)
def test_questions_from_moodle_become_a_course_with_a_list_of_what_needs_a_hand(
    visit: Callable[..., Visit], look: dict[str, object]
) -> None:
    jolanta = visit(**look).become("jolanta").open_menu().follow_to("/teaching", within="header")
    jolanta.press("Upload a course").attach("file", "duomenu-apsauga.xml", QUIZ.encode(), "application/xml").press(
        "Check", context="button under a file"
    )
    became = jolanta.text("section[aria-labelledby=became]")
    assert "Moodle XML" in became
    for item, line in (("Kiek valandų liko?", 12), ("Kiek valandų?", 16)):
        row = jolanta.page.locator("section[aria-labelledby=became] tbody tr", has_text=item).first.inner_text()
        assert jolanta.say("line %(line)s", line=line) in row
    assert jolanta.say("not a number: %(value)s", value="daug").lower() in became.lower()
    report = jolanta.path
    # What only she can say: a text for the picture, a summary, whom to ask.
    problems = " ".join(jolanta.texts("article.problem"))
    for code in ("E170", "QC01"):
        assert code in problems
    assert "/publish" not in " ".join(jolanta.links("main"))

    jolanta.press("Look as a learner")
    jolanta.click("article a.ds-button:last-child")
    assert jolanta.heading == "Duomenų apsauga"
    assert "Per 72 valandas" in jolanta.text("main")
    jolanta.open(report)
    assert "laikrodis.png" in " ".join(jolanta.texts("article.problem"))


def test_a_published_course_leaves_as_moodle_xml_and_is_the_same_when_it_comes_back(
    visit: Callable[..., Visit],
) -> None:
    jolanta = visit(lang="en").become("jolanta")
    jolanta.open("/teaching")
    course = next(url for url in jolanta.links("main") if url.startswith("/teaching/courses/"))
    jolanta.open(course).press("For other platforms")
    assert jolanta.sees("What is lost in %(format)s", format="Moodle XML")
    source = reader.read_zip(jolanta.download("Source (.zip)"))
    assert source.course is not None
    given = jolanta.page.context.request.get(f"{jolanta.url}{course}/formats/moodle-xml").body()
    back = reader.read_files(dict(exchange.read("atgal.xml", given).files))
    assert back.course is not None
    assert back.course.files == source.course.files
