"""Routes to partners as data: what opens them, which fields are handed over and why, clocks, quota, pause rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from schedules.errors import LadderError, Problem
from schedules.ladder import Gap, GapNote, Number, OnlyIf, Source
from schedules.loader import condition, gap_notes, number
from schedules.route_checks import route_problems
from schedules.route_schema import route_schema
from schedules.strict_yaml import Document, check, read_document

Titles = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Named:
    """Something by key, with its Dutch and English name."""

    key: str
    title: Titles


@dataclass(frozen=True, kw_only=True)
class Opening:
    """One thing that opens a route or trajectory: `condition` on the facts; None means that a person says so."""

    key: str
    title: Titles
    condition: OnlyIf | None = None

    @property
    def by_person(self) -> bool:
        """Say whether only a person can tell that this holds."""
        return self.condition is None


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """One field that a partner gets, and the reason (AVG; rules.md 34)."""

    field: str
    reason: Titles


@dataclass(frozen=True, kw_only=True)
class FeedbackClock:
    """What a partner reports back, within how many days after the report was sent, accepted, or another day 0."""

    key: str
    days: Number
    title: Titles
    after: str | Gap = "sent"


@dataclass(frozen=True, kw_only=True)
class Quota:
    """How many referrals a partner takes; `scope` and `year_scope` say whose count (this landlord, or all)."""

    per_month: Number | None = None
    per_year: Number | None = None
    scope: str = "landlord"
    year_scope: str = "landlord"


@dataclass(frozen=True, kw_only=True)
class Priority:
    """A flag that goes before in the queue for a quota."""

    flag: str
    title: Titles


@dataclass(frozen=True, kw_only=True)
class PauseCondition:
    """What must hold while collection waits; `check` None means that a person says so.

    `after` is a feedback key: the condition counts from that feedback on. `grace_days` is how long a feedback may
    be late before `timely_feedback` fails.
    """

    key: str
    title: Titles
    check: str | None = None
    after: str | None = None
    grace_days: Number = 0


@dataclass(frozen=True, kw_only=True)
class PauseRule:
    """When collection waits for a partner, only while all conditions hold; without a limit there is no end.

    The limit (days, or calendar months) counts from the start, or from the feedback named by `counts_from`.
    """

    when: str
    conditions: tuple[PauseCondition, ...]
    max_days: Number | None = None
    max_months: Number | None = None
    counts_from: str | None = None


@dataclass(frozen=True, kw_only=True)
class Caution:
    """A warning for people: so many days or months after referral, start, judgment or eviction; None means always."""

    key: str
    title: Titles
    days: Number | None = None
    months: Number | None = None
    since: str | None = None


@dataclass(frozen=True, kw_only=True)
class RouteDefinition:
    """One route: any of `opens_when` opens it; `grounds_needed` is any, all or none of `grounds`.

    `system` is the approach of the source that the route belongs to; `owner` is the role at the landlord that
    follows a referral up (worker, policy, field or manager). After `valid_to` a route is never active.
    """

    name: str
    title: Titles
    status: str
    valid_from: date
    source: Source
    target: str
    opens_when: tuple[Opening, ...]
    grounds: tuple[Named, ...]
    grounds_needed: str
    needs: tuple[str, ...]
    fields: tuple[HandedOver, ...]
    feedback: tuple[FeedbackClock, ...]
    pause: PauseRule | None
    notes: tuple[Titles, ...]
    gaps: tuple[GapNote, ...]
    system: str = ""
    owner: str = "worker"
    quota: Quota | None = None
    priority: tuple[Priority, ...] = ()
    valid_to: date | None = None
    warnings: tuple[Caution, ...] = ()


def route_names() -> tuple[str, ...]:
    """Return the names of the routes that ship with the product."""
    found = files("schedules").joinpath("routes").iterdir()
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in found if entry.name.endswith(".yaml")))


def route_text(name: str) -> str:
    """Return the text of a shipped route; raise KeyError when there is none by that name."""
    if name not in route_names():
        raise KeyError(name)
    return files("schedules").joinpath("routes", f"{name}.yaml").read_text("utf-8")


@cache
def load_route(name: str) -> RouteDefinition:
    """Return a shipped route by name; raise KeyError when there is none."""
    return parse_route(route_text(name), f"{name}.yaml")


def parse_route(text: str, filename: str = "route.yaml") -> RouteDefinition:
    """Read a route file; raise LadderError with every problem (line from 1, path, suggestion)."""
    document = read_document(text)
    problems = tuple(_problems(document))
    if problems:
        raise LadderError(filename, tuple(sorted(problems, key=lambda problem: problem.line)))
    return _route(document.data)


def _problems(document: Document) -> Iterator[Problem]:
    found = document.problems or check(document, route_schema())
    yield from found or route_problems(document)


def _route(data: dict[str, Any]) -> RouteDefinition:
    return RouteDefinition(
        name=data["route"],
        title=data["title"],
        system=data["system"],
        status=data["status"],
        valid_from=date.fromisoformat(data["valid_from"]),
        valid_to=date.fromisoformat(data["valid_to"]) if "valid_to" in data else None,
        source=Source(**data["source"]),
        target=data["target"],
        owner=data["owner"],
        opens_when=openings(data["opens_when"]),
        grounds=named(data.get("grounds", [])),
        grounds_needed=data.get("grounds_needed", "none"),
        needs=tuple(data.get("needs", ())),
        fields=tuple(HandedOver(**field) for field in data["fields"]),
        feedback=tuple(_feedback(clock) for clock in data.get("feedback", [])),
        quota=_quota(data["quota"]) if "quota" in data else None,
        priority=tuple(Priority(**entry) for entry in data.get("priority", [])),
        pause=_pause(data["pause"]) if "pause" in data else None,
        warnings=warnings_of(data),
        notes=tuple(data.get("notes", ())),
        gaps=gap_notes(data),
    )


def named(entries: list[dict[str, Any]]) -> tuple[Named, ...]:
    """Read entries of a key and a title."""
    return tuple(Named(**entry) for entry in entries)


def openings(entries: list[dict[str, Any]]) -> tuple[Opening, ...]:
    """Read what opens a route or trajectory."""
    return tuple(
        Opening(key=each["key"], title=each["title"], condition=condition(each["if"]) if "if" in each else None)
        for each in entries
    )


def maybe(data: Mapping[str, Any], name: str) -> Number | None:
    """Read a number or gap by name, None when the document does not give it."""
    return number(data[name]) if name in data else None


def warnings_of(data: Mapping[str, Any]) -> tuple[Caution, ...]:
    """Read the warnings of a document."""
    return tuple(
        Caution(
            key=each["key"],
            title=each["title"],
            days=maybe(each, "days"),
            months=maybe(each, "months"),
            since=each.get("from"),
        )
        for each in data.get("warnings", ())
    )


def _feedback(data: dict[str, Any]) -> FeedbackClock:
    after = data.get("after", "sent")
    day_zero = Gap(after.removeprefix("~")) if after.startswith("~") else after
    return FeedbackClock(key=data["key"], days=number(data["days"]), title=data["title"], after=day_zero)


def _quota(data: dict[str, Any]) -> Quota:
    scope = data.get("scope", "landlord")
    return Quota(
        per_month=maybe(data, "per_month"),
        per_year=maybe(data, "per_year"),
        scope=scope,
        year_scope=data.get("year_scope", scope),
    )


def _pause(data: dict[str, Any]) -> PauseRule:
    return PauseRule(
        when=data["when"],
        conditions=tuple(_pause_condition(each) for each in data["conditions"]),
        max_days=maybe(data, "max_days"),
        max_months=maybe(data, "max_months"),
        counts_from=data.get("counts_from"),
    )


def _pause_condition(data: dict[str, Any]) -> PauseCondition:
    return PauseCondition(
        key=data["key"],
        title=data["title"],
        check=data.get("check"),
        after=data.get("after"),
        grace_days=number(data.get("grace_days", 0)),
    )
