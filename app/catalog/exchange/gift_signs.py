"""GIFT's control signs: put out of sight while a question is taken apart, and escaped when one is written."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\([:#={}~\\n])")
# Private-use characters stand for the escaped signs; one that is in the file already says nothing to anybody.
_BASE = 0xF700
_FORM = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.I)
_HIDDEN = re.compile(f"[{chr(_BASE)}-{chr(_BASE + 0x7F)}]")


def hidden(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(_BASE + ord(found[1])), _HIDDEN.sub("", text))


def shown(text: str) -> str:
    def sign(found: re.Match[str]) -> str:
        mark = chr(ord(found[0]) - _BASE)
        return "\n" if mark == "n" else mark

    return _HIDDEN.sub(sign, text)


def escaped(text: str) -> str:
    """Every control sign with a backslash, and line breaks written, so that no blank line ends the question."""
    return re.sub(r"[:#={}~\\]", r"\\\g<0>", text).replace("\n", "\\n")


def form_of(text: str, default: str) -> tuple[str, str]:
    """The format that a text says it is in, and the text without that."""
    found = _FORM.match(text)
    if found is None:
        return default, text
    return {"moodle": "auto"}.get(found[1].lower(), found[1].lower()), text[found.end() :]
