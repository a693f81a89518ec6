"""The command line: every command that prints facts has --json, kept stable and described in docs/cli.md."""

import logging
import sys
from importlib import import_module

import click
from sqlalchemy.exc import OperationalError

from outreach.errors import OutreachError
from outreach.installation import check_installation

COMMANDS = {
    "audit": "outreach.cli.audit_commands:audit_command",
    "bench": "outreach.cli.bench_commands:bench_group",
    "channel": "outreach.cli.channel_commands:channel_group",
    "db": "outreach.cli.database_commands:database_group",
    "demo": "outreach.cli.demo_commands:demo_command",
    "import": "outreach.cli.import_commands:import_group",
    "ladder": "outreach.cli.ladder_commands:ladder_group",
    "landlord": "outreach.cli.landlord_commands:landlord_group",
    "mail": "outreach.cli.mail_commands:mail_group",
    "message": "outreach.cli.message_commands:message_group",
    "plan": "outreach.cli.plan_commands:plan_group",
    "print": "outreach.cli.print_commands:print_group",
    "reply": "outreach.cli.reply_commands:reply_group",
    "run-day": "outreach.cli.day_commands:run_day_command",
    "send": "outreach.cli.send_commands:send_group",
    "serve": "outreach.cli.serve:serve_command",
    "simulate": "outreach.cli.simulate_commands:simulate_command",
    "queue": "outreach.cli.queue_commands:queue_command",
    "tenant-link": "outreach.cli.tenant_link_commands:tenant_link_command",
    "user": "outreach.cli.landlord_commands:user_group",
    "worker": "outreach.cli.worker_commands:worker_command",
}
"""Name to module and attribute; loaded when it is called, so that every command starts quickly."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; None for an unknown name."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="outreach-incasso")
def cli() -> None:
    """Vroeg en menselijk contact bij huurachterstand."""


def main() -> None:
    """Run the command line; an error that a user may see is one clear text and its exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        check_installation()
        cli(prog_name="outreach")
    except OutreachError as error:
        click.echo(f"{error.text_nl}\n({error.text_en})", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.filename is None:
            raise
        click.echo(f"Dit bestand of deze map kan niet worden gebruikt: {error.filename} ({error.strerror}).", err=True)
        click.echo("(This file or folder cannot be used.)", err=True)
        sys.exit(1)
    except OperationalError as error:
        click.echo(f"De database doet het niet. Kijk naar OUTREACH_DATABASE_URL. ({error.orig})", err=True)
        click.echo("(The database does not work. Look at OUTREACH_DATABASE_URL.)", err=True)
        sys.exit(1)
