"""What a foreign format has no place for, in an HTML comment that its users never see: an id, the spelling of a number.

`<!-- id=h72 written="70..74" -->` behind a text says what the mapping alone could not. Only these keys are read, and only
from comments that hold nothing else; every other comment in a foreign text is dropped.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from app.catalog.format.frontmatter import is_id

KEYS = ("id", "key", "written", "spare", "bare", "left", "right")
_COMMENT = re.compile(r"<!-- ((?:(?:" + "|".join(KEYS) + r")=\"[^\"<>]*\" ?)+)-->")
_PAIR = re.compile(r"([a-z]+)=\"([^\"]*)\"")


def comment(**values: str) -> str:
    """The comment, or nothing where there is nothing to say."""
    said = " ".join(f'{key}="{_quoted(value)}"' for key, value in values.items() if value)
    return f"<!-- {said} -->" if said else ""


def behind(text: str, **values: str) -> str:
    said = comment(**values)
    return f"{text} {said}" if said and text else text or said


def taken(text: str) -> tuple[str, dict[str, str]]:
    """The text without the comment at its end, and what that said."""
    text = text.rstrip()
    at = text.rfind("<!-- ")
    found = _COMMENT.fullmatch(text, at) if at >= 0 else None
    if found is None:
        return text, {}
    return text[:at].rstrip(), {key: unquote(value) for key, value in _PAIR.findall(found[1])}


def name(values: dict[str, str], key: str = "id") -> str:
    """An id that was carried, if it is one."""
    found = values.get(key, "")
    return found if is_id(found, 1) else ""


def _quoted(value: str) -> str:
    # Two hyphens would end the comment.
    return quote(value, safe=" .,;:+*`'()[]/=?!@$±").replace("-", "%2D")
