"""The addresses of the teaching area."""

from fastapi import APIRouter

from app.web.teaching.routes import courses, editing, previews, publishing, uploads

router = APIRouter()
for _part in (uploads, previews, publishing, courses, editing):
    router.routes.extend(_part.router.routes)

__all__ = ["router"]
