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
    Option,
    ReferralState,
    Slack,
    Source,
    Stage,
    Step,
    StepKind,
    StepOutcome,
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
        valid_to=date.fromisoformat(data["valid_to"]) if "valid_to" in data else None,
        pilot_of=data.get("pilot_of"),
        exclusions=frozenset(data.get("exclusions", ())),
        slack=tuple(_slack(entry) for entry in data.get("slack", ())),
    )


def _slack(data: Data) -> Slack:
    return Slack(condition=condition(data["if"]), days=number(data["days"]), stages=frozenset(data.get("stages", ())))


def gap_notes(data: Data) -> tuple[GapNote, ...]:
    """Read the gaps that a document declares."""
    return tuple(GapNote(**gap) for gap in data.get("gaps", []))


def number(value: int | str) -> Number:
    """Read a number or a gap written as ~name."""
    return value if isinstance(value, int) else Gap(value.removeprefix("~"))


def optional_number(value: int | str | None) -> Number | None:
    """Read a number or a gap, None when nothing is given."""
    return number(value) if value is not None else None


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
        only_if=condition(data.get("only_if", {})),
        not_if=condition(data.get("not_if", {})),
        target=data.get("target"),
        needs=tuple(data.get("needs", ())),
        asks_to_call=data.get("asks_to_call", False),
        measures=tuple(data.get("measures", ())),
        expires_days=data.get("expires_days"),
        needs_steps=tuple(data.get("needs_steps", ())),
        decided_by=data.get("decided_by", "staff"),
        options=tuple(Option(**option) for option in data.get("options", ())),
        ends_ladder=data.get("ends_ladder", False),
        pause_days=optional_number(data.get("pause_days")),
        payday_within_days=optional_number(data.get("payday_within_days")),
        lines=data.get("lines"),
        note=data.get("note"),
        added_by=data.get("added_by"),
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
        other_weekday=data.get("other_weekday", False),
    )


SETS = (
    "flag", "not_flag", "ground", "cause", "language", "not_language", "area", "reachable_by", "unreachable_by", "plan",
    "promise", "help", "date_known", "date_unknown",
)  # fmt: skip
NUMBERS = ("amount_at_least", "amount_below", "months_at_least", "months_below")
FACTS = ("reached", "not_reached", "promise_broken", "plan_broken", "paid_in_part")


def condition(data: Data) -> OnlyIf:
    """Read a condition on the facts."""
    referral, outcome = data.get("referral"), data.get("outcome")
    plain: Data = {name: optional_number(data.get(name)) for name in NUMBERS}
    plain |= {name: frozenset(data.get(name, ())) for name in SETS}
    plain |= {name: data.get(name, False) for name in FACTS}
    return OnlyIf(
        **plain,
        referral=ReferralState(target=referral["target"], states=frozenset(referral["states"])) if referral else None,
        outcome=StepOutcome(step=outcome["step"], outcomes=frozenset(outcome["outcomes"])) if outcome else None,
    )
