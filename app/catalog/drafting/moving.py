"""Files of a draft in another order or place: new names by number, and links that follow them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence

from app.catalog.drafting.outline import File, Part, Shape

_NUMBER = re.compile(r"\d{1,6}-")
# What an inline link or a reference definition leads to, outside of code; an address with a scheme is not ours.
_LINK = re.compile(r"(\]\(\s*<?|^ {0,3}\[[^\]\n]+\]:\s*<?)(?![a-z][a-z0-9+.-]*:|#|/)([^)\s#>]+)", re.M)
_FENCED = re.compile(r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[`~]*[ \t]*$|`[^`\n]+`", re.M | re.S)


def modules_in(shape: Shape, order: Sequence[str]) -> dict[str, str]:
    """New paths by old ones, so that the modules stand in this order; `order` names their anchors, all of them."""
    by_anchor = {part.anchor: part for part in shape.modules}
    moves: dict[str, str] = {}
    for number, anchor in enumerate(order, 1):
        moves |= _module_as(by_anchor[anchor], _numbered(anchor, number))
    return {old: new for old, new in moves.items() if old != new}


def _module_as(part: Part, anchor: str) -> dict[str, str]:
    if not part.folder:
        return _all_of(part.pages[0], anchor)
    files = [*([part.file] if part.file else []), *part.pages]
    paths = [path for file in files for path in (file.path, *file.variants.values())]
    return {path: f"{anchor}/{path.rpartition('/')[2]}" for path in paths}


def pages_in(part: Part, order: Sequence[str], taken: Sequence[File] = ()) -> dict[str, str]:
    """The same for the pages of a module; those of `taken` come from other modules into this one."""
    by_path = {page.path: page for page in (*part.pages, *taken)}
    moves: dict[str, str] = {}
    used: set[str] = set()
    for number, path in enumerate(order, 1):
        name = _numbered(path.rpartition("/")[2], number)
        while f"{part.folder}/{name}" in used:
            name = f"{name.removesuffix('.md')}-2.md"
        used.add(f"{part.folder}/{name}")
        moves |= _all_of(by_path[path], f"{part.folder}/{name}")
    return {old: new for old, new in moves.items() if old != new}


def _all_of(file: File, path: str) -> dict[str, str]:
    stem = path.removesuffix(".md")
    return {file.path: path} | {old: f"{stem}.{lang}.md" for lang, old in file.variants.items()}


def _numbered(name: str, number: int) -> str:
    return f"{number:02d}-{_NUMBER.sub('', name, count=1)}" if _NUMBER.match(name) else f"{number:02d}-{name}"


def next_name(names: Sequence[str], name: str) -> str:
    """A name behind all of these, by number: "03-name"."""
    last = max((int(found[0][:-1]) for one in names if (found := _NUMBER.match(one))), default=0)
    return f"{last + 1:02d}-{name}"


def relinked(texts: Mapping[str, str], moves: Mapping[str, str]) -> dict[str, str]:
    """The texts whose links must change when files move, by their old path; text in code stays as it is."""
    done: dict[str, str] = {}
    for path, text in texts.items():
        if "](" not in text and "]:" not in text:
            continue
        new = _followed(text, path, moves)
        if new != text:
            done[path] = new
    return done


def _followed(text: str, path: str, moves: Mapping[str, str]) -> str:
    here, there = posixpath.dirname(path), posixpath.dirname(moves.get(path, path))
    parts: list[str] = []
    end = 0
    for code in _FENCED.finditer(text):
        parts += [_LINK.sub(lambda found: found[1] + _target(found[2], here, there, moves), text[end : code.start()])]
        parts.append(code[0])
        end = code.end()
    parts.append(_LINK.sub(lambda found: found[1] + _target(found[2], here, there, moves), text[end:]))
    return "".join(parts)


def _target(written: str, here: str, there: str, moves: Mapping[str, str]) -> str:
    if written.startswith("media/"):
        return written
    old = posixpath.normpath(posixpath.join(here, written))
    new = moves.get(old, old)
    if new == old and here == there:
        return written
    return posixpath.relpath(new, there or ".")
