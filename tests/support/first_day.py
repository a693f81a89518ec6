"""One first day, lived once and copied for each test: a tenant in arrears who was reminded, on SQLite."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.support.worlds import FIRST_DAY, World, make_world, open_runtime

FILE = "first.sqlite3"


def live_first_day(template: Path, folder: Path, cents: int, **settings: Any) -> World:
    """Live the first day of a landlord with these settings, with one tenant who owes `cents`."""
    shutil.copyfile(template, folder / FILE)
    made = make_world(f"sqlite:///{folder / FILE}", folder)
    made.change_settings(**settings)
    made.owe(made.home(), cents)
    made.live(FIRST_DAY)
    made.runtime.db.dispose()
    return made


def copy_of(original: World, source: Path, folder: Path) -> World:
    """Give a copy of a lived day, on a clock that stands where it ended."""
    for name in _files(source):
        shutil.copyfile(source / name, folder / name)
    runtime, clock = open_runtime(f"sqlite:///{folder / FILE}", folder, now=original.clock())
    return replace(original, runtime=runtime, clock=clock, homes=list(original.homes))


def _files(source: Path) -> Sequence[str]:
    return [each.name for each in source.glob(f"{FILE}*")]
