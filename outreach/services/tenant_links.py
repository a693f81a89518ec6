"""Links to the tenant's page: short signed codes, one for each message or print, and whom each still belongs to.

A code is twelve signs of Crockford's base 32: eight by chance (40 bits) and four of an HMAC over them under the secret
key of the installation (20 bits). It says nothing about anybody. A link ends with its case, with its time, and at once
when its person leaves the tenancy (rules.md 39); that is asked anew at every use.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach.config import Settings
from outreach.db.tables import (
    AttemptRow,
    CaseRow,
    PersonRow,
    RepresentationRow,
    TenancyPartyRow,
    TenantLinkRow,
)
from outreach.domain.landlord_settings import LandlordSettings
from outreach.runtime import Runtime
from outreach.services.actor import MACHINE, Actor
from outreach.services.addressees import ACTS_INSTEAD, ROLE_ORDER
from outreach.services.evidence import EvidenceBook

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHANCE, PROOF = 8, 4
PAPER = frozenset({"letter", "card", "visit"})
"""What is read on paper, and so later."""

_BLANKS = re.compile(r"[\s-]")
_LIKE = str.maketrans("OIL", "011")


@dataclass(frozen=True, kw_only=True)
class UsableLink:
    """A link that may be used now, with its case and its person."""

    row: TenantLinkRow
    case: CaseRow
    person: PersonRow


def new_code(secret: str) -> str:
    """Return a new code, signed with the installation's secret key."""
    chance = "".join(secrets.choice(SIGNS) for _ in range(CHANCE))
    return chance + _proof(chance, secret)


def plain_code(typed: str, secret: str) -> str | None:
    """Return a code as somebody typed it (case, hyphens, O for 0, I and L for 1); None when we did not make it."""
    code = _BLANKS.sub("", typed[:40]).upper().translate(_LIKE)
    if len(code) != CHANCE + PROOF or not set(code) <= set(SIGNS):
        return None
    return code if hmac.compare_digest(code[CHANCE:], _proof(code[:CHANCE], secret)) else None


def _proof(chance: str, secret: str) -> str:
    digest = hmac.new(secret.encode(), b"tenant-link:" + chance.encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest[:4], "big")
    return "".join(SIGNS[number >> 5 * place & 31] for place in range(PROOF))


def grouped(code: str) -> str:
    """Write a code in groups of four, as it stands on paper."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def link_address(settings: Settings, code: str, *, on_paper: bool = False) -> str:
    """Return the address of a page, "" when the installation has no public one."""
    base = settings.public_url.rstrip("/")
    return f"{base}/r/{grouped(code) if on_paper else code}" if base else ""


def link_of_attempt(session: Session, attempt_id: int) -> TenantLinkRow | None:
    """Return the link that was made for a message or a visit."""
    return session.scalar(select(TenantLinkRow).where(TenantLinkRow.attempt_id == attempt_id))


def make_link(
    session: Session,
    book: EvidenceBook,
    runtime: Runtime,
    landlord: LandlordSettings,
    case: CaseRow,
    person_id: int,
    *,
    attempt: AttemptRow | None = None,
    actor: Actor = MACHINE,
) -> TenantLinkRow | None:
    """Make the link of a message, or the one that it has already; None without a public address.

    Nobody gets one who is not a party of the tenancy, or acts for one, today.
    """
    if not runtime.settings.public_url:
        return None
    known = link_of_attempt(session, attempt.id) if attempt is not None else None
    if known is not None:
        return known
    if not belongs(session, runtime, case, person_id, book.now):
        return None
    on_paper = attempt is not None and attempt.channel in PAPER
    days = landlord.paper_link_days if on_paper else landlord.link_days
    row = TenantLinkRow(
        landlord_id=case.landlord_id,
        case_id=case.id,
        person_id=person_id,
        attempt_id=attempt.id if attempt is not None else None,
        code=new_code(runtime.settings.secret_key),
        created_at=book.now,
        expires_at=book.now + timedelta(days=days),
    )
    session.add(row)
    session.flush()
    payload = {"link": row.id, "person": person_id, "expires_at": row.expires_at}
    book.note("link_made", actor, payload, case_id=case.id, attempt_id=row.attempt_id)
    return row


def find_link(session: Session, runtime: Runtime, typed: str, now: datetime) -> UsableLink | None:
    """Return a link that may be used now; None for a forged, unknown, expired or ended one."""
    code = plain_code(typed, runtime.settings.secret_key)
    row = session.scalar(select(TenantLinkRow).where(TenantLinkRow.code == code)) if code else None
    return usable_link(session, runtime, row, now) if row else None


def usable_link(
    session: Session, runtime: Runtime, row: TenantLinkRow, now: datetime, *, opened: bool = False
) -> UsableLink | None:
    """Return a link with its case and person when it may be used now; who is inside may see that a case closed."""
    if row.ended_at is not None or row.expires_at <= now:
        return None
    case = session.get_one(CaseRow, row.case_id)
    if (case.state != "open" and not opened) or not belongs(session, runtime, case, row.person_id, now):
        return None
    return UsableLink(row=row, case=case, person=session.get_one(PersonRow, row.person_id))


def belongs(session: Session, runtime: Runtime, case: CaseRow, person_id: int, now: datetime) -> bool:
    """Say whether a person is a tenant of a case today, or acts for one in matters of money."""
    day = runtime.calendar.day_of(now)
    tenants = select(TenancyPartyRow.person_id).where(
        TenancyPartyRow.tenancy_id == case.tenancy_id,
        TenancyPartyRow.role.in_(list(ROLE_ORDER)),
        TenancyPartyRow.from_on <= day,
        or_(TenancyPartyRow.to_on.is_(None), TenancyPartyRow.to_on > day),
    )
    acting = select(RepresentationRow.representative_id).where(
        RepresentationRow.person_id.in_(tenants),
        RepresentationRow.kind.in_(list(ACTS_INSTEAD)),
        RepresentationRow.from_on <= day,
        or_(RepresentationRow.to_on.is_(None), RepresentationRow.to_on > day),
    )
    left = select(TenancyPartyRow.id).where(
        TenancyPartyRow.tenancy_id == case.tenancy_id,
        TenancyPartyRow.person_id == person_id,
        TenancyPartyRow.role == "ex_partner",
        TenancyPartyRow.from_on <= day,
        or_(TenancyPartyRow.to_on.is_(None), TenancyPartyRow.to_on > day),
    )
    found = select(PersonRow.id).where(
        PersonRow.id == person_id, or_(PersonRow.id.in_(tenants), PersonRow.id.in_(acting)), ~left.exists()
    )
    return session.scalar(found) is not None


def is_represented(session: Session, runtime: Runtime, person_id: int, now: datetime) -> bool:
    """Say whether somebody acts for a person in matters of money today."""
    day = runtime.calendar.day_of(now)
    acting = select(RepresentationRow.id).where(
        RepresentationRow.person_id == person_id,
        RepresentationRow.kind.in_(list(ACTS_INSTEAD)),
        RepresentationRow.from_on <= day,
        or_(RepresentationRow.to_on.is_(None), RepresentationRow.to_on > day),
    )
    return session.scalar(acting.limit(1)) is not None
