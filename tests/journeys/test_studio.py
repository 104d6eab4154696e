"""Jolanta writes a course: with the keys alone, without script, and at the same time as somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.hands import Keys
from tests.journeys.visit import Visit

READY = "html[data-editor='rich']"
HEAD = "---\nkind: page\nid: pirmasis-puslapis\ntitle: Pirmasis puslapis\n---\n\n"


def begin(visit: Visit, title: str) -> str:
    """A new course; answers the address of its outline."""
    visit.become("jolanta").open("/teaching").press("New course")
    visit.fill("title", title).fill("summary", "Ką daryti, kai dega.").press("Begin")
    assert visit.heading == title
    return visit.path.split("?")[0]


@pytest.mark.parametrize("width", [pytest.param(1280, id="wide"), pytest.param(390, id="phone")])
def test_a_course_is_written_and_published_with_the_keys_alone(visit: Callable[..., Visit], width: int) -> None:
    jolanta = visit(width=width)
    draft = begin(jolanta, f"Gaisras {width}")
    page = jolanta.page
    jolanta.follow_to("/edit?file=01-pirmasis")
    page.wait_for_selector(READY)
    jolanta.look()
    keys = Keys(jolanta)
    keys.reach(page.locator("div.rich"))
    page.keyboard.press("Control+End")
    page.keyboard.type("Išeikite iš karto ir uždarykite duris.\n\n")
    page.keyboard.type("/")
    menu = page.get_by_role("menu")
    expect(menu).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.keyboard.press("Backspace")
    page.keyboard.type("/")
    page.keyboard.type("h")  # goes to what begins so
    page.keyboard.press("Enter")
    page.keyboard.type("Kur susirinkti")
    page.keyboard.press("Control+End")
    page.keyboard.type("Prie vartų, **ne** prie durų.\n")
    look = page.locator("[data-look=page]")
    expect(look.locator("h2", has_text="Kur susirinkti")).to_be_visible()
    expect(look.locator("strong", has_text="ne")).to_be_visible()
    expect(page.locator("[data-saved-line]")).to_contain_text("Saved at")
    # Tab leads out of the editor: it is no trap.
    page.keyboard.press("Tab")
    assert not page.locator("div.rich").evaluate("element => element === document.activeElement")
    jolanta.look()
    # What is wrong is told beside the text, and its line is a press away.
    keys.reach(page.locator("div.rich"))
    page.keyboard.press("Control+End")
    page.keyboard.type("<b>ne</b>\n")
    link = page.locator("[data-look=mistakes] a[data-line]").first
    expect(link).to_be_visible()
    keys.reach(link)
    page.keyboard.press("Enter")
    expect(page.locator("div.rich")).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.locator("[data-look=mistakes] li[data-state=overdue]")).to_have_count(0)
    expect(page.locator("[data-saved-line]")).to_contain_text("Saved at")

    jolanta.open(draft).unfold("Add a page or a quiz").fill("title-0", "Pasitikrinkite").press("Add a quiz")
    page.wait_for_selector(READY)
    jolanta.open(draft)
    up = page.get_by_role("button", name="Move up: Pasitikrinkite")
    keys.reach(up)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    jolanta.look()
    assert jolanta.texts(".studio-modules a.who")[0] == "Pasitikrinkite"
    down = page.get_by_role("button", name="Move down: Pasitikrinkite")
    keys.reach(down)
    with page.expect_navigation():
        page.keyboard.press("ArrowDown")
    assert jolanta.texts(".studio-modules a.who")[-1] == "Pasitikrinkite"
    jolanta.open(f"{draft}/questions").open(f"{draft}/settings?file=course.md").open(f"{draft}/checks")
    assert not jolanta.texts("li[data-state=overdue]"), jolanta.texts("li[data-state=overdue]")
    jolanta.open(f"{draft}/preview?width=390&time=1.5")
    jolanta.open(draft).press("Publish…").press("See what changes, and publish").press("Publish")
    assert jolanta.sees("Version 1.0 is published.")


def test_a_course_is_written_and_published_without_script(visit: Callable[..., Visit]) -> None:
    jolanta = visit(script=False, width=390)
    draft = begin(jolanta, "Be scenarijų")
    jolanta.follow_to("/edit?file=01-pirmasis")
    jolanta.fill("text", HEAD + "Išeikite iš karto.\n").press("Save")
    assert jolanta.sees("Saved in the draft.") and "Išeikite iš karto." in jolanta.text("[data-look=page]")
    jolanta.press("Note")
    assert "[!NOTE]" in jolanta.page.locator("textarea").input_value()
    jolanta.open(draft).unfold("Add a page or a quiz").fill("title-0", "Testas").press("Add a quiz")
    jolanta.follow_to("/question?file=")
    jolanta.fill("title", "Ką darote pirmiausia?").fill("text-0", "Išeinu").press("Save the question")
    assert "Ką darote pirmiausia?" in jolanta.text("[data-look=page]")
    jolanta.open(draft).press("Move up: Testas")
    assert jolanta.texts(".studio-modules a.who")[0] == "Testas"
    jolanta.open(draft).press("Publish…").press("See what changes, and publish").press("Publish")
    assert jolanta.sees("Version 1.0 is published.")


def test_two_who_write_at_once_are_told_and_lose_nothing(visit: Callable[..., Visit]) -> None:
    one = visit()
    begin(one, "Dviese")
    one.follow_to("/edit?file=01-pirmasis")
    one.page.wait_for_selector(READY)
    other = visit()
    other.become("jolanta").open(one.path)
    other.page.wait_for_selector(READY)
    for who, words in ((one, "Pirmosios žodžiai."), (other, "Antrosios žodžiai.")):
        Keys(who).reach(who.page.locator("div.rich"))
        who.page.keyboard.press("Control+End")
        who.page.keyboard.type(words)
        line = who.page.locator("[data-saved-line]")
        expect(line).to_contain_text("Saved at" if who is one else "Your words are kept as a copy.")
    other.press("Save")
    assert other.sees("your words are kept as a copy") and other.sees("Antrosios žodžiai.")
    assert "Pirmosios žodžiai." in other.page.locator("textarea").input_value()
    other.press("Put the copy in its place")
    assert "Antrosios žodžiai." in other.page.locator("textarea").input_value()
    assert other.sees("Pirmosios žodžiai.")
