"""Courses of others by API: which may be adopted, adopting one, copying one's own, and following an original."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from app.catalog import access, actions, queries
from app.catalog.drafting.adopting import Fate
from app.kit.database import reading
from app.kit.errors import Conflict, Invalid
from app.kit.i18n import N_
from app.web import adopting
from app.web.api.duties import MISSING, SIGN_IN, WRONG
from app.web.api.schemas import Out
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor
from app.web.policy import Policy, allow

router = APIRouter(prefix="/api")
ORIGINAL = "/v1/courses/{slug}/original"


class SharedOut(Out):
    course: str
    title: str
    owner: str
    version: str
    licence: str = Field(description="CC-BY-4.0, CC-BY-SA-4.0 or CC0-1.0")
    adopted_as: str = Field(description="the id of a course of mine that was made from it, or empty")


class SharingBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    licence: str = Field(
        max_length=20, description="CC-BY-4.0, CC-BY-SA-4.0 or CC0-1.0; empty: nobody else may adopt it"
    )


class CopyBody(BaseModel):
    """`id` is the new course's own; an empty title keeps the one it has."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    id: str = Field(max_length=64)
    title: str = Field(default="", max_length=150)


class DraftKeyOut(Out):
    draft: str = Field(description="the key of the draft; empty where nothing was taken")


class SplitOut(Out):
    """One file that the original has changed. A text is null where the file is not there, or is no text."""

    key: str
    path: str
    clash: bool = Field(description="changed here as well, and not alike")
    gone: bool = Field(description="the original has it no more")
    theirs: str | None
    ours: str | None


class OriginalOut(Out):
    original: str
    owner: str
    licence: str
    since: str = Field(description="the version that was taken last")
    version: str = Field(description="the newer one that is offered; empty where there is none")
    shared: bool = Field(description="whether others may still adopt it")
    changes: list[SplitOut]


class FollowBody(BaseModel):
    """Keys of `changes`. What is in neither list is left as it is here, and not offered again."""

    model_config = ConfigDict(extra="forbid")
    version: str = Field(max_length=20, description="the one that was looked at")
    take: list[str] = Field(default=[], max_length=2000)
    beside: list[str] = Field(default=[], max_length=2000, description="keep ours, with theirs as a copy to compare")


@router.get("/v1/shared", tags=["courses"], responses=SIGN_IN, **allow(Policy.TEACHES))
def shared(db: Db, actor: CurrentActor) -> list[SharedOut]:
    """Courses of other organisations that I may adopt."""
    licences, own = queries.shared_courses(db), queries.courses(db, access.editable_by(actor))
    made = {
        one.original_id: one.slug
        for one in queries.adoptions(db, frozenset(one.organisation_id for one in own)).values()
    }
    mine = {one.id for one in own}
    return [
        SharedOut(
            course=card.slug,
            title=card.title,
            owner=card.owner_name,
            version=card.version,
            licence=licences[card.course_id],
            adopted_as=made.get(card.course_id, ""),
        )
        for card in queries.cards(db, actor.lang)
        if card.course_id in licences and card.course_id not in mine
    ]


@router.put(
    "/v1/courses/{slug}/sharing", tags=["courses"], responses={**SIGN_IN, **MISSING, **WRONG}, **allow(Policy.TEACHES)
)
def share(db: Db, actor: CurrentActor, slug: str, body: SharingBody) -> SharingBody:
    """Let other organisations adopt a course under a licence, or no longer; what was adopted stays with them."""
    actions.share(db, actor, course=access.editable_course(db, actor, slug), licence=body.licence)
    return body


@router.post(
    "/v1/shared/{slug}",
    tags=["courses"],
    status_code=201,
    responses={**SIGN_IN, **MISSING, **WRONG},
    **allow(Policy.TEACHES, early=True),
)
def adopt(request: Request, actor: EarlyActor, blobs: BlobsDep, slug: str, body: CopyBody) -> DraftKeyOut:
    """Make a course of one's own from one that others share: a draft, which says where it comes from."""
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        head, version, licence = adopting.shared(db, actor, slug)
    key = adopting.copy(
        sessions, actor, blobs, head=head, version=version, licence=licence, slug=body.id, title=body.title
    )
    return DraftKeyOut(draft=key)


@router.post(
    "/v1/courses/{slug}/copy",
    tags=["courses"],
    status_code=201,
    responses={**SIGN_IN, **MISSING, **WRONG},
    **allow(Policy.TEACHES, early=True),
)
def copy(request: Request, actor: EarlyActor, blobs: BlobsDep, slug: str, body: CopyBody) -> DraftKeyOut:
    """A draft of a new course from the newest version of one's own."""
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        head = access.editable_course(db, actor, slug)
        version = adopting.newest(db, head)
    key = adopting.copy(sessions, actor, blobs, head=head, version=version, licence="", slug=body.id, title=body.title)
    return DraftKeyOut(draft=key)


@router.get(ORIGINAL, tags=["courses"], responses={**SIGN_IN, **MISSING}, **allow(Policy.TEACHES))
def original(db: Db, actor: CurrentActor, blobs: BlobsDep, slug: str) -> OriginalOut:
    """What the original of an adopted course has changed since, file by file."""
    both = adopting.sides(db, actor, slug)
    return OriginalOut(
        original=both.adopted.original_slug,
        owner=both.adopted.original_owner,
        licence=both.adopted.licence,
        since=both.base.label,
        version=both.offered.label if both.offered is not None else "",
        shared=both.adopted.shared,
        changes=[
            SplitOut(
                key=one.key,
                path=one.path,
                clash=one.fate is Fate.BOTH,
                gone=one.theirs is None,
                theirs=one.theirs.text if one.theirs is not None else None,
                ours=one.ours.text if one.ours is not None else None,
            )
            for one in adopting.splits(db, blobs, both)
            if one.fate is not Fate.OURS
        ],
    )


@router.post(
    ORIGINAL,
    tags=["courses"],
    responses={**SIGN_IN, **MISSING, **WRONG, 409: {"description": "There is no such offer, or a newer one."}},
    **allow(Policy.TEACHES, early=True),
)
def follow(request: Request, actor: EarlyActor, blobs: BlobsDep, slug: str, body: FollowBody) -> DraftKeyOut:
    """Take some of it into the draft of the course, which is begun where there is none."""
    sessions = request.app.state.sessions
    with reading(sessions) as db:
        both = adopting.sides(db, actor, slug)
        found = adopting.splits(db, blobs, both)
    if both.offered is None or both.offered.label != body.version:
        raise Conflict(N_("The original has been published anew. Look at it again."))
    offered = {one.key for one in found if one.fate is not Fate.OURS}
    wrong = {
        name: N_("Choose one of the options.") for name in ("take", "beside") if set(getattr(body, name)) - offered
    }
    if wrong:
        raise Invalid(**wrong)
    return DraftKeyOut(
        draft=adopting.follow(sessions, actor, blobs, both, found=found, taken=body.take, beside=body.beside)
    )
