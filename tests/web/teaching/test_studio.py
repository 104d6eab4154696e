"""The studio without script: from nothing to a published course, two who write one page, and everything odd that is typed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.accounts.actions.passwords import hash_password
from app.accounts.models import Person
from app.catalog import queries
from app.kit import worker
from app.kit.actor import Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.organisations.models import Organisation
from tests.browser import Browser, Page
from tests.factories import a_course, a_person, an_organisation, course_files
from tests.shared import SHARED, needs

PASSWORD = "seven quiet foxes"
PAGE = "01-start/01-page-1.md"


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with worker.in_process():
        yield


@pytest.fixture
def school(sessions: Sessions) -> Organisation:
    with writing(sessions) as db:
        return an_organisation(db, "School", code="school")


@pytest.fixture
def people(sessions: Sessions, school: Organisation) -> tuple[Person, Person]:
    with writing(sessions) as db:
        pair = a_person(db, school, roles=[Role.TRAINER]), a_person(db, school, roles=[Role.TRAINER])
        pair[0].password, pair[0].lang = hash_password(PASSWORD), "en"
        return pair


@pytest.fixture
def me(browser: Browser, people: tuple[Person, Person]) -> Browser:
    return browser.speaking("en").as_(people[0])


@pytest.fixture
def drafted(me: Browser, sessions: Sessions, blobs: Blobs, school: Organisation) -> Page:
    """The outline of a draft of a published course."""
    with writing(sessions) as db:
        a_course(db, blobs, owner=school)
    return me.open("/teaching/courses/first-course").press("Edit in the studio")


def _key(page: Page) -> str:
    found = re.search(r"/teaching/drafts/([\w-]+)", page.url)
    assert found
    return found[1]


def test_a_course_from_nothing_to_its_second_version(me: Browser, sessions: Sessions) -> None:
    again = me.open("/teaching").follow("New course").press("Begin", title="", summary="One sentence.")
    assert again.status == 422 and again.sees("Fill in this field") and "One sentence." in again.html
    outline = again.press("Begin", title="Fire safety", lang="en", summary="What to do when it burns.")
    assert outline.h1 == "Fire safety" and outline.sees("Draft of a new course")
    page = outline.follow("The first page")
    written = page.form("Save").values
    text = dict(written)["text"] + "\n## Leave\n\nLeave at once, and close the doors.\n"
    page = page.press("Save", text=text)
    assert page.sees("Saved in the draft") and page.sees("close the doors")
    # A toolbar without script: the block comes to stand at the end.
    page = page.press("Table")
    assert "| … | … |" in dict(page.form("Save").values)["text"]
    settings = page.follow("Settings").press("Save", title="When it burns", minutes="three")
    assert settings.status == 422 and settings.sees("whole number in digits") and "When it burns" in settings.html
    page = settings.press("Save", title="When it burns: go", minutes="3")
    assert 'title: "When it burns: go"' in page.html.replace("&#34;", '"') and "minutes: 3" in page.html
    outline = me.open(f"/teaching/drafts/{_key(page)}")
    quiz = outline.press("Add a quiz", **{"title-0": "The test"})
    form = quiz.follow("A question").press(
        "Save the question",
        **{"title": "What first?", "text-0": "Out", "feedback-0": "Yes.", "text-1": "Look", "text-2": "Photograph it"},
    )
    assert form.sees("The question is saved") and form.sees("What first?")
    assert "### What first?" in form.html and "- [x] Out" in form.html
    checks = form.follow("Checks")
    assert (checks.status == 200 and "Correct" in checks.h1) or "publish" in checks.h1
    outline = me.open(f"/teaching/drafts/{_key(page)}")
    report = outline.press("Publish…")
    assert report.url.startswith("http://testserver/teaching/uploads/"), report.url
    assert report.sees("See what changes, and publish"), report.text
    done = report.follow("See what changes, and publish").press("Publish")
    assert done.sees("Version 1.0 is published")
    gone = me.open(f"/teaching/drafts/{_key(page)}")
    assert gone.sees("Published: look only")
    second = me.open("/teaching/courses/fire-safety").press("Edit in the studio")
    assert _key(second) != _key(page) and second.sees("Draft of v1.0")
    with reading(sessions) as db:
        head = queries.course_by_slug(db, "fire-safety")
        assert head is not None and head.owner_code == "school"


def test_of_two_who_write_one_page_nobody_loses_a_word(
    browser: Browser, me: Browser, drafted: Page, people: tuple[Person, Person]
) -> None:
    where = f"/teaching/drafts/{_key(drafted)}/edit?file={quote(PAGE)}"
    one = me.open(where)
    start = dict(one.form("Save").values)["text"]
    other = browser.as_(people[1]).open(where)
    assert other.press("Save", text=f"{start}\nThe words of the other.\n").sees("Saved in the draft")
    told = one.press("Save", text=f"{start}\nMy own words.\n")
    assert told.sees("your words are kept as a copy") and told.sees("My own words.")
    assert "The words of the other." in dict(told.form("Save").values)["text"]
    taken = told.press("Put the copy in its place")
    assert "My own words." in dict(taken.form("Save").values)["text"]
    assert taken.sees("The words of the other."), "what stood there is a copy now"
    settled = taken.press("I am done with this copy")
    assert not settled.sees("The words of the other.")
    # The script hears the same, and hears "saved" only of what is committed.
    key = _key(drafted)
    said = me.client.post(
        f"/teaching/drafts/{key}/save?file={quote(PAGE)}",
        data={"text": "typed long ago", "base": "1"},
        headers={"Sec-Fetch-Site": "same-origin"},
    ).json()
    assert said["copy"] and "copy" in said["said"]
    outline = me.open(f"/teaching/drafts/{key}")
    assert outline.sees("Words kept beside their page")


def test_parts_move_go_and_come_back(me: Browser, drafted: Page) -> None:
    assert len(drafted.all("ol[@class='work']/li")) == 4
    moved = drafted.press("Move down: Page 1")
    titles = re.findall(r"Move up: (Page \d)", moved.text)
    assert titles[:2] == ["Page 2", "Page 1"]
    page = moved.follow("Page 2")
    assert "01-start/01-page-2.md" in page.html
    removed = page.follow("Settings").press("Remove from the draft")
    assert removed.sees("to be brought back") and "Page 2" not in re.findall(r"Move up: (Page \d)", removed.text)
    back = removed.press("Put back")
    assert back.sees("It is back") and "Page 2" in re.findall(r"Move up: (Page \d)", back.text)
    module = back.press("Add the module", module_title="The end")
    assert "02-the-end/01-" in module.html
    refused = back.press("Add the module", module_title="")
    assert refused.status == 422 and refused.sees("Fill in this field")
    outline = me.open(drafted.url).press("Move up: The end")
    assert "file=01-the-end/" in outline.html and "file=02-start/" in outline.html
    outline = outline.press("Move down: The end")
    settings = outline.follow("Page 3").follow("Settings")
    into = settings.press("Save", module="02-the-end")
    assert into.h1 == "First course"
    assert me.open(f"/teaching/drafts/{_key(drafted)}/edit?file=02-the-end/02-page-3.md").status == 200
    norwegian = outline.follow("Page 2").press("Add: Norsk")
    assert "01-page-2.nb.md" in norwegian.html
    given_up = me.open(drafted.url).press("Give the draft up")
    assert given_up.sees("The draft is given up")
    assert me.open(drafted.url).status == 404


def test_questions_are_found_tagged_and_used_again(me: Browser, drafted: Page) -> None:
    drafted.press("Add the bank", bank_title="Bank of fire")
    listed = me.open(drafted.url).follow("Questions")
    assert listed.h1 == "All 2 questions of the course" and listed.sees("Used in: Test")
    found = me.open(f"{listed.url}?q=question 2")
    assert found.h1 == "1 of 2 questions"
    nothing = found.press("Add the tags", tags="fire")
    assert nothing.status == 422 and nothing.sees("Tick at least one question")
    tagged = found.press("Add the tags", chosen="q2@01-start/90-test.md", tags="fire, urgent")
    assert tagged.sees("1 question is tagged")
    by_tag = me.open(f"{listed.url}?tag=fire")
    assert by_tag.h1 == "1 of 2 questions"
    used = by_tag.press("Set copies in", chosen="q2@01-start/90-test.md", place="@banks/bank-of-fire.md")
    assert used.sees("A copy of 1 question stands there now")
    bank = me.open(f"/teaching/drafts/{_key(drafted)}/edit?file=banks/bank-of-fire.md")
    assert "id=q2-2" in bank.html and "tags=fire,urgent" in bank.html
    types = me.open(f"/teaching/drafts/{_key(drafted)}/question?file=banks/bank-of-fire.md")
    for kind in ("single", "multiple", "truefalse", "text", "numeric", "match", "order", "cloze", "essay", "upload"):
        assert f'value="{kind}"' in types.html
        form = me.open(f"{types.url}&type={kind}")
        again = form.press("Save the question", title="")
        assert again.status == 422 and again.sees("The question: Fill in this field.")
        # What a file would be told about its marks is not told to whoever fills in a form.
        asks = kind not in ("cloze", "essay", "upload")
        assert again.sees("Write the answers here and below.") is asks and not again.sees("[x]")
    form = me.open(f"{types.url}&type=single")
    two = form.press("Save the question", title="Which?", **{"text-0": "This", "text-1": "That", "worth-1": "right"})
    assert two.status == 422 and two.sees("Words: Choose “right” at exactly one answer.")


def test_findings_and_forms_tell_the_languages_and_their_lines(me: Browser, drafted: Page, sessions: Sessions) -> None:
    draft, file = f"/teaching/drafts/{_key(drafted)}", "01-start/90-test.md"
    form = f"{draft}/question?file={file}&id=q2"
    assert not me.open(form).sees("Other languages are written in their own text")
    added = me.open(f"{draft}/edit?file={file}").press("Add: Norsk")
    asked = me.open(form)
    assert asked.sees("This form holds the words in English. Other languages are written in their own text: Norwegian")
    assert asked.sees("(not there yet)") and asked.follow("Norwegian").url == added.url.partition("#")[0]
    with reading(sessions) as db:
        found = queries.draft_by_key(db, _key(drafted))
        assert found is not None
        [text] = queries.draft_texts(db, found.id, file)
    again = me.open(added.url).press("Save", text=text.text.replace("kind: page\nid: test-page\n", ""))
    line = text.text.split("\n").index("### Question 2") - 1
    assert again.status == 200 and f"&line={line}#the_text" in me.open(form).html.replace("&amp;", "&")
    checks = me.open(f"{draft}/checks")
    # What concerns a whole file points at no line of it, and a piece of advice is said once for all its places.
    assert checks.sees("Page 1: Not translated into Norwegian") and checks.text.count("Add the translated file") == 1
    assert checks.sees("Line 10:") and not checks.sees("Line 1:")


def test_a_draft_takes_in_what_was_published_meanwhile(
    me: Browser, drafted: Page, sessions: Sessions, blobs: Blobs
) -> None:
    files = course_files()
    files["01-start/02-page-2.md"] += "\nPublished meanwhile.\n"
    with writing(sessions) as db:
        a_course(db, blobs, files=files)
    behind = me.open(drafted.url)
    assert behind.sees("Version 1.1 was published since this draft began")
    assert behind.press("Publish…").sees("Bring it in first")
    caught = behind.press("Bring it into the draft")
    assert caught.sees("everything that version 1.1 has")
    assert caught.follow("Page 2").sees("Published meanwhile.")


def test_a_sign_in_that_ran_out_keeps_what_was_typed(me: Browser, drafted: Page, people: tuple[Person, Person]) -> None:
    page = me.open(f"/teaching/drafts/{_key(drafted)}/edit?file={quote(PAGE)}")
    typed = dict(page.form("Save").values)["text"] + "\nTyped before lunch.\n"
    del me.client.cookies["klasteris"]
    door = page.press("Save", text=typed)
    assert door.h1 == "You are signed out. What you wrote is kept"
    back = door.form("Sign in").fill(login=people[0].email, password=PASSWORD).press("Sign in")
    assert back.press("Send the form").sees("Typed before lunch.")


def test_on_a_full_disk_nothing_is_called_saved_and_nothing_saved_is_lost(me: Browser, drafted: Page) -> None:
    page = me.open(f"/teaching/drafts/{_key(drafted)}/edit?file={quote(PAGE)}")
    before = dict(page.form("Save").values)["text"]

    def full(_session: Session) -> None:
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("database or disk is full"))

    patient = Browser(me.app)
    patient.client = TestClient(me.app, base_url="http://testserver", raise_server_exceptions=False)
    patient.client.cookies.update(me.client.cookies)
    event.listen(Session, "before_commit", full)
    try:
        said = patient.client.post(
            f"/teaching/drafts/{_key(drafted)}/save?file={quote(PAGE)}",
            data={"text": f"{before}\nLost?\n", "base": "1"},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
    finally:
        event.remove(Session, "before_commit", full)
    assert said.status_code >= 500, "the script tries again until it is heard"
    page = me.open(page.url)
    assert dict(page.form("Save").values)["text"] == before
    assert page.press("Save", text=f"{before}\nLost?\n").sees("Lost?")


@needs("corpora")
def test_everything_odd_can_be_typed_and_is_kept(me: Browser, drafted: Page, sessions: Sessions) -> None:
    """Every text of the corpora, many to a page: kept to the letter, never run, and looked at without a crash."""
    key = _key(drafted)
    where = f"/teaching/drafts/{key}/edit?file={quote(PAGE)}"
    head = "---\nkind: page\nid: page-1\ntitle: Page 1\n---\n"
    revision = 1
    for chunk in _chunks():
        text = f"{head}{chunk}"
        said = me.client.post(
            f"/teaching/drafts/{key}/save?file={quote(PAGE)}",
            data={"text": text, "base": str(revision)},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert said.status_code == 200, said.text[:300]
        assert "copy" not in said.json()
        revision = said.json()["revision"]
        with reading(sessions) as db:
            draft = queries.draft_by_key(db, key)
            assert draft is not None
            [kept] = queries.draft_texts(db, draft.id, PAGE)
        assert kept.text.strip("\n") == text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip("\n")
    page = me.open(where)
    page.check()
    for path in ("", "/checks", "/questions", f"/settings?file={quote(PAGE)}"):
        shown = me.open(f"/teaching/drafts/{key}{path}")
        assert shown.status == 200
        assert not [s for s in shown.all("script") if not s.get("src")]


def _chunks() -> list[str]:
    """Every text file of the corpora, together as large as a few pages."""
    chunks: list[str] = []
    size = 0
    here: list[str] = []
    for path in sorted((SHARED / "corpora").rglob("*")):
        if not path.is_file() or path.stat().st_size > 100_000:
            continue
        said = path.read_bytes().decode("utf-8", "replace")
        if size + len(said) > 120_000:
            chunks.append("\n\n".join(here))
            here, size = [], 0
        here.append(said)
        size += len(said)
    return [*chunks, "\n\n".join(here)]
