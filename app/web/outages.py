"""What people are told about times in which the platform did not answer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.assessment import queries as attempts
from app.kit import uptime
from app.kit.i18n import clock_time, iso_date, ngettext
from app.kit.i18n import gettext as _


def given_back(db: Session, attempt_id: int) -> str:
    """That time was added to an attempt, how much, and when the platform was away; empty when nothing was."""
    found = attempts.given_back(db, attempt_id)
    if not found:
        return ""
    spans = ", ".join(f"{clock_time(one.began_at)}–{clock_time(one.ended_at)}" for one in found)
    return ngettext(
        "The platform was away (%(spans)s): %(num)s minute was added to the time of this attempt.",
        "The platform was away (%(spans)s): %(num)s minutes were added to the time of this attempt.",
        -(-sum(one.seconds for one in found) // 60),
        spans=spans,
    )


def lately_away(db: Session, *, limit: int = 5) -> tuple[tuple[str, str], ...]:
    """The last outages, for whoever looks after the system: when, and how many attempts got time for it."""
    found = uptime.outages(db, limit=limit)
    counts = attempts.counts_given_back(db, [one.id for one in found])
    return tuple(
        (
            f"{iso_date(one.began_at)} {clock_time(one.began_at)}–{clock_time(one.ended_at)}",
            ngettext("%(num)s attempt got time for it", "%(num)s attempts got time for it", counts.get(one.id, 0)),
        )
        for one in found
    ) or ((_("Never, since this is recorded"), ""),)
