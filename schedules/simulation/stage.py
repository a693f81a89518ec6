"""The stage on which one team's tenants live: the queue of moments, the state of each home, the team's capacity."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from schedules.behaviour import TenantProfile, draw
from schedules.calendar import Calendar
from schedules.decisions import PlannedStep
from schedules.facts import AttemptFact, PlanState, ReferralFact, SignalEvidence
from schedules.ladder import Ladder
from schedules.settings import PolicySettings
from schedules.signal_texts import HELP_TEXTS, OFFER_TEXTS, REMINDER_TEXTS
from schedules.simulation.account import Account
from schedules.simulation.figures import Figures, Habits
from schedules.simulation.portfolio import Team, Tenancy
from schedules.simulation.tally import Tally

DECIDES_AT = time(7, 30)
BOOKED_AT = time(6, 30)
"""Payments and charges of the day before are known in the morning, as with a daily delivery."""

OFFICE_OPENS, OFFICE_CLOSES = time(9), time(16)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What every tenant of a run shares. `horizon` is the first day after it.

    With `every_day` the engine is asked every morning, as the product does, and not only at known moments.
    """

    ladder: Ladder
    settings: PolicySettings
    calendar: Calendar
    figures: Figures
    seed: int
    start: date
    horizon: date
    every_day: bool = False


class Household:
    """What weighs on the people at one address, over all their tenancies."""

    def __init__(self) -> None:
        self.contacts: list[datetime] = []
        self.talk_at: datetime | None = None
        self.promised_at: datetime | None = None


@dataclass
class Case:
    """One run of arrears while it is played; `planned` are attempts that keep their moment, `moved` why they moved."""

    opened_on: date
    due_on: date
    attempts: list[AttemptFact] = field(default_factory=list)
    referrals: list[ReferralFact] = field(default_factory=list)
    planned: dict[str, AttemptFact] = field(default_factory=dict)
    moved: dict[tuple[str, int], str] = field(default_factory=dict)
    due: tuple[PlannedStep, ...] = ()
    signal: SignalEvidence = field(default_factory=SignalEvidence)
    reached_at: datetime | None = None
    talked: bool = False
    handed_over: bool = False
    paid_in_part: bool = False
    looks_at: datetime | None = None
    finished: bool = False


@dataclass
class Home:
    """One tenancy whose tenant misses a rent now and then, while it is played; `place` is its turn in its team."""

    place: int
    tenancy: Tenancy
    profile: TenantProfile
    habits: Habits
    block: int
    household: Household
    account: Account = field(default_factory=Account)
    case: Case | None = None
    channels: frozenset[str] = frozenset()
    blocked: dict[str, str] = field(default_factory=dict)
    tried: Counter[str] = field(default_factory=Counter)
    grounds: frozenset[str] = frozenset()
    cause: str | None = None
    payday: int | None = None
    dates: dict[str, date] = field(default_factory=dict)
    waiting_talks: int = 0
    promise_until: date | None = None
    plan: PlanState = PlanState.NONE
    plan_number: int = 0
    plan_cents: int = 0
    help_accepted: bool = False
    helped_before: bool = False
    help_refused: bool = False
    help_stopped: bool = False
    pause_until: date | None = None
    at_bailiff: bool = False
    evicted: bool = False
    had_case: bool = False
    contacts: list[datetime] = field(default_factory=list)
    asked_for: set[datetime] = field(default_factory=set)

    @property
    def key(self) -> str:
        """Return the key that its draws hang on."""
        return self.tenancy.key


Action = Callable[..., None]


@dataclass(frozen=True, kw_only=True)
class Note:
    """One line of a diary: what happened to whom and when; `detail` is a channel or a number of cents."""

    at: datetime
    key: str
    what: str
    detail: str | int = ""


class Stage:
    """The queue of moments of one team, and what it can do in a day."""

    def __init__(self, setting: Setting, team: Team, tally: Tally, diary: list[Note] | None = None) -> None:
        """Make the stage; a diary, when given, gets a note of all that happens."""
        self.setting, self.team, self.tally, self._diary = setting, team, tally, diary
        self.figures, self.calendar, self.seed = setting.figures, setting.calendar, setting.seed
        self._queue: list[tuple[datetime, int, int, Home, Action, tuple[Any, ...]]] = []
        self._number = 0
        self._used: Counter[tuple[date, str]] = Counter()
        self._mornings: dict[date, datetime] = {}
        self._booked: dict[date, datetime] = {}
        self.end = self.calendar.utc(setting.horizon)
        self.look: Action = _nothing
        self.call_back: Callable[[Home, datetime, str, int], None] = _nothing

    def draw(self, top: int, *keys: object) -> int:
        """Return a number from 0 up to `top` for these keys and the seed."""
        return draw(top, self.seed, *keys)

    def happens(self, percent: int, *keys: object) -> bool:
        """Say whether something with this chance in percent happens."""
        return draw(100, self.seed, *keys) < percent

    def plan(self, at: datetime, home: Home, action: Action, *values: Any) -> None:
        """Let something happen to a home at a moment; what lies beyond the horizon is left out."""
        if at < self.end:
            self._number += 1
            heapq.heappush(self._queue, (at, home.place, self._number, home, action, values))

    def play(self, until: datetime) -> None:
        """Let everything that happens before a moment happen, in the order of time."""
        queue = self._queue
        while queue and queue[0][0] < until:
            at, _, _, home, action, values = heapq.heappop(queue)
            if not home.evicted:
                action(home, at, *values)

    def note(self, home: Home, at: datetime, what: str, detail: str | int = "") -> None:
        """Write in the diary, when there is one."""
        if self._diary is not None:
            self._diary.append(Note(at=at, key=home.key, what=what, detail=detail))

    def morning(self, day: date) -> datetime:
        """Return when the engine decides: half past seven on the first day of contact not before `day`."""
        found = self._mornings.get(day)
        if found is None:
            first = day
            while not self.calendar.is_contact_day(first):
                first += timedelta(days=1)
            found = self._mornings[day] = self.calendar.utc(first, DECIDES_AT)
        return found

    def booked(self, day: date) -> datetime:
        """Return when a payment of a day is known: the morning of the next working day."""
        found = self._booked.get(day)
        if found is None:
            found = self._booked[day] = self.calendar.utc(self.calendar.add_working_days(day, 1), BOOKED_AT)
        return found

    def look_soon(self, home: Home, at: datetime) -> None:
        """Ask the engine about a home now, or in the morning when it is night."""
        moment = max(at, self.morning(self.calendar.day_of(at)))
        if moment not in home.asked_for:
            home.asked_for.add(moment)
            self.plan(moment, home, self.look, False)

    def week(self, at: datetime) -> int:
        """Return the week of the run, from 0."""
        return (self.calendar.day_of(at) - self.setting.start).days // 7

    def work(self, home: Home, at: datetime, kind: str, minutes: int) -> None:
        """Count work of the team in its week."""
        week = self.week(at)
        self.tally.add("minutes", home.block, minutes)
        self.tally.counts[("minutes", self.team.code, week)] += minutes
        self.tally.counts[("work", kind, self.team.code, week)] += 1

    def take(self, kind: str, day: date) -> bool:
        """Take room for a call or visit on a day; say whether there was any."""
        most = self.team.calls_per_day if kind == "call" else self.team.visits_per_day
        if self._used[(day, kind)] >= most:
            return False
        self._used[(day, kind)] += 1
        return True

    def office(self, home: Home, at: datetime, kind: str, minutes: int, hours: int = 1) -> datetime:
        """Give a task to the office and return when it is done; days that are full move it, which is counted."""
        calendar, local = self.calendar, self.calendar.local(at)
        day = local.date()
        today = calendar.is_working_day(day) and local.time() < OFFICE_CLOSES
        day = day if today else calendar.add_working_days(day, 1)
        first = day
        while self._used[(day, "office")] + minutes > max(self.team.office_minutes_per_day, minutes):
            day = calendar.add_working_days(day, 1)
        if day != first:
            self.defer(home, at, "capacity_office")
        self._used[(day, "office")] += minutes
        done_at = max(at, calendar.utc(day, OFFICE_OPENS)) + timedelta(hours=hours)
        self.work(home, done_at, kind, minutes)
        return done_at

    def defer(self, home: Home, at: datetime, why: str) -> None:
        """Count a contact or task that moved to a later day, by what moved it."""
        self.tally.add("deferred", home.block)
        self.tally.counts[("deferred", why)] += 1
        if why.startswith("capacity"):
            self.tally.counts[("full", self.team.code, self.week(at))] += 1

    def bar(self, home: Home, at: datetime, channels: Iterable[str], why: str) -> None:
        """Bar channels of a tenant."""
        for channel in channels:
            if channel in home.channels:
                home.blocked[channel] = why
                self.note(home, at, why, channel)
        home.channels -= frozenset(channels)

    def add_evidence(self, case: Case, planned: PlannedStep, outcome: str) -> None:
        """Add what a contact proves for Bgs article 2, as the record of the product does."""
        signal, written = case.signal, planned.channel in {"letter", "email"}
        if planned.channel in {"call", "visit"} and outcome and not signal.personal_contact_effort:
            signal = replace(signal, personal_contact_effort=True)
        if planned.template in HELP_TEXTS:
            signal = replace(signal, pointed_to_debt_help=True)
        if written and planned.template in REMINDER_TEXTS:
            signal = replace(signal, written_reminder=True)
        if written and planned.template in OFFER_TEXTS:
            signal = replace(signal, offered_to_pass_on=True)
        case.signal = signal


def _nothing(*values: object) -> None:
    """Stand in until the run says who asks the engine and who calls back."""
