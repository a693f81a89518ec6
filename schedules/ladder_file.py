"""Ladder files as plain data: read without losing a line, change, and write again as readable YAML."""

from typing import Any

import yaml

from schedules.errors import LadderError
from schedules.strict_yaml import read_document

Data = dict[str, Any]

FLOW_WIDTH = 96
"""The widest mapping or list that is written on one line."""

TOP = (
    "ladder", "title", "status", "valid_from", "valid_to", "pilot_of", "source", "reached", "not_reached", "promises",
    "exclusions", "slack", "gaps", "stages", "steps",
)  # fmt: skip
STEP = (
    "key", "stage", "kind", "title", "added_by", "lines", "note", "channels", "target", "template", "purpose", "when",
    "attempts", "payday_within_days", "decided_by", "options", "only_if", "not_if", "unless", "needs", "needs_steps",
    "asks_to_call", "measures", "expires_days", "pause_days", "ends_ladder",
)  # fmt: skip


def ladder_data(text: str, filename: str = "ladder.yaml") -> Data:
    """Read a file as plain data, whatever it says; raise LadderError when it is not readable as a mapping."""
    document = read_document(text)
    if document.problems:
        raise LadderError(filename, document.problems)
    found: Data = document.data if isinstance(document.data, dict) else {}
    return found


def write_ladder(data: Data) -> str:
    """Write ladder data as YAML in the usual order of keys; reading it again gives the same data."""
    ordered = _in_order(data, TOP)
    if isinstance(ordered.get("steps"), list):
        ordered["steps"] = [_in_order(step, STEP) if isinstance(step, dict) else step for step in ordered["steps"]]
    text: str = yaml.dump(ordered, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=112)
    return text


def _in_order(data: Data, keys: tuple[str, ...]) -> Data:
    known = {key: data[key] for key in keys if key in data}
    return known | {key: value for key, value in data.items() if key not in known}


class _Dumper(yaml.SafeDumper):
    """Write small mappings and lists on one line, and everything else as a block."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _is_small(value: Any) -> bool:
    return not _holds_mappings(value) and len(str(value)) <= FLOW_WIDTH


def _holds_mappings(value: Any) -> bool:
    """Say whether a list holds mappings: those read better below each other."""
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _mapping(dumper: yaml.SafeDumper, data: Data) -> yaml.Node:
    flow = _is_small(data) and not any(_holds_mappings(value) for value in data.values())
    return dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=flow)


def _sequence(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=_is_small(data))


LINE_BREAKS = frozenset("\n\r\x85\u2028\u2029")
"""What YAML folds into a space unless the text stands between double quotes, where it is escaped."""


def _text(dumper: yaml.SafeDumper, data: str) -> yaml.Node:
    style = '"' if LINE_BREAKS & set(data) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(list, _sequence)
