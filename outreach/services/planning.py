"""Open cases for new arrears, ask the engine what to do, and keep the plan as attempt rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import AreaRow, ArrearsRow, AttemptRow, CaseRow, PauseRow, TenancyRow
from outreach.runtime import Runtime
from outreach.services.actor import MACHINE
from outreach.services.care_facts import in_trajectory
from outreach.services.decision_tasks import ask_decision
from outreach.services.decisions import decision_data, reasons_data
from outreach.services.dropping import STAFF_KINDS, close, drop, left_a_trace, left_ladder
from outreach.services.evidence import EvidenceBook
from outreach.services.fact_queries import OPEN_STATES
from outreach.services.facts import LoadedCase, load_cases
from outreach.services.policy import Policy, ladder_of
from outreach.services.rechecking import recheck_row
from outreach.services.referrals import KNOWN, Referring, make_referral
from schedules.decisions import Decision, PlannedStep, Reason, Verdict
from schedules.engine import decide
from schedules.facts import AttemptState, CaseFacts
from schedules.ladder import Ladder

CHUNK = 500
ROWED = frozenset({"message", "robocall"}) | STAFF_KINDS
"""Kinds that become attempt rows; a card is made by its visit, a referral and a decision at once."""

HOLDS = frozenset(
    {
        "busy_talk",
        "held_by_flag",
        "no_ledger",
        "paused",
        "paused_until",
        "plan_active",
        "plan_requested",
        "promise_open",
        "rest_after_step",
        "stale_ledger",
    }
)
"""Reasons that hold a whole case; the day's report counts them once per case."""


@dataclass
class Planned:
    """What planning did, by kind, for the day's report; `refused` counts reason codes."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, kw_only=True)
class _Context:
    """What every case of one planning transaction shares."""

    runtime: Runtime
    session: Session
    policy: Policy
    book: EvidenceBook
    now: datetime
    report: Planned


def plan_all(runtime: Runtime, policy: Policy, now: datetime) -> Planned:
    """Open new cases and decide on every open one; transactions of at most CHUNK cases."""
    report = Planned()
    with runtime.db.write() as session:
        open_cases(runtime, session, policy, now, report)
    with runtime.db.read() as session:
        statement = select(CaseRow.id).where(CaseRow.landlord_id == policy.landlord_id, CaseRow.state == "open")
        ids = list(session.scalars(statement.order_by(CaseRow.id)))
    for start in range(0, len(ids), CHUNK):
        with runtime.db.write() as session:
            plan_cases(runtime, session, policy, ids[start : start + CHUNK], now, report)
    return report


def open_cases(runtime: Runtime, session: Session, policy: Policy, now: datetime, report: Planned) -> None:
    """Open a case for each tenancy in arrears that has none; numbers count up per landlord."""
    day = runtime.calendar.day_of(now)
    busy = select(CaseRow.tenancy_id).where(CaseRow.landlord_id == policy.landlord_id, CaseRow.state == "open")
    statement = (
        select(TenancyRow, AreaRow.code)
        .join(ArrearsRow, ArrearsRow.tenancy_id == TenancyRow.id)
        .join(AreaRow, AreaRow.id == TenancyRow.area_id)
        .where(
            TenancyRow.landlord_id == policy.landlord_id,
            ArrearsRow.amount_cents >= policy.settings.minimum_amount_cents,
            TenancyRow.id.not_in(busy),
        )
        .order_by(TenancyRow.external_ref)
    )
    found = session.execute(statement).all()
    if not found:
        return
    total = select(func.count()).select_from(CaseRow).where(CaseRow.landlord_id == policy.landlord_id)
    number = session.scalar(total) or 0
    book = EvidenceBook(session, policy.landlord_id, now)
    cases = []
    for tenancy, area_code in found:
        number += 1
        name = policy.ladder_for_area(area_code, day)
        cases.append(
            CaseRow(
                landlord_id=policy.landlord_id,
                area_id=tenancy.area_id,
                tenancy_id=tenancy.id,
                household_id=tenancy.household_id,
                number=f"D{number:06d}",
                ladder_name=name,
                ladder_version_id=policy.ladder_version_ids[name],
                settings_version_id=policy.settings_version_id,
                opened_on=day,
                opened_at=now,
            )
        )
    session.add_all(cases)
    session.flush()
    for case in cases:
        payload = {"ladder": case.ladder_name, "version": case.ladder_version_id, "tenancy": case.tenancy_id}
        book.note("case_opened", MACHINE, payload, case_id=case.id)
    book.write()
    report.counts["cases_opened"] += len(cases)


def plan_cases(
    runtime: Runtime,
    session: Session,
    policy: Policy,
    case_ids: Sequence[int],
    now: datetime,
    report: Planned,
    *,
    anew: bool = False,
) -> None:
    """Decide on these open cases and bring their planned rows in line, in the caller's transaction.

    `anew` asks for the moments of what is planned again, as for a case that moved to another ladder.
    """
    if not case_ids:
        return
    statement = select(CaseRow).where(CaseRow.id.in_(case_ids), CaseRow.state == "open").order_by(CaseRow.id)
    cases = list(session.scalars(statement.with_for_update(key_share=True)))
    day = runtime.calendar.day_of(now)
    book = EvidenceBook(session, policy.landlord_id, now)
    context = _Context(runtime=runtime, session=session, policy=policy, book=book, now=now, report=report)
    for loaded in load_cases(session, cases, day, now):
        ladder = ladder_of(session, policy, loaded.case.ladder_version_id)
        facts = without_planned(loaded.facts) if anew else loaded.facts
        decision = decide(ladder, facts, policy.engine, runtime.calendar, now)
        _apply(context, loaded, ladder, decision)
    book.write()
    if any(case.state == "open" and case.next_at is not None and case.next_at <= now for case in cases):
        runtime.wake(session, policy.landlord_id)


def without_planned(facts: CaseFacts) -> CaseFacts:
    """Leave out what is planned only, so that it keeps no moment of an earlier decision."""
    made = tuple(attempt for attempt in facts.attempts if attempt.state is not AttemptState.PLANNED)
    return replace(facts, attempts=made)


def _apply(context: _Context, loaded: LoadedCase, ladder: Ladder, decision: Decision) -> None:
    case = loaded.case
    data = decision_data(decision)
    if data != case.decision:
        case.decision = data
    if case.stage != decision.stage:
        case.stage = decision.stage
    case.decided_at = context.now
    for refused in decision.refused:
        context.report.refused.update(reason.code for reason in refused.why)
    held = {reason.code for step in decision.waiting for reason in step.why} & HOLDS
    context.report.refused.update(held)
    if decision.end is not None and not in_trajectory(loaded.related[PauseRow]):
        close(context.session, context.book, case, decision.end.code, context.now)
        context.report.counts["cases_closed"] += 1
        return
    wanted = {step.step: step for step in decision.due if step.kind in ROWED}
    _drop_unwanted(context, loaded, ladder, wanted, decision)
    for step in decision.due:
        _arrange(context, loaded, ladder, step)
    moments = [step.due_at for step in decision.due]
    next_at = min(moments, default=None)
    if case.next_at != next_at:
        case.next_at = next_at


REFERRED = {"sent": "referrals", "queued": "referrals_queued", "held": "referrals_without_partner"}
"""How the day's report counts what came of a referral."""


def _refer(context: _Context, loaded: LoadedCase, ladder: Ladder, step: PlannedStep) -> None:
    referring = Referring(
        session=context.session,
        book=context.book,
        policy=context.policy,
        ladder=ladder,
        calendar=context.runtime.calendar,
        now=context.now,
    )
    made = make_referral(referring, loaded, step)
    if made != KNOWN:
        context.report.counts[REFERRED[made]] += 1


def _arrange(context: _Context, loaded: LoadedCase, ladder: Ladder, step: PlannedStep) -> None:
    if step.kind in ROWED:
        _keep_row(context, loaded, step)
    elif step.kind == "referral" and step.due_at <= context.now:
        _refer(context, loaded, ladder, step)
    elif step.kind == "decision" and step.due_at <= context.now:
        asked = ask_decision(context.session, context.book, loaded.case, ladder, step)
        context.report.counts["decisions_asked"] += asked


def _keep_row(context: _Context, loaded: LoadedCase, step: PlannedStep) -> None:
    assert step.channel is not None
    target = loaded.addressees.targets.get(step.channel)
    if target is None:
        return
    same = [row for row in loaded.attempts if row.step == step.step and row.ladder_run == loaded.case.ladder_run]
    current = next((row for row in same if row.state in ("planned", "claimed")), None)
    if current is not None and current.state == "claimed":
        return
    row = current
    values: dict[str, Any] = {
        "addressee_id": target.person_id,
        "contact_point_id": target.contact_point_id,
        "channel": step.channel,
        "template": step.template,
        "language": _language(context, loaded),
        "due_at": step.due_at,
        "expires_at": step.expires_at,
        "why": {"why": reasons_data(step.why)},
        "ladder_version_id": loaded.case.ladder_version_id,
        "settings_version_id": context.policy.settings_version_id,
        "law_version_id": context.policy.law_version_id,
        "template_version_id": context.policy.template_version_ids.get(step.template or ""),
    }
    if row is not None:
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in changed.items():
            setattr(row, name, value)
        return
    number = max((row.attempt for row in same), default=0) + 1
    moment = f"{loaded.case.id}:{loaded.case.ladder_run}:{step.step}:{number}"
    context.session.add(
        AttemptRow(
            landlord_id=loaded.case.landlord_id,
            case_id=loaded.case.id,
            household_id=loaded.case.household_id,
            ladder_run=loaded.case.ladder_run,
            step=step.step,
            attempt=number,
            kind=step.kind,
            purpose=str(step.purpose),
            key=f"{moment}:{target.person_id}",
            moment=moment,
            state="planned",
            **values,
        )
    )


def _language(context: _Context, loaded: LoadedCase) -> str:
    language = loaded.addressees.language
    return language if language in context.policy.settings.languages else "nl"


def _drop_unwanted(
    context: _Context, loaded: LoadedCase, ladder: Ladder, wanted: dict[str, PlannedStep], decision: Decision
) -> None:
    """Forget a planned row that only waits longer; drop, with its reason, one that will not be done."""
    refused = {step.step: step.why for step in decision.refused}
    waiting = {step.step: step.why for step in decision.waiting}
    for row in loaded.attempts:
        if ":" in row.step:
            continue
        if row.state in OPEN_STATES and left_ladder(loaded, ladder, row):
            drop(context.session, context.book, row, (Reason(code="step_left_ladder"),))
            context.report.counts["dropped"] += 1
        elif row.state == "planned" and row.step not in wanted:
            if row.step in refused:
                drop(context.session, context.book, row, refused[row.step])
                context.report.counts["dropped"] += 1
            elif left_a_trace(context.session, row):
                drop(context.session, context.book, row, waiting.get(row.step, ()))
            else:
                context.session.delete(row)
        elif row.state == "claimed" and row.kind in STAFF_KINDS:
            _drop_when_gone(context, loaded, ladder, row)


def _drop_when_gone(context: _Context, loaded: LoadedCase, ladder: Ladder, row: AttemptRow) -> None:
    verdict = recheck_row(context.runtime, context.policy, loaded, ladder, row, context.now)
    if verdict.verdict is Verdict.DROP:
        drop(context.session, context.book, row, verdict.why)
        context.report.counts["dropped"] += 1
