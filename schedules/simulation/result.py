"""What a simulation found, as plain data: every estimate with its interval, ready for JSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from schedules.simulation.figures import Figures
from schedules.simulation.intervals import (
    Estimate,
    between,
    draws,
    poisson,
    quantile_difference,
    quantile_estimate,
    replicate,
)
from schedules.simulation.measures import MEASURES, Measure
from schedules.simulation.portfolio import Team
from schedules.simulation.run import Run
from schedules.simulation.tally import BLOCKS, Tally

DAYS = (7, 14, 21, 28, 35, 42, 60, 90, 120)
METHOD = (
    "bootstrap of 500 replicates over 200 blocks of tenancies (paired for differences); Poisson for summonses, "
    "judgments and evictions; order statistics for days to the first talk; 95%"
)


def result_of(run: Run, tally: Tally) -> dict[str, Any]:
    """Return everything that a run found."""
    drawn = draws(run.seed)
    return {
        "ladder": run.ladder.name,
        "title": dict(run.ladder.title),
        "portfolio": run.portfolio.kind,
        "tenancies": run.portfolio.size,
        "start": run.start.isoformat(),
        "months": run.months,
        "weeks": run.weeks,
        "seed": run.seed,
        "method": METHOD,
        "decisions": tally.counts[("decide",)],
        "rechecks": tally.counts[("recheck",)],
        "measures": {each.key: _plain(_estimate(each, run, tally, drawn)) for each in MEASURES},
        "first_talk_days": _talk_days(tally),
        "reached_by_day": _reached_by_day(tally),
        "reached_by_channel": _by(tally, "reached", 1),
        "contacts_by_channel": _by(tally, "contact", 1),
        "contacts_per_household": _histogram(tally, "contacts_of_home"),
        "most_in_7_days": _histogram(tally, "most_in_7_days"),
        "weeks_of_arrears": _arrears(run, tally),
        "weeks_of_contacts": _contacts(run, tally),
        "teams": [_team(part.team, run, tally) for part in run.portfolio.parts],
        "referrals": _referrals(tally),
        "promises": _by(tally, "promises", 1),
        "evictions": _evictions(tally),
        "deferred": _by(tally, "deferred", 1),
        "dropped": _by(tally, "dropped", 1),
        "handed_over": tally.counts[("bailiff",)],
        "money": {name: tally.total(f"{name}_cents") for name in ("charged", "paid", "written_off", "open")},
    }


def difference_of(run: Run, first: Tally, other: Run, second: Tally) -> dict[str, Any]:
    """Return what the second run has more than the first, per measure, with the paired interval."""
    drawn = draws(run.seed)
    found = {each.key: _plain(_difference(each, (run, first), (other, second), drawn)) for each in MEASURES}
    days = {
        name: _plain(quantile_difference(first.talk_days, second.talk_days, share, run.seed))
        for name, share in (("median", 0.5), ("p90", 0.9))
    }
    return {"measures": found, "first_talk_days": days}


def _plain(estimate: Estimate) -> dict[str, float | None]:
    return {
        name: None if value is None else round(value, 4)
        for name, value in (("value", estimate.value), ("low", estimate.low), ("high", estimate.high))
    }


def _estimate(each: Measure, run: Run, tally: Tally, drawn: Sequence[Sequence[int]]) -> Estimate:
    values, over = _values(each, run.figures, tally), _over(each, run, tally)
    whole = over if isinstance(over, int | float) else sum(over)
    if not whole:
        return Estimate(value=None, low=None, high=None)
    value = sum(values) / whole
    if each.rare:
        (weight,) = each.weights(run.figures).values()
        low, high = (bound * weight for bound in poisson(value / weight if weight else 0.0))
    else:
        low, high = between(replicate(values, over, drawn))
    return Estimate(value=value, low=low, high=high)


def _values(each: Measure, figures: Figures, tally: Tally) -> list[float]:
    weights = each.weights(figures)
    return [sum(tally.sums[name][block] * weight for name, weight in weights.items()) for block in range(BLOCKS)]


def _over(each: Measure, run: Run, tally: Tally) -> Sequence[float] | float:
    if each.over == "weeks":
        return float((run.horizon - run.start).days / 7)
    if each.over == "days":
        return float(run.weeks * 7)
    return tally.sums[each.over] if each.over is not None else 1.0


def _difference(
    each: Measure, first: tuple[Run, Tally], second: tuple[Run, Tally], drawn: Sequence[Sequence[int]]
) -> Estimate:
    found = []
    for run, tally in (first, second):
        values, over = _values(each, run.figures, tally), _over(each, run, tally)
        whole = over if isinstance(over, int | float) else sum(over)
        found.append((sum(values) / whole if whole else 0.0, replicate(values, over, drawn)))
    (ours, our_draws), (theirs, their_draws) = found
    low, high = between([b - a for a, b in zip(our_draws, their_draws, strict=True)])
    return Estimate(value=theirs - ours, low=low, high=high)


def _talk_days(tally: Tally) -> dict[str, Any]:
    days: Counter[int] = Counter()
    for (_, day), count in tally.talk_days.items():
        days[day] += count
    return {name: _plain(quantile_estimate(days, share)) for name, share in (("median", 0.5), ("p90", 0.9))}


def _reached_by_day(tally: Tally) -> list[dict[str, float]]:
    """Return which share of all cases was reached within so many days of the oldest due date."""
    cases = tally.total("cases")
    days = Counter({key: count for key, count in tally.counts.items() if key[0] == "reached"})
    found = ((day, sum(count for key, count in days.items() if key[2] <= day)) for day in DAYS)
    return [{"day": day, "share": round(count / cases, 4) if cases else 0.0} for day, count in found]


def _by(tally: Tally, name: str, place: int) -> dict[str, int]:
    """Add up a counter by one part of its key, most first."""
    found: Counter[str] = Counter()
    for key, count in tally.counts.items():
        if key[0] == name:
            found[str(key[place])] += count
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _histogram(tally: Tally, name: str) -> dict[str, int]:
    found = {key[1]: count for key, count in tally.counts.items() if key[0] == name}
    return {str(value): found[value] for value in sorted(found)}


def _arrears(run: Run, tally: Tally) -> list[dict[str, int]]:
    return [
        {
            "week": week,
            "open_cents": tally.counts[("open_cents", week)],
            "households": tally.counts[("open_homes", week)],
        }
        for week in range(1, (run.horizon - run.start).days // 7 + 1)
    ]


def _contacts(run: Run, tally: Tally) -> dict[str, list[int]]:
    channels = _by(tally, "contact", 1)
    return {channel: [tally.counts[("contact", channel, week)] for week in range(run.weeks)] for channel in channels}


def _team(team: Team, run: Run, tally: Tally) -> dict[str, Any]:
    weeks = range(run.weeks)
    hours = [round(tally.counts[("minutes", team.code, week)] / 60, 1) for week in weeks]
    capacity = {"calls": team.calls_per_day * 5, "visits": team.visits_per_day * 5}
    return {
        "code": team.code,
        "name": team.name,
        "capacity_per_week": {**capacity, "office_hours": round(team.office_minutes_per_day * 5 / 60, 1)},
        "hours": hours,
        "calls": [tally.counts[("call", team.code, week)] for week in weeks],
        "visits": [tally.counts[("visit", team.code, week)] for week in weeks],
        "full": [tally.counts[("full", team.code, week)] for week in weeks],
    }


def _referrals(tally: Tally) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for target, sent in _by(tally, "referral", 1).items():
        answers = {key[2]: count for key, count in tally.counts.items() if key[:2] == ("feedback", target)}
        found[target] = {"sent": sent, **dict(sorted(answers.items()))}
    return found


def _evictions(tally: Tally) -> Mapping[str, int]:
    names = ("announced", "withdrawn", "paid_at_door", "executed", "unknown")
    return {name: tally.total(f"evictions_{name}") for name in names}
