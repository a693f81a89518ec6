"""Edit a ladder as data: every operation takes the data of a ladder file and gives new data, the old stays as it was.

References between steps (clocks, conditions, needs) stay right, and what nobody uses any more goes away. What an
operation is given must exist; an unknown step or stage raises KeyError.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from typing import Any

from schedules.draft_settling import settled

Data = dict[str, Any]

STEP_ORDER = (
    "key", "stage", "kind", "title", "channels", "template", "target", "purpose", "when", "attempts", "unless",
    "not_if", "only_if", "needs", "needs_steps", "asks_to_call", "payday_within_days", "decided_by", "options",
    "pause_days", "ends_ladder", "measures", "expires_days", "note", "lines", "added_by",
)  # fmt: skip
"""The order in which the parts of a step are written."""

_LONGEST_KEY = 40


def new_key(title: str, taken: Collection[str], fallback: str = "stap") -> str:
    """Make a key from a title: small letters without accents, digits and underscores, not yet taken."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST_KEY].strip("_")
    if not stem or not stem[0].isalpha():
        stem = f"{fallback}_{stem}".strip("_")
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}_{number}", number + 1
    return key


def step_of(data: Data, key: str) -> Data:
    """Return the data of a step; raise KeyError when there is none by that key."""
    return data["steps"][place_of(data, key)]  # type: ignore[no-any-return]


def place_of(data: Data, key: str) -> int:
    """Return where a step stands in the list, from 0; raise KeyError."""
    for place, step in enumerate(data["steps"]):
        if step["key"] == key:
            return place
    raise KeyError(key)


def keys_of(data: Data) -> tuple[str, ...]:
    """Return the keys of all steps in their order."""
    return tuple(step["key"] for step in data["steps"])


def add_step(data: Data, step: Data, *, after: str | None = None) -> Data:
    """Put a step (its key is made from its title) behind another one, or at the end of its stage."""
    new = deepcopy(data)
    made = ordered({**deepcopy(step), "key": new_key(step["title"]["nl"], keys_of(data))})
    _stage_place(new, made["stage"])
    place = _end_of_stage(new, made["stage"]) if after is None else place_of(new, after) + 1
    new["steps"].insert(place, made)
    return settled(new)


def duplicate_step(data: Data, key: str, title: Mapping[str, str]) -> Data:
    """Put a copy of a step with another title behind it; nothing follows the copy."""
    return add_step(data, {**step_of(data, key), "title": dict(title)}, after=key)


def change_step(data: Data, key: str, changes: Mapping[str, Any]) -> Data:
    """Set parts of a step; None takes a part away. The key stays, so that what was done keeps its name."""
    new = deepcopy(data)
    place = place_of(new, key)
    step = {**new["steps"][place], **deepcopy(dict(changes)), "key": key}
    new["steps"][place] = ordered({name: value for name, value in step.items() if value is not None})
    _stage_place(new, step["stage"])
    return settled(new)


def place_step(data: Data, key: str, *, stage: str, before: str | None = None) -> Data:
    """Move a step to a stage, in front of another step of it, or to its end."""
    new = deepcopy(data)
    _stage_place(new, stage)
    if before == key:
        return new
    step = new["steps"].pop(place_of(new, key))
    step["stage"] = stage
    new["steps"].insert(_end_of_stage(new, stage) if before is None else place_of(new, before), step)
    return new


def nudge_step(data: Data, key: str, places: int) -> Data:
    """Move a step one place up (-1) or down (1); at the edge of a stage it goes to the next stage."""
    step = step_of(data, key)
    own = [other["key"] for other in data["steps"] if other["stage"] == step["stage"]]
    place = own.index(key) + places
    if 0 <= place < len(own):
        rest = [other for other in own if other != key]
        before = rest[place] if place < len(rest) else None
        return place_step(data, key, stage=step["stage"], before=before)
    stages = [stage["key"] for stage in data["stages"]]
    target = stages.index(step["stage"]) + places
    if not 0 <= target < len(stages):
        return deepcopy(data)
    there = [other["key"] for other in data["steps"] if other["stage"] == stages[target]]
    return place_step(data, key, stage=stages[target], before=there[0] if places > 0 and there else None)


def ordered(step: Data) -> Data:
    """Return a step with its parts in the order in which they are written."""
    rest = [name for name in step if name not in STEP_ORDER]
    return {name: step[name] for name in (*STEP_ORDER, *rest) if name in step}


def describe_gap(data: Data, name: str, title: Mapping[str, str], example: int | str) -> Data:
    """Describe a gap that is about to be used, unless it is described already."""
    known = data.get("gaps", [])
    if name in {gap["name"] for gap in known}:
        return deepcopy(data)
    return {**deepcopy(data), "gaps": [*deepcopy(known), {"name": name, "title": dict(title), "example": example}]}


def references(step: Data) -> Iterator[str]:
    """Yield the keys of the steps that a step names, in its clocks, conditions and needs."""
    for clock in ("days_after", "after_outcome"):
        if clock in step["when"]:
            yield step["when"][clock]["step"]
    for part in ("only_if", "not_if"):
        if "outcome" in step.get(part, {}):
            yield step[part]["outcome"]["step"]
    yield from step.get("needs_steps", ())


def waits_for(step: Data) -> frozenset[str]:
    """Return the keys of the steps that the clocks of a step wait for."""
    return frozenset(step["when"][clock]["step"] for clock in ("days_after", "after_outcome") if clock in step["when"])


def followers(data: Data, key: str) -> tuple[str, ...]:
    """Return the keys of the steps that name this step, in their order."""
    return tuple(step["key"] for step in data["steps"] if step["key"] != key and key in set(references(step)))


def all_after(data: Data, key: str) -> frozenset[str]:
    """Return the keys of all steps whose clocks wait for this step, directly or through others."""
    found: set[str] = set()
    queue = [key]
    while queue:
        wanted = queue.pop()
        more = [step["key"] for step in data["steps"] if step["key"] not in found and wanted in waits_for(step)]
        found.update(more)
        queue.extend(more)
    return frozenset(found)


def possible_before(data: Data, key: str | None) -> tuple[str, ...]:
    """Return the keys of the steps that a step can follow without a circle; for a new step all."""
    if key is None:
        return keys_of(data)
    later = all_after(data, key)
    return tuple(other for other in keys_of(data) if other != key and other not in later)


def _stage_place(data: Data, stage: str) -> int:
    for place, each in enumerate(data["stages"]):
        if each["key"] == stage:
            return place
    raise KeyError(stage)


def _end_of_stage(data: Data, stage: str) -> int:
    """Return the place behind the last step of a stage, or where the stage would begin."""
    order = {each["key"]: place for place, each in enumerate(data["stages"])}
    end = 0
    for place, step in enumerate(data["steps"]):
        if order[step["stage"]] <= order[stage]:
            end = place + 1
    return end
