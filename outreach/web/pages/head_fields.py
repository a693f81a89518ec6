"""What holds for a whole ladder as fields of a form, and back: name, source, reached, promises, more time."""

from datetime import date
from typing import Any

from outreach.web.forms import Wrong, read_date
from outreach.web.pages.step_conditions import Options, read_condition, typed_condition
from outreach.web.pages.step_form import LONG, Reader, Typed, gap_name, shown
from outreach.web.pages.step_words import EXCLUSIONS, PROMISES, REACHED
from outreach.web.translation import _
from schedules.draft_stages import stage_keys
from schedules.drafting import Data, add_step, new_key

NO_LINES = "-"
"""What stands in a file for a source without lines."""

COUNTS = ("attempts", "channels", "day_parts")


def typed_head(data: Data) -> Typed:
    """Write what holds for a whole ladder as the values of its fields."""
    source, reached = data["source"], data.get("reached", "standard")
    values: dict[str, tuple[str, ...]] = {
        "title_nl": (data["title"]["nl"],),
        "title_en": (data["title"]["en"],),
        "document": (source["document"],),
        "year": (str(source["year"]),),
        "lines": ("" if source["lines"] == NO_LINES else source["lines"],),
        "description": (source["description"],),
        "valid_from": (data["valid_from"],),
        "valid_to": (data.get("valid_to", ""),),
        "pilot_of": (data.get("pilot_of", ""),),
        "reached_how": ("standard" if reached == "standard" else "own",),
        "reached": tuple(REACHED) if reached == "standard" else tuple(reached),
        "exclusions": tuple(data.get("exclusions", ())),
        "slack": tuple(str(place) for place in range(len(data.get("slack", ())))),
        **{f"promise-{name}": (str(data.get("promises", {}).get(name, "")),) for name in PROMISES},
    }
    for name in COUNTS:
        value = data["not_reached"].get(name, 1)
        values |= {f"count-{name}": (shown(value),), f"gap-count-{name}": gap_name(value)}
    for place, slack in enumerate(data.get("slack", ())):
        prefix = f"slack{place}"
        values |= {f"{prefix}-days": (shown(slack["days"]),), f"gap-{prefix}-days": gap_name(slack["days"])}
        values |= {f"{prefix}-stages": tuple(slack.get("stages", ())), **typed_condition(prefix, slack["if"])}
    return Typed(values=values)


def read_head(form: Typed, data: Data, areas: Options, others: list[str]) -> tuple[Reader, Data]:
    """Read the form; return the reader with what is wrong, and the parts of the data (None takes one away)."""
    reader = Reader(form, data, "ladder")
    dutch = reader.text("title_nl")
    english = reader.text("title_en", required=False)
    copied = english in ("", data["title"]["nl"])
    changes: Data = {
        "title": {"nl": dutch, "en": dutch if copied else english},
        "source": {
            "document": reader.text("document"),
            "year": reader.number("year", least=1900, most=2200),
            "lines": reader.text("lines", required=False) or NO_LINES,
            "description": reader.text("description", most=LONG),
        },
        **_term(reader),
        "pilot_of": reader.choice("pilot_of", others, required=False),
        "reached": _reached(reader),
        "not_reached": {name: reader.number(f"count-{name}", least=1, most=50) for name in COUNTS},
        "promises": _promises(reader) or None,
        "exclusions": reader.choices("exclusions", [*EXCLUSIONS, *data.get("exclusions", ())]) or None,
        "slack": _slack(reader, data, areas) or None,
    }
    if isinstance(changes["source"]["year"], str):
        reader.errors["year"] = _("Vul een heel getal in.")
    return reader, changes


def with_head(data: Data, changes: Data) -> Data:
    """Put what was read into the data; who is newly excluded gets a step in which people take over."""
    new = {**data, **changes}
    for flag in changes.get("exclusions") or ():
        if flag not in data.get("exclusions", ()):
            new = _handed_to_people(new, flag)
    return {name: value for name, value in new.items() if value is not None}


def _handed_to_people(data: Data, flag: str) -> Data:
    if any(flag in step.get("only_if", {}).get("flag", ()) for step in data["steps"]):
        return data
    words = _(EXCLUSIONS[flag]) if flag in EXCLUSIONS else flag.replace("_", " ")
    title = _("Mensen nemen het over: %(what)s", what=words)
    step = {"stage": stage_keys(data)[-1], "kind": "decision", "title": {"nl": title, "en": title}}
    clean = {name: value for name, value in data.items() if name != "exclusions"}
    added = add_step(clean, {**step, "when": {"days_after_due": 0}, "only_if": {"flag": [flag]}})
    return {**added, "exclusions": data["exclusions"]}


def new_slack(form: Typed) -> Typed:
    """Add an empty row for somebody who gets more time."""
    places = form.all("slack")
    place = new_key("rij", [f"rij_{each}" for each in places] or ["rij"]).removeprefix("rij_")
    return Typed(values={**form.values, "slack": (*places, place), f"slack{place}-rows": ("flag",)})


def _term(reader: Reader) -> Data:
    start, end = _day(reader, "valid_from") or "", _day(reader, "valid_to", required=False)
    if start and end and end < start:
        reader.errors["valid_to"] = _("De laatste dag ligt voor de eerste. Kies een latere dag.")
    return {"valid_from": start, "valid_to": end}


def _day(reader: Reader, name: str, *, required: bool = True) -> str | None:
    found = reader.text(name, required=required)
    if not found:
        return None
    try:
        day: date = read_date(found)
    except Wrong as wrong:
        reader.errors[name] = str(wrong)
        return None
    return day.isoformat()


def _reached(reader: Reader) -> Any:
    if reader.form.value("reached_how") != "own":
        return "standard"
    return reader.choices("reached", dict.fromkeys([*REACHED, *reader.form.all("reached")]), required=True)


def _promises(reader: Reader) -> dict[str, Any]:
    found = {name: reader.optional_number(f"promise-{name}") for name in PROMISES}
    for name, value in found.items():
        if isinstance(value, str):
            reader.errors[f"promise-{name}"] = _("Vul een heel getal in.")
    return {name: value for name, value in found.items() if value is not None}


def _slack(reader: Reader, data: Data, areas: Options) -> list[Data]:
    found: list[Data] = []
    for place in reader.form.all("slack"):
        prefix = f"slack{place}"
        condition = read_condition(prefix, reader, data, areas)
        stages = reader.choices(f"{prefix}-stages", stage_keys(data))
        if condition:
            days = reader.number(f"{prefix}-days", least=1, most=365, example=14)
            found.append({"if": condition, "days": days, **({"stages": stages} if stages else {})})
    return found
