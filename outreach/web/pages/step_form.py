"""The form of one step of a ladder: what stands in it, and what was typed as changes of the step's data."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from outreach.web.forms import Wrong, read_money
from outreach.web.translation import N_, _
from schedules.drafting import Data, describe_gap

OPEN = "?"
"""What people type where a number is not known yet."""

MOST_DAYS = 3_650
SHORT, LONG = 200, 2_000
"""How many characters a name and an explanation may have."""

_WHOLE = re.compile(r"-?[0-9]{1,5}")


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A form as it stands: one or more values per name, errors per name, and the gaps that were opened."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return the first value of a field, empty when there is none."""
        found = self.values.get(name, ())
        return found[0] if found else ""

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a field."""
        return self.values.get(name, ())

    def has(self, name: str, value: str) -> bool:
        """Tell whether a value is among those of a field."""
        return value in self.values.get(name, ())

    def error(self, name: str) -> str:
        """Return what is wrong with a field, empty when nothing is."""
        return self.errors.get(name, "")

    def wrong(self, errors: Mapping[str, str]) -> "Typed":
        """Return the same form with these errors."""
        return replace(self, errors={**self.errors, **errors})


def too_long(most: int) -> str:
    """Say that a text has more characters than fit."""
    return _("Maak dit korter: hooguit %(most)s tekens.", most=most)


def typed(form: "MultiDict[str, str]") -> Typed:
    """Read a sent form as it was typed."""
    return Typed(values={name: tuple(value.strip() for value in form.getlist(name)) for name in form})


class Reader:
    """Reads fields one by one; keeps what is wrong beside the field, and the gaps that were opened."""

    def __init__(self, form: Typed, before: Data, prefix: str) -> None:
        self.form = form
        self.errors: dict[str, str] = {}
        self.gaps: list[tuple[str, Mapping[str, str], int]] = []
        self._before = before
        self._prefix = prefix

    def text(self, name: str, *, required: bool = True, most: int = SHORT) -> str:
        """Read a text of at most some characters."""
        found = self.form.value(name)
        if required and not found:
            self.errors[name] = _("Vul dit in.")
        if len(found) > most:
            self.errors[name] = too_long(most)
        return found

    def choice(self, name: str, options: Iterable[str], *, required: bool = True) -> str | None:
        """Read one of some options."""
        found = self.form.value(name)
        if not found and not required:
            return None
        if found not in set(options):
            self.errors[name] = _("Kies een van de mogelijkheden.")
            return None
        return found

    def choices(self, name: str, options: Iterable[str], *, required: bool = False) -> list[str]:
        """Read what was ticked, in the order of the options."""
        ticked = self.form.all(name)
        found = [option for option in options if option in ticked]
        if required and not found:
            self.errors[name] = _("Kruis er minstens een aan.")
        return found

    def number(self, name: str, *, least: int = 0, most: int = MOST_DAYS, example: int = 1) -> int | str | None:
        """Read a whole number; a question mark leaves it open, and gives the name of a gap. None when it is wrong."""
        found = self.form.value(name)
        if found == OPEN:
            return self._gap(name, example)
        if not _WHOLE.fullmatch(found):
            self.errors[name] = _("Vul een heel getal in.")
            return None
        if not least <= int(found) <= most:
            self.errors[name] = _("Kies een getal van %(least)s tot en met %(most)s.", least=least, most=most)
            return None
        return int(found)

    def optional_number(self, name: str, *, least: int = 0, example: int = 1) -> int | str | None:
        """Read a whole number or a question mark; None when it is left empty."""
        return self.number(name, least=least, example=example) if self.form.value(name) else None

    def money(self, name: str) -> int | str | None:
        """Read an amount as cents, or a question mark."""
        found = self.form.value(name)
        if found == OPEN:
            return self._gap(name, 10_000)
        try:
            return read_money(found)
        except Wrong as wrong:
            self.errors[name] = str(wrong)
            return None

    def with_gaps(self, data: Data) -> Data:
        """Describe the gaps that were opened in the data."""
        for name, title, example in self.gaps:
            data = describe_gap(data, name, title, example)
        return data

    def _gap(self, name: str, example: int) -> str:
        old = self.form.value(f"gap-{name}")
        known = {gap["name"] for gap in self._before.get("gaps", [])}
        if old in known:
            return f"~{old}"
        gap = f"{self._prefix}_{name}".replace("-", "_")
        about = self.form.value("title_nl") or self._prefix
        what = GAP_WORDS.get(name.rpartition("-")[2], N_("een getal"))
        self.gaps.append((gap, {"nl": f"{about}: {what}", "en": f"{about}: {what}"}, example))
        return f"~{gap}"


GAP_WORDS: Mapping[str, str] = {
    "due_days": N_("dagen na de vervaldag"),
    "after_days": N_("dagen na de vorige stap"),
    "months": N_("maanden achterstand"),
    "monthday": N_("dag van de maand"),
    "date_days": N_("dagen voor of na de datum"),
    "tries_max": N_("aantal pogingen"),
    "tries_gap": N_("dagen tussen de pogingen"),
    "pause_days": N_("dagen rust"),
    "payday_within_days": N_("dagen tot de betaaldag"),
    "amount_at_least": N_("bedrag"),
    "amount_below": N_("bedrag"),
    "months_at_least": N_("maanden achterstand"),
    "months_below": N_("maanden achterstand"),
}


def shown(value: Any) -> str:
    """Write a number as it stands in a field; a gap is a question mark."""
    return OPEN if isinstance(value, str) and value.startswith("~") else str(value)


def gap_name(value: Any) -> tuple[str, ...]:
    """Return the name of a gap as the value of its hidden field, nothing for a number."""
    return (value[1:],) if isinstance(value, str) and value.startswith("~") else ()
