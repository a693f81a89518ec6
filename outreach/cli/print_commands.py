"""`outreach print`: batches of letters for the print house, and what the post did with them."""

from datetime import datetime
from pathlib import Path

import click

from channels.print_folder import Mark
from channels.print_house import Noted
from outreach.cli.frame import choose_landlord, json_option, landlord_option, open_runtime, print_json
from outreach.errors import OutreachError
from outreach.services import print_batches


@click.group("print")
def print_group() -> None:
    """Brieven voor de drukker."""


@print_group.command("batch")
@landlord_option
@json_option
def batch_command(landlord_slug: str | None, as_json: bool) -> None:
    """Maak een partij van alle brieven die wachten."""
    runtime = open_runtime()
    landlord = choose_landlord(runtime, landlord_slug)
    batch = print_batches.make_batch(runtime, landlord.id, runtime.clock())
    found = {"batch": batch.id, "letters": len(batch.letters), "pages": batch.pages, "sheets": batch.sheets}
    if as_json:
        print_json({**found, "files": list(batch.files)})
        return
    click.echo(f"Partij {batch.id}: {len(batch.letters)} brieven, {batch.pages} bladzijden, {batch.sheets} vellen.")


@print_group.command("list")
@landlord_option
@json_option
def list_command(landlord_slug: str | None, as_json: bool) -> None:
    """Noem wat wacht en welke partijen er zijn."""
    runtime = open_runtime()
    landlord = choose_landlord(runtime, landlord_slug)
    room = print_batches.read_print_room(runtime, landlord.id)
    if room is None:
        raise OutreachError("Er is geen map voor drukwerk ingesteld.", "No print folder has been set.")
    if as_json:
        batches = [
            {
                "batch": each.batch.id,
                "letters": len(each.batch.letters),
                "pages": each.batch.pages,
                "posted_on": each.posted_on,
                "returned": each.returned,
            }
            for each in room.batches
        ]
        print_json({"waiting": room.waiting, "batches": batches})
        return
    click.echo(f"Brieven die wachten: {room.waiting}")
    for each in room.batches:
        posted = f"verstuurd op {each.posted_on:%d-%m-%Y}" if each.posted_on else "nog niet verstuurd"
        click.echo(f"{each.batch.id:<14} {len(each.batch.letters):>6} brieven  {posted}, {each.returned} retour")


@print_group.command("posted")
@click.argument("batch")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Dag (jjjj-mm-dd); standaard vandaag.")
@landlord_option
def posted_command(batch: str, day: datetime | None, landlord_slug: str | None) -> None:
    """Leg vast dat een partij op de post is gedaan."""
    runtime = open_runtime()
    landlord, now = choose_landlord(runtime, landlord_slug), runtime.clock()
    on = day.date() if day else runtime.calendar.day_of(now)
    fresh = print_batches.mark_posted(runtime, landlord.id, batch, on, now)
    click.echo(f"Vastgelegd: {batch} is verstuurd." if fresh else "Dit was al vastgelegd.")


@print_group.command("returned")
@click.argument("references", nargs=-1, required=True)
@landlord_option
def returned_command(references: tuple[str, ...], landlord_slug: str | None) -> None:
    """Leg vast welke brieven terugkwamen, met het kenmerk op de brief."""
    runtime = open_runtime()
    landlord = choose_landlord(runtime, landlord_slug)
    _tell(print_batches.mark_letters(runtime, landlord.id, references, "returned", runtime.clock()))


@print_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mark", type=click.Choice(["posted", "returned"]), default="posted", show_default=True)
@landlord_option
def import_command(file: Path, mark: str, landlord_slug: str | None) -> None:
    """Lees een lijst van de drukker (CSV): welke brieven zijn verstuurd of kwamen terug."""
    runtime = open_runtime()
    landlord = choose_landlord(runtime, landlord_slug)
    references = print_batches.read_references(file.read_bytes())
    chosen: Mark = "returned" if mark == "returned" else "posted"
    _tell(print_batches.mark_letters(runtime, landlord.id, references, chosen, runtime.clock()))


def _tell(noted: Noted) -> None:
    click.echo(f"Vastgelegd: {noted.now}. Was al vastgelegd: {noted.before}.")
    if noted.unknown:
        raise OutreachError(
            f"Niet gevonden: {', '.join(noted.unknown[:10])}.", f"Not found: {', '.join(noted.unknown[:10])}."
        )
