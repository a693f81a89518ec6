"""Hold the facts of a case against a condition of a ladder, a route or a slack: which entries hold, which do not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from schedules.case_view import CaseView
from schedules.decisions import Param, Reason
from schedules.facts import AttemptFact, AttemptState, CaseFacts, PlanState
from schedules.ladder import CHANNELS, CONTACT_KINDS, Gap, Number, OnlyIf

CONTACT_CHANNELS = frozenset(CHANNELS) - {"card"}
"""Channels whose contacts weigh on the household; a card shares the moment of its visit."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of a condition: whether it holds, and the reasons to give when it does not, or when it does."""

    holds: bool
    when_not: Reason
    when_so: Reason


def unmet(condition: OnlyIf, view: CaseView) -> Iterator[Reason]:
    """Yield a reason per entry that does not hold; a gap that is open never holds."""
    return (entry.when_not for entry in entries(condition, view) if not entry.holds)


def met(condition: OnlyIf, view: CaseView) -> Iterator[Reason]:
    """Yield a reason per entry that holds."""
    return (entry.when_so for entry in entries(condition, view) if entry.holds)


def holds_all(condition: OnlyIf, view: CaseView) -> bool:
    """Say whether every entry of a condition holds; an empty condition does."""
    return all(entry.holds for entry in entries(condition, view))


EMPTY = OnlyIf()


def entries(asked: OnlyIf, view: CaseView) -> Iterator[Entry]:
    """Yield every entry that a condition gives, with its verdict on the facts."""
    if asked == EMPTY:
        return
    yield from _numbers(asked, view)
    yield from _sets(asked, view.facts)
    yield from _channels(asked, view)
    yield from _states(asked, view)
    yield from _history(asked, view)


def _numbers(asked: OnlyIf, view: CaseView) -> Iterator[Entry]:
    facts = view.facts
    for code, wanted, found, key in (
        ("amount_too_low", asked.amount_at_least, facts.amount_cents, "amount_cents"),
        ("months_too_few", asked.months_at_least, facts.months, "months"),
    ):
        yield from _at_least(code, wanted, found, key, view)
    for code, wanted, found, key in (
        ("amount_too_high", asked.amount_below, facts.amount_cents, "amount_cents"),
        ("months_too_many", asked.months_below, facts.months, "months"),
    ):
        yield from _below(code, wanted, found, key, view)


def _at_least(code: str, wanted: Number | None, found: int, key: str, view: CaseView) -> Iterator[Entry]:
    if wanted is None:
        return
    value = view.value(wanted)
    if value is None:
        yield _open_gap(wanted)
    else:
        yield _entry(found >= value, Reason(code=code, params={key: value}), key, value)


def _below(code: str, wanted: Number | None, found: int, key: str, view: CaseView) -> Iterator[Entry]:
    if wanted is None:
        return
    value = view.value(wanted)
    if value is None:
        yield _open_gap(wanted)
    else:
        yield _entry(found < value, Reason(code=code, params={key: value}), key, value)


def _open_gap(wanted: Number) -> Entry:
    why = Reason(code="gap", params={"gap": wanted.name if isinstance(wanted, Gap) else str(wanted)})
    return Entry(holds=False, when_not=why, when_so=why)


def _entry(holds: bool, when_not: Reason, what: str, value: Param) -> Entry:
    return Entry(holds=holds, when_not=when_not, when_so=Reason(code="not_when", params={"what": what, "value": value}))


def _sets(asked: OnlyIf, facts: CaseFacts) -> Iterator[Entry]:
    for code, what, wanted, found in (
        ("no_such_flag", "flag", asked.flag, facts.flags),
        ("no_such_ground", "ground", asked.ground, facts.grounds),
        ("other_cause", "cause", asked.cause, frozenset({facts.cause or ""})),
        ("only_when", "language", asked.language, frozenset({facts.language})),
        ("only_when", "area", asked.area, frozenset({facts.area or ""})),
    ):
        if wanted:
            yield _of_set(code, what, wanted, found)
    for flag in sorted(asked.not_flag):
        why = Reason(code="flag_excludes", params={"flag": flag})
        yield _entry(flag not in facts.flags, why, "not_flag", flag)
    if asked.not_language:
        why = Reason(code="not_when", params={"what": "language", "value": facts.language})
        yield _entry(facts.language not in asked.not_language, why, "not_language", _listed(asked.not_language))


def _of_set(code: str, what: str, wanted: frozenset[str], found: frozenset[str]) -> Entry:
    text = _listed(wanted)
    params: dict[str, Param] = {"what": what, "wanted": text} if code == "only_when" else {"wanted": text}
    return _entry(bool(wanted & found), Reason(code=code, params=params), what, _listed(wanted & found or wanted))


def _listed(words: frozenset[str]) -> str:
    return ", ".join(sorted(words))


def _channels(asked: OnlyIf, view: CaseView) -> Iterator[Entry]:
    usable = view.facts.channels - view.settings.channels_off - frozenset(view.facts.blocked_channels)
    if asked.reachable_by:
        yield _of_set("only_when", "reachable_by", asked.reachable_by, usable)
    if asked.unreachable_by:
        why = Reason(code="only_when", params={"what": "unreachable_by", "wanted": _listed(asked.unreachable_by)})
        yield _entry(not asked.unreachable_by & usable, why, "unreachable_by", _listed(asked.unreachable_by))


def _states(asked: OnlyIf, view: CaseView) -> Iterator[Entry]:
    facts = view.facts
    for what, wanted, found in (
        ("plan", asked.plan, {facts.plan.value}),
        ("promise", asked.promise, {_promise_state(view)}),
        ("help", asked.help, {_help_state(facts)}),
        ("date_known", asked.date_known, set(facts.dates)),
    ):
        if wanted:
            yield _of_set("only_when", what, wanted, frozenset(found))
    if asked.date_unknown:
        why = Reason(code="only_when", params={"what": "date_unknown", "wanted": _listed(asked.date_unknown)})
        yield _entry(not asked.date_unknown & set(facts.dates), why, "date_unknown", _listed(asked.date_unknown))


def _promise_state(view: CaseView) -> str:
    if view.facts.promise_until is None:
        return "none"
    return "open" if is_promise_open(view) else "broken"


def _help_state(facts: CaseFacts) -> str:
    if facts.help_stopped:
        return "stopped"
    if facts.help_accepted:
        return "accepted"
    return "refused" if facts.help_refused else "none"


def _history(asked: OnlyIf, view: CaseView) -> Iterator[Entry]:
    facts = view.facts
    if asked.referral is not None:
        states = {r.state for r in facts.referrals if r.target == asked.referral.target}
        yield _of_set("only_when", "referral", asked.referral.states, frozenset(states))
    if asked.outcome is not None:
        ended = {a.outcome or "" for a in facts.attempts if a.step == asked.outcome.step}
        ended |= {r.state for r in facts.referrals if r.step == asked.outcome.step}
        yield _of_set("only_when", "outcome", asked.outcome.outcomes, frozenset(ended))
    for wanted, holds, code, what in (
        (asked.reached, facts.reached_at is not None, "never_reached", "reached"),
        (asked.not_reached, asked.not_reached and is_not_reached(view), "not_yet_not_reached", "not_reached"),
        (asked.promise_broken, _promise_state(view) == "broken", "no_broken_promise", "promise_broken"),
        (asked.plan_broken, facts.plan is PlanState.BROKEN, "no_broken_plan", "plan_broken"),
        (asked.paid_in_part, facts.paid_in_part, "not_paid_in_part", "paid_in_part"),
    ):
        if wanted:
            yield _entry(holds, Reason(code=code), what, "yes")


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


def is_not_reached(view: CaseView) -> bool:
    """Say whether the ladder's own definition of "not reached" is met (rules.md 6)."""
    asked = view.ladder.not_reached
    made = (a for a in view.facts.attempts if a.state in {AttemptState.SENT, AttemptState.DONE})
    tried = [attempt for attempt in made if _is_contact(view, attempt)]
    counts = (
        (asked.attempts, len(tried)),
        (asked.channels, len({attempt.channel for attempt in tried})),
        (asked.day_parts, len({_part_of_day(view.calendar.local(attempt.at).hour) for attempt in tried})),
    )
    enough = all(found >= (view.value(wanted) or 1) for wanted, found in counts)
    return enough and view.facts.reached_at is None


def _is_contact(view: CaseView, attempt: AttemptFact) -> bool:
    """Say whether an attempt was a contact; one of a step that this ladder does not know tells it by its channel."""
    step = view.ladder.step(attempt.step)
    return step.kind in CONTACT_KINDS if step is not None else attempt.channel in CONTACT_CHANNELS


def _part_of_day(hour: int) -> str:
    return "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"
