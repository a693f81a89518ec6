"""A reply to suggest to staff: the catalogue's text for what was understood, filled in for this tenant.

In the tenant's language, and in Dutch beside it, so that who sends it knows what it says.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.languages import DUTCH, base_language
from messages.rendering import render
from messages.template import CatalogueError
from outreach.db.tables import AttemptRow
from outreach.domain.plans import least_fitting
from outreach.services.facts import LoadedCase
from outreach.services.policy import Policy
from outreach.services.texts import choose, text_values
from outreach.services.written_values import Fact

SUGGESTED: Mapping[str, str] = {
    "crisis": "answer_crisis",
    "bereaved": "answer_bereaved",
    "represented": "answer_represented",
    "dispute": "answer_dispute",
    "moved": "answer_moved",
    "stop": "answer_stop",
    "start": "answer_start",
    "refuse_visit": "answer_visit_refused",
    "plan_request": "answer_plan_ask",
    "counter_offer": "answer_plan_to_staff",
    "cannot_pay": "answer_plan_ask",
    "help": "answer_help",
    "paid": "answer_paid",
    "promise": "promise_noted",
    "call_me": "answer_call_me",
    "visit_invite": "answer_call_me",
    "menu_2": "answer_plan_ask",
    "menu_4": "answer_help",
}
"""The text per intent. For what is not here a person's own words, or a saved answer, fit better."""

SETTLED = "answer_paid_seen"
AT_ANOTHER_HOUR = {"answer_call_me": "answer_call_me_later"}
OFFICE_CLOSED = {"answer_crisis": "answer_crisis_closed"}
OUT = ("planned", "claimed", "sent", "done")


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A text to begin an answer with; `meaning` is the same in Dutch, "" when the text is Dutch."""

    template: str
    language: str
    text: str
    meaning: str


def said_to(session: Session, inbound_id: int) -> frozenset[str]:
    """Return the texts that went out in answer to a reply, or are about to."""
    statement = select(AttemptRow.template).where(
        AttemptRow.answers_inbound_id == inbound_id, AttemptRow.state.in_(OUT), AttemptRow.template.is_not(None)
    )
    return frozenset(name for name in session.scalars(statement) if name)


def suggest(
    policy: Policy,
    loaded: LoadedCase,
    intent: str | None,
    channel: str,
    person_id: int,
    language: str,
    understood: Mapping[str, Any],
    call_at: str,
    day: date,
    *,
    instead: Mapping[str, str] | None = None,
    said: Collection[str] = (),
) -> Suggestion | None:
    """Return the text for an intent, None when there is none, it was said already or a value for it is missing.

    `call_at` is the moment of a call-back as a fact (`outreach.services.written_values`); `instead` names the text
    that fits better now (AT_ANOTHER_HOUR, OFFICE_CLOSED).
    """
    usual = SETTLED if intent == "paid" and loaded.facts.amount_cents <= 0 else SUGGESTED.get(intent or "")
    if usual is None:
        return None
    name = (instead or {}).get(usual, usual)
    if {usual, name} & set(said):
        return None
    month_cents = least_fitting(policy.settings.plan.first_kind, loaded.facts.amount_cents)
    facts: dict[str, Fact] = {"call_at": call_at, "month_amount": month_cents}
    if understood.get("date"):
        facts["promise_on"] = str(understood["date"])
    if understood.get("amount_cents"):
        facts["amount"] = int(understood["amount_cents"])
    try:
        used, text = _filled(policy, loaded, name, channel, person_id, language, facts, day)
        meaning = ""
        if base_language(used) != DUTCH:
            _, meaning = _filled(policy, loaded, name, channel, person_id, DUTCH, facts, day)
    except CatalogueError:
        return None
    return Suggestion(template=name, language=used, text=text, meaning=meaning)


def _filled(
    policy: Policy,
    loaded: LoadedCase,
    name: str,
    channel: str,
    person_id: int,
    language: str,
    facts: Mapping[str, Fact],
    day: date,
) -> tuple[str, str]:
    template = choose(policy, name, channel, language)
    row = AttemptRow(channel=channel, language=language, addressee_id=person_id, step="")
    mentioned = {key: fact for key, fact in facts.items() if key != "amount" or name == "promise_noted"}
    values = text_values(policy, loaded, row, template.language, mentioned, day)
    return template.language, render(template, values).text
