"""One person at one browser: goes to pages, presses, fills in, and looks whether each page is as it must be."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Download, Locator, Page, Response

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
PASSWORD = "demo-klasteris"


@dataclass
class Visit:
    page: Page
    url: str
    script: bool = True
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # What the browser itself complains of: a refused style, a missing file, a script that fails.
        self.page.on("console", lambda m: m.type == "error" and self._complain(m.text))
        self.page.on("pageerror", lambda e: self._complain(str(e)))

    def _complain(self, text: str) -> None:
        if "status of 4" not in text:  # refusals are pages too, and some journeys look at them
            self.complaints.append(f"{self.page.url}: {text}")

    def sign_in(self, login: str) -> Visit:
        self.open("/sign-in")
        address = login if "@" in login else f"{login}@demo.klasteris.example"
        self.page.locator("input[name=login]").fill(address)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self.look()

    def open(self, path: str) -> Visit:
        answer: Response | None = self.page.goto(self.url + path)
        assert answer is not None and answer.status < 500, f"{path}: {answer and answer.status}"
        return self.look()

    def press(self, label: str, *, within: str = "main") -> Visit:
        """Press a button or follow a link by its words."""
        self._pressable(label, within).click()
        self.page.wait_for_load_state("load")
        return self.look()

    def _pressable(self, label: str, within: str) -> Locator:
        place = self.page.locator(within)
        found = place.get_by_role("button", name=label).or_(place.get_by_role("link", name=label))
        return found.first

    def follow_to(self, part: str, *, within: str = "main") -> Visit:
        """Follow the first link whose address holds `part`."""
        self.page.locator(f"{within} a[href*='{part}']").first.click()
        self.page.wait_for_load_state("load")
        return self.look()

    def fill(self, name: str, value: str) -> Visit:
        self.page.locator(f"[name='{name}']:visible").first.fill(value)
        return self

    def choose(self, name: str, value: str) -> Visit:
        self.page.locator(f"select[name='{name}']").first.select_option(value)
        return self

    def tick(self, selector: str) -> Visit:
        self.page.locator(selector).first.check()
        return self

    def attach(self, name: str, file: str, data: bytes, kind: str) -> Visit:
        self.page.locator(f"input[type=file][name='{name}']").set_input_files(
            [{"name": file, "mimeType": kind, "buffer": data}]
        )
        return self

    def download(self, label: str, *, within: str = "main") -> bytes:
        with self.page.expect_download() as coming:
            self._pressable(label, within).click()
        done: Download = coming.value
        return Path(done.path()).read_bytes()

    def sees(self, text: str) -> bool:
        return text in " ".join(self.page.locator("body").inner_text().split())

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.url)

    def look(self) -> Visit:
        """Nothing runs out of the side, there is one heading, and axe finds nothing."""
        assert self.page.locator("h1").count() == 1, f"{self.path}: h1"
        if not self.script:
            return self
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.path} is {wide} px too wide"
        found = Axe().run(self.page, options=RULES).response["violations"]
        told = [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found]
        assert not told, f"{self.path}: {told}"
        return self
