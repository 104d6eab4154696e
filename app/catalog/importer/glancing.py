"""A glance at one file of a draft while it is typed: read and rendered alone, as it will be in its course."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.catalog.exchange.proposing import front
from app.catalog.format import reader
from app.catalog.format.model import Course, Problem
from app.catalog.importer.places import Addresses, Places
from app.catalog.importer.prepared import Prepared, prepare
from app.catalog.importer.rendering import PreparedPage, Press

# What only the whole course can tell: other files, media, banks, other languages.
_ELSEWHERE = re.compile(r"E109|E113|E114|E115|E116|E160|E163|E171|E181|E182|E19\d|W204|W20[1-5]")
_COURSE, _MODULE = "course.md", "01-glance/module.md"


@dataclass(frozen=True, slots=True)
class Glance:
    """What is looked at: a file of `kind` course, module, page or bank in `lang`, and the words of its source where it
    is a translation. `media` and `pages` are addresses by path, of what its links may lead to."""

    path: str
    text: str
    kind: str
    lang: str
    source_lang: str
    source: str = ""
    media: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    base: str = ""


@dataclass(frozen=True, slots=True)
class Glanced:
    """The file as it will look; `prepared` is None where nothing could be made out."""

    prepared: Prepared | None
    page: PreparedPage | None
    problems: tuple[Problem, ...]


def glance(asked: Glance) -> Glanced:
    files = _files(asked)
    read = reader.read_files(files)
    here = _here(asked)
    problems = tuple(p for p in read.problems if p.path == here and not _ELSEWHERE.fullmatch(p.code))
    if read.course is None:
        return Glanced(None, None, problems)
    # Links are written from where the file really stands.
    addresses = Addresses(asked.base, asked.base, asked.base)
    places = _Moved(addresses, dict(asked.media), dict(asked.pages), frozenset(), real=asked.path)
    made = prepare(read.course, places=places)
    return Glanced(made, _page(asked, read.course, made, Press(read.course, places)), problems)


@dataclass(frozen=True, slots=True)
class _Moved(Places):
    """Places as they are seen from where a file really stands, since it is read as if it stood elsewhere."""

    real: str = ""

    def link(self, path: str, href: str) -> str | None:
        return Places.link(self, self.real, href)

    def file(self, path: str, href: str) -> str | None:
        return Places.file(self, self.real, href)


def _here(asked: Glance) -> str:
    """The path the file is read under."""
    variant = f".{asked.lang}" if asked.lang != asked.source_lang else ""
    stem = {
        "course": "course",
        "module": "01-glance/module",
        "bank": "banks/glance",
    }.get(asked.kind, "01-glance/01-page")
    return f"{stem}{variant}.md"


def _files(asked: Glance) -> dict[str, bytes]:
    """The file among just enough others to be one of a course."""
    texts = {
        _COURSE: front(kind="course", id="glance", title="Glance", lang=asked.source_lang) + "\n",
        _MODULE: front(kind="module", id="glance-module", title="Glance") + "\n",
    }
    here = _here(asked)
    if asked.lang != asked.source_lang:
        texts |= {f"course.{asked.lang}.md": front(lang=asked.lang, title="Glance") + "\n"}
        texts[here.replace(f".{asked.lang}.md", ".md")] = asked.source
    texts[here] = asked.text
    if asked.kind != "page":
        texts["01-glance/01-page.md"] = front(kind="page", id="glance-page", title="Glance") + "\n"
    return {path: text.encode() for path, text in texts.items()}


def _page(asked: Glance, course: Course, made: Prepared, press: Press) -> PreparedPage | None:
    lang = asked.lang if asked.lang in course.texts or asked.kind != "course" else course.lang
    if asked.kind == "page":
        return next((one for one in made.pages if one.lang == lang), None)
    if asked.kind == "bank":
        questions = tuple({"question": press.question(q)} for bank in course.banks for q in bank.questions)
        made.questions.update(press.questions)
        title = course.banks[0].title if course.banks else ""
        return PreparedPage("", asked.lang, title, asked.lang, questions, ())
    if asked.kind == "module":
        said = course.modules[0].texts.get(lang) or course.modules[0].texts[course.lang]
        html = press.html(said.intro, asked.path, lang) if said.intro else ""
        return PreparedPage("", lang, said.title, lang, ({"html": html},) if html else (), ())
    words = course.texts.get(lang) or course.texts[course.lang]
    html = press.html(words.body, asked.path, lang) if words.body else ""
    return PreparedPage("", lang, words.title, lang, ({"html": html},) if html else (), ())
