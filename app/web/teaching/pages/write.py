"""One file of a draft in the editor: its text, how it will look, what is wrong in it, and copies that wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.drafting import blocks, finding
from app.catalog.drafting.blocks import BLOCKS
from app.catalog.drafting.outline import File
from app.catalog.format import frontmatter
from app.catalog.format.layout import to_parse
from app.catalog.format.model import Problem
from app.catalog.importer import Glanced, rows
from app.kit.i18n import LANGUAGES, ngettext, number
from app.kit.i18n import gettext as _
from app.web.differences import TextDiff, compare_texts
from app.web.forms import Form
from app.web.problems import of_whole_file, said
from app.web.teaching.advice import advice_for
from app.web.teaching.desk import Desk
from app.web.teaching.pages.draft import settings_url, title_of
from app.web.teaching.pages.preview import Block, blocks_of
from app.web.teaching.pages.report import WORDS, severity_word

WORDS_A_MINUTE = 180


@dataclass(frozen=True, slots=True)
class Tool:
    """A block of the toolbar; `text` is what a script sets in, with ‹…› around what is written over first."""

    name: str
    label: str
    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A language of the file; one that it does not have yet has no address and is added by a button."""

    code: str
    name: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    url: str
    current: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Steps:
    title: str
    url: str
    current: bool
    pages: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A problem beside the text: the line it stands on (0: it is one of the whole file), and how to put it right."""

    kind: str
    word: str
    title: str
    line: int
    url: str
    excerpt: str
    how: str


@dataclass(frozen=True, slots=True)
class Asking:
    """A question of this file that has a form."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Words that lost a race: `diff` from what stands in the file to what the copy says."""

    id: int
    by: str
    at: datetime
    diff: TextDiff
    text: str
    action: str


@dataclass(frozen=True, slots=True)
class Look:
    """How a text looks, and what is wrong in it: what a live preview shows."""

    lang: str
    blocks: tuple[Block, ...]
    mistakes: tuple[Mistake, ...]
    counted: str


@dataclass(frozen=True, slots=True)
class WritePage:
    """`base` is the revision the text was taken from; `line` the one that somebody was sent to, 0 for none."""

    title: str
    draft_title: str
    draft_url: str
    path: str
    kind: str
    lang: str
    open: bool
    form: Form
    base: int
    changed_at: datetime
    changed_by: str
    url: str
    save_url: str
    look_url: str
    tabs: tuple[Tab, ...]
    steps: tuple[Steps, ...]
    banks: tuple[Step, ...]
    tools: tuple[Tool, ...]
    asks: bool
    quizzes: tuple[tuple[str, str], ...]
    questions: tuple[Asking, ...]
    new_question_url: str
    settings_url: str
    checks_url: str
    preview_url: str
    look: Look
    source: str
    source_lang: str
    copies: tuple[Kept, ...]
    line: int
    line_text: str


def write_page(
    db: Session, desk: Desk, path: str, glanced: Glanced, *, form: Form | None = None, base: int = 0, line: int = 0
) -> WritePage:
    file, lang, stored = desk.file(path)
    text = form.values.get("text", stored.text) if form else stored.text
    is_source = path == file.path
    items = finding.items_in(stored.text, path) if is_source and file.kind != "module" else ()
    lines = to_parse(text).split("\n")
    return WritePage(
        title=file.title,
        draft_title=title_of(desk),
        draft_url=desk.url,
        path=path,
        kind=file.kind,
        lang=lang,
        open=desk.draft.open,
        form=form or Form(values={"text": stored.text}),
        base=base or stored.revision,
        changed_at=stored.changed_at,
        changed_by=stored.changed_by,
        url=desk.write_url(path),
        save_url=f"{desk.url}/save?file={quote(path)}",
        look_url=f"{desk.url}/look?file={quote(path)}",
        tabs=_tabs(desk, file, lang),
        steps=_steps(desk, file),
        banks=tuple(Step(one.title, desk.write_url(one.path), one is file, "bank") for one in desk.shape.banks),
        tools=tuple(Tool(one.name, _(one.label), one.icon, one.text) for one in BLOCKS),
        asks=is_source and (file.kind in ("page", "bank") or desk.shape.single),
        quizzes=tuple((one.id, one.title) for one in items if one.kind == "quiz"),
        questions=tuple(
            Asking(one.title or one.id, f"{desk.url}/question?file={quote(path)}&id={one.id}")
            for one in items
            if one.kind == "question"
        ),
        new_question_url=f"{desk.url}/question",
        settings_url=settings_url(desk, path),
        checks_url=f"{desk.url}/checks",
        preview_url=f"{desk.url}/preview",
        look=look_of(desk, path, text, glanced),
        source="" if is_source else desk.texts[file.path].text,
        source_lang=desk.shape.lang,
        copies=_copies(db, desk, path, stored.text),
        line=line if 0 < line <= len(lines) else 0,
        line_text=lines[line - 1] if 0 < line <= len(lines) else "",
    )


def look_of(desk: Desk, path: str, text: str, glanced: Glanced) -> Look:
    lang = desk.file(path)[1]
    made = blocks_of(glanced.prepared, glanced.page) if glanced.prepared and glanced.page else ()
    told = [mistake(desk, problem, path, text) for problem in glanced.problems]
    return Look(lang, made, tuple(told), counted(text))


def mistake(desk: Desk, problem: Problem, path: str, text: str) -> Mistake:
    [row] = rows([problem], {problem.path: to_parse(text)})
    excerpt = next((words for at, words in row.get("excerpt", ()) if at == problem.line), "")
    whole = of_whole_file(problem, excerpt)
    return Mistake(
        kind=WORDS[problem.severity],
        word=severity_word(problem.severity),
        title=said(problem),
        line=0 if whole else problem.line,
        url=f"{desk.write_url(path)}&line={problem.line}#the_text",
        excerpt="" if whole else excerpt.strip()[:120],
        how=_(advice_for(problem).how),
    )


def counted(text: str) -> str:
    """How long a text is, in words and minutes of reading."""
    text = to_parse(text)
    body = "\n".join(text.split("\n")[frontmatter.split(text)[1] :])
    count = len(body.split())
    return _(
        "%(words)s, about %(minutes)s",
        words=ngettext("%(num)s word", "%(num)s words", count),
        minutes=_("%(n)s min", n=number(max(1, round(count / WORDS_A_MINUTE)))),
    )


def _tabs(desk: Desk, file: File, lang: str) -> tuple[Tab, ...]:
    there = {desk.shape.lang: file.path, **file.variants}
    codes = [*there, *(code for code in dict.fromkeys((*desk.shape.langs, *LANGUAGES)) if code not in there)]
    return tuple(
        Tab(code, LANGUAGES.get(code, code), desk.write_url(there[code]) if code in there else "", code == lang)
        for code in codes
    )


def _steps(desk: Desk, here: File) -> tuple[Steps, ...]:
    return tuple(
        Steps(
            part.title,
            desk.write_url(part.file.path) if part.file else "",
            part.file is here and bool(part.folder),
            tuple(
                Step(page.title, desk.write_url(page.path), page.path == here.path, "quiz" if page.quizzes else "")
                for page in part.pages
            ),
        )
        for part in desk.shape.modules
    )


def _copies(db: Session, desk: Desk, path: str, text: str) -> tuple[Kept, ...]:
    now = [line for line in to_parse(text).split("\n") if line.strip()]
    return tuple(
        Kept(
            one.id,
            one.kept_by or _("somebody"),
            one.kept_at,
            compare_texts(now, [line for line in to_parse(one.text).split("\n") if line.strip()]),
            one.text,
            f"{desk.url}/copies/{one.id}",
        )
        for one in queries.draft_copies(db, desk.draft.id, path)
    )


def block_text(desk: Desk, name: str) -> str | None:
    """What the button of a block sets in where there is no script."""
    return blocks.text_of(name, desk.shape.lang, desk.ids())
