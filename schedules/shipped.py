"""The ladders that ship: each as in its source, and with the legal floor where the source lacks it (rules.md 41)."""

from functools import lru_cache

from schedules.ladder import Ladder
from schedules.ladder_file import ladder_data, write_ladder
from schedules.loader import parse_ladder, preset_names, preset_text
from schedules.overlay import SUFFIX, floored, is_whole


@lru_cache(maxsize=1)
def shipped_names() -> tuple[str, ...]:
    """Return every shipped ladder: the sources, each followed by its variant with the floor when that differs."""
    return tuple(name for preset in preset_names() for name in (preset, *_variant(preset)))


def _variant(preset: str) -> tuple[str, ...]:
    return () if is_whole(ladder_data(preset_text(preset))) else (f"{preset}{SUFFIX}",)


def is_source(name: str) -> bool:
    """Say whether a shipped name is a ladder as in its source, which another variant completes."""
    return f"{name}{SUFFIX}" in shipped_names()


def source_of(name: str) -> str:
    """Return the name of the source preset of a shipped ladder."""
    return name.removesuffix(SUFFIX)


@lru_cache(maxsize=64)
def shipped_text(name: str) -> str:
    """Return the file of a shipped ladder; raise KeyError when there is none by that name."""
    if name not in shipped_names():
        raise KeyError(name)
    if not name.endswith(SUFFIX):
        return preset_text(name)
    return write_ladder(floored(ladder_data(preset_text(source_of(name)))))


@lru_cache(maxsize=64)
def load_shipped(name: str) -> Ladder:
    """Return a shipped ladder by name."""
    return parse_ladder(shipped_text(name), f"{name}.yaml")
