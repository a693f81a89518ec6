"""What a route or trajectory file must hold beyond its form: days, references, who says that a condition holds."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from schedules.errors import Problem
from schedules.ladder_checks import gap_problems
from schedules.strict_yaml import Document, Path, nearest, path_text

Entry = dict[str, Any]


def route_problems(document: Document) -> Iterator[Problem]:
    """Yield the faults of a route whose form is right."""
    yield from _shared_problems(document)
    yield from _double_keys(document, "grounds")
    yield from _double_keys(document, "feedback")
    yield from _grounds_problems(document)
    if "pause" in document.data:
        yield from _pause_problems(document, document.data["pause"])
    if "quota" in document.data and not {"per_month", "per_year"} & set(document.data["quota"]):
        yield _problem(document, ("quota",), "a quota needs 'per_month' or 'per_year'")


def trajectory_problems(document: Document) -> Iterator[Problem]:
    """Yield the faults of a trajectory whose form is right."""
    yield from _shared_problems(document)
    for part in ("conditions", "agreements", "reviews", "ends_when", "flips_when"):
        yield from _double_keys(document, part)
    for number, review in enumerate(document.data["reviews"]):
        yield from _review_problems(document, review, ("reviews", number))
    if not {"max_days", "max_months"} & set(document.data["end"]):
        yield _problem(
            document, ("end",), "every trajectory has an end date", "write max_months: N, or ~name for a gap"
        )


def _shared_problems(document: Document) -> Iterator[Problem]:
    yield from _day_problems(document)
    yield from _double_keys(document, "opens_when")
    yield from _double_keys(document, "warnings")
    for number, opening in enumerate(document.data["opens_when"]):
        yield from _one_of(document, opening, ("if", "by_person"), ("opens_when", number))
    for number, warning in enumerate(document.data.get("warnings", ())):
        if {"days", "months"} & set(warning) and "from" not in warning:
            yield _problem(document, ("warnings", number), "a warning with a time needs 'from'")
    yield from gap_problems(document)


def _day_problems(document: Document) -> Iterator[Problem]:
    days: dict[str, date] = {}
    for name in ("valid_from", "valid_to"):
        if name in document.data:
            try:
                days[name] = date.fromisoformat(document.data[name])
            except ValueError as error:
                yield _problem(document, (name,), f"no such day: {error}")
    if len(days) == 2 and days["valid_to"] < days["valid_from"]:
        yield _problem(document, ("valid_to",), "ends before it begins")


def _double_keys(document: Document, part: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, entry in enumerate(document.data.get(part, ())):
        if entry["key"] in seen:
            yield _problem(document, (part, number, "key"), f"the key {entry['key']!r} is used twice")
        seen.add(entry["key"])


def _one_of(document: Document, entry: Entry, names: tuple[str, str], path: Path) -> Iterator[Problem]:
    """Ask for exactly one: a condition that the product judges, or a person."""
    machine, person = names
    if (machine in entry) == bool(entry.get(person)):
        hint = f"write {machine}: ... when the facts can tell, else {person}: true"
        yield _problem(document, path, f"say who tells that {entry['key']!r} holds", hint)


def _grounds_problems(document: Document) -> Iterator[Problem]:
    has_grounds = "grounds" in document.data
    if document.data.get("grounds_needed", "none") == "none":
        if has_grounds:
            yield _problem(
                document, ("grounds",), "grounds are listed and none is needed", "grounds_needed: any or all"
            )
    elif not has_grounds:
        yield _problem(document, ("grounds_needed",), "grounds are needed and none is listed")


def _pause_problems(document: Document, pause: Entry) -> Iterator[Problem]:
    reports = [clock["key"] for clock in document.data.get("feedback", ())]
    for number, condition in enumerate(pause["conditions"]):
        path: Path = ("pause", "conditions", number)
        yield from _one_of(document, condition, ("check", "by_person"), path)
        yield from _known_report(document, condition, "after", path, reports)
        if condition.get("check") == "timely_feedback" and not reports:
            yield _problem(document, path, "timely feedback needs a clock under 'feedback'")
    yield from _known_report(document, pause, "counts_from", ("pause",), reports)
    if {"max_days", "max_months"} <= set(pause):
        yield _problem(document, ("pause", "max_months"), "give the limit in days or in months, not both")


def _known_report(document: Document, entry: Entry, name: str, path: Path, reports: list[str]) -> Iterator[Problem]:
    if name in entry and entry[name] not in reports:
        hint = nearest(entry[name], reports) if reports else "describe it under feedback"
        yield _problem(document, (*path, name), f"no feedback is called {entry[name]!r}", hint)


def _review_problems(document: Document, review: Entry, path: Path) -> Iterator[Problem]:
    for name in ("after", "every"):
        if {f"{name}_days", f"{name}_months"} <= set(review):
            yield _problem(document, path, f"give '{name}' in days or in months, not both")
    if not any(name in review for name in ("after_days", "after_months", "every_days", "every_months")):
        yield _problem(document, path, "say when: after_days, after_months, every_days or every_months")
    if "times" in review and not any(name in review for name in ("every_days", "every_months")):
        yield _problem(document, (*path, "times"), "'times' needs every_days or every_months")


def _problem(document: Document, path: Path, message: str, suggestion: str | None = None) -> Problem:
    return Problem(line=document.line(path), path=path_text(path), message=message, suggestion=suggestion)
