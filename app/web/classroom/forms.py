"""What may be submitted in the classroom."""

from __future__ import annotations

from pydantic import Field

from app.web.forms import FormModel


class ContactForm(FormModel):
    question: str = Field(min_length=1, max_length=4000)
