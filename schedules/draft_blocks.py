"""Steps that are ready to use: what most ladders are built of, as data in step_blocks.yaml."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from schedules.drafting import Data, add_step, keys_of


@dataclass(frozen=True, kw_only=True)
class Block:
    """One such step: its usual title, what it is good for, and its data without key, stage and clocks.

    `also` names the block that comes with it; `outcomes` are those of the step before it at which it starts;
    `when` are its own clocks, in the place of those that are asked.
    """

    name: str
    title: Mapping[str, str]
    explanation: Mapping[str, str]
    step: Mapping[str, Any]
    also: str | None = None
    outcomes: tuple[str, ...] = ()
    when: Mapping[str, Any] | None = None


@lru_cache(maxsize=1)
def blocks() -> Mapping[str, Block]:
    """Return every ready step by name, in the order in which a ladder mostly has them."""
    found = yaml.safe_load(files("schedules").joinpath("step_blocks.yaml").read_text("utf-8"))
    return {
        entry["block"]: Block(
            name=entry["block"],
            title=entry["title"],
            explanation=entry["explanation"],
            step=entry["step"],
            also=entry.get("also"),
            outcomes=tuple(entry.get("outcomes", ())),
            when=entry.get("when"),
        )
        for entry in found
    }


def add_block(
    data: Data, name: str, *, title: Mapping[str, str], stage: str, when: Data, after: str | None = None
) -> tuple[Data, str]:
    """Add a ready step with its clocks, and what comes with it; return the data and the key of the step."""
    block = blocks()[name]
    step = {**deepcopy(dict(block.step)), "stage": stage, "title": dict(title), "when": deepcopy(block.when) or when}
    new = add_step(data, step, after=after)
    key = next(key for key in keys_of(new) if key not in keys_of(data))
    if block.also:
        with_it = blocks()[block.also]
        clock = {"after_outcome": {"step": key, "outcomes": list(with_it.outcomes)}}
        also = {**deepcopy(dict(with_it.step)), "stage": stage, "title": dict(with_it.title), "when": clock}
        new = add_step(new, also, after=key)
    return new, key
