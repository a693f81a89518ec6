"""Run the whole audit over one database, in one read transaction."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from sqlalchemy import Connection, Engine

from outreach.audit.decisions import judge_decisions
from outreach.audit.integrity import judge_anchors, judge_chains, judge_sent_evidence
from outreach.audit.moments import judge_freshness, judge_holds, judge_hours
from outreach.audit.partners import judge_referrals
from outreach.audit.payment import judge_payment
from outreach.audit.permission import judge_permissions, load_permissions
from outreach.audit.pressure import judge_pressure
from outreach.audit.reading import ReadingJudge
from outreach.audit.record import (
    Sent,
    load_deliveries,
    load_holds,
    load_limits,
    load_rests,
    load_sent,
    load_texts,
)
from outreach.audit.report import AuditReport, Kind, tally
from outreach.audit.signals import judge_signals
from outreach.audit.twice import digests, judge_sandbox, judge_twice


def audit(engine: Engine, landlord_id: int | None = None) -> AuditReport:
    """Recompute every violation from the stored record of one landlord, or of all when None.

    Reads only, from one snapshot; judged on `known_at`. Shares no code with the engine or the services.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        return _audit(connection.execution_options(read_only=True), landlord_id)


def _audit(connection: Connection, landlord_id: int | None) -> AuditReport:
    sent = load_sent(connection, landlord_id)
    permissions = judge_permissions(load_permissions(connection, landlord_id))
    reading = ReadingJudge()
    violations = {
        "outside_hours": tally(judge_hours(sent)),
        "after_payment": tally(judge_payment(connection, sent, landlord_id)),
        "after_optout": tally(permissions.verdicts(sent)),
        "while_paused": tally(judge_holds(sent, load_holds(connection, landlord_id))),
        **_by_settings(connection, sent, landlord_id),
        "twice": _twice(connection, sent, landlord_id),
        "not_b1": tally(reading.verdicts(sent, load_texts(connection, landlord_id)), reading.figures),
    }
    return AuditReport(
        violations=violations,
        integrity=_integrity(connection, landlord_id),
        exempt={
            **_exempt(sent),
            "stop_confirmations": permissions.stop_confirmations,
            "answers_after_optout": permissions.answers,
            "texts_in_other_languages": reading.other_languages,
        },
        attempts=len(sent),
    )


def _by_settings(connection: Connection, sent: Sequence[Sent], landlord_id: int | None) -> dict[str, Kind]:
    """Judge what the landlord's own figures bind, by the settings version that each attempt names."""
    limits = load_limits(connection)
    return {
        "above_pressure": tally(judge_pressure(sent, load_rests(connection, landlord_id), limits)),
        "stale_ledger": tally(judge_freshness(sent, load_deliveries(connection, landlord_id), limits)),
    }


def _twice(connection: Connection, sent: Sequence[Sent], landlord_id: int | None) -> Kind:
    texts = digests(load_texts(connection, landlord_id))
    return tally(chain(judge_twice(sent, texts), judge_sandbox(connection, sent, landlord_id)))


def _integrity(connection: Connection, landlord_id: int | None) -> dict[str, Kind]:
    return {
        "chains": tally(judge_chains(connection, landlord_id)),
        "anchors": tally(judge_anchors(connection, landlord_id)),
        "sent_evidence": tally(judge_sent_evidence(connection, landlord_id)),
        "signals": tally(judge_signals(connection, landlord_id)),
        "referrals": tally(judge_referrals(connection, landlord_id)),
        "decisions": tally(judge_decisions(connection, landlord_id)),
    }


def _exempt(sent: Sequence[Sent]) -> dict[str, int]:
    """Count what one protection or more does not bind (rules.md 38)."""
    purposes = Counter(attempt.purpose for attempt in sent)
    in_time = sum(attempt.in_time for attempt in sent)
    return {
        "answers_in_time": in_time,
        "answers_late": purposes["answer"] - in_time,
        "legal": purposes["legal"],
        "plan": purposes["plan"],
    }
