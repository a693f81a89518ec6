"""Write money, days, moments, names and numbers as people say them; filters for the templates."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency
from flask import Flask

from outreach.web.context import runtime, today
from outreach.web.translation import _, counted, language

LOCALES = {"nl": "nl_NL", "en": "en_GB"}
MIDNIGHT = "00:00"
_DAYS_NEAR = 14
_DAYS_WEEKS = 70


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        money=money, day=day, short_day=short_day, moment=moment, clock=clock, relative=relative, full_day=full_day,
        day_before=day_before, phone=phone, language_name=language_name,
    )  # fmt: skip


def money(cents: int | None) -> str:
    """Write cents as `€ 1.234,56`; an unknown amount is a dash."""
    if cents is None:
        return "–"
    pattern = "¤ #,##0.00;-¤ #,##0.00" if language() == "nl" else "¤#,##0.00;-¤#,##0.00"
    return format_currency(Decimal(cents).scaleb(-2), "EUR", locale=_locale(), format=pattern)


def day(value: date | datetime | None) -> str:
    """Write a day as `dinsdag 24 november, over 3 dagen`."""
    if value is None:
        return "–"
    return f"{full_day(value)}, {relative(value)}"


def full_day(value: date | datetime | None) -> str:
    """Write a day as `dinsdag 24 november`, with the year when it is another one."""
    if value is None:
        return "–"
    civil = _civil(value)
    return format_date(civil, "EEEE d MMMM" if civil.year == today().year else "EEEE d MMMM y", locale=_locale())


def day_before(value: date) -> date:
    """Give the last day of a period that ends with this day, which is not part of it."""
    return value - timedelta(days=1)


def short_day(value: date | datetime | None) -> str:
    """Write a day as `di 24 nov`, with the year when it is another one."""
    if value is None:
        return "–"
    civil = _civil(value)
    return format_date(civil, "EEE d MMM" if civil.year == today().year else "d MMM y", locale=_locale())


def moment(value: datetime | None) -> str:
    """Write a moment as `vandaag 14:05`, `morgen 09:30` or `di 24 nov 14:05`, in Dutch civil time.

    Midnight is how a day without an hour is kept: it is written as that day only.
    """
    if value is None:
        return "–"
    near = {-1: _("gisteren"), 0: _("vandaag"), 1: _("morgen")}
    day_words = near.get((_civil(value) - today()).days) or short_day(value)
    return day_words if clock(value) == MIDNIGHT else f"{day_words} {clock(value)}"


def clock(value: datetime | None) -> str:
    """Write the time of a moment as `14:05`, in Dutch civil time."""
    return "–" if value is None else runtime().calendar.local(value).strftime("%H:%M")


def relative(value: date | datetime | None) -> str:
    """Write the distance of a day as `over 3 dagen`, `gisteren`, `5 weken geleden`."""
    if value is None:
        return "–"
    days = (_civil(value) - today()).days
    named = {-1: _("gisteren"), 0: _("vandaag"), 1: _("morgen")}.get(days)
    if named:
        return named
    return _ahead(days) if days > 0 else _ago(-days)


def _ahead(days: int) -> str:
    if days <= _DAYS_NEAR:
        return counted("over %(num)s dag", "over %(num)s dagen", days)
    if days <= _DAYS_WEEKS:
        return counted("over %(num)s week", "over %(num)s weken", round(days / 7))
    return counted("over %(num)s maand", "over %(num)s maanden", round(days / 30.4))


def _ago(days: int) -> str:
    if days <= _DAYS_NEAR:
        return counted("%(num)s dag geleden", "%(num)s dagen geleden", days)
    if days <= _DAYS_WEEKS:
        return counted("%(num)s week geleden", "%(num)s weken geleden", round(days / 7))
    return counted("%(num)s maand geleden", "%(num)s maanden geleden", round(days / 30.4))


def phone(value: str) -> str:
    """Write a Dutch mobile number as `06 12 34 56 78`, others as they are."""
    if value.startswith("+316") and len(value) == 12:
        rest = value[4:]
        return "06 " + " ".join(rest[place : place + 2] for place in range(0, 8, 2))
    return value


def language_name(code: str) -> str:
    """Write the name of a language in the language of the screen: `Turks`, `Turkish`."""
    try:
        return Locale.parse(code).get_display_name(language()) or code
    except (UnknownLocaleError, ValueError):
        return code


def _civil(value: date | datetime) -> date:
    return runtime().calendar.day_of(value) if isinstance(value, datetime) else value


def _locale() -> str:
    return LOCALES[language()]
