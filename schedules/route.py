"""Routes to partners as data: what opens them, which fields are handed over and why, clocks, pause rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from schedules.errors import LadderError, Problem
from schedules.ladder import GapNote, Number, Source
from schedules.ladder_checks import gap_problems
from schedules.loader import gap_notes, number
from schedules.schema import route_schema
from schedules.strict_yaml import Document, check, read_document


@dataclass(frozen=True, kw_only=True)
class Named:
    """A fact or condition by key, with its Dutch and English name."""

    key: str
    title: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """One field that a partner gets, and the reason (AVG; rules.md 34)."""

    field: str
    reason: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class FeedbackClock:
    """What a partner reports back, within how many days of the referral."""

    key: str
    days: Number
    title: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class PauseRule:
    """When collection waits for a partner, only while all conditions hold; `max_days` None for no limit."""

    when: str
    conditions: tuple[Named, ...]
    max_days: Number | None = None


@dataclass(frozen=True, kw_only=True)
class RouteDefinition:
    """One route: any of `opens_when` opens it; `grounds_needed` is any, all or none of `grounds`."""

    name: str
    title: Mapping[str, str]
    status: str
    valid_from: date
    source: Source
    target: str
    opens_when: tuple[Named, ...]
    grounds: tuple[Named, ...]
    grounds_needed: str
    needs: tuple[str, ...]
    fields: tuple[HandedOver, ...]
    feedback: tuple[FeedbackClock, ...]
    pause: PauseRule | None
    notes: tuple[Mapping[str, str], ...]
    gaps: tuple[GapNote, ...]


def route_names() -> tuple[str, ...]:
    """Return the names of the routes that ship with the product."""
    found = files("schedules").joinpath("routes").iterdir()
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in found if entry.name.endswith(".yaml")))


def route_text(name: str) -> str:
    """Return the text of a shipped route; raise KeyError when there is none by that name."""
    if name not in route_names():
        raise KeyError(name)
    return files("schedules").joinpath("routes", f"{name}.yaml").read_text("utf-8")


def load_route(name: str) -> RouteDefinition:
    """Return a shipped route by name; raise KeyError when there is none."""
    return parse_route(route_text(name), f"{name}.yaml")


def parse_route(text: str, filename: str = "route.yaml") -> RouteDefinition:
    """Read a route file; raise LadderError with every problem (line from 1, path, suggestion)."""
    document = read_document(text)
    problems = tuple(_problems(document))
    if problems:
        raise LadderError(filename, problems)
    return _route(document.data)


def _problems(document: Document) -> Iterator[Problem]:
    found = document.problems or check(document, route_schema())
    yield from found or gap_problems(document)


def _route(data: dict[str, Any]) -> RouteDefinition:
    return RouteDefinition(
        name=data["route"],
        title=data["title"],
        status=data["status"],
        valid_from=date.fromisoformat(data["valid_from"]),
        source=Source(**data["source"]),
        target=data["target"],
        opens_when=_named(data["opens_when"]),
        grounds=_named(data.get("grounds", [])),
        grounds_needed=data.get("grounds_needed", "none"),
        needs=tuple(data.get("needs", ())),
        fields=tuple(HandedOver(**field) for field in data["fields"]),
        feedback=tuple(_feedback(clock) for clock in data.get("feedback", [])),
        pause=_pause(data["pause"]) if "pause" in data else None,
        notes=tuple(data.get("notes", ())),
        gaps=gap_notes(data),
    )


def _named(entries: list[dict[str, Any]]) -> tuple[Named, ...]:
    return tuple(Named(**entry) for entry in entries)


def _feedback(data: dict[str, Any]) -> FeedbackClock:
    return FeedbackClock(key=data["key"], days=number(data["days"]), title=data["title"])


def _pause(data: dict[str, Any]) -> PauseRule:
    most = number(data["max_days"]) if "max_days" in data else None
    return PauseRule(when=data["when"], conditions=_named(data["conditions"]), max_days=most)
