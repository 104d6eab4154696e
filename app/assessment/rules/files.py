"""Which files may be handed in: of a kind that the question takes, and really of that kind. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.catalog.format.media import SNIFFERS
from app.kit.errors import KitError
from app.kit.i18n import N_
from app.kit.limits import ANSWER_FILE_BYTES, MIB

# What a browser or a machine would run, whatever it is called.
_RUNS = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:MZ|\x7fELF|#!|<(?:!doctype|html|head|body|script|svg|\?xml|\?php)\b)", re.I
)
_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain",
    "csv": "text/csv",
    "md": "text/plain",
}
_TEXTS = ("txt", "csv", "md")


def file_name(name: str) -> str:
    """A browser may send a whole path; only what the file is called counts, in letters that can be shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable()).strip()[-150:]


def ending(name: str) -> str:
    """ ".pdf", in small letters; empty when there is none."""
    stem, dot, last = name.rpartition(".")
    return f".{last.lower()}" if dot and stem and last else ""


def most_bytes(max_mb: float) -> int:
    """The question's own limit, held within the platform's."""
    return min(round(max_mb * MIB), ANSWER_FILE_BYTES) if max_mb else ANSWER_FILE_BYTES


def file_refusal(body: Mapping[str, Any], name: str, data: bytes) -> KitError | None:
    """Why this file is not taken as the answer to this question, or None."""
    if body["type"] != "upload":
        return KitError(N_("This question is not answered with a file."))
    if not name:
        return KitError(N_("Choose a file first."))
    kinds, kind = [one.lower() for one in body.get("accept") or ()], ending(name)
    most = most_bytes(body.get("max_mb") or 0)
    if kinds and kind not in kinds:
        return KitError(N_("Files of this kind are not taken here. These are: %(kinds)s."), kinds=", ".join(kinds))
    if not data:
        return KitError(N_("%(name)s is empty."), name=name)
    if len(data) > most:
        return KitError(N_("This file is larger than %(limit)s MB."), limit=f"{most / MIB:g}")
    if not _is_what_it_says(kind.removeprefix("."), data):
        return KitError(N_("This file is not what its name says: it holds no %(kind)s."), kind=kind or "?")
    return None


def _is_what_it_says(kind: str, data: bytes) -> bool:
    if kind in _TEXTS:
        return _is_text(data)
    if kind == "svg" or _RUNS.match(data[:512]):
        return False
    sniffer = SNIFFERS.get(kind)
    return sniffer is None or sniffer(data)


def _is_text(data: bytes) -> bool:
    try:
        return "\x00" not in data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False


def media_type(name: str) -> str:
    """How a file is sent back; what is not plainly known is only bytes."""
    return _TYPES.get(ending(name).removeprefix("."), "application/octet-stream")
