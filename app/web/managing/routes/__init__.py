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
    terms,
    views,
    week,
)

router = APIRouter()
PARTS = (places, people, matrix, duties, assignments, requirement, week, certificates, packs, views, terms)
for _part in PARTS:
    router.routes.extend(_part.router.routes)

__all__ = ["router"]
