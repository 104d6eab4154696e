"""The application as it is served, without the job thread: its idle ticks would be counted as work."""

from __future__ import annotations

from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings


def make() -> FastAPI:
    return create_app(Settings())
