"""Keep an event that could not be taken in for a person: it neither blocks the others nor is lost."""

from datetime import datetime

from channels.contract import Event
from outreach.db.tables import ChannelEventRow, InboundRow
from outreach.runtime import Runtime
from outreach.services.policy import Policy
from outreach.services.tasks import add_task


def set_aside(runtime: Runtime, policy: Policy, event: Event, now: datetime) -> None:
    """Keep a broken event: a reply waits in the inbox with a task, a receipt is kept without effect."""
    with runtime.db.write() as session:
        if event.kind != "reply":
            session.add(
                ChannelEventRow(
                    landlord_id=policy.landlord_id,
                    provider=event.provider,
                    event_id=event.event_id,
                    kind=event.kind,
                    outcome=event.outcome[:64] if event.outcome else None,
                    at=event.at,
                    known_at=now,
                )
            )
            return
        inbound = InboundRow(
            landlord_id=policy.landlord_id,
            provider=event.provider,
            event_id=event.event_id,
            channel=event.channel,
            sender=event.sender or "",
            text=event.text or "",
            received_at=event.at,
            known_at=now,
            state="waiting",
        )
        session.add(inbound)
        session.flush()
        add_task(
            session,
            landlord_id=policy.landlord_id,
            kind="reply",
            key=f"inbound:{inbound.id}",
            due_at=now,
            inbound_id=inbound.id,
            detail={"text": (event.text or "")[:200], "why": "not_understood_by_machine"},
        )
