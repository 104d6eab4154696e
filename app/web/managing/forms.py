"""What may be asked of a dashboard in its address, and what may be submitted when a course is assigned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from pydantic import Field

from app.kit.i18n import gettext as _
from app.reporting.queries import Wanted
from app.reporting.rules import Kind, Order, Status
from app.requirements.rules import LEGAL_BASIS_MAX, REASON_MAX
from app.web.forms import SENTENCES, Form, FormModel

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a page is narrowed to and how it is ordered. `columns` and `page` count from 1."""

    course: str = ""
    status: Status | None = None
    kind: Kind | None = None
    due_from: date | None = None
    due_to: date | None = None
    sort: Order = Order.RATE
    columns: int = 1
    page: int = 1
    form: Form = field(default_factory=Form)

    def wanted(self, course_id: int | None) -> Wanted:
        return Wanted(course_id, self.kind, self.due_from, self.due_to)

    def parts(self) -> dict[str, str]:
        """The filter as the address says it; what is usual is left out."""
        said = {
            "course": self.course,
            "status": self.status or "",
            "kind": self.kind or "",
            "from": self.due_from.isoformat() if self.due_from else "",
            "to": self.due_to.isoformat() if self.due_to else "",
            "sort": "" if self.sort is Order.RATE else self.sort.value,
            "columns": str(self.columns) if self.columns > 1 else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        return {name: value for name, value in said.items() if value}

    def at(self, address: str, **changes: object) -> str:
        """The address with this filter, some of it changed; another filter begins at the first page again."""
        changed = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        query = urlencode(changed.parts())
        return f"{address}?{query}" if query else address

    def without_names(self) -> Filter:
        """What a reader of numbers may narrow to: the difference of two dates could be one person."""
        return replace(self, status=None, kind=None, due_from=None, due_to=None)


def filter_from(query: Mapping[str, str]) -> Filter:
    """Read a filter from an address. What cannot be read is said at its field, and otherwise ignored."""
    errors: dict[str, str] = {}
    no_date = SENTENCES["date_parsing"]

    def day(name: str) -> date | None:
        text = query.get(name, "").strip()
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            errors[name] = _(no_date)
            return None

    due_from, due_to = day("from"), day("to")
    if due_from and due_to and due_to < due_from:
        errors["to"] = _("The second date lies before the first.")
        due_to = None
    values = {name: query.get(name, "") for name in ("course", "status", "kind", "from", "to", "sort")}
    return Filter(
        course=query.get("course", "").strip()[:64],
        status=_choice(Status, query.get("status", "")),
        kind=_choice(Kind, query.get("kind", "")),
        due_from=due_from,
        due_to=due_to,
        sort=_choice(Order, query.get("sort", "")) or Order.RATE,
        columns=_number(query.get("columns", "")),
        page=_number(query.get("page", "")),
        form=Form(values=values, errors=errors),
    )


def _choice(kind: type[Choice], text: str) -> Choice | None:
    return kind(text) if text in list(kind) else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1


class Assign(FormModel):
    """A course for an organisation with everything below it, by a date."""

    course: str
    organisation: str
    due_on: date
    reason: str = Field("", max_length=REASON_MAX)
    legal_basis: str = Field("", max_length=LEGAL_BASIS_MAX)
