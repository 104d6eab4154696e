"""A trainer uploads a course, reads the report, looks at it, publishes it, corrects it and takes it back."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass

import pytest
from fastapi import FastAPI

from app.accounts.models import Person
from app.catalog import queries
from app.kit.actor import Role
from app.kit.database import Sessions, reading, writing
from app.organisations.models import Organisation
from tests.browser import Browser, Page
from tests.factories import a_course, a_person, an_organisation, course_files

PAGE = "01-start/01-page-1.md"
TEST = "01-start/90-test.md"


@dataclass
class World:
    """A school with a trainer, another with one of its own."""

    school: Organisation
    trainer: Person
    stranger: Person
    learner: Person


@pytest.fixture
def world(sessions: Sessions) -> World:
    with writing(sessions) as db:
        country = an_organisation(db)
        school = an_organisation(db, "School", parent=country, code="school")
        other = an_organisation(db, "Other", parent=country, code="other")
        return World(
            school,
            a_person(db, school, roles=[Role.TRAINER]),
            a_person(db, other, roles=[Role.TRAINER]),
            a_person(db, school),
        )


@pytest.fixture
def trainer(browser: Browser, world: World) -> Browser:
    return browser.as_(world.trainer)


def zipped(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return packed.getvalue()


def upload(trainer: Browser, files: dict[str, str], name: str = "course.zip") -> Page:
    return trainer.open("/teaching/uploads/new").press("Check", file=(name, zipped(files)))


def publish(trainer: Browser, files: dict[str, str], **typed: object) -> Page:
    return upload(trainer, files).follow("See what changes, and publish").press("Publish", **typed)


def files_of(slug: str = "first-course", **shape: object) -> dict[str, str]:
    """The school's course, without anything to complain about that matters."""
    return course_files(slug, **({"owner": "school"} | shape))  # type: ignore[arg-type]


def changed(files: dict[str, str], path: str, old: str, new: str) -> dict[str, str]:
    assert old in files[path]
    return {**files, path: files[path].replace(old, new)}


def test_a_trainer_begins_with_nothing_and_is_told_what_to_do(trainer: Browser) -> None:
    page = trainer.open("/teaching")
    assert page.h1 == "You have no courses yet"
    assert page.follow("Upload a course").h1 == "Upload a course"


def test_a_course_goes_from_a_zip_into_the_catalogue(trainer: Browser, sessions: Sessions) -> None:
    report = upload(trainer, files_of())
    assert report.sees("We read course.zip: 1 module, 4 pages, 2 questions.")
    assert report.sees("Nothing has been published yet.")
    plan = report.follow("See what changes, and publish")
    assert plan.h1 == "The first version goes out to learners"
    done = plan.press("Publish v1.0", note="The first one.")
    assert done.sees("Version 1.0 is published.")
    assert done.sees("The first one.")
    with reading(sessions) as db:
        assert [card.slug for card in queries.cards(db, "en")] == ["first-course"]
    assert trainer.open(report.url).sees("This upload was published as version 1.0.")
    assert trainer.open("/teaching").sees("First course")


def test_a_single_file_is_a_course_too(trainer: Browser) -> None:
    text = (
        "---\nkind: course\nid: one-page\ntitle: One page\nlang: en\nsummary: Short.\ncontact: Me, in two days\n"
        "audience: Everybody\nowner: school\nminutes: 2\n---\n\n## Question\n<!-- question id=q1 -->\n\n- [x] Yes\n- [ ] No\n"
    )
    page = trainer.open("/teaching/uploads/new").press("Check", file=("one-page.md", text.encode()))
    assert page.sees("We read one-page.md: 1 module, 1 page, 1 question.")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("course.odg", b"x", "course.odg is of no kind that we read"),
        ("course.zip", b"", "course.zip is empty."),
    ],
)
def test_what_is_no_course_is_refused_with_a_sentence(trainer: Browser, name: str, data: bytes, sentence: str) -> None:
    page = trainer.open("/teaching/uploads/new").press("Check", file=(name, data))
    assert page.status == 422
    assert page.sees(sentence)


def test_nothing_chosen_is_said_at_the_field(trainer: Browser) -> None:
    page = trainer.open("/teaching/uploads/new").press("Check")
    assert page.status == 422
    assert page.sees("Choose a file")


def test_a_broken_archive_gets_a_report_and_nothing_to_publish(trainer: Browser) -> None:
    page = trainer.open("/teaching/uploads/new").press("Check", file=("broken.zip", b"PK\x03\x04 nonsense"))
    assert page.status == 200
    assert page.h1 == "We could not make out a course in this file"
    assert "See what changes, and publish" not in page.links()


def test_the_report_shows_the_line_and_says_how_to_put_it_right(trainer: Browser) -> None:
    broken = changed(files_of(), TEST, "- [x] Right", "- [ ] Right")
    page = upload(trainer, broken)
    assert page.h1.startswith("Correct ")
    assert page.sees("How to fix it.")
    hits = [element for element in page.all("li") if element.get("class") == "hit"]
    assert hits
    assert "See what changes, and publish" not in page.links()
    problems = json.loads(trainer.client.get(f"{page.url}/report.json").text)
    assert any(problem["code"].startswith("E14") for problem in problems)
    assert json.loads(trainer.client.get(f"{page.url}/report.sarif").text)["version"] == "2.1.0"
    assert trainer.client.get(f"{page.url}/report.exe").status_code == 404
    refused = trainer.post(f"{page.url}/publish", {"note": ""})
    assert refused.status == 409
    assert refused.sees("There are errors in this upload.")


def test_the_preview_shows_pages_and_questions_with_their_keys(trainer: Browser) -> None:
    front = upload(trainer, files_of()).follow("Look as a learner")
    assert front.h1 == "First course"
    assert front.sees("About this course.")
    page = front.follow("Next: Page 1")
    assert page.h1 == "Page 1"
    assert page.sees("Text of page 1.")
    test = page.follow("The test")
    assert test.sees("Question 1")
    assert test.sees("Yes, this is why.")
    assert trainer.open(f"{front.url}/pages/nothing").status == 404


def test_pictures_of_an_upload_are_shown_in_its_preview(trainer: Browser) -> None:
    files: dict[str, str] = changed(files_of(), PAGE, "More.", "![A dot](media/dot.svg)")
    files["media/dot.svg"] = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><circle r="1"/></svg>'
    page = upload(trainer, files).follow("Look as a learner").follow("Next: Page 1")
    (picture,) = page.all("img")
    response = trainer.client.get(picture.get("src", ""))
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/svg+xml"
    assert response.headers["content-security-policy"].startswith("sandbox")


def test_the_preview_says_what_learners_will_be_told_of_an_older_translation(trainer: Browser) -> None:
    files: dict[str, str] = files_of()
    files["course.nb.md"] = "---\ntitle: Kurset\nsummary: Om kurset.\n---\n\nOm kurset.\n"
    files[PAGE.replace(".md", ".nb.md")] = "---\ntitle: Side 1\n---\n\nNorsk tekst.\n"
    publish(trainer, files)
    front = upload(trainer, changed(files, PAGE, "Text of page 1", "Words of page 1")).follow("Look as a learner")
    page = trainer.open(f"{front.url}/pages/page-1?lang=nb")
    assert page.sees("Norsk tekst.") and page.sees("This translation is older than the text in English.")
    source = page.follow("Read it in English")
    assert source.sees("Words of page 1.") and not source.sees("older than")
    assert not trainer.open(f"{front.url}/pages/page-2?lang=nb").sees("older than")


def test_other_words_may_go_out_as_a_minor_version(trainer: Browser) -> None:
    publish(trainer, files_of())
    files = changed(files_of(), PAGE, "Text of page 1", "Words of page 1")
    plan = upload(trainer, files).follow("See what changes, and publish")
    assert plan.sees("Since v1.0 you have changed 1 page and 0 questions.")
    assert [element.text for element in plan.all("ins")] == ["Words"]
    assert [element.text for element in plan.all("del")] == ["Text"]
    done = plan.press("Publish", level="minor", note="Better words.")
    assert done.sees("Version 1.1 is published.")
    assert done.sees("1 page changed: Page 1")


def test_another_key_cannot_be_called_minor(trainer: Browser) -> None:
    publish(trainer, files_of())
    files = changed(files_of(), TEST, "- [x] Right <!-- id=right -->", "- [ ] Right <!-- id=right -->")
    files = changed(files, TEST, "- [ ] Wrong <!-- id=wrong -->", "- [x] Wrong <!-- id=wrong -->")
    plan = upload(trainer, files).follow("See what changes, and publish")
    assert plan.sees("Not possible: what is right changed.")
    assert plan.sees("Right – was right")
    assert plan.sees("Wrong – is right now")
    refused = trainer.post(plan.url, {"level": "minor", "note": "kept words"})
    assert refused.status == 409
    assert "kept words" in refused.html
    assert plan.press("Publish").sees("Version 2.0 is published.")


def test_the_same_content_is_not_published_twice(trainer: Browser) -> None:
    publish(trainer, files_of())
    plan = upload(trainer, files_of()).follow("See what changes, and publish")
    assert plan.sees("This very content was published before as version 1.0.")
    again = trainer.post(plan.url, {"note": ""})
    assert again.sees("This content was published before as version 1.0.")


def test_a_vanished_id_is_an_error_in_the_report(trainer: Browser) -> None:
    publish(trainer, files_of(pages=3))
    fewer = {path: text for path, text in files_of(pages=3).items() if "page-3" not in path}
    assert upload(trainer, fewer).sees("E190")


def test_a_course_of_others_cannot_be_taken_over(
    browser: Browser, trainer: Browser, world: World, sessions: Sessions
) -> None:
    publish(trainer, files_of())
    stranger = browser.as_(world.stranger)
    plan = upload(stranger, files_of(title="Mine now", owner="other")).follow("See what changes, and publish")
    assert plan.sees("belongs to a course of School")
    assert stranger.post(plan.url, {"level": "major"}).status == 422
    theirs = upload(stranger, files_of(title="In your name")).follow("See what changes, and publish")
    assert theirs.sees("you do not publish for them")
    assert stranger.post(theirs.url, {"level": "major"}).status == 422
    with reading(sessions) as db:
        assert [card.title for card in queries.cards(db, "en")] == ["First course"]


def test_uploads_and_courses_of_others_are_not_there(browser: Browser, trainer: Browser, world: World) -> None:
    report = upload(trainer, files_of())
    publish(trainer, files_of("second-course"))
    stranger = browser.as_(world.stranger)
    for url in (report.url, f"{report.url}/preview", f"{report.url}/publish", f"{report.url}/report.json"):
        assert stranger.open(url).status == 404
    assert stranger.post(f"{report.url}/publish", {}).status == 404
    assert stranger.post(f"{report.url}/discard", {}).status == 404
    course = "/teaching/courses/second-course"
    assert stranger.open(course).status == 403
    assert stranger.open(f"{course}/source.zip").status == 403
    assert stranger.open(f"{course}/pages/page-1/edit").status == 403
    for verb in ("withdraw", "restore", "revert"):
        assert stranger.post(f"{course}/{verb}", {"version": "1.0"}).status == 403
    trainer.post(f"{course}/withdraw", {})
    assert stranger.open(course).status == 404


def test_a_learner_does_not_teach(browser: Browser, world: World) -> None:
    learner = browser.as_(world.learner)
    assert learner.open("/teaching").status == 403
    assert learner.open("/teaching/uploads/new").status == 403


def test_an_upload_can_be_taken_off_the_list(trainer: Browser) -> None:
    page = upload(trainer, files_of()).press("Take this upload off my list")
    assert page.sees("The upload is off your list.")
    assert not page.sees("Uploaded, not published")


def test_a_course_is_withdrawn_and_brought_back(trainer: Browser, sessions: Sessions) -> None:
    page = publish(trainer, files_of())
    page = page.press("Withdraw from the catalogue")
    assert page.sees("Withdrawn: nobody new can begin")
    with reading(sessions) as db:
        assert queries.cards(db, "en") == ()
    assert page.press("Put back into the catalogue").sees("In the catalogue as v1.0.")


def test_going_back_publishes_the_earlier_content_again(trainer: Browser) -> None:
    publish(trainer, files_of())
    page = publish(trainer, changed(files_of(), PAGE, "Text of page 1", "Wrong words"), level="minor")
    page = page.press("Go back to this one")
    assert page.sees("The content of version 1.0 is published again as version 1.2.")
    assert page.sees("Back to the content of version 1.0.")
    assert trainer.post(f"{page.url.split('?')[0]}/revert", {"version": "9.9"}).status == 404


def test_the_source_reads_back_identically(trainer: Browser) -> None:
    files = files_of()
    publish(trainer, files)
    response = trainer.client.get("/teaching/courses/first-course/source.zip")
    assert response.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(json.loads(found.pop("ids.lock.json"))["ids"]) == {
        "start",
        "page-1",
        "page-2",
        "page-3",
        "test",
        "test-page",
        "q1",
        "q2",
    }
    assert found == files
    again = trainer.open("/teaching/uploads/new").press("Check", file=("again.zip", response.content))
    assert again.follow("See what changes, and publish").sees("This very content was published before")


class TestCorrecting:
    """A page is corrected where it stands, through the same door as an upload."""

    @pytest.fixture
    def page(self, trainer: Browser, app: FastAPI, world: World, sessions: Sessions) -> Page:
        with writing(sessions) as db:
            a_course(db, app.state.blobs, owner=world.school, files=files_of())
        page = trainer.open("/teaching/courses/first-course")
        return page.follow("English – Page 1")

    def test_a_typing_error_becomes_a_minor_version(self, page: Page) -> None:
        text = page.all("textarea")[0].text or ""
        assert "Text of page 1." in text
        checked = page.press("Check and preview", text=text.replace("Text of", "Words of"))
        assert checked.sees("Words of page 1.")
        assert checked.sees("Nothing to correct on this page")
        done = checked.press("Publish", note="A typing error.")
        assert done.sees("Version 1.1 is published.")
        assert done.sees("1 page changed: Page 1")

    def test_what_is_wrong_is_shown_beside_the_text_and_nothing_is_published(self, page: Page) -> None:
        text = (page.all("textarea")[0].text or "") + "\n![](media/nothing.png)\n"
        refused = page.press("Publish", text=text)
        assert refused.status == 422
        assert refused.sees("E170") and refused.sees("E181")
        assert "media/nothing.png" in (refused.all("textarea")[0].text or "")
        assert page.browser.open("/teaching/courses/first-course").sees("In the catalogue as v1.0.")

    def test_a_stale_page_keeps_what_was_typed(self, page: Page) -> None:
        text = page.all("textarea")[0].text or ""
        page.press("Publish", text=text.replace("Text of", "First words of"))
        stale = page.press("Publish", text=text.replace("Text of", "Second words of"))
        assert stale.status == 409
        assert stale.sees("A newer version was published while you were writing.")
        assert "Second words of" in (stale.all("textarea")[0].text or "")
        assert stale.sees("First words of page 1.")
        assert stale.press("Publish").sees("Version 1.2 is published.")

    def test_nothing_changed_publishes_nothing(self, page: Page) -> None:
        assert page.press("Publish").sees("Nothing has changed, so nothing was published.")

    def test_an_empty_text_is_refused(self, page: Page) -> None:
        refused = page.press("Publish", text="")
        assert refused.status == 422
        assert refused.sees("Fill in this field.")

    def test_another_id_is_refused_with_the_text_kept(self, page: Page) -> None:
        text = (page.all("textarea")[0].text or "").replace("id: page-1", "id: page-one")
        refused = page.press("Publish", text=text)
        assert refused.status == 409
        assert "id: page-one" in (refused.all("textarea")[0].text or "")

    def test_a_page_that_is_not_there_cannot_be_corrected(self, page: Page) -> None:
        assert page.browser.open("/teaching/courses/first-course/pages/nothing/edit").status == 404
