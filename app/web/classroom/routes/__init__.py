"""The addresses of the classroom."""

from fastapi import APIRouter

from app.web.classroom.routes import (
    attempt,
    changes,
    course,
    duties,
    group_paper,
    groups,
    home,
    joining,
    page,
    quiz,
    record,
)

router = APIRouter()
for _part in (home, course, changes, page, quiz, attempt, record, duties, groups, group_paper, joining):
    router.routes.extend(_part.router.routes)

__all__ = ["router"]
