"""The addresses of the administration."""

from fastapi import APIRouter

from app.web.admin.routes import grants, imports, organisations, overview, people, requests

router = APIRouter()
for _part in (overview, organisations, people, grants, imports, requests):
    router.routes.extend(_part.router.routes)

__all__ = ["router"]
