"""The dossier that a partner gets: what was tried, when, over which channel, with what result, and no more."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import LedgerEntryRow, LedgerItemRow, PartnerRow
from outreach.services.addressees import full_name
from outreach.services.decisions import reasons_data
from outreach.services.facts import LoadedCase, done_contact
from outreach.services.signal import conditions
from schedules.decisions import PlannedStep

DEFAULT_FIELDS = ("name", "address", "phone", "email", "amount", "months", "attempts")
SIGNAL = "municipality"
SIGNAL_FIELDS = ("name", "address", "phone", "email", "amount", "months")
"""Bgs article 2: the contact details and the amount of the arrears; no more."""


def dossier(
    session: Session, loaded: LoadedCase, partner: PartnerRow, step: PlannedStep, chosen: tuple[str, ...], day: date
) -> dict[str, Any]:
    """Gather what this partner may have, and no more, with the ground and the evidence."""
    allowed = SIGNAL_FIELDS if partner.kind == SIGNAL else chosen or DEFAULT_FIELDS
    fields = {name: value for name, value in _fields(loaded).items() if name in allowed}
    found = {
        "partner": partner.name,
        "kind": partner.kind,
        "why": reasons_data(step.why),
        "fields": fields,
        "case": loaded.case.number,
        "made_on": day.isoformat(),
    }
    if "grounds" in allowed or (not chosen and partner.kind != SIGNAL):
        found["ground"] = grounds_text(loaded)
    if "attempts" in allowed:
        found["attempts"] = _attempts(loaded)
    if "amount" in allowed:
        found["open_items"] = open_items(session, loaded.tenancy.id)
    if partner.kind == SIGNAL:
        found["conditions"] = signal_conditions(loaded)
        found["agreement"] = {"from": _iso(partner.agreement_from), "reference": partner.agreement_ref}
    return found


def grounds_text(loaded: LoadedCase) -> str:
    """Give the grounds of a case, as a referral keeps them."""
    return ", ".join(sorted(loaded.case.grounds))


def signal_conditions(loaded: LoadedCase) -> dict[str, Any]:
    """Give the four legal conditions with the contacts that prove each (Bgs article 2)."""
    contacts = [done_contact(row) for row in loaded.attempts]
    by_id = {contact.attempt_id: contact for contact in contacts}
    found = conditions(contacts, loaded.facts.signal.refused)
    return {
        letter: {
            "met": each.met,
            "evidence": [
                {
                    "attempt": attempt_id,
                    "channel": by_id[attempt_id].channel,
                    "at": by_id[attempt_id].at.isoformat(),
                    "outcome": by_id[attempt_id].outcome,
                }
                for attempt_id in each.attempt_ids
            ],
        }
        for letter, each in found.items()
    }


def _fields(loaded: LoadedCase) -> Mapping[str, Any]:
    people, facts = loaded.addressees, loaded.facts
    phone = people.targets.get("call")
    email = people.targets.get("email")
    return {
        "name": full_name(people.tenant),
        "representative": full_name(people.primary) if people.represented else None,
        "address": people.address,
        "phone": phone.value if phone else None,
        "email": email.value if email else None,
        "amount": facts.amount_cents,
        "months": facts.months,
        "language": facts.language,
    }


def _attempts(loaded: LoadedCase) -> list[dict[str, Any]]:
    made = [row for row in loaded.attempts if row.sent_at is not None]
    return [
        {
            "at": row.sent_at.isoformat() if row.sent_at else None,
            "channel": row.channel,
            "step": row.step,
            "outcome": row.outcome or row.state,
            "reached": row.reached,
        }
        for row in sorted(made, key=lambda row: (row.sent_at or row.due_at, row.id))
    ]


def open_items(session: Session, tenancy_id: int) -> list[dict[str, Any]]:
    """List the open items of a tenancy: due date, what was charged, what is open (cents)."""
    latest = (
        select(LedgerEntryRow.item_id, func.max(LedgerEntryRow.id).label("id"))
        .where(LedgerEntryRow.tenancy_id == tenancy_id)
        .group_by(LedgerEntryRow.item_id)
        .subquery()
    )
    rows = session.execute(
        select(LedgerItemRow, LedgerEntryRow.open_cents)
        .join(LedgerEntryRow, LedgerEntryRow.item_id == LedgerItemRow.id)
        .join(latest, latest.c.id == LedgerEntryRow.id)
        .where(LedgerItemRow.tenancy_id == tenancy_id, LedgerEntryRow.open_cents != 0)
        .order_by(LedgerItemRow.due_on, LedgerItemRow.id)
    )
    return [
        {
            "due_on": item.due_on.isoformat(),
            "description": item.description,
            "amount_cents": item.amount_cents,
            "open_cents": cents,
        }
        for item, cents in rows
    ]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
