"""The targets of referrals, as data: which partners there are, in Dutch and English."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import yaml

Titles = Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=1)
def targets() -> Titles:
    """Return every target by key, with its Dutch ("nl") and English ("en") title."""
    found: Titles = yaml.safe_load(files("schedules").joinpath("targets.yaml").read_text("utf-8"))
    return found
