"""The addresses of the classroom."""

from fastapi import APIRouter

from app.web.classroom.routes import attempt, changes, course, duties, home, page, quiz, record

router = APIRouter()
for _part in (home, course, changes, page, quiz, attempt, record, duties):
    router.routes.extend(_part.router.routes)

__all__ = ["router"]
