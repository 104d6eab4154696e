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
    views,
    week,
)

router = APIRouter()
for _part in (places, people, matrix, duties, assignments, requirement, week, certificates, packs, views):
    router.routes.extend(_part.router.routes)

__all__ = ["router"]
