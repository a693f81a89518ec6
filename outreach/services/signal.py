"""The evidence for an early signal: Bgs article 2, conditions a to d, and the agreement with the municipality."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from schedules.facts import SignalEvidence
from schedules.signal_texts import HELP_TEXTS, OFFER_TEXTS, REMINDER_TEXTS

WRITTEN = frozenset({"letter", "email"})
PERSONAL = frozenset({"call", "visit"})
CARRIED_OUT = frozenset({"sent", "done"})


@dataclass(frozen=True, kw_only=True)
class DoneContact:
    """One contact that was made: what the conditions are tested against."""

    attempt_id: int
    channel: str
    template: str | None
    state: str
    at: datetime
    outcome: str | None


@dataclass(frozen=True, kw_only=True)
class ConditionEvidence:
    """One condition: its letter, whether it is met, and by which attempts."""

    condition: str
    met: bool
    attempt_ids: tuple[int, ...]


def conditions(contacts: Sequence[DoneContact], refused: bool) -> Mapping[str, ConditionEvidence]:
    """Test conditions a to d on what was really done; a refusal by the tenant makes d fail."""
    made = [contact for contact in contacts if contact.state in CARRIED_OUT]
    effort = [each for each in made if each.channel in PERSONAL and each.outcome]
    help_ = [each for each in made if each.template in HELP_TEXTS]
    written = [each for each in made if each.channel in WRITTEN and each.template in REMINDER_TEXTS]
    offer = [each for each in made if each.channel in WRITTEN and each.template in OFFER_TEXTS]
    return {
        "a": _evidence("a", effort),
        "b": _evidence("b", help_),
        "c": _evidence("c", written),
        "d": _evidence("d", [] if refused else offer),
    }


def _evidence(condition: str, contacts: Sequence[DoneContact]) -> ConditionEvidence:
    ids = tuple(contact.attempt_id for contact in contacts)
    return ConditionEvidence(condition=condition, met=bool(ids), attempt_ids=ids)


def signal_facts(contacts: Sequence[DoneContact], refused: bool, agreement_active: bool) -> SignalEvidence:
    """Give the conditions to the engine: an offer that was made stays made when the tenant refuses it (rules.md 41)."""
    found = conditions(contacts, refused=False)
    return SignalEvidence(
        personal_contact_effort=found["a"].met,
        pointed_to_debt_help=found["b"].met,
        written_reminder=found["c"].met,
        offered_to_pass_on=found["d"].met,
        refused=refused,
        agreement_active=agreement_active,
    )
