"""The files of a course put together: course, modules, pages, banks, and every language of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from app.catalog.format import callouts, frontmatter, languages, legible, links, pages, schemas, source
from app.catalog.format.frontmatter import FrontMatter
from app.catalog.format.ids import Ids
from app.catalog.format.languages import Words
from app.catalog.format.layout import Folder, Layout, Written, to_parse
from app.catalog.format.model import Bank, Module, ModuleText, Page, PageText, Problem, Prose, Question
from app.catalog.format.model import Source as LegalSource
from app.catalog.format.pages import Blocks
from app.catalog.format.problems import Notes
from app.catalog.format.questions import Body, Said
from app.catalog.format.source import Source
from app.kit.i18n import N_
from app.kit.slugs import slug

WORDS_A_MINUTE = 180


@dataclass(slots=True)
class Desk:
    """Everything that is shared while a course is put together."""

    notes: Notes
    texts: dict[str, str]
    files: set[str]
    lang: str = "lt"
    ids: Ids = field(default_factory=Ids)
    said: Said = field(default_factory=Said)
    anchors: dict[str, set[str]] = field(default_factory=dict)
    fronts: dict[str, FrontMatter] = field(default_factory=dict)
    noticed: list[Problem] = field(default_factory=list)

    def opened(self, path: str, kind: str) -> tuple[FrontMatter, Source]:
        """A file's front matter and body. A file that could not be decoded reads as an empty one."""
        notes = self.notes.of(path)
        text = to_parse(self.texts[path])
        yaml, start = frontmatter.split(text)
        front = schemas.read(yaml, kind, notes)
        self.fronts[path] = front
        body = source.read(text, start, notes)
        self.noticed += legible.notice(body)
        callouts.check(body)
        return front, body

    def variants(self, written: Written, origin: FrontMatter) -> list[tuple[str, FrontMatter, Source]]:
        found = []
        for lang, path in sorted(written.variants.items()):
            front, body = self.opened(path, "variant")
            self._held_to(front, origin, lang)
            found.append((lang, front, body))
        return found

    def _held_to(self, front: FrontMatter, origin: FrontMatter, lang: str) -> None:
        if front.get("lang", lang) != lang:
            front.notes.note(
                *front.at("lang"), "E104", N_('"lang" is %(found)s, but the file name says %(wanted)s'),
                found=front.get("lang"), wanted=lang,
            )  # fmt: skip
        if lang == self.lang:
            front.notes.note(1, 1, "E194", N_("a variant is in another language than its source"))
        for key in ("kind", "id"):
            if key in front and front.get(key) != origin.get(key):
                front.notes.note(
                    *front.at(key), "E192",
                    N_('a variant translates words only: "%(key)s" differs from the source language'), key=key,
                )  # fmt: skip

    def name(self, front: FrontMatter, path: str, kind: str) -> str:
        """The id a file gives itself; one made of its name when it gives none, so that reading can go on."""
        if "id" in front:
            name = str(front.get("id"))
            self.ids.claim(name, kind, front.notes, *front.at("id"))
            return name
        parts = path.removesuffix(".md").split("/")
        base = parts[-2] if parts[-1] == "module" and len(parts) > 1 else parts[-1]
        return slug(re.sub(r"^\d+-", "", base))

    def check_lang(self, front: FrontMatter) -> None:
        if front.get("lang", self.lang) != self.lang:
            front.notes.note(
                *front.at("lang"), "E104", N_('"lang" is %(found)s, but the course is in %(wanted)s'),
                found=front.get("lang"), wanted=self.lang,
            )  # fmt: skip

    def keep(self, said: Said) -> None:
        self.said.comments.update(said.comments)
        self.said.questions.update(said.questions)
        self.said.retired += said.retired


def legal_sources(front: FrontMatter) -> tuple[LegalSource, ...]:
    return tuple(LegalSource(**given) for given in front.get("sources", ()))


def modules(desk: Desk, layout: Layout) -> tuple[Module, ...]:
    return tuple(_module(desk, one) if isinstance(one, Folder) else _single(desk, one) for one in layout.modules)


def _single(desk: Desk, written: Written) -> Module:
    page = read_page(desk, written, "page")
    texts = {lang: ModuleText(lang, text.title) for lang, text in page.texts.items()}
    return Module(page.id, texts, (page,), path=written.path, outcomes=page.outcomes)


def _module(desk: Desk, folder: Folder) -> Module:
    if folder.module is None:
        name = slug(re.sub(r"^\d+-", "", folder.path))
        texts = {desk.lang: ModuleText(desk.lang, name)}
        front = FrontMatter(desk.notes)
    else:
        front, body = desk.opened(folder.module.path, "module")
        desk.check_lang(front)
        name = desk.name(front, folder.module.path, "module")
        title = front.get("title", name)
        texts = {desk.lang: ModuleText(desk.lang, title, introduction(desk, body, title))}
        for lang, variant, words in desk.variants(folder.module, front):
            own = variant.get("title", title)
            texts[lang] = ModuleText(lang, own, introduction(desk, words, own) or texts[desk.lang].intro)
        if not folder.pages:
            front.notes.note(1, 1, "E127", N_('module "%(id)s" has no pages'), id=name)
    return Module(
        id=name,
        texts=texts,
        pages=tuple(read_page(desk, page, "page") for page in folder.pages),
        outcomes=front.get("outcomes", ()),
        requires=front.get("requires", ()),
        path=folder.module.path if folder.module else f"{folder.path}/module.md",
    )


def introduction(desk: Desk, body: Source, title: str) -> str:
    links.check(body, desk.files, set())
    return pages.prose_only(body, title)


def read_page(desk: Desk, written: Written, kind: str) -> Page:
    """A page in all its languages. `kind` is course when the course is this one file."""
    front, body = desk.opened(written.path, kind)
    if kind == "page":
        desk.check_lang(front)
    name = desk.name(front, written.path, "page")
    title = front.get("title", name)
    own, said, anchors = _blocks(desk, body, desk.lang, title, desk.ids, None)
    desk.anchors[name] = anchors
    desk.keep(said)
    words = Words()
    translated: dict[str, tuple[str, str, Blocks | None]] = {}
    for lang, variant, text in desk.variants(written, front):
        translated[lang] = (
            variant.get("title", title),
            text.path,
            _variant(desk, text, lang, variant.get("title", title), said),
        )
        words.take(translated[lang][2] or ())
    blocks = words.spread_blocks(own)
    texts = {desk.lang: PageText(desk.lang, title, blocks, path=written.path)}
    for lang, (own_title, path, theirs) in translated.items():
        placed = languages.in_place(theirs, blocks) if theirs is not None else blocks
        texts[lang] = PageText(lang, own_title, placed, borrowed=theirs is None, path=path)
    return Page(
        id=name,
        texts=texts,
        minutes=front.get("minutes") or estimated_minutes(blocks, desk.lang),
        required=front.get("required", True) if kind == "page" else True,
        staff=front.get("audience") == "staff" if kind == "page" else False,
        # What a course says of these is about the course, even when it is one page.
        outcomes=front.get("outcomes", ()) if kind == "page" else (),
        requires=front.get("requires", ()) if kind == "page" else (),
        sources=legal_sources(front) if kind == "page" else (),
        was=front.get("was", ()) if kind == "page" else (),
        path=written.path,
    )


def _blocks(
    desk: Desk, body: Source, lang: str, title: str, ids: Ids, like: Said | None
) -> tuple[Blocks, Said, set[str]]:
    reading = Body(body, lang, ids, like)
    written = pages.read(reading, title)
    links.check(body, desk.files, written.anchors)
    return written.blocks, reading.said, written.anchors


def _variant(desk: Desk, body: Source, lang: str, title: str, said: Said) -> Blocks | None:
    """The blocks of a variant, or None when it has only a head and shows the body of the source."""
    if not any(line.strip() for line in body.lines[body.start :]):
        return None
    blocks, theirs, _ = _blocks(desk, body, lang, title, Ids(), said)
    languages.compare(body, lang, _asked(theirs), _asked(said))
    return blocks


def _asked(said: Said) -> set[str]:
    return {name for name, comment in said.comments.items() if comment.kind in ("quiz", "question")}


def banks(desk: Desk, layout: Layout) -> tuple[Bank, ...]:
    return tuple(_bank(desk, written) for written in layout.banks)


def _bank(desk: Desk, written: Written) -> Bank:
    front, text = desk.opened(written.path, "bank")
    desk.check_lang(front)
    name = desk.name(front, written.path, "bank")
    title = front.get("title", name)
    body = Body(text, desk.lang, desk.ids)
    own = pages.bank(body, title)
    links.check(text, desk.files, set())
    desk.keep(body.said)
    words = Words()
    for lang, variant, translation in desk.variants(written, front):
        theirs = Body(translation, lang, Ids(), body.said)
        words.take(pages.bank(theirs, variant.get("title", title)))
        links.check(translation, desk.files, set())
        languages.compare(translation, lang, _asked(theirs.said), _asked(body.said))
    tags = front.get("tags", ())
    members = tuple(replace(words.spread(q), tags=tuple(dict.fromkeys((*q.tags, *tags)))) for q in own)
    return Bank(name, title, members, path=written.path)


def estimated_minutes(blocks: Blocks, lang: str) -> int:
    return max(1, -(-count_words(blocks, lang) // WORDS_A_MINUTE))


def count_words(blocks: Blocks, lang: str) -> int:
    count = sum(len(block.markdown.split()) for block in blocks if isinstance(block, Prose))
    return count + sum(_question_words(question, lang) for question in languages.all_questions(blocks))


def _question_words(question: Question, lang: str) -> int:
    text = question.texts.get(lang) or next(iter(question.texts.values()))
    cells = [option.text for option in text.options] + [part.text for part in text.parts]
    return sum(len(part.split()) for part in (text.title, text.stem, *cells))
