"""Run a simulation: the parts of a portfolio over the workers, the same result whatever their number."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from schedules.calendar import Calendar, load_law
from schedules.ladder import Ladder
from schedules.settings import PolicySettings
from schedules.simulation.figures import Figures, default_figures
from schedules.simulation.portfolio import Part, Portfolio
from schedules.simulation.stage import Setting
from schedules.simulation.tally import Tally
from schedules.simulation.team_run import TeamRun

EMPTY = Portfolio(kind="", parts=())
Told = Callable[[int], object]


@dataclass(frozen=True, kw_only=True)
class Run:
    """What to simulate: a ladder with its settings on a portfolio, from a day, for some months, from a seed.

    `every_day` asks the engine every morning and not only at known moments: slower, to the same end.
    """

    ladder: Ladder
    settings: PolicySettings
    portfolio: Portfolio
    start: date
    months: int
    seed: int
    figures: Figures = field(default_factory=default_figures)
    every_day: bool = False

    @property
    def horizon(self) -> date:
        """Return the first day after the run."""
        months = self.start.year * 12 + self.start.month - 1 + self.months
        return date(months // 12, months % 12 + 1, min(self.start.day, 28))

    @property
    def weeks(self) -> int:
        """Return how many weeks, the last one begun, the run lasts."""
        return -(-(self.horizon - self.start).days // 7)


@dataclass(frozen=True, kw_only=True)
class _Job:
    """One part of a run; the run goes to its worker without the rest of the portfolio."""

    run: Run
    part: Part


def simulate(runs: Sequence[Run], workers: int = 1, told: Told = lambda tenancies: None) -> tuple[Tally, ...]:
    """Simulate runs and return a tally each; `told` hears of every part how many tenancies were done."""
    tallies = tuple(Tally() for _ in runs)
    sent = [replace(run, settings=_plain(run.settings), portfolio=EMPTY) for run in runs]
    jobs = [
        (number, _Job(run=sent[number], part=part)) for number, run in enumerate(runs) for part in run.portfolio.parts
    ]
    for number, size, tally in _played(jobs, workers):
        tallies[number].merge(tally)
        told(size)
    return tallies


def _plain(settings: PolicySettings) -> PolicySettings:
    """Return settings that can be sent to a worker: the shipped office hours are a read-only view."""
    return replace(settings, office_hours=dict(settings.office_hours))


def _played(jobs: Sequence[tuple[int, _Job]], workers: int) -> Iterator[tuple[int, int, Tally]]:
    if workers <= 1 or len(jobs) <= 1:
        yield from map(_play, jobs)
        return
    with multiprocessing.get_context("spawn").Pool(min(workers, len(jobs))) as pool:
        yield from pool.imap_unordered(_play, jobs)


def _play(numbered: tuple[int, _Job]) -> tuple[int, int, Tally]:
    number, job = numbered
    return number, job.part.size, play_part(job.run, job.part, Calendar(load_law()))


def play_part(run: Run, part: Part, calendar: Calendar) -> Tally:
    """Play one team's tenancies of a run and return what was counted."""
    setting = Setting(
        ladder=run.ladder,
        settings=run.settings,
        calendar=calendar,
        figures=run.figures,
        seed=run.seed,
        start=run.start,
        horizon=run.horizon,
        every_day=run.every_day,
    )
    return TeamRun(setting, part).play()
