"""Take a step out of a ladder's data: what followed it follows something else, or goes with it."""

from copy import deepcopy
from typing import Any

from schedules.draft_days import Fills, days_of_steps
from schedules.draft_settling import settled
from schedules.drafting import Data, all_after, followers, keys_of, place_of, step_of, waits_for


def possible_instead(data: Data, key: str) -> tuple[str, ...]:
    """Return the keys of the steps that the followers of a step can follow instead, without a circle."""
    later = all_after(data, key)
    return tuple(other for other in keys_of(data) if other != key and other not in later)


def usual_instead(data: Data, key: str) -> str | None:
    """Return what the followers would follow of themselves: what the step itself waited for, else the step before."""
    possible = possible_instead(data, key)
    waited = [other for other in possible if other in waits_for(step_of(data, key))]
    return waited[0] if waited else None


def goes_too(data: Data, key: str) -> tuple[str, ...]:
    """Return the keys of the cards that share the moment of a visit and go with it."""
    return tuple(
        step["key"]
        for step in data["steps"]
        if step["kind"] == "card" and step["when"].get("after_outcome", {}).get("step") == key
    )


def remove_step(data: Data, key: str, instead: str | None, fills: Fills) -> Data:
    """Take a step away; its followers follow `instead`, or with None count from the due date on their own day."""
    step_of(data, key)
    new = deepcopy(data)
    for card in goes_too(new, key):
        new = remove_step(new, card, None, fills)
    for follower in followers(new, key):
        step = new["steps"][place_of(new, follower)]
        _follow(new, step, key, instead, fills)
    new["steps"].pop(place_of(new, key))
    for slack in new.get("slack", []):
        _drop_outcome(slack.get("if", {}), key)
    if "slack" in new:
        new["slack"] = [slack for slack in new["slack"] if slack.get("if")]
        if not new["slack"]:
            del new["slack"]
    return settled(new)


def _follow(data: Data, step: Data, key: str, instead: str | None, fills: Fills) -> None:
    when = step["when"]
    days = days_of_steps(data, fills)
    if when.get("after_outcome", {}).get("step") == key:
        del when["after_outcome"]
        _again(when, instead, 0, days.get(key))
    if when.get("days_after", {}).get("step") == key:
        old = when.pop("days_after")
        gone = days.get(key)
        _again(when, instead, old["days"], gone, even_if=old.get("even_if"))
    _forget(step, key, instead)


def _again(when: Data, instead: str | None, days: Any, gone: Any, even_if: Any = None) -> None:
    """Give a step a clock for the one that it lost, unless another clock is left that says enough."""
    if instead is not None and "days_after" not in when:
        when["days_after"] = {"step": instead, "days": days, **({"even_if": even_if} if even_if else {})}
    elif not when:
        start = gone.last if gone else 0
        when["days_after_due"] = start + days if isinstance(days, int) else start


def _forget(step: Data, key: str, instead: str | None) -> None:
    for part in ("only_if", "not_if"):
        if part in step:
            _drop_outcome(step[part], key)
            if not step[part]:
                del step[part]
    if key in step.get("needs_steps", ()):
        named = [instead if other == key else other for other in step["needs_steps"]]
        kept = list(dict.fromkeys(other for other in named if other is not None and other != step["key"]))
        if kept:
            step["needs_steps"] = kept
        else:
            del step["needs_steps"]


def _drop_outcome(condition: Data, key: str) -> None:
    if condition.get("outcome", {}).get("step") == key:
        del condition["outcome"]
