"""The figures that a simulation supposes: defaults with their sources, and an own file read strictly over them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from schedules.behaviour import TenantProfile, behaviour_data
from schedules.errors import Problem, SchedulesError
from schedules.strict_yaml import Document, check, read_document

SECTIONS = ("arrears", "effect", "talk", "plan", "help", "legal", "work", "capacity", "cost", "tenants")
MOST: Mapping[str, int] = {"percent": 100, "per_mille": 1000}
AT_LEAST_ONE = frozenset({"capacity.tenancies", "plan.capacity", "help.plan_within"})
HABITS = ("misses", "by_himself", "late_from", "late_to", "behind", "promises", "plans", "keeps")
MEANINGS = ("paid", "promise", "plan", "call_back", "help", "stop", "wrong_number")
PROFILE = ("share", "pays", "within_days", "answers", "visit_home", "call_talks")
IN_DAYS = frozenset({"within_days", "late_from", "late_to"})


class FiguresError(SchedulesError):
    """Say that a file of figures has faults; `problems` lists them all, by line."""

    def __init__(self, filename: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{filename}: " + "; ".join(str(problem) for problem in problems))
        self.filename = filename
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure with its unit, its meaning in Dutch and English, and its source."""

    key: str
    value: int
    unit: str
    title: Mapping[str, str]
    source: str


@dataclass(frozen=True, kw_only=True)
class Habits:
    """How a kind of tenant pays and agrees; percent, and days for late_from and late_to."""

    misses: int
    by_himself: int
    late_from: int
    late_to: int
    behind: int
    promises: int
    plans: int
    keeps: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Everything that a simulation supposes; `figures["help.accepts"]` is a value."""

    figures: Mapping[str, Figure]
    values: Mapping[str, int]
    profiles: tuple[TenantProfile, ...]
    habits: Mapping[str, Habits]
    replies: Mapping[str, Mapping[str, int]]
    delivery: Mapping[str, Mapping[str, int]]

    def __getitem__(self, key: str) -> int:
        """Return the value of a figure; raise KeyError for an unknown key."""
        return self.values[key]


@lru_cache(maxsize=1)
def default_figures() -> Figures:
    """Return the figures that ship with the product."""
    return _figures(_defaults())


def read_figures(text: str, filename: str = "behaviour.yaml") -> Figures:
    """Read an own file over the defaults; raise FiguresError with every fault and its line."""
    document = read_document(text)
    problems = document.problems or check(document, _schema())
    if not problems:
        problems = tuple(_faults(document))
    if problems:
        raise FiguresError(filename, tuple(sorted(problems, key=lambda problem: problem.line)))
    return _figures(_merged(document.data or {}, "eigen bestand"))


@lru_cache(maxsize=1)
def _defaults() -> Mapping[str, Any]:
    text = files("schedules.simulation").joinpath("behaviour_defaults.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    shared = behaviour_data()
    data["profiles"] = {kind: {**shared["profiles"][kind], **own} for kind, own in data["profiles"].items()}
    data["delivery"] = {**shared["delivery"], **data["delivery"]}
    return data


def _figures(data: Mapping[str, Any]) -> Figures:
    found = {
        f"{section}.{name}": _figure(f"{section}.{name}", leaf)
        for section in SECTIONS
        for name, leaf in data[section].items()
    }
    profiles = data["profiles"]
    return Figures(
        figures=found,
        values={key: figure.value for key, figure in found.items()},
        profiles=tuple(
            TenantProfile(kind=kind, source=str(each["source"]), **{name: each[name] for name in PROFILE})
            for kind, each in profiles.items()
        ),
        habits={kind: Habits(**{name: each[name] for name in HABITS}) for kind, each in profiles.items()},
        replies=data["replies"],
        delivery=data["delivery"],
    )


def _figure(key: str, leaf: Mapping[str, Any]) -> Figure:
    return Figure(
        key=key,
        value=leaf["value"],
        unit=leaf["unit"],
        title={"nl": leaf["nl"], "en": leaf["en"]},
        source=leaf["source"],
    )


def _merged(own: Mapping[str, Any], source: str) -> Mapping[str, Any]:
    data = {key: dict(value) for key, value in _defaults().items()}
    for section in SECTIONS:
        for name, leaf in own.get(section, {}).items():
            given = leaf if isinstance(leaf, dict) else {"value": leaf}
            data[section][name] = {**data[section][name], "source": source, **given}
    for section in ("profiles", "delivery"):
        for kind, values in own.get(section, {}).items():
            data[section][kind] = {**data[section][kind], **values}
    data["replies"].update(own.get("replies", {}))
    return data


def _schema() -> Mapping[str, Any]:
    number: dict[str, Any] = {"type": "integer", "minimum": 0}
    text = {"type": "string", "minLength": 1}
    leaf = {
        "type": ["integer", "object"],
        "minimum": 0,
        "required": ["value"],
        "additionalProperties": False,
        "properties": {"value": number, "source": text, "unit": text, "nl": text, "en": text},
    }
    data = _defaults()
    sections = {name: _closed(dict.fromkeys(data[name], leaf)) for name in SECTIONS}
    profile = _closed({**dict.fromkeys((*PROFILE, *HABITS), number), "source": text})
    replies = _closed(dict.fromkeys(MEANINGS, number))
    return _closed(
        {
            **sections,
            "profiles": _closed(dict.fromkeys(data["profiles"], profile)),
            "replies": _closed(dict.fromkeys(data["replies"], replies)),
            "delivery": _closed(
                {name: _closed(dict.fromkeys(each, number)) for name, each in data["delivery"].items()}
            ),
        }
    )


def _closed(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties)}


def _faults(document: Document) -> Iterator[Problem]:
    """Yield what a schema cannot say: percentages above their whole, shares that do not add up."""
    own, merged = document.data or {}, _merged(document.data or {}, "")
    for section in SECTIONS:
        for name, leaf in own.get(section, {}).items():
            value = leaf["value"] if isinstance(leaf, dict) else leaf
            yield from _out_of_range(document, (section, name), value, merged[section][name]["unit"])
    for section in ("profiles", "replies", "delivery"):
        for kind, values in own.get(section, {}).items():
            for name, value in values.items():
                if isinstance(value, int) and name not in IN_DAYS:
                    yield from _out_of_range(document, (section, kind, name), value, "percent")
    yield from _shares(document, own, merged)


def _out_of_range(document: Document, path: tuple[str, ...], value: int, unit: str) -> Iterator[Problem]:
    most, where = MOST.get(unit), ".".join(path)
    if most is not None and value > most:
        yield Problem(line=document.line(path), path=where, message=f"{value} is above {most}")
    if value == 0 and where in AT_LEAST_ONE:
        yield Problem(line=document.line(path), path=where, message="0 is below 1")


def _shares(document: Document, own: Mapping[str, Any], merged: Mapping[str, Any]) -> Iterator[Problem]:
    if "profiles" in own:
        yield from _whole(document, ("profiles",), sum(each["share"] for each in merged["profiles"].values()))
        for kind in own["profiles"]:
            each = merged["profiles"][kind]
            if each["late_from"] >= each["late_to"] or each["within_days"] < 1:
                message = "late_from is before late_to, and within_days is 1 or more"
                yield Problem(line=document.line(("profiles", kind)), path=f"profiles.{kind}", message=message)
    for kind, shares in own.get("replies", {}).items():
        yield from _whole(document, ("replies", kind), sum(shares.values()))
    for name in ("withdrawn", "at_the_door", "executed"):
        if name in own.get("legal", {}):
            total = sum(merged["legal"][each]["value"] for each in ("withdrawn", "at_the_door", "executed"))
            yield from _out_of_range(document, ("legal", name), total, "per_mille")


def _whole(document: Document, path: tuple[str, ...], total: int) -> Iterator[Problem]:
    if total != 100:
        message = f"the shares add up to {total}, not to 100"
        yield Problem(line=document.line(path), path=".".join(path), message=message)
