"""What a ladder file must hold beyond its form: references, gaps, what each kind of step needs."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from schedules.errors import Problem
from schedules.schema import OUTCOMES, REFERRAL_OUTCOMES
from schedules.schema_parts import GAP_PATTERN
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
    yield from _ladder_references(document)
    yield from gap_problems(document)


def _ladder_references(document: Document) -> Iterator[Problem]:
    stages = [stage["key"] for stage in document.data["stages"]]
    for number, slack in enumerate(document.data.get("slack", ())):
        for place, stage in enumerate(slack.get("stages", ())):
            if stage not in stages:
                where = ("slack", number, "stages", place)
                yield _problem(document, where, f"no stage is called {stage!r}", nearest(stage, stages))
    for number, flag in enumerate(document.data.get("exclusions", ())):
        if not any(flag in step.get("only_if", {}).get("flag", ()) for step in document.data["steps"]):
            hint = "add a decision with only_if: {flag: [...]}"
            yield _problem(document, ("exclusions", number), f"no step hands {flag!r} to people", hint)


def _date_problems(document: Document) -> Iterator[Problem]:
    for name in ("valid_from", "valid_to"):
        try:
            date.fromisoformat(document.data.get(name, "2000-01-01"))
        except ValueError as error:
            yield _problem(document, (name,), f"no such day: {error}")


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
    by_key = {other["key"]: other for other in document.data["steps"]}
    for where, named in _named_steps(step, path):
        if named not in by_key:
            yield _problem(document, where, f"no step is called {named!r}", nearest(named, list(by_key)))
    for where, asked in _asked_outcomes(step, path):
        if asked["step"] in by_key:
            yield from _outcome_problems(document, by_key[asked["step"]], asked["outcomes"], where)
    if step["kind"] != "decision" and (part := next((n for n in ("options", "decided_by") if n in step), None)):
        yield _problem(document, (*path, part), f"{part!r} belongs to a decision")


def _named_steps(step: dict[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    for number, key in enumerate(step.get("needs_steps", ())):
        yield (*path, "needs_steps", number), key
    if "days_after" in step["when"]:
        yield (*path, "when", "days_after", "step"), step["when"]["days_after"]["step"]
    for where, asked in _asked_outcomes(step, path):
        yield (*where, "step"), asked["step"]


def _asked_outcomes(step: dict[str, Any], path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for part, name in (("when", "after_outcome"), ("only_if", "outcome"), ("not_if", "outcome")):
        found = step.get(part, {}).get(name)
        if found is not None:
            yield (*path, part, name), found


def _outcome_problems(document: Document, asked: dict[str, Any], outcomes: list[str], path: Path) -> Iterator[Problem]:
    """Yield the outcomes that the step asked after can never have."""
    if asked["kind"] == "decision":
        known = [option["key"] for option in asked.get("options", ())]
    else:
        known = list(REFERRAL_OUTCOMES if asked["kind"] == "referral" else OUTCOMES)
    for number, outcome in enumerate(outcomes):
        if outcome not in known:
            message = f"the step {asked['key']!r} never ends with {outcome!r}"
            yield _problem(document, (*path, "outcomes", number), message, nearest(outcome, known))


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
