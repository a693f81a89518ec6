"""Read ladder files strictly: `parse_ladder` gives a Ladder or all faults with line, path and suggestion."""

from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

from schedules.errors import LadderError, Problem
from schedules.ladder import (
    AfterOutcome,
    Attempts,
    Clock,
    DayOfMonth,
    DaysAfterDue,
    DaysAfterStep,
    DaysFromDate,
    Gap,
    GapNote,
    Ladder,
    MonthsInArrears,
    NotReached,
    Number,
    OnlyIf,
    Source,
    Stage,
    Step,
    StepKind,
)
from schedules.ladder_checks import ladder_problems
from schedules.purposes import Purpose
from schedules.schema import WEEKDAYS, ladder_schema
from schedules.strict_yaml import Document, check, read_document

Data = dict[str, Any]


def parse_ladder(text: str, filename: str = "ladder.yaml") -> Ladder:
    """Read a ladder file; raise LadderError with every problem (line from 1, path, suggestion)."""
    document = read_document(text)
    problems = tuple(_problems(document))
    if problems:
        raise LadderError(filename, tuple(sorted(problems, key=lambda problem: problem.line)))
    return _ladder(document.data)


def _problems(document: Document) -> Iterator[Problem]:
    found = document.problems or check(document, ladder_schema())
    yield from found or ladder_problems(document)


def preset_names() -> tuple[str, ...]:
    """Return the names of the ladders that ship with the product."""
    found = files("schedules").joinpath("presets").iterdir()
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in found if entry.name.endswith(".yaml")))


def preset_text(name: str) -> str:
    """Return the text of a shipped ladder; raise KeyError when there is none by that name."""
    if name not in preset_names():
        raise KeyError(name)
    return files("schedules").joinpath("presets", f"{name}.yaml").read_text("utf-8")


def load_preset(name: str) -> Ladder:
    """Return a shipped ladder by name."""
    return parse_ladder(preset_text(name), f"{name}.yaml")


def _ladder(data: Data) -> Ladder:
    reached = data.get("reached", "standard")
    return Ladder(
        name=data["ladder"],
        title=data["title"],
        status=data["status"],
        valid_from=date.fromisoformat(data["valid_from"]),
        source=Source(**data["source"]),
        stages=tuple(Stage(**stage) for stage in data["stages"]),
        steps=tuple(_step(step) for step in data["steps"]),
        not_reached=NotReached(**{name: number(value) for name, value in data["not_reached"].items()}),
        reached=frozenset() if reached == "standard" else frozenset(reached),
        promises=data.get("promises", {}),
        gaps=gap_notes(data),
    )


def gap_notes(data: Data) -> tuple[GapNote, ...]:
    """Read the gaps that a document declares."""
    return tuple(GapNote(**gap) for gap in data.get("gaps", []))


def number(value: int | str) -> Number:
    """Read a number or a gap written as ~name."""
    return value if isinstance(value, int) else Gap(value.removeprefix("~"))


def _step(data: Data) -> Step:
    return Step(
        key=data["key"],
        stage=data["stage"],
        kind=StepKind(data["kind"]),
        title=data["title"],
        clocks=tuple(_clock(name, value) for name, value in data["when"].items()),
        channels=tuple(_channel(name) for name in data.get("channels", _own_channel(data["kind"]))),
        template=data.get("template"),
        purpose=Purpose(data.get("purpose", "collection")),
        attempts=_attempts(data.get("attempts", {})),
        unless=tuple(data.get("unless", ())),
        only_if=_only_if(data.get("only_if", {})),
        target=data.get("target"),
        needs=tuple(data.get("needs", ())),
        asks_to_call=data.get("asks_to_call", False),
        measures=tuple(data.get("measures", ())),
        expires_days=data.get("expires_days"),
    )


def _channel(name: str) -> str | Gap:
    return Gap(name.removeprefix("~")) if name.startswith("~") else name


def _own_channel(kind: str) -> tuple[str, ...]:
    return (kind,) if kind in {"robocall", "call", "visit", "card"} else ()


def _clock(name: str, value: Any) -> Clock:
    match name:
        case "days_after_due":
            return DaysAfterDue(days=number(value))
        case "months_in_arrears":
            return MonthsInArrears(months=number(value))
        case "day_of_month":
            return DayOfMonth(day=number(value))
        case "after_outcome":
            return AfterOutcome(step=value["step"], outcomes=frozenset(value["outcomes"]))
        case "days_from_date":
            return DaysFromDate(date=value["date"], days=number(value["days"]))
        case _:
            ends = frozenset(value.get("even_if", ("skipped", "no_channel")))
            return DaysAfterStep(step=value["step"], days=number(value["days"]), even_if=ends)


def _attempts(data: Data) -> Attempts:
    return Attempts(
        max=number(data.get("max", 1)),
        gap_days=number(data.get("gap_days", 1)),
        day_parts=tuple(data.get("day_parts", ())),
        weekdays=frozenset(WEEKDAYS.index(day) for day in data.get("weekdays", ())),
    )


def _only_if(data: Data) -> OnlyIf:
    return OnlyIf(
        amount_at_least=number(data["amount_at_least"]) if "amount_at_least" in data else None,
        months_at_least=number(data["months_at_least"]) if "months_at_least" in data else None,
        flag=frozenset(data.get("flag", ())),
        not_flag=frozenset(data.get("not_flag", ())),
        ground=frozenset(data.get("ground", ())),
        cause=frozenset(data.get("cause", ())),
        not_reached=data.get("not_reached", False),
        promise_broken=data.get("promise_broken", False),
        plan_broken=data.get("plan_broken", False),
    )
