"""Settle the data of a ladder after an edit: take away what has lost its use, so that the file stays readable."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from schedules.schema import OUTCOMES, REFERRAL_OUTCOMES

Data = dict[str, Any]

FAILURES: Mapping[str, tuple[str, ...]] = {
    "message": ("undelivered", "failed", "bounced", "returned"),
    "robocall": ("no_answer", "voicemail", "busy", "hung_up", "wrong_number"),
    "call": ("no_answer", "voicemail", "busy", "wrong_number"),
    "visit": ("not_home", "not_opened"),
    "card": ("left",),
    "referral": ("rejected",),
}
"""With which outcomes a step of a kind did not work out."""

_GAP = re.compile(r"~[a-z][a-z0-9_]*")


def settled(data: Data) -> Data:
    """Return the data without unused gaps, outcomes that cannot come, and exclusions nobody takes up."""
    new = deepcopy(data)
    for step in new["steps"]:
        _settle_outcomes(step, new)
    _settle_exclusions(new)
    used = used_gaps({name: value for name, value in new.items() if name != "gaps"})
    kept = [gap for gap in new.pop("gaps", []) if gap["name"] in used]
    return {**new, **({"gaps": kept} if kept else {})}


def used_gaps(value: Any) -> frozenset[str]:
    """Return the names of all gaps (~name) anywhere in the data."""
    if isinstance(value, Mapping):
        return frozenset().union(*(used_gaps(item) for item in value.values()))
    if isinstance(value, list | tuple):
        return frozenset().union(*(used_gaps(item) for item in value))
    return frozenset({value[1:]} if isinstance(value, str) and _GAP.fullmatch(value) else ())


def possible_outcomes(step: Data) -> tuple[str, ...]:
    """Return the outcomes with which an attempt of a step can end."""
    if step["kind"] == "decision":
        return tuple(option["key"] for option in step.get("options", ()))
    return REFERRAL_OUTCOMES if step["kind"] == "referral" else OUTCOMES


def outcomes_of_failure(step: Data) -> tuple[str, ...]:
    """Return the outcomes that say that a step did not work out; of a decision all that it can be."""
    if step["kind"] == "decision":
        return possible_outcomes(step)
    return FAILURES[step["kind"]]


def _settle_outcomes(step: Data, data: Data) -> None:
    by_key = {other["key"]: other for other in data["steps"]}
    asked = step["when"].get("after_outcome")
    if asked is not None and asked["step"] in by_key:
        asked["outcomes"] = _possible(asked, by_key)
        if not asked["outcomes"]:
            del step["when"]["after_outcome"]
            step["when"].setdefault("days_after", {"step": asked["step"], "days": 0})
    for part in ("only_if", "not_if"):
        outcome = step.get(part, {}).get("outcome")
        if outcome is None or outcome["step"] not in by_key:
            continue
        outcome["outcomes"] = _possible(outcome, by_key)
        if not outcome["outcomes"]:
            del step[part]["outcome"]
        if not step[part]:
            del step[part]


def _possible(asked: Data, by_key: Mapping[str, Data]) -> list[str]:
    known = possible_outcomes(by_key[asked["step"]])
    return [outcome for outcome in asked["outcomes"] if outcome in known]


def _settle_exclusions(data: Data) -> None:
    if "exclusions" not in data:
        return
    taken_up = {flag for step in data["steps"] for flag in step.get("only_if", {}).get("flag", ())}
    data["exclusions"] = [flag for flag in data["exclusions"] if flag in taken_up]
    if not data["exclusions"]:
        del data["exclusions"]
