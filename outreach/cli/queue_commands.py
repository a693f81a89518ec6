"""`outreach queue`: how much waits, since when, and which senders are held back."""

from dataclasses import asdict
from datetime import timedelta

import click

from outreach.cli.frame import choose_landlord, json_option, landlord_option, open_runtime, print_json
from outreach.services.queue_depth import QueueDepth, queue_depth


@click.command("queue")
@landlord_option
@json_option
def queue_command(landlord_slug: str | None, as_json: bool) -> None:
    """Toon wat er wacht: hoeveel, hoe lang al, en welke afzender stilstaat."""
    runtime = open_runtime()
    landlord = choose_landlord(runtime, landlord_slug)
    with runtime.db.read() as session:
        depth = queue_depth(session, landlord.id, runtime.clock())
    runtime.db.dispose()
    if as_json:
        print_json(_facts(depth))
        return
    for channel in depth.channels:
        age = in_words(depth.age(channel.oldest_at))
        click.echo(
            f"{channel.channel:<10} {channel.due:>6} wachten, de oudste {age}; "
            f"{channel.on_its_way} onderweg, {channel.unknown} onzeker"
        )
    for sender in depth.senders:
        until = f"{runtime.calendar.local(sender.shut_until):%H:%M:%S}" if sender.shut_until else "-"
        click.echo(f"{sender.name:<10} stil tot {until} ({sender.failures} keer geweigerd): {sender.reason}")
    if depth.incoming:
        click.echo(f"{depth.incoming} berichten van providers wachten op verwerking")
    if not depth.channels and not depth.incoming:
        click.echo("Er wacht niets.")


def in_words(age: timedelta) -> str:
    """Write how long something waits, in the largest unit that fits."""
    seconds = int(age.total_seconds())
    for size, unit in ((86_400, "dagen"), (3_600, "uur"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _facts(depth: QueueDepth) -> dict[str, object]:
    channels = [
        {**asdict(each), "oldest_seconds": depth.age(each.oldest_at).total_seconds()} for each in depth.channels
    ]
    return {
        "at": depth.now,
        "due": depth.due,
        "channels": channels,
        "senders": [asdict(each) for each in depth.senders],
        "incoming": depth.incoming,
        "oldest_incoming_seconds": depth.age(depth.oldest_incoming_at).total_seconds(),
    }
