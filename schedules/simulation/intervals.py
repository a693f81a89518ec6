"""Uncertainty of simulated measures: a bootstrap over blocks of tenancies, Poisson for rare counts, order statistics.

Tenancies are in one of 200 blocks by a hash of their household, whatever the ladder; a replicate draws as many blocks
with replacement. Two ladders are drawn together (paired), so what they have in common falls out of the difference.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

from schedules.simulation.tally import BLOCKS

REPLICATES = 500
TALK_REPLICATES = 200
Z = 1.959964
LOW, HIGH = 0.025, 0.975


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A value with a 95% interval; None where there is nothing to estimate from."""

    value: float | None
    low: float | None
    high: float | None


def draws(seed: int, replicates: int = REPLICATES) -> list[list[int]]:
    """Return the blocks of each replicate, the same for the same seed."""
    chance = random.Random(seed)
    return [chance.choices(range(BLOCKS), k=BLOCKS) for _ in range(replicates)]


def between(values: Sequence[float]) -> tuple[float, float]:
    """Return the 2.5th and 97.5th percentile of replicates."""
    ordered = sorted(values)
    return ordered[floor(LOW * (len(ordered) - 1))], ordered[ceil(HIGH * (len(ordered) - 1))]


def replicate(values: Sequence[float], over: Sequence[float] | float, drawn: Sequence[Sequence[int]]) -> list[float]:
    """Return a measure in each replicate: a sum of blocks, divided by a sum of blocks or a number."""
    if isinstance(over, int | float):
        return [sum(values[block] for block in blocks) / over for blocks in drawn]
    found = []
    for blocks in drawn:
        whole = sum(over[block] for block in blocks)
        found.append(sum(values[block] for block in blocks) / whole if whole else 0.0)
    return found


def poisson(count: float) -> tuple[float, float]:
    """Return the exact (Garwood) interval of a Poisson count, by the Wilson-Hilferty approximation."""
    low = count * (1 - 1 / (9 * count) - Z / (3 * sqrt(count))) ** 3 if count > 0 else 0.0
    above = count + 1
    return max(0.0, low), above * (1 - 1 / (9 * above) + Z / (3 * sqrt(above))) ** 3


def quantile(days: Mapping[int, int], share: float) -> int | None:
    """Return the day by which a share of all has come."""
    total, seen = sum(days.values()), 0
    for day in sorted(days):
        seen += days[day]
        if seen >= share * total:
            return day
    return None


def quantile_estimate(days: Mapping[int, int], share: float) -> Estimate:
    """Return a quantile with its distribution-free interval from order statistics (binomial, normal approximation)."""
    total = sum(days.values())
    if total == 0:
        return Estimate(value=None, low=None, high=None)
    spread = Z * sqrt(share * (1 - share) / total)
    bounds = (quantile(days, max(share - spread, 1 / total)), quantile(days, min(share + spread, 1.0)))
    return Estimate(value=quantile(days, share), low=bounds[0], high=bounds[1])


def quantile_difference(
    first: Mapping[tuple[int, int], int], second: Mapping[tuple[int, int], int], share: float, seed: int
) -> Estimate:
    """Return second minus first of a quantile of days per block, with its paired bootstrap interval."""
    ours, theirs = _by_block(first), _by_block(second)
    value = _difference(_summed(ours, range(BLOCKS)), _summed(theirs, range(BLOCKS)), share)
    if value is None:
        return Estimate(value=None, low=None, high=None)
    found = [
        _difference(_summed(ours, blocks), _summed(theirs, blocks), share) for blocks in draws(seed, TALK_REPLICATES)
    ]
    low, high = between([each for each in found if each is not None] or [value])
    return Estimate(value=value, low=low, high=high)


def _difference(first: Mapping[int, int], second: Mapping[int, int], share: float) -> float | None:
    ours, theirs = quantile(first, share), quantile(second, share)
    return None if ours is None or theirs is None else float(theirs - ours)


def _by_block(days: Mapping[tuple[int, int], int]) -> list[list[tuple[int, int]]]:
    found: list[list[tuple[int, int]]] = [[] for _ in range(BLOCKS)]
    for (block, day), count in days.items():
        found[block].append((day, count))
    return found


def _summed(by_block: Sequence[Sequence[tuple[int, int]]], blocks: Sequence[int]) -> Counter[int]:
    total: Counter[int] = Counter()
    for block in blocks:
        for day, count in by_block[block]:
            total[day] += count
    return total
