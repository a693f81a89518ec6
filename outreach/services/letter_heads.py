"""What stands above a letter on paper: who sends it, when, and how large it is set."""

from datetime import date

from babel.dates import format_date

from channels.phone_numbers import readable_phone
from messages.page_texts import page_texts
from outreach.db.tables import PersonRow
from outreach.domain.landlord_settings import LandlordSettings

LARGE_PRINT = frozenset({"low_vision"})
"""Needs of tenants whose letters have letters of 16 points."""


def paper_extra(settings: LandlordSettings, landlord_id: int, person: PersonRow | None, day: date) -> dict[str, str]:
    """Return what the print house needs of a letter beside its text: `Outbound.extra`."""
    extra = {"owner": str(landlord_id), "sender": "\n".join(sender_lines(settings)), "dated": written_day(day)}
    if person is not None and LARGE_PRINT & frozenset(person.needs):
        extra["large_print"] = "yes"
    return extra


def scan_extra(link: str, language: str) -> dict[str, str]:
    """Return the link that a letter carries as a code to scan, with the words beside it; nothing without a link."""
    form = "je" if language.endswith("-je") else "u"
    return {"code": link, "scan": page_texts(language, form=form).say("scan")} if link else {}


def sender_lines(settings: LandlordSettings) -> tuple[str, ...]:
    """Return the lines above a letter: name, return address and telephone number of the landlord."""
    parts = [part.strip() for part in settings.return_address.split(",") if part.strip()]
    named = [part for part in parts if part != settings.sender_name]
    phone = readable_phone(settings.sender_phone) if settings.sender_phone else ""
    return tuple(line for line in (settings.sender_name, *named, phone) if line)


def written_day(day: date) -> str:
    """Write a date as in the head of a Dutch letter."""
    return str(format_date(day, "d MMMM y", locale="nl"))
