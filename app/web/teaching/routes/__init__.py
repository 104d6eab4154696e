"""The addresses of the teaching area."""

from fastapi import APIRouter

from app.web.teaching.routes import (
    analysis,
    asking,
    checking,
    courses,
    drafts,
    editing,
    formats,
    importing,
    incoming,
    library,
    marking,
    previews,
    proposing,
    publishing,
    reviewing,
    settings,
    sharing,
    surveys,
    terms,
    uploads,
    writing,
)

router = APIRouter()
STUDIO = (drafts, writing, settings, asking, importing, checking)
PARTS = (
    analysis,
    uploads,
    incoming,
    library,
    proposing,
    previews,
    publishing,
    reviewing,
    courses,
    formats,
    sharing,
    editing,
    marking,
    terms,
    surveys,
    *STUDIO,
)
for _part in PARTS:
    router.routes.extend(_part.router.routes)

__all__ = ["router"]
