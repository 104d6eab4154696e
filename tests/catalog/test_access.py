"""Who sees which courses and uploads."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.catalog import access, actions, queries, rules
from app.catalog.rules import CourseState
from app.kit.actor import ANONYMOUS, SYSTEM, Actor, Role
from app.kit.blobs import Blobs
from app.kit.errors import Forbidden, NotFound
from tests.factories import a_course, a_person, actor_for, an_organisation


def test_one_and_all_answer_alike(db: Session, blobs: Blobs) -> None:
    country = an_organisation(db)
    towns = [an_organisation(db, f"Town {n}", parent=country) for n in range(2)]
    schools = [an_organisation(db, f"School {n}", parent=town) for n, town in enumerate(towns)]
    for n, owner in enumerate([country, *towns, *schools]):
        a_course(db, blobs, f"live-{n}", owner=owner)
        a_course(db, blobs, f"gone-{n}", owner=owner)
        head = queries.course_by_slug(db, f"gone-{n}")
        assert head is not None
        actions.withdraw(db, SYSTEM, course=head)
    actors: list[Actor] = [ANONYMOUS, SYSTEM, actor_for(db, a_person(db, schools[0]))]
    for role in Role:
        actors += [actor_for(db, a_person(db, place, roles=[role])) for place in (country, towns[0], schools[1])]
    everything = queries.courses(db)
    assert len(everything) == 10
    for actor in actors:
        listed = {head.slug for head in queries.courses(db, access.visible_to(actor))}
        assert listed == {head.slug for head in everything if rules.may_see(actor, head.state, head.owner_path)}
        editable = {head.slug for head in queries.courses(db, access.editable_by(actor))}
        assert editable == {head.slug for head in everything if rules.may_edit(actor, head.owner_path)}


def test_a_withdrawn_course_is_not_there_for_others(db: Session, blobs: Blobs) -> None:
    owner = an_organisation(db, "Owner", parent=an_organisation(db))
    a_course(db, blobs, owner=owner)
    learner = actor_for(db, a_person(db))
    trainer = actor_for(db, a_person(db, owner, roles=[Role.TRAINER]))
    assert access.course_for(db, learner, "first-course").state is CourseState.LIVE
    with pytest.raises(Forbidden):
        access.editable_course(db, learner, "first-course")
    actions.withdraw(db, trainer, course=access.editable_course(db, trainer, "first-course"))
    with pytest.raises(NotFound):
        access.editable_course(db, learner, "first-course")
    assert access.course_for(db, trainer, "first-course").state is CourseState.WITHDRAWN


def test_an_upload_is_its_owners_and_the_administrators(db: Session) -> None:
    country = an_organisation(db)
    town, other = (an_organisation(db, name, parent=country) for name in ("Town", "Other"))
    trainer, colleague = (actor_for(db, a_person(db, town, roles=[Role.TRAINER])) for _ in range(2))
    above = actor_for(db, a_person(db, country, roles=[Role.ADMINISTRATOR]))
    beside = actor_for(db, a_person(db, other, roles=[Role.ADMINISTRATOR]))
    key = actions.keep_upload(db, trainer, filename="a.zip", blob="0" * 64, slug="a", summary={}, problems=[])
    assert access.upload_for(db, trainer, key).filename == "a.zip"
    assert access.upload_for(db, above, key).organisation_id == town.id
    for stranger in (colleague, beside, ANONYMOUS):
        with pytest.raises(NotFound):
            access.upload_for(db, stranger, key)
    assert len(access.uploads_of(db, trainer)) == 1
    assert access.uploads_of(db, above) == ()
    actions.discard(db, trainer, upload=access.upload_for(db, trainer, key))
    assert access.uploads_of(db, trainer) == ()
