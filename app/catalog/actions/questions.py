"""Questions out of a file, set into a draft: into a new bank, a bank that is there, or a quiz."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.catalog.actions.files import add_file, save_file
from app.catalog.actions.library import bring_in
from app.catalog.drafting import finding, importing, starting
from app.catalog.drafting.asking import QuestionForm
from app.catalog.drafting.outline import shape
from app.catalog.exchange.model import Given
from app.catalog.queries import DraftHead, draft_texts
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid, KitError
from app.kit.i18n import N_

NEW_BANK = "new"
BANK_TITLE = 150  # characters


def set_in_questions(
    db: Session,
    actor: Actor,
    *,
    draft: DraftHead,
    into: str,
    bank_name: str,
    name: str,
    questions: Sequence[QuestionForm],
    media: Sequence[tuple[str, str, int]],
) -> int:
    """Set the questions of the file `name` into a draft, none that stands there already; answers how many are new.

    `into` is `new`, the path of a file, or `quiz@path`; `media` are the path in the file, the content address and the
    size of each picture that came with them.
    """
    texts = draft_texts(db, draft.id)
    there = {one.path: one for one in texts if not one.removed}
    outline = shape({path: one.text for path, one in there.items()})
    taken = finding.ids_in(one.text for one in texts)
    quiz, _at, path = into.partition("@") if "@" in into else ("", "", into)
    text = ""
    new: starting.New | None = None
    if into == NEW_BANK and not outline.single:
        title = bank_name or Given(name, b"").title
        if len(title) > BANK_TITLE:
            raise Invalid(bank_name=KitError(N_("Use at most %(max_length)s characters."), max_length=BANK_TITLE))
        new = starting.bank(outline, title, taken)
        path, text, quiz = new.path, new.text, ""
        taken |= finding.ids_in([new.text])
    elif path in there:
        text = there[path].text
    else:
        raise Invalid(into=N_("Choose one of the options."))
    moved = {
        old: bring_in(db, actor, draft=draft, name=old.rpartition("/")[2], blob=blob, size=size)
        for old, blob, size in media
    }
    whole, count = importing.set_in(text, quiz, questions, lang=outline.lang, taken=taken, moved=moved)
    try:
        if new is not None:
            add_file(db, actor, draft=draft, path=path, text=whole)
        elif count and save_file(db, actor, draft=draft, path=path, text=whole, base=there[path].revision).lost_race:
            raise Conflict(N_("The draft has changed meanwhile. Look at it again."))
    except Invalid as refusal:
        if "text" not in refusal.fields:
            raise
        # A text that grows too large is told at the file that made it so.
        said = N_("These are too many questions for one place. Split the file, or import into a new bank.")
        raise Invalid(file=said) from None
    return count
