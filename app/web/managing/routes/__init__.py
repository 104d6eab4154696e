"""The addresses of the managing area."""

from fastapi import APIRouter

from app.web.managing.routes import assignments, people, places

router = APIRouter()
for _part in (places, people, assignments):
    router.routes.extend(_part.router.routes)

__all__ = ["router"]
