"""`outreach db`: bring the database to the newest schema, and check that it agrees with the product."""

import click

from outreach.cli.frame import json_option, print_json
from outreach.config import load_settings
from outreach.db.engine import make_engine
from outreach.db.migrate import differences, upgrade


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
    found = differences(make_engine(load_settings().database_url))
    if as_json:
        print_json({"ok": not found, "differences": found})
    else:
        click.echo("\n".join(found) if found else "Het schema klopt.")
    raise SystemExit(1 if found else 0)
