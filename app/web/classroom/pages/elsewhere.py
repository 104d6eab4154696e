"""An answer in a few lines to read, beside the one that is being written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from app.assessment import rules as marking
from app.kit.markdown import markup
from app.web.classroom.pages.fields import plain


def said_lines(body: Mapping[str, Any], words: Mapping[str, Any], response: marking.Response) -> tuple[Markup, ...]:
    """What was chosen, put in order, paired, filled in or written; empty when that was nothing."""
    if not marking.is_answered(response):
        return ()
    if "file" in response:
        return (Markup.escape(response["file"]["name"]),)
    if "parts" in response:
        return tuple(_part(body, words, part, response["parts"]) for part in body["parts"])
    if "options" in response:
        chosen = [markup(words["options"][one]["text"]) for one in response["options"] if one in words["options"]]
        if body["type"] != "order":
            return tuple(chosen)
        return tuple(Markup("{}. {}").format(n, text) for n, text in enumerate(chosen, 1))
    unit = words.get("unit") or body["unit"]
    return (Markup.escape(f"{response['text']} {unit}".strip()),)


def _part(
    body: Mapping[str, Any], words: Mapping[str, Any], part: Mapping[str, Any], given: Mapping[str, str]
) -> Markup:
    own = words["parts"].get(part["id"]) or {"text": "", "options": {}}
    said = str(given.get(part["id"], ""))
    choices = own["options"] if part["options"] else words["options"]
    if part["kind"] == "pick":
        said = plain(choices[said]["text"]) if said in choices else ""
    return Markup("{}: {}").format(plain(own["text"]) if own["text"] else "…", said or "–")
