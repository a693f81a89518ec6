"""Claim, commit, send, record: nothing is sent inside a transaction, nothing is sent twice.

Claim: in one transaction the household is locked, the facts are loaded again, the last check says go, the
room in the contact pressure becomes a row, the text is filled in and checked (`claiming`). After the commit the channel
is asked to carry it; what it said is recorded in a second transaction. A claimed row found after a crash is
asked after at its provider, and offered again only when the provider is certain that it never took it.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select

from channels.contract import Accepted, Failure, FailureCode, Outbound, Unsure
from outreach.db.tables import AttemptRow, CaseRow, TenancyRow
from outreach.runtime import Runtime
from outreach.services.carrying import outbound
from outreach.services.claiming import Claimed, Wanted, claim_batch
from outreach.services.dropping import STAFF_KINDS
from outreach.services.pace import note_answers, paced, settle_ticket, shut_channels, take_ticket
from outreach.services.policy import Policy
from outreach.services.recording import record
from outreach.services.senders import may_be_sending

BATCH = 200
DUE = (
    select(AttemptRow.channel, func.count())
    .where(
        AttemptRow.landlord_id == bindparam("landlord"),
        AttemptRow.state == "planned",
        AttemptRow.due_at <= bindparam("now"),
    )
    .group_by(AttemptRow.channel)
)
LEFT_CLAIMED = (
    select(AttemptRow, TenancyRow.external_ref)
    .join(CaseRow, CaseRow.id == AttemptRow.case_id)
    .join(TenancyRow, TenancyRow.id == CaseRow.tenancy_id)
    .where(
        AttemptRow.landlord_id == bindparam("landlord"),
        AttemptRow.state == "claimed",
        AttemptRow.kind.not_in(STAFF_KINDS),
    )
    .order_by(AttemptRow.id)
)


def send_due(runtime: Runtime, policy: Policy, now: datetime) -> Counter[str]:
    """Send what is due and may go at this moment, batch after batch; returns counts by what happened.

    A channel whose sender has used up its rate, or is shut because its provider failed, keeps its rows for later.
    """
    counts: Counter[str] = Counter()
    while send_batch(runtime, policy, now, counts):
        pass
    return counts


def send_batch(runtime: Runtime, policy: Policy, now: datetime, counts: Counter[str]) -> bool:
    """Send one batch of every channel that has something due; says whether there may be more to send now."""
    due, shut = _due(runtime, policy, now)
    rates = paced(runtime)
    free = [channel for channel in due if channel not in rates and channel not in shut]
    more = False
    if free:
        seen, _ = _send(runtime, policy, now, counts, Wanted(most=BATCH, without=frozenset(shut | set(rates))))
        more = seen > 0
    for channel in sorted(set(due) & set(rates) - shut):
        ticket = take_ticket(runtime.db, channel, rates[channel], min(BATCH, due[channel]), now)
        if ticket is None:
            continue
        wanted = Wanted(most=ticket.messages, only=frozenset({channel}))
        seen, parts = _send(runtime, policy, now, counts, wanted)
        settle_ticket(runtime.db, ticket, parts)
        more = more or seen > 0
    return more


def _due(runtime: Runtime, policy: Policy, now: datetime) -> tuple[dict[str, int], set[str]]:
    """Look before a write transaction is opened: how much is due per channel, and which senders are shut."""
    with runtime.db.read() as session:
        due = dict(session.execute(DUE, {"landlord": policy.landlord_id, "now": now}).all())
        return due, shut_channels(session, now) if due else set()


def _send(runtime: Runtime, policy: Policy, now: datetime, counts: Counter[str], wanted: Wanted) -> tuple[int, int]:
    """Claim and offer a batch; returns how many rows were looked at and how many parts were offered."""
    claimed, seen = claim_batch(runtime, policy, now, counts, wanted)
    if claimed:
        offer(runtime, policy, claimed, now, counts)
    return seen, sum(row.segments or 1 for row, _ in claimed)


def offer(runtime: Runtime, policy: Policy, claimed: Claimed, now: datetime, counts: Counter[str]) -> None:
    """Offer claimed rows to their channels, outside any transaction, and record the answers."""
    by_channel: dict[str, list[tuple[AttemptRow, Outbound]]] = defaultdict(list)
    for row, tenancy_ref in claimed:
        by_channel[row.channel].append((row, outbound(row, policy, tenancy_ref)))
    for name, batch in by_channel.items():
        channel = runtime.channels.get(name)
        answers: Sequence[Accepted | Failure]
        if channel is None:
            answers = [
                Failure(key=message.key, provider="none", code=FailureCode.CREDENTIALS, detail="channel is absent")
                for _, message in batch
            ]
        else:
            answers = channel.send([message for _, message in batch])
        record(runtime, policy, [row.id for row, _ in batch], answers, now, counts)
        note_answers(runtime.db, name, answers, now)


def recover(runtime: Runtime, policy: Policy, now: datetime) -> Counter[str]:
    """Ask after every row that was left claimed by a sender that is gone, or had no certain answer."""
    counts: Counter[str] = Counter()
    with runtime.db.read() as session:
        rows = session.execute(LEFT_CLAIMED, {"landlord": policy.landlord_id}).all()
    for row, tenancy_ref in rows:
        assert row.claimed_at is not None
        if may_be_sending(row.claimed_by, row.claimed_at, now):
            continue
        channel = runtime.channels.get(row.channel)
        message = outbound(row, policy, tenancy_ref)
        answer = channel.ask(message) if channel else Unsure(key=row.key, detail="the channel is absent")
        record(runtime, policy, [row.id], [answer], now, counts)
    return counts
