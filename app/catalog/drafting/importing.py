"""Questions out of a file, set into a draft: each under an id of its own, and none that stands there already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from app.catalog.drafting import asking
from app.catalog.drafting.asking import QuestionForm
from app.catalog.drafting.finding import parsed
from app.catalog.exchange.proposing import Names
from app.catalog.format import questions, structure
from app.catalog.format.ids import Ids
from app.catalog.format.model import Problem
from app.catalog.format.problems import Notes
from app.catalog.format.questions import Body

_MEDIA = re.compile(r"(?<=[(<])media/[^)>\s]+")
_NAMELESS = "x"


def forms_in(text: str, lang: str) -> tuple[QuestionForm, ...]:
    """Every question of a file in the source language that can be made out, in order; the file is parsed once."""
    source, headings = parsed(text)
    found = []
    for heading in headings:
        if heading.kind != "question" or heading.comment is None or not heading.comment.id:
            continue
        problems: list[Problem] = []
        source.notes = Notes("", problems)
        question = questions.read(Body(source, lang, Ids()), structure.Part(heading))
        if question is not None:
            found.append(asking.form_of(question, lang))
    return tuple(found)


def set_in(
    text: str,
    quiz: str,
    forms: Iterable[QuestionForm],
    *,
    lang: str,
    taken: Iterable[str],
    moved: Mapping[str, str],
) -> tuple[str, int]:
    """The file with these questions behind those of a quiz, or at its end; and how many of them are new there.

    `taken` are the ids of the draft, `moved` says where pictures are that came under another path. A question that
    says the same as one of the file is the same question: sending a file twice sets it in once.
    """

    def said(form: QuestionForm, name: str) -> str:
        written = asking.markdown(asking.renamed(form, name), lang, level)
        return _MEDIA.sub(lambda found: moved.get(found[0], found[0]), written)

    level = asking.level_in(text, quiz)
    there = {said(form, _NAMELESS) for form in forms_in(text, lang)}
    names = Names()
    names.taken = set(taken)
    new = []
    for form in forms:
        nameless = said(form, _NAMELESS)
        if nameless not in there:
            there.add(nameless)
            new.append(said(form, names.of(form.id, form.title)))
    return (asking.add(text, "\n\n".join(new), quiz) if new else text), len(new)
