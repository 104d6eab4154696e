"""The words for where a course or a page stands."""

from __future__ import annotations

from app.catalog.rules import Stage
from app.kit.i18n import gettext as _


def stage_said(stage: Stage) -> tuple[str, str, str]:
    """Kind, word and drawing of a label."""
    match stage:
        case Stage.NEVER:
            return "off", _("Never published"), "pencil"
        case Stage.SCHEDULED:
            return "going", _("Scheduled"), "clock"
        case Stage.LIVE:
            return "done", _("Live"), "done"
        case Stage.CHANGED:
            return "soon", _("Live, with unpublished changes"), "pencil"
        case Stage.STAFF:
            return "off", _("Staff only"), "lock"
        case Stage.WITHDRAWN:
            return "off", _("Withdrawn"), "lock"
