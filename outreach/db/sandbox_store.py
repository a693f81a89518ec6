"""The sandbox provider's memory in the database: its own transactions, like a provider far away."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from channels.contract import Accepted, Event, Outbound
from channels.sandbox import SandboxEvent, SandboxMessage
from outreach.db.carried import event_body, event_of
from outreach.db.engine import Database
from outreach.db.tables import SandboxEventRow, SandboxMessageRow

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
DUE = (
    select(SandboxEventRow.body)
    .where(
        SandboxEventRow.channel == bindparam("channel"),
        SandboxEventRow.at <= bindparam("until"),
        SandboxEventRow.at > bindparam("since"),
    )
    .order_by(SandboxEventRow.at, SandboxEventRow.id)
)


class DatabaseSandboxStore:
    """Keep what the sandbox took, once per key, and what it will tell."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, messages: Sequence[SandboxMessage]) -> Sequence[SandboxMessage]:
        """Keep a whole batch or nothing of it; a key that was kept before stays as it was."""
        if not messages:
            return []
        with self._db.write() as session:
            known = self._find(session, [each.message.key for each in messages])
            fresh: dict[str, SandboxMessage] = {}
            for each in messages:
                if each.message.key not in known:
                    fresh.setdefault(each.message.key, each)
            if fresh:
                session.execute(insert(SandboxMessageRow), [_message_values(each) for each in fresh.values()])
            events = [_event_values(event, n) for each in fresh.values() for n, event in enumerate(each.events)]
            if events:
                session.execute(insert(SandboxEventRow), events)
        return [known.get(each.message.key) or fresh[each.message.key] for each in messages]

    def find(self, key: str) -> SandboxMessage | None:
        """Return the message that was kept under this key (its events are not read back)."""
        with self._db.read() as session:
            return self._find(session, [key]).get(key)

    def due_events(self, channel: str, until: datetime, since: datetime | None = None) -> Sequence[Event]:
        """Return the events of a channel with since < at <= until, by moment; repeats included."""
        values = {"channel": channel, "until": until, "since": since or LONG_AGO}
        with self._db.read() as session:
            bodies = session.scalars(DUE, values).all()
        return [event_of(body) for body in bodies]

    def _find(self, session: Any, keys: list[str]) -> dict[str, SandboxMessage]:
        rows = session.scalars(select(SandboxMessageRow).where(SandboxMessageRow.key.in_(keys)))
        return {row.key: _message(row) for row in rows}


def _message_values(kept: SandboxMessage) -> dict[str, Any]:
    body = asdict(kept.message)
    body["at"] = kept.message.at.isoformat()
    body["free_until"] = None
    body["extra"] = dict(kept.message.extra)
    return {
        "key": kept.message.key,
        "provider_ref": kept.accepted.provider_ref,
        "channel": kept.message.channel,
        "at": kept.accepted.at,
        "body": {"message": body, "provider": kept.accepted.provider},
    }


def _message(row: SandboxMessageRow) -> SandboxMessage:
    values: dict[str, Any] = dict(row.body["message"])
    values["at"] = datetime.fromisoformat(values["at"])
    accepted = Accepted(key=row.key, provider=row.body["provider"], provider_ref=row.provider_ref, at=row.at)
    return SandboxMessage(message=Outbound(**values), accepted=accepted)


def _event_values(kept: SandboxEvent, number: int) -> dict[str, Any]:
    return {
        "event_id": f"{kept.event.event_id}#{number}",
        "at": kept.due_at,
        "channel": kept.event.channel,
        "body": event_body(kept.event),
    }
