"""Publishing: versions are immutable, numbered by what changed, and nothing is ever lost."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog import actions, importer, queries
from app.catalog.format import lock, reader
from app.catalog.importer import Published
from app.catalog.models import CourseVersion, PageText, QuestionRevision
from app.catalog.queries import CourseHead
from app.catalog.rules import ChangeLevel, CourseState
from app.kit import audit
from app.kit.actor import SYSTEM, Actor, Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.kit.errors import Conflict, Forbidden, Invalid
from app.organisations.models import Organisation
from tests.factories import a_course, a_person, actor_for, an_organisation, course_files, read

PAGE = "01-start/01-page-1.md"
TEST = "01-start/90-test.md"


def _again(
    db: Session, blobs: Blobs, files: dict[str, str], *, level: ChangeLevel | None = None, note: str = ""
) -> Published:
    prepared = importer.prepare(read(files))
    return importer.publish(db, SYSTEM, prepared, blobs=blobs, level=level, note=note)


def _head(db: Session, slug: str = "first-course") -> CourseHead:
    found = queries.course_by_slug(db, slug)
    assert found is not None
    return found


def _rename(files: dict[str, str], path: str, old: str, new: str) -> dict[str, str]:
    assert old in files[path]
    return {**files, path: files[path].replace(old, new)}


def test_the_first_version_is_1_0_and_is_what_new_learners_get(db: Session, blobs: Blobs) -> None:
    published = a_course(db, blobs)
    assert (published.label, published.created) == ("1.0", True)
    head = _head(db)
    assert (head.version_id, head.live) == (published.version_id, True)
    assert [card.title for card in queries.cards(db, "en")] == ["First course"]
    assert audit.broken_links(db) == []


def test_the_same_content_is_published_once_even_if_another_came_between(db: Session, blobs: Blobs) -> None:
    files = course_files()
    first = a_course(db, blobs, files=files)
    second = _again(db, blobs, _rename(files, PAGE, "Text of page 1", "Words of page 1"))
    again = _again(db, blobs, files)
    assert (again.created, again.version_id) == (False, first.version_id)
    assert _head(db).version_id == second.version_id


def test_other_words_make_a_minor_version(db: Session, blobs: Blobs) -> None:
    files = course_files()
    a_course(db, blobs, files=files)
    published = _again(db, blobs, _rename(files, PAGE, "Text of page 1", "Words of page 1"))
    assert published.label == "1.1"
    changes = importer.Changes.from_json(queries.versions(db, published.course_id)[0].changes)
    assert [one.id for one in changes.pages_changed] == ["page-1"]
    assert (changes.since, changes.reasons, changes.questions) == ("1.0", (), 0)


def test_another_key_makes_a_major_version_and_may_not_be_called_minor(db: Session, blobs: Blobs) -> None:
    files = course_files()
    a_course(db, blobs, files=files)
    other = _rename(files, TEST, "- [x] Right <!-- id=right -->", "- [ ] Right <!-- id=right -->")
    other = _rename(other, TEST, "- [ ] Wrong <!-- id=wrong -->", "- [x] Wrong <!-- id=wrong -->")
    with pytest.raises(Conflict):
        _again(db, blobs, other, level=ChangeLevel.MINOR)
    published = _again(db, blobs, other)
    assert published.label == "2.0"
    changes = importer.Changes.from_json(queries.versions(db, published.course_id)[0].changes)
    assert changes.reasons == ("keys",)
    assert {one.id for one in changes.questions_rekeyed} == {"q1", "q2"}


def test_a_new_required_page_makes_a_major_version(db: Session, blobs: Blobs) -> None:
    a_course(db, blobs, pages=2)
    published = _again(db, blobs, course_files(pages=3))
    assert published.label == "2.0"
    changes = importer.Changes.from_json(queries.versions(db, published.course_id)[0].changes)
    assert ([one.id for one in changes.pages_added], changes.reasons) == (["page-3"], ("pages",))


def test_a_page_that_nobody_must_read_may_come_in_a_minor_version(db: Session, blobs: Blobs) -> None:
    a_course(db, blobs, pages=2)
    files = _rename(course_files(pages=3), "01-start/03-page-3.md", "minutes: 2", "minutes: 2\nrequired: no")
    files["course.md"] = course_files(pages=2)["course.md"]
    assert _again(db, blobs, files).label == "1.1"


def test_another_practice_question_key_stays_minor(db: Session, blobs: Blobs) -> None:
    files = course_files(mode="practice")
    a_course(db, blobs, files=files)
    other = _rename(files, TEST, "- [x] Right <!-- id=right -->", "- [ ] Right <!-- id=right -->")
    other = _rename(other, TEST, "- [ ] Wrong <!-- id=wrong -->", "- [x] Wrong <!-- id=wrong -->")
    assert _again(db, blobs, other).label == "1.1"


def test_the_author_may_call_a_small_change_a_major_one(db: Session, blobs: Blobs) -> None:
    files = course_files()
    a_course(db, blobs, files=files)
    other = _rename(files, PAGE, "Text of page 1", "Words of page 1")
    assert _again(db, blobs, other, level=ChangeLevel.MAJOR, note="A new beginning").label == "2.0"
    assert queries.versions(db, _head(db).id)[0].note == "A new beginning"


def test_an_id_may_not_vanish_unsaid(db: Session, blobs: Blobs) -> None:
    files = course_files(pages=3)
    a_course(db, blobs, files=files)
    fewer = {path: text for path, text in files.items() if path != "01-start/03-page-3.md"}
    with pytest.raises(Conflict):
        _again(db, blobs, fewer)
    said = _rename(fewer, "course.md", "audience:", "retired: [page-3]\naudience:")
    assert _again(db, blobs, said).label == "2.0"
    # Having been said once it need not be repeated.
    later = _rename(fewer, PAGE, "Text of page 1", "Words of page 1")
    assert _again(db, blobs, later).label == "2.1"


def test_a_renamed_page_keeps_its_progress_by_its_earlier_id(db: Session, blobs: Blobs) -> None:
    files = course_files()
    a_course(db, blobs, files=files)
    renamed = _rename(files, PAGE, "id: page-1", "id: beginning\nwas: [page-1]")
    published = _again(db, blobs, renamed)
    assert queries.outline(db, published.version_id).was == {"page-1": "beginning"}
    assert queries.known_ids(db, published.course_id)["page-1"].now_called == "beginning"


def test_an_id_may_not_become_something_else(db: Session, blobs: Blobs) -> None:
    files = course_files()
    a_course(db, blobs, files=files)
    other = _rename(files, TEST, "id=q1 ", "id=q1 type=multiple scoring=partial ")
    with pytest.raises(Conflict):
        _again(db, blobs, other)


def test_questions_with_the_same_words_are_stored_once(db: Session, blobs: Blobs) -> None:
    files = course_files()
    a_course(db, blobs, files=files)
    before = db.scalar(select(func.count()).select_from(QuestionRevision))
    _again(db, blobs, _rename(files, PAGE, "Text of page 1", "Words of page 1"))
    assert db.scalar(select(func.count()).select_from(QuestionRevision)) == before


def test_a_stored_quiz_has_its_key_and_its_words_in_every_language(db: Session, blobs: Blobs) -> None:
    files = course_files()
    files["course.nb.md"] = "---\nlang: nb\ntitle: Første kurs\n---\n"
    published = a_course(db, blobs, files=files)
    stored = queries.quiz(db, published.version_id, "test")
    assert stored.rules["pass_percent"] == 80
    bodies = queries.revisions(db, [item["revision"] for item in stored.items])
    body = next(one.body for one in bodies.values() if one.question == "q1")
    assert [(option["id"], option["fraction"]) for option in body["options"]] == [
        ("right", 1.0),
        ("wrong", 0.0),
        ("off", 0.0),
    ]
    assert set(body["texts"]) == {"en", "nb"}
    assert body["texts"]["nb"]["lang"] == "en"
    assert body["texts"]["en"]["options"]["right"]["text"] == "Right"
    assert "Yes, this is why." in body["texts"]["en"]["options"]["right"]["feedback"]


def test_a_page_without_a_translation_shows_the_source_and_says_so(db: Session, blobs: Blobs) -> None:
    files = course_files()
    files["course.nb.md"] = "---\nlang: nb\ntitle: Første kurs\n---\n"
    files["01-start/01-page-1.nb.md"] = "---\nlang: nb\ntitle: Side 1\n---\nTekst.\n"
    published = a_course(db, blobs, files=files)
    translated = queries.page_text(db, published.version_id, "page-1", "nb")
    borrowed = queries.page_text(db, published.version_id, "page-2", "nb")
    unspoken = queries.page_text(db, published.version_id, "page-1", "lt")
    assert translated is not None and borrowed is not None and unspoken is not None
    assert (translated.title, translated.text_lang) == ("Side 1", "nb")
    assert (borrowed.title, borrowed.lang, borrowed.text_lang) == ("Page 2", "nb", "en")
    assert (unspoken.lang, unspoken.text_lang) == ("en", "en")


def test_links_and_pictures_lead_into_the_published_course(db: Session, blobs: Blobs) -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(20)
    files = {path: text.encode() for path, text in course_files().items()}
    files[PAGE] += b"\n[Next](02-page-2.md#part-2), [the course](../course.md)\n\n![A dot](media/dot.png)\n"
    files["media/dot.png"] = png
    course = reader.read_files(files).course
    assert course is not None
    published = importer.publish(db, SYSTEM, importer.prepare(course), blobs=blobs, owner_id=an_organisation(db).id)
    page = queries.page_text(db, published.version_id, "page-1", "en")
    assert page is not None
    html = "".join(block.get("html", "") for block in page.blocks)
    (stored,) = queries.assets_of(db, published.version_id)
    assert 'href="/courses/first-course/pages/page-2#part-2"' in html
    assert 'href="/courses/first-course"' in html
    assert f'src="/courses/first-course/media/{stored.blob[:16]}/dot.png"' in html
    assert queries.asset(db, "first-course", stored.blob[:16]) == stored
    assert queries.asset(db, "another-course", stored.blob[:16]) is None
    assert blobs.get(stored.blob) == png


def test_the_source_reads_back_as_the_very_same_content(db: Session, blobs: Blobs) -> None:
    published = a_course(db, blobs)
    version = queries.version(db, published.version_id)
    assert version is not None
    course = reader.read_zip(blobs.get(version.source), "source.zip").course
    assert course is not None
    assert importer.prepare(course).digest == version.digest
    assert _again(db, blobs, course.files).created is False


def test_reverting_publishes_the_earlier_content_as_the_newest_version(db: Session, blobs: Blobs) -> None:
    files = course_files()
    first = a_course(db, blobs, files=files)
    _again(db, blobs, _rename(files, PAGE, "Text of page 1", "Wrong words"))
    old = queries.version(db, first.version_id)
    assert old is not None
    back = importer.revert(db, SYSTEM, course=_head(db), version=old)
    assert (back.label, _head(db).version_id) == ("1.2", back.version_id)
    newest = queries.effective_version(db, first.course_id, 1)
    assert newest is not None and newest.label == "1.2"
    assert queries.pages_of(db, back.version_id) == queries.pages_of(db, first.version_id)
    assert importer.Changes.from_json(newest.changes).reverted_to == "1.0"
    with pytest.raises(Conflict):
        importer.revert(db, SYSTEM, course=_head(db), version=newest)


def test_after_reverting_to_fewer_pages_the_next_version_need_not_name_the_lost_ones(db: Session, blobs: Blobs) -> None:
    files = course_files(pages=2)
    first = a_course(db, blobs, files=files)
    _again(db, blobs, course_files(pages=3))
    old = queries.version(db, first.version_id)
    assert old is not None
    assert importer.revert(db, SYSTEM, course=_head(db), version=old).label == "3.0"
    assert _again(db, blobs, _rename(files, PAGE, "Text of page 1", "Words of page 1")).label == "3.1"


def test_publishing_again_does_not_bring_a_withdrawn_course_back(db: Session, blobs: Blobs) -> None:
    files = course_files()
    a_course(db, blobs, files=files)
    actions.withdraw(db, SYSTEM, course=_head(db))
    _again(db, blobs, _rename(files, PAGE, "Text of page 1", "Words of page 1"))
    assert _head(db).state is CourseState.WITHDRAWN
    actions.restore(db, SYSTEM, course=_head(db))
    assert _head(db).live


def test_a_published_version_is_never_written_again(db: Session, blobs: Blobs) -> None:
    files = course_files()
    first = a_course(db, blobs, files=files)

    def stored() -> object:
        row = db.get_one(CourseVersion, first.version_id, populate_existing=True)
        pages = db.execute(
            select(PageText.page, PageText.blocks).where(PageText.version_id == row.id).order_by(PageText.page)
        )
        return row.digest, row.outline, row.texts, row.changes, row.note, row.source, pages.all()

    before = stored()
    _again(db, blobs, _rename(files, PAGE, "Text of page 1", "Words of page 1"))
    _again(db, blobs, course_files(pages=4))
    assert stored() == before


class Two(NamedTuple):
    mine: Organisation
    theirs: Organisation
    trainer: Actor


@pytest.fixture
def two(db: Session) -> Two:
    """Two organisations, and a trainer of the first."""
    country = an_organisation(db)
    mine = an_organisation(db, "Mine", parent=country, code="mine")
    theirs = an_organisation(db, "Theirs", parent=country, code="theirs")
    return Two(mine, theirs, actor_for(db, a_person(db, mine, roles=[Role.TRAINER])))


def test_an_id_of_others_is_refused(db: Session, blobs: Blobs, two: Two) -> None:
    a_course(db, blobs, owner=two.theirs)
    prepared = importer.prepare(read(course_files(title="Mine now")))
    with pytest.raises(Forbidden):
        importer.publish(db, two.trainer, prepared, blobs=blobs, owner_id=two.mine.id)


def test_an_owner_outside_the_grant_is_refused(db: Session, blobs: Blobs, two: Two) -> None:
    prepared = importer.prepare(read(course_files(owner="theirs")))
    with pytest.raises(Forbidden):
        importer.publish(db, two.trainer, prepared, blobs=blobs, owner_id=two.mine.id)


def test_an_unknown_owner_is_refused(db: Session, blobs: Blobs, two: Two) -> None:
    with pytest.raises(Invalid):
        importer.publish(db, two.trainer, importer.prepare(read(course_files(owner="nobody"))), blobs=blobs)


def test_a_course_of_ones_own_is_published(db: Session, blobs: Blobs, two: Two) -> None:
    published = importer.publish(db, two.trainer, importer.prepare(read(course_files(owner="mine"))), blobs=blobs)
    assert published.created
    assert _head(db).organisation_id == two.mine.id


def _folder(at: Path, slug: str, files: dict[str, str]) -> None:
    for path, text in files.items():
        file = at / slug / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def test_starting_publishes_the_folder_once_and_a_broken_course_stops_no_other(
    sessions: Sessions, blobs: Blobs, tmp_path: Path
) -> None:
    _folder(tmp_path / "courses", "first-course", course_files())
    _folder(
        tmp_path / "courses",
        "second-course",
        {**course_files("second-course"), "course.md": "---\nkind: nonsense\n---\n"},
    )
    _folder(tmp_path / "courses", "third-course", course_files("third-course", owner="nobody"))
    with writing(sessions) as db:
        root = an_organisation(db)
    done = {one.folder: one for one in importer.sync(sessions, blobs, tmp_path / "courses")}
    first, second, third = (done[name] for name in ("first-course", "second-course", "third-course"))
    assert first.published is not None and first.published.created
    assert second.published is None and second.problems
    assert third.published is not None and "nobody" in third.problems[0]
    again = importer.sync(sessions, blobs, tmp_path / "courses")
    assert not any(one.published and one.published.created for one in again)
    with reading(sessions) as db:
        assert _head(db, "third-course").organisation_id == root.id


def test_starting_again_does_not_undo_an_upload(sessions: Sessions, blobs: Blobs, tmp_path: Path) -> None:
    files = course_files()
    _folder(tmp_path / "courses", "first-course", files)
    with writing(sessions) as db:
        an_organisation(db)
    importer.sync(sessions, blobs, tmp_path / "courses")
    with writing(sessions) as db:
        uploaded = _again(db, blobs, _rename(files, PAGE, "Text of page 1", "Words of page 1"))
    importer.sync(sessions, blobs, tmp_path / "courses")
    with reading(sessions) as db:
        assert _head(db).version_id == uploaded.version_id


def test_a_course_that_proposes_more_gets_more(db: Session, blobs: Blobs) -> None:
    files = course_files()
    a_course(db, blobs, files=files)
    course = read(_rename(files, PAGE, "Text of page 1", "Words of page 1"))
    bold = replace(course, change=replace(course.change, level="major", note="All new"))
    published = importer.publish(db, SYSTEM, importer.prepare(bold), blobs=blobs)
    assert published.label == "2.0"
    assert queries.versions(db, published.course_id)[0].note == "All new"


def _english(files: dict[str, str], text: str) -> dict[str, str]:
    return {**files, "01-start/01-page-1.nb.md": f"---\ntitle: Side 1\n---\n\n{text}\n"}


def test_a_translation_lags_until_it_is_written_anew(db: Session, blobs: Blobs) -> None:
    files = _english(course_files(), "Norsk tekst.")
    changed = _rename(files, PAGE, "Text of page 1", "Words of page 1")
    a_course(db, blobs, files=files)

    def lagging(of: dict[str, str]) -> list[str]:
        course = read(of)
        return [one.path for one in importer.ledger_problems(db, course) if one.code == "QC17"]

    assert lagging(files) == []
    assert lagging(changed) == ["01-start/01-page-1.nb.md"]
    # It lags still when that has been published, and no longer once somebody has translated.
    _again(db, blobs, changed)
    assert lagging(changed) == ["01-start/01-page-1.nb.md"]
    assert lagging(_english(changed, "Ny tekst.")) == []


def test_an_export_reads_back_and_names_every_id_there_ever_was(db: Session, blobs: Blobs) -> None:
    files = course_files()
    a_course(db, blobs, files=files)
    gone = _rename(files, TEST, "<!-- question id=q2 ", "<!-- question id=q3 was=q2 ")
    published = _again(db, blobs, gone)
    version = queries.latest_version(db, published.course_id)
    assert version is not None
    packed = importer.exported(db, blobs, course=_head(db), version=version)
    again = reader.read_zip(packed)
    assert again.course == read(gone)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        listed = archive.read("ids.lock.json").decode()
    assert json.loads(listed)["ids"]["q2"]["gone"] == "q3"
    assert again.course is not None and lock.lint(again.course, listed) == []
    assert [p.code for p in lock.lint(read(files), listed)] == ["E190"]


def test_a_folder_whose_content_is_known_is_not_even_read(
    sessions: Sessions, blobs: Blobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(sessions) as db:
        an_organisation(db)
    for path, text in course_files().items():
        (tmp_path / "courses" / "first" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "courses" / "first" / path).write_text(text, "utf-8")
    [first] = importer.sync(sessions, blobs, tmp_path / "courses")
    assert first.published is not None and first.published.created, first.problems
    (tmp_path / "courses" / "first" / "README.md").write_text("For people who look into the folder.", "utf-8")
    monkeypatch.setattr(reader, "read_files", lambda files: pytest.fail("the course was read"))
    [again] = importer.sync(sessions, blobs, tmp_path / "courses")
    assert again.published == replace(first.published, created=False)
