"""Somebody who uses a page with the keys alone, or with a finger alone."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import FileChooser, Locator, Page

from tests.journeys.visit import Visit

MOST_STOPS = 120
IS_FOCUSED = "element => element === document.activeElement"
TOP = "element => { const { left, top, height } = element.getBoundingClientRect(); return [left, top, height] }"


class Hands(Protocol):
    """What one can do to a control, whichever way."""

    visit: Visit

    def tick(self, control: Locator) -> None: ...
    def write(self, control: Locator, words: str) -> None: ...
    def choose(self, control: Locator, value: str) -> None: ...
    def attach(self, control: Locator, file: str, data: bytes) -> None: ...
    def go(self, button: Locator) -> None: ...


class Keys:
    """Nothing but Tab, Space, Enter, arrows and letters; what Tab does not reach cannot be used."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.page = visit.page
        _catch_choosers(self.page)

    def reach(self, control: Locator) -> None:
        for _ in range(MOST_STOPS):
            if control.evaluate(IS_FOCUSED):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{self.visit.path}: Tab does not reach {control}")

    def tick(self, control: Locator) -> None:
        if control.get_attribute("type") == "radio":
            # Of a set of radios Tab reaches one; arrows go to the others.
            self.reach(control.locator("xpath=ancestor::form[1]").locator("input[type=radio]").first)
            self.page.keyboard.press("Space")
            for _ in range(MOST_STOPS):
                if control.is_checked():
                    return
                self.page.keyboard.press("ArrowDown")
            raise AssertionError(f"{self.visit.path}: no arrow leads to {control}")
        self.reach(control)
        self.page.keyboard.press("Space")

    def write(self, control: Locator, words: str) -> None:
        self.reach(control)
        self.page.keyboard.type(words)

    def choose(self, control: Locator, value: str) -> None:
        self.reach(control)
        for _ in range(MOST_STOPS):
            if control.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.visit.path}: no arrow leads to {value}")

    def attach(self, control: Locator, file: str, data: bytes) -> None:
        self.reach(control)
        with self.page.expect_file_chooser() as coming:
            self.page.keyboard.press("Space")
        _hand_over(coming.value, file, data)

    def go(self, button: Locator) -> None:
        self.reach(button)
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")
        self.visit.look()


class Finger:
    """Nothing but taps, what a phone's own keyboard and lists do, and a finger that drags."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.page = visit.page
        _catch_choosers(self.page)

    def tick(self, control: Locator) -> None:
        if not control.is_checked():
            control.tap()
        assert control.is_checked()

    def write(self, control: Locator, words: str) -> None:
        control.tap()
        self.page.keyboard.type(words)

    def choose(self, control: Locator, value: str) -> None:
        control.select_option(value)  # the list that opens is the phone's own

    def attach(self, control: Locator, file: str, data: bytes) -> None:
        with self.page.expect_file_chooser() as coming:
            control.tap()
        _hand_over(coming.value, file, data)

    def go(self, button: Locator) -> None:
        with self.page.expect_navigation(wait_until="load"):
            button.tap()
        self.visit.look()

    def drag(self, thing: Locator, onto: Locator) -> None:
        """Put a finger on the number in front of one thing and lift it on another's place."""
        thing.scroll_into_view_if_needed()
        left, top, height = thing.evaluate(TOP)
        _, there, other = onto.evaluate(TOP)
        session = self.page.context.new_cdp_session(self.page)
        start, end = top + height / 2, there + (other * 0.1 if there < top else other * 0.9)

        def touch(kind: str, y: float) -> None:
            points = [] if kind == "touchEnd" else [{"x": left + 20, "y": y}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        touch("touchStart", start)
        for step in range(1, 13):
            touch("touchMove", start + (end - start) * step / 12)
        self.page.wait_for_timeout(150)  # a finger that rests before it lifts throws nothing
        touch("touchMove", end)
        touch("touchEnd", end)
        session.detach()


def _catch_choosers(page: Page) -> None:
    """Have the browser hand its file choosers over from now on. Asked for only when one is expected, the wish may come
    after the key that opens it, and nobody ever sees that chooser."""
    page.on("filechooser", lambda _chooser: None)


def _hand_over(chooser: FileChooser, file: str, data: bytes) -> None:
    chooser.set_files([{"name": file, "mimeType": "application/pdf", "buffer": data}])
