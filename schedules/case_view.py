"""One case seen by one ladder at one moment: what every part of the engine reads."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from schedules.calendar import Calendar
from schedules.facts import AttemptFact, CaseFacts
from schedules.ladder import Gap, Ladder, Number
from schedules.pressure import PressureFacts
from schedules.settings import PolicySettings


@dataclass(frozen=True)
class CaseView:
    """Ladder, facts, settings, calendar and moment together, with what follows from them."""

    ladder: Ladder
    facts: CaseFacts
    settings: PolicySettings
    calendar: Calendar
    now: datetime

    @cached_property
    def today(self) -> date:
        """Return the Dutch civil day of now."""
        return self.calendar.day_of(self.now)

    @cached_property
    def pressure(self) -> PressureFacts:
        """Return what weighs on the household."""
        facts = self.facts
        return PressureFacts(contacts=facts.household_contacts, talk_at=facts.talk_at, promised_at=facts.promised_at)

    @cached_property
    def attempts_by_step(self) -> dict[str, list[AttemptFact]]:
        """Return the attempts per step key."""
        found: dict[str, list[AttemptFact]] = defaultdict(list)
        for attempt in self.facts.attempts:
            found[attempt.step].append(attempt)
        return found

    def value(self, number: Number) -> int | None:
        """Return a number, or what the landlord fills its gap with, None when the gap is open."""
        if not isinstance(number, Gap):
            return number
        filled = self.settings.fills.get(number.name)
        return int(filled) if filled is not None else None
