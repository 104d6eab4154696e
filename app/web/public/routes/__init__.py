"""The addresses of the public area."""

from fastapi import APIRouter

from app.web.public.routes import account, front, information, packs, passwords, signin, verify

router = APIRouter()
for _part in (front, signin, passwords, account, information, packs, verify):
    router.routes.extend(_part.router.routes)

__all__ = ["router"]
