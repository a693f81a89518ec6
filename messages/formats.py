"""How money and days are written for people: one place, by Babel."""

import re
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency

from messages.languages import text_language

_SPACES = re.compile("[\u00a0\u202f]")
_MONEY = {
    "nl": "¤ #,##0.00",
    "en": "¤#,##0.00",
    "tr": "¤ #,##0.00",
    "ar": "#,##0.00 ¤",
    "pl": "#,##0.00 ¤",
    "uk": "#,##0.00 ¤",
}
_DAY = "EEEE d MMMM"


def euro(cents: int, language: str = "nl") -> str:
    """Write an amount in integer cents as people read it: `€ 1.234,50` (nl) or `€1,234.50` (en).

    The space is an ordinary one: Babel's no-break space would turn an SMS into UCS-2.
    """
    known = text_language(language)
    written = format_currency(
        Decimal(abs(cents)).scaleb(-2), "EUR", locale=known.locale, format=_MONEY[known.base], numbering_system="latn"
    )
    return ("-" if cents < 0 else "") + _SPACES.sub(" ", written)


def spoken_date(day: date, language: str = "nl") -> str:
    """Write a Dutch civil date as people say it: `dinsdag 24 november`."""
    return format_date(day, _DAY, locale=text_language(language).locale)
