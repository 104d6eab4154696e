"""A media file somebody sends for a course: held against its name, pictures written anew, subtitles made captions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.catalog.exchange.office_pictures import NoPicture, cleaned
from app.catalog.format import media
from app.catalog.format.library import MediaKind, ending, kind_of
from app.catalog.format.model import Problem
from app.catalog.format.problems import Notes
from app.kit.i18n import N_

_WRITTEN_ANEW = ("png", "jpg", "jpeg")
_STAMP = re.compile(r"(\d{1,2}:\d{2}:\d{2}),(\d{3})")
_CUE = re.compile(r"^(?:\d{1,3}:)?\d{2}:\d{2}\.\d{3}[ \t]+-->[ \t]+(?:\d{1,3}:)?\d{2}:\d{2}\.\d{3}", re.M)


@dataclass(frozen=True, slots=True)
class Brought:
    """What is kept: `name` with the ending that fits. `why` and `values`: why it is not taken, to translate."""

    name: str
    data: bytes
    why: str = ""
    values: tuple[tuple[str, str], ...] = ()


def bring(name: str, data: bytes) -> Brought:
    """Takes seconds for a large picture: never inside a transaction."""
    stem, _dot, end = name.rpartition(".")
    end = end.lower()
    if end == "srt":
        end, data = "vtt", _captions(data)
    if end in _WRITTEN_ANEW:  # without the place and the camera that a photograph tells of
        try:
            end, data = cleaned(data)
        except NoPicture as refusal:
            return Brought(name, b"", refusal.template, tuple((k, str(v)) for k, v in refusal.values.items()))
    problems: list[Problem] = []
    path = f"media/{stem}.{end}"
    if not media.check(path, data, Notes("", problems)):
        first = problems[0]
        return Brought(name, b"", first.template, first.values)
    if kind_of(path) is MediaKind.CAPTIONS and not _CUE.search(data.decode("utf-8", "replace")):
        return Brought(name, b"", N_("there is no caption in this file"))
    return Brought(f"{stem}.{ending(path)}", data)


def _captions(data: bytes) -> bytes:
    """SubRip as WebVTT: another head, and points in the times."""
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    return ("WEBVTT\n\n" + _STAMP.sub(r"\1.\2", text)).encode()
