"""The schema: migrations go up, down and up again, and end where the models are."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from app.models import metadata
from app.settings import ROOT


def _config(connection: object) -> Config:
    config = Config(ROOT / "alembic.ini")
    config.attributes["connection"] = connection
    return config


def test_up_down_and_up_again(engine: Engine) -> None:
    metadata.drop_all(engine)
    try:
        with engine.connect() as connection:
            config = _config(connection)
            command.upgrade(config, "head")
            connection.commit()
            assert not _differences(connection)
            command.downgrade(config, "base")
            connection.commit()
            left = set(inspect(connection).get_table_names()) - {"alembic_version"}
            assert not left, left
            command.upgrade(config, "head")
            connection.commit()
            assert not _differences(connection)
            command.downgrade(config, "base")
            connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
            connection.commit()
    finally:
        metadata.create_all(engine)


def _differences(connection: object) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})  # type: ignore[arg-type]
    return list(compare_metadata(context, metadata))
