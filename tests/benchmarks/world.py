"""A demo world to measure in, and sign-ins for the people of it."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from app.accounts.models import Person, SignIn
from app.cli.console import House, house, upgrade
from app.demo import world
from app.kit import clock
from app.kit.database import reading, writing
from app.settings import Mode, Settings
from app.web.deps import token_hash


@dataclass(frozen=True, slots=True)
class Place:
    """A built world: its home, and the environment a server needs to serve it."""

    home: House
    environment: dict[str, str]

    def sign_in(self, login: str) -> str:
        """A session cookie for one of the demo people."""
        token, now = secrets.token_urlsafe(32), clock.now()
        with writing(self.home.sessions) as db:
            person = db.scalars(select(Person).where(Person.email == f"{login}@{world.DOMAIN}")).one()
            db.add(
                SignIn(
                    token=token_hash(token),
                    person_id=person.id,
                    created_at=now,
                    seen_at=now,
                    expires_at=now + timedelta(hours=12),
                )
            )
        return token

    def count_people(self) -> int:
        with reading(self.home.sessions) as db:
            return db.scalar(select(func.count()).select_from(Person)) or 0


@contextmanager
def built() -> Iterator[Place]:
    """The demo world in a folder of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="klasteris-bench-") as folder:
        settings = Settings(
            mode=Mode.DEMO,
            database_url=f"sqlite:///{Path(folder) / 'world.sqlite'}",
            files=Path(folder) / "files",
        )
        home = house(settings)
        upgrade(home)
        world.build(home.sessions, home.blobs, settings, lambda done, total: None)
        environment = {
            **os.environ,
            "KLASTERIS_MODE": "demo",
            "KLASTERIS_DATABASE_URL": settings.database_url,
            "KLASTERIS_FILES": str(settings.files),
        }
        yield Place(home, environment)
        home.sessions.kw["bind"].dispose()
