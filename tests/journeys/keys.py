"""The key of a quiz that somebody is taking: what to answer so that it is right, or wrong, on purpose."""

from __future__ import annotations

from typing import Any

from app.assessment import queries as attempts
from app.catalog import queries as catalog
from app.kit.database import reading
from tests.journeys.conftest import Town
from tests.journeys.visit import Visit


def _bodies(town: Town, key: str) -> list[dict[str, Any]]:
    with reading(town.sessions) as db:
        view = attempts.attempt(db, key)
        assert view is not None
        kept = catalog.revisions(db, {one.revision for one in view.asked})
        return [dict(kept[one.revision].body) for one in view.asked]


def _right(body: dict[str, Any]) -> list[str]:
    if body["type"] == "scale":  # an opinion: nothing in it is right
        return [body["options"][-1]["id"]]
    full = [option for option in body["options"] if option["fraction"] == 1]
    match body["type"]:
        case "numeric":
            return [f"{full[0]['low']:g}"]
        case "text":
            return [full[0]["value"]]
        case "multiple":
            return [option["id"] for option in full or body["options"] if option["fraction"] > 0]
        case _:
            return [option["id"] for option in full]


def _wrong(body: dict[str, Any]) -> list[str]:
    if body["type"] in ("numeric", "text"):
        return ["123456"]
    return [min(body["options"], key=lambda option: option["fraction"])["id"]]


def answer_all(who: Visit, town: Town, *, rightly: bool) -> Visit:
    """Answer question after question until everything waits to be handed in."""
    key = who.path.split("/")[2]
    for number, body in enumerate(_bodies(town, key), 1):
        assert who.path == f"/attempts/{key}/{number}"
        given = _right(body) if rightly else _wrong(body)
        if body["type"] in ("numeric", "text"):
            who.fill("answer", given[0])
        else:
            for one in given:
                who.tick(f"input[name=answer][value='{one}']")
        who.click("button[name=go][value=next]")
    assert who.path == f"/attempts/{key}/review"
    return who
