"""What can go wrong, in words for people; the web layer decides on status codes."""

from __future__ import annotations


class KitError(Exception):
    """An English sentence with named places, marked for translation where it is raised, and its values."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template % self.values if self.values else self.template


class NotFound(KitError):
    """There is nothing of the kind, or nothing this actor may know of; the two are never told apart."""


class Forbidden(KitError):
    """The actor may see this and may not do that."""


class Conflict(KitError):
    """The world has moved on: a stale page, a second click, a name already taken."""


class TooMany(KitError):
    """Tried too often. `retry_seconds` says when it is worth trying again."""

    def __init__(self, template: str, *, retry_seconds: int, **values: object) -> None:
        super().__init__(template, **values)
        self.retry_seconds = retry_seconds


class Invalid(KitError):
    """Some fields cannot be taken as they are: field name → (template, values)."""

    def __init__(self, **fields: str | KitError) -> None:
        super().__init__("Please correct the fields that are marked.")
        self.fields: dict[str, KitError] = {
            name: said if isinstance(said, KitError) else KitError(said) for name, said in fields.items()
        }
