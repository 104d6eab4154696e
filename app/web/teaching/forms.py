"""What may be submitted in the teaching area."""

from __future__ import annotations

from datetime import date, datetime
from datetime import time as clock_time
from typing import Literal

from pydantic import Field

from app.assessment.rules import Policy
from app.catalog.rules import ChangeLevel
from app.kit import clock
from app.web.forms import FormModel


class Publish(FormModel):
    """A first version has no level to choose."""

    level: ChangeLevel | None = None
    note: str = Field("", max_length=1000)
    regrade: Policy = Policy.NOTHING
    staff: str = ""
    action: str = Field("now", pattern="^(now|later)$")
    day: date | None = None
    time: str = Field("08:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")

    def moment(self) -> datetime | None:
        """When it is to be published, by the clock where the people are; None: at once."""
        if self.action == "now" or self.day is None:
            return None
        hour, minute = self.time.split(":")[:2]
        return datetime.combine(self.day, clock_time(int(hour), int(minute)), clock.LOCAL)


class Revert(FormModel):
    version: str = Field(max_length=20, pattern=r"^\d+\.\d+$")


TITLE = 150


class NewCourse(FormModel):
    """A course that begins with nothing."""

    title: str = Field(max_length=TITLE)
    lang: Literal["lt", "en", "nb"]
    summary: str = Field("", max_length=300)


class Edit(FormModel):
    """`text` is taken as it was typed; a form strips only its ends."""

    text: str = Field(min_length=1)
    base: str = Field(max_length=64)
    level: ChangeLevel = ChangeLevel.MINOR
    note: str = Field("", max_length=1000)
    action: str = "check"


class Complete(FormModel):
    """What is said of a proposed course as a whole; the texts of its pictures come beside it, one field each."""

    title: str = Field("", max_length=150)
    summary: str = Field("", max_length=300)
    contact: str = Field("", max_length=200)
    audience: str = Field("", max_length=500)
    id: str = Field("", max_length=64)
    into: str = Field("", max_length=64)


class Copy(FormModel):
    """A course made from another; an empty title keeps the one it has."""

    id: str = Field(max_length=64)
    title: str = Field("", max_length=150)


class ReviewAsked(FormModel):
    note: str = Field("", max_length=1000)


class ReviewComment(FormModel):
    """`line` 0, or none, is about the whole file."""

    path: str = Field(max_length=255)
    line: int = Field(0, ge=0, le=1_000_000)
    text: str = Field(max_length=2000)


class ReviewDecision(FormModel):
    action: str = Field(pattern="^(approve|changes)$")
    checklist: list[str] = Field(default_factory=list, max_length=20)
    answer: str = Field("", max_length=2000)
