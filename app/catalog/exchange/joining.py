"""A proposed course before anybody has published it: called otherwise, or set into a course that is there already."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from app.catalog.exchange.proposing import Names, front, one_line
from app.catalog.format.layout import BANKS, MEDIA

COURSE = "course.md"
# What `proposing` writes into course.md; a file that says more was written by a person, and is theirs to correct.
_HEAD = re.compile(r"---\n(?:(?:kind|id|title|summary|lang|owner): .*\n)+---(?:\n|\Z)")
_TITLE = re.compile(r"^title: .*$", re.M)
_ID = re.compile(r"^id: (.*)$", re.M)
# Ids that a course knows its things by: of files, and of quizzes, questions, pools and draws.
_FRONT = re.compile(r"\A(---\n(?:.*\n)*?id: )([a-z0-9-]+)(?=\n)")
_COMMENT = re.compile(r"(<!-- (?:quiz|question|pool|draw) (?:[^>]*? )?id=)([a-z0-9-]+)")
_NAMED = re.compile(r"(<!-- (?:question|draw) (?:[^>]*? )?(?:see|bank)=\"?)([a-z0-9-]+)")
_NUMBER = re.compile(r"(\d{1,6})-")


def is_proposal(files: Mapping[str, bytes]) -> bool:
    """Whether a course is nothing but what was made of a foreign file, so that its id may still change."""
    return COURSE in files and _HEAD.match(files[COURSE].decode()) is not None


def retitled(
    files: Mapping[str, bytes], title: str, name: str, about: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """The same course under another title and id; `about` has what else its front matter is to say, by key.

    Its module is called what the course is, so that changes as well.
    """
    done = dict(files)
    course = files[COURSE].decode()
    old = _TITLE.search(course)
    new = front(title=title).split("\n")[1]
    for path, data in files.items():
        if path.endswith("/module.md"):
            text = data.decode()
            found = _TITLE.search(text)
            if found and old and found[0] == old[0]:
                done[path] = (text[: found.start()] + new + text[found.end() :]).encode()
    head = _HEAD.match(course)
    assert head is not None
    said = dict(line.split(": ", 1) for line in head[0].split("\n") if ": " in line)
    said |= {"id": name, "title": new.removeprefix("title: ")}
    more = front(**{key: value for key, value in (about or {}).items() if value}).split("\n")[1:-1]
    said |= dict(line.split(": ", 1) for line in more)
    lines = ["---", *(f"{key}: {value}" for key, value in said.items()), "---", ""]
    done[COURSE] = ("\n".join(lines) + course[head.end() :]).encode()
    return done


def title_and_id(files: Mapping[str, bytes]) -> tuple[str, str]:
    """What a proposed course is called, as words."""
    text = files[COURSE].decode()
    found, name = _TITLE.search(text), _ID.search(text)
    said = found[0].removeprefix("title: ") if found else ""
    if said.startswith('"'):
        said = re.sub(r'\\(["\\])', r"\1", said[1:-1])
    return one_line(said), name[1] if name else ""


def joined(course: Mapping[str, bytes], proposal: Mapping[str, bytes]) -> dict[str, bytes]:
    """The modules of a proposal behind those of a course. Ids and files that both have get other names in what is new."""
    names = Names()
    names.taken = {found for path, data in course.items() if path.endswith(".md") for found in _ids(data.decode())}
    texts = {path: data.decode() for path, data in proposal.items() if path.endswith(".md") and path != COURSE}
    renamed = {one: names.of(one, one) for one in dict.fromkeys(one for text in texts.values() for one in _ids(text))}
    moved = _media(course, proposal)
    last = max((int(found[1]) for path in course if (found := _NUMBER.match(path))), default=0)
    done = dict(course)
    for path, text in texts.items():
        place = path if path.startswith(BANKS) else _after(path, last)
        while place in done:
            place = place.removesuffix(".md") + "-2.md"
        done[place] = _changed(text, renamed, moved).encode()
    return done | {moved.get(path, path): data for path, data in proposal.items() if path.startswith(MEDIA)}


def _ids(text: str) -> list[str]:
    return [found[2] for found in (*_FRONT.finditer(text), *_COMMENT.finditer(text))]


def _media(course: Mapping[str, bytes], proposal: Mapping[str, bytes]) -> dict[str, str]:
    """New names for files of the proposal whose name is taken by another one."""
    moved = {}
    for path, data in proposal.items():
        if path.startswith(MEDIA) and course.get(path, data) != data:
            stem, _dot, ending = path.rpartition(".")
            moved[path] = f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}.{ending}"
    return moved


def _after(path: str, last: int) -> str:
    found = _NUMBER.match(path)
    return f"{int(found[1]) + last:02d}-{path[found.end() :]}" if found else path


def _changed(text: str, ids: Mapping[str, str], media: Mapping[str, str]) -> str:
    for pattern in (_FRONT, _COMMENT, _NAMED):
        text = pattern.sub(lambda found: found[1] + ids.get(found[2], found[2]), text)
    for old, new in media.items():
        text = text.replace(f"({old})", f"({new})")
    return text
