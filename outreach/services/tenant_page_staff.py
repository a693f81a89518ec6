"""Links to the tenant's page by hand: staff see them, make a new one to read out or send, and end one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow, PersonRow, TenancyPartyRow, TenantLinkRow
from outreach.runtime import Runtime
from outreach.services.acting import Acting, Refused, acting_on
from outreach.services.actor import Actor
from outreach.services.addressees import full_name
from outreach.services.tenant_links import belongs, link_address, make_link, usable_link
from outreach.services.tenant_page_opening import expected_answer


@dataclass(frozen=True, kw_only=True)
class StaffLink:
    """One link as staff see it; `state` is usable, locked, ended or over. Moments are UTC."""

    id: int
    name: str
    address: str
    by_hand: bool
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    state: str


@dataclass(frozen=True, kw_only=True)
class LinksOfCase:
    """The links of a case, newest first, and for whom one can be made: (person id, name)."""

    links: Sequence[StaffLink]
    people: Sequence[tuple[int, str]]


def read_links(session: Session, runtime: Runtime, case: CaseRow, now: datetime) -> LinksOfCase:
    """Return the links of a case and for whom one can be made."""
    rows = session.execute(
        select(TenantLinkRow, PersonRow)
        .join(PersonRow, PersonRow.id == TenantLinkRow.person_id)
        .where(TenantLinkRow.case_id == case.id)
        .order_by(TenantLinkRow.id.desc())
    )
    links = [_link(session, runtime, row, person, now) for row, person in rows]
    return LinksOfCase(links=links, people=_people(session, runtime, case, now))


def _link(session: Session, runtime: Runtime, row: TenantLinkRow, person: PersonRow, now: datetime) -> StaffLink:
    state = "over"
    if row.ended_at is not None:
        state = "ended"
    elif usable_link(session, runtime, row, now) is not None:
        state = "locked" if row.locked_until is not None and row.locked_until > now else "usable"
    return StaffLink(
        id=row.id,
        name=full_name(person),
        address=link_address(runtime.settings, row.code, on_paper=True),
        by_hand=row.attempt_id is None,
        created_at=row.created_at,
        expires_at=row.expires_at,
        opened_at=row.opened_at,
        state=state,
    )


def _people(session: Session, runtime: Runtime, case: CaseRow, now: datetime) -> list[tuple[int, str]]:
    statement = (
        select(PersonRow)
        .join(TenancyPartyRow, TenancyPartyRow.person_id == PersonRow.id)
        .where(TenancyPartyRow.tenancy_id == case.tenancy_id)
        .order_by(PersonRow.id)
    )
    people = dict.fromkeys(session.scalars(statement))
    return [(each.id, full_name(each)) for each in people if belongs(session, runtime, case, each.id, now)]


def make_by_hand(runtime: Runtime, actor: Actor, case_id: int, person_id: int) -> int:
    """Make a link for a tenant and end earlier ones made by hand; returns its id. Raises Refused."""
    if not runtime.settings.public_url:
        raise Refused(
            "Stel eerst het adres in waarop huurders ons bereiken (public_url).",
            "First set the address at which tenants reach us (public_url).",
        )
    with acting_on(runtime, actor, case_id) as acting:
        for earlier in _by_hand(acting, person_id):
            _end(acting, earlier)
        made = make_link(
            acting.session, acting.book, runtime, acting.policy.settings, acting.case, person_id, actor=actor
        )
        if made is None:
            raise Refused("Deze persoon hoort niet bij dit dossier.", "This person does not belong to this case.")
        return made.id


def _by_hand(acting: Acting, person_id: int) -> Sequence[TenantLinkRow]:
    return acting.session.scalars(
        select(TenantLinkRow).where(
            TenantLinkRow.case_id == acting.case.id,
            TenantLinkRow.person_id == person_id,
            TenantLinkRow.attempt_id.is_(None),
            TenantLinkRow.ended_at.is_(None),
        )
    ).all()


def end_by_hand(runtime: Runtime, actor: Actor, case_id: int, link_id: int) -> None:
    """End a link of a case; ended before is well too. Raises Refused."""
    with acting_on(runtime, actor, case_id, open_only=False) as acting:
        row = acting.session.get(TenantLinkRow, link_id)
        if row is None or row.case_id != case_id:
            raise Refused("Deze link bestaat niet.", "This link does not exist.")
        if row.ended_at is None:
            _end(acting, row)


def _end(acting: Acting, row: TenantLinkRow) -> None:
    row.ended_at = acting.now
    acting.note("link_ended", link=row.id)


def sandbox_answer(session: Session, runtime: Runtime, row: TenantLinkRow, now: datetime) -> str:
    """Return the answer that opens a link, in the sandbox only, so that who tries it out can go on; else ""."""
    link = usable_link(session, runtime, row, now) if runtime.is_sandbox else None
    return expected_answer(session, link) if link is not None else ""
