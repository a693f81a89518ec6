"""What partners and people do in a case: referrals with their next feedback, decisions asked for, trajectories."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import (
    CaseRow,
    PartnerRow,
    PauseRow,
    ReferralFeedbackRow,
    ReferralRow,
    TaskRow,
    TrajectoryRow,
    UserRow,
)
from outreach.domain.referral_states import OPEN
from outreach.runtime import Runtime
from outreach.services.facts import load_cases
from outreach.services.parties import Party, parties_of
from outreach.services.pause_watch import running, verdict_of
from outreach.services.policy import Policy, ladder_of
from outreach.services.trajectories import BUSY, definition_of, definitions
from schedules.case_view import CaseView
from schedules.decisions import Reason
from schedules.ladder import Ladder, Step, StepKind
from schedules.matching import unmet
from schedules.route_gate import holding, is_valid_on, open_gaps_of
from schedules.trajectory import TrajectoryDefinition


@dataclass(frozen=True, kw_only=True)
class CaseReferral:
    """One referral of a case; `waits_for` is the title of the feedback that is due next, `late` when it is overdue."""

    row: ReferralRow
    partner: str
    owner: str | None
    waits_for: Mapping[str, str] | None
    late: bool


@dataclass(frozen=True, kw_only=True)
class PauseCondition:
    """A condition of a pause in force: how it stands (holds, failed, unknown or later), and what was said last."""

    key: str
    title: Mapping[str, str]
    state: str
    on: date | None
    evidence: str


@dataclass(frozen=True, kw_only=True)
class CasePause:
    """A pause in force with its conditions."""

    row: PauseRow
    conditions: tuple[PauseCondition, ...]


@dataclass(frozen=True, kw_only=True)
class CaseTrajectory:
    """A trajectory of a case."""

    row: TrajectoryRow
    definition: TrajectoryDefinition


@dataclass(frozen=True, kw_only=True)
class Chance:
    """A trajectory that could be proposed: `openings` that hold or that a person may confirm, `why_not` else."""

    definition: TrajectoryDefinition
    openings: tuple[tuple[str, Mapping[str, str]], ...]
    why_not: tuple[Reason, ...]
    open_gaps: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class CaseCare:
    """All of it for one case; `parties` are partners that are busy by another case of the household or address."""

    referrals: tuple[CaseReferral, ...]
    pauses: tuple[CasePause, ...]
    decisions: tuple[Step, ...]
    trajectories: tuple[CaseTrajectory, ...]
    chances: tuple[Chance, ...]
    parties: tuple[Party, ...]


def read_case_care(runtime: Runtime, session: Session, policy: Policy, case: CaseRow, day: date) -> CaseCare:
    """Return what partners and people do in a case of the reader's scope."""
    ladder = ladder_of(session, policy, case.ladder_version_id)
    trajectories = _trajectories(session, case)
    is_busy = any(each.row.state in BUSY for each in trajectories)
    is_open = case.state == "open"
    return CaseCare(
        referrals=_referrals(session, case, day),
        pauses=_pauses(runtime, session, policy, case, day),
        decisions=_decisions(session, case, ladder) if is_open else (),
        trajectories=trajectories,
        parties=tuple(each for each in parties_of(session, case) if each.case.id != case.id),
        chances=_chances(runtime, session, policy, case, ladder, day) if is_open and not is_busy else (),
    )


def _referrals(session: Session, case: CaseRow, day: date) -> tuple[CaseReferral, ...]:
    statement = (
        select(ReferralRow, PartnerRow.name, UserRow.name)
        .join(PartnerRow, PartnerRow.id == ReferralRow.partner_id)
        .outerjoin(UserRow, UserRow.id == ReferralRow.owner_id)
        .where(ReferralRow.case_id == case.id)
        .order_by(ReferralRow.id.desc())
    )
    found = session.execute(statement).all()
    clocks = select(ReferralFeedbackRow).where(
        ReferralFeedbackRow.referral_id.in_([row.id for row, _, _ in found]), ReferralFeedbackRow.verdict.is_(None)
    )
    next_titles: dict[int, Mapping[str, str]] = {}
    for clock in sorted(session.scalars(clocks), key=lambda each: each.due_on or date.max):
        next_titles.setdefault(clock.referral_id, clock.title)
    return tuple(
        CaseReferral(
            row=row,
            partner=partner,
            owner=owner,
            waits_for=next_titles.get(row.id) if row.state in OPEN else None,
            late=row.state in OPEN and row.feedback_due_on is not None and row.feedback_due_on < day,
        )
        for row, partner, owner in found
    )


def _pauses(runtime: Runtime, session: Session, policy: Policy, case: CaseRow, day: date) -> tuple[CasePause, ...]:
    statement = select(PauseRow).where(PauseRow.case_id == case.id, PauseRow.ended_at.is_(None))
    judged = {
        each.pause.id: {found.key: found.state for found in verdict_of(each, runtime.calendar, policy, day).conditions}
        for each in running(session, runtime.calendar, policy, day, case_id=case.id)
    }
    return tuple(
        CasePause(
            row=row,
            conditions=tuple(_condition(each, judged.get(row.id, {})) for each in row.conditions),
        )
        for row in session.scalars(statement.order_by(PauseRow.id))
    )


def _condition(each: Mapping[str, Any], states: Mapping[str, str]) -> PauseCondition:
    return PauseCondition(
        key=each["key"],
        title=each["title"],
        state=states.get(each["key"], "unknown"),
        on=date.fromisoformat(each["on"]) if each.get("on") else None,
        evidence=each.get("evidence", ""),
    )


def _decisions(session: Session, case: CaseRow, ladder: Ladder) -> tuple[Step, ...]:
    """Return the decisions that the ladder asks for now."""
    statement = select(TaskRow.detail).where(
        TaskRow.case_id == case.id, TaskRow.kind == "decision", TaskRow.state == "open"
    )
    asked = {detail.get("step") for detail in session.scalars(statement)}
    asked |= {each["step"] for each in case.decision.get("due", ()) if each["kind"] == StepKind.DECISION}
    return tuple(step for step in ladder.steps if step.key in asked and step.kind is StepKind.DECISION)


def _trajectories(session: Session, case: CaseRow) -> tuple[CaseTrajectory, ...]:
    statement = select(TrajectoryRow).where(TrajectoryRow.case_id == case.id).order_by(TrajectoryRow.id.desc())
    return tuple(CaseTrajectory(row=row, definition=definition_of(session, row)) for row in session.scalars(statement))


def _chances(
    runtime: Runtime, session: Session, policy: Policy, case: CaseRow, ladder: Ladder, day: date
) -> tuple[Chance, ...]:
    """Return the trajectories whose partner works in the municipality of the case."""
    now = runtime.clock()
    [loaded] = load_cases(session, [case], day, now)
    view = CaseView(ladder, loaded.facts, policy.engine, runtime.calendar, now)
    partners = set(
        session.scalars(
            select(PartnerRow.kind).where(
                PartnerRow.landlord_id == case.landlord_id,
                PartnerRow.municipality == loaded.area.municipality,
                PartnerRow.active,
            )
        )
    )
    return tuple(
        _chance(definition, view, policy)
        for _version_id, definition in definitions(session, case.landlord_id).values()
        if definition.partner in partners and is_valid_on(definition, day)
    )


def _chance(definition: TrajectoryDefinition, view: CaseView, policy: Policy) -> Chance:
    by_person = frozenset(each.key for each in definition.opens_when if each.by_person)
    keys = holding(definition.opens_when, view, by_person)
    why_not = tuple(
        reason
        for each in definition.opens_when
        if each.condition is not None and each.key not in keys
        for reason in unmet(each.condition, view)
    )
    return Chance(
        definition=definition,
        openings=tuple((each.key, each.title) for each in definition.opens_when if each.key in keys),
        why_not=why_not,
        open_gaps=tuple(gap.title for gap in open_gaps_of(definition, policy.settings.fills)),
    )
