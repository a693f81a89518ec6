"""Replies that stop collection: danger, a death, somebody who acts for the tenant, a debt that is not agreed, a move.

Danger and a death stop it in all cases of the household (rules.md 8); the machine goes on only when a person says so.
"""

from datetime import timedelta

from sqlalchemy import select

from outreach.db.tables import CaseRow
from outreach.services.call_backs import call_back_at, calls_today
from outreach.services.reply import Effect, Reply
from outreach.services.written_values import moment_fact

SPOKEN = "een medewerker heeft de huurder gesproken"
"""The condition of a pause that only a person ends."""
AGGRESSION = "aggression"


def crisis(reply: Reply) -> None:
    """Somebody may be in danger: stop everything, give a person the task now, and say where help is day and night."""
    _pause_household(reply, "crisis")
    reply.hand_over("crisis")
    if calls_today(reply.runtime, reply.policy, reply.now):
        reply.say("answer_crisis")
    else:
        at = call_back_at(reply.runtime, reply.policy, reply.now)
        reply.say("answer_crisis_closed", {"call_at": moment_fact(reply.runtime.calendar.local(at))})
    reply.done("crisis")


def threat(reply: Reply) -> None:
    """Somebody threatens: stop everything, let nobody go there alone, and give a person the task now."""
    _pause_household(reply, "threat")
    _flag(reply, AGGRESSION)
    reply.hand_over("crisis", {"why": "threat"})
    reply.say("answer_to_staff")
    reply.done("threat")


def bereaved(reply: Reply) -> None:
    """Somebody died: stop everything, gently."""
    _pause_household(reply, "bereaved")
    _flag(reply, "bereaved")
    reply.hand_over("reply")
    reply.say("answer_bereaved")
    reply.done("bereaved")


def stop_for(reason: str, template: str, task: str, days: int | None, flag: str | None = None) -> Effect:
    """Make an effect that pauses this case for a reason, gives a person the task, and answers."""

    def effect(reply: Reply) -> None:
        reply.pause(reason, reply.today + timedelta(days=days) if days else None)
        if flag:
            _flag(reply, flag)
        reply.hand_over(task)
        reply.say(template)
        reply.done(reason)

    return effect


def _pause_household(reply: Reply, reason: str) -> None:
    others = select(CaseRow).where(
        CaseRow.household_id == reply.known_case.household_id,
        CaseRow.state == "open",
        CaseRow.id != reply.known_case.id,
    )
    for case in (reply.known_case, *reply.session.scalars(others.order_by(CaseRow.id))):
        reply.pause(reason, None, SPOKEN, case=case)


def _flag(reply: Reply, flag: str) -> None:
    if flag not in reply.known_case.flags:
        reply.known_case.flags = [*reply.known_case.flags, flag]
