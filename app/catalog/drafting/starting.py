"""New files of a draft: accessible from their first line, with places to fill rather than words to replace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.catalog.drafting import moving
from app.catalog.drafting.outline import Part, Shape
from app.catalog.exchange.proposing import Names, front

# The words that a new file begins with, in the language of its course.
_WORDS = {
    "lt": {
        "module": "Pirmasis modulis",
        "page": "Pirmasis puslapis",
        "quiz": "Pasitikrinkite",
        "question": "Klausimas",
        "right": "Teisingas atsakymas",
        "wrong": "Neteisingas atsakymas",
        "other": "Kitas neteisingas atsakymas",
        "why": "Paaiškinkite, kodėl.",
        "bank": "Klausimų bankas",
    },
    "en": {
        "module": "The first module",
        "page": "The first page",
        "quiz": "Test yourself",
        "question": "A question",
        "right": "The right answer",
        "wrong": "A wrong answer",
        "other": "Another wrong answer",
        "why": "Explain why.",
        "bank": "Question bank",
    },
    "nb": {
        "module": "Den første modulen",
        "page": "Den første siden",
        "quiz": "Test deg selv",
        "question": "Et spørsmål",
        "right": "Det riktige svaret",
        "wrong": "Et galt svar",
        "other": "Et annet galt svar",
        "why": "Forklar hvorfor.",
        "bank": "Spørsmålsbank",
    },
}


@dataclass(frozen=True, slots=True)
class New:
    """A file to add."""

    path: str
    text: str


def words(lang: str) -> Mapping[str, str]:
    return _WORDS.get(lang, _WORDS["en"])


def course(*, slug: str, title: str, summary: str, lang: str, owner: str, contact: str) -> dict[str, str]:
    """A course of one module with one page, which can be previewed at once."""
    said = words(lang)
    names = Names()
    head = front(kind="course", id=slug, title=title, summary=summary, lang=lang, owner=owner, contact=contact)
    module_id, page_id = names.of("", said["module"]), names.of("", said["page"])
    return {
        "course.md": head + "\n",
        f"01-{module_id}/module.md": front(kind="module", id=module_id, title=said["module"]) + "\n",
        f"01-{module_id}/01-{page_id}.md": front(kind="page", id=page_id, title=said["page"]) + "\n\n",
    }


def module(shape: Shape, title: str, taken: Iterable[str]) -> tuple[New, ...]:
    """A module with a first page; `taken` are the ids of the draft."""
    names = _names(taken)
    said = words(shape.lang)
    name, page = names.of("", title), names.of("", said["page"])
    folder = moving.next_name([part.anchor for part in shape.modules], name)
    return (
        New(f"{folder}/module.md", front(kind="module", id=name, title=title) + "\n"),
        New(f"{folder}/01-{page}.md", front(kind="page", id=page, title=said["page"]) + "\n\n"),
    )


def page(shape: Shape, part: Part, title: str, taken: Iterable[str], *, quiz: bool = False) -> New:
    """A page behind those of a module; one for a `quiz` begins with a question that can be answered."""
    names = _names(taken)
    name = names.of("", title)
    path = f"{part.folder}/{moving.next_name([p.path.rpartition('/')[2] for p in part.pages], name)}.md"
    head = front(kind="page", id=name, title=title) + "\n\n"
    return New(path, head + quiz_text(shape.lang, names) if quiz else head)


def quiz_text(lang: str, names: Names) -> str:
    """A quiz of one question."""
    said = words(lang)
    quiz_id, question = names.of("", said["quiz"]), names.of("", said["question"])
    return (
        f"## {said['quiz']}\n<!-- quiz id={quiz_id} mode=check -->\n\n"
        f"### {said['question']}\n<!-- question id={question} -->\n\n"
        f"- [x] {said['right']}\n  > {said['why']}\n"
        f"- [ ] {said['wrong']}\n  > {said['why']}\n"
        f"- [ ] {said['other']}\n  > {said['why']}\n"
    )


def bank(shape: Shape, title: str, taken: Iterable[str]) -> New:
    name = _names(taken).of("", title)
    return New(f"banks/{name}.md", front(kind="bank", id=name, title=title) + "\n\n")


def variant(path: str, lang: str, title: str) -> New:
    """A file in another language; while its body is empty, learners see the source text, marked as such."""
    return New(f"{path.removesuffix('.md')}.{lang}.md", front(lang=lang, title=title) + "\n")


def _names(taken: Iterable[str]) -> Names:
    names = Names()
    names.taken = set(taken)
    return names
