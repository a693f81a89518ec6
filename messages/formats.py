"""How money and days are written for people: one place, by Babel."""

import re
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from messages.languages import TextLanguage, text_language

_SPACES = re.compile("[\u00a0\u202f]")
_MONEY = {"nl": "€ {}", "en": "€{}", "tr": "€ {}", "ar": "{} يورو", "pl": "{} €", "uk": "{} €"}
"""Arabic names the euro in a word: the sign has no direction of its own and would change sides with its neighbours."""
_NUMBER = "#,##0.00"
_NUMBER_LOCALES = {"ar": "ar_MA"}
"""Arabic as the Maghreb writes numbers: Latin digits and a decimal comma, like every Dutch bill and bank."""
_UNGROUPED_BELOW = {"pl": 10_000}
"""Polish sets no space in a number of four digits (CLDR: minimum grouping digits 2)."""
_DAY = "EEEE d MMMM"
_DAYS = {"tr": "d MMMM EEEE", "pl": "d MMMM (EEEE)", "uk": "d MMMM (EEEE)"}
"""Polish and Ukrainian inflect the day of the week after a preposition; behind the date in brackets it stands alone."""


def euro(cents: int, language: str = "nl") -> str:
    """Write an amount in integer cents as people read it: `€ 1.234,50` (nl), `€1,234.50` (en), `1.234,50 يورو` (ar).

    The space is an ordinary one: Babel's no-break space would turn an SMS into UCS-2.
    """
    known = text_language(language)
    return ("-" if cents < 0 else "") + _MONEY[known.base].format(_number(Decimal(abs(cents)).scaleb(-2), known))


def _number(amount: Decimal, language: TextLanguage) -> str:
    written = format_decimal(
        amount,
        format=_NUMBER,
        locale=_NUMBER_LOCALES.get(language.base, language.locale),
        numbering_system="latn",
        group_separator=amount >= _UNGROUPED_BELOW.get(language.base, 0),
    )
    return _SPACES.sub(" ", written)


def spoken_date(day: date, language: str = "nl") -> str:
    """Write a Dutch civil date as people say it: `dinsdag 24 november`, in Polish `24 listopada (wtorek)`."""
    known = text_language(language)
    return format_date(day, _DAYS.get(known.base, _DAY), locale=known.locale)


def dated(day: date, language: str = "nl") -> str:
    """Write a Dutch civil date with its year and without the day of the week: `24 november 2026`."""
    return format_date(day, "d MMMM y", locale=text_language(language).locale)
