"""Whose the pictures and films are: QC16."""

from __future__ import annotations

from app.catalog.format.checks.told import WARNING, Told
from app.kit.i18n import N_

# Captions and transcripts are part of their recording.
_WORDS = (".vtt", ".md")


def check(told: Told) -> None:
    credits = {credit.file: credit for credit in told.course.credits}
    for media in told.course.media:
        credit = credits.get(media.path)
        if not media.path.endswith(_WORDS) and (credit is None or not credit.licence or not credit.source):
            told.say(
                told.key("media"), "QC16", WARNING, N_("say under which licence %(path)s may be used and where it is from"),
                path=media.path,
            )  # fmt: skip
