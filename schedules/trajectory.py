"""Last-chance trajectories as data: conditions with their evidence, agreements, reviews, end, verdicts, warnings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from schedules.errors import LadderError, Problem
from schedules.ladder import GapNote, Number, Source
from schedules.loader import gap_notes
from schedules.route import Caution, Named, Opening, Titles, maybe, named, openings, warnings_of
from schedules.route_checks import trajectory_problems
from schedules.route_schema import trajectory_schema
from schedules.strict_yaml import Document, check, read_document


@dataclass(frozen=True, kw_only=True)
class Condition:
    """What the tenant or a partner keeps to, and what counts as evidence that it is kept or not."""

    key: str
    title: Titles
    evidence: Titles


@dataclass(frozen=True, kw_only=True)
class Review:
    """When the parties look at it together: once, or every so often (`times` at most), in days or calendar months."""

    key: str
    title: Titles
    after_days: Number | None = None
    after_months: Number | None = None
    every_days: Number | None = None
    every_months: Number | None = None
    times: Number | None = None


@dataclass(frozen=True, kw_only=True)
class End:
    """How long a trajectory lasts: at least and at most, in days or calendar months."""

    min_days: Number | None = None
    max_days: Number | None = None
    min_months: Number | None = None
    max_months: Number | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One way to end, with its evidence; `to` is normal_lease or eviction_resumes when the trajectory flips."""

    key: str
    title: Titles
    evidence: Titles
    to: str | None = None


@dataclass(frozen=True, kw_only=True)
class TrajectoryDefinition:
    """One last chance: any of `opens_when` opens it, all `conditions` are kept, `owner` guards it at the landlord.

    `partner` is a target, `partner_name` the party that the source names. `decided_by` (staff, commission or judge)
    says who grants it; nothing here is granted by itself (rules.md 9).
    """

    name: str
    title: Titles
    system: str
    status: str
    valid_from: date
    valid_to: date | None
    source: Source
    owner: str
    partner: str
    partner_name: str | None
    decided_by: str
    dwelling: str | None
    opens_when: tuple[Opening, ...]
    conditions: tuple[Condition, ...]
    agreements: tuple[Named, ...]
    reviews: tuple[Review, ...]
    end: End
    ends_when: tuple[Verdict, ...]
    flips_when: tuple[Verdict, ...]
    warnings: tuple[Caution, ...]
    notes: tuple[Titles, ...]
    gaps: tuple[GapNote, ...]


def trajectory_names() -> tuple[str, ...]:
    """Return the names of the trajectories that ship with the product."""
    found = files("schedules").joinpath("trajectories").iterdir()
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in found if entry.name.endswith(".yaml")))


def trajectory_text(name: str) -> str:
    """Return the text of a shipped trajectory; raise KeyError when there is none by that name."""
    if name not in trajectory_names():
        raise KeyError(name)
    return files("schedules").joinpath("trajectories", f"{name}.yaml").read_text("utf-8")


@cache
def load_trajectory(name: str) -> TrajectoryDefinition:
    """Return a shipped trajectory by name; raise KeyError when there is none."""
    return parse_trajectory(trajectory_text(name), f"{name}.yaml")


def parse_trajectory(text: str, filename: str = "trajectory.yaml") -> TrajectoryDefinition:
    """Read a trajectory file; raise LadderError with every problem (line from 1, path, suggestion)."""
    document = read_document(text)
    problems = tuple(_problems(document))
    if problems:
        raise LadderError(filename, tuple(sorted(problems, key=lambda problem: problem.line)))
    return _trajectory(document.data)


def _problems(document: Document) -> Iterator[Problem]:
    found = document.problems or check(document, trajectory_schema())
    yield from found or trajectory_problems(document)


def _trajectory(data: dict[str, Any]) -> TrajectoryDefinition:
    return TrajectoryDefinition(
        name=data["trajectory"],
        title=data["title"],
        system=data["system"],
        status=data["status"],
        valid_from=date.fromisoformat(data["valid_from"]),
        valid_to=date.fromisoformat(data["valid_to"]) if "valid_to" in data else None,
        source=Source(**data["source"]),
        owner=data["owner"],
        partner=data["partner"],
        partner_name=data.get("partner_name"),
        decided_by=data["decided_by"],
        dwelling=data.get("dwelling"),
        opens_when=openings(data["opens_when"]),
        conditions=tuple(Condition(**each) for each in data["conditions"]),
        agreements=named(data["agreements"]),
        reviews=tuple(_review(each) for each in data["reviews"]),
        end=End(**{name: maybe(data["end"], name) for name in data["end"]}),
        ends_when=tuple(Verdict(**each) for each in data["ends_when"]),
        flips_when=tuple(Verdict(**each) for each in data["flips_when"]),
        warnings=warnings_of(data),
        notes=tuple(data.get("notes", ())),
        gaps=gap_notes(data),
    )


def _review(data: Mapping[str, Any]) -> Review:
    times = ("after_days", "after_months", "every_days", "every_months", "times")
    return Review(key=data["key"], title=data["title"], **{name: maybe(data, name) for name in times})
