"""What may be submitted in the teaching area."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.catalog.rules import ChangeLevel
from app.web.forms import FormModel


class Publish(FormModel):
    """A first version has no level to choose."""

    level: ChangeLevel | None = None
    note: str = Field("", max_length=1000)


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
