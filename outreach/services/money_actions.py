"""What staff do with money: a payment that they saw."""

from datetime import date

from outreach.db.tables import LedgerEntryRow, PaymentRow
from outreach.runtime import Runtime
from outreach.services.acting import Acting, Refused, acting_on
from outreach.services.actor import Actor
from outreach.services.arrears import recompute_arrears
from outreach.services.balances import open_entries


def mark_paid(runtime: Runtime, actor: Actor, case_id: int, *, amount_cents: int, occurred_on: date) -> None:
    """Note a payment that staff saw; it is taken off the oldest open items, until the next delivery says otherwise."""
    with acting_on(runtime, actor, case_id) as acting:
        if amount_cents <= 0:
            raise Refused("Vul een bedrag in dat hoger is dan € 0.", "Fill in an amount above € 0.")
        if occurred_on > acting.today:
            raise Refused("De datum ligt in de toekomst.", "The date is in the future.")
        _book_payment(acting, amount_cents, occurred_on)
        recompute_arrears(
            acting.session,
            acting.case.landlord_id,
            on=acting.today,
            now=acting.now,
            tenancy_ids=[acting.case.tenancy_id],
            month_definition=acting.policy.settings.month_definition,
        )
        acting.note("marked_paid", amount_cents=amount_cents, occurred_on=occurred_on)


def _book_payment(acting: Acting, amount_cents: int, occurred_on: date) -> None:
    case, left = acting.case, amount_cents
    for item_id, open_cents in open_entries(acting.session, case.tenancy_id):
        if left <= 0:
            break
        taken = min(left, open_cents)
        left -= taken
        acting.session.add(
            LedgerEntryRow(
                landlord_id=case.landlord_id,
                tenancy_id=case.tenancy_id,
                item_id=item_id,
                open_cents=open_cents - taken,
                reason="marked_paid",
                occurred_on=occurred_on,
                known_at=acting.now,
            )
        )
    acting.session.add(
        PaymentRow(
            landlord_id=case.landlord_id,
            tenancy_id=case.tenancy_id,
            external_ref=f"staff:{case.id}:{acting.now.isoformat()}",
            amount_cents=amount_cents,
            unallocated_cents=left,
            occurred_on=occurred_on,
            known_at=acting.now,
            source="staff",
        )
    )
    acting.session.flush()
