"""Hand a case to a partner with a dossier: what was tried, when, over which channel, with what result."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import LedgerEntryRow, LedgerItemRow, PartnerRow, ReferralRow
from outreach.services.actor import MACHINE
from outreach.services.addressees import full_name
from outreach.services.decisions import reasons_data
from outreach.services.evidence import EvidenceBook
from outreach.services.facts import LoadedCase, done_contact
from outreach.services.routes import handover
from outreach.services.signal import conditions
from outreach.services.tasks import add_task
from schedules.calendar import Calendar
from schedules.decisions import PlannedStep

DEFAULT_FIELDS = ("name", "address", "phone", "email", "amount", "months", "attempts")
SIGNAL = "municipality"
SIGNAL_FIELDS = ("name", "address", "phone", "email", "amount", "months")
"""Bgs article 2: the contact details and the amount of the arrears; no more."""


def partner_for(session: Session, landlord_id: int, municipality: str, kind: str) -> PartnerRow | None:
    """Find the active partner of a kind in a municipality."""
    return session.scalar(
        select(PartnerRow).where(
            PartnerRow.landlord_id == landlord_id,
            PartnerRow.municipality == municipality,
            PartnerRow.kind == kind,
            PartnerRow.active,
        )
    )


def make_referral(
    session: Session,
    book: EvidenceBook,
    loaded: LoadedCase,
    step: PlannedStep,
    calendar: Calendar,
    now: datetime,
    fills: Mapping[str, int | str],
) -> bool:
    """Refer a case once per ladder run, step and partner; what cannot be referred becomes a task.

    Returns whether a referral was made. The early signal carries the evidence of conditions a to d.
    """
    partner = partner_for(session, loaded.case.landlord_id, loaded.area.municipality, step.target or "")
    if partner is None:
        detail = {"step": step.step, "target": step.target, "municipality": loaded.area.municipality}
        _ask_person(session, loaded, step, now, "not_reached", "no_partner", detail)
        return False
    if loaded.facts.amount_cents < partner.minimum_cents:
        below = {"step": step.step, "partner": partner.name, "minimum_cents": partner.minimum_cents}
        _ask_person(session, loaded, step, now, "signal_refused", "below_minimum", below)
        return False
    if _is_referred(session, loaded, step, partner):
        return False
    day = calendar.day_of(now)
    way = handover(session, partner, fills)
    content = dossier(session, loaded, partner, step, way.fields, day)
    session.add(
        ReferralRow(
            landlord_id=loaded.case.landlord_id,
            case_id=loaded.case.id,
            ladder_run=loaded.case.ladder_run,
            step=step.step,
            partner_id=partner.id,
            partner_kind=partner.kind,
            route_version_id=way.route_version_id,
            state="sent",
            ground=content["ground"],
            dossier=content,
            sent_at=now,
            feedback_due_on=day + timedelta(days=way.feedback_days),
            owner_name=partner.contact_person,
        )
    )
    session.flush()
    payload = {"step": step.step, "partner": partner.name, "kind": partner.kind, "dossier": content}
    book.note("referral_sent", MACHINE, payload, case_id=loaded.case.id)
    return True


def _ask_person(
    session: Session,
    loaded: LoadedCase,
    step: PlannedStep,
    now: datetime,
    kind: str,
    why: str,
    detail: Mapping[str, Any],
) -> None:
    """Give a person the task to look at a referral that could not be made, once per ladder run and step."""
    case = loaded.case
    key = f"{why}:{case.id}:{case.ladder_run}:{step.step}"
    add_task(session, landlord_id=case.landlord_id, kind=kind, key=key, due_at=now, case=case, detail=detail)


def _is_referred(session: Session, loaded: LoadedCase, step: PlannedStep, partner: PartnerRow) -> bool:
    known = select(ReferralRow.id).where(
        ReferralRow.case_id == loaded.case.id,
        ReferralRow.ladder_run == loaded.case.ladder_run,
        ReferralRow.step == step.step,
        ReferralRow.partner_id == partner.id,
    )
    return session.scalar(known) is not None


def dossier(
    session: Session, loaded: LoadedCase, partner: PartnerRow, step: PlannedStep, chosen: tuple[str, ...], day: date
) -> dict[str, Any]:
    """Gather what this partner may have, and no more, with the ground and the evidence."""
    allowed = SIGNAL_FIELDS if partner.kind == SIGNAL else chosen or DEFAULT_FIELDS
    fields = {name: value for name, value in _fields(loaded).items() if name in allowed}
    found = {
        "partner": partner.name,
        "kind": partner.kind,
        "ground": ", ".join(sorted(loaded.case.grounds)),
        "why": reasons_data(step.why),
        "fields": fields,
        "case": loaded.case.number,
        "made_on": day.isoformat(),
    }
    if "attempts" in allowed:
        found["attempts"] = _attempts(loaded)
    if "amount" in allowed:
        found["open_items"] = open_items(session, loaded.tenancy.id)
    if partner.kind == SIGNAL:
        found["conditions"] = signal_conditions(loaded)
        found["agreement"] = {"from": _iso(partner.agreement_from), "reference": partner.agreement_ref}
    return found


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
