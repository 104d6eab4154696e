"""The addresses of the managing area."""

from fastapi import APIRouter

from app.web.managing.routes import (
    assignments,
    certificates,
    duties,
    matrix,
    packs,
    people,
    places,
    requirement,
    week,
)

router = APIRouter()
for _part in (places, people, matrix, duties, assignments, requirement, week, certificates, packs):
    router.routes.extend(_part.router.routes)

__all__ = ["router"]
