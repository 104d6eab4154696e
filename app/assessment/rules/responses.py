"""What may be kept as an answer: only what a question can be answered with, of bearable length. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.assessment.rules.certainty import LEVELS
from app.kit.errors import Invalid, KitError
from app.kit.i18n import N_

MAX_TEXT = 2000
MAX_GAP = 300
MAX_ESSAY = 50_000


def clean(body: Mapping[str, Any], offered: Sequence[str], response: Mapping[str, Any]) -> dict[str, Any]:
    """A response without whatever does not belong to this question; `offered` are the options it was asked with.

    How sure somebody is, is kept beside the answer.
    """
    clean = _clean(body, offered, response)
    if (sure := response.get("certainty")) in LEVELS:
        clean["certainty"] = sure
    return clean


def _clean(body: Mapping[str, Any], offered: Sequence[str], response: Mapping[str, Any]) -> dict[str, Any]:
    match body["type"]:
        case "order":
            # Things left out would have no place; they stay where they stood, behind the others.
            said = [one for one in dict.fromkeys(response.get("options") or ()) if one in offered]
            return {"options": said + [one for one in offered if one not in said] if said else []}
        case "match" | "cloze":
            given = response.get("parts") or {}
            return {"parts": {part["id"]: _part(body, part, given.get(part["id"])) for part in body["parts"]}}
        case "numeric" | "text" | "essay":
            return {"text": _text(response.get("text"), MAX_ESSAY if body["type"] == "essay" else MAX_TEXT)}
        case "upload":
            return {}
        case _:
            return {"options": sorted({one for one in response.get("options") or () if one in offered})}


def _part(body: Mapping[str, Any], part: Mapping[str, Any], said: object) -> str:
    if part["kind"] != "pick":
        return _text(said, MAX_GAP, part["id"])
    options = part["options"] or body["options"]
    return str(said) if any(said == option["id"] for option in options) else ""


def _text(said: object, most: int, part: str = "") -> str:
    text = str(said or "").replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > most:
        name = f"part-{part}" if part else "answer"
        raise Invalid(**{name: KitError(N_("Use at most %(limit)s characters."), limit=most)})
    return text


def word_count(text: str) -> int:
    """Words as people count them: a dash alone is none."""
    return sum(any(c.isalnum() for c in word) for word in text.split())
