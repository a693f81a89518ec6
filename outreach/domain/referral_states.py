"""The states of a referral: one table of (state, what the partner let us know) -> state."""

from collections.abc import Mapping
from types import MappingProxyType

QUEUED, SENT, ACCEPTED, REJECTED, CLOSED, STOPPED = "queued", "sent", "accepted", "rejected", "closed", "stopped"
STATES = (QUEUED, SENT, ACCEPTED, STOPPED, REJECTED, CLOSED)
OPEN = frozenset({SENT, ACCEPTED, STOPPED})
"""States in which the partner still has the case, so that feedback is awaited."""

BUSY = frozenset({SENT, ACCEPTED})
"""States in which a partner is, or soon will be, active at the address."""

GOING_ON = "going_on"
VERDICTS = (GOING_ON, ACCEPTED, REJECTED, STOPPED, CLOSED)
REASONS = ("too_light", "refused", "no_capacity", "other")
"""Why a partner does not take a case (rules.md 11)."""

NEXT: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (QUEUED, SENT): SENT,
        (SENT, GOING_ON): SENT,
        (SENT, ACCEPTED): ACCEPTED,
        (SENT, REJECTED): REJECTED,
        (SENT, STOPPED): STOPPED,
        (SENT, CLOSED): CLOSED,
        (ACCEPTED, GOING_ON): ACCEPTED,
        (ACCEPTED, ACCEPTED): ACCEPTED,
        (ACCEPTED, REJECTED): REJECTED,
        (ACCEPTED, STOPPED): STOPPED,
        (ACCEPTED, CLOSED): CLOSED,
        (STOPPED, GOING_ON): STOPPED,
        (STOPPED, ACCEPTED): ACCEPTED,
        (STOPPED, CLOSED): CLOSED,
        (REJECTED, ACCEPTED): ACCEPTED,
        (REJECTED, CLOSED): CLOSED,
    }
)
"""Every step that a referral can make; what is not here cannot happen. Help that stopped can begin again."""


def next_state(state: str, verdict: str) -> str | None:
    """Return the state after a verdict, None when it cannot follow on this state."""
    return NEXT.get((state, verdict))


def verdicts(state: str) -> tuple[str, ...]:
    """Return what a partner can let us know in a state."""
    return tuple(verdict for verdict in VERDICTS if (state, verdict) in NEXT)
