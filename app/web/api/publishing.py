"""A course sent as a zip: through the same door as an upload."""

from __future__ import annotations

from anyio.to_thread import run_sync
from fastapi import Request
from starlette.responses import JSONResponse, Response

from app.catalog import importer
from app.catalog.format.model import Problem
from app.catalog.rules import ChangeLevel
from app.kit import clock
from app.kit.actor import Actor
from app.kit.database import writing
from app.web.api.schemas import ProblemOut, PublishedOut
from app.web.deps import blobs_of
from app.web.problems import said


def problem_out(problem: Problem) -> ProblemOut:
    return ProblemOut(
        path=problem.path,
        line=problem.line,
        column=problem.column,
        code=problem.code,
        severity=problem.severity.value,
        message=said(problem),
    )


async def publish(request: Request, actor: Actor, data: bytes, level: str, note: str) -> Response:
    # Reading and rendering take seconds: in a thread, and before anything is locked.
    return await run_sync(_publish, request, actor, data, level, note)


def _publish(request: Request, actor: Actor, data: bytes, level: str, note: str) -> Response:
    looked = importer.apart.look("course.zip", data, today=clock.today())
    course, prepared, problems = looked.examined.course, looked.prepared, looked.examined.problems
    told = [problem_out(problem).model_dump() for problem in problems]
    if course is None or prepared is None or looked.examined.errors:
        return JSONResponse(told, status_code=422)
    importer.keep(prepared, blobs_of(request))
    with writing(request.app.state.sessions) as db:
        published = importer.publish(
            db,
            actor,
            prepared,
            blobs=blobs_of(request),
            level=ChangeLevel(level) if level else None,
            note=note,
        )
    out = PublishedOut(
        course=course.id,
        version=published.label,
        created=published.created,
        problems=[ProblemOut(**problem) for problem in told],
    )
    return JSONResponse(out.model_dump(), status_code=201 if published.created else 200)
