"""Who sees which session: the list and the single look are two faces of one rule."""

from __future__ import annotations

from app.catalog import queries as catalog
from app.groups import access, actions, queries, rules
from app.kit import clock
from app.kit.actor import SYSTEM, Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, writing
from app.organisations import queries as places
from app.organisations.models import Organisation
from tests import factories


def test_the_list_holds_what_may_be_seen_and_nothing_else(sessions: Sessions, blobs: Blobs) -> None:
    with writing(sessions) as db:
        root = factories.an_organisation(db)
        towns = [factories.an_organisation(db, name, parent=root) for name in ("Town", "City")]
        libraries = [factories.an_organisation(db, "Library", parent=town) for town in towns]
        for n, town in enumerate(towns):
            factories.a_course(db, blobs, f"course-{n}", owner=town, pages=1, questions=0)
        people = [
            factories.a_person(db, library, roles=[role], at=at)
            for town, library in zip(towns, libraries, strict=True)
            for role, at in (
                (Role.MANAGER, library), (Role.TRAINER, town), (Role.TRAINER, library), (Role.ADMINISTRATOR, town),
                (Role.ANALYST, town), (Role.REVIEWER, root), (Role.MANAGER, root),
            )
        ]  # fmt: skip
        actors = [factories.actor_for(db, one) for one in people] + [factories.actor_for(db, factories.a_person(db))]

        def plan(place: Organisation, slug: str, leader: int) -> None:
            head, card = catalog.course_by_slug(db, slug), places.by_code(db, place.code)
            assert head is not None and card is not None
            actions.plan(db, actors[leader], course=head, place=card, starts_at=clock.now())

        for place in (*towns, *libraries):
            for slug in ("course-0", "course-1"):
                for leader in range(4):
                    plan(place, slug, leader)
        every = queries.groups(db, access.visible_to(SYSTEM))
        assert len(every) == 32
        seen = []
        for actor in actors:
            listed = {one.key for one in queries.groups(db, access.visible_to(actor))}
            single = {
                one.key
                for one in every
                if rules.may_see(actor, place_path=one.path, owner_path=one.owner_path, made_by=one.made_by_id or 0)
            }
            assert listed == single, actor.grants
            seen.append(len(listed))
        # The manager of one library sees all eight there; its trainer only what they lead about their own town's course.
        assert seen[:4] == [8, 2, 0, 16] and seen[4:7] == [0, 0, 32] and seen[-1] == 0
