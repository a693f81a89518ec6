"""Take in what channels hand over: receipts and call outcomes on attempts, replies into the inbox.

Every event counts once (provider, event_id). After the transaction the touched cases are decided on
again, so that a reply changes the plan at once.
"""

import hashlib
import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from channels.contract import Event
from channels.sandbox import PROVIDER as SANDBOX
from messages.replies import understand
from outreach.db.tables import (
    AttemptRow,
    ChannelEventRow,
    ContactPointRow,
    InboundRow,
    LandlordRow,
)
from outreach.errors import OutreachError
from outreach.runtime import Runtime
from outreach.services.actor import TENANT
from outreach.services.evidence import EvidenceBook
from outreach.services.locking import lock_cases
from outreach.services.planning import Planned, plan_cases
from outreach.services.policy import NoPolicy, Policy, load_policy
from outreach.services.receipt_events import attempts_of, cases_of, take_receipt
from outreach.services.reply import Reply
from outreach.services.replying import answer_reply
from outreach.services.sending import send_due
from outreach.services.set_aside import set_aside
from outreach.services.writers import cases_of_writers, who_wrote

PROVIDER_SAYS = {"opted_out": "stop", "opted_in": "start"}
"""A reply that the provider itself took as a refusal, or as its withdrawal, whatever its words."""

log = logging.getLogger("outreach.receiving")


def poll_channels(runtime: Runtime, policy: Policy, now: datetime) -> Counter[str]:
    """Poll every channel and take in what came back until `now`; without the switch no provider is called at all."""
    may_call = runtime.settings.sending_enabled
    channels = [each for each in runtime.channels.values() if may_call or each.provider == SANDBOX]
    events = [event for channel in channels for event in channel.poll(now)]
    return receive_events(runtime, events, now, policy)


def receive_events(
    runtime: Runtime, events: Sequence[Event], now: datetime, policy: Policy | None = None
) -> Counter[str]:
    """Take in events, oldest first; repeats change nothing. Returns counts by kind.

    Without a policy (a webhook) the landlord is found by the event's own message or sender.
    """
    counts: Counter[str] = Counter()
    fresh = sorted(not_on_record(runtime, events), key=lambda each: (each.at, each.event_id))
    by_landlord: dict[int, list[Event]] = {}
    for event, landlord_id in zip(fresh, _landlords_of(runtime, fresh, policy), strict=True):
        if landlord_id is None:
            log.warning("event %s of %s belongs to no landlord", event.event_id, event.provider)
        else:
            by_landlord.setdefault(landlord_id, []).append(event)
    for landlord_id, own in by_landlord.items():
        known = policy if policy and policy.landlord_id == landlord_id else _policy(runtime, landlord_id)
        _take_in_safely(runtime, known, own, now, counts)
    return counts


def _policy(runtime: Runtime, landlord_id: int) -> Policy:
    with runtime.db.read() as session:
        return load_policy(session, landlord_id)


def not_on_record(runtime: Runtime, events: Sequence[Event]) -> list[Event]:
    """Leave out the events that were taken in before, and those that are in the list twice."""
    unique = {(event.provider, event.event_id): event for event in reversed(events)}
    ids = [event_id for _, event_id in unique]
    known: set[tuple[str, str]] = set()
    with runtime.db.read() as session:
        for table in (ChannelEventRow, InboundRow):
            for start in range(0, len(ids), 500):
                statement = select(table.provider, table.event_id).where(table.event_id.in_(ids[start : start + 500]))
                known |= {(provider, event_id) for provider, event_id in session.execute(statement)}
    return [event for key, event in unique.items() if key not in known]


def _landlords_of(runtime: Runtime, events: Sequence[Event], policy: Policy | None) -> list[int | None]:
    """Find per event whose it is: by its own message, its sender, or the number that was written to.

    A writer whom nobody knows goes to the landlord of the policy, or to the only landlord there is.
    """
    if not events:
        return []
    with runtime.db.read() as session:
        by_ref = _owners(session, AttemptRow.provider_ref, [event.provider_ref for event in events])
        by_sender = _owners(session, ContactPointRow.value, [event.sender for event in events])
        everyone = set(session.scalars(select(LandlordRow.id)))
        by_number = _numbers(session, everyone) if len(everyone) > 1 else {}
    fallback = policy.landlord_id if policy else (min(everyone) if len(everyone) == 1 else None)
    found = []
    for event in events:
        owners = by_ref.get(event.provider_ref or "") or by_number.get(event.recipient or "")
        owners = owners or by_sender.get(event.sender or "", set())
        found.append(min(owners) if len(owners) == 1 else fallback)
    return found


def _owners(session: Session, column: Any, values: Sequence[str | None]) -> dict[str, set[int]]:
    wanted = sorted({value for value in values if value})
    found: dict[str, set[int]] = defaultdict(set)
    for start in range(0, len(wanted), 500):
        statement = select(column, column.class_.landlord_id).where(column.in_(wanted[start : start + 500]))
        for value, landlord_id in session.execute(statement):
            found[value].add(landlord_id)
    return found


def _numbers(session: Session, landlord_ids: set[int]) -> dict[str, set[int]]:
    """Give the landlords by the numbers and addresses that they send from."""
    found: dict[str, set[int]] = defaultdict(set)
    for landlord_id in landlord_ids:
        with suppress(NoPolicy):
            settings = load_policy(session, landlord_id).settings
            for value in (settings.sender_phone, settings.sender_email):
                found[value].add(landlord_id)
    found.pop("", None)
    return found


def _take_in_safely(
    runtime: Runtime, policy: Policy, events: Sequence[Event], now: datetime, counts: Counter[str]
) -> None:
    """Take in a batch; when it breaks, each event by itself, and what breaks alone goes to a person."""
    done: Counter[str] = Counter()
    try:
        _take_in(runtime, policy, events, now, done)
        counts.update(done)
    except OperationalError:
        raise
    except Exception:
        if len(events) == 1 and not not_on_record(runtime, events):
            return
        log.exception("%s event(s) could not be taken in together", len(events))
        if len(events) == 1:
            set_aside(runtime, policy, events[0], now)
            counts["set_aside"] += 1
        else:
            for event in events:
                _take_in_safely(runtime, policy, [event], now, counts)


def _take_in(runtime: Runtime, policy: Policy, events: Sequence[Event], now: datetime, counts: Counter[str]) -> None:
    with runtime.db.write() as session:
        book = EvidenceBook(session, policy.landlord_id, now)
        lock_cases(session, cases_of(session, events) | cases_of_writers(session, policy.landlord_id, events))
        rows = attempts_of(session, events)
        touched: set[int] = set()
        for event in events:
            if event.kind == "reply":
                case_id = _take_reply(runtime, session, book, policy, event, now, counts)
            else:
                case_id = take_receipt(runtime, session, book, policy, rows, event, now, counts)
            if case_id is not None:
                touched.add(case_id)
        book.write()
        session.flush()
        plan_cases(runtime, session, policy, sorted(touched), now, Planned())
        if counts["reply"]:
            runtime.wake(session, policy.landlord_id)


def _take_reply(
    runtime: Runtime,
    session: Session,
    book: EvidenceBook,
    policy: Policy,
    event: Event,
    now: datetime,
    counts: Counter[str],
) -> int | None:
    sender, text = event.sender or "", event.text or ""
    person_id, case = who_wrote(session, policy.landlord_id, sender, runtime, event.at)
    found = understand(text, today=runtime.calendar.day_of(event.at), channel=event.channel)
    if event.outcome in PROVIDER_SAYS:
        found = replace(found, intent=PROVIDER_SAYS[event.outcome], confidence=1.0)
    inbound = InboundRow(
        landlord_id=policy.landlord_id,
        case_id=case.id if case else None,
        person_id=person_id,
        provider=event.provider,
        event_id=event.event_id,
        channel=event.channel,
        sender=sender,
        text=text,
        media=list(event.media),
        received_at=event.at,
        known_at=now,
        intent=found.intent,
        confidence=round(found.confidence * 100),
        understood={
            "amount_cents": found.amount_cents,
            "per": found.per,
            "date": found.date.isoformat() if found.date else None,
            "language": found.language,
            "also": list(found.also),
        },
    )
    session.add(inbound)
    session.flush()
    payload = {"channel": event.channel, "from": sender, "text": text, "intent": found.intent}
    book.note("reply", TENANT, payload, case_id=inbound.case_id, occurred_at=event.at)
    counts["reply"] += 1
    counts[f"intent_{found.intent}"] += 1
    reply = Reply(
        runtime=runtime, session=session, book=book, policy=policy, inbound=inbound, case=case, found=found, now=now
    )
    answer_reply(reply)
    return inbound.case_id


def simulate_reply(runtime: Runtime, attempt_id: int, text: str) -> int:
    """Answer an attempt as its tenant would (sandbox only); send the answers at once. Returns the case's id."""
    if not runtime.is_sandbox:
        raise OutreachError("Dit kan alleen in de oefenomgeving.", "This is possible in the sandbox only.")
    if not text.strip():
        raise OutreachError("Typ een antwoord.", "Type an answer.")
    now = runtime.clock()
    with runtime.db.read() as session:
        row = session.get(AttemptRow, attempt_id)
        if row is None or row.sent_to is None:
            raise OutreachError("Dit bericht is niet verstuurd.", "This message has not been sent.")
        case_id, landlord_id = row.case_id, row.landlord_id
        event = Event(
            event_id="typed:" + hashlib.sha256(f"{attempt_id}:{text}:{now.isoformat()}".encode()).hexdigest()[:32],
            provider="sandbox",
            channel=row.channel,
            kind="reply",
            at=now,
            provider_ref=row.provider_ref,
            text=text.strip(),
            sender=row.sent_to,
        )
        policy = load_policy(session, landlord_id)
    receive_events(runtime, [event], now, policy)
    send_due(runtime, policy, now)
    return case_id
