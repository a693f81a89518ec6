"""Answers that staff save to use again: what they may fill in, and those that ship."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

FILLED_IN = ("name", "contact_name", "contact_phone", "landlord")
"""What a saved answer may fill in; anything else between braces is refused."""

_PLACE = re.compile(r"\{([^{}]*)\}")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, kw_only=True)
class ShippedAnswer:
    """A Dutch answer to begin with, and the intent of the reply that it fits."""

    name: str
    intent: str
    text: str


@cache
def shipped_answers() -> tuple[ShippedAnswer, ...]:
    """Return the answers that ship, in the order of their file."""
    text = files("messages").joinpath("saved_answers.yaml").read_text(encoding="utf-8")
    return tuple(ShippedAnswer(**{key: str(entry[key]).strip() for key in entry}) for entry in yaml.load(text, _LOADER))


def unknown_places(text: str) -> tuple[str, ...]:
    """Return what stands between braces and cannot be filled in."""
    return tuple(name for name in _PLACE.findall(text) if name not in FILLED_IN)


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Fill in the places of which the value is known; an empty value leaves nothing behind."""
    return _PLACE.sub(lambda found: values.get(found.group(1), found.group(0)), text)
