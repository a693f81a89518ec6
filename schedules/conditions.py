"""Why a step will not be done as things stand: `unless`, `only_if`, `needs` and the floor of law."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType

from schedules.case_view import CaseView
from schedules.decisions import Reason
from schedules.facts import AttemptState, PlanState, SignalEvidence
from schedules.ladder import Step
from schedules.matching import is_fresh_contact, is_promise_open, met, unmet

LEGAL_FLOOR: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "municipality": ("signal_conditions",),
        "bailiff": ("four_steps", "early_signal", "personal_contact"),
        "court": ("four_steps", "early_signal", "personal_contact"),
    }
)
"""What law.md and rules.md 5 and 41 ask before a referral to a target, whatever a ladder says."""

SIGNAL_DONE = frozenset({"sent", "accepted", "rejected", "closed", "refused_by_law"})
VISIT_CARRIED_OUT = frozenset({"talked", "not_home", "not_opened", "refused"})

SIGNAL_CONDITIONS: tuple[tuple[str, str], ...] = (
    ("personal_contact_effort", "signal_needs_contact_effort"),
    ("pointed_to_debt_help", "signal_needs_debt_help"),
    ("written_reminder", "signal_needs_written_reminder"),
    ("offered_to_pass_on", "signal_needs_offer"),
)
"""Bgs article 2 a to d: the field of the evidence and the reason when it is missing."""


def refusals(step: Step, view: CaseView) -> tuple[Reason, ...]:
    """Return every reason why a step whose clock has come is refused now, empty when it is not."""
    return (
        *_excluded(step, view),
        *_unless(step, view),
        *unmet(step.only_if, view),
        *met(step.not_if, view),
        *missing_needs(step.needs, step.target, view),
    )


def _excluded(step: Step, view: CaseView) -> Iterator[Reason]:
    """Yield the flags that take the case out of the ladder and that this step does not name (rules.md 19)."""
    found = view.ladder.exclusions & view.facts.flags
    if found and not step.only_if.flag & found:
        for flag in sorted(found):
            yield Reason(code="excluded", params={"flag": flag})


def _unless(step: Step, view: CaseView) -> Iterator[Reason]:
    for name in step.unless:
        reason = _unless_reason(name, view)
        if reason is not None:
            yield reason


def _unless_reason(name: str, view: CaseView) -> Reason | None:
    facts = view.facts
    if name == "reached" and facts.reached_at is not None and is_fresh_contact(view):
        until = facts.reached_at + timedelta(days=view.settings.resume_after_reached_days)
        return Reason(code="reached", params={"at": facts.reached_at, "until": until})
    if name == "ever_reached" and facts.reached_at is not None:
        return Reason(code="ever_reached", params={"at": facts.reached_at})
    holds = {
        "help_accepted": facts.help_accepted,
        "plan_active": facts.plan is PlanState.ACTIVE,
        "promise_open": is_promise_open(view),
        "paused": facts.pause_reason is not None,
        "referral_accepted": any(referral.state == "accepted" for referral in facts.referrals),
    }
    return Reason(code=f"unless_{name}") if holds.get(name) else None


def missing_needs(needs: tuple[str, ...], target: str | None, view: CaseView) -> Iterator[Reason]:
    """Yield what is missing of these needs, and of what the floor of law asks before a referral to a target."""
    floor = LEGAL_FLOOR.get(target or "", ()) if view.settings.legal_floor else ()
    for need in dict.fromkeys((*needs, *floor)):
        yield from _missing(need, view)


def _missing(need: str, view: CaseView) -> Iterator[Reason]:
    facts = view.facts
    if need == "signal_conditions":
        yield from missing_signal_conditions(facts.signal)
    elif need == "personal_contact" and not _had_personal_contact(view):
        yield Reason(code="needs_personal_contact")
    elif need == "ground" and not facts.grounds:
        yield Reason(code="needs_ground")
    elif need == "early_signal" and not _was_signalled(view):
        yield Reason(code="needs_early_signal")
    elif need == "written_reminder" and not facts.signal.written_reminder:
        yield Reason(code="needs_written_reminder")
    elif need == "four_steps":
        yield from _missing_steps(facts.signal)
    elif need == "home_visit" and not _was_visited(view):
        yield Reason(code="needs_home_visit")


def missing_signal_conditions(signal: SignalEvidence) -> Iterator[Reason]:
    """Yield a reason per condition of Bgs article 2 that lacks evidence, a refusal, and a missing agreement."""
    yield from _missing_steps(signal)
    if signal.refused:
        yield Reason(code="signal_refused_by_tenant")
    if not signal.agreement_active:
        yield Reason(code="signal_needs_agreement")


def _missing_steps(signal: SignalEvidence) -> Iterator[Reason]:
    for name, code in SIGNAL_CONDITIONS:
        if not getattr(signal, name):
            yield Reason(code=code)


def _had_personal_contact(view: CaseView) -> bool:
    """Say whether a visit or talk was carried out, also when nobody opened (rules.md 41)."""
    done = (attempt for attempt in view.facts.attempts if attempt.state is AttemptState.DONE)
    return (
        view.facts.spoken_at is not None or _was_visited(view) or any(attempt.outcome == "talked" for attempt in done)
    )


def _was_visited(view: CaseView) -> bool:
    return any(
        attempt.channel == "visit" and attempt.outcome in VISIT_CARRIED_OUT
        for attempt in view.facts.attempts
        if attempt.state is AttemptState.DONE
    )


def _was_signalled(view: CaseView) -> bool:
    return any(r.target == "municipality" and r.state in SIGNAL_DONE for r in view.facts.referrals)
