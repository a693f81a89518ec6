"""Which parties are busy with a household, and who follows each of them up at the landlord (rules.md 14, 16, 27)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach.db.tables import AreaRow, CaseRow, PartnerRow, ReferralRow, TenancyRow, UserRow
from outreach.domain.referral_states import BUSY

OFFICE = ("worker", "policy", "manager", "admin")
"""Roles that can follow something up when nobody has the role that is asked for."""


@dataclass(frozen=True, kw_only=True)
class Party:
    """A partner that has a case of this household or address, by a referral that is sent or accepted."""

    referral: ReferralRow
    partner: PartnerRow
    case: CaseRow


def parties_of(session: Session, case: CaseRow, *, besides: int | None = None) -> Sequence[Party]:
    """Give the partners that are busy with the household or at the address of a case; `besides` leaves one out."""
    dwelling = select(TenancyRow.dwelling_id).where(TenancyRow.id == case.tenancy_id).scalar_subquery()
    here = select(TenancyRow.id).where(TenancyRow.dwelling_id == dwelling)
    statement = (
        select(ReferralRow, PartnerRow, CaseRow)
        .join(PartnerRow, PartnerRow.id == ReferralRow.partner_id)
        .join(CaseRow, CaseRow.id == ReferralRow.case_id)
        .where(
            ReferralRow.landlord_id == case.landlord_id,
            ReferralRow.state.in_(sorted(BUSY)),
            or_(CaseRow.household_id == case.household_id, CaseRow.tenancy_id.in_(here)),
        )
        .order_by(ReferralRow.id)
    )
    return [
        Party(referral=referral, partner=partner, case=other)
        for referral, partner, other in session.execute(statement)
        if referral.id != besides
    ]


def owner_for(session: Session, case: CaseRow, role: str) -> int | None:
    """Give who follows something up: the owner of the case, else somebody at the office.

    A user with the role that is asked for comes first, then one of the own team.
    """
    if case.owner_id is not None:
        return case.owner_id
    near = select(AreaRow.team_id).where(AreaRow.id == case.area_id).scalar_subquery()
    statement = (
        select(UserRow.id)
        .where(UserRow.landlord_id == case.landlord_id, UserRow.role.in_({*OFFICE, role}), UserRow.active)
        .order_by((UserRow.role == role).desc(), (UserRow.team_id == near).desc().nulls_last(), UserRow.id)
    )
    return session.scalar(statement.limit(1))
