"""What the tenant reads after he did something: from what was stored, so that an address cannot make it up."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from messages.page_texts import PageTexts
from outreach.db.tables import InboundRow
from schedules.calendar import Calendar

WORDS: Mapping[str, str] = {
    "plan_to_person": "ok_proposal",
    "paid_seen": "ok_paid_seen",
    "help_asked": "ok_help",
    "help_talk_first": "ok_help",
    "dispute": "ok_wrong",
    "crisis": "ok_crisis",
    "bereaved": "is_bereaved",
    "represented": "is_represented",
}
"""The words of each effect that needs no values."""


def done_words(done: InboundRow, t: PageTexts, calendar: Calendar) -> str:
    """Say what happened with what the tenant sent."""
    effect: Mapping[str, Any] = done.effect or {}
    name = str(effect.get("effect", ""))
    if name == "plan_agreed":
        return t.say("ok_plan" if effect.get("told") else "ok_plan_here")
    if name == "call_back":
        day = t.day(date.fromisoformat(effect["day"]))
        return t.say("ok_call", when=t.say(f"slot_{effect['part']}", day=day))
    if name == "paid_waits_for_ledger":
        return t.say("ok_paid_waits", until=t.day(date.fromisoformat(effect["until"])))
    return t.say(WORDS.get(name, "ok_message"))
