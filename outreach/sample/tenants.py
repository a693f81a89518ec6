"""How a simulated tenant pays by himself: which months he misses, how far he is behind at the start, when he pays.

What a contact, promise or plan brings about is in schedules.behaviour; shares here are assumptions.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from outreach.sample.chance import draw, happens
from schedules.behaviour import TenantProfile, profile_of

DIRECT_DEBIT = "direct_debit"
IN_TROUBLE = 12
"""Percent of the tenancies that miss a rent now and then; the others pay by direct debit on the first."""


@dataclass(frozen=True, kw_only=True)
class Habits:
    """Percent: `misses` a month's rent, pays it `by_himself` after all; days late when he does; behind at the start."""

    misses: int
    by_himself: int
    late_from: int
    late_to: int
    behind: int


HABITS = {
    "on_time": Habits(misses=40, by_himself=85, late_from=2, late_to=8, behind=0),
    "late_payer": Habits(misses=80, by_himself=45, late_from=4, late_to=26, behind=15),
    "forgetful": Habits(misses=55, by_himself=25, late_from=9, late_to=30, behind=10),
    "struggling": Habits(misses=75, by_himself=14, late_from=12, late_to=40, behind=50),
    "avoider": Habits(misses=80, by_himself=8, late_from=15, late_to=45, behind=60),
    "unreachable": Habits(misses=80, by_himself=4, late_from=20, late_to=50, behind=60),
}


def in_trouble(tenant: str, seed: int) -> bool:
    """Say whether a tenancy (by its external number) ever misses a rent."""
    return happens(IN_TROUBLE, seed, tenant, "in_trouble")


def profile_code(tenant: str, seed: int) -> str:
    """Give the kind of a tenant as it is stored: a kind of the behaviour model, or direct debit."""
    return profile_of(tenant, seed).kind if in_trouble(tenant, seed) else DIRECT_DEBIT


def misses_month(tenant: str, profile: TenantProfile, due_on: date, seed: int) -> bool:
    """Say whether the rent due on a day is not paid on that day."""
    return happens(HABITS[profile.kind].misses, seed, tenant, due_on, "misses")


def months_behind(tenant: str, profile: TenantProfile, seed: int) -> int:
    """Give how many whole months are open already before the first simulated day: 0 to 3."""
    if not happens(HABITS[profile.kind].behind, seed, tenant, "behind"):
        return 0
    return 1 + min(draw(3, seed, tenant, "months"), draw(3, seed, tenant, "months too"))


def pays_by_himself_on(tenant: str, profile: TenantProfile, due_on: date, seed: int) -> date | None:
    """Give the day on which a missed rent is paid without any contact; None when it is not."""
    habits = HABITS[profile.kind]
    if not happens(habits.by_himself, seed, tenant, due_on, "by_himself"):
        return None
    return due_on + timedelta(days=habits.late_from + draw(habits.late_to - habits.late_from, seed, tenant, due_on))
