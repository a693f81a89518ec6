"""`outreach mail take`: one mail that the mail server hands over, beside reading the mailbox by IMAP."""

import sys
from typing import BinaryIO

import click
from sqlalchemy.exc import SQLAlchemyError

from channels.email_returns import read_return
from channels.email_smtp import PROVIDER
from outreach.cli.frame import json_option, print_json
from outreach.clock import system_clock
from outreach.config import load_settings
from outreach.db.engine import open_database
from outreach.db.incoming import keep_events
from outreach.errors import OutreachError

TRY_AGAIN = 75
"""EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and hands it over again (Postfix's pipe(8))."""

LONGEST = 20_000_000


@click.group("mail")
def mail_group() -> None:
    """E-mail die terugkomt."""


@mail_group.command("take")
@click.argument("mail", type=click.File("rb"), default="-")
@json_option
def take_command(mail: BinaryIO, as_json: bool) -> None:
    """Neem een e-mail aan van de mailserver. MAIL is een bestand, of - voor de standaardinvoer.

    Een bounce, klacht of antwoord wordt bewaard en daarna verwerkt door de worker. Dezelfde e-mail twee keer verandert
    niets. Lukt het bewaren niet, dan is de afsluitcode 75: de mailserver biedt de e-mail later weer aan.
    """
    now = system_clock()
    raw = mail.read(LONGEST)
    try:
        settings = load_settings()
        returned = read_return(raw, settings, now, PROVIDER)
        if returned.event is not None:
            database = open_database(settings.database_url)
            try:
                keep_events(database, [returned.event], now)
            finally:
                database.dispose()
    except (OutreachError, SQLAlchemyError, OSError) as error:
        click.echo(f"De e-mail kan nu niet worden bewaard ({type(error).__name__}).", err=True)
        click.echo("(The mail cannot be kept now.)", err=True)
        sys.exit(TRY_AGAIN)
    if as_json:
        print_json({"kind": returned.kind, "kept": returned.event is not None})
    else:
        click.echo(KINDS[returned.kind])


KINDS = {
    "bounced": "Bounce bewaard: de e-mail is niet aangekomen.",
    "delivered": "Bericht bewaard: de e-mail is aangekomen.",
    "delayed": "Nog onderweg; niets bewaard.",
    "complaint": "Klacht bewaard: de huurder wil geen e-mail meer.",
    "reply": "Antwoord bewaard.",
    "automatic": "Automatisch antwoord; niets bewaard.",
    "foreign": "Bericht over een e-mail die niet van ons is; niets bewaard.",
    "unreadable": "Geen leesbare afzender; niets bewaard.",
}
