"""The addresses of the teaching area."""

from fastapi import APIRouter

from app.web.teaching.routes import (
    courses,
    editing,
    formats,
    incoming,
    library,
    marking,
    previews,
    proposing,
    publishing,
    sharing,
    uploads,
)

router = APIRouter()
for _part in (uploads, incoming, library, proposing, previews, publishing, courses, formats, sharing, editing, marking):
    router.routes.extend(_part.router.routes)

__all__ = ["router"]
