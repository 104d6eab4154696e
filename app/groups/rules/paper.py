"""What of a quiz fits on a sheet of paper, and what an entered sheet says. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.assessment.rules import QuizRules
from app.kit.errors import KitError
from app.kit.i18n import N_

PAPER_TYPES = ("single", "multiple", "truefalse", "scale", "numeric", "text", "essay", "match", "cloze", "order")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def letter(place: int) -> str:
    """What the option at a place (from 0) is called on paper: A, B, …, Z, A2, B2."""
    again, at = divmod(place, len(LETTERS))
    return LETTERS[at] + (str(again + 1) if again else "")


def only_on_screen(held_to: QuizRules, types: Sequence[str]) -> str:
    """Why a quiz cannot be answered on paper (an English sentence, marked), or nothing."""
    if held_to.is_survey:
        return N_("It is a survey: what somebody thinks is nobody's to read with their name.")
    if held_to.certainty:
        return N_("It asks how sure one is of each answer.")
    if held_to.sequential:
        return N_("It has no way back, which paper cannot keep.")
    if any(one not in PAPER_TYPES for one in types):
        return N_("A question in it is answered with a file.")
    return ""


def normal_code(text: str) -> str:
    """The code of a sheet as it is kept: without spaces and dashes, in capitals."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def code_shown(code: str) -> str:
    """The code in two groups, as it stands on the sheet."""
    return f"{code[:3]}-{code[3:]}" if len(code) > 3 else code


def response_of(body: Mapping[str, Any], offered: Sequence[str], said: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered for one question, in the shape that is marked; KitError where it cannot be what the sheet says.

    `said`: `options` (ids that were ticked), `text`, and `parts` by id. Things to be put in order come as `text`, the
    letters of the sheet one after another.
    """
    match body["type"]:
        case "match" | "cloze":
            return {"parts": dict(said.get("parts") or {})}
        case "numeric" | "text" | "essay":
            return {"text": str(said.get("text") or "")}
        case "order":
            return {"options": _in_order(str(said.get("text") or ""), offered)}
        case "single" | "truefalse" | "scale":
            chosen = list(said.get("options") or ())
            return {"options": chosen[:1]}
        case _:
            return {"options": list(said.get("options") or ())}


def _in_order(text: str, offered: Sequence[str]) -> list[str]:
    named = {letter(place): one for place, one in enumerate(offered)}
    said = re.findall(r"[A-Z][0-9]*", text.upper())
    if not said:
        return []
    if sorted(said) != sorted(named):
        raise KitError(N_("Write each letter of the sheet once, for example %(example)s."), example=" ".join(named))
    return [named[one] for one in said]
