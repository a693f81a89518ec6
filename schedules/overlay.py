"""Lay the legal floor over a ladder: add the steps and needs that law asks and the ladder lacks (rules.md 41)."""

import copy
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

Data = dict[str, Any]

FLOOR = "legal_floor"
SUFFIX = "_met_bodem"
"""What the name of a shipped ladder ends with when the floor was laid over it."""


@lru_cache(maxsize=1)
def _floor() -> Data:
    text = files("schedules").joinpath("overlays", f"{FLOOR}.yaml").read_text("utf-8")
    found: Data = yaml.safe_load(text)
    return found


def with_floor(data: Mapping[str, Any]) -> Data:
    """Return ladder data with the legal floor; what the ladder has for every tenant is not added again.

    Added steps carry `added_by: legal_floor`. Laying the floor twice changes nothing more.
    """
    found: Data = copy.deepcopy(dict(data))
    floor = copy.deepcopy(_floor())
    roles = {entry["role"]: _own_step(found["steps"], entry["has"]) for entry in floor["steps"]}
    added = [entry for entry in floor["steps"] if roles[entry["role"]] is None]
    keys = {role: key or _key_of(floor, role) for role, key in roles.items()}
    found["steps"] += [_added(entry["step"], floor["stage"]["key"], keys) for entry in added]
    if added and floor["stage"]["key"] not in {stage["key"] for stage in found["stages"]}:
        found["stages"] = [*found["stages"], floor["stage"]]
    found["promises"] = {**floor["promises"], **found.get("promises", {})}
    for step in found["steps"]:
        _add_needs(step, floor["needs"].get(step.get("target"), []))
    return found


def is_whole(data: Mapping[str, Any]) -> bool:
    """Say whether the floor has nothing to add to a ladder."""
    return with_floor(data) == dict(data)


def floored(data: Mapping[str, Any]) -> Data:
    """Return a shipped ladder with the floor, under a name and titles that say so."""
    found = with_floor(data)
    title = _floor()["title"]
    found["ladder"] = f"{data['ladder']}{SUFFIX}"
    found["title"] = {language: f"{data['title'][language]}, {title[language]}" for language in data["title"]}
    return found


def _key_of(floor: Data, role: str) -> str:
    return next(str(entry["step"]["key"]) for entry in floor["steps"] if entry["role"] == role)


def _own_step(steps: list[Data], has: Data) -> str | None:
    return next((str(step["key"]) for step in steps if _does(step, has)), None)


def _does(step: Data, has: Data) -> bool:
    """Say whether a step does what the floor asks, and for every tenant."""
    for name, wanted in has.items():
        match name:
            case "template" | "target":
                fits = step.get(name) == wanted
            case "kinds":
                fits = step["kind"] in wanted
            case "date":
                fits = step["when"].get("days_from_date", {}).get("date") == wanted
            case _:
                fits = list(step["when"]) == [wanted]
        if not fits:
            return False
    return _is_for_everybody(step) and ("date" in has or "days_from_date" not in step["when"])


def _is_for_everybody(step: Data) -> bool:
    return not step.get("only_if") and not step.get("not_if") and "after_outcome" not in _unless_card(step)


def _unless_card(step: Data) -> Iterator[str]:
    """Yield the clocks of a step; a card always follows the outcome of its visit."""
    return iter(()) if step["kind"] == "card" else iter(step["when"])


def _added(step: Data, stage: str, keys: Mapping[str, str]) -> Data:
    clocks = {name: _resolved(value, keys) for name, value in step["when"].items()}
    return {**step, "stage": stage, "when": clocks, "added_by": FLOOR}


def _resolved(value: Any, keys: Mapping[str, str]) -> Any:
    if isinstance(value, dict) and str(value.get("step", "")).startswith("@"):
        return {**value, "step": keys[value["step"].removeprefix("@")]}
    return value


def _add_needs(step: Data, needs: list[str]) -> None:
    missing = [need for need in needs if need not in step.get("needs", [])]
    if missing:
        step["needs"] = [*step.get("needs", []), *missing]
