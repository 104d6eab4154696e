"""Who is asking: a frozen person with grants. Anonymous is an Actor too."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a grant lets its holder do, in an organisation and everything below it. Everyone is a learner."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    ANALYST = "analyst"
    TRAINER = "trainer"
    REVIEWER = "reviewer"


ACTS = (Role.ADMINISTRATOR, Role.MANAGER)  # whose holders change what others are asked to do


@dataclass(frozen=True, slots=True)
class Grant:
    """`path` is the organisation's place in the tree, like "/1/5/": what begins with it is covered.

    `lent_by` names the manager whose grant this is, where the holder only deputises for them.
    """

    role: Role
    organisation_id: int
    path: str
    lent_by: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` 0 is nobody in particular: an anonymous visitor, or the system itself (`system` true)."""

    id: int = 0
    key: str = ""
    given_name: str = ""
    family_name: str = ""
    lang: str = "lt"
    organisation_id: int | None = None
    organisation_path: str = ""
    organisation_name: str = ""
    grants: tuple[Grant, ...] = ()
    session: str = ""
    system: bool = False

    @property
    def signed_in(self) -> bool:
        return self.id > 0

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def holds(self, *roles: Role) -> bool:
        return self.system or any(grant.role in roles for grant in self.grants)

    def covers(self, path: str, *roles: Role) -> bool:
        """Whether one of these roles is held at `path` or above it."""
        return self.system or any(grant.role in roles and path.startswith(grant.path) for grant in self.grants)

    def deputising_at(self, path: str) -> tuple[str, ...]:
        """The managers in whose place one acts here; nobody where the right is one's own."""
        here = [grant for grant in self.grants if grant.role in ACTS and path.startswith(grant.path)]
        if any(not grant.lent_by for grant in here):
            return ()
        return tuple(sorted({grant.lent_by for grant in here}))

    def paths(self, *roles: Role) -> tuple[str, ...]:
        """The highest places where one of these roles is held, without those that lie below another."""
        held = sorted({grant.path for grant in self.grants if grant.role in roles})
        return tuple(p for p in held if not any(p != other and p.startswith(other) for other in held))


ANONYMOUS = Actor()
SYSTEM = Actor(system=True)
