"""Dutch civil time: local days, days without contact, working days. The one place that converts time zones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import yaml

from schedules.decisions import Reason
from schedules.errors import LawError

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SATURDAY = 5
SUNDAY = 6
RULE_KEYS = frozenset({"contact_hours", "sundays", "public_holidays", "liberation_day", "good_friday", "equated_days"})


@dataclass(frozen=True, kw_only=True)
class LawRule:
    """One rule of law with its source; `values` holds the rest of its fields."""

    key: str
    source: str
    valid_from: date
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class LawRules:
    """A document of law rules: every version of every rule, oldest first."""

    name: str
    title: Mapping[str, str]
    rules: tuple[LawRule, ...]

    def rule(self, key: str, day: date) -> LawRule | None:
        """Return the version of a rule that binds on a civil day, None when none does yet."""
        valid = [rule for rule in self.rules if rule.key == key and rule.valid_from <= day]
        return max(valid, key=lambda rule: rule.valid_from, default=None)


def load_law(text: str | None = None) -> LawRules:
    """Read law rules from YAML text, or the shipped `law/nl.yaml`; raise LawError when it has faults."""
    content = text if text is not None else files("schedules").joinpath("law/nl.yaml").read_text("utf-8")
    try:
        data = yaml.safe_load(content)
        rules = tuple(_law_rule(entry) for entry in data["rules"])
        return LawRules(name=data["law"], title=data["title"], rules=rules)
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise LawError(f"law rules cannot be read: {error!r}") from error


def _law_rule(entry: Mapping[str, Any]) -> LawRule:
    values = dict(entry)
    key, source, valid_from = values.pop("key"), values.pop("source"), values.pop("valid_from")
    if key not in RULE_KEYS:
        raise LawError(f"unknown rule of law {key!r}; known are {', '.join(sorted(RULE_KEYS))}")
    if key == "contact_hours":
        values = {name: time.fromisoformat(values[name]) for name in ("opens", "closes")}
    return LawRule(key=key, source=source, valid_from=valid_from, values=MappingProxyType(values))


def to_local(at: datetime) -> datetime:
    """Return an aware moment in Dutch civil time."""
    return at.astimezone(AMSTERDAM)


class Calendar:
    """Answer on which civil days and from when contact is lawful; caches per year and per day."""

    def __init__(self, law: LawRules) -> None:
        self.law = law
        self._years: dict[int, dict[date, Reason]] = {}
        self._days: dict[date, Reason | None] = {}
        self._hours: dict[date, tuple[time, time]] = {}

    def local(self, at: datetime) -> datetime:
        """Return an aware moment in Dutch civil time."""
        return at.astimezone(AMSTERDAM)

    def day_of(self, at: datetime) -> date:
        """Return the Dutch civil day of an aware moment."""
        return at.astimezone(AMSTERDAM).date()

    def utc(self, day: date, moment: time = time(0)) -> datetime:
        """Return the UTC moment of a Dutch civil day and time (the first one when the clock goes back)."""
        return datetime.combine(day, moment, tzinfo=AMSTERDAM).astimezone(UTC)

    def legal_hours(self, day: date) -> tuple[time, time]:
        """Return the lawful hours of a day, half-open: [opens, closes) (Bki 4.2 lid 1)."""
        found = self._hours.get(day)
        if found is None:
            rule = self.law.rule("contact_hours", day)
            found = (rule.values["opens"], rule.values["closes"]) if rule else (time(0), time.max)
            self._hours[day] = found
        return found

    def why_not_day(self, day: date) -> Reason | None:
        """Say why there is no contact on a civil day, None when there may be (Bki 4.2 lid 2)."""
        if day not in self._days:
            self._days[day] = self._find_why_not(day)
        return self._days[day]

    def _find_why_not(self, day: date) -> Reason | None:
        if day.weekday() == SUNDAY and self.law.rule("sundays", day):
            return Reason(code="sunday", params={"day": day})
        return self._year(day.year).get(day)

    def is_contact_day(self, day: date) -> bool:
        """Say whether contact is lawful on a civil day."""
        return self.why_not_day(day) is None

    def is_working_day(self, day: date) -> bool:
        """Say whether a civil day is Monday to Friday and no public holiday or day made equal."""
        return day.weekday() < SATURDAY and day not in self._year(day.year)

    def holiday_name(self, day: date) -> str | None:
        """Return the Dutch name of a public holiday or day made equal, None on other days."""
        reason = self._year(day.year).get(day)
        return str(reason.params["name"]) if reason else None

    def add_working_days(self, day: date, count: int) -> date:
        """Return the working day that is `count` working days after (before when negative) a day."""
        step = timedelta(days=1 if count >= 0 else -1)
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Count the working days after `first` up to and including `last` (Friday to Monday is 1)."""
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def _year(self, year: int) -> dict[date, Reason]:
        if year not in self._years:
            self._years[year] = dict(self._holidays(year))
        return self._years[year]

    def _holidays(self, year: int) -> list[tuple[date, Reason]]:
        public = [
            (day, Reason(code="public_holiday", params={"day": day, "name": name}))
            for day, name in self._public_holidays(year)
        ]
        return self._equated(year) + public

    def _public_holidays(self, year: int) -> list[tuple[date, str]]:
        kept = holidays.country_holidays("NL", years=year, language="nl")
        found = [(day, name) for day, name in kept.items() if self._is_public(day, name)]
        return found + self._liberation_day(year)

    def _is_public(self, day: date, name: str) -> bool:
        key = "good_friday" if name == "Goede vrijdag" else "public_holidays"
        return name != "Bevrijdingsdag" and self.law.rule(key, day) is not None

    def _liberation_day(self, year: int) -> list[tuple[date, str]]:
        rule = self.law.rule("liberation_day", date(year, 12, 31))
        if rule is None:
            return []
        day = date(year, rule.values["month"], rule.values["day"])
        return [(day, rule.values["name"])] if rule.valid_from <= day else []

    def _equated(self, year: int) -> list[tuple[date, Reason]]:
        rule = self.law.rule("equated_days", date(year, 12, 31))
        days = rule.values["days"] if rule else ()
        name = rule.values["name"] if rule else ""
        return [
            (day, Reason(code="equated_day", params={"day": day, "name": name})) for day in days if day.year == year
        ]
