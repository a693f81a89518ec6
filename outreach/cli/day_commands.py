"""`outreach run-day`: play one day, and say what was done and what was not, and why."""

from collections.abc import Callable
from datetime import datetime

import click

from outreach.cli.frame import choose_landlord, json_option, landlord_option, open_runtime, print_json
from outreach.cli.words import count_words
from outreach.clock import system_clock
from outreach.errors import OutreachError
from outreach.runtime import Runtime
from outreach.services.day import LAST_TICK, TickReport, day_counts, finish_day, play_day, tick


class DayClock:
    """A clock that stands on the tick that is played."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        """Give the moment that is played."""
        return self.now

    def set(self, moment: datetime) -> None:
        """Put the clock on a moment."""
        self.now = moment


@click.command("run-day")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Dag (jjjj-mm-dd); standaard vandaag.")
@landlord_option
@json_option
def run_day_command(day: datetime | None, landlord_slug: str | None, as_json: bool) -> None:
    """Speel een dag: beslis, verstuur, lees antwoorden. Twee keer spelen doet niets twee keer.

    Vandaag gaat tot nu. Een andere dag kan alleen in de oefenomgeving, en duurt tot 20:00 uur.
    """
    now = system_clock()
    clock = DayClock(now)
    runtime = open_runtime(clock)
    landlord = choose_landlord(runtime, landlord_slug)
    today = runtime.calendar.day_of(now)
    asked = day.date() if day else today
    if asked != today and not runtime.is_sandbox:
        raise OutreachError(
            "Een andere dag dan vandaag spelen kan alleen in de oefenomgeving.",
            "Only the sandbox can play another day than today.",
        )
    if asked == today:
        tick(runtime, landlord.id, now)
        finish_day(runtime, landlord.id, today, now)
    else:
        play_day(runtime, landlord.id, asked, runtime.calendar.utc(asked, LAST_TICK), clock.set)
    report = day_counts(runtime, landlord.id, asked)
    if as_json:
        print_json({"date": asked, "landlord": landlord.slug, **_data(report)})
        return
    _print(runtime, f"{landlord.name}, {asked:%d-%m-%Y}", report, click.echo)


def _data(report: TickReport) -> dict[str, dict[str, int]]:
    return {"done": dict(report.counts), "not_done": dict(report.refused)}


def _print(runtime: Runtime, title: str, report: TickReport, write: Callable[[str], None]) -> None:
    write(title)
    write("Gedaan:")
    for line in count_words(report.counts) or ["  niets"]:
        write(f"  {line}")
    if report.refused:
        write("Niet gedaan, en waarom:")
    for code, count in sorted(report.refused.items(), key=lambda item: -item[1]):
        write(f"  {count:>5}  {_why(code)}")


def _why(code: str) -> str:
    from outreach.web.pages.report import WHY_NOT

    return WHY_NOT.get(code, code)
