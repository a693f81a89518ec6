"""Draws that depend on nothing but their keys: the same seed and keys give the same draw on every machine."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Option = TypeVar("Option")


def draw(top: int, *keys: object) -> int:
    """Give a number from 0 up to `top`, evenly spread over the keys."""
    text = "|".join(str(key) for key in keys).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") % top


def happens(percent: int, *keys: object) -> bool:
    """Say whether something with this chance (in percent) happens."""
    return draw(100, *keys) < percent


def pick(options: Sequence[Option], *keys: object) -> Option:
    """Choose one of the options."""
    return options[draw(len(options), *keys)]
