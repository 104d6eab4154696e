"""The application as it is served, without the job thread: its idle ticks would be counted as work."""

from __future__ import annotations

from fastapi import FastAPI

from app.main import from_environment


def make() -> FastAPI:
    return from_environment(drain_jobs=False)
