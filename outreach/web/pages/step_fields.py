"""A step of a ladder as fields of a form, and back: every part of the language that an editor can set."""

from collections.abc import Mapping
from typing import Any

from messages.catalogue import Catalogue
from outreach.web.pages.step_conditions import (
    Options,
    outcome_options,
    read_condition,
    step_options,
    target_options,
    typed_condition,
    with_ticked,
)
from outreach.web.pages.step_form import LONG, Reader, Typed, gap_name, shown
from outreach.web.pages.step_words import (
    CLOCKS,
    DATES,
    DAY_PARTS,
    DECIDERS,
    ENDS,
    MEASURES,
    MESSAGE_CHANNELS,
    NEEDS,
    PURPOSES,
    SIDES,
    UNLESS,
    WEEKDAYS,
)
from outreach.web.translation import _
from schedules.drafting import Data, new_key, possible_before

PLACES = ("1", "2", "3", "4")
PARTS = ("1", "2", "3")
USUAL_ENDS = ("skipped", "no_channel")
CONTACTS = frozenset({"message", "robocall", "call", "visit"})
TEXTED = frozenset({"message", "robocall", "call", "visit", "card"})
OWN_CHANNEL = frozenset({"robocall", "call", "visit", "card"})


def typed_step(step: Data) -> Typed:
    """Write a step as the values of its fields."""
    note = step.get("note", {})
    values: dict[str, tuple[str, ...]] = {
        "title_nl": (step["title"]["nl"],),
        "title_en": (step["title"]["en"],),
        "stage": (step["stage"],),
        "template": (step.get("template", ""),),
        "target": (step.get("target", ""),),
        "purpose": (step.get("purpose", "collection"),),
        "decided_by": (step.get("decided_by", "staff"),),
        "unless": tuple(step.get("unless", ())),
        "needs": tuple(step.get("needs", ())),
        "needs_steps": tuple(step.get("needs_steps", ())),
        "measures": tuple(step.get("measures", ())),
        "asks_to_call": ("1",) if step.get("asks_to_call") else (),
        "ends_ladder": ("1",) if step.get("ends_ladder") else (),
        "expires_days": (str(step.get("expires_days", "")),),
        "note_nl": (note.get("nl", ""),),
        "lines": (step.get("lines", ""),),
        **{f"channel_{place}": (name,) for place, name in zip(PLACES, step.get("channels", ()), strict=False)},
        "option_key": tuple(option["key"] for option in step.get("options", ())),
        "option_title": tuple(option["title"]["nl"] for option in step.get("options", ())),
    }
    for part in ("only_if", "not_if"):
        values |= typed_condition(part, step.get(part, {}))
    return Typed(values=values | _typed_clocks(step["when"]) | _typed_tries(step))


def _typed_tries(step: Data) -> dict[str, tuple[str, ...]]:
    tries = step.get("attempts", {})
    numbers = {"tries_max": tries.get("max", 1), "tries_gap": tries.get("gap_days", 1)}
    numbers |= {name: step[name] for name in ("pause_days", "payday_within_days") if name in step}
    parts = {f"part_{place}": (name,) for place, name in zip(PARTS, tries.get("day_parts", ()), strict=False)}
    return {
        "weekdays": tuple(tries.get("weekdays", ())),
        "other_weekday": ("1",) if tries.get("other_weekday") else (),
        **parts,
        **_typed_numbers(numbers),
    }


def _typed_numbers(numbers: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    plain = {name: (shown(value),) for name, value in numbers.items()}
    return {**plain, **{f"gap-{name}": gap_name(value) for name, value in numbers.items()}}


def _typed_clocks(when: Data) -> dict[str, tuple[str, ...]]:
    values: dict[str, tuple[str, ...]] = {"clock": tuple(when), "after_ends": USUAL_ENDS, "date_side": ("after",)}
    for name, value in when.items():
        match name:
            case "days_after_due":
                values |= _typed_numbers({"due_days": value})
            case "months_in_arrears":
                values |= _typed_numbers({"months": value})
            case "day_of_month":
                values |= _typed_numbers({"monthday": value})
            case "days_after":
                ends = tuple(value.get("even_if", USUAL_ENDS))
                values |= {"after_step": (value["step"],), "after_ends": ends}
                values |= _typed_numbers({"after_days": value["days"]})
            case "after_outcome":
                values |= {"outcome_step": (value["step"],), "outcomes": tuple(value["outcomes"])}
            case "days_from_date":
                days = value["days"]
                early = isinstance(days, int) and days < 0
                values |= {"date_name": (value["date"],), "date_side": ("before" if early else "after",)}
                values |= _typed_numbers({"date_days": -days if early else days})
    return values


def choices(data: Data, key: str, form: Typed, catalogue: Catalogue, names: Mapping[str, str]) -> dict[str, Options]:
    """Return what can be chosen in the form of a step: steps, outcomes, texts, partners."""
    kind = next(step["kind"] for step in data["steps"] if step["key"] == key)
    before = possible_before(data, key)
    outcomes = outcome_options(data, form.value("outcome_step"))
    return {
        "before": step_options(data, before),
        "others": [(code, text) for code, text in step_options(data, None) if code != key],
        "outcomes": with_ticked(outcomes, form.all("outcomes") if outcomes else ()),
        "templates": [
            (name, _(names.get(name, name))) for name in templates_for(kind, catalogue, form.value("template"))
        ],
        "targets": target_options(),
    }


def templates_for(kind: str, catalogue: Catalogue, present: str = "") -> list[str]:
    """Return the texts that fit a kind of step; answers and texts about a plan are sent by the product itself."""
    channels = set(MESSAGE_CHANNELS) if kind == "message" else {kind}
    purposes = {template.name: template.purpose for template in catalogue}
    return [
        name
        for name in catalogue.names()
        if channels & set(catalogue.channels(name)) and (purposes[name] not in ("answer", "plan") or name == present)
    ]


def read_step(form: Typed, data: Data, key: str, catalogue: Catalogue, areas: Options) -> tuple[Reader, dict[str, Any]]:
    """Read the form of a step; return the reader with what is wrong, and the changes (None takes a part away)."""
    step = next(step for step in data["steps"] if step["key"] == key)
    reader = Reader(form, data, key)
    changes: dict[str, Any] = {
        "title": _title(reader, step),
        "stage": reader.choice("stage", [stage["key"] for stage in data["stages"]]),
        "when": _clocks(reader, data, key, step["kind"]),
        "unless": reader.choices("unless", UNLESS) or None,
        "only_if": read_condition("only_if", reader, data, areas) or None,
        "not_if": read_condition("not_if", reader, data, areas) or None,
        "needs": reader.choices("needs", NEEDS) or None,
        "needs_steps": reader.choices("needs_steps", [s["key"] for s in data["steps"] if s["key"] != key]) or None,
        "purpose": _unless_usual(reader.choice("purpose", _purposes(step)), "collection"),
        "expires_days": reader.optional_number("expires_days"),
        "ends_ladder": True if form.value("ends_ladder") else None,
        "pause_days": reader.optional_number("pause_days", least=1, example=30),
        "note": _note(reader, step),
        "lines": form.value("lines") or None,
        "measures": reader.choices("measures", _measures(step)) or None,
    }
    if isinstance(changes["expires_days"], str):
        reader.errors["expires_days"] = _("Vul een heel getal in.")
    return reader, changes | _of_kind(reader, step, catalogue)


def _of_kind(reader: Reader, step: Data, catalogue: Catalogue) -> dict[str, Any]:
    """Read what only some kinds of steps have."""
    kind = step["kind"]
    found: dict[str, Any] = _how(reader, kind, catalogue) if kind in TEXTED else {}
    if kind in CONTACTS:
        found |= _tries(reader)
        found["asks_to_call"] = True if reader.form.value("asks_to_call") else None
        found["payday_within_days"] = reader.optional_number("payday_within_days", least=1, example=5)
    if kind == "referral":
        found["target"] = reader.choice("target", [code for code, _text in target_options()])
    if kind == "decision":
        found["decided_by"] = _unless_usual(reader.choice("decided_by", DECIDERS), "staff")
        found["options"] = _options(reader, step) or None
    return found


def _purposes(step: Data) -> list[str]:
    return [*PURPOSES, step.get("purpose", "collection")]


def _measures(step: Data) -> list[str]:
    return list(dict.fromkeys([*MEASURES, *step.get("measures", ())]))


def _unless_usual(value: str | None, usual: str) -> str | None:
    return None if value == usual else value


def _title(reader: Reader, step: Data) -> dict[str, str]:
    """Read the name; an English name that was only a copy of the Dutch one follows it."""
    dutch, english = reader.text("title_nl"), reader.text("title_en", required=False)
    return {"nl": dutch, "en": dutch if english in ("", step["title"]["nl"]) else english}


def _note(reader: Reader, step: Data) -> dict[str, str] | None:
    dutch = reader.text("note_nl", required=False, most=LONG)
    old = step.get("note", {})
    return {"nl": dutch, "en": old["en"] if old.get("nl") == dutch else dutch} if dutch else None


def _clocks(reader: Reader, data: Data, key: str, kind: str) -> Data:
    chosen = reader.choices("clock", CLOCKS)
    if not chosen:
        reader.errors["clock"] = _("Kies wanneer deze stap komt.")
    if kind == "card" and chosen and "after_outcome" not in chosen:
        reader.errors["clock"] = _(
            "Een kaartje hoort bij een huisbezoek: kies 'meteen als een andere stap zo afloopt'."
        )
    return {name: _clock(name, reader, data, key) for name in chosen}


def _clock(name: str, reader: Reader, data: Data, key: str) -> Any:
    before = possible_before(data, key)
    match name:
        case "days_after_due":
            return reader.number("due_days", example=14)
        case "months_in_arrears":
            return reader.number("months", least=1, most=120)
        case "day_of_month":
            return reader.number("monthday", least=1, most=31)
        case "days_after":
            ends = reader.choices("after_ends", ENDS)
            clock = {"step": reader.choice("after_step", before), "days": reader.number("after_days", example=7)}
            return clock if tuple(ends) == USUAL_ENDS or not ends else {**clock, "even_if": ends}
        case "after_outcome":
            step = reader.choice("outcome_step", before)
            known = with_ticked(outcome_options(data, step or ""), reader.form.all("outcomes"))
            found = reader.choices("outcomes", [code for code, _text in known], required=True)
            return {"step": step, "outcomes": found}
        case _:
            days = reader.number("date_days", most=365, example=7)
            early = reader.choice("date_side", SIDES) == "before" and isinstance(days, int)
            return {"date": reader.choice("date_name", DATES), "days": -days if early else days}  # type: ignore[operator]


def _how(reader: Reader, kind: str, catalogue: Catalogue) -> dict[str, Any]:
    needed = kind in ("message", "robocall", "card")
    template = reader.choice("template", catalogue.names(), required=needed)
    if kind != "message":
        return {"template": template}
    chosen = [reader.form.value(f"channel_{place}") for place in PLACES]
    channels = list(dict.fromkeys(name for name in chosen if name in MESSAGE_CHANNELS or name.startswith("~")))
    if not channels:
        reader.errors["channel_1"] = _("Kies minstens een kanaal.")
    if template:
        missing = [name for name in channels if not name.startswith("~") and name not in catalogue.channels(template)]
        if missing:
            words = ", ".join(_(MESSAGE_CHANNELS[name]) for name in missing)
            reader.errors["template"] = _(
                "Deze tekst is er niet voor %(channels)s. Kies een andere tekst.", channels=words
            )
    return {"template": template, "channels": channels}


def _tries(reader: Reader) -> dict[str, Any]:
    most = reader.number("tries_max", least=1, most=20, example=3)
    apart = reader.number("tries_gap", most=90, example=2)
    parts = [reader.form.value(f"part_{place}") for place in PARTS]
    found: dict[str, Any] = {
        "max": most,
        "gap_days": apart,
        "day_parts": list(dict.fromkeys(part for part in parts if part in DAY_PARTS)),
        "weekdays": reader.choices("weekdays", WEEKDAYS),
        "other_weekday": bool(reader.form.value("other_weekday")),
    }
    usual = {"max": 1, "gap_days": 1, "day_parts": [], "weekdays": [], "other_weekday": False}
    kept = {name: value for name, value in found.items() if name == "max" or value != usual[name]}
    return {"attempts": None if found == usual else kept}


def _options(reader: Reader, step: Data) -> list[dict[str, Any]]:
    english = {option["title"]["nl"]: option["title"]["en"] for option in step.get("options", ())}
    keys, titles = list(reader.form.all("option_key")), reader.form.all("option_title")
    keys += [""] * (len(titles) - len(keys))
    found: list[dict[str, Any]] = []
    for key, title in zip(keys, titles, strict=False):
        if title:
            taken = [*keys, *(option["key"] for option in found)]
            found.append(
                {
                    "key": key or new_key(title, taken, "besluit"),
                    "title": {"nl": title, "en": english.get(title, title)},
                }
            )
    return found
