"""What a simulation counts: sums per block of tenancies, for uncertainty, and plain counters. Two tallies add up."""

from array import array
from collections import Counter
from typing import Any

BLOCKS = 200
"""Groups of tenancies, by hash, that the bootstrap draws from; each tenancy is in one, whatever the ladder."""

LONGEST_TALK = 180

SUMS = (
    "tenancies",
    "households",
    "cases",
    "reached",
    "talked",
    "contacts",
    "plans",
    "plans_kept",
    "plans_broken",
    "plans_running",
    "referrals",
    "signals",
    "help_accepted",
    "help_stopped",
    "summonses",
    "judgments",
    "evictions_announced",
    "evictions_withdrawn",
    "evictions_paid_at_door",
    "evictions_executed",
    "evictions_unknown",
    "charged_cents",
    "paid_cents",
    "written_off_cents",
    "open_cents",
    "arrears_cent_days",
    "minutes",
    "channel_cost_cents",
    "calls",
    "visits",
    "deferred",
    "opted_out",
)
"""What is counted per block. Households are those that had a case; cents and minutes are whole numbers."""


class Tally:
    """Sums per block, days of first talk per block, and counters by key."""

    def __init__(self) -> None:
        self.sums = {name: array("q", bytes(8 * BLOCKS)) for name in SUMS}
        self.talk_days: Counter[tuple[int, int]] = Counter()
        self.counts: Counter[tuple[Any, ...]] = Counter()

    def add(self, name: str, block: int, amount: int = 1) -> None:
        """Add to a sum of a block."""
        self.sums[name][block] += amount

    def talk(self, block: int, day: int) -> None:
        """Count the days from the oldest due date to the first talk of a case."""
        self.talk_days[(block, min(max(day, 0), LONGEST_TALK))] += 1

    def total(self, name: str) -> int:
        """Return a sum over all blocks."""
        return sum(self.sums[name])

    def merge(self, other: "Tally") -> None:
        """Add another tally to this one."""
        for name, values in other.sums.items():
            mine = self.sums[name]
            for block, amount in enumerate(values):
                mine[block] += amount
        self.talk_days.update(other.talk_days)
        self.counts.update(other.counts)
