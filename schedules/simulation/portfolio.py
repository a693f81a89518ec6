"""The tenancies of a simulation as plain data: made up per team, or given by the shell from the own record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from schedules.behaviour import TenantProfile, draw
from schedules.simulation.figures import Figures

FLAGS = ("children", "nuisance", "care_avoiding", "personally_known")
PHONE = ("sms", "robocall", "call")
Items = tuple[tuple[date, int], ...]


@dataclass(frozen=True, kw_only=True)
class Team:
    """A team and what it can do on a working day: calls, visits, and minutes of office work."""

    code: str
    name: str
    calls_per_day: int
    visits_per_day: int
    office_minutes_per_day: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Tenancy:
    """One tenancy at the start; `open_items` are (due date, cents), `agreement` is with its municipality.

    `in_trouble` is None when the figures decide whether it ever misses a rent. Tenancies of one
    `household` share their contact pressure.
    """

    key: str
    household: str
    rent_cents: int
    channels: frozenset[str]
    blocked: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    language: str = "nl"
    area: str | None = None
    agreement: bool = True
    open_items: Items = ()
    in_trouble: bool | None = None


class Part(Protocol):
    """The tenancies of one team: what one worker plays at a time."""

    @property
    def team(self) -> Team:
        """Return the team."""
        ...

    @property
    def size(self) -> int:
        """Return how many tenancies it holds."""
        ...

    def tenancies(self, figures: Figures, seed: int, start: date) -> Iterator[Tenancy]:
        """Yield the tenancies, the same for the same seed."""
        ...


@dataclass(frozen=True, kw_only=True)
class OwnPart:
    """Tenancies of one team as they are."""

    team: Team
    given: tuple[Tenancy, ...]

    @property
    def size(self) -> int:
        """Return how many tenancies it holds."""
        return len(self.given)

    def tenancies(self, figures: Figures, seed: int, start: date) -> Iterator[Tenancy]:
        """Yield the tenancies as they were given."""
        return iter(self.given)


@dataclass(frozen=True, kw_only=True)
class MadeUpPart:
    """Made-up tenancies with the numbers from `first` up to `last`."""

    team: Team
    first: int
    last: int

    @property
    def size(self) -> int:
        """Return how many tenancies it holds."""
        return self.last - self.first

    def tenancies(self, figures: Figures, seed: int, start: date) -> Iterator[Tenancy]:
        """Yield the tenancies; each is drawn from its own number."""
        return (_made_up(f"T{number:06d}", figures, seed, start) for number in range(self.first, self.last))


@dataclass(frozen=True, kw_only=True)
class Portfolio:
    """A whole portfolio: `kind` is own or synthetic."""

    kind: str
    parts: Sequence[Part]

    @property
    def size(self) -> int:
        """Return how many tenancies it holds."""
        return sum(part.size for part in self.parts)


def made_up_portfolio(tenancies: int, figures: Figures) -> Portfolio:
    """Make up a portfolio, divided over teams of equal size; a last, smaller team has capacity to its size."""
    each = figures["capacity.tenancies"]
    starts = range(0, tenancies, each)
    parts = [
        MadeUpPart(
            team=_team(number, min(each, tenancies - first), figures), first=first, last=min(first + each, tenancies)
        )
        for number, first in enumerate(starts, start=1)
    ]
    return Portfolio(kind="synthetic", parts=parts)


def _team(number: int, size: int, figures: Figures) -> Team:
    whole = figures["capacity.tenancies"]

    def share(name: str) -> int:
        return -(-figures[name] * size // whole)

    return Team(
        code=f"team-{number:02d}",
        name=f"Team {number}",
        calls_per_day=share("capacity.calls"),
        visits_per_day=share("capacity.visits"),
        office_minutes_per_day=share("capacity.office"),
    )


def _made_up(key: str, figures: Figures, seed: int, start: date) -> Tenancy:
    rent = figures["tenants.rent_from"]
    rent += draw(max(1, figures["tenants.rent_to"] - rent), seed, key, "rent")
    trouble = is_in_trouble(key, figures, seed)
    if not trouble:
        return Tenancy(key=key, household=key, rent_cents=rent, channels=frozenset(), in_trouble=False)

    def has(name: str) -> bool:
        return draw(100, seed, key, name) < figures[f"tenants.{name}"]

    channels = {"letter"}
    channels |= set(PHONE) if has("mobile") else set()
    channels |= {"whatsapp"} if "sms" in channels and has("whatsapp") else set()
    channels |= {"email"} if has("email") else set()
    return Tenancy(
        key=key,
        household=key,
        rent_cents=rent,
        channels=frozenset(channels),
        flags=frozenset(flag for flag in FLAGS if has(flag)),
        language="en" if has("english") else "nl",
        agreement=has("agreement"),
        open_items=_behind(key, rent, figures, seed, start),
        in_trouble=True,
    )


def is_in_trouble(key: str, figures: Figures, seed: int) -> bool:
    """Say whether a tenancy ever misses a rent."""
    return draw(1000, seed, key, "in_trouble") < figures["arrears.in_trouble"] * 10


def profile_of_tenancy(key: str, figures: Figures, seed: int) -> TenantProfile:
    """Return the kind of tenant of a tenancy that misses a rent now and then."""
    left = draw(100, seed, key, "profile")
    for profile in figures.profiles:
        left -= profile.share
        if left < 0:
            return profile
    return figures.profiles[-1]


def _behind(key: str, rent: int, figures: Figures, seed: int, start: date) -> Items:
    """Return the months that are open before the first day: 1 to 3, for the kinds that start behind."""
    habits = figures.habits[profile_of_tenancy(key, figures, seed).kind]
    if draw(100, seed, key, "behind") >= habits.behind:
        return ()
    months = 1 + min(draw(3, seed, key, "months"), draw(3, seed, key, "months too"))
    return tuple((month_before(start.replace(day=1), back), rent) for back in range(months, 0, -1))


def month_before(first: date, back: int) -> date:
    """Return the first of the month so many months before."""
    months = first.year * 12 + first.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)
