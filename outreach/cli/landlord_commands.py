"""`outreach landlord` and `outreach user`: from nothing to somebody who can sign in."""

import click
from sqlalchemy import select

from outreach.cli.frame import choose_landlord, json_option, landlord_option, open_runtime, print_json
from outreach.db.tables import UserRow
from outreach.errors import OutreachError
from outreach.services.setup import create_landlord
from outreach.services.users import ROLES, add_user, new_password, set_password


@click.group("landlord")
def landlord_group() -> None:
    """Verhuurders."""


@landlord_group.command("create")
@click.argument("name")
@json_option
def create_command(name: str, as_json: bool) -> None:
    """Maak een verhuurder met een beheerder; het wachtwoord wordt één keer getoond."""
    made = create_landlord(open_runtime(), name)
    if as_json:
        print_json({"landlord_id": made.landlord_id, "username": made.username, "password": made.password})
    else:
        click.echo(f"Verhuurder gemaakt. Log in als {made.username} met wachtwoord {made.password}")


@click.group("user")
def user_group() -> None:
    """Gebruikers."""


@user_group.command("add")
@click.argument("username")
@click.option("--name", required=True, help="Naam op het scherm.")
@click.option("--role", type=click.Choice(ROLES), required=True)
@landlord_option
def add_command(username: str, name: str, role: str, landlord_slug: str | None) -> None:
    """Voeg een gebruiker toe; het wachtwoord wordt één keer getoond."""
    runtime = open_runtime()
    landlord, password, now = choose_landlord(runtime, landlord_slug), new_password(), runtime.clock()
    with runtime.db.write() as session:
        add_user(session, landlord.id, username=username, name=name, role=role, password=password, now=now)
    click.echo(f"Log in als {username} met wachtwoord {password}")


@user_group.command("password")
@click.argument("username")
@landlord_option
def password_command(username: str, landlord_slug: str | None) -> None:
    """Geef een gebruiker een nieuw wachtwoord; het wordt één keer getoond."""
    runtime = open_runtime()
    landlord, password = choose_landlord(runtime, landlord_slug), new_password()
    with runtime.db.write() as session:
        user = session.scalar(
            select(UserRow).where(UserRow.landlord_id == landlord.id, UserRow.username == username.lower())
        )
        if user is None:
            raise OutreachError(f"Er is geen gebruiker {username}.", f"There is no user {username}.")
        set_password(session, user, password)
    click.echo(f"Log in als {username} met wachtwoord {password}")
