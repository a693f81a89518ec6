"""What the judges of a road share: the ladder, its settings, and what a contact is for."""

from dataclasses import dataclass

from schedules.calendar import Calendar
from schedules.ladder import CONTACT_KINDS, Ladder, Step, StepKind
from schedules.proof.carrying import Carrier
from schedules.proof.sight import Sight
from schedules.proof.watcher import Watcher
from schedules.settings import PolicySettings

TO_TENANT = CONTACT_KINDS | {StepKind.CARD}
FREE = frozenset({"answer", "care", "plan"})
"""What texts are for that may reach a tenant whose collection waits (rules.md 38)."""


@dataclass(frozen=True)
class Judged:
    """What every judge of a road needs."""

    ladder: Ladder
    settings: PolicySettings
    calendar: Calendar
    sight: Sight
    carrier: Carrier

    def is_contact(self, step: Step) -> bool:
        """Say whether a step reaches the tenant with what its collection text is for."""
        return step.kind in TO_TENANT and self.carrier.purpose_of(step) not in FREE


class Judge(Watcher):
    """A property that looks at what goes."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
