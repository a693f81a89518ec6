"""What a ladder asks of people and channels in a week: a short simulation, fast enough to stand beside an editor."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from schedules.calendar import Calendar
from schedules.ladder import Ladder
from schedules.settings import PolicySettings
from schedules.simulation.figures import Figures, default_figures
from schedules.simulation.intervals import quantile
from schedules.simulation.portfolio import made_up_portfolio
from schedules.simulation.run import Run, play_part
from schedules.simulation.tally import Tally

START = date(2027, 1, 1)
KINDS: Mapping[str, str] = {
    "sms": "message",
    "whatsapp": "message",
    "email": "message",
    "letter": "message",
    "robocall": "robocall",
    "call": "call",
    "visit": "visit",
    "card": "card",
}


@dataclass(frozen=True, kw_only=True)
class Workload:
    """An estimate for so many tenancies: means a week, shares from 0 to 1, days from the oldest due date.

    `contacts_per_week` goes by kind (message, robocall, call, visit, card). `reached_share` and
    `days_to_handed_over` (median, to the first referral or decision) are None when there is nothing to count.
    """

    tenancies: int
    months: int
    contacts_per_week: Mapping[str, float]
    hours_per_week: float
    calls_per_week: float
    visits_per_week: float
    cases_per_week: float
    reached_share: float | None
    days_to_handed_over: int | None


def workload(
    ladder: Ladder,
    settings: PolicySettings,
    calendar: Calendar,
    *,
    tenancies: int = 500,
    months: int = 3,
    seed: int = 1,
    figures: Figures | None = None,
    shown_for: int | None = None,
) -> Workload:
    """Estimate what a ladder asks, on made-up tenancies; `shown_for` scales the numbers to another portfolio."""
    supposed = figures or default_figures()
    portfolio = made_up_portfolio(tenancies, supposed)
    run = Run(
        ladder=ladder, settings=settings, portfolio=portfolio, start=START, months=months, seed=seed, figures=supposed
    )
    tally = Tally()
    for part in portfolio.parts:
        tally.merge(play_part(run, part, calendar))
    return _workload(run, tally, shown_for or tenancies)


def _workload(run: Run, tally: Tally, shown_for: int) -> Workload:
    weeks = (run.horizon - run.start).days / 7
    scale = shown_for / run.portfolio.size / weeks

    def per_week(count: float) -> float:
        return round(count * scale, 1)

    kinds: Counter[str] = Counter()
    handed: Counter[int] = Counter()
    for key, count in tally.counts.items():
        if key[0] == "contact":
            kinds[KINDS.get(key[1], "message")] += count
        elif key[0] == "handed_over_after":
            handed[key[1]] += count
    cases = tally.total("cases")
    return Workload(
        tenancies=shown_for,
        months=run.months,
        contacts_per_week={kind: per_week(count) for kind, count in sorted(kinds.items())},
        hours_per_week=per_week(tally.total("minutes") / 60),
        calls_per_week=per_week(tally.total("calls")),
        visits_per_week=per_week(tally.total("visits")),
        cases_per_week=per_week(cases),
        reached_share=round(tally.total("reached") / cases, 3) if cases else None,
        days_to_handed_over=quantile(handed, 0.5),
    )
