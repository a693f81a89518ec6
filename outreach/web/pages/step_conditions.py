"""Conditions on the facts in a form: "alleen als" and "niet als", one row per condition that is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale, UnknownLocaleError

from outreach.web.pages.step_form import Reader, Typed, gap_name, shown
from outreach.web.pages.step_words import CONDITIONS, LANGUAGES, OUTCOMES
from outreach.web.translation import _, language
from schedules.drafting import Data
from schedules.targets import targets

MONEY = frozenset({"amount_at_least", "amount_below"})
NUMBERS = frozenset({"months_at_least", "months_below"})
YES = frozenset({"reached", "not_reached", "promise_broken", "plan_broken", "paid_in_part"})
WITH_LANGUAGES = frozenset({"language", "not_language"})

Options = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One condition in the form: what to show for it. kind: money, number, yes, checks, referral, outcome."""

    name: str
    label: str
    kind: str
    options: Options
    first: Options


def kind_of(name: str) -> str:
    """Return how a condition is filled in."""
    if name in MONEY:
        return "money"
    if name in NUMBERS:
        return "number"
    if name in YES:
        return "yes"
    return name if name in ("referral", "outcome") else "checks"


def typed_condition(prefix: str, condition: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Write a condition as the values of its fields."""
    values: dict[str, tuple[str, ...]] = {f"{prefix}-rows": tuple(condition)}
    for name, value in condition.items():
        where = f"{prefix}-{name}"
        match kind_of(name):
            case "money":
                values[where] = (shown(value) if isinstance(value, str) else f"{value // 100},{value % 100:02d}",)
                values[f"gap-{where}"] = gap_name(value)
            case "number":
                values[where], values[f"gap-{where}"] = (shown(value),), gap_name(value)
            case "yes":
                values[where] = ("1",) if value else ()
            case "referral":
                values[f"{where}-target"], values[f"{where}-states"] = (value["target"],), tuple(value["states"])
            case "outcome":
                values[f"{where}-step"], values[f"{where}-outcomes"] = (value["step"],), tuple(value["outcomes"])
            case _:
                values[where] = tuple(value)
    return values


def rows(prefix: str, form: Typed, data: Data, areas: Options) -> list[Row]:
    """Return the conditions that stand in a form."""
    return [_row(prefix, name, form, data, areas) for name in form.all(f"{prefix}-rows") if name in CONDITIONS]


def more(prefix: str, form: Typed) -> Options:
    """Return the conditions that can still be added."""
    there = form.all(f"{prefix}-rows")
    return [(name, _(label)) for name, (label, _choices) in CONDITIONS.items() if name not in there]


def read_condition(prefix: str, reader: Reader, data: Data, areas: Options) -> dict[str, Any]:
    """Read the conditions of a form as data; what is wrong stands with the reader."""
    found: dict[str, Any] = {}
    for row in rows(prefix, reader.form, data, areas):
        where = f"{prefix}-{row.name}"
        value: Any
        match row.kind:
            case "money":
                value = reader.money(where)
            case "number":
                value = reader.number(where, least=1, most=120)
            case "yes":
                value = True
            case "referral":
                value = {
                    "target": reader.choice(f"{where}-target", [code for code, _text in row.first]),
                    "states": reader.choices(f"{where}-states", [code for code, _text in row.options], required=True),
                }
            case "outcome":
                value = {
                    "step": reader.choice(f"{where}-step", [code for code, _text in row.first]),
                    "outcomes": reader.choices(f"{where}-outcomes", [c for c, _text in row.options], required=True),
                }
            case _:
                value = reader.choices(where, [code for code, _text in row.options], required=True)
        found[row.name] = value
    return found


def _row(prefix: str, name: str, form: Typed, data: Data, areas: Options) -> Row:
    label, choices = CONDITIONS[name]
    first: Options = []
    options = [(code, _(text)) for code, text in choices.items()]
    if name in WITH_LANGUAGES:
        options = [(code, language_words(code)) for code in LANGUAGES]
    elif name == "area":
        options = areas
    elif name == "referral":
        first = target_options()
    elif name == "outcome":
        first = step_options(data, None)
        options = outcome_options(data, form.value(f"{prefix}-outcome-step"))
    kind = kind_of(name)
    ticked = form.all(f"{prefix}-{name}") if kind == "checks" else form.all(f"{prefix}-outcome-outcomes")
    options = with_ticked(options, ticked if kind in ("checks", "outcome") else ())
    return Row(name=name, label=_(label), kind=kind, options=options, first=first)


def with_ticked(options: Options, ticked: tuple[str, ...]) -> Options:
    """Add what a file ticked and the editor has no words for, so that it is not lost."""
    known = {code for code, _text in options}
    return [*options, *((code, code.replace("_", " ")) for code in ticked if code not in known)]


def target_options() -> Options:
    """Return the partners that a case can be handed to."""
    return [(code, titles[language()]) for code, titles in targets().items()]


def step_options(data: Data, keys: tuple[str, ...] | None) -> Options:
    """Return steps by key and title; `keys` narrows them."""
    return [(step["key"], step["title"][language()]) for step in data["steps"] if keys is None or step["key"] in keys]


def outcome_options(data: Data, key: str) -> Options:
    """Return how an attempt of a step can end, in words."""
    step = next((step for step in data["steps"] if step["key"] == key), None)
    if step is None:
        return []
    if step["kind"] == "decision":
        return [(option["key"], option["title"][language()]) for option in step.get("options", ())]
    return [(code, _(text)) for code, text in OUTCOMES[step["kind"]].items()]


def language_words(code: str) -> str:
    """Return the name of a language."""
    try:
        return Locale.parse(code).get_display_name(language()) or code
    except (UnknownLocaleError, ValueError):
        return code
