"""Which file of a course is what, by its name and place alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.catalog.format.frontmatter import LANGUAGE
from app.catalog.format.problems import Notes
from app.kit.i18n import N_
from app.kit.limits import MARKDOWN_BYTES, RUN_CHARACTERS, RUN_MARKS
from app.kit.runs import heavy

MEDIA = "media/"
BANKS = "banks/"
LOCK = "ids.lock.json"
_IGNORED = re.compile(
    r"(?i)(?:.*/)?(?:thumbs\.db|desktop\.ini)|(?:readme|licen[cs]e|changelog)(?:\.md|\.txt)?|ids\.lock\.json"
)
_NAME = re.compile(r"(?P<stem>.+?)(?:\.(?P<lang>[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*))?\.md", re.S)
_NUMBER = re.compile(r"(\d{1,6})-")


@dataclass(slots=True)
class Written:
    """A file in the source language and its variants by language."""

    path: str
    variants: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Folder:
    """A module: its own file, when it has one, and its pages in order."""

    path: str
    module: Written | None
    pages: list[Written] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """`single`: the course is one file, its module and its page at once."""

    course: Written | None = None
    single: bool = False
    modules: list[Written | Folder] = field(default_factory=list)
    banks: list[Written] = field(default_factory=list)
    media: list[str] = field(default_factory=list)


def is_ignored(path: str) -> bool:
    """What systems and editors leave behind, and what is for people who look into the folder."""
    return (
        any(part.startswith(".") or part == "__MACOSX" for part in path.split("/"))
        or _IGNORED.fullmatch(path) is not None
    )


def arrange(paths: Iterable[str], notes: Notes) -> Layout:
    layout = Layout()
    tree: dict[str, list[str]] = {}
    for path in sorted(paths):
        folder, slash, rest = path.partition("/")
        if path.startswith(MEDIA):
            layout.media.append(path)
        elif not path.endswith(".md"):
            notes.of(path).note(
                1, 1, "E109", N_("this file has no place in a course; pictures and documents go into media/")
            )
        elif slash and "/" in rest:
            notes.of(path).note(1, 1, "E109", N_("folders in a module folder are not read"))
        else:
            tree.setdefault(folder if slash else "", []).append(path)
    top = _variants(tree.pop("", []), notes)
    layout.banks = _variants(tree.pop("banks", []), notes)
    folders = [_folder(name, _variants(files, notes), notes) for name, files in tree.items()]
    layout.course = next((written for written in top if written.path == "course.md"), None)
    others = [written for written in top if written is not layout.course]
    if layout.course is None and len(others) == 1 and not folders:
        layout.course, others = others[0], []
    layout.single = layout.course is not None and not others and not folders
    layout.modules = _in_order([*others, *folders], notes)
    return layout


def _variants(paths: list[str], notes: Notes) -> list[Written]:
    sources: dict[str, Written] = {}
    variants: list[tuple[str, str, str]] = []
    for path in paths:
        found = _NAME.fullmatch(path)
        lang = found["lang"] if found else None
        if found is None or lang is None:
            sources[path] = Written(path)
        elif lang == "no":
            notes.of(path).note(1, 1, "E104", N_('language "no" is written "nb" (bokmål) or "nn" (nynorsk)'))
        elif not LANGUAGE.fullmatch(lang):
            notes.of(path).note(1, 1, "E104", N_('"%(value)s" is not a language code such as lt, en, nb'), value=lang)
        else:
            variants.append((path, f"{found['stem']}.md", lang))
    for path, source, lang in variants:
        if source in sources:
            sources[source].variants[lang] = path
        else:
            notes.of(path).note(1, 1, "E194", N_("there is no %(file)s that this could be a variant of"), file=source)
    return list(sources.values())


def _folder(name: str, files: list[Written], notes: Notes) -> Folder:
    module = next((written for written in files if written.path == f"{name}/module.md"), None)
    if module is None:
        notes.of(f"{name}/module.md").note(1, 1, "E109", N_("a module folder holds a module.md with its title"))
    pages = [written for written in files if written is not module]
    return Folder(name, module, [page for page in _in_order(pages, notes) if isinstance(page, Written)])


def _in_order(found: Sequence[Written | Folder], notes: Notes) -> list[Written | Folder]:
    numbers: dict[int, str] = {}
    keyed: list[tuple[int, str, Written | Folder]] = []
    for one in found:
        match = _NUMBER.match(one.path.rpartition("/")[2])
        number = int(match[1]) if match else 1_000_000
        file = one.path if isinstance(one, Written) else f"{one.path}/module.md"
        if match is None:
            notes.of(file).note(1, 1, "W204", N_("a name starts with the number that orders it: 01-name"))
        elif number in numbers:
            notes.of(file).note(1, 1, "W204", N_("%(other)s has the same number"), other=numbers[number])
        else:
            numbers[number] = one.path
        keyed.append((number, one.path, one))
    return [one for _, _, one in sorted(keyed, key=lambda key: key[:2])]


def decoded(path: str, data: bytes, notes: Notes) -> str | None:
    """The text of a file, as it was written down to its line ends."""
    if len(data) > MARKDOWN_BYTES:
        notes.of(path).note(1, 1, "E109", N_("a Markdown file has at most %(limit)s bytes"), limit=MARKDOWN_BYTES)
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        notes.of(path).note(line, 1, "E109", N_("this file is not written in UTF-8"))
        return None
    found = heavy(to_parse(text))
    if found is not None and found.marks:
        notes.of(path).note(
            found.line,
            1,
            "E109",
            N_("there are more than %(limit)s marks such as * or [ without a blank line"),
            limit=RUN_MARKS,
        )
        return None
    if found is not None:
        notes.of(path).note(
            found.line,
            1,
            "E109",
            N_("there are more than %(limit)s characters without a blank line"),
            limit=RUN_CHARACTERS,
        )
        return None
    if "\0" in text:
        notes.of(path).note(text.count("\n", 0, text.index("\0")) + 1, 1, "E109", N_("this file holds a zero byte"))
        return None
    return text


def to_parse(text: str) -> str:
    """Without the mark some editors put first, and with one kind of line end."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
