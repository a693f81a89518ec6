"""The one table of outcomes: per channel, what ends an attempt, and what counts as reached.

Reached is two-way contact with the tenant or who acts for him; delivered is not reached
(glossary). Source of each row: glossary "reached", rules.md 6 and 41.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class OutcomeRule:
    """What one outcome means: final ends the attempt, reached is two-way contact, failed bars the channel."""

    final: bool
    reached: bool = False
    failed: bool = False
    bad_contact_point: bool = False


_OPEN = OutcomeRule(final=False)
_ENDS = OutcomeRule(final=True)
_REACHED = OutcomeRule(final=True, reached=True)
_FAILED = OutcomeRule(final=True, failed=True)
_WRONG = OutcomeRule(final=True, failed=True, bad_contact_point=True)

HEAR_AGAIN = "menu_8"
"""The key of the robocall that repeats message and menu; what the tenant chooses after it counts."""

OTHER_LANGUAGE = "menu_5"
"""The key of the robocall that goes on in another language: no contact yet, as with hearing it again."""

SAYS_MORE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **dict.fromkeys(("confirmed", HEAR_AGAIN, OTHER_LANGUAGE), frozenset(f"menu_{key}" for key in range(1, 10))),
        "menu_1": frozenset({"talked"}),
        "hung_up": frozenset({"confirmed", "voicemail", "wrong_number", *(f"menu_{key}" for key in range(1, 10))}),
    }
)
"""What may come after an outcome of one robocall and says more than it. That the call is over (hung_up) can be known
before the last key is: the provider tells both at once."""

OUTCOMES: Mapping[tuple[str, str], OutcomeRule] = MappingProxyType(
    {
        **{("sms", name): rule for name, rule in (("delivered", _ENDS), ("undelivered", _WRONG), ("failed", _FAILED))},
        ("whatsapp", "delivered"): _OPEN,
        ("whatsapp", "read"): _ENDS,
        ("whatsapp", "undelivered"): _FAILED,
        ("whatsapp", "failed"): _FAILED,
        ("email", "delivered"): _ENDS,
        ("email", "bounced"): _WRONG,
        ("letter", "posted"): _ENDS,
        ("letter", "returned"): _FAILED,
        ("robocall", "confirmed"): _ENDS,
        **{("robocall", f"menu_{key}"): _REACHED for key in (1, 2, 3, 4, 6, 7)},
        ("robocall", "talked"): _REACHED,
        ("robocall", OTHER_LANGUAGE): _ENDS,
        ("robocall", HEAR_AGAIN): _ENDS,
        ("robocall", "menu_9"): _ENDS,
        ("robocall", "voicemail"): _ENDS,
        ("robocall", "no_answer"): _ENDS,
        ("robocall", "busy"): _ENDS,
        ("robocall", "hung_up"): _ENDS,
        ("robocall", "wrong_number"): _WRONG,
        ("robocall", "failed"): _FAILED,
        ("call", "talked"): _REACHED,
        ("call", "no_answer"): _ENDS,
        ("call", "voicemail"): _ENDS,
        ("call", "refused"): _ENDS,
        ("call", "wrong_number"): _WRONG,
        ("visit", "talked"): _REACHED,
        ("visit", "not_home"): _ENDS,
        ("visit", "not_opened"): _ENDS,
        ("visit", "refused"): _ENDS,
        ("visit", "moved_out"): _ENDS,
        ("card", "left"): _ENDS,
    }
)
"""A reply of the tenant over any channel is reached as well; it is recorded as `replied`."""

REPLIED = "replied"


def outcome_rule(channel: str, outcome: str) -> OutcomeRule:
    """Give the rule for an outcome; an outcome that no table knows is kept open and reaches nobody."""
    if outcome == REPLIED:
        return _REACHED
    return OUTCOMES.get((channel, outcome), _OPEN)
