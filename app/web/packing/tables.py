"""An audit pack as a workbook. One without names has its first sheet only."""

from __future__ import annotations

from app.kit.i18n import gettext as _
from app.kit.i18n import moment
from app.kit.spreadsheet import Cell, Export, Sheet
from app.web.duties import status_word
from app.web.packing.pack import Pack, columns, how, notes, report, taken, told, way_word, why


def workbook(pack: Pack) -> Export:
    """The same as a workbook; an unnamed pack has the first sheet only."""
    heads = (_("Institution"), *columns(), _("All"))
    first = Sheet(
        _("By institution"),
        tuple((head, 40 if at == 0 else 14) for at, head in enumerate(heads)),
        tuple((line.place or _("All"), *(_cell(one) for one in line.numbers), _cell(line.all)) for line in pack.lines),
    )
    about = (*pack.about, (_("Made at"), moment(pack.made_at)), (_("Pack"), pack.card.key))
    about = (*about, *(("", note) for note in notes(pack)))
    if not pack.card.named:
        return Export("pack", about, (first,))
    return Export(
        "pack",
        (*about, *report(pack)),
        (first, _training_sheet(pack), _people_sheet(pack), _steps_sheet(pack), _told_sheet(pack)),
    )


def _cell(one: int | None) -> Cell:
    return one if one is not None else _("hidden")


def _training_sheet(pack: Pack) -> Sheet:
    heads = ((_("Institution"), 40), (_("Participants"), 14), (_("First day"), 14), (_("Last day"), 14))
    rows = tuple((row.place, row.participants, row.first, row.last) for row in pack.training)
    return Sheet(_("Training report"), heads, rows)


def _people_sheet(pack: Pack) -> Sheet:
    heads = (
        (_("Full name"), 30),
        (_("Position"), 26),
        (_("Institution"), 36),
        (_("Place"), 36),
        (_("State"), 18),
        (_("Due date"), 12),
        (_("Completed on"), 14),
        (_("Valid until"), 12),
        (_("Excused because"), 30),
        (_("Evidence"), 30),
        (_("Evidence number"), 12),
        (_("Version"), 10),
        (_("SHA-256 of the version"), 66),
        (_("Certificate number"), 24),
        (_("How it was taken"), 60),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in pack.facts.stands:
        proof = one.proof
        rows.append(
            (
                one.name,
                one.job_title,
                one.institution,
                one.place,
                status_word(one.status)[1],
                one.period.due_on,
                one.period.met_on,
                one.period.valid_until,
                why(one),
                how(one),
                proof.id if proof else None,
                proof.version if proof else "",
                proof.digest if proof else "",
                proof.certificate if proof else "",
                "; ".join(taken(one)),
            )
        )
    return Sheet(_("People"), heads, tuple(rows))


def _steps_sheet(pack: Pack) -> Sheet:
    """A row for each step that somebody did not take alone."""
    heads = (
        (_("Name"), 30),
        (_("Step"), 44),
        (_("How it was taken"), 22),
        (_("Day"), 12),
        (_("Where"), 36),
        (_("Led or entered by"), 28),
        (_("Session"), 20),
    )
    rows = tuple(
        (one.name, pack.facts.titles.get(step, step), way_word(way.how), way.on, way.place, way.who, way.session)
        for one in pack.facts.stands
        for way in one.taken
        for step in way.steps
    )
    return Sheet(_("Together and on paper"), heads, rows)


def _told_sheet(pack: Pack) -> Sheet:
    heads = ((_("When"), 18), (_("About"), 30), (_("What"), 26), (_("How"), 26))
    return Sheet(_("Reminders sent"), heads, tuple(told(pack)))
