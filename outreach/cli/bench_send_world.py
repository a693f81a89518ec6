"""A landlord with one message due for each of so many tenants, made by the real import and the real decisions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select, update

from outreach.clock import Clock
from outreach.db.tables import AttemptRow
from outreach.domain.landlord_settings import LandlordSettings
from outreach.imports import ImportOptions, apply
from outreach.runtime import Runtime
from outreach.services.actor import Actor
from outreach.services.day import TickReport, decide_day
from outreach.services.policy import load_policy
from outreach.services.setup import change_settings, create_landlord

HEADER = (
    "Huurovereenkomst;Naam huurder;Straat;Huisnummer;Postcode;Plaats;Telefoon;Postnummer;Vervaldatum;Bedrag;Openstaand"
)
DAY = date(2026, 10, 6)
"""A Tuesday, five days after the rent was due: the day of the first reminder by SMS."""

SETTINGS = LandlordSettings(
    sender_name="Wonen Meting",
    sender_phone="+31101234567",
    sender_email="post@voorbeeld.example",
    contact_name="Anna Visser",
    return_address="Wonen Meting, Postbus 1, 1234 AB Voorbeeldstad",
)


def lines(tenants: int) -> Iterator[str]:
    """Make a delivery with one open item a tenancy; nobody in it exists."""
    yield HEADER
    for number in range(tenants):
        yield (
            f"H{number:06d};Bakker{_letters(number)}, P. de;Dorpsstraat;{number + 1};1000 AB;Voorbeeldstad;"
            f"06-{10_000_000 + number};P{number:07d};01-10-2026;650,00;650,00"
        )


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def make_world(runtime: Runtime, tenants: int, at: datetime) -> int:
    """Make the landlord, import the arrears, decide, and let every message be due now; returns how many."""
    landlord_id = create_landlord(runtime, "Wonen Meting").landlord_id
    change_settings(runtime, Actor(label="bench"), landlord_id, replace(SETTINGS))
    data = "\r\n".join(lines(tenants)).encode()
    report = apply(runtime.db, landlord_id, data, "meting.csv", ImportOptions(as_of=DAY), at, "bench")
    assert report.rows_bad == 0, report
    with runtime.db.read() as session:
        policy = load_policy(session, landlord_id)
    decide_day(runtime, policy, at, TickReport())
    with runtime.db.read() as session:
        statement = select(func.count()).where(AttemptRow.state == "planned", AttemptRow.channel == "sms")
        return int(session.scalar(statement) or 0)


def make_due(runtime: Runtime, at: datetime) -> None:
    """Let everything that is planned be due at a moment."""
    with runtime.db.write() as session:
        session.execute(update(AttemptRow).where(AttemptRow.state == "planned").values(due_at=at))


def half_past_seven(runtime: Runtime) -> datetime:
    """Give the moment of the day's decisions."""
    return runtime.calendar.utc(DAY, time(7, 30))


def ten_o_clock(runtime: Runtime, clock: Clock) -> timedelta:
    """Give by how much a clock must be shifted to be at ten on that day."""
    return runtime.calendar.utc(DAY, time(10)) - clock()
