"""Add, rename, move and remove the stages of a ladder's data."""

from collections.abc import Mapping
from copy import deepcopy

from schedules.drafting import Data, new_key


def stage_keys(data: Data) -> tuple[str, ...]:
    """Return the keys of the stages in their order."""
    return tuple(stage["key"] for stage in data["stages"])


def add_stage(data: Data, title: Mapping[str, str]) -> Data:
    """Add a stage at the end."""
    new = deepcopy(data)
    key = new_key(title["nl"], stage_keys(data), fallback="fase")
    new["stages"].append({"key": key, "title": dict(title)})
    return new


def rename_stage(data: Data, key: str, title: Mapping[str, str]) -> Data:
    """Give a stage another title; its key stays."""
    new = deepcopy(data)
    new["stages"][_place(new, key)]["title"] = dict(title)
    return new


def move_stage(data: Data, key: str, places: int) -> Data:
    """Move a stage with its steps up (negative) or down; at the edge it stays."""
    new = deepcopy(data)
    place = _place(new, key)
    target = min(len(new["stages"]) - 1, max(0, place + places))
    new["stages"].insert(target, new["stages"].pop(place))
    order = stage_keys(new)
    new["steps"].sort(key=lambda step: order.index(step["stage"]))
    return new


def remove_stage(data: Data, key: str) -> Data:
    """Take a stage away; its steps go to the stage before it, or after it. The last stage stays."""
    new = deepcopy(data)
    place = _place(new, key)
    if len(new["stages"]) == 1:
        return new
    neighbour = new["stages"][place - 1 if place else 1]["key"]
    new["stages"].pop(place)
    for step in new["steps"]:
        if step["stage"] == key:
            step["stage"] = neighbour
    _drop_from_slack(new, key)
    order = stage_keys(new)
    new["steps"].sort(key=lambda step: order.index(step["stage"]))
    return new


def _drop_from_slack(data: Data, key: str) -> None:
    for slack in data.get("slack", []):
        kept = [stage for stage in slack.get("stages", []) if stage != key]
        if "stages" in slack:
            slack["stages"] = kept or [data["stages"][0]["key"]]


def _place(data: Data, key: str) -> int:
    return stage_keys(data).index(key) if key in stage_keys(data) else _missing(key)


def _missing(key: str) -> int:
    raise KeyError(key)
