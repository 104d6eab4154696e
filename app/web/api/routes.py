"""What programs may ask: courses, one's own progress, quiz attempts, completion by organisation."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from app.assessment import access as attempts
from app.assessment import actions as assessment
from app.assessment.rules import AttemptState, Sent
from app.kit.actor import Actor
from app.kit.i18n import language
from app.learning import access as learning_access
from app.learning import actions as learning
from app.web.api import (
    adoption,
    certificates,
    drafts,
    duties,
    files,
    formats,
    groups,
    library,
    packs,
    pages,
    publishing,
    quality,
    questions,
    terms,
    views,
)
from app.web.api import attempts as asked
from app.web.api.schemas import (
    AnswerBody,
    AttemptOut,
    CompletionOut,
    ConversionOut,
    CourseLine,
    CourseOut,
    DraftLineOut,
    DraftOut,
    DraftSavedOut,
    DraftTextBody,
    NotKeptOut,
    PersonOut,
    ProblemOut,
    ProgressOut,
    PublishedOut,
    RunLine,
    VersionBody,
)
from app.web.deps import BlobsDep, CurrentActor, Db, EarlyActor
from app.web.policy import Policy, allow
from app.web.templating import render

router = APIRouter(prefix="/api")
V1 = "/v1"
Answer = dict[int | str, dict[str, Any]]
MISSING: Answer = {404: {"description": "There is no such thing, or none that you may see."}}
SIGN_IN: Answer = {401: {"description": "Send a personal token: Authorization: Bearer …"}}


@router.get(f"{V1}/courses", tags=["courses"], **allow(Policy.PUBLIC))
def courses(db: Db, lang: str = "") -> list[CourseLine]:
    """The catalogue: every live course, the newest first. `lang`: the words; by default those of Accept-Language."""
    return pages.course_lines(db, lang or language())


@router.get(f"{V1}/courses/{{slug}}", tags=["courses"], responses=MISSING, **allow(Policy.PUBLIC))
def course(db: Db, actor: CurrentActor, slug: str, lang: str = "") -> CourseOut:
    """One course: its contract and its outline. Questions and answers are never here. `lang`: the words; by default those
    of Accept-Language."""
    return pages.course_out(db, learning_access.course_for(db, actor, slug), lang or language())


@router.post(
    f"{V1}/courses",
    tags=["courses"],
    status_code=201,
    response_model=PublishedOut,
    responses={
        **SIGN_IN,
        200: {"description": "This content is published already; nothing was done."},
        422: {"description": "The course has errors; nothing was published.", "model": list[ProblemOut]},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
    **allow(Policy.TEACHES, early=True),
)
async def publish_course(
    request: Request,
    actor: EarlyActor,
    level: Annotated[str, Query(pattern="^(|minor|major)$")] = "",
    note: Annotated[str, Query(max_length=1000)] = "",
) -> Response:
    """Publish a course from a zip of its folder, sent as the body. The same content twice is published once."""
    return await publishing.publish(request, actor, await request.body(), level, note)


@router.get(
    f"{V1}/courses/{{slug}}/formats/{{key}}",
    tags=["courses"],
    responses={**SIGN_IN, **MISSING},
    response_class=Response,
    **allow(Policy.TEACHES),
)
def course_in_format(db: Db, actor: CurrentActor, blobs: BlobsDep, slug: str, key: str) -> Response:
    """The questions of a course I may change, for another platform: moodle-xml, gift, aiken …"""
    return formats.download(db, actor, blobs, slug, key)


@router.post(
    f"{V1}/conversions",
    tags=["courses"],
    responses=SIGN_IN,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
    **allow(Policy.TEACHES, early=True),
)
async def convert(
    request: Request,
    actor: EarlyActor,
    name: Annotated[str, Query(max_length=200, description="What the file is called; its ending counts.")],
    lang: Annotated[str, Query(pattern="^[a-z]{2,3}$")] = "lt",
) -> ConversionOut:
    """A file of another platform, sent as the body, as a proposed course. Nothing is kept and nothing published."""
    return await formats.convert(request, actor, await request.body(), name, lang)


@router.get(f"{V1}/me", tags=["me"], responses=SIGN_IN, **allow(Policy.SIGNED_IN))
def me(actor: CurrentActor) -> PersonOut:
    """Whose token this is."""
    roles = sorted({grant.role.value for grant in actor.grants})
    return PersonOut(key=actor.key, name=actor.name, organisation=actor.organisation_name, lang=actor.lang, roles=roles)


@router.get(f"{V1}/me/courses", tags=["me"], responses=SIGN_IN, **allow(Policy.SIGNED_IN))
def my_courses(db: Db, actor: CurrentActor, lang: str = "") -> list[RunLine]:
    """Every course I am in or have completed. `lang`: the words; by default those of my account."""
    return pages.run_lines(db, actor, lang or actor.lang)


@router.get(f"{V1}/me/courses/{{slug}}", tags=["me"], responses={**SIGN_IN, **MISSING}, **allow(Policy.SIGNED_IN))
def my_progress(db: Db, actor: CurrentActor, slug: str) -> ProgressOut:
    """Where I stand in each page and quiz of a course."""
    return pages.progress_out(db, learning_access.run_for(db, actor, slug))


@router.post(f"{V1}/me/courses/{{slug}}", tags=["me"], responses={**SIGN_IN, **MISSING}, **allow(Policy.SIGNED_IN))
def enrol(db: Db, actor: CurrentActor, slug: str) -> ProgressOut:
    """Register for a course; being in it already changes nothing."""
    run = learning_access.course_for(db, actor, slug)
    learning.enrol(db, actor, person_id=actor.id, course_id=run.course_id)
    return pages.progress_out(db, learning_access.run_for(db, actor, slug))


@router.delete(
    f"{V1}/me/courses/{{slug}}",
    tags=["me"],
    status_code=204,
    responses={**SIGN_IN, **MISSING},
    **allow(Policy.SIGNED_IN),
)
def leave(db: Db, actor: CurrentActor, slug: str) -> None:
    """Leave a course one chose oneself."""
    learning.leave(db, actor, learning_access.run_for(db, actor, slug))


@router.post(
    f"{V1}/me/courses/{{slug}}/pages/{{page}}/done",
    tags=["me"],
    responses={**SIGN_IN, **MISSING},
    **allow(Policy.SIGNED_IN),
)
def finish_page(db: Db, actor: CurrentActor, slug: str, page: str) -> ProgressOut:
    """Say that a page is finished; saying it twice changes nothing."""
    found = learning_access.page_for(db, actor, slug, page)
    learning.finish_page(db, actor, found.run, found.page.id)
    return pages.progress_out(db, learning_access.run_for(db, actor, slug))


@router.get(f"{V1}/drafts", tags=["drafts"], responses=SIGN_IN, **allow(Policy.TEACHES))
def draft_lines(db: Db, actor: CurrentActor) -> list[DraftLineOut]:
    """The open drafts of the organisations one teaches for."""
    return drafts.lines(db, actor)


@router.get(f"{V1}/drafts/{{key}}", tags=["drafts"], responses={**SIGN_IN, **MISSING}, **allow(Policy.TEACHES))
def draft(db: Db, actor: CurrentActor, key: str) -> DraftOut:
    """A draft with its texts, each with the revision that a change has to name."""
    return drafts.whole(db, actor, key)


@router.put(
    f"{V1}/drafts/{{key}}/file",
    tags=["drafts"],
    responses={**SIGN_IN, **MISSING, 409: {"description": "The draft is published or given up."}},
    **allow(Policy.TEACHES),
)
def save_draft_file(db: Db, actor: CurrentActor, key: str, body: DraftTextBody) -> DraftSavedOut:
    """Save a text over the revision that was read. Over another one nothing is written: the text is kept as a copy."""
    return drafts.save(db, actor, key, body)


@router.put(
    f"{V1}/me/courses/{{slug}}/version",
    tags=["me"],
    responses={**SIGN_IN, **MISSING, 409: {"description": "There is no such offer, or a newer one."}},
    **allow(Policy.SIGNED_IN),
)
def answer_offer(db: Db, actor: CurrentActor, slug: str, body: VersionBody) -> ProgressOut:
    """Move to the newer version that is offered, with all that still counts; or say that one stays."""
    run = learning_access.run_for(db, actor, slug)
    if body.take:
        learning.take_version(db, actor, run=run, label=body.version)
    else:
        learning.decline_version(db, actor, run=run, label=body.version)
    return pages.progress_out(db, learning_access.run_for(db, actor, slug))


@router.post(
    f"{V1}/me/courses/{{slug}}/quizzes/{{quiz}}/attempts",
    tags=["attempts"],
    status_code=201,
    responses={**SIGN_IN, **MISSING, 409: {"description": "No attempts are left."}},
    **allow(Policy.SIGNED_IN),
)
def start_attempt(db: Db, actor: CurrentActor, slug: str, quiz: str) -> AttemptOut:
    """Begin an attempt at a quiz, or go on with the open one."""
    found, _ = learning_access.quiz_for(db, actor, slug, quiz)
    key = assessment.start(db, actor, run=found.run, quiz=quiz)
    return _attempt(db, actor, key)


def _attempt(db: Session, actor: Actor, key: str) -> AttemptOut:
    return asked.attempt_out(db, attempts.attempt_for(db, actor, key))


@router.get(f"{V1}/attempts/{{key}}", tags=["attempts"], responses={**SIGN_IN, **MISSING}, **allow(Policy.SIGNED_IN))
def attempt(db: Db, actor: CurrentActor, key: str, response: Response) -> AttemptOut:
    """An attempt: what is asked and answered; marks and feedback only once it may be seen."""
    response.headers["Cache-Control"] = "no-store"
    return _attempt(db, actor, key)


@router.put(
    f"{V1}/attempts/{{key}}/answers/{{question}}",
    tags=["attempts"],
    response_model=AttemptOut,
    responses={
        **SIGN_IN,
        **MISSING,
        409: {"model": NotKeptOut, "description": "Handed in, out of time, or answered elsewhere meanwhile."},
    },
    **allow(Policy.SIGNED_IN),
)
def answer(db: Db, actor: CurrentActor, key: str, question: str, body: AnswerBody) -> Any:
    """Keep an answer. Once this has been answered with 200, it is never lost."""
    found = attempts.attempt_for(db, actor, key)
    saved = assessment.save(
        db,
        actor,
        attempt=found,
        question=question,
        response=asked.response_from(body),
        flagged=body.flagged,
        sent=Sent(body.tab, body.sequence, body.base),
    )
    return _attempt(db, actor, key) if saved.outcome.stands else asked.not_kept(saved)


@router.put(
    f"{V1}/attempts/{{key}}/answers/{{question}}/file",
    tags=["attempts"],
    response_model=AttemptOut,
    responses={
        **SIGN_IN,
        **MISSING,
        409: {"description": "The attempt is handed in or its time is up."},
        422: {"description": "The file is too large, or not of a kind that is taken."},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
    **allow(Policy.SIGNED_IN, early=True),
)
async def answer_file(
    request: Request, actor: EarlyActor, key: str, question: str, name: Annotated[str, Query(max_length=255)]
) -> Response:
    """Keep a file, sent as the body, as the answer; `name` is what it is called."""
    return await files.keep(request, actor, await request.body(), key, question, name)


@router.post(
    f"{V1}/attempts/{{key}}/answers/{{question}}/hint",
    tags=["attempts"],
    responses={**SIGN_IN, **MISSING, 403: {"description": "This quiz gives no hints."}},
    **allow(Policy.SIGNED_IN),
)
def hint(db: Db, actor: CurrentActor, key: str, question: str) -> AttemptOut:
    """Ask for one hint more; what it costs is taken off when the answer is marked."""
    found = attempts.attempt_for(db, actor, key)
    assessment.take_hint(db, actor, attempt=found, question=question)
    return _attempt(db, actor, key)


@router.post(
    f"{V1}/attempts/{{key}}/submit", tags=["attempts"], responses={**SIGN_IN, **MISSING}, **allow(Policy.SIGNED_IN)
)
def submit(db: Db, actor: CurrentActor, key: str) -> AttemptOut:
    """Hand in; a second time changes nothing."""
    found = attempts.attempt_for(db, actor, key)
    if found.state is AttemptState.OPEN or found.score is None:
        assessment.submit(db, actor, attempt=found)
    return _attempt(db, actor, key)


@router.get(
    f"{V1}/organisations/{{code}}/completion",
    tags=["organisations"],
    responses={**SIGN_IN, **MISSING},
    **allow(Policy.SEES_NUMBERS),
)
def completion(db: Db, actor: CurrentActor, code: str, course: str = "") -> CompletionOut:
    """Completion in an organisation and each place below it, with the denominator of every rate."""
    return pages.completion_out(db, actor, code, course)


for _part in (duties, certificates, packs, groups, quality, library, questions, adoption, terms, views):
    router.routes.extend(_part.router.routes)


@router.get(f"{V1}/openapi.json", include_in_schema=False, **allow(Policy.PUBLIC))
def openapi(request: Request) -> Response:
    """The description of this API for programs."""
    return JSONResponse(request.app.openapi())


@router.get("/docs", include_in_schema=False, **allow(Policy.PUBLIC))
def docs(request: Request, db: Db, actor: CurrentActor) -> Response:
    """The description of this API for people."""
    return render(request, db, actor, "api/docs.html", pages.docs_page(request.app.openapi()))
