"""Measure paper: pages of letters and cards a second, beside an empty page of the same typesetter."""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import click

from channels.contract import Accepted, Outbound
from channels.paper_data import Card, Letter
from channels.print_house import PrintHouse
from channels.qr_codes import qr_svg
from channels.settings import ChannelSettings
from channels.typesetting import typeset_cards, typeset_empty, typeset_letters
from messages.catalogue import load_catalogue
from messages.rendering import render
from messages.samples import sample_values
from outreach.cli.frame import json_option, print_json

AT = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
SENT_AT_ONCE = 200
"""As many letters as the sender claims at once."""


@click.command("paper")
@click.option("--letters", default=1000, show_default=True, type=click.IntRange(min=10, max=1000))
@json_option
def bench_paper_command(letters: int, as_json: bool) -> None:
    """Meet hoeveel bladzijden brieven en kaarten er per seconde worden opgemaakt."""
    text, card = _text("fourteen_day_letter", "letter"), _text("doorstep_card", "card")
    code = qr_svg("tel:0101234567")
    batch = [
        Letter(address=_address(number), text=f"{text}\n\n{number}", subject="Een belangrijke brief", sender=("Wonen",))
        for number in range(letters)
    ]
    cards = [
        Card(text=card.replace("Vries", f"Vries {number}"), qr=code, phone="010 123 4567", place=_address(number)[1])
        for number in range(letters)
    ]
    found: dict[str, float | int] = {
        "letters": letters,
        "empty_pages_per_second": round(letters / _seconds(lambda: typeset_empty(letters))),
    }
    start = time.perf_counter()
    made = typeset_letters(batch, "Brieven")
    found["letter_pages_per_second"] = round(made.page_count / (time.perf_counter() - start))
    found["card_pages_per_second"] = round(letters / _seconds(lambda: typeset_cards(cards, "Kaarten", sheets=False)))
    sheets = _seconds(lambda: typeset_cards(cards, "Kaarten", sheets=True))
    found["cards_on_sheets_per_second"] = round(letters / sheets)
    found["kept_per_second"], found["batched_per_second"] = _through_folder(letters, text)
    found["bytes_per_letter"] = len(made.pdf) // letters
    found["peak_mb"] = _peak_mb()
    if as_json:
        print_json(found)
        return
    for name, text_nl in _LINES.items():
        click.echo(f"{found[name]:>10,} {text_nl}")


_LINES = {
    "letters": "brieven en kaarten",
    "empty_pages_per_second": "lege bladzijden per seconde (de grens)",
    "letter_pages_per_second": "bladzijden brief per seconde",
    "card_pages_per_second": "kaarten per seconde, los",
    "cards_on_sheets_per_second": "kaarten per seconde, vier op een vel",
    "kept_per_second": "brieven per seconde aangenomen (opgemaakt, op schijf)",
    "batched_per_second": "brieven per seconde in een partij (opgemaakt, met lijst, op schijf)",
    "bytes_per_letter": "bytes per brief in de PDF",
    "peak_mb": "MB geheugen op het hoogste punt",
}


def _text(name: str, channel: str) -> str:
    template = load_catalogue().get(name, channel, "nl")
    return render(template, sample_values("typical", "nl")).text


def _address(number: int) -> tuple[str, str, str]:
    return f"A. de Vries {number}", f"Kastanjelaan {number}", "3011 AB  VOORBEELDSTAD"


def _through_folder(letters: int, text: str) -> tuple[int, int]:
    with tempfile.TemporaryDirectory() as folder:
        house = PrintHouse(
            settings=ChannelSettings(mode="live", sending_enabled=True, print_dir=str(Path(folder) / "print"))
        )
        messages = [_message(number, text) for number in range(letters)]
        start = time.perf_counter()
        for first in range(0, letters, SENT_AT_ONCE):
            answers = house.send(messages[first : first + SENT_AT_ONCE])
            assert all(isinstance(each, Accepted) for each in answers)
        kept = time.perf_counter() - start
        batched = _seconds(lambda: house.make_batch(AT, date(2026, 9, 1)))
    return round(letters / kept), round(letters / batched)


def _message(number: int, text: str) -> Outbound:
    name, street, _ = _address(number)
    return Outbound(
        key=f"letter-{number}",
        channel="letter",
        to=f"{street}, 3011 AB Voorbeeldstad",
        sender="010 123 4567",
        name=name,
        text=f"{text}\n\n{number}",
        subject="Een belangrijke brief",
        at=AT,
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _peak_mb() -> int:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used // (1024 * 1024) if sys.platform == "darwin" else used // 1024
