"""The questions of a file that somebody sends for a draft, whichever format it is in, with their pictures."""

from __future__ import annotations

from dataclasses import dataclass

from app.catalog import exchange
from app.catalog.drafting import importing
from app.catalog.drafting.asking import QuestionForm
from app.catalog.exchange import Note, Outcome
from app.catalog.format.layout import MEDIA
from app.kit.limits import MARKDOWN_BYTES


@dataclass(frozen=True, slots=True)
class Gathered:
    """`notes` say what is not as it was in the file, the worst first; `media` is by path. `format`: its name."""

    format: str
    questions: tuple[QuestionForm, ...]
    media: tuple[tuple[str, bytes], ...]
    notes: tuple[Note, ...]


_ORDER = (Outcome.REFUSED, Outcome.LEFT_OUT, Outcome.CHANGED)


def gather(name: str, data: bytes, *, lang: str) -> Gathered:
    """Takes seconds for a large file: never inside a transaction."""
    if name.lower().endswith(".md"):
        text = data.decode("utf-8", "replace") if len(data) <= MARKDOWN_BYTES else ""
        return Gathered("Markdown", importing.forms_in(text, lang), (), ())
    made = exchange.read(name, data, lang=lang)
    found = exchange.format_of(name, data)
    texts = [content.decode() for path, content in made.files.items() if path.endswith(".md")]
    questions = tuple(form for text in texts for form in importing.forms_in(text, lang))
    media = tuple((path, content) for path, content in made.files.items() if path.startswith(MEDIA))
    told = sorted((one for one in made.notes if one.outcome in _ORDER), key=lambda one: _ORDER.index(one.outcome))
    return Gathered(found.name if found else "", questions, media, tuple(told))
