"""Hand a case to a partner: by its route, with a dossier, an owner and feedback clocks, or into the queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import PartnerRow, ReferralRow, TaskRow
from outreach.domain.referral_states import QUEUED, SENT
from outreach.services.actor import MACHINE
from outreach.services.decisions import reasons_data
from outreach.services.dossiers import dossier, grounds_text
from outreach.services.evidence import EvidenceBook
from outreach.services.facts import LoadedCase
from outreach.services.feedback_clocks import start_clocks
from outreach.services.parties import owner_for
from outreach.services.policy import Policy
from outreach.services.quota import has_room
from outreach.services.route_pauses import pause_by_route
from outreach.services.routes import Way, way_to
from outreach.services.tasks import add_task, close_tasks
from schedules.calendar import Calendar
from schedules.case_view import CaseView
from schedules.decisions import PlannedStep, Reason
from schedules.ladder import Ladder
from schedules.route_gate import names_of, queue_rank, why_not_open

KNOWN, HELD = "known", "held"


@dataclass(frozen=True, kw_only=True)
class Referring:
    """What one referral needs around it, in the caller's transaction."""

    session: Session
    book: EvidenceBook
    policy: Policy
    ladder: Ladder
    calendar: Calendar
    now: datetime

    @property
    def today(self) -> date:
        """The civil day."""
        return self.calendar.day_of(self.now)

    @property
    def fills(self) -> Mapping[str, int | str]:
        """What the landlord fills gaps with."""
        return self.policy.settings.fills


def partner_for(session: Session, landlord_id: int, municipality: str, kind: str) -> PartnerRow | None:
    """Find the active partner of a kind in a municipality."""
    return session.scalar(
        select(PartnerRow).where(
            PartnerRow.landlord_id == landlord_id,
            PartnerRow.municipality == municipality,
            PartnerRow.kind == kind,
            PartnerRow.active,
        )
    )


def make_referral(context: Referring, loaded: LoadedCase, step: PlannedStep) -> str:
    """Refer a case once per ladder run, step and partner; what cannot be referred becomes a task for a person.

    Returns sent, queued (the quota is full), held (a task says why) or known (it was referred before). The early
    signal carries the evidence of conditions a to d.
    """
    session = context.session
    partner = partner_for(session, loaded.case.landlord_id, loaded.area.municipality, step.target or "")
    if partner is None:
        detail = {"step": step.step, "target": step.target, "municipality": loaded.area.municipality}
        return _ask_person(context, loaded, step, "not_reached", "no_partner", detail)
    if loaded.facts.amount_cents < partner.minimum_cents:
        below = {"step": step.step, "partner": partner.name, "minimum_cents": partner.minimum_cents}
        return _ask_person(context, loaded, step, "signal_refused", "below_minimum", below)
    if _is_referred(session, loaded, step, partner):
        return KNOWN
    way = way_to(session, partner)
    closed = why_not_open(way.route, _view(context, loaded), frozenset(loaded.case.grounds))
    if closed:
        return _ask_person(context, loaded, step, "referral_held", "route", _why_held(step, partner, way, closed))
    row = _new_row(context, loaded, step, partner, way)
    session.add(row)
    if not has_room(session, context.calendar, partner, way.route, context.fills, context.today):
        return _queue(context, loaded, row, partner)
    send(context, loaded, step, row, partner, way)
    return SENT


def _view(context: Referring, loaded: LoadedCase) -> CaseView:
    return CaseView(context.ladder, loaded.facts, context.policy.engine, context.calendar, context.now)


def _why_held(step: PlannedStep, partner: PartnerRow, way: Way, why: tuple[Reason, ...]) -> dict[str, Any]:
    names = {language: names_of(way.route, language) for language in ("nl", "en")}
    return {"step": step.step, "partner": partner.name, "why": reasons_data(why), "names": names}


def _new_row(context: Referring, loaded: LoadedCase, step: PlannedStep, partner: PartnerRow, way: Way) -> ReferralRow:
    return ReferralRow(
        landlord_id=loaded.case.landlord_id,
        case_id=loaded.case.id,
        ladder_run=loaded.case.ladder_run,
        step=step.step,
        partner_id=partner.id,
        partner_kind=partner.kind,
        route_version_id=way.version_id,
        state=QUEUED,
        priority=queue_rank(way.route, loaded.facts.flags),
        dossier={},
        queued_at=context.now,
        owner_id=owner_for(context.session, loaded.case, way.route.owner),
        owner_name=partner.contact_person or partner.name,
    )


def _queue(context: Referring, loaded: LoadedCase, row: ReferralRow, partner: PartnerRow) -> str:
    """Leave a referral in the queue: its quota is full; it is sent in order of priority when room comes."""
    context.session.flush()
    payload = {"step": row.step, "partner": partner.name, "kind": partner.kind, "priority": row.priority}
    context.book.note("referral_queued", MACHINE, payload, case_id=loaded.case.id)
    return QUEUED


def send(
    context: Referring, loaded: LoadedCase, step: PlannedStep, row: ReferralRow, partner: PartnerRow, way: Way
) -> None:
    """Send a referral with the dossier of this moment; its clocks start, and the pause of its route when it has one."""
    content = dossier(context.session, loaded, partner, step, way.fields, context.today)
    row.state, row.sent_at, row.dossier, row.ground = SENT, context.now, content, grounds_text(loaded)[:200]
    context.session.flush()
    start_clocks(context.session, row, way.route, partner, context.calendar, context.fills)
    payload = {"step": row.step, "partner": partner.name, "kind": partner.kind, "dossier": content}
    context.book.note("referral_sent", MACHINE, payload, case_id=loaded.case.id)
    held = TaskRow.key == _key("route", loaded, row.step)
    close_tasks(context.session, context.now, "referred", TaskRow.landlord_id == row.landlord_id, held)
    pause_by_route(context.session, context.book, row, way.route, "referral_sent", context.today, context.fills)


def _key(why: str, loaded: LoadedCase, step: str) -> str:
    return f"{why}:{loaded.case.id}:{loaded.case.ladder_run}:{step}"


def _ask_person(
    context: Referring, loaded: LoadedCase, step: PlannedStep, kind: str, why: str, detail: Mapping[str, Any]
) -> str:
    """Give a person the task to look at a referral that could not be made, once per ladder run and step."""
    case = loaded.case
    key = _key(why, loaded, step.step)
    add_task(
        context.session,
        landlord_id=case.landlord_id,
        kind=kind,
        key=key,
        due_at=context.now,
        case=case,
        detail=detail,
    )
    return HELD


def _is_referred(session: Session, loaded: LoadedCase, step: PlannedStep, partner: PartnerRow) -> bool:
    known = select(ReferralRow.id).where(
        ReferralRow.case_id == loaded.case.id,
        ReferralRow.ladder_run == loaded.case.ladder_run,
        ReferralRow.step == step.step,
        ReferralRow.partner_id == partner.id,
    )
    return session.scalar(known) is not None
