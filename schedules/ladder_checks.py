"""What a ladder file must hold beyond its form: references, gaps, what each kind of step needs."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from schedules.errors import Problem
from schedules.schema import GAP_PATTERN
from schedules.strict_yaml import Document, Path, nearest, path_text

KIND_NEEDS = {
    "message": ("channels", "template"),
    "robocall": ("template",),
    "card": ("template",),
    "referral": ("target",),
}


def ladder_problems(document: Document) -> Iterator[Problem]:
    """Yield the faults of a ladder whose form is right."""
    yield from _date_problems(document)
    yield from _double_keys(document, "stages")
    yield from _double_keys(document, "steps")
    for number, step in enumerate(document.data["steps"]):
        yield from _step_problems(document, step, ("steps", number))
    yield from _circles(document)
    yield from gap_problems(document)


def _date_problems(document: Document) -> Iterator[Problem]:
    try:
        date.fromisoformat(document.data["valid_from"])
    except ValueError as error:
        yield _problem(document, ("valid_from",), f"no such day: {error}")


def _double_keys(document: Document, part: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, entry in enumerate(document.data[part]):
        if entry["key"] in seen:
            yield _problem(document, (part, number, "key"), f"the key {entry['key']!r} is used twice")
        seen.add(entry["key"])


def _step_problems(document: Document, step: dict[str, Any], path: Path) -> Iterator[Problem]:
    stages = [stage["key"] for stage in document.data["stages"]]
    if step["stage"] not in stages:
        hint = nearest(step["stage"], stages)
        yield _problem(document, (*path, "stage"), f"no stage is called {step['stage']!r}", hint)
    for name in KIND_NEEDS.get(step["kind"], ()):
        if name not in step:
            yield _problem(document, path, f"a {step['kind']} step needs {name!r}")
    if step["kind"] == "card" and "after_outcome" not in step["when"]:
        yield _problem(document, (*path, "when"), "a card shares the moment of a visit: use after_outcome")
    yield from _reference_problems(document, step, path)


def _reference_problems(document: Document, step: dict[str, Any], path: Path) -> Iterator[Problem]:
    keys = [other["key"] for other in document.data["steps"]]
    for clock in ("days_after", "after_outcome"):
        named = step["when"].get(clock, {}).get("step")
        if named is not None and named not in keys:
            where = (*path, "when", clock, "step")
            yield _problem(document, where, f"no step is called {named!r}", nearest(named, keys))


def _circles(document: Document) -> Iterator[Problem]:
    after = {step["key"]: _referred(step) for step in document.data["steps"]}
    for number, step in enumerate(document.data["steps"]):
        seen: set[str] = set()
        queue = list(after[step["key"]])
        while queue:
            key = queue.pop()
            if key not in seen:
                seen.add(key)
                queue.extend(after.get(key, ()))
        if step["key"] in seen:
            yield _problem(document, ("steps", number, "when"), f"{step['key']!r} waits for itself in a circle")


def _referred(step: dict[str, Any]) -> tuple[str, ...]:
    clocks = (step["when"].get(name, {}).get("step") for name in ("days_after", "after_outcome"))
    return tuple(named for named in clocks if named is not None)


def gap_problems(document: Document) -> Iterator[Problem]:
    """Yield gaps that are used and not described, or described and not used."""
    described = {gap["name"]: number for number, gap in enumerate(document.data.get("gaps", []))}
    used = dict(_used_gaps(document.data, ()))
    for name, path in used.items():
        if name not in described:
            yield _problem(document, path, f"the gap ~{name} is not described under gaps")
    for name, number in described.items():
        if name not in used:
            yield _problem(document, ("gaps", number), f"the gap {name!r} is described and never used")


def _used_gaps(value: Any, path: Path) -> Iterator[tuple[str, Path]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _used_gaps(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _used_gaps(item, (*path, number))
    elif isinstance(value, str) and re.search(GAP_PATTERN, value):
        yield value.removeprefix("~"), path


def _problem(document: Document, path: Path, message: str, suggestion: str | None = None) -> Problem:
    return Problem(line=document.line(path), path=path_text(path), message=message, suggestion=suggestion)
