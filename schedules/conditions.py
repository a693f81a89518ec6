"""Why a step will not be done as things stand: `unless`, `only_if`, `needs` and the floor of law."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType

from schedules.case_view import CaseView
from schedules.decisions import Reason
from schedules.facts import AttemptState, PlanState, SignalEvidence
from schedules.ladder import CONTACT_KINDS, Gap, Number, Step

LEGAL_FLOOR: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "municipality": ("signal_conditions",),
        "bailiff": ("written_reminder", "early_signal", "personal_contact"),
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
    return (*_unless(step, view), *_only_if(step, view), *_needs(step, view))


def is_fresh_contact(view: CaseView) -> bool:
    """Say whether the tenant was reached so lately that contact rests (setting, default 7 days)."""
    reached_at = view.facts.reached_at
    return reached_at is not None and view.now < reached_at + timedelta(days=view.settings.resume_after_reached_days)


def is_promise_open(view: CaseView) -> bool:
    """Say whether a promise still runs, with the grace for a payment to arrive in the ledger."""
    until = view.facts.promise_until
    if until is None:
        return False
    return view.today <= view.calendar.add_working_days(until, view.settings.promise_grace_working_days)


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


def _only_if(step: Step, view: CaseView) -> Iterator[Reason]:
    asked, facts = step.only_if, view.facts
    yield from _at_least("amount_too_low", asked.amount_at_least, facts.amount_cents, view)
    yield from _at_least("months_too_few", asked.months_at_least, facts.months, view)
    for code, wanted, found in (
        ("no_such_flag", asked.flag, facts.flags),
        ("no_such_ground", asked.ground, facts.grounds),
        ("other_cause", asked.cause, frozenset({facts.cause or ""})),
    ):
        if wanted and not wanted & found:
            yield Reason(code=code, params={"wanted": ", ".join(sorted(wanted))})
    for flag in sorted(asked.not_flag & facts.flags):
        yield Reason(code="flag_excludes", params={"flag": flag})
    yield from _only_if_history(step, view)


def _only_if_history(step: Step, view: CaseView) -> Iterator[Reason]:
    asked, facts = step.only_if, view.facts
    if asked.not_reached and not is_not_reached(view):
        yield Reason(code="not_yet_not_reached")
    if asked.promise_broken and (facts.promise_until is None or is_promise_open(view)):
        yield Reason(code="no_broken_promise")
    if asked.plan_broken and facts.plan is not PlanState.BROKEN:
        yield Reason(code="no_broken_plan")


def _at_least(code: str, wanted: Number | None, found: int, view: CaseView) -> Iterator[Reason]:
    if wanted is None:
        return
    value = view.value(wanted)
    if value is None and isinstance(wanted, Gap):
        yield Reason(code="gap", params={"gap": wanted.name})
    elif value is not None and found < value:
        key = "amount_cents" if code == "amount_too_low" else "months"
        yield Reason(code=code, params={key: value})


def _needs(step: Step, view: CaseView) -> Iterator[Reason]:
    floor = LEGAL_FLOOR.get(step.target or "", ()) if view.settings.legal_floor else ()
    for need in dict.fromkeys((*step.needs, *floor)):
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


def missing_signal_conditions(signal: SignalEvidence) -> Iterator[Reason]:
    """Yield a reason per condition of Bgs article 2 that lacks evidence, a refusal, and a missing agreement."""
    for name, code in SIGNAL_CONDITIONS:
        if not getattr(signal, name):
            yield Reason(code=code)
    if signal.refused:
        yield Reason(code="signal_refused_by_tenant")
    if not signal.agreement_active:
        yield Reason(code="signal_needs_agreement")


def _had_personal_contact(view: CaseView) -> bool:
    """Say whether a visit or talk was carried out, also when nobody opened (rules.md 41)."""
    return view.facts.talk_at is not None or any(
        attempt.outcome == "talked" or (attempt.channel == "visit" and attempt.outcome in VISIT_CARRIED_OUT)
        for attempt in view.facts.attempts
        if attempt.state is AttemptState.DONE
    )


def _was_signalled(view: CaseView) -> bool:
    return any(r.target == "municipality" and r.state in SIGNAL_DONE for r in view.facts.referrals)


def is_not_reached(view: CaseView) -> bool:
    """Say whether the ladder's own definition of "not reached" is met (rules.md 6)."""
    asked = view.ladder.not_reached
    contacts = {step.key for step in view.ladder.steps if step.kind in CONTACT_KINDS}
    tried = [a for a in view.facts.attempts if a.step in contacts and a.state in {AttemptState.SENT, AttemptState.DONE}]
    counts = (
        (asked.attempts, len(tried)),
        (asked.channels, len({attempt.channel for attempt in tried})),
        (asked.day_parts, len({_part_of_day(view.calendar.local(attempt.at).hour) for attempt in tried})),
    )
    enough = all(found >= (view.value(wanted) or 1) for wanted, found in counts)
    return enough and view.facts.reached_at is None


def _part_of_day(hour: int) -> str:
    return "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"
