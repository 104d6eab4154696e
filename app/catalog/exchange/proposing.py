"""A proposed course as files of the course language: what a foreign file becomes before the usual report is given on it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from app.catalog.exchange import question_text
from app.catalog.exchange.model import Proposal, ProposedBank, ProposedModule, ProposedPage
from app.catalog.format.model import Draw, Pool, Question
from app.kit.limits import MARKDOWN_BYTES
from app.kit.slugs import slug

_LONGEST = 48
_SPACE = re.compile(r"\s+")
QUESTIONS = {"lt": "Klausimai", "en": "Questions", "nb": "Spørsmål"}


class Names:
    """Ids for one course, each given once."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self._last: dict[str, int] = {}

    def of(self, wanted: str, title: str) -> str:
        """The id that is wanted, or one made from the title; with a number behind it when it is taken."""
        base = (wanted or slug(title))[:_LONGEST].strip("-")
        if len(base) < 2:
            base = f"q-{base}" if base else "q"
        # Counted on from the last one: a file of ten thousand questions of one name is somebody's test of our patience.
        name, number = base, self._last.get(base, 1)
        while name in self.taken:
            number += 1
            name = f"{base}-{number}"
        self._last[base] = number
        self.taken.add(name)
        return name


def files(proposal: Proposal) -> dict[str, bytes]:
    """Every file by path, in the order a folder shows them."""
    names = Names()
    for page in (page for module in proposal.modules for page in module.pages):
        names.taken |= _ids((*page.items, *page.alone)) | ({page.quiz.id} - {""})
    for bank in proposal.banks:
        names.taken |= _ids(bank.questions) | ({bank.id} - {""})
    written = {"course.md": _course(proposal)}
    for number, module in enumerate(proposal.modules, 1):
        written |= _module(module, number, proposal.lang, names)
    for bank in proposal.banks:
        written |= _bank(bank, proposal.lang, names)
    texts = {path: text.encode() for path, text in written.items()}
    return texts | dict(sorted(proposal.media.items()))


def _ids(items: Iterable[Question | Pool | Draw]) -> set[str]:
    found: set[str] = set()
    for item in items:
        found |= {item.id} | ({one.id for one in item.questions} if isinstance(item, Pool) else set())
    return found


def one_line(text: str) -> str:
    """Words that may stand in front matter or in a heading: no line breaks, no marks that cannot be seen."""
    kept = "".join(" " if unicodedata.category(mark) in ("Cc", "Zl", "Zp") else mark for mark in text)
    kept = "".join(mark for mark in kept if unicodedata.category(mark) not in ("Cf", "Cs", "Co", "Cn"))
    return _SPACE.sub(" ", kept).strip()


def front(**values: object) -> str:
    """Front matter; JSON strings are YAML strings."""
    lines = [f"{key}: {_yaml(value)}" for key, value in values.items() if value not in ("", None)]
    return "\n".join(["---", *lines, "---"])


def _yaml(value: object) -> str:
    if isinstance(value, str) and not re.fullmatch(r"[a-z][a-z0-9-]*", value):
        return json.dumps(one_line(value), ensure_ascii=False)
    return str(value)


def _course(proposal: Proposal) -> str:
    head = front(
        kind="course",
        # A course's id is known among courses, so it may be that of something inside it.
        id=Names().of(proposal.id, proposal.title),
        title=proposal.title,
        summary=proposal.summary,
        lang=proposal.lang,
        owner=proposal.owner,
    )
    return f"{head}\n\n{proposal.intro}".rstrip() + "\n"


def _module(module: ProposedModule, number: int, lang: str, names: Names) -> dict[str, str]:
    name = names.of(module.id, module.title)
    folder = f"{number:02d}-{name}"
    head = front(kind="module", id=name, title=module.title)
    written = {f"{folder}/module.md": f"{head}\n\n{module.intro}".rstrip() + "\n"}
    for place, page in enumerate((part for whole in module.pages for part in _parts(whole, lang)), 1):
        page_id = names.of(page.id, page.title)
        written[f"{folder}/{place:02d}-{page_id}.md"] = _page(page, page_id, lang, names)
    return written


def _parts(page: ProposedPage, lang: str) -> list[ProposedPage]:
    """A page whose questions do not fit into one file goes on on another, with a quiz of its own."""
    parts: list[list[Question | Pool | Draw]] = [[]]
    size = len(page.body.encode())
    for item in page.items:
        here = len(_item(item, lang).encode())
        if parts[-1] and size + here > MARKDOWN_BYTES * 3 // 4:
            parts.append([])
            size = 0
        parts[-1].append(item)
        size += here
    rest = replace(page, id="", body="", alone=(), quiz=replace(page.quiz, id="", intro=""))
    return [replace(rest if n else page, items=tuple(items)) for n, items in enumerate(parts)]


def _page(page: ProposedPage, name: str, lang: str, names: Names) -> str:
    blocks = [front(kind="page", id=name, title=page.title)]
    if page.body:
        blocks.append(page.body)
    blocks += [question_text.question(one, lang, 2) for one in page.alone]
    if page.items:
        quiz = page.quiz.id or names.of("", f"{name}-quiz")
        title = page.quiz.title or QUESTIONS.get(lang, QUESTIONS["en"])
        rules = "".join(f" {key}={value}" for key, value in page.quiz.rules.items())
        blocks.append(f"## {title}\n<!-- quiz id={quiz} mode={page.mode}{rules} -->")
        if page.quiz.intro:
            blocks.append(page.quiz.intro)
        blocks += [_item(item, lang) for item in page.items]
    return "\n\n".join(blocks) + "\n"


def _item(item: Question | Pool | Draw, lang: str) -> str:
    match item:
        case Question():
            return question_text.question(item, lang)
        case Pool():
            return question_text.pool(item, item.id, lang)
    return question_text.draw(item, item.id)


def _bank(bank: ProposedBank, lang: str, names: Names) -> dict[str, str]:
    name = bank.id or names.of("", bank.title)
    questions = [question_text.question(one, lang, 2) for one in bank.questions]
    return {f"banks/{name}.md": "\n\n".join([front(kind="bank", id=name, title=bank.title), *questions]) + "\n"}
