"""Decide what a case needs next: pure, deterministic, and explained. Writes nothing, reads no clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from schedules.assess import Assessment, Assessor
from schedules.calendar import Calendar
from schedules.case_view import CaseView
from schedules.decisions import Decision, PlannedStep, Reason, RefusedStep, WaitingStep
from schedules.facts import AttemptState, CaseFacts
from schedules.ladder import Ladder, StepKind
from schedules.moments import expires_at, is_pressure_bound, next_moment, why_not_now, window_of
from schedules.pressure import PressureFacts
from schedules.recheck import recheck
from schedules.settings import PolicySettings

__all__ = ["decide", "recheck", "stage_of"]

REFUSED_STATES = frozenset({"refused", "no_channel", "skipped"})
WAITING_STATES = frozenset({"waiting", "in_flight"})


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    """An open step with its moment; `kept` says that its planned attempt keeps that moment."""

    assessment: Assessment
    due_at: datetime | None
    moved: tuple[Reason, ...]
    kept: bool
    order: int


def decide(ladder: Ladder, facts: CaseFacts, settings: PolicySettings, calendar: Calendar, now: datetime) -> Decision:
    """Return what is due, what waits and what is refused for one case at one moment, each with reasons.

    At most one contact that weighs on the household is due; later ones wait with their expected moment.
    A planned attempt keeps its moment as long as that is permitted and has room.
    """
    view = CaseView(ladder, facts, settings, calendar, now)
    if facts.amount_cents < settings.minimum_amount_cents:
        return Decision(stage=stage_of(ladder, facts), end=_end(view))
    assessments = tuple(Assessor(view).all())
    due, delayed, impossible = _schedule(view, assessments)
    waiting = (*_waiting(assessments), *delayed)
    return Decision(
        stage=stage_of(ladder, facts, due),
        due=due,
        waiting=waiting,
        refused=(*_refused(assessments), *impossible),
    )


def _end(view: CaseView) -> Reason:
    if view.facts.amount_cents <= 0:
        return Reason(code="paid")
    params = {"amount_cents": view.facts.amount_cents, "minimum_cents": view.settings.minimum_amount_cents}
    return Reason(code="below_minimum", params=params)


def stage_of(ladder: Ladder, facts: CaseFacts, due: Sequence[PlannedStep] = ()) -> str:
    """Return the furthest stage of which a step was carried out, else that of the first step due."""
    started = {a.step for a in facts.attempts if a.state not in {AttemptState.PLANNED, AttemptState.DROPPED}}
    started |= {referral.step for referral in facts.referrals}
    order = [stage.key for stage in ladder.stages]
    stages = [step.stage for step in ladder.steps if step.key in started]
    if not stages and due:
        first = ladder.step(due[0].step)
        stages = [first.stage] if first else []
    return max(stages, key=order.index, default=order[0])


def _waiting(assessments: Sequence[Assessment]) -> Iterator[WaitingStep]:
    for found in assessments:
        if found.state in WAITING_STATES:
            yield WaitingStep(step=found.step.key, until=found.until, why=found.why)


def _refused(assessments: Sequence[Assessment]) -> Iterator[RefusedStep]:
    for found in assessments:
        if found.state in REFUSED_STATES:
            yield RefusedStep(step=found.step.key, why=found.why)


Scheduled = tuple[tuple[PlannedStep, ...], tuple[WaitingStep, ...], tuple[RefusedStep, ...]]


def _schedule(view: CaseView, assessments: Sequence[Assessment]) -> Scheduled:
    candidates = [_candidate(view, found, n) for n, found in enumerate(assessments) if found.state == "open"]
    impossible = tuple(
        RefusedStep(step=one.assessment.step.key, why=(Reason(code="no_moment"),))
        for one in candidates
        if one.due_at is None
    )
    possible = [one for one in candidates if one.due_at is not None]
    bound = sorted((one for one in possible if is_pressure_bound(one.assessment.step)), key=_by_moment)
    free = [one for one in possible if not is_pressure_bound(one.assessment.step)]
    due = sorted((*bound[:1], *free), key=_by_moment)
    return tuple(_planned(view, one) for one in due), tuple(_delayed(view, bound)), impossible


def _by_moment(candidate: _Candidate) -> tuple[datetime, bool, int]:
    assert candidate.due_at is not None
    return candidate.due_at, not candidate.kept, candidate.order


def _candidate(view: CaseView, found: Assessment, order: int) -> _Candidate:
    assert found.ready is not None
    if found.step.kind is StepKind.CARD:
        return _Candidate(assessment=found, due_at=found.ready, moved=(), kept=True, order=order)
    window = window_of(found.step, found.channel, found.progress.used, view)
    pressure = view.pressure if is_pressure_bound(found.step) else None
    planned = found.progress.planned
    if planned is not None and planned.channel == (found.channel or planned.channel) and planned.at >= found.ready:
        asked = max(planned.at, view.now)
        if not _is_worthless(view, found, planned.at) and why_not_now(asked, window, view, pressure) is None:
            return _Candidate(assessment=found, due_at=planned.at, moved=(), kept=True, order=order)
    earliest = max(found.ready, view.now)
    reason = why_not_now(earliest, window, view, pressure)
    moved = (reason,) if reason is not None else ()
    due_at = next_moment(earliest, window, view, pressure)
    return _Candidate(assessment=found, due_at=due_at, moved=moved, kept=False, order=order)


def _is_worthless(view: CaseView, found: Assessment, planned_at: datetime) -> bool:
    worthless = expires_at(found.step, planned_at, view)
    return worthless is not None and view.now >= worthless


def _planned(view: CaseView, candidate: _Candidate) -> PlannedStep:
    found, due_at = candidate.assessment, candidate.due_at
    assert due_at is not None
    planned = found.progress.planned
    return PlannedStep(
        step=found.step.key,
        attempt=planned.attempt if planned is not None else found.progress.next_attempt,
        kind=found.step.kind.value,
        channel=found.channel,
        target=found.step.target,
        template=found.step.template,
        purpose=found.step.purpose,
        due_at=due_at,
        expires_at=expires_at(found.step, due_at, view),
        why=(*found.why, *candidate.moved),
    )


def _delayed(view: CaseView, bound: Sequence[_Candidate]) -> Iterator[WaitingStep]:
    """Yield the further contacts with the moment at which each is expected, one after the other."""
    contacts = [one.due_at for one in bound[:1] if one.due_at is not None]
    for one in bound[1:]:
        expected = _expected(view, one, contacts)
        contacts += [expected] if expected is not None else []
        why = Reason(code="after_other_contact", params={"step": bound[0].assessment.step.key})
        yield WaitingStep(step=one.assessment.step.key, until=expected, why=(why, *one.moved))


def _expected(view: CaseView, candidate: _Candidate, before: Sequence[datetime]) -> datetime | None:
    found = candidate.assessment
    window = window_of(found.step, found.channel, found.progress.used, view)
    pressure: PressureFacts = replace(view.pressure, contacts=(*view.facts.household_contacts, *before))
    return next_moment(max(found.ready or view.now, view.now), window, view, pressure)
