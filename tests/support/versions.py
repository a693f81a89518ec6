"""Other versions of a shipped ladder for tests: the file's data with some of its steps changed."""

import copy
from collections.abc import Callable
from typing import Any

from outreach.services.documents import keep_version
from outreach.services.policy import LADDER
from schedules.ladder_file import ladder_data, write_ladder
from schedules.shipped import shipped_text
from tests.support.worlds import World

Data = dict[str, Any]


def other_text(change: Callable[[Data], None], name: str = "standaard") -> str:
    """Write a shipped ladder with a change."""
    data = copy.deepcopy(ladder_data(shipped_text(name)))
    change(data)
    return write_ladder(data)


def keep(world: World, text: str, name: str = "standaard") -> int:
    """Keep a ladder text as a version that is not in force; give its id."""
    with world.runtime.db.write() as session:
        return keep_version(session, world.landlord_id, LADDER, name, text, world.clock()).id


def step_of(data: Data, key: str) -> Data:
    """Give the step of a ladder's data by its key."""
    return next(step for step in data["steps"] if step["key"] == key)


def later(key: str, days: int) -> Callable[[Data], None]:
    """Let a step come some days later."""

    def change(data: Data) -> None:
        when = step_of(data, key)["when"]
        if "days_after_due" in when:
            when["days_after_due"] += days
        else:
            when["days_after"]["days"] += days

    return change


def renamed(old: str, new: str) -> Callable[[Data], None]:
    """Give a step another key, wherever the ladder names it."""

    def change(data: Data) -> None:
        step_of(data, old)["key"] = new
        for step in data["steps"]:
            for clock in step["when"].values():
                if isinstance(clock, dict) and clock.get("step") == old:
                    clock["step"] = new

    return change


def without(key: str, instead: str) -> Callable[[Data], None]:
    """Leave a step out; what waited for it waits for another one."""

    def change(data: Data) -> None:
        renamed(key, f"{key}_gone")(data)
        gone = step_of(data, f"{key}_gone")
        data["steps"].remove(gone)
        for step in data["steps"]:
            for name, clock in list(step["when"].items()):
                if isinstance(clock, dict) and clock.get("step") == f"{key}_gone":
                    if name == "after_outcome":
                        step["when"][name] = {"step": instead, "outcomes": clock["outcomes"]}
                    else:
                        clock["step"] = instead

    return change


def several(*changes: Callable[[Data], None]) -> Callable[[Data], None]:
    """Make several changes, in order."""

    def change(data: Data) -> None:
        for each in changes:
            each(data)

    return change
