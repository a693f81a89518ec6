"""Judge referrals by a plain reading of their own: sent or queued, feedback and owner, and the quota of the route."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import yaml
from sqlalchemy import Connection, Row, select

from outreach.audit.days import local
from outreach.audit.record import CASE, scoped
from outreach.audit.report import Finding
from outreach.db.record import DocumentRow
from outreach.db.referrals import ReferralFeedbackRow, ReferralRow

REFERRAL = ReferralRow.__table__
FEEDBACK = ReferralFeedbackRow.__table__
DOCUMENT = DocumentRow.__table__
QUEUED = "queued"


def judge_referrals(connection: Connection, landlord_id: int | None) -> Iterator[Finding | None]:
    """Judge every referral: what is queued was not sent, what was sent has feedback and an owner, within the quota.

    A quota is counted per partner, in the months and years of Dutch days, for referrals that name a route; one that
    counts over all landlords is left out, and so is a number that the route leaves open.
    """
    clocks = _clocks(connection, landlord_id)
    quotas = _quotas(connection, landlord_id)
    sent: Counter[tuple[int, str, int, int]] = Counter()
    for row in _referrals(connection, landlord_id):
        yield _state(row) or _followed(row, clocks) or _within(row, quotas.get(row.route_version_id or 0, {}), sent)


def _referrals(connection: Connection, landlord_id: int | None) -> Sequence[Row[Any]]:
    statement = select(REFERRAL, CASE.c.number).join(CASE, CASE.c.id == REFERRAL.c.case_id)
    return connection.execute(
        scoped(statement, REFERRAL, landlord_id).order_by(REFERRAL.c.sent_at, REFERRAL.c.id)
    ).all()


def _clocks(connection: Connection, landlord_id: int | None) -> Mapping[int, Sequence[date]]:
    """Load per referral the days on which feedback was, or is, due."""
    statement = select(FEEDBACK.c.referral_id, FEEDBACK.c.due_on).where(FEEDBACK.c.due_on.is_not(None))
    found: dict[int, list[date]] = {}
    for row in connection.execute(scoped(statement, FEEDBACK, landlord_id)):
        found.setdefault(row.referral_id, []).append(row.due_on)
    return found


def _quotas(connection: Connection, landlord_id: int | None) -> Mapping[int, Mapping[str, Any]]:
    """Load the quota of every route version that a referral names, read from its text."""
    used = select(REFERRAL.c.route_version_id).where(REFERRAL.c.route_version_id.is_not(None))
    statement = select(DOCUMENT.c.id, DOCUMENT.c.body).where(
        DOCUMENT.c.id.in_(scoped(used, REFERRAL, landlord_id).distinct())
    )
    found = {row.id: yaml.safe_load(row.body) for row in connection.execute(statement)}
    return {key: body.get("quota") or {} for key, body in found.items() if isinstance(body, dict)}


def _state(row: Row[Any]) -> Finding | None:
    if (row.state == QUEUED) == (row.sent_at is None):
        return None
    return _finding(row, "state", "staat in de wachtrij en is toch verstuurd, of andersom")


def _followed(row: Row[Any], clocks: Mapping[int, Sequence[date]]) -> Finding | None:
    if row.sent_at is None:
        return None
    if not row.owner_name:
        return _finding(row, "no_owner", "heeft niemand bij de partner die het opvolgt")
    if row.feedback_due_on is None and not clocks.get(row.id):
        return _finding(row, "no_feedback", "heeft geen dag waarop de terugmelding komt")
    return None


def _within(row: Row[Any], quota: Mapping[str, Any], sent: Counter[tuple[int, str, int, int]]) -> Finding | None:
    """Count a referral in its month and its year; say so when it is one too many."""
    if row.sent_at is None:
        return None
    day = local(row.sent_at).date()
    for name, scope, key in (
        ("per_month", "scope", (row.partner_id, "month", day.year, day.month)),
        ("per_year", "year_scope", (row.partner_id, "year", day.year, 0)),
    ):
        limit, whose = quota.get(name), quota.get(scope, quota.get("scope", "landlord"))
        sent[key] += 1
        if type(limit) is int and whose == "landlord" and sent[key] > limit:
            return _finding(row, f"over_{name}", f"was de {sent[key]}e; het mogen er {limit} zijn")
    return None


def _finding(row: Row[Any], code: str, what: str) -> Finding:
    return Finding(code=code, what=f"melding {what}", key=f"referral:{row.id}", case_number=row.number, at=row.sent_at)
