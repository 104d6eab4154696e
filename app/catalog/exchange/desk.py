"""Where a foreign file is taken apart: its words, pictures and questions become ours, and every loss is told."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote

from app.catalog.exchange import carried, escaping, html_markdown, markdown_in, question_text
from app.catalog.exchange.html_markdown import Converted
from app.catalog.exchange.model import Given, Report
from app.catalog.exchange.proposing import Names, one_line
from app.catalog.format import layout as layouts
from app.catalog.format import media as media_files
from app.catalog.format import pages
from app.catalog.format import source as sources
from app.catalog.format.answers import option_id
from app.catalog.format.frontmatter import is_id
from app.catalog.format.gaps import MARKS
from app.catalog.format.ids import Ids
from app.catalog.format.layout import MEDIA
from app.catalog.format.model import Option, Problem, Question, QuestionText, QuestionType, Severity
from app.catalog.format.problems import Notes
from app.catalog.format.questions import Body
from app.kit.i18n import N_
from app.kit.markdown import words
from app.kit.slugs import slug

PLUGINFILE = "@@PLUGINFILE@@/"
LABELS = {"lt": ("Taip", "Ne"), "en": ("True", "False"), "nb": ("Sant", "Usant")}
_TITLE_CHARACTERS = 200
_HEADING = re.compile(r"#{1,6} (.*)(?:\n|\Z)")

CHANGED_ID = N_('its id "%(id)s" cannot be ours; it is now "%(name)s"')
LOST_ELEMENTS = N_("left out of its text: %(names)s")


@dataclass(frozen=True, slots=True)
class Item:
    """The thing being read: what it is called and where it begins, for every note on it."""

    name: str
    line: int


@dataclass(slots=True)
class Desk:
    """`media` fills up with the pictures that texts show; `names` keeps ids apart."""

    given: Given
    report: Report = field(default_factory=Report)
    names: Names = field(default_factory=Names)
    media: dict[str, bytes] = field(default_factory=dict)

    @property
    def lang(self) -> str:
        return self.given.lang

    def id(self, item: Item, wanted: str, title: str) -> str:
        wanted = wanted.strip()
        if not wanted or is_id(wanted, 1):
            return self._said(item, wanted, self.names.of(wanted, title), wanted)
        return self._said(item, wanted, self.names.of(slug(wanted), title), wanted)

    def _said(self, item: Item, wanted: str, name: str, given: str) -> str:
        if given and name != given:
            self.report.changed(item.name, item.line, CHANGED_ID, id=given, name=name)
        return name

    # Words

    def blocks(self, item: Item, text: str, form: str, files: Mapping[str, bytes], *, top: int = 4) -> str:
        """Paragraphs in the format named, as Markdown; what is lost on the way is told."""
        if form == "markdown":
            found = markdown_in.blocks(
                self._files_in(text, files), link=self._link(files), image=self._image(files), top=top
            )
        elif form == "plain":
            found = Converted(escaping.paragraphs(text), frozenset())
        else:
            html = _broken(text) if form == "auto" else text
            found = html_markdown.blocks(html, link=self._link(files), image=self._image(files), top=top)
        return self._told(item, found)

    def line(self, item: Item, text: str, form: str, files: Mapping[str, bytes]) -> str:
        if form == "markdown":
            found = markdown_in.line(self._files_in(text, files), link=self._link(files), image=self._image(files))
        elif form == "plain":
            found = Converted(escaping.words(text), frozenset())
        else:
            found = html_markdown.line(text, link=self._link(files), image=self._image(files))
        return self._told(item, found)

    def _told(self, item: Item, found: Converted) -> str:
        if found.lost:
            self.report.left_out(item.name, item.line, LOST_ELEMENTS, names=", ".join(sorted(found.lost)))
        return found.markdown

    def titled(self, name: str, text: str) -> tuple[str, str]:
        """A title and a stem, from a name and what was already turned into Markdown. A text that only says its name is the title."""
        name = one_line(name)[:_TITLE_CHARACTERS]
        if "\n" not in text and (not name or words(text) == name) and len(text) <= 2 * _TITLE_CHARACTERS:
            return escaping.heading(text), ""
        if name:
            return escaping.heading(escaping.inline(name)), text
        return escaping.heading(escaping.inline(_shortened(words(text.partition("\n")[0].rstrip("\\"))))), text

    # Pictures and other files

    def file(self, item: Item, name: str, data: bytes) -> str | None:
        """A file of the foreign course as one in media/; None, with a note, when it is of a kind that we do not take."""
        stem, dot, ending = name.replace("\\", "/").rpartition("/")[2].rpartition(".")
        ending = ending.lower() if dot else ""
        path = f"{MEDIA}{slug(stem or ending)[:60]}.{ending}"
        problems: list[Problem] = []
        if not media_files.check(path, data, Notes(path, problems)):
            first = problems[0]
            self.report.left_out(item.name, item.line, first.template, **dict(first.values))
            return None
        if self.media.get(path, data) != data:
            path = f"{MEDIA}{slug(stem)[:60]}-{hashlib.sha256(data).hexdigest()[:8]}.{ending}"
        self.media[path] = data
        return path

    def _image(self, files: Mapping[str, bytes]) -> html_markdown.Resolver:
        return lambda address: self._found(address, files)

    def _link(self, files: Mapping[str, bytes]) -> html_markdown.Resolver:
        def resolve(address: str) -> str | None:
            if address.startswith(("http://", "https://", "mailto:")):
                return address
            return self._found(address, files)

        return resolve

    def _found(self, address: str, files: Mapping[str, bytes]) -> str | None:
        path = known(address)
        data = files.get(path) if path is not None else None
        return self.file(Item(str(path), 0), str(path), data) if data is not None else None

    def _files_in(self, text: str, files: Mapping[str, bytes]) -> str:
        """The addresses of files inside foreign Markdown, each turned into the place its file has with us."""

        def turned(found: re.Match[str]) -> str:
            path = self._found(found[1], files)
            return escaping.address(path) if path else found[0]

        return re.sub(r"(?<=[(<\s])(@@PLUGINFILE@@/[^\s()<>]+)", turned, text)

    # Questions

    def question(self, item: Item, asked: Question) -> Question | None:
        """The question if it reads back as one; else None, and the first thing that is wrong with it is told."""
        said = asked.texts[self.lang]
        if not said.title:
            self.report.refused(item.name, item.line, N_("this question has no words"))
            return None
        problem = _fault(asked, self.lang)
        if problem is not None:
            self.report.refused(item.name, item.line, problem.template, **dict(problem.values))
            return None
        return asked

    def text(self, title: str, stem: str, **words: Any) -> QuestionText:
        return QuestionText(lang=self.lang, title=title, stem=stem, **{"options": (), **words})

    def choices(self, item: Item, options: list[Option]) -> tuple[Option, ...]:
        """Options of which no two say the same, since an option is known by what it says."""
        kept: dict[str, Option] = {}
        for option in options:
            if option.id in kept:
                self.report.left_out(item.name, item.line, N_('the answer "%(text)s" is there twice'), text=option.text)
            kept.setdefault(option.id, option)
        return tuple(kept.values())

    def numeric(self, low: Decimal, high: Decimal, said: dict[str, str], fraction: float, feedback: str) -> Option:
        written = said.get("written") or spelled(low, high)
        text = question_text.code(written)
        return Option(carried.name(said) or option_id(text), fraction, text, feedback, written, float(low), float(high))

    def typed(self, value: str, said: dict[str, str], fraction: float, feedback: str) -> Option:
        text = question_text.code(value)
        return Option(carried.name(said) or option_id(text), fraction, text, feedback, value)


def headed(name: str, text: str, form: str) -> tuple[str, str]:
    """A heading in Markdown that says the name of its question is the title as it was written; then what follows it."""
    heading = _HEADING.match(text) if form == "markdown" else None
    if heading is None or (name and words(heading[1]) != one_line(name)):
        return "", text
    return heading[1].strip(), text[heading.end() :].strip("\n")


def known(address: str) -> str | None:
    """The path of a file that travels with its text."""
    if not address.startswith(PLUGINFILE):
        return None
    return unquote(address.removeprefix(PLUGINFILE).partition("?")[0]).lstrip("/")


def decimal(text: str) -> Decimal | None:
    """A number as foreign files write it, with a comma or a point."""
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 15 and len(value.as_tuple().digits) < 16 else None


def spelled(low: Decimal, high: Decimal) -> str:
    """A number, or a number with how far one may be off."""
    if low == high:
        return _digits(low)
    return f"{_digits((low + high) / 2)} ± {_digits((high - low) / 2)}"


def _digits(value: Decimal) -> str:
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else text[:80].rpartition(" ")[0] + " …"


def _broken(text: str) -> str:
    """Moodle's own format: HTML in which a line break is a line break."""
    return re.sub(r"\n\s*\n", "<p>", text.strip()).replace("\n", "<br>")


def _fault(asked: Question, lang: str) -> Problem | None:
    """What our own reader would say of the question, apart from what is asked of the trainer later."""
    stem = asked.texts[lang].stem
    if asked.type is not QuestionType.CLOZE and MARKS.search(stem):
        asked = replace(asked, texts={lang: replace(asked.texts[lang], stem=MARKS.sub("", stem))})
    problems: list[Problem] = []
    notes = Notes("", problems)
    text = f"## X\n<!-- quiz id=y mode=practice -->\n\n{question_text.question(asked, lang)}\n"
    if layouts.decoded("", text.encode(), notes) is not None:
        pages.read(Body(sources.read(text, 0, notes), lang, Ids()), "X")
    return next((one for one in problems if one.severity is Severity.ERROR), None)
