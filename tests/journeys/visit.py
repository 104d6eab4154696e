"""One person at one browser: goes to pages, presses, fills in, and looks whether each page is as it must be.

Words are given as they stand in the code and looked for in the visitor's language, so that one journey may be made in
any of them. KLASTERIS_PICTURES=folder keeps a picture of every page that is looked at.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Literal

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Download, Locator, Page, Response

from app.kit import i18n

WIDE, PHONE = 1280, 390
NARROW = 320  # nothing may run out of the side of a small phone, whatever the visitor's own screen
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
PASSWORD = "demo-klasteris"
PICTURES = os.environ.get("KLASTERIS_PICTURES", "")
# The first rows of a table stand for the hundreds that may follow: those are laid aside while axe looks, which would take
# every one of them into its reckoning of what lies over what.
LAY_ASIDE = """() => { window.aside = [...document.querySelectorAll('tbody tr:nth-child(n+25)')].map(e => [e, e.parentNode])
    window.aside.forEach(([e]) => e.remove()) }"""
PUT_BACK = "() => window.aside.forEach(([e, parent]) => parent.append(e))"
# What a page is built of, without its words: each kind of element with what it stands in, and each heading with the one
# before it. Axe looks at a page in which there is something that it has not seen yet.
BUILT = """() => {
    const is = e => [e.tagName, e.className.baseVal ?? e.className, e.getAttribute('role'), e.getAttribute('data-kind'),
        e.getAttribute('data-state'), e.getAttribute('data-is'), e.getAttribute('data-color'), e.disabled].join(' ')
    const kinds = new Set(); let before = ''
    for (const e of document.querySelectorAll('body, body *')) {
        kinds.add(is(e) + ' in ' + is(e.parentElement))
        if (/^H[1-6]$/.test(e.tagName)) { kinds.add(before + ' before ' + e.tagName); before = e.tagName }
    }
    return [...kinds].sort()
}"""
# What every page has, in one question to the browser.
FACTS = """() => [document.querySelectorAll('h1').length, document.querySelector('h1')?.innerText.trim() ?? '',
    document.title, document.documentElement.lang]"""
RUN_AXE = """options => axe.run(document, options).then(said => said.violations.map(
    one => [one.id, one.nodes.slice(0, 3).map(node => node.html.slice(0, 160))]))"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Visit:
    page: Page
    url: str
    looked_through: Path  # the kinds of elements that axe has seen in pages it found nothing wrong with
    script: bool = True
    width: int = 1280
    lang: str = "en"
    scheme: Literal["light", "dark"] = "light"
    complaints: list[str] = field(default_factory=list)
    status: int = 200
    glances: bool = False
    came_before: bool = False

    def __post_init__(self) -> None:
        # What the browser itself complains of: a refused style, a missing file, a script that fails.
        self.page.on("console", lambda m: m.type in ("error", "warning") and self._complain(m.text))
        self.page.on("pageerror", lambda e: self._complain(str(e)))
        self.page.on("response", self._note)

    def _note(self, answer: Response) -> None:
        if answer.request.is_navigation_request() and answer.frame == self.page.main_frame:
            self.status = answer.status
        elif answer.status >= 400:
            self._complain(f"{answer.status} for {answer.url}")

    def _complain(self, text: str) -> None:
        if "status of 4" not in text:  # refusals are pages too, and some journeys look at them
            self.complaints.append(f"{self.page.url}: {text}")

    def say(self, message: str, context: str = "", **values: object) -> str:
        if not context:
            return i18n.in_language(message, self.lang, **values)
        with i18n.speaking(self.lang):
            return i18n.raw_pgettext(context, message)

    def become(self, login: str) -> Visit:
        """Sign in by the button that the demonstration has for each of its people."""
        again, self.came_before = self.came_before, True
        if again:  # on another day: the door and the first page are what they were
            with self.glancing():
                return self._become(login)
        return self._become(login)

    def _become(self, login: str) -> Visit:
        self.open("/sign-in")
        return self._go(self.page.locator(f"button[name=demo][value={login}]"))

    def sign_in(self, login: str, password: str = PASSWORD) -> Visit:
        address = login if "@" in login else f"{login}@demo.klasteris.example"
        return self.open("/sign-in").fill("login", address).fill("password", password).press("Sign in")

    def open(self, path: str, status: int = 200) -> Visit:
        self.page.goto(path if path.startswith("http") else self.url + path)
        assert self.status == status, f"{path}: {self.status}"
        return self.look()

    def press(self, label: str, *, within: str = "main", **values: object) -> Visit:
        """Press a button or follow a link by its words."""
        return self._go(self._pressable(label, within, values))

    def _pressable(self, label: str, within: str, values: dict[str, object]) -> Locator:
        """The whole words if they stand somewhere, else words that more is said beside for screen readers."""
        place, name = self.page.locator(within), self.say(label, **values)
        for exact in (True, False):
            button = place.get_by_role("button", name=name, exact=exact)
            found = button.or_(place.get_by_role("link", name=name, exact=exact)).filter(visible=True)
            if found.count():
                break
        return found.first

    def follow_to(self, part: str, *, within: str = "main") -> Visit:
        """Follow the first link whose address holds `part`."""
        return self._go(self.page.locator(f"{within} a[href*='{part}']").filter(visible=True).first)

    def click(self, selector: str) -> Visit:
        """Press what has no words of its own, and go where it leads."""
        return self._go(self.page.locator(selector).filter(visible=True).first)

    def _go(self, what: Locator) -> Visit:
        with self.page.expect_navigation(wait_until="load"):
            what.click()
        return self.look()

    def open_menu(self) -> Visit:
        """On a narrow screen the menu is behind a button."""
        button = self.page.locator("button[popovertarget=menu]")
        if button.is_visible():
            button.click()
        return self

    def unfold(self, label: str, *, within: str = "main") -> Visit:
        """Open what is folded away."""
        self.page.locator(f"{within} summary").filter(has_text=self.say(label)).first.click()
        return self.look()

    def fill(self, name: str, value: str) -> Visit:
        self.page.locator(f"[name='{name}']:visible").first.fill(value)
        return self

    def choose(self, name: str, value: str) -> Visit:
        self.page.locator(f"select[name='{name}']:visible").first.select_option(value)
        return self

    def tick(self, selector: str) -> Visit:
        self.page.locator(selector).first.check()
        return self

    def attach(self, name: str, file: str, data: bytes, kind: str) -> Visit:
        self.page.locator(f"input[type=file][name='{name}']").first.set_input_files(
            [{"name": file, "mimeType": kind, "buffer": data}]
        )
        return self

    def download(self, label: str, *, within: str = "main") -> bytes:
        with self.page.expect_download() as coming:
            self._pressable(label, within, {}).click()
        done: Download = coming.value
        return Path(done.path()).read_bytes()

    def text(self, selector: str = "body") -> str:
        return " ".join(self.page.locator(selector).first.inner_text().split())

    def texts(self, selector: str) -> list[str]:
        return [" ".join(text.split()) for text in self.page.locator(selector).all_inner_texts()]

    def links(self, within: str) -> list[str]:
        return [str(link.get_attribute("href")) for link in self.page.locator(f"{within} a").all()]

    def sees(self, text: str, **values: object) -> bool:
        return self.say(text, **values) in self.text()

    @property
    def heading(self) -> str:
        return self.text("h1")

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.url)

    @contextmanager
    def glancing(self) -> Iterator[None]:
        """Among pages that were looked through before: hundreds of rows take a second on each width."""
        before, self.glances = self.glances, True
        yield
        self.glances = before

    def look(self) -> Visit:
        """One heading, a title, a language, nothing out of the side of any screen, and axe finds nothing."""
        assert self.status < 500, f"{self.path}: {self.status}"
        headings, heading, title, lang = self.page.evaluate(FACTS)
        assert headings == 1, f"{self.path}: h1"
        assert heading, f"{self.path}: an empty h1"
        assert re.fullmatch(r"\S.* – Klasteris", title), f"{self.path}: {title}"
        assert lang == self.lang, f"{self.path}: lang"
        self._take_picture()
        if self.glances:
            return self
        for width in (NARROW, self.width):
            self.page.set_viewport_size({"width": width, "height": 900})
            self._fits(width)
        if self.script:  # without script axe cannot run either, and the page has been looked through with it
            self.page.evaluate(LAY_ASIDE)
            self._is_accessible()
            self.page.evaluate(PUT_BACK)
        return self

    def _fits(self, width: int) -> None:
        over = self.page.evaluate(TOO_WIDE)
        assert over <= 0, f"{self.path} is {over} px too wide for {width} px"

    def _is_accessible(self) -> None:
        """In the visitor's own width and in the other one, where something stands in the page that axe has not seen."""
        seen = set(self.looked_through.read_text().split()) if self.looked_through.exists() else set()
        for width in (PHONE if self.width == WIDE else WIDE, self.width):
            kinds = {sha256(f"{width} {kind}".encode()).hexdigest()[:16] for kind in self.page.evaluate(BUILT)}
            if kinds <= seen:
                continue
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.evaluate(AXE_FILE_PATH.read_text("utf-8"))
            told = self._violations(RULES, self.scheme)
            other = "light" if self.scheme == "dark" else "dark"
            self.page.emulate_media(color_scheme=other)
            told += self._violations(CONTRAST, other)
            self.page.emulate_media(color_scheme=self.scheme)
            assert not told, f"{self.path} at {width} px: {told}"
            with self.looked_through.open("a") as file:  # short lines, appended: other workers read and write it too
                file.write("".join(f"{kind}\n" for kind in kinds - seen))
        self.page.set_viewport_size({"width": self.width, "height": 900})

    def _violations(self, rules: dict[str, object], scheme: str) -> list[str]:
        found = self.page.evaluate(RUN_AXE, {**rules, "resultTypes": ["violations"]})
        return [f"{name} ({scheme}): {places}" for name, places in found]

    def _take_picture(self) -> None:
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            name = re.sub(r"[^a-z0-9]+", "-", self.path.lower()).strip("-")[:70] or "front"
            taken = f"{os.environ.get('PYTEST_CURRENT_TEST', '').split('::')[-1].split(' ')[0]}-{name}"
            number = len(list(Path(PICTURES).glob("*.png")))
            file = f"{number:03d}-{self.width}-{self.lang}-{taken}.png".replace("[", "-").replace("]", "")
            self.page.screenshot(path=Path(PICTURES) / file, full_page=True)
