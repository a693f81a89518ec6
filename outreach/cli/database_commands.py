"""`outreach db`: bring the database to the newest schema, and check that it agrees with the product."""

from collections.abc import Iterator
from typing import Any

import click
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from outreach.cli.frame import json_option, print_json
from outreach.config import load_settings
from outreach.db.engine import make_engine
from outreach.db.migrate import upgrade
from outreach.db.tables import Base

PARTS = {
    "table": "tabel",
    "column": "kolom",
    "index": "index",
    "constraint": "beperking",
    "fk": "verwijzing",
    "nullable": "verplicht of niet",
    "type": "soort",
    "default": "beginwaarde",
}


@click.group("db")
def database_group() -> None:
    """Database."""


@database_group.command("upgrade")
def upgrade_command() -> None:
    """Breng de database naar het nieuwste schema."""
    upgrade(make_engine(load_settings().database_url))
    click.echo("De database is bij.")


@database_group.command("check")
@json_option
def check_command(as_json: bool) -> None:
    """Vergelijk de database met het schema van deze versie."""
    found = list(_differences(make_engine(load_settings().database_url)))
    if as_json:
        print_json({"ok": not found, "differences": found})
    else:
        click.echo("\n".join(found) if found else "Het schema klopt.")
    raise SystemExit(1 if found else 0)


def _differences(engine: Engine) -> Iterator[str]:
    """Yield one Dutch line for each difference between the database and the models."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        for item in compare_metadata(context, Base.metadata):
            # Alembic gives the changes of one column together, as a list.
            yield from map(_line, item if isinstance(item, list) else [item])


def _line(change: tuple[Any, ...]) -> str:
    deed, _, part = str(change[0]).partition("_")
    word = PARTS.get(part.removeprefix("table_"), part)
    if deed == "modify":
        return f"Anders in de database: {word} van {change[2]}.{change[3]}"
    where = "Ontbreekt in de database" if deed == "add" else "Te veel in de database"
    return f"{where}: {word} {_place(part, change)}"


def _place(part: str, change: tuple[Any, ...]) -> str:
    if part == "column":
        return f"{change[2]}.{change[3].name}"
    subject = change[1]
    if part == "table":
        return str(subject.name)
    columns = ", ".join(column.name for column in subject.columns)
    return f"{subject.table.name}.{subject.name or columns}"
