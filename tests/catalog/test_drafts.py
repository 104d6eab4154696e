"""Drafts: nobody's words are lost, and what is published meanwhile is brought in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.catalog import access, actions, importer, queries
from app.catalog.actions import Contents
from app.catalog.format import reader
from app.catalog.queries import DraftHead
from app.kit.actor import Actor, Role
from app.kit.blobs import Blobs
from app.kit.errors import Conflict, Invalid, NotFound
from tests.factories import a_course, a_person, actor_for, an_organisation, course_files

PAGE = "01-start/01-page-1.md"


def _draft(db: Session, blobs: Blobs) -> tuple[Actor, Actor, DraftHead]:
    owner = an_organisation(db, "Owner", parent=an_organisation(db))
    a_course(db, blobs, owner=owner)
    one, two = (actor_for(db, a_person(db, owner, roles=[Role.TRAINER])) for _ in range(2))
    head = access.editable_course(db, one, "first-course")
    version = queries.latest_version(db, head.id)
    assert version is not None
    contents = actions.contents_of(blobs, version)
    keys = {
        actions.start_draft(db, who, slug=head.slug, title="First", contents=contents, course=head, version=version)
        for who in (one, two)
    }
    assert len(keys) == 1, "the trainers of a course share its draft"
    return one, two, access.draft_for(db, two, keys.pop())


def _text(db: Session, draft: DraftHead, path: str = PAGE) -> queries.DraftText:
    return queries.draft_texts(db, draft.id, path)[0]


def test_of_two_who_save_one_page_both_keep_their_words(db: Session, blobs: Blobs) -> None:
    one, two, draft = _draft(db, blobs)
    page = _text(db, draft)
    assert page.revision == 1
    first = actions.save_file(db, one, draft=draft, path=PAGE, text=page.text + "\nOne.\n", base=1)
    assert (first.revision, first.lost_race) == (2, False)
    assert actions.save_file(db, one, draft=draft, path=PAGE, text=page.text + "\nOne.\n", base=1).revision == 2
    late = actions.save_file(db, two, draft=draft, path=PAGE, text=page.text + "\nTwo.\n", base=1)
    more = actions.save_file(db, two, draft=draft, path=PAGE, text=page.text + "\nTwo, and more.\n", base=1)
    assert late.revision == 2 and late.copy_id == more.copy_id
    assert _text(db, draft).text.endswith("One.\n")
    copies = queries.draft_copies(db, draft.id, PAGE)
    assert [copy.text[-15:] for copy in copies] == ["Two, and more.\n"]
    assert copies[0].kept_by == two.name
    actions.settle_copy(db, two, draft=draft, copy_id=copies[0].id)
    assert not queries.draft_copies(db, draft.id)


def test_files_move_go_and_come_back(db: Session, blobs: Blobs) -> None:
    one, _, draft = _draft(db, blobs)
    before = queries.draft_source(db, blobs, draft)
    assert reader.read_files(before).course is not None
    other = next(path for path in before if path.startswith("01-start/02-"))
    actions.move_files(db, one, draft=draft, moves={PAGE: other, other: PAGE})
    swapped = queries.draft_source(db, blobs, draft)
    assert (swapped[PAGE], swapped[other]) == (before[other], before[PAGE])
    actions.move_files(db, one, draft=draft, moves={PAGE: other, other: PAGE})
    with pytest.raises(Conflict):
        actions.move_file(db, one, draft=draft, path=PAGE, to=other)
    with pytest.raises(Invalid):
        actions.move_file(db, one, draft=draft, path=PAGE, to="../outside.md")
    actions.remove_file(db, one, draft=draft, path=PAGE)
    assert PAGE not in queries.draft_source(db, blobs, draft)
    late = actions.save_file(db, one, draft=draft, path=PAGE, text="typed meanwhile", base=1)
    assert late.lost_race, "what is typed into a removed page is kept"
    actions.put_back(db, one, draft=draft, path=PAGE)
    assert queries.draft_source(db, blobs, draft) == before
    picture = blobs.put(b"picture")
    actions.add_blob(db, one, draft=draft, path="media/dot.png", blob=picture, size=7)
    assert picture in queries.needed_blobs(db)
    with pytest.raises(Conflict):
        actions.add_file(db, one, draft=draft, path=PAGE, text="again")


def test_a_draft_takes_in_what_was_published_meanwhile(db: Session, blobs: Blobs) -> None:
    one, two, draft = _draft(db, blobs)
    head = access.editable_course(db, one, "first-course")
    base = queries.latest_version(db, head.id)
    assert base is not None
    old = actions.contents_of(blobs, base)
    other = next(path for path in old.texts if path.startswith("01-start/02-"))
    mine = old.texts[PAGE] + "\nMine.\n"
    actions.save_file(db, one, draft=draft, path=PAGE, text=mine, base=1)
    theirs = {**old.texts, PAGE: old.texts[PAGE] + "\nTheirs.\n", other: old.texts[other] + "\nTheirs.\n"}
    read = reader.read_files({path: text.encode() for path, text in theirs.items()})
    assert read.course is not None
    prepared = importer.prepare(read.course)
    importer.keep(prepared, blobs)
    importer.publish(db, two, prepared, blobs=blobs)
    newest = queries.latest_version(db, head.id)
    assert newest is not None
    with pytest.raises(Conflict):
        actions.send_draft(db, one, draft=draft, upload_key="x")
    clashes = actions.catch_up(db, one, draft=draft, version=newest, old=old, new=Contents(theirs))
    assert clashes == 1
    assert _text(db, draft).text == mine
    assert _text(db, draft, other).text == theirs[other]
    assert [copy.text for copy in queries.draft_copies(db, draft.id, PAGE)] == [theirs[PAGE]]
    actions.send_draft(db, one, draft=draft, upload_key="x")


def test_a_draft_is_for_those_who_teach_there_and_only_while_it_is_open(db: Session, blobs: Blobs) -> None:
    one, _, draft = _draft(db, blobs)
    elsewhere = an_organisation(db, "Elsewhere", parent=an_organisation(db))
    stranger = actor_for(db, a_person(db, elsewhere, roles=[Role.TRAINER]))
    with pytest.raises(NotFound):
        access.draft_for(db, stranger, draft.key)
    assert access.drafts_of(db, stranger) == ()
    assert [found.key for found in access.drafts_of(db, one)] == [draft.key]
    actions.discard_draft(db, one, draft=draft)
    with pytest.raises(NotFound):
        access.draft_for(db, one, draft.key)
    with pytest.raises(Conflict):
        actions.remove_file(db, one, draft=draft, path=PAGE)
    assert actions.save_file(db, one, draft=draft, path=PAGE, text="late", base=1).lost_race
    new = actions.start_draft(db, one, slug="first-course", title="Again", contents=Contents(course_files()))
    assert new != draft.key
    assert replace(access.draft_for(db, one, new)).base == ""
