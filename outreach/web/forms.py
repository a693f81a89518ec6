"""Forms as data: fields, what was typed, and what is wrong with it, beside the field; no input is ever lost."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Flask

from outreach.errors import OutreachError
from outreach.web.context import runtime
from outreach.web.translation import _, language

MOST = 10_000
_DUTCH_DATE = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_MONEY_MARKS = re.compile(r"[€\s\u00a0]")
TEXTS = frozenset({"text", "textarea", "tel", "email"})
_TRUE = frozenset({"on", "1", "yes", "true"})


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a form.

    kind: text, textarea, date, time, moment, money, number, select, checkbox, email, tel, password, hidden.
    `label`, `help` and the texts of `options` are Dutch msgids; options with a translated text of their own
    (a person's name) come with `translate=False`.
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    help: str = ""
    options: Sequence[tuple[str, str]] = ()
    translate: bool = True
    initial: str = ""
    autocomplete: str = "off"


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form as it stands on the page: `values` as typed, `errors` per field, `problem` for the whole."""

    fields: Sequence[Field]
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    clean: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None

    @property
    def valid(self) -> bool:
        """Tell whether every field could be read."""
        return not self.errors and self.problem is None

    def value(self, name: str) -> str:
        """Return what stands in a field."""
        return self.values.get(name, "")

    def field(self, name: str) -> Field:
        """Return a field by its name; raise KeyError when there is none."""
        return {each.name: each for each in self.fields}[name]

    def refused(self, error: OutreachError) -> "Form":
        """Return the same form with the text of an error from a service."""
        return replace(self, problem=error.text(language()))


class Wrong(Exception):
    """What was typed cannot be read; the text stands beside the field."""


def init_app(app: Flask) -> None:
    """Give templates the blank form."""
    app.jinja_env.globals["blank_form"] = blank


def blank(fields: Sequence[Field], **initial: str) -> Form:
    """Make an empty form, with `initial` values over those of the fields."""
    return Form(fields=fields, values={each.name: initial.get(each.name, each.initial) for each in fields})


def read(fields: Sequence[Field], source: Mapping[str, str]) -> Form:
    """Read what was typed; `clean` holds str, date, time, datetime (UTC), cents, int or bool, None when left empty."""
    values = {each.name: source.get(each.name, "").strip()[:MOST] for each in fields}
    clean: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for each in fields:
        try:
            clean[each.name] = _read_field(each, values[each.name])
        except Wrong as wrong:
            errors[each.name] = str(wrong)
    return Form(fields=fields, values=values, errors=errors, clean=clean)


def _read_field(each: Field, typed: str) -> Any:
    if each.kind == "checkbox":
        return typed in _TRUE
    if not typed:
        if each.required:
            raise Wrong(_("Vul dit in."))
        return "" if each.kind in TEXTS else None
    if each.kind == "select":
        if typed not in {code for code, _text in each.options}:
            raise Wrong(_("Kies een van de mogelijkheden."))
        return typed
    return READERS.get(each.kind, str)(typed)


def read_date(typed: str) -> date:
    """Read `2026-11-24` or `24-11-2026`; raise Wrong."""
    try:
        if found := _DUTCH_DATE.fullmatch(typed):
            day, month, year = map(int, found.groups())
            return date(year, month, day)
        return date.fromisoformat(typed)
    except ValueError:
        raise Wrong(_("Deze datum bestaat niet. Schrijf hem zo: 24-11-2026.")) from None


def read_time(typed: str) -> time:
    """Read `14:05` or `14.05`; raise Wrong."""
    try:
        return time.fromisoformat(typed.replace(".", ":").zfill(5))
    except ValueError:
        raise Wrong(_("Deze tijd kunnen wij niet lezen. Schrijf hem zo: 14:05.")) from None


def read_moment(typed: str) -> datetime:
    """Read `2026-11-24T14:05` as Dutch civil time into UTC; raise Wrong."""
    day, _between, clock = typed.replace(" ", "T").partition("T")
    return runtime().calendar.utc(read_date(day), read_time(clock or "00:00"))


def read_money(typed: str) -> int:
    """Read `€ 1.234,56`, `1234,56`, `1234.56` or `50` as cents; raise Wrong."""
    plain = _MONEY_MARKS.sub("", typed)
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(\.\d{3})+", plain):
        plain = plain.replace(".", "")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount <= 0 or amount >= 10_000_000 or amount != round(amount, 2):
        raise Wrong(_("Dit bedrag kunnen wij niet lezen. Schrijf het zo: 125,50."))
    return int(amount * 100)


def read_number(typed: str) -> int:
    """Read a whole number from 0; raise Wrong."""
    if not typed.isdecimal() or len(typed) > 9:
        raise Wrong(_("Vul een heel getal in."))
    return int(typed)


def read_email(typed: str) -> str:
    """Read a mail address; raise Wrong."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", typed):
        raise Wrong(_("Dit is geen e-mailadres. Er hoort een @ in."))
    return typed


READERS: Mapping[str, Callable[[str], Any]] = {
    "date": read_date,
    "time": read_time,
    "moment": read_moment,
    "money": read_money,
    "number": read_number,
    "email": read_email,
}
