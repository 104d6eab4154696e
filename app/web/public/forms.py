"""What may be submitted in the public area. Texts that are secrets are read raw, not through a model."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.accounts.rules import Asked
from app.kit.limits import DATA_REQUEST_CHARACTERS
from app.web.forms import FormModel


class Language(FormModel):
    lang: Literal["lt", "en", "nb"]


class TokenName(FormModel):
    name: str = Field(min_length=1, max_length=100)


class Email(FormModel):
    email: str = Field(min_length=3, max_length=254)


class DataQuestion(FormModel):
    asked: Asked
    text: str = Field(min_length=1, max_length=DATA_REQUEST_CHARACTERS)


class Feedback(FormModel):
    text: str = Field(min_length=1, max_length=4000)
    reply_to: str = Field("", max_length=254)
