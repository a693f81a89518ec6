"""What was handed to partners: the list with its feedback clocks, and one referral with its dossier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import CaseRow, PartnerRow, PauseRow, ReferralRow, UserRow
from outreach.domain.referral_states import OPEN, QUEUED, STATES, verdicts
from outreach.services.decisions import reason_from_data
from outreach.services.feedback_clocks import clocks_of, is_open
from outreach.services.parties import Party, parties_of
from outreach.services.reading.heads import CaseHead, LadderTitles, case_heads, ladder_titles
from outreach.services.routes import way_of
from schedules.calendar import to_local
from schedules.decisions import Reason
from schedules.route_clocks import DatedCaution, dated_cautions

PAGE_SIZE = 50
OVERDUE = "overdue"
OWN_DAY = "date"
"""What a feedback clock counts from when a person sets its day 0."""

FILTERS = (OVERDUE, *STATES)
"""What a list of referrals can be narrowed to: those whose feedback is late, or one state."""


@dataclass(frozen=True, kw_only=True)
class ReferralHead:
    """One referral in a list; `overdue` when the partner should have reported back before today."""

    id: int
    partner: str
    partner_kind: str
    state: str
    sent_at: datetime | None
    queued_at: datetime | None
    priority: int
    feedback_due_on: date | None
    feedback_at: datetime | None
    help_accepted: bool
    help_refused: bool
    rejected_reason: str | None
    owner: str | None
    owner_name: str
    overdue: bool
    head: CaseHead


@dataclass(frozen=True, kw_only=True)
class ClockView:
    """One feedback clock: when it is due, what came; `waits` while nothing came, `late` when it should have.

    `own_day` asks a person for its day 0.
    """

    key: str
    title: Mapping[str, str]
    due_on: date | None
    received_at: datetime | None
    verdict: str | None
    text: str
    waits: bool
    late: bool
    own_day: bool


@dataclass(frozen=True, kw_only=True)
class ReferralList:
    """One page of referrals and how many there are per state; `overdue` counts those without feedback in time."""

    items: tuple[ReferralHead, ...]
    total: int
    counts: Mapping[str, int]
    overdue: int


@dataclass(frozen=True, kw_only=True)
class ReferralPage:
    """One referral with its dossier (as it was handed over), the partner, and why it was made."""

    head: ReferralHead
    dossier: Mapping[str, Any]
    feedback: str
    ground: str
    step: str
    titles: LadderTitles
    why: tuple[Reason, ...]
    partner: PartnerRow
    clocks: tuple[ClockView, ...]
    verdicts: tuple[str, ...]
    parties: tuple[Party, ...]
    pause: PauseRow | None
    cautions: tuple[DatedCaution, ...]


def list_referrals(
    session: Session, scope: Scope, day: date, *, state: str | None = None, kind: str | None = None, page: int = 1
) -> ReferralList:
    """Return a page of referrals: overdue first, then by the day on which feedback is due; finished ones last."""
    statement = _statement(scope)
    if kind:
        statement = statement.where(ReferralRow.partner_kind == kind)
    counted: Any = statement.with_only_columns(ReferralRow.state, func.count()).group_by(ReferralRow.state)
    counts: dict[str, int] = dict(session.execute(counted.order_by(None)).all())
    late: Any = statement.with_only_columns(func.count()).order_by(None)
    is_late = and_(ReferralRow.state.in_(sorted(OPEN)), ReferralRow.feedback_due_on < day)
    overdue = session.scalar(late.where(is_late)) or 0
    counts[OVERDUE] = overdue
    wanted = statement.where(is_late if state == OVERDUE else ReferralRow.state == state) if state else statement
    rows = session.execute(wanted.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return ReferralList(
        items=_heads(session, scope, rows, day),
        total=counts.get(state, 0) if state else sum(counts.values()) - overdue,
        counts=counts,
        overdue=overdue,
    )


def read_referral(
    session: Session, scope: Scope, referral_id: int, day: date, fills: Mapping[str, int | str]
) -> ReferralPage | None:
    """Return one referral; None when the scope does not reach it. `fills` are what the landlord fills gaps with."""
    rows = session.execute(_statement(scope).where(ReferralRow.id == referral_id)).all()
    heads = _heads(session, scope, rows, day)
    if not heads:
        return None
    row, partner, found = rows[0]
    titles = ladder_titles(session, {found.ladder_version_id}).get(found.ladder_version_id, LadderTitles())
    return ReferralPage(
        head=heads[0],
        dossier=row.dossier,
        feedback=row.feedback,
        ground=row.ground,
        step=row.step,
        titles=titles,
        why=tuple(reason_from_data(each) for each in row.dossier.get("why", ())),
        partner=partner,
        clocks=_clocks(session, row, partner, day),
        cautions=_cautions(session, row, partner, fills),
        verdicts=() if row.state == QUEUED else verdicts(row.state),
        parties=tuple(parties_of(session, found, besides=row.id)),
        pause=session.scalar(
            select(PauseRow).where(PauseRow.referral_id == row.id).order_by(PauseRow.id.desc()).limit(1)
        ),
    )


def _cautions(
    session: Session, row: ReferralRow, partner: PartnerRow, fills: Mapping[str, int | str]
) -> tuple[DatedCaution, ...]:
    since = {} if row.sent_at is None else {"referral": to_local(row.sent_at).date()}
    return dated_cautions(way_of(session, row, partner).route.warnings, since, fills)


def _clocks(session: Session, row: ReferralRow, partner: PartnerRow, day: date) -> tuple[ClockView, ...]:
    route = way_of(session, row, partner).route
    own_days = {clock.key for clock in route.feedback if clock.after == OWN_DAY}
    return tuple(
        ClockView(
            key=clock.key,
            title=clock.title,
            due_on=clock.due_on,
            received_at=clock.received_at,
            verdict=clock.verdict,
            text=clock.text,
            waits=is_open(clock) and row.state in OPEN,
            late=is_open(clock) and row.state in OPEN and clock.due_on is not None and clock.due_on < day,
            own_day=is_open(clock) and clock.due_on is None and clock.key in own_days,
        )
        for clock in clocks_of(session, row.id)
    )


def _statement(scope: Scope) -> Any:
    waiting = case(
        (ReferralRow.state == "stopped", 0),
        (ReferralRow.state == "sent", 1),
        (ReferralRow.state == "queued", 2),
        (ReferralRow.state == "accepted", 3),
        else_=4,
    )
    statement: Any = (
        select(ReferralRow, PartnerRow, CaseRow)
        .join(CaseRow, CaseRow.id == ReferralRow.case_id)
        .join(PartnerRow, PartnerRow.id == ReferralRow.partner_id)
        .order_by(waiting, ReferralRow.feedback_due_on, ReferralRow.priority, ReferralRow.id)
    )
    return scope.narrow(statement, CaseRow)


def _heads(session: Session, scope: Scope, rows: Any, day: date) -> tuple[ReferralHead, ...]:
    heads = case_heads(session, scope, {found.id for _row, _partner, found in rows}, day)
    owners = _names(session, {row.owner_id for row, _partner, _found in rows})
    return tuple(
        ReferralHead(
            id=row.id,
            partner=partner.name,
            partner_kind=row.partner_kind,
            state=row.state,
            sent_at=row.sent_at,
            queued_at=row.queued_at,
            priority=row.priority,
            feedback_due_on=row.feedback_due_on,
            feedback_at=row.feedback_at,
            help_accepted=row.help_accepted,
            help_refused=row.help_refused,
            rejected_reason=row.rejected_reason,
            owner=owners.get(row.owner_id),
            owner_name=row.owner_name,
            overdue=row.state in OPEN and row.feedback_due_on is not None and row.feedback_due_on < day,
            head=heads[found.id],
        )
        for row, partner, found in rows
    )


def _names(session: Session, ids: set[int | None]) -> dict[int | None, str]:
    statement: Any = select(UserRow.id, UserRow.name).where(UserRow.id.in_({each for each in ids if each is not None}))
    return dict(session.execute(statement).all())
