"""The difference between two ladders, line by line, as stable codes with parameters; the screen turns it into words."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from schedules.difference_values import both, clock_text, value_text
from schedules.difference_words import FIELDS, SENTENCES, Text
from schedules.ladder import (
    Attempts,
    Clock,
    DaysAfterDue,
    DaysAfterStep,
    DaysFromDate,
    GapNote,
    Ladder,
    NotReached,
    OnlyIf,
    Source,
    Stage,
    Step,
)

NESTED = (OnlyIf, Attempts, Source, NotReached)
"""Parts of which each field is told apart."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line: a stable code, the step it is about (None for the whole ladder), and its parameters in both languages.

    `way` is added, removed or changed.
    """

    code: str
    step: str | None = None
    way: str = "changed"
    params: Mapping[str, Text] = field(default_factory=dict)


def difference(old: Ladder, new: Ladder) -> tuple[Change, ...]:
    """Return every change from one ladder to another: the ladder, its stages, then its steps; none for equal ones."""
    return (
        *_ladder_fields(old, new),
        *_promises(old, new),
        *_gaps(old.gaps, new.gaps),
        *_stages(old.stages, new.stages),
        *_steps(old, new),
    )


def change_text(change: Change, language: str = "nl") -> str:
    """Write a change as one sentence in Dutch ("nl") or English ("en")."""
    place = 0 if language == "nl" else 1
    values = {name: text[place] for name, text in change.params.items()}
    key = change.code if change.code in SENTENCES else _generic(change)
    return SENTENCES[key][place].format(**values)


def _generic(change: Change) -> str:
    return f"{'step' if change.step is not None else 'ladder'}_field_{change.way}"


def _ladder_fields(old: Ladder, new: Ladder) -> Iterator[Change]:
    apart = {"stages", "steps", "gaps", "promises"}
    yield from _fields(old, new, "ladder", None, (old, new), leave=apart)


def _fields(
    old: Any,
    new: Any,
    prefix: str,
    step: Step | None,
    ladders: tuple[Ladder, Ladder],
    leave: Collection[str] = (),
) -> Iterator[Change]:
    """Compare two dataclasses field by field; what is nested is told field by field too."""
    for each in fields(old):
        before, after = getattr(old, each.name), getattr(new, each.name)
        if each.name in leave or before == after:
            continue
        if isinstance(before, NESTED):
            yield from _fields(before, after, each.name, step, ladders)
        else:
            yield _field_change(f"{prefix}_{each.name}", before, after, step, ladders)


def _field_change(code: str, old: Any, new: Any, step: Step | None, ladders: tuple[Ladder, Ladder]) -> Change:
    name = FIELDS.get(code, both(code.replace("_", " ")))
    olds, news = value_text(code, old, ladders[0], new), value_text(code, new, ladders[1], old)
    params = {"field": name, "old": olds, "new": news}
    if step is not None:
        params["title"] = _title(step.title)
    way = "added" if _is_empty(old) else "removed" if _is_empty(new) else "changed"
    return Change(code=code, step=step.key if step else None, way=way, params=params)


def _is_empty(value: Any) -> bool:
    return value is None or value is False or (not isinstance(value, int) and not value)


def _promises(old: Ladder, new: Ladder) -> Iterator[Change]:
    before, after = _plain(old.promises), _plain(new.promises)
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield _field_change(f"promises_{name}", before.get(name), after.get(name), None, (old, new))


def _plain(promises: Any) -> Mapping[str, Any]:
    if is_dataclass(promises):
        return {each.name: getattr(promises, each.name) for each in fields(promises)}
    return promises  # type: ignore[no-any-return]


def _title(title: Mapping[str, str]) -> Text:
    return title["nl"], title["en"]


def _gaps(old: Sequence[GapNote], new: Sequence[GapNote]) -> Iterator[Change]:
    before, after = {gap.name: gap for gap in old}, {gap.name: gap for gap in new}
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            yield Change(code="gap_removed", way="removed", params={"title": _title(before[name].title)})
        elif name not in before:
            yield Change(code="gap_added", way="added", params={"title": _title(after[name].title)})
        elif before[name].title != after[name].title:
            yield _renamed("gap_renamed", before[name].title, after[name].title)
        elif before[name].example != after[name].example:
            params = {
                "title": _title(after[name].title),
                "old": both(str(before[name].example)),
                "new": both(str(after[name].example)),
            }
            yield Change(code="gap_example", params=params)
    yield from _order("gaps_reordered", [gap.name for gap in old], [gap.name for gap in new])


def _renamed(code: str, old: Mapping[str, str], new: Mapping[str, str]) -> Change:
    return Change(code=code, params={"old": value_text(code, old, None, new), "new": value_text(code, new, None, old)})


def _stages(old: Sequence[Stage], new: Sequence[Stage]) -> Iterator[Change]:
    before, after = {stage.key: stage for stage in old}, {stage.key: stage for stage in new}
    for key in dict.fromkeys((*before, *after)):
        if key not in after:
            yield Change(code="stage_removed", way="removed", params={"title": _title(before[key].title)})
        elif key not in before:
            yield Change(code="stage_added", way="added", params={"title": _title(after[key].title)})
        elif before[key].title != after[key].title:
            yield _renamed("stage_renamed", before[key].title, after[key].title)
    yield from _order("stages_reordered", [stage.key for stage in old], [stage.key for stage in new])


def _order(code: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Tell that what both have stands in another order, or that one name stands there more than once."""
    shared = set(old) & set(new)
    if [key for key in old if key in shared] != [key for key in new if key in shared]:
        yield Change(code=code)


def _steps(old: Ladder, new: Ladder) -> Iterator[Change]:
    before, after = {step.key: step for step in old.steps}, {step.key: step for step in new.steps}
    yield from _order("steps_reordered", list(before), list(after))
    for key, step in before.items():
        if key not in after:
            yield Change(code="step_removed", step=key, way="removed", params=_whole(step, old))
    for key, step in after.items():
        if key not in before:
            yield Change(code="step_added", step=key, way="added", params=_whole(step, new))
        else:
            yield from _step(before[key], step, (old, new))


def _whole(step: Step, ladder: Ladder) -> dict[str, Text]:
    whens = [clock_text(clock, ladder) for clock in step.clocks]
    stage = next((each.title for each in ladder.stages if each.key == step.stage), None)
    return {
        "title": _title(step.title),
        "stage": _title(stage) if stage else both(step.stage),
        "kind": value_text("step_kind", step.kind, ladder, None),
        "when": (" en ".join(nl for nl, _ in whens), " and ".join(en for _, en in whens)),
    }


def _step(old: Step, new: Step, ladders: tuple[Ladder, Ladder]) -> Iterator[Change]:
    yield from _clocks(old, new, ladders)
    yield from _fields(old, new, "step", new, ladders, leave={"key", "clocks"})


def _clocks(old: Step, new: Step, ladders: tuple[Ladder, Ladder]) -> Iterator[Change]:
    before, after = {type(clock): clock for clock in old.clocks}, {type(clock): clock for clock in new.clocks}
    title = _title(new.title)
    for kind in dict.fromkeys((*before, *after)):
        one, other = before.get(kind), after.get(kind)
        if one == other:
            continue
        params = {"title": title}
        exact = one is not None and other is not None and clock_text(one, ladders[0]) == clock_text(other, ladders[1])
        params |= {"old": clock_text(one, None if exact else ladders[0])} if one is not None else {}
        params |= {"new": clock_text(other, None if exact else ladders[1])} if other is not None else {}
        if one is None or other is None:
            way = "added" if one is None else "removed"
            yield Change(code=f"clock_{way}", step=new.key, way=way, params=params)
            continue
        later = _days_later(one, other)
        code = "clock_changed" if later is None else "step_later" if later > 0 else "step_earlier"
        if later is not None:
            params["days"] = _days(abs(later))
        yield Change(code=code, step=new.key, params=params)
    if old.clocks != new.clocks and before == after:
        yield Change(code="clocks_reordered", step=new.key, params={"title": title})


def _days(number: int) -> Text:
    return ("1 dag", "1 day") if number == 1 else (f"{number} dagen", f"{number} days")


def _days_later(old: Clock, new: Clock) -> int | None:
    """Return by how many days a clock comes later, None when something else than a known number of days differs."""
    match old, new:
        case DaysAfterDue(days=int(before)), DaysAfterDue(days=int(after)):
            return after - before
        case DaysAfterStep(days=int(before)), DaysAfterStep(days=int(after)):
            same = (old.step, old.even_if) == (new.step, new.even_if)
            return after - before if same else None
        case DaysFromDate(days=int(before)), DaysFromDate(days=int(after)):
            return after - before if old.date == new.date else None
    return None
