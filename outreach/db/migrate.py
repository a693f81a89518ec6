"""Bring a database to the newest schema (Alembic, in code) and check that schema and models agree."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from outreach.db.tables import Base
from outreach.errors import OutreachError


class SchemaError(OutreachError):
    """The database has a schema that this version of the product does not know."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Upgrade to the newest schema; does nothing when it is there already."""
    with engine.begin() as connection:
        known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in known:
            raise SchemaError(
                f"De database is van een nieuwere versie ({current}). Installeer die versie van outreach.",
                f"The database belongs to a newer version ({current}). Install that version of outreach.",
            )
        command.upgrade(_config(connection), "head")


def differences(engine: Engine) -> list[str]:
    """List where the database and the models differ; empty when they agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return [str(item) for item in compare_metadata(context, Base.metadata)]


def write_revision(engine: Engine, message: str, revision: str) -> None:
    """Write a new migration from the difference between database and models (for engineers)."""
    with engine.begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True, rev_id=revision)
