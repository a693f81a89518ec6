"""Values of a ladder in words, Dutch and English, for the lines of a difference."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any

from schedules.difference_words import CODES, FIELDS, WEEKDAYS, Text
from schedules.ladder import (
    AfterOutcome,
    Clock,
    DayOfMonth,
    DaysAfterDue,
    DaysAfterStep,
    DaysFromDate,
    Gap,
    Ladder,
    MonthsInArrears,
    OnlyIf,
    Option,
    ReferralState,
    Slack,
    StepOutcome,
)
from schedules.reasons import day_text, money_text
from schedules.targets import targets

NOTHING: Text = ("niets", "nothing")
USUAL_ENDS = frozenset({"skipped", "no_channel"})


def both(text: str) -> Text:
    """Return the same text for both languages."""
    return text, text


def value_text(code: str, value: Any, ladder: Ladder | None, other: Any) -> Text:
    """Write one value in words; `code` names its field, `other` is the value it is compared with."""
    match value:
        case None:
            return NOTHING
        case bool():
            return ("ja", "yes") if value else ("nee", "no")
        case int():
            return _number(code, value)
        case Gap():
            return _gap(value, ladder)
        case date():
            return day_text(value), day_text(value, True)
        case StrEnum() | str():
            return _word(code, str(value), ladder)
        case Option():
            return f"{value.title['nl']} ({value.key})", f"{value.title['en']} ({value.key})"
        case ReferralState():
            return _joined((_word("target", value.target, ladder), _set("states", value.states, ladder)), ": ")
        case StepOutcome():
            return _joined((_word("step", value.step, ladder), _set("outcomes", value.outcomes, ladder)), ": ")
        case OnlyIf():
            return _condition(value, ladder)
        case Slack():
            return _slack(value, ladder)
        case Mapping():
            return _title(value, other)
        case frozenset():
            return _set(code, value, ladder)
        case tuple():
            return _joined((value_text(code, each, ladder, None) for each in value), ", ") if value else NOTHING
    return both(str(value))


def clock_text(clock: Clock, ladder: Ladder | None) -> Text:
    """Write when a clock comes."""
    match clock:
        case DaysAfterDue(days=days):
            return _filled("{0} na de vervaldag", "{0} after the due date", _days(days, ladder))
        case DaysAfterStep(step=step, days=days, even_if=ends):
            found = _filled(
                "{0} na de stap '{1}'", "{0} after the step '{1}'", _days(days, ladder), _step(step, ladder)
            )
            if ends == USUAL_ENDS:
                return found
            known = _set("even_if", ends, ladder)
            return _filled("{0} (ook als die eindigde met: {1})", "{0} (also when it ended with: {1})", found, known)
        case MonthsInArrears(months=months):
            number = value_text("months", months, ladder, None)
            return _filled("bij {0} maanden achterstand", "at {0} months in arrears", number)
        case DayOfMonth(day=day):
            number = value_text("day", day, ladder, None)
            return _filled("op dag {0} van de maand", "on day {0} of the month", number)
        case AfterOutcome(step=step, outcomes=outcomes):
            words = (_step(step, ladder), _set("outcomes", outcomes, ladder))
            return _filled("als de stap '{0}' eindigt met: {1}", "when the step '{0}' ends with: {1}", *words)
        case DaysFromDate(date=name, days=int(days)) if days < 0:
            words = (_days(-days, ladder), _word("date", name, ladder))
            return _filled("{0} voor de datum: {1}", "{0} before the date: {1}", *words)
        case DaysFromDate(date=name, days=days):
            words = (_days(days, ladder), _word("date", name, ladder))
            return _filled("{0} na de datum: {1}", "{0} after the date: {1}", *words)


def _filled(nl: str, en: str, *values: Text) -> Text:
    return nl.format(*(value[0] for value in values)), en.format(*(value[1] for value in values))


def _number(code: str, value: int) -> Text:
    if "amount" in code:
        return money_text(value), money_text(value, True)
    if code.endswith("weekdays"):
        return WEEKDAYS[value]
    return both(str(value))


def _days(value: int | Gap, ladder: Ladder | None) -> Text:
    if value == 1:
        return "1 dag", "1 day"
    return _filled("{0} dagen", "{0} days", value_text("days", value, ladder, None))


def _gap(gap: Gap, ladder: Ladder | None) -> Text:
    title = next((note.title for note in ladder.gaps if note.name == gap.name), None) if ladder else None
    words = (title["nl"], title["en"]) if title else both(gap.name)
    return _filled("[zelf invullen: {0}]", "[fill in: {0}]", words)


def _word(code: str, value: str, ladder: Ladder | None) -> Text:
    if code in ("step", "step_needs_steps"):
        return _step(value, ladder)
    if code in ("step_stage", "stages"):
        return _stage(value, ladder)
    if code in ("target", "step_target") and value in targets():
        return targets()[value]["nl"], targets()[value]["en"]
    return CODES.get(value, both(value.replace("_", " ") if code not in FREE else value))


FREE = frozenset({"source_document", "source_lines", "source_description", "step_lines"})
"""Fields with a text of the writer's own, kept as it is."""


def _step(key: str, ladder: Ladder | None) -> Text:
    step = ladder.step(key) if ladder else None
    return (step.title["nl"], step.title["en"]) if step else both(key)


def _stage(key: str, ladder: Ladder | None) -> Text:
    title = next((stage.title for stage in ladder.stages if stage.key == key), None) if ladder else None
    return (title["nl"], title["en"]) if title else both(key)


def _title(value: Mapping[str, str], other: Any) -> Text:
    """Write a title; where only the other language differs, both stand there."""
    same = isinstance(other, Mapping)
    nl, en = value["nl"], value["en"]
    return (
        f"{nl} (Engels: {en})" if same and other["nl"] == nl else nl,
        f"{en} (Dutch: {nl})" if same and other["en"] == en else en,
    )


def _set(code: str, values: Iterable[Any], ladder: Ladder | None) -> Text:
    ordered = sorted(values, key=str)
    return _joined((value_text(code, each, ladder, None) for each in ordered), ", ") if ordered else NOTHING


def _joined(texts: Iterable[Text], between: str) -> Text:
    pairs = list(texts)
    return between.join(nl for nl, _ in pairs), between.join(en for _, en in pairs)


def _condition(condition: OnlyIf, ladder: Ladder | None) -> Text:
    plain = OnlyIf()
    names = [each.name for each in fields(condition) if getattr(condition, each.name) != getattr(plain, each.name)]
    parts = [_entry(name, getattr(condition, name), ladder) for name in names]
    return _joined(parts, "; ") if parts else NOTHING


def _entry(name: str, value: Any, ladder: Ladder | None) -> Text:
    field = FIELDS.get(f"condition_{name}", both(name.replace("_", " ")))
    return field if value is True else _joined((field, value_text(name, value, ladder, None)), " ")


def _slack(slack: Slack, ladder: Ladder | None) -> Text:
    found = _filled(
        "{0} extra als: {1}", "{0} more when: {1}", _days(slack.days, ladder), _condition(slack.condition, ladder)
    )
    if not slack.stages:
        return found
    return _filled("{0} (fasen: {1})", "{0} (stages: {1})", found, _set("stages", slack.stages, ladder))
