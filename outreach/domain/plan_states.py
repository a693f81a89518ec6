"""The life of a payment plan as one table of (state, event); what is not in it cannot happen (rules.md 29, 31)."""

from collections.abc import Mapping

from outreach.errors import OutreachError

STATES = (
    "requested",
    "proposed",
    "waiting",
    "active",
    "missed",
    "repair_offered",
    "broken",
    "kept",
    "refused",
    "lapsed",
    "ended",
)
"""requested: asked for; proposed: the tenant may say yes; waiting: a person decides; active: runs; missed: contact is
made about an instalment that was not paid; repair_offered: the one repair. The others are over: broken, kept, refused,
lapsed (nobody answered), ended."""

EVENTS = (
    "propose",
    "hand_over",
    "agree",
    "refuse",
    "lapse",
    "settle",
    "stop",
    "complete",
    "miss",
    "catch_up",
    "offer_repair",
    "repair",
    "break",
    "change",
    "end",
)

NEXT: Mapping[tuple[str, str], str] = {
    ("requested", "propose"): "proposed",
    ("requested", "hand_over"): "waiting",
    ("requested", "agree"): "active",
    ("requested", "refuse"): "refused",
    ("requested", "lapse"): "lapsed",
    ("requested", "settle"): "ended",
    ("requested", "stop"): "ended",
    ("proposed", "propose"): "proposed",
    ("proposed", "hand_over"): "waiting",
    ("proposed", "agree"): "active",
    ("proposed", "refuse"): "refused",
    ("proposed", "lapse"): "lapsed",
    ("proposed", "settle"): "ended",
    ("proposed", "stop"): "ended",
    ("waiting", "propose"): "proposed",
    ("waiting", "hand_over"): "waiting",
    ("waiting", "agree"): "active",
    ("waiting", "refuse"): "refused",
    ("waiting", "settle"): "ended",
    ("active", "complete"): "kept",
    ("active", "miss"): "missed",
    ("active", "break"): "broken",
    ("active", "change"): "active",
    ("active", "end"): "ended",
    ("missed", "complete"): "kept",
    ("missed", "catch_up"): "active",
    ("missed", "offer_repair"): "repair_offered",
    ("missed", "repair"): "active",
    ("missed", "change"): "active",
    ("missed", "break"): "broken",
    ("missed", "end"): "ended",
    ("repair_offered", "complete"): "kept",
    ("repair_offered", "catch_up"): "active",
    ("repair_offered", "repair"): "active",
    ("repair_offered", "change"): "active",
    ("repair_offered", "break"): "broken",
    ("repair_offered", "end"): "ended",
}

ASKED = ("requested", "proposed", "waiting")
RUNNING = ("active", "missed", "repair_offered")
OPEN = (*ASKED, *RUNNING)
OVER = ("broken", "kept", "refused", "lapsed", "ended")


class PlanStateError(OutreachError):
    """What happens does not fit the state of the plan."""


def may(state: str, event: str) -> bool:
    """Say whether an event can happen in a state."""
    return (state, event) in NEXT


def next_state(state: str, event: str) -> str:
    """Give the state after an event; raise PlanStateError when the event cannot happen in it."""
    if (state, event) not in NEXT:
        raise PlanStateError("Dit kan niet meer bij deze regeling.", "This is no longer possible for this plan.")
    return NEXT[state, event]
