"""A certificate on paper: its words in its own language, a drawing of its address, and the PDF they make."""

from __future__ import annotations

from typing import Any

from app.certificates.rules import Paper, grouped
from app.kit import pdf
from app.kit.i18n import gettext as _
from app.kit.i18n import long_date, number, speaking
from app.kit.qr import drawing


def address(paper: Paper, base_url: str) -> str:
    """Where anybody who holds the paper can check it."""
    return f"{base_url.rstrip('/')}/verify/{paper.key}"


def hours(minutes: int) -> str:
    """0.75 h as the language writes it, to a quarter of an hour and never nought."""
    return number(max(1, round(minutes / 15)) / 4)


def words(paper: Paper, base_url: str) -> dict[str, Any]:
    """What the template is given: everything already in words."""
    where = address(paper, base_url)
    facts = [
        (_("Completed on"), long_date(paper.completed_on)),
        (_("Workload"), _("%(hours)s h, self-study, online", hours=hours(paper.minutes))),
        (_("Valid until"), long_date(paper.valid_until) if paper.valid_until else _("for ever")),
        (_("Course by"), _("%(owner)s, version %(version)s", owner=paper.owner, version=paper.version)),
    ]
    return {
        "lang": paper.lang,
        "title": _("Certificate"),
        "document": _("Certificate %(number)s", number=paper.number),
        "date": [paper.issued_on.year, paper.issued_on.month, paper.issued_on.day],
        "issuer": paper.institution,
        "confirms": _("It is certified that"),
        "holder": paper.holder,
        "completed": _("has completed the course"),
        "course": paper.course,
        "facts": [list(one) for one in facts],
        "outcomes_title": _("Learning outcomes") if paper.outcomes else "",
        "outcomes": list(paper.outcomes),
        "number_label": _("Certificate number"),
        "number": paper.number,
        "issued_label": _("Issued on"),
        "issued": long_date(paper.issued_on),
        "check": _("Anybody can check whether this certificate is valid:"),
        "address": where,
        "code_label": _("Code"),
        "code": grouped(paper.key),
        "qr": drawing(where),
        "qr_text": _("QR code of the address where this certificate is checked: %(address)s", address=where),
    }


def as_pdf(paper: Paper, base_url: str) -> bytes:
    """The certificate as PDF/A-2a and PDF/UA-1. The same certificate is always the same file."""
    with speaking(paper.lang):
        said = words(paper, base_url)
    return pdf.printed("certificate", said)
