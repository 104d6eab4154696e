"""The one place where the parts are joined into an application."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy.exc import OperationalError

from app import models  # noqa: F401 - every table must be known before the first query
from app.assessment import actions as assessment
from app.jobs import ask_for_regular_work, handlers
from app.kit import jobs, uptime
from app.kit.blobs import Blobs
from app.kit.database import Sessions, make_engine, make_sessions, writing
from app.settings import Settings
from app.web import errors, policy, static, templating
from app.web.admin.routes import router as admin
from app.web.api.routes import router as api
from app.web.classroom.routes import router as classroom
from app.web.managing.routes import router as managing
from app.web.public.routes import router as public
from app.web.security import Gate
from app.web.teaching.routes import router as teaching

log = logging.getLogger("klasteris")
AREAS = {
    "public": public,
    "classroom": classroom,
    "teaching": teaching,
    "managing": managing,
    "admin": admin,
    "api": api,
}
JOB_PAUSE = 2.0  # seconds between looks at an empty queue


def create_app(settings: Settings, *, sessions: Sessions | None = None, drain_jobs: bool = False) -> FastAPI:
    """An application over one database and one file store. `drain_jobs`: also do the waiting work, in a thread."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        stop = threading.Event()
        threads = [
            threading.Thread(target=work, args=(app, stop), name=work.__name__.strip("_"), daemon=True)
            for work in (_drain, _keep_beating)
            if drain_jobs
        ]
        if drain_jobs:
            _beat(app)  # before the first request: who was in the middle of an exam gets the lost time back first
        for thread in threads:
            thread.start()
        yield
        stop.set()
        for thread in threads:
            thread.join(timeout=10)

    app = FastAPI(
        title="Klasteris",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.sessions = sessions or make_sessions(make_engine(settings.database_url))
    app.state.blobs = Blobs(settings.files)
    formats: dict[str, str] = {}
    for area, router in AREAS.items():
        routes = [route for route in router.routes if isinstance(route, APIRoute)]
        policy.refuse_undeclared(app, routes)
        formats.update({f"{area}.{route.name}": route.path_format for route in routes})
        app.include_router(router, include_in_schema=area == "api")
    app.mount("/static/dist", static.Bundle(templating.DIST))
    templating.install(app, formats)
    errors.install(app)
    app.add_middleware(Gate, settings=settings)
    return app


def _beat(app: FastAPI) -> None:
    with writing(app.state.sessions) as db:
        outage = uptime.beat(db)
        if outage is not None:
            assessment.give_back(db, outage)


def _keep_beating(app: FastAPI, stop: threading.Event) -> None:
    while not stop.wait(uptime.EVERY.total_seconds()):
        try:
            _beat(app)
        except OperationalError:  # nobody is answered while the database is away: that is an outage too
            log.exception("the service could not say that it is there")


def _drain(app: FastAPI, stop: threading.Event) -> None:
    work = handlers(app.state.settings)
    while not stop.wait(JOB_PAUSE):
        try:
            with writing(app.state.sessions) as db:
                ask_for_regular_work(db)
            while not stop.is_set() and jobs.run_one(app.state.sessions, work):
                pass
        except OperationalError:  # the database may be away for a while; the queue must not die of it
            log.exception("the job queue could not be read")


def from_environment(*, drain_jobs: bool = True) -> FastAPI:
    """What a server process starts with: settings from the environment."""
    app = create_app(Settings(), drain_jobs=drain_jobs)
    # What is there now stays for as long as the process does. Looking through all of it for garbage again and again
    # would hold up a request now and then for some 200 ms.
    gc.collect()
    gc.freeze()
    return app
