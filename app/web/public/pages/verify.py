"""Checking a certificate or an audit pack: what anybody who holds one may know about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.certificates.queries import CertificateCard
from app.certificates.rules import State, initials
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, moment
from app.kit.seal import Verdict
from app.kit.signing import fingerprint
from app.web.forms import Form
from app.web.proofs import fault_words, state_word


@dataclass(frozen=True, slots=True)
class VerifyPage:
    form: Form


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """How a certificate stands. Of its holder only the initials, and of a revocation only the day."""

    kind: str
    word: str
    answer: str
    text: str
    number: str
    initials: str
    course: str
    lang: str
    institution: str
    completed_on: date
    issued_on: date
    valid_until: date | None
    checked_at: datetime


def checked_page(card: CertificateCard, now: datetime) -> CheckedPage:
    kind, word = state_word(card.state)
    paper = card.paper
    return CheckedPage(
        kind=kind,
        word=word,
        answer=_answer(card),
        text=_text(card),
        number=paper.number,
        initials=initials(paper.holder) or "–",
        course=paper.course,
        lang=paper.lang,
        institution=paper.institution,
        completed_on=paper.completed_on,
        issued_on=paper.issued_on,
        valid_until=paper.valid_until,
        checked_at=now,
    )


def _answer(card: CertificateCard) -> str:
    match card.state:
        case State.VALID:
            return _("This certificate is valid")
        case State.SUPERSEDED:
            return _("This certificate has been superseded")
        case State.REVOKED:
            return _("This certificate has been revoked")
        case State.EXPIRED:
            return _("This certificate has expired")


def _text(card: CertificateCard) -> str:
    match card.state:
        case State.VALID:
            return _("It was issued here and holds today. Compare what stands below with the paper.")
        case State.SUPERSEDED:
            return _("The same person has a newer certificate for this course: %(number)s.", number=card.superseded_by)
        case State.REVOKED:
            assert card.revoked_at is not None
            day = iso_date(card.revoked_at)
            return _("The institution took it back on %(day)s. It proves nothing.", day=day)
        case State.EXPIRED:
            return _("It was issued here and held until the day below.")


@dataclass(frozen=True, slots=True)
class PackCheckedPage:
    """What came of checking an audit pack that somebody sent in."""

    kind: str
    word: str
    answer: str
    text: str
    faults: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


def _moment(said: str) -> str:
    """What a pack says of its time, as people here read it; a pack that says it in another way is shown as it is."""
    try:
        return moment(datetime.fromisoformat(said))
    except ValueError:
        return said


def pack_checked_page(verdict: Verdict, *, ours: bool) -> PackCheckedPage:
    """`ours`: it was signed with a key of this installation."""
    if not verdict.whole:
        return PackCheckedPage(
            kind="overdue",
            word=_("Not valid"),
            answer=_("This is not what was signed"),
            text=_("Something was changed after signing, or this is no audit pack. Do not rely on what it says."),
            faults=tuple(fault_words(fault, name) for fault, name in verdict.faults),
            facts=(),
        )
    about = {name: str(verdict.about.get(name, ""))[:300] for name in ("title", "place", "as_of", "made_at", "site")}
    facts = [
        (_("What is required"), about["title"]),
        (_("Place"), about["place"]),
        (_("As of the end of"), about["as_of"]),
        (_("Made at"), _moment(about["made_at"])),
        (_("Made by"), about["site"]),
        (_("Signed with the key"), fingerprint(verdict.public)),
    ]
    if not ours:
        return PackCheckedPage(
            kind="soon",
            word=_("Signed elsewhere"),
            answer=_("This was not signed here"),
            text=_(
                "Nothing was changed since it was signed, but the key is not one of this site. Ask whoever signed it."
            ),
            faults=(),
            facts=tuple(facts),
        )
    return PackCheckedPage(
        kind="done",
        word=_("Genuine"),
        answer=_("This audit pack is genuine"),
        text=_("It was signed here, and not one byte was changed since."),
        faults=(),
        facts=tuple(facts),
    )
