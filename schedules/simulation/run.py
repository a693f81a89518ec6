"""Run a simulation: the parts of a portfolio over the workers, the same result whatever their number."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from schedules.calendar import Calendar, load_law
from schedules.ladder import Ladder
from schedules.settings import PolicySettings
from schedules.simulation.figures import Figures, default_figures
from schedules.simulation.portfolio import Part, Portfolio
from schedules.simulation.stage import Setting
from schedules.simulation.tally import Tally
from schedules.simulation.team_run import TeamRun

TELLS_EVERY_SECONDS = 0.5
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

    number: int
    run: Run
    part: Part


def simulate(runs: Sequence[Run], workers: int = 1, told: Told = lambda tenancies: None) -> tuple[Tally, ...]:
    """Simulate runs and return a tally each; `told` hears as it goes how many tenancies more are done.

    More than one worker means processes of their own; the result does not depend on their number.
    """
    tallies = tuple(Tally() for _ in runs)
    sent = [replace(run, settings=_plain(run.settings), portfolio=EMPTY) for run in runs]
    jobs = [
        _Job(number=number, run=sent[number], part=part)
        for number, run in enumerate(runs)
        for part in run.portfolio.parts
    ]
    for number, tally in _alone(jobs, told) if workers <= 1 else _together(jobs, workers, told):
        tallies[number].merge(tally)
    return tallies


def _plain(settings: PolicySettings) -> PolicySettings:
    """Return settings that can be sent to a worker: the shipped office hours are a read-only view."""
    return replace(settings, office_hours=dict(settings.office_hours))


def _alone(jobs: Sequence[_Job], told: Told) -> Iterator[tuple[int, Tally]]:
    for job in jobs:
        yield job.number, play_part(job.run, job.part, Calendar(load_law()), told)


def _together(jobs: Sequence[_Job], workers: int, told: Told) -> Iterator[tuple[int, Tally]]:
    """Yield what the workers finish, in any order; meanwhile tell how far they are together."""
    context, heard = multiprocessing.get_context("spawn"), 0
    done = context.Value("q", 0)
    with context.Pool(min(workers, max(1, len(jobs))), initializer=_share, initargs=(done,)) as pool:
        finished = pool.imap_unordered(_play, jobs)
        for _ in jobs:
            found = None
            while found is None:
                with suppress(multiprocessing.TimeoutError):
                    found = finished.next(timeout=TELLS_EVERY_SECONDS)
                more = done.value - heard
                if more:
                    heard += more
                    told(more)
            yield found


_shared: list[Any] = []
"""In a worker: the number of tenancies that all workers have done."""


def _share(done: Any) -> None:
    _shared[:] = [done]


def _tell(size: int) -> None:
    (done,) = _shared
    with done.get_lock():
        done.value += size


def _play(job: _Job) -> tuple[int, Tally]:
    """Play one part of one run, in a worker."""
    return job.number, play_part(job.run, job.part, Calendar(load_law()), _tell)


def play_part(run: Run, part: Part, calendar: Calendar, told: Told = lambda tenancies: None) -> Tally:
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
    return TeamRun(setting, part, told=told).play()
