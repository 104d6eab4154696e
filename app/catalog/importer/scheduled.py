"""Publishing what has waited for its moment: in the name of whoever asked for it, if they still may."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.catalog import actions, queries
from app.catalog.importer.apart import Looked
from app.catalog.importer.plan import plan
from app.catalog.importer.publishing import Published, publish
from app.catalog.models import Upload
from app.catalog.queries import PublicationCard
from app.catalog.rules import ChangeLevel, PublicationState
from app.kit.actor import SYSTEM, Actor
from app.kit.blobs import Blobs
from app.kit.errors import Conflict, Forbidden, Invalid, KitError
from app.kit.i18n import N_, in_language


def publish_scheduled(
    db: Session, *, publication: PublicationCard, looked: Looked, blobs: Blobs
) -> tuple[Actor, Published, Mapping[str, str]] | None:
    """Publish, or write down and tell why not; None where nothing was published.

    Answers in whose name it was done, the version, and the questions whose key is another one now, by their revision.
    """
    if not actions.waits(db, publication.id):
        return None
    actor = people.actor_of(db, publication.person_id)
    if actor is None:
        actions.publication_failed(db, SYSTEM, publication=publication, error="")
        return None
    try:
        if looked.prepared is None or looked.examined.errors:
            raise Conflict(N_("There are errors in this upload. Correct them first."))
        rekeyed = keys_changed(db, looked)
        with db.begin_nested():
            made = publish(
                db,
                actor,
                looked.prepared,
                blobs=blobs,
                level=ChangeLevel(publication.level) if publication.level else None,
                note=publication.note,
                owner_id=publication.organisation_id,
                staff=publication.staff,
            )
    except (Conflict, Forbidden, Invalid) as refusal:
        actions.publication_failed(db, SYSTEM, publication=publication, error=_said(refusal, actor.lang))
        return None
    actions.settle(db, publication_id=publication.id, state=PublicationState.DONE, version_id=made.version_id)
    upload = queries.uploads(db, Upload.key == publication.upload_key)
    if upload and upload[0].blob == publication.blob:
        actions.mark_published(db, upload=upload[0], version_id=made.version_id)
    return actor, made, rekeyed


def _said(refusal: KitError, lang: str) -> str:
    fields = refusal.fields.values() if isinstance(refusal, Invalid) else (refusal,)
    return " ".join(in_language(why.template, lang, **why.values) for why in fields)


def keys_changed(db: Session, looked: Looked) -> dict[str, str]:
    """The questions whose key publishing would change, each with the revision that brings the new one."""
    if looked.prepared is None:
        return {}
    changed = {one.id for one in plan(db, looked.prepared).changes.questions_rekeyed}
    return {one.question: one.revision for one in looked.prepared.questions.values() if one.question in changed}
