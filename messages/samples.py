"""Made-up values for every placeholder, short, long and typical, to look at a text and check it before it is used."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from messages.collection_costs import collection_costs
from messages.formats import euro, spoken_date
from messages.languages import base_language

SIZES = ("longest", "shortest", "typical")

_NAMES: Mapping[str, Mapping[str, str]] = {
    "longest": {
        "landlord": "Woningstichting De Goede Woning",
        "contact_name": "Annemarie van Leeuwen",
        "contact_phone": "088 - 123 45 67",
        "municipality": "Alphen aan den Rijn",
        "count": "12",
        "address": "Burgemeester van Leeuwenlaan 123-2",
        "reference": "HA-2026-0012345",
        "debt_help_phone": "0800 123 45 67",
        "iban": "NL02 ABNA 0123 4567 89",
    },
    "shortest": {
        "landlord": "Woonbron",
        "contact_name": "Jo Bos",
        "contact_phone": "14 030",
        "municipality": "Ede",
        "count": "1",
        "address": "Dam 1",
        "reference": "1",
        "debt_help_phone": "14 030",
        "iban": "NL02 ABNA 0123 4567 89",
    },
    "typical": {
        "landlord": "Wonen Voorbeeld",
        "contact_name": "Karin Bos",
        "contact_phone": "010 123 4567",
        "municipality": "Voorbeeldstad",
        "count": "6",
        "address": "Kastanjelaan 1",
        "reference": "H1001",
        "debt_help_phone": "0800 8115",
        "iban": "NL02 ABNA 0123 4567 89",
    },
}
_PEOPLE = {"longest": "Van der Heijden-de Jong", "shortest": "Ng", "typical": "De Vries"}
_TITLES = {
    "nl": "mevrouw {}",
    "en": "Ms {}",
    "tr": "Sayın {}",
    "ar": "السيدة {}",
    "pl": "Pani {}",
    "uk": "пані {}",
}
_MONEY = {"longest": (1234567, 125000), "shortest": (500, 500), "typical": (65000, 5000)}
"""The amount that is open and the amount a month, in cents."""
_DAYS = {"longest": date(2026, 9, 30), "shortest": date(2026, 5, 1), "typical": date(2026, 11, 1)}
_LATER = {"longest": date(2026, 12, 24), "shortest": date(2026, 6, 1), "typical": date(2026, 12, 25)}
_CALL_AT = {"longest": "15:00", "shortest": "9:00", "typical": "10:00"}


@lru_cache(maxsize=32)
def sample_values(size: str, language: str) -> Mapping[str, str]:
    """Return values for every placeholder; size is longest, shortest or typical. Raises KeyError or ValueError."""
    base = base_language(language)
    open_cents, month_cents = _MONEY[size]
    later = spoken_date(_LATER[size], base)
    return MappingProxyType(
        {
            **_NAMES[size],
            "name": _TITLES[base].format(_PEOPLE[size]),
            "amount": euro(open_cents, base),
            "month_amount": euro(month_cents, base),
            "last_amount": euro(month_cents, base),
            "plan_dates": f"- {later}: {euro(month_cents, base)}\n- {later}: {euro(month_cents, base)}",
            "costs": euro(sample_costs(size), base),
            "total_with_costs": euro(open_cents + sample_costs(size), base),
            "since": spoken_date(_DAYS[size], base),
            "first_on": later,
            "last_on": later,
            "promise_on": later,
            "call_at": f"{later}, {_CALL_AT[size]}",
        }
    )


def sample_amount(size: str) -> int:
    """Return the open amount of a sample in cents."""
    return _MONEY[size][0]


def sample_costs(size: str) -> int:
    """Return the collection costs of a sample in cents."""
    return collection_costs(_MONEY[size][0], _LATER[size])
