"""The addresses of the administration."""

from fastapi import APIRouter

from app.web.admin.routes import grants, imports, organisations, overview, people

router = APIRouter()
for _part in (overview, organisations, people, grants, imports):
    router.routes.extend(_part.router.routes)

__all__ = ["router"]
