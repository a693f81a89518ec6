"""How far one step is, read from the attempts and referrals of the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schedules.facts import AttemptFact, AttemptState, CaseFacts
from schedules.ladder import Step, StepKind

USED = frozenset({AttemptState.CLAIMED, AttemptState.SENT, AttemptState.DONE, AttemptState.UNKNOWN})
DROPPED_AND_COUNTED = frozenset({"skipped"})
"""Outcomes that make a dropped attempt count as used: a person chose to skip it."""

WAITS_FOR_OUTCOME = frozenset({StepKind.CALL, StepKind.VISIT, StepKind.DECISION, StepKind.ROBOCALL})
ROBOCALL_OUTCOME_WITHIN = timedelta(days=1)
"""After this a robocall without a receipt no longer holds up the ladder."""

REFERRAL_DONE = frozenset({"sent", "accepted", "rejected", "closed", "stopped"})


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a step stands; `finished_at` is set when its last attempt has finished."""

    used: int
    next_attempt: int
    finished_at: datetime | None = None
    in_flight: AttemptFact | None = None
    planned: AttemptFact | None = None
    last: AttemptFact | None = None
    failed_channels: frozenset[str] = frozenset()


NOT_BEGUN = Progress(used=0, next_attempt=1)


def progress_of(step: Step, facts: CaseFacts, attempts: Sequence[AttemptFact], most: int, now: datetime) -> Progress:
    """Read the progress of a step from its own attempts; `most` is how many it may use."""
    if not attempts:
        referred_at = _referred_at(step, facts) if facts.referrals else None
        return NOT_BEGUN if referred_at is None else Progress(used=0, next_attempt=1, finished_at=referred_at)
    counted = [attempt for attempt in attempts if _is_used(attempt)]
    tried = [attempt for attempt in attempts if attempt.state is not AttemptState.PLANNED]
    in_flight = next((attempt for attempt in counted if _is_in_flight(attempt, step, now)), None)
    return Progress(
        used=len(counted),
        next_attempt=max((attempt.attempt for attempt in tried), default=0) + 1,
        finished_at=_finished_at(step, facts, counted, most, in_flight),
        in_flight=in_flight,
        planned=next((attempt for attempt in attempts if attempt.state is AttemptState.PLANNED), None),
        last=max((attempt for attempt in tried if not _is_forgotten(attempt)), key=lambda a: a.attempt, default=None),
        failed_channels=frozenset(a.channel for a in attempts if a.state is AttemptState.FAILED),
    )


def _is_used(attempt: AttemptFact) -> bool:
    if attempt.state is AttemptState.DROPPED:
        return attempt.outcome in DROPPED_AND_COUNTED
    return attempt.state in USED


def _is_forgotten(attempt: AttemptFact) -> bool:
    return attempt.state is AttemptState.DROPPED and not _is_used(attempt)


def _is_in_flight(attempt: AttemptFact, step: Step, now: datetime) -> bool:
    if attempt.state in {AttemptState.CLAIMED, AttemptState.UNKNOWN}:
        return True
    if attempt.state is not AttemptState.SENT or step.kind not in WAITS_FOR_OUTCOME:
        return False
    return step.kind is not StepKind.ROBOCALL or now - attempt.at < ROBOCALL_OUTCOME_WITHIN


def _finished_at(
    step: Step, facts: CaseFacts, counted: Sequence[AttemptFact], most: int, in_flight: AttemptFact | None
) -> datetime | None:
    referred_at = _referred_at(step, facts)
    if referred_at is not None:
        return referred_at
    reached = [attempt.at for attempt in counted if attempt.reached]
    if reached:
        return min(reached)
    if len(counted) >= most and in_flight is None:
        return max(attempt.at for attempt in counted)
    return None


def _referred_at(step: Step, facts: CaseFacts) -> datetime | None:
    sent = (r.at for r in facts.referrals if r.step == step.key and r.state in REFERRAL_DONE)
    return min(sent, default=None)
