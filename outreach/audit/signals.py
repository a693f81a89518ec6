"""Judge every early signal to a municipality: evidence for the four conditions, an agreement, and no refusal."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from outreach.audit.days import local
from outreach.audit.permission import NO
from outreach.audit.record import ATTEMPT, CASE, scoped
from outreach.audit.report import Finding
from outreach.db.people import PartnerRow, PermissionRow, TenancyPartyRow
from outreach.db.referrals import ReferralRow

REFERRAL = ReferralRow.__table__
PARTNER = PartnerRow.__table__
PERMISSION = PermissionRow.__table__
PARTY = TenancyPartyRow.__table__
MUNICIPALITY = "municipality"
CONDITIONS = ("a", "b", "c", "d")
RENTING = ("tenant", "co_tenant")
Answers = Mapping[int, Sequence[tuple[datetime, str]]]
"""Per person what he said about sharing with the municipality: (known_at, status), oldest first."""


def judge_signals(connection: Connection, landlord_id: int | None) -> Iterator[Finding | None]:
    """Judge every referral to a municipality on what was known when it went (Bgs article 2; NVVK model agreement).

    What waits in the queue has not been sent.
    """
    answers = _answers(connection, landlord_id)
    tenants = _tenants(connection, landlord_id)
    made = _made(connection, landlord_id)
    for row in _referrals(connection, landlord_id):
        people = [person for person, from_on, to_on in tenants.get(row.tenancy_id, ()) if _spans(row, from_on, to_on)]
        yield (_agreement(row) or _refusal(row, people, answers) or _conditions(row, made.get(row.case_id, {})))


def _referrals(connection: Connection, landlord_id: int | None) -> Sequence[Row[Any]]:
    statement = (
        select(
            REFERRAL.c.id,
            REFERRAL.c.case_id,
            REFERRAL.c.dossier,
            REFERRAL.c.sent_at,
            CASE.c.number,
            CASE.c.tenancy_id,
            PARTNER.c.agreement_from,
            PARTNER.c.agreement_to,
        )
        .join(CASE, CASE.c.id == REFERRAL.c.case_id)
        .join(PARTNER, PARTNER.c.id == REFERRAL.c.partner_id)
        .where(REFERRAL.c.partner_kind == MUNICIPALITY, REFERRAL.c.sent_at.is_not(None))
        .order_by(REFERRAL.c.id)
    )
    return connection.execute(scoped(statement, REFERRAL, landlord_id)).all()


def _answers(connection: Connection, landlord_id: int | None) -> Answers:
    statement = select(PERMISSION.c.person_id, PERMISSION.c.known_at, PERMISSION.c.status).where(
        PERMISSION.c.subject == "share",
        PERMISSION.c.person_id.is_not(None),
        PERMISSION.c.partner_kind.is_(None) | (PERMISSION.c.partner_kind == MUNICIPALITY),
    )
    found: defaultdict[int, list[tuple[datetime, str]]] = defaultdict(list)
    ordered = scoped(statement, PERMISSION, landlord_id).order_by(PERMISSION.c.known_at, PERMISSION.c.id)
    for row in connection.execute(ordered):
        found[row.person_id].append((row.known_at, row.status))
    return found


def _tenants(connection: Connection, landlord_id: int | None) -> Mapping[int, Sequence[tuple[int, date, date | None]]]:
    statement = select(PARTY).where(
        PARTY.c.role.in_(RENTING),
        PARTY.c.tenancy_id.in_(select(CASE.c.tenancy_id).join(REFERRAL, REFERRAL.c.case_id == CASE.c.id)),
    )
    found: defaultdict[int, list[tuple[int, date, date | None]]] = defaultdict(list)
    for row in connection.execute(scoped(statement, PARTY, landlord_id)):
        found[row.tenancy_id].append((row.person_id, row.from_on, row.to_on))
    return found


def _made(connection: Connection, landlord_id: int | None) -> Mapping[int, Mapping[int, datetime]]:
    """Load per referred case its attempts that were made, with the moment."""
    statement = select(ATTEMPT.c.case_id, ATTEMPT.c.id, ATTEMPT.c.sent_at).where(
        ATTEMPT.c.sent_at.is_not(None), ATTEMPT.c.case_id.in_(select(REFERRAL.c.case_id))
    )
    found: defaultdict[int, dict[int, datetime]] = defaultdict(dict)
    for row in connection.execute(scoped(statement, ATTEMPT, landlord_id)):
        found[row.case_id][row.id] = row.sent_at
    return found


def _agreement(row: Row[Any]) -> Finding | None:
    if row.agreement_from is not None and _spans(row, row.agreement_from, row.agreement_to):
        return None
    return _finding(row, "no_agreement", "zonder geldige overeenkomst met de gemeente")


def _spans(row: Row[Any], first: date, until: date | None) -> bool:
    day = local(row.sent_at).date()
    return first <= day and (until is None or day < until)


def _refusal(row: Row[Any], people: Sequence[int], answers: Answers) -> Finding | None:
    for person in people:
        known = [status for known_at, status in answers.get(person, ()) if known_at <= row.sent_at]
        if known and known[-1] in NO:
            return _finding(row, "refused", "nadat de huurder die geweigerd had")
    return None


def _conditions(row: Row[Any], made: Mapping[int, datetime]) -> Finding | None:
    """Test a to d: met, with evidence; evidence that names attempts must name made ones of this case."""
    kept = row.dossier.get("conditions") if isinstance(row.dossier, dict) else None
    conditions = kept if isinstance(kept, dict) else {}
    for letter in CONDITIONS:
        condition = conditions.get(letter)
        if not isinstance(condition, dict) or condition.get("met") is not True or not condition.get("evidence"):
            return _finding(row, f"condition_{letter}", f"zonder bewijs voor voorwaarde {letter}")
        named = _attempt_ids(condition["evidence"])
        if any(number not in made or made[number] > row.sent_at for number in named):
            return _finding(row, f"condition_{letter}", f"met bewijs voor voorwaarde {letter} dat er niet was")
    return None


def _attempt_ids(evidence: Any) -> list[int]:
    """Give the attempts that evidence names: whole numbers, or the `attempt` of what it lists."""
    listed = evidence if isinstance(evidence, list) else [evidence]
    plain = [each.get("attempt") if isinstance(each, dict) else each for each in listed]
    return [each for each in plain if type(each) is int]


def _finding(row: Row[Any], code: str, what: str) -> Finding:
    return Finding(
        code=code,
        what=f"melding bij de gemeente {what}",
        key=f"referral:{row.id}",
        case_number=row.number,
        at=row.sent_at,
    )
