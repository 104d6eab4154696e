"""The form under the report on a foreign file: what the course is called, where it goes, and what its pictures show."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.catalog import access, importer, queries
from app.catalog.importer import Proposed
from app.catalog.queries import UploadCard
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import language
from app.web.forms import Form

SHOWN = 100  # pictures in one form; those after them come when these are done


@dataclass(frozen=True, slots=True)
class PictureField:
    """`field` and `box` name the text and the box that says it only decorates."""

    field: str
    box: str
    src: str
    name: str


@dataclass(frozen=True, slots=True)
class ProposalForm:
    """`named` says whether title, id and place are asked for; `later` counts pictures that do not stand in this form."""

    form: Form
    url: str
    named: bool
    courses: tuple[tuple[str, str], ...]
    pictures: tuple[PictureField, ...]
    waiting: int
    later: int


def proposal_form(db: Session, actor: Actor, upload: UploadCard, form: Form | None = None) -> ProposalForm | None:
    proposal = importer.proposal_from(upload.summary)
    if proposal is None:
        return None
    shown = numbers_shown(proposal)
    url = f"/teaching/uploads/{upload.key}"
    return ProposalForm(
        form=form or Form(values=_values(proposal)),
        url=f"{url}/proposal",
        named=proposal.named,
        courses=_courses(db, actor) if proposal.named else (),
        pictures=tuple(
            PictureField(
                f"text-{number}",
                f"decorative-{number}",
                f"{url}/pictures/{number}",
                proposal.pictures[number].path.rpartition("/")[2],
            )
            for number in shown
        ),
        waiting=proposal.waiting,
        later=len(proposal.pictures) - len(shown),
    )


def numbers_shown(proposal: Proposed) -> list[int]:
    """All pictures, or the first of those that need a text where they are many."""
    numbers = list(range(len(proposal.pictures)))
    if len(numbers) <= SHOWN:
        return numbers
    paths = [one.path for one in proposal.pictures]
    open_ = [n for n in numbers if not proposal.texts.get(paths[n]) and paths[n] not in proposal.decorative]
    return open_[:SHOWN]


def _values(proposal: Proposed) -> dict[str, str]:
    values = {"title": proposal.title, "id": proposal.id, "into": proposal.into, **proposal.about}
    for number, one in enumerate(proposal.pictures):
        values[f"text-{number}"] = proposal.texts.get(one.path, "")
        values[f"decorative-{number}"] = "1" if one.path in proposal.decorative else ""
    return values


def _courses(db: Session, actor: Actor) -> tuple[tuple[str, str], ...]:
    cards = queries.cards(db, language(), access.editable_by(actor))
    return (("", _("A course of its own")), *((card.slug, card.title) for card in cards))
