"""A course is copied, opened for others, adopted, and its original followed: taken or left, file by file, nothing unasked."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.accounts.models import Person
from app.catalog import access, actions, importer, queries
from app.catalog.drafting import adopting
from app.catalog.drafting.adopting import Fate, Piece
from app.catalog.format import reader
from app.catalog.models import Draft
from app.kit.actor import SYSTEM, Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.organisations.models import Organisation
from tests.browser import Browser, Page
from tests.factories import a_course, a_person, actor_for, an_organisation, course_files

ONE, TWO, THREE = (f"01-start/{n:02d}-page-{n}.md" for n in (1, 2, 3))


@dataclass
class Two:
    """A school that makes a course, and a library that adopts it."""

    browser: Browser
    sessions: Sessions
    blobs: Blobs
    school: Organisation
    teacher: Person
    librarian: Person

    def published(self, files: dict[str, str]) -> None:
        with writing(self.sessions) as db:
            a_course(db, self.blobs, "first-course", owner=self.school, files=files)

    def as_teacher(self) -> Browser:
        return self.browser.as_(self.teacher)

    def as_librarian(self) -> Browser:
        return self.browser.as_(self.librarian)

    def draft(self, slug: str) -> dict[str, str]:
        """The texts of an open draft."""
        with reading(self.sessions) as db:
            open_ones = access.drafts_of(db, actor_for(db, self.librarian))
            draft = next(one for one in open_ones if one.slug == slug)
            return {one.path: one.text for one in queries.draft_texts(db, draft.id) if not one.removed}

    def write(self, slug: str, path: str, old: str, new: str) -> None:
        """The librarian changes a page of the draft."""
        with writing(self.sessions) as db:
            actor = actor_for(db, self.librarian)
            draft = next(one for one in access.drafts_of(db, actor) if one.slug == slug)
            text = queries.draft_texts(db, draft.id, path)[0]
            assert old in text.text
            actions.save_file(db, actor, draft=draft, path=path, text=text.text.replace(old, new), base=text.revision)

    def publish_draft(self, slug: str) -> None:
        with writing(self.sessions) as db:
            actor = actor_for(db, self.librarian)
            draft = next(one for one in access.drafts_of(db, actor) if one.slug == slug)
            found = reader.read_files(queries.draft_source(db, self.blobs, draft))
            assert found.course is not None and not found.errors, found.problems
            key = actions.keep_upload(
                db, actor, filename="draft.zip", blob="0" * 64, slug=slug, summary={}, problems=[]
            )
            actions.send_draft(db, actor, draft=draft, upload_key=key)
            prepared = importer.prepare(found.course)
            done = importer.publish(db, SYSTEM, prepared, blobs=self.blobs, owner_id=draft.organisation_id)
            upload = access.upload_for(db, actor, key)
            actions.mark_published(db, upload=upload, version_id=done.version_id)


@pytest.fixture
def two(browser: Browser, sessions: Sessions) -> Two:
    blobs = browser.app.state.blobs
    with writing(sessions) as db:
        country = an_organisation(db)
        school = an_organisation(db, "School", parent=country, code="school")
        library = an_organisation(db, "Library", parent=country, code="library")
        teacher = a_person(db, school, roles=[Role.TRAINER])
        librarian = a_person(db, library, roles=[Role.TRAINER])
    made = Two(browser, sessions, blobs, school, teacher, librarian)
    made.published(course_files("first-course", owner="school"))
    return made


def changed(files: dict[str, str], path: str, old: str, new: str) -> dict[str, str]:
    assert old in files[path]
    return {**files, path: files[path].replace(old, new)}


def adopted(two: Two) -> Page:
    """The library has adopted the course and published it."""
    two.as_teacher().open("/teaching/courses/first-course").press("Save", licence="CC-BY-4.0")
    page = two.as_librarian().open("/teaching/shared").follow("First course")
    done = page.press("Adopt the course", id="our-course", title="Our course")
    assert done.status in (200, 404)  # the studio may look at the draft
    return done


def test_a_course_is_for_others_only_once_its_owner_says_so(two: Two) -> None:
    librarian = two.as_librarian()
    assert librarian.open("/teaching/shared").sees("Nothing to adopt yet")
    assert librarian.open("/teaching/shared/first-course").status == 404
    teacher = two.as_teacher()
    page = teacher.open("/teaching/courses/first-course")
    assert page.press("Save", licence="ours").sees("Choose one of the options.")
    assert page.press("Save", licence="CC-BY-4.0").sees("Other organisations may adopt the course now.")
    assert not teacher.open("/teaching/shared").sees("First course")  # it is theirs
    listed = librarian.open("/teaching/shared")
    assert listed.sees("First course") and listed.sees("CC BY 4.0") and listed.sees("School · v1.0")
    teacher.open("/teaching/courses/first-course").press("Save", licence="")
    assert librarian.open("/teaching/shared/first-course").status == 404


def test_an_adopted_course_is_a_draft_of_ones_own_that_says_whose_it_was(two: Two) -> None:
    adopted(two)
    texts = two.draft("our-course")
    assert 'title: "Our course"' in texts["course.md"] and "id: our-course" in texts["course.md"]
    assert "owner: library" in texts["course.md"]
    assert "> Made from the course “First course” of School, licence CC BY 4.0." in texts["course.md"]
    assert texts[ONE] == course_files("first-course")[ONE]  # pages keep their ids and words
    again = two.as_librarian().open("/teaching/shared/first-course")
    for id_, said in (
        ("first-course", "There is a course with this address already."),
        ("Our Course", "Small letters a–z, digits and hyphens only"),
        ("", "Fill in this field."),
    ):
        refused = again.press("Adopt the course", id=id_, title="Another")
        assert refused.status == 422 and refused.sees(said), id_
        assert {value.get("value") for value in refused.all("input") if value.get("name") == "title"} == {"Another"}
    two.publish_draft("our-course")
    page = two.as_librarian().open("/teaching/courses/our-course")
    assert page.sees("Made from a course of School, licence CC BY 4.0.")
    assert page.follow("The original").sees("The original has not changed")


def test_ones_own_course_is_copied_without_a_word_on_its_origin(two: Two) -> None:
    teacher = two.as_teacher()
    page = teacher.open("/teaching/courses/first-course").follow("Make a copy")
    page.press("Make a copy", id="second-course")
    with reading(two.sessions) as db:
        draft = queries.drafts(db, Draft.slug == "second-course")[0]
        texts = {one.path: one.text for one in queries.draft_texts(db, draft.id)}
        assert queries.adoption(db, draft.organisation_id, "second-course") is None
    assert "Made from" not in texts["course.md"]
    assert texts["01-start/90-test.md"] == course_files("first-course")["01-start/90-test.md"]


def test_what_the_original_changes_is_taken_or_left_file_by_file(two: Two) -> None:
    adopted(two)
    two.write("our-course", TWO, "Text of page 2.", "Our text of page 2.")
    two.write("our-course", THREE, "Text of page 3.", "Our text of page 3.")
    two.publish_draft("our-course")
    files = course_files("first-course", owner="school")
    files = changed(files, ONE, "Text of page 1.", "Better text of page 1.")
    files = changed(files, TWO, "Text of page 2.", "Better text of page 2.")
    files["01-start/04-page-4.md"] = "---\nkind: page\nid: page-4\ntitle: Page 4\nminutes: 1\n---\nText of page 4.\n"
    two.published(files)
    librarian = two.as_librarian()
    assert librarian.open("/teaching").follow("The original has changed").sees("The original has a new version 2.0")
    page = librarian.open("/teaching/courses/our-course").follow("See what changed, and take or leave it")
    fields = {name: value for name, value in page.form("Go on with what I chose").values if name.startswith("choice-")}
    assert len(fields) == 3 and set(fields.values()) == {"leave"}  # nothing is taken unasked
    assert page.sees("Changed in the original, not by you") and page.sees("Changed in the original and by you")
    assert not page.sees("Our text of page 3.")  # what only we changed is nobody's question
    clash = next(name for name in fields if "Our text of page 2." in _panel(page, name))
    fresh = next(name for name in fields if "Text of page 4." in _panel(page, name))
    page.press("Go on with what I chose", **{clash: "beside", fresh: "take"})
    texts = two.draft("our-course")
    assert texts["01-start/04-page-4.md"] == files["01-start/04-page-4.md"]
    assert texts[ONE] == course_files("first-course")[ONE]  # left as it was
    assert "Our text of page 2." in texts[TWO]  # ours stays, theirs is kept beside it
    with reading(two.sessions) as db:
        draft = next(one for one in access.drafts_of(db, actor_for(db, two.librarian)) if one.slug == "our-course")
        assert [(one.path, one.text) for one in queries.draft_copies(db, draft.id)] == [(TWO, files[TWO])]
    assert librarian.open("/teaching/courses/our-course/original").sees("The original has not changed")
    stale = page.press("Go on with what I chose")
    assert stale.sees("The original has not changed")
    with writing(two.sessions) as db:  # the draft is given up: what was taken into it was not taken
        actions.discard_draft(db, actor_for(db, two.librarian), draft=draft)
    assert librarian.open("/teaching/courses/our-course/original").sees("The original has a new version 2.0")
    left = librarian.open("/teaching/courses/our-course/original").press("Go on with what I chose")
    assert left.sees("Everything is left as it is.")
    assert not left.sees("The original has changed since.")
    two.published(changed(files, ONE, "Better text", "The best text"))
    assert librarian.open("/teaching/courses/our-course").sees("The original has changed since.")
    two.as_teacher().open("/teaching/courses/first-course").press("Save", licence="")
    closed = librarian.open("/teaching/courses/our-course/original")
    assert closed.sees("Its owner no longer lets it be adopted")


def _panel(page: Page, field: str) -> str:
    """What stands around a choice."""
    for section in page.all("section"):
        if any(one.get("name") == field for one in section.iter("input")):
            return " ".join("".join(section.itertext()).split())
    raise AssertionError(field)


def test_three_sides_of_a_file_are_told_apart_wherever_it_stands() -> None:
    def side(**texts: str) -> dict[str, Piece]:
        return {key: Piece(f"{key}.md", text) for key, text in texts.items()}

    base = side(same="a", theirs="a", ours="a", both="a", alike="a", gone="a", lost="a")
    theirs = side(same="a", theirs="b", ours="a", both="b", alike="b", lost="b", new="n")
    ours = {**side(same="a", theirs="a", ours="b", both="c", alike="b", gone="a"), "mine": Piece("mine.md", "m")}
    ours["same"] = Piece("moved.md", "a")
    found = {one.key: one.fate for one in adopting.held_against(base, theirs, ours)}
    assert found == {
        "theirs": Fate.THEIRS, "both": Fate.BOTH, "ours": Fate.OURS, "gone": Fate.THEIRS, "lost": Fate.BOTH,
        "new": Fate.THEIRS, "mine": Fate.OURS,
    }  # fmt: skip
    texts = {
        "course.md": "---\nkind: course\nid: c\n---\n",
        "01-a.md": "---\nkind: page\nid: a\n---\nA",
        "01-a.en.md": "---\nlang: en\n---\nA",
        "banks/a.md": "---\nkind: bank\nid: a\n---\n",
    }
    moved = {path.replace("01-a", "07-other"): text for path, text in texts.items()}
    one, other = adopting.pieces(texts, {}), adopting.pieces(moved, {"media/x.png": ("0" * 64, 3)})
    assert set(other) == {*one, "media/x.png"} and set(one) == {"course", "page a", "page a:en", "bank a"}
    assert [split.key for split in adopting.held_against(one, other, one)] == ["media/x.png"]
