"""What a reading page weighs: bytes over the wire and requests, from Chromium with a cold cache."""

from __future__ import annotations

import shutil

from app.accounts import queries as people
from app.catalog import queries as catalog
from app.demo import world
from app.kit.database import reading
from app.learning import queries as learners
from tests.benchmarks.server import Server
from tests.benchmarks.world import Place

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def first_page_and_quiz(place: Place, slug: str) -> tuple[str, str]:
    """A page without a quiz or picture, and the first quiz with unlimited attempts."""
    with reading(place.home.sessions) as db:
        card = people.credentials(db, f"rasa@{world.DOMAIN}")
        run = learners.run_for(db, card.person_id or 0, slug)
        assert run is not None
        for page in run.outline.pages:
            text = catalog.page_text(db, run.version_id, page.id, "lt")
            html = "".join(str(block.get("html", "")) for block in text.blocks) if text else ""
            if text is not None and not page.quizzes and "<img" not in html:
                break
        quiz = next(quiz for quiz in run.outline.quizzes if quiz.attempts == 0)
        return page.id, quiz.id


def report(server: Server, place: Place, slug: str) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        print("weight of a reading page: not measured, there is no Chromium here")
        return
    from playwright.sync_api import sync_playwright

    page_id, _ = first_page_and_quiz(place, slug)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        context = browser.new_context(locale="lt-LT")
        context.add_cookies([{"name": "klasteris", "value": place.sign_in("rasa"), "url": server.url}])
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        sizes: dict[str, int] = {}
        urls: dict[str, str] = {}
        session.on("Network.requestWillBeSent", lambda said: urls.update({said["requestId"]: said["request"]["url"]}))
        session.on(
            "Network.loadingFinished", lambda said: sizes.update({said["requestId"]: int(said["encodedDataLength"])})
        )
        page.goto(f"{server.url}/courses/{slug}/pages/{page_id}", wait_until="networkidle")
        browser.close()
    total = sum(sizes.values())
    print(f"weight of a reading page: {total} bytes over the wire in {len(sizes)} requests")
    for request, size in sorted(sizes.items(), key=lambda one: -one[1]):
        print(f"  {size:8}  {urls.get(request, '').removeprefix(server.url)[:90]}")
