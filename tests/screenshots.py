"""Every page as its reader sees it, and what axe says about it: `make screenshots [ARGS="--out screenshots --only teaching"]`.

`make screenshots ARGS=--readme` takes the two pictures of README.md instead, into docs/pictures.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.settings import ROOT
from tests.benchmarks.server import Server, serving
from tests.benchmarks.weight import ARGUMENTS, first_page_and_quiz
from tests.benchmarks.world import Place, built

COURSE = "bdar-pagrindai"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True, slots=True)
class Sight:
    """A page, and whose eyes see it (nobody's: a visitor's)."""

    name: str
    who: str
    path: str


@dataclass(frozen=True, slots=True)
class Look:
    """A screen to see it on."""

    name: str
    width: int
    height: int
    scheme: str = "light"


# What README.md shows: the name of its picture, whose page, where.
README = (Sight("learner", "rasa", "/learning"), Sight("manager", "daiva", "/managing"))
PICTURES = ROOT / "docs" / "pictures"
PICTURE_BYTES = 150 * 1024
LOOKS = (Look("wide", 1280, 900), Look("phone", 360, 740), Look("dark", 1280, 900, "dark"))


def sights(page: str, quiz: str) -> Iterator[Sight]:
    yield Sight("public-front", "", "/")
    yield Sight("public-sign-in", "", "/sign-in")
    yield Sight("public-catalogue", "", "/catalogue")
    yield Sight("public-course", "", f"/courses/{COURSE}")
    for name in ("privacy", "accessibility", "help"):
        yield Sight(f"public-{name}", "", f"/{name}")
    yield Sight("public-absent", "", "/no-such-page")
    yield Sight("account", "rasa", "/account")
    yield Sight("classroom-home", "rasa", "/learning")
    yield Sight("classroom-record", "rasa", "/learning/record")
    yield Sight("classroom-notices", "rasa", "/notices")
    yield Sight("classroom-course", "rasa", f"/courses/{COURSE}")
    yield Sight("classroom-page", "rasa", f"/courses/{COURSE}/pages/{page}")
    yield Sight("classroom-quiz", "rasa", f"/courses/{COURSE}/quizzes/{quiz}")
    yield Sight("classroom-finish", "daiva", f"/courses/{COURSE}/finish")
    yield Sight("classroom-join", "rasa", "/join")
    for name in ("", "/new", "/held-in-library", "/planned-in-library"):
        yield Sight(f"groups{name.replace('/', '-')}", "ausra", f"/groups{name}")
    yield Sight("teaching-home", "jolanta", "/teaching")
    yield Sight("teaching-upload", "jolanta", "/teaching/uploads/new")
    yield Sight("teaching-course", "jolanta", f"/teaching/courses/{COURSE}")
    yield Sight("managing-home", "daiva", "/managing")
    yield Sight("managing-analyst", "vytautas", "/managing")
    yield Sight("managing-assignments", "daiva", "/managing/assignments")
    yield Sight("managing-assign", "daiva", "/managing/assignments/new")
    yield Sight("managing-duty", "daiva", "/managing/assignments/new?template=cyber")
    yield Sight("managing-recognition", "daiva", "/managing/recognition")
    for name in ("organisations", "people", "grants", "import", "audit", "health"):
        yield Sight(f"admin-{name}", "admin", f"/admin/{name}")
    yield Sight("admin-home", "admin", "/admin")


def show(server: Server, place: Place, chromium: str, out: Path, only: str) -> int:
    """Take every picture; answer how many pages failed or had something axe objects to."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    faults = 0
    tokens: dict[str, str] = {}
    out.mkdir(parents=True, exist_ok=True)
    page_id, quiz = first_page_and_quiz(place, COURSE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for look in LOOKS:
            for sight in sights(page_id, quiz):
                if only not in sight.name:
                    continue
                context = browser.new_context(
                    viewport={"width": look.width, "height": look.height},
                    color_scheme="dark" if look.scheme == "dark" else "light",
                    locale="lt-LT",
                )
                if sight.who:
                    token = tokens.setdefault(sight.who, "") or place.sign_in(sight.who)
                    tokens[sight.who] = token
                    context.add_cookies([{"name": "klasteris", "value": token, "url": server.url}])
                page = context.new_page()
                said: list[str] = []
                page.on("console", lambda message, said=said: said.append(f"console: {message.text[:200]}"))
                answer = page.goto(server.url + sight.path, wait_until="networkidle")
                status = answer.status if answer else 0
                if status != (404 if "absent" in sight.name else 200):
                    said.append(f"status {status}")
                page.screenshot(path=out / f"{sight.name}-{look.name}.png", full_page=True)
                checked: dict[str, Any] = (
                    Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response
                )
                said += [
                    f"{fault['id']} ({fault['impact']}): {', '.join(node['html'][:90] for node in fault['nodes'][:2])}"
                    for fault in checked["violations"]
                ]
                if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                    said.append("wider than the screen")
                said = [line for line in said if not ("absent" in sight.name and "404" in line)]
                faults += bool(said)
                for line in said:
                    print(f"{sight.name} ({look.name}): {line}")
                context.close()
        browser.close()
    return faults


def picture(server: Server, place: Place, chromium: str, out: Path) -> int:
    """Take the pictures of README.md, in English, the first screenful of each; answer how many are too heavy."""
    from playwright.sync_api import sync_playwright

    heavy = 0
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for sight in README:
            context = browser.new_context(viewport={"width": 1200, "height": 750}, color_scheme="light")
            context.add_cookies([{"name": "klasteris", "value": place.sign_in(sight.who), "url": server.url}])
            page = context.new_page()
            page.goto(f"{server.url}/language/en?next={sight.path}", wait_until="networkidle")
            size = len(page.screenshot(path=out / f"{sight.name}.png"))
            if size > PICTURE_BYTES:
                print(f"{sight.name}.png: {size} bytes, {PICTURE_BYTES} at most")
            heavy += size > PICTURE_BYTES
            context.close()
        browser.close()
    return heavy


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots")
    parser.add_argument("--only", default="", help="part of the names of the pages to show")
    parser.add_argument("--readme", action="store_true", help="only the pictures of README.md, into docs/pictures")
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("There is no Chromium here to take pictures with.", file=sys.stderr)
        return 1
    with built() as place, serving("app.main:from_environment", place.environment, factory=True) as server:
        if asked.readme:
            faults = picture(server, place, chromium, PICTURES)
        else:
            faults = show(server, place, chromium, asked.out, asked.only)
    print(f"Pictures in {PICTURES if asked.readme else asked.out}; {faults} with something to look at")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
