"""How certificates stand and what was wrong with an archive, in words that every area says alike."""

from __future__ import annotations

from app.certificates.rules import State
from app.kit.i18n import gettext as _
from app.kit.seal import Fault


def state_word(found: State) -> tuple[str, str]:
    """The kind of the mark, and the word."""
    match found:
        case State.VALID:
            return "done", _("Valid now")
        case State.SUPERSEDED:
            return "off", _("Superseded")
        case State.REVOKED:
            return "overdue", _("Revoked")
        case State.EXPIRED:
            return "soon", _("Expired")


def fault_words(fault: Fault, name: str) -> str:
    """One thing that is wrong with an audit pack."""
    match fault:
        case Fault.NOT_ONE:
            return _("This file is not an audit pack, or its beginning is damaged.")
        case Fault.CHANGED:
            return _("%(name)s is not what was signed.", name=name)
        case Fault.MISSING:
            return _("%(name)s is missing.", name=name)
        case Fault.ADDED:
            return _("%(name)s was added after signing.", name=name)
        case Fault.SIGNATURE:
            return _("The signature does not hold: the list of files or the signature was changed.")
        case Fault.WRAPPING:
            return _("The files are what was signed, but the archive around them was changed.")
