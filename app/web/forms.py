"""Submitted fields become a checked model, or the same form again with a sentence at each wrong field."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from app.kit.errors import Invalid, KitError
from app.kit.i18n import N_, gettext
from app.web.deps import PostedForm

Value = str | list[str]


class FormModel(BaseModel):
    """Base of every area's form models: trims, ignores what it does not know (button names, honeypots)."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, frozen=True)


@dataclass(frozen=True, slots=True)
class Form:
    """What a form shows: values as they were typed, a sentence per wrong field, and one for the whole."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    error: str = ""

    @property
    def wrong(self) -> bool:
        return bool(self.errors or self.error)

    def failing(self, refusal: KitError) -> Form:
        """The same form with what an action said about it."""
        if isinstance(refusal, Invalid):
            said = {name: gettext(why.template, **why.values) for name, why in refusal.fields.items()}
            return replace(self, errors={**self.errors, **said})
        return replace(self, error=gettext(refusal.template, **refusal.values))


Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Checked(Generic[Model]):
    value: Model | None
    form: Form


SENTENCES = {
    "missing": N_("Fill in this field."),
    "string_too_short": N_("Fill in this field."),
    "string_too_long": N_("Use at most %(max_length)s characters."),
    "int_parsing": N_("Write a whole number in digits, for example 24."),
    "int_from_float": N_("Write a whole number in digits, for example 24."),
    "float_parsing": N_("Write a number in digits, for example 2.5."),
    "date_from_datetime_parsing": N_("Write the date as year-month-day, for example 2026-03-31."),
    "date_parsing": N_("Write the date as year-month-day, for example 2026-03-31."),
    "greater_than_equal": N_("Write a number of at least %(ge)s."),
    "less_than_equal": N_("Write a number of at most %(le)s."),
    "enum": N_("Choose one of the options."),
    "literal_error": N_("Choose one of the options."),
    "bool_parsing": N_("Choose one of the options."),
}
OTHERWISE = N_("This cannot be taken as it is. Please check it.")


def check(model: type[Model], posted: PostedForm, *, lists: tuple[str, ...] = ()) -> Checked[Model]:
    """Hold what was posted against a model. `lists` names the fields that may come several times."""
    raw: dict[str, Any] = {name: posted.text(name) for name in posted.names()}
    raw.update({name: posted.all(name) for name in lists})
    # An empty text field says nothing: a model's default or "missing" decides.
    given = {name: value for name, value in raw.items() if value != ""}
    form = Form(values={**posted.values(), **{name: posted.all(name) for name in lists}})
    try:
        return Checked(model.model_validate(given), form)
    except ValidationError as refusal:
        errors: dict[str, str] = {}
        for problem in refusal.errors():
            name = str(problem["loc"][0]) if problem["loc"] else ""
            context = {k: str(v) for k, v in problem.get("ctx", {}).items() if not isinstance(v, Exception)}
            why = problem.get("ctx", {}).get("error")
            if isinstance(why, ValueError) and why.args:
                said = gettext(str(why.args[0]))
            else:
                said = gettext(SENTENCES.get(problem["type"], OTHERWISE))
                said = said % context if "%(" in said else said
            errors.setdefault(name, said)
        return Checked(None, replace(form, errors=errors))
