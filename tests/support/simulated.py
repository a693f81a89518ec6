"""Simulations for tests: a small run of a ladder, with the diary of all that happened."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from schedules.calendar import Calendar, load_law
from schedules.ladder import Ladder, example_fills
from schedules.ladder_file import ladder_data, write_ladder
from schedules.loader import parse_ladder
from schedules.settings import PolicySettings
from schedules.shipped import load_shipped, shipped_text
from schedules.simulation.figures import Figures, default_figures
from schedules.simulation.portfolio import made_up_portfolio
from schedules.simulation.run import Run
from schedules.simulation.stage import Note, Setting
from schedules.simulation.tally import Tally
from schedules.simulation.team_run import TeamRun

START = date(2027, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Played:
    """A run of one team, its tally and its diary."""

    run: Run
    tally: Tally
    diary: tuple[Note, ...]

    def of_each(self) -> dict[str, list[Note]]:
        """Return the notes per tenancy, in the order in which they were written."""
        found: dict[str, list[Note]] = {}
        for note in self.diary:
            found.setdefault(note.key, []).append(note)
        return found


def make_run(
    ladder: Ladder | None = None,
    *,
    tenancies: int = 300,
    months: int = 6,
    seed: int = 7,
    figures: Figures | None = None,
    **values: Any,
) -> Run:
    """Make a run on made-up tenancies; the standard ladder when none is given."""
    chosen, supposed = ladder or load_shipped("standaard"), figures or default_figures()
    settings = PolicySettings(fills=example_fills(chosen), minimum_amount_cents=2500)
    fields = {"settings": settings, "portfolio": made_up_portfolio(tenancies, supposed), "start": START, **values}
    return Run(ladder=chosen, months=months, seed=seed, figures=supposed, **fields)


def play(run: Run) -> Played:
    """Play the first team of a run and keep its diary."""
    diary: list[Note] = []
    setting = Setting(
        ladder=run.ladder,
        settings=run.settings,
        calendar=Calendar(load_law()),
        figures=run.figures,
        seed=run.seed,
        start=run.start,
        horizon=run.horizon,
    )
    tally = TeamRun(setting, run.portfolio.parts[0], diary).play()
    return Played(run=run, tally=tally, diary=tuple(diary))


@lru_cache(maxsize=4)
def standard_played(tenancies: int = 600, months: int = 8) -> Played:
    """Return a run of the standard ladder, played once per test process."""
    return play(make_run(tenancies=tenancies, months=months))


def changed_ladder(name: str = "standaard", *, steps: tuple[str, ...] | None = None, **attempts: int) -> Ladder:
    """Return a shipped ladder with only some of its steps, or with other numbers of attempts per step."""
    data = dict(ladder_data(shipped_text(name)))
    kept = [dict(step) for step in data["steps"] if steps is None or step["key"] in steps]
    for step in kept:
        if step["key"] in attempts:
            step["attempts"] = {**step.get("attempts", {}), "max": attempts[step["key"]]}
    data["steps"] = kept
    data.pop("promises", None)
    return parse_ladder(write_ladder(data), "changed.yaml")
