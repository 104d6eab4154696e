"""The questions of a file that somebody sends for a draft, whichever format it is in, with their pictures."""

from __future__ import annotations

from dataclasses import dataclass

from app.catalog import exchange
from app.catalog.drafting import importing
from app.catalog.drafting.asking import QuestionForm
from app.catalog.exchange import Note, Outcome
from app.catalog.format.layout import MEDIA
from app.kit.errors import Invalid, KitError
from app.kit.i18n import N_, number
from app.kit.limits import EXCHANGE_BYTES, MARKDOWN_BYTES, MIB

# PDF and slides hold no question that could be told from other text.
ENDINGS = tuple(one for one in (*exchange.endings(), ".md") if one not in (".pdf", ".pptx"))


@dataclass(frozen=True, slots=True)
class Gathered:
    """`notes` say what is not as it was in the file, the worst first; `media` is by path. `format`: its name."""

    format: str
    questions: tuple[QuestionForm, ...]
    media: tuple[tuple[str, bytes], ...]
    notes: tuple[Note, ...]


_ORDER = (Outcome.REFUSED, Outcome.LEFT_OUT, Outcome.CHANGED)


def refuse_unreadable(name: str, data: bytes) -> None:
    """`Invalid(file=…)` for what is no file of questions, said before it is read."""
    if not data:
        raise Invalid(file=N_("Choose a file."))
    if not name.lower().endswith(ENDINGS):
        kinds = ", ".join(ENDINGS)
        raise Invalid(file=KitError(N_("%(name)s is of no kind that we read: %(kinds)s."), name=name, kinds=kinds))
    if len(data) > EXCHANGE_BYTES:
        raise Invalid(file=KitError(N_("This file is larger than %(limit)s MB."), limit=number(EXCHANGE_BYTES // MIB)))


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
