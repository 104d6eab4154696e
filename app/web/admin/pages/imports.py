"""Bringing people in from a file: the form, and the report of a dry run."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.importer import FIELD_NAMES, ImportPlan
from app.accounts.importer.plan import Change, Rejected
from app.kit import i18n, limits
from app.kit.errors import KitError
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.web.forms import Form

REJECTED_SHOWN = 200
CHANGES_SHOWN = 50
LEAVERS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ImportPage:
    """Choosing a file. `columns`: what the headings may be."""

    form: Form
    columns: tuple[tuple[str, str], ...]
    rows: str
    megabytes: int


@dataclass(frozen=True, slots=True)
class RejectedRow:
    number: int
    name: str
    column: str
    said: str
    why: str
    fix: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """`changes`: (what, was, will be)."""

    name: str
    url: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TrialPage:
    """What an import would do: joiners, movers and other changes, leavers. `complete` names the institution of which the
    file says that it lists everybody; `spared` says how many stay only because a rejected row may mean them."""

    form: Form
    blob: str
    digest: str
    answer: str
    rejected_text: str
    figures: tuple[tuple[str, str, str, str, str], ...]
    rejected: tuple[RejectedRow, ...]
    rejected_more: int
    changes: tuple[ChangeRow, ...]
    changes_more: int
    file: tuple[tuple[str, str], ...]
    personal_codes: bool
    applicable: int
    new: int
    button: str
    joiners: tuple[tuple[str, str, str], ...]
    joiners_more: int
    leavers: tuple[tuple[str, str, str], ...]
    leavers_more: int
    leavers_text: str
    complete: str
    spared: str


def import_page(form: Form) -> ImportPage:
    notes = {
        "given_name": _("required"),
        "family_name": _("required"),
        "email": _("this or the staff number"),
        "organisation": _("required; see the list of organisations"),
        "job_title": _("optional"),
        "staff_number": _("this or the e-mail; unique within an institution"),
        "lang": _("optional: lt, en or nb"),
    }
    return ImportPage(
        form=form,
        columns=tuple((_(FIELD_NAMES[field]), note) for field, note in notes.items()),
        rows=i18n.number(limits.IMPORT_ROWS),
        megabytes=limits.IMPORT_BYTES // limits.MIB,
    )


def _say(sentence: KitError) -> str:
    return _(sentence.template, **sentence.values)


def _rejected(one: Rejected) -> RejectedRow:
    said = one.row.said(one.column)
    return RejectedRow(
        number=one.row.number,
        name=one.row.name,
        column=_(FIELD_NAMES[one.column]),
        said=said[:80] or _("(empty)"),
        why=_say(one.why),
        fix=_say(one.fix),
    )


def _change(one: Change) -> ChangeRow:
    changes = [(_(FIELD_NAMES[field]), was, now) for field, (was, now) in one.fields.items()]
    if one.moves_to is not None:
        changes.append((_("Organisation"), one.person.organisation_name, one.moves_to.name_in(i18n.language())))
    return ChangeRow(one.person.listed_name, f"/admin/people/{one.person.key}", tuple(changes))


def trial_page(plan: ImportPlan, *, blob: str, form: Form | None = None) -> TrialPage:
    total = _("of %(n)s", n=i18n.number(plan.total))
    movers, other = len(plan.movers), len(plan.changed) - len(plan.movers)
    changed_note = (
        _("%(moved)s to another organisation, %(other)s otherwise", moved=movers, other=other) if plan.changed else ""
    )
    applicable = len(plan.new) + len(plan.changed)
    leaving = len(plan.leavers)
    table = plan.table
    encoding = table.encoding
    if table.delimiter:
        encoding = _(
            "%(encoding)s, separated by “%(delimiter)s”", encoding=encoding, delimiter=_delimiter(table.delimiter)
        )
    file = [
        (_("Size"), _("%(n)s KB", n=i18n.number(max(1, round(table.size / limits.KIB))))),
        (_("Encoding"), encoding),
        (_("Rows"), i18n.number(plan.total)),
    ]
    if table.ignored:
        file.append((_("Columns not read"), ", ".join(table.ignored)[:300]))
    return TrialPage(
        form=form or Form(values={"invite": "1"}),
        blob=blob,
        digest=plan.digest,
        answer=ngettext(
            "%(fitting)s of %(num)s row fits",
            "%(fitting)s of %(num)s rows fit",
            plan.total,
            fitting=i18n.number(plan.fitting),
        ),
        rejected_text=ngettext("%(num)s row rejected", "%(num)s rows rejected", len(plan.rejected))
        if plan.rejected
        else "",
        figures=(
            (_("New people"), i18n.number(len(plan.new)), total, "", "done"),
            (_("Changed"), i18n.number(len(plan.changed)), total, changed_note, "going"),
            (
                _("Rejected"),
                i18n.number(len(plan.rejected)),
                total,
                _("Reasons below") if plan.rejected else "",
                "overdue" if plan.rejected else "off",
            ),
            (_("As before"), i18n.number(plan.unchanged), total, "", "off"),
            *([(_("Leave"), i18n.number(leaving), "", _("Not on the complete list"), "overdue")] if leaving else []),
        ),
        rejected=tuple(_rejected(one) for one in plan.rejected[:REJECTED_SHOWN]),
        rejected_more=max(0, len(plan.rejected) - REJECTED_SHOWN),
        changes=tuple(_change(one) for one in plan.changed[:CHANGES_SHOWN]),
        changes_more=max(0, len(plan.changed) - CHANGES_SHOWN),
        file=tuple(file),
        personal_codes=table.personal_codes,
        applicable=applicable,
        new=len(plan.new),
        button=ngettext("Import %(num)s row", "Import %(num)s rows", applicable)
        if applicable
        else _("Let them leave")
        if leaving
        else "",
        joiners=tuple(
            (f"{one.family_name}, {one.given_name}", one.organisation.name_in(i18n.language()), one.job_title)
            for one in plan.new[:CHANGES_SHOWN]
        ),
        joiners_more=max(0, len(plan.new) - CHANGES_SHOWN),
        leavers=tuple(
            (one.listed_name, f"/admin/people/{one.key}", one.organisation_name) for one in plan.leavers[:LEAVERS_SHOWN]
        ),
        leavers_more=max(0, leaving - LEAVERS_SHOWN),
        leavers_text=ngettext("%(num)s person leaves", "%(num)s people leave", leaving),
        complete=plan.complete.name_in(i18n.language()) if plan.complete is not None else "",
        spared=ngettext(
            "%(num)s person is not on the list, but a rejected row may mean them: they stay.",
            "%(num)s people are not on the list, but a rejected row may mean them: they stay.",
            plan.spared,
        )
        if plan.spared
        else "",
    )


def _delimiter(sign: str) -> str:
    return _("tab") if sign == "\t" else sign
