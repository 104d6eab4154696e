"""What may be submitted in the administration."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.kit.actor import Role
from app.kit.limits import DATA_REQUEST_CHARACTERS
from app.organisations.rules import Kind, Sector
from app.web.forms import FormModel


class OrganisationEdit(FormModel):
    name: str = Field(min_length=1, max_length=200)
    name_en: str = Field("", max_length=200)
    name_nb: str = Field("", max_length=200)
    county: str = Field("", max_length=64)
    legal_code: str = Field("", max_length=16)
    country: Literal["", "LT", "NO"] = ""


class OrganisationNew(OrganisationEdit):
    parent: str = Field(min_length=1, max_length=64)
    code: str = Field(min_length=1, max_length=64)
    kind: Kind
    sector: Sector = Sector.PUBLIC


class Place(FormModel):
    """An organisation to move something to, by its code."""

    organisation: str = Field(min_length=1, max_length=64)


class PersonEdit(FormModel):
    given_name: str = Field(min_length=1, max_length=100)
    family_name: str = Field(min_length=1, max_length=100)
    email: str = Field("", max_length=254)
    staff_number: str = Field("", max_length=64)
    job_title: str = Field("", max_length=200)
    lang: Literal["lt", "en", "nb"] = "lt"


class PersonNew(PersonEdit):
    organisation: str = Field(min_length=1, max_length=64)
    invite: bool = False


class GrantNew(FormModel):
    role: Role
    organisation: str = Field(min_length=1, max_length=64)


class GrantByAddress(GrantNew):
    email: str = Field(min_length=3, max_length=254)


class DataAnswer(FormModel):
    answer: str = Field(min_length=1, max_length=DATA_REQUEST_CHARACTERS)


class DataPutOff(FormModel):
    because: str = Field(min_length=1, max_length=DATA_REQUEST_CHARACTERS)


class Apply(FormModel):
    """`digest` names the plan that was shown. `rest`: import although rows are rejected; `leavers`: let those go who are
    not on a complete list."""

    digest: str = Field(min_length=1, max_length=64)
    invite: bool = False
    rest: bool = False
    leavers: bool = False
