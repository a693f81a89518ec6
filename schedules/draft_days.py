"""The days of a ladder's steps as data: when each comes at the earliest, and moving a step to another day."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from schedules.drafting import Data, place_of, step_of

LAST_DAY_OF_MONTH = 31
Fills = Mapping[str, int | str]


@dataclass(frozen=True, kw_only=True)
class Days:
    """The earliest day of the first and of the last attempt, counted from the oldest due date."""

    first: int
    last: int


def days_of_steps(data: Data, fills: Fills) -> Mapping[str, Days | None]:
    """Count the days of every step as if nobody pays and nobody is reached.

    A gap counts with its fill, else with its example. None when only a date tells, or when a step waits in a circle.
    """
    values = {**{gap["name"]: gap["example"] for gap in data.get("gaps", [])}, **fills}
    found: dict[str, Days | None] = {}
    for step in data["steps"]:
        _count(data, step, values, found, ())
    return found


def _count(data: Data, step: Data, values: Fills, found: dict[str, Days | None], path: tuple[str, ...]) -> Days | None:
    key = step["key"]
    if key in found:
        return found[key]
    if key in path:
        return None
    starts: list[int | None] = []
    for name, value in step["when"].items():
        before = None
        if name in ("days_after", "after_outcome"):
            other = next((each for each in data["steps"] if each["key"] == value["step"]), None)
            before = _count(data, other, values, found, (*path, key)) if other else None
        starts.append(_start(name, value, before, values))
    found[key] = _with_attempts(step, starts, values)
    return found[key]


def _start(name: str, value: Any, before: Days | None, values: Fills) -> int | None:
    if name == "days_after_due":
        return number(value, values)
    if name == "after_outcome":
        return before.last if before else None
    if name == "days_after":
        days = number(value["days"], values)
        return before.last + days if before and days is not None else None
    if name == "months_in_arrears":
        months = number(value, values)
        return None if months is None else max(0, months - 1) * 30 + 1
    if name == "day_of_month":
        day = number(value, values)
        return None if day is None else min(day, 30) - 1
    return None


def _with_attempts(step: Data, starts: list[int | None], values: Fills) -> Days | None:
    if any(start is None for start in starts):
        return None
    first = max((start for start in starts if start is not None), default=0)
    tries = number(step.get("attempts", {}).get("max", 1), values) or 1
    apart = number(step.get("attempts", {}).get("gap_days", 1), values) or 0
    return Days(first=first, last=first + (tries - 1) * apart)


def number(value: int | str, fills: Fills) -> int | None:
    """Return a number of a ladder file with its gap filled, None when it is open."""
    found = fills.get(value[1:]) if isinstance(value, str) else value
    return found if isinstance(found, int) else None


def movable_clock(data: Data, key: str, fills: Fills) -> str | None:
    """Name the clock that decides the day of a step and can be moved by days; None when there is none."""
    step, days = step_of(data, key), days_of_steps(data, fills)
    best: tuple[int, str] | None = None
    for name, value in step["when"].items():
        plain = value["days"] if isinstance(value, dict) and "days" in value else value
        if name in ("months_in_arrears", "after_outcome") or not isinstance(plain, int):
            continue
        before = days.get(value["step"]) if name == "days_after" else None
        start = _start(name, value, before, fills)
        if best is None or (start if start is not None else -1) >= best[0]:
            best = (start if start is not None else -1, name)
    return best[1] if best else None


def shift_step(data: Data, key: str, days: int, fills: Fills) -> Data:
    """Move a step some days later (earlier when negative) by the clock that decides its day; what follows moves too."""
    clock = movable_clock(data, key, fills)
    new = deepcopy(data)
    if clock is None:
        return new
    when = new["steps"][place_of(new, key)]["when"]
    if clock == "days_after_due":
        when[clock] = max(0, when[clock] + days)
    elif clock == "day_of_month":
        when[clock] = min(LAST_DAY_OF_MONTH, max(1, when[clock] + days))
    elif clock == "days_after":
        when[clock]["days"] = max(0, when[clock]["days"] + days)
    else:
        when[clock]["days"] = max(-365, when[clock]["days"] + days)
    return new
