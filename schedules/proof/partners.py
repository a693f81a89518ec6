"""Prove routes and trajectories: every history of feedback, acceptance and conditions, on the days that matter.

The days come from the functions that the product runs by (schedules.route_clocks, schedules.trajectory_clocks).
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from schedules.proof.model import Finding, Proof, Sentence, Status
from schedules.route import FeedbackClock, RouteDefinition
from schedules.route_clocks import PauseFacts, feedback_due, pause_holds
from schedules.route_gate import is_valid_on, open_gaps_of
from schedules.terms import Fills, filled, filled_word, months_later
from schedules.trajectory import TrajectoryDefinition
from schedules.trajectory_clocks import TRANSITIONS, TrajectoryEvent, TrajectoryState, ends_on, next_state, reviews_due

MOST_PAUSE_MONTHS = 9
"""The longest that collection may wait for a partner without a person looking (rules.md 15)."""

LEVERAGE_MONTHS = 12
"""How long a judgment can be carried out; afterwards a new procedure is needed (S000 L1098, L1120)."""

MOST_MONTHS_WITHOUT_REVIEW = 12
ACCEPTED_AFTER = (None, 3)
FEEDBACK_LATE = (-1, 30, None)
SAID = (True, False, None)
VARIANTS = ("source", "legal_floor")
"""How a proof names a document as it stands in its source, and with the floor as the product runs it."""


@dataclass(kw_only=True)
class _Findings:
    """What was found of one document, and how many histories were looked at."""

    found: list[Finding] = field(default_factory=list)
    states: int = 0

    def note(self, key: str, nl: str, en: str, source: str, why: Sentence | None, gap: bool = False) -> None:
        """Keep one property: proven without a reason, else refuted, or a gap of the source."""
        status = Status.PROVEN if why is None else Status.GAP if gap else Status.REFUTED
        title = Sentence(nl=nl, en=en)
        self.found.append(Finding(key=key, title=title, source=source, status=status, why=why))


def _proof(name: str, title: dict[str, str], variant: str, findings: _Findings, transitions: int = 0) -> Proof:
    return Proof(
        ladder=name,
        title=title,
        variant=variant,
        findings=tuple(findings.found),
        states=findings.states,
        transitions=transitions,
        depth=0,
        complete=True,
    )


def prove_route(route: RouteDefinition, fills: Fills, start: date, *, floor: bool = True) -> Proof:
    """Prove one route with the landlord's fills for its gaps, for a referral sent on a civil day.

    With the floor as the product runs it: a pause ends after nine months, and a route without a feedback clock
    takes that of the partner. Open gaps make the route a gap; the rest is then proven with the marked examples.
    """
    findings = _Findings()
    _gaps(findings, [gap.name for gap in open_gaps_of(route, fills)])
    fills = {gap.name: gap.example for gap in route.gaps} | dict(fills)
    _valid(findings, route, start)
    _followed_up(findings, route, fills, floor)
    _quota(findings, route, fills)
    _pause(findings, route, fills, start, floor)
    return _proof(route.name, dict(route.title), VARIANTS[floor], findings)


def _gaps(findings: _Findings, names: Sequence[str]) -> None:
    listed = ", ".join(names)
    why = Sentence(nl=f"Staat niet in de bron: {listed}.", en=f"Not in the source: {listed}.") if names else None
    findings.note(
        "no_gap", "Alles is ingevuld", "Everything has been filled in", "systems.md; rules.md 41", why, gap=True
    )


def _valid(findings: _Findings, definition: RouteDefinition | TrajectoryDefinition, start: date) -> None:
    why = None
    if not is_valid_on(definition, start):
        why = Sentence(
            nl=f"Geldt niet op {start.isoformat()}: het was {definition.valid_from} tot en met {definition.valid_to}.",
            en=f"Not in force on {start.isoformat()}: it was from {definition.valid_from} to {definition.valid_to}.",
        )
    findings.note("valid", "Is nu van kracht", "Is in force now", "systems.md", why)


def _followed_up(findings: _Findings, route: RouteDefinition, fills: Fills, floor: bool) -> None:
    """Each referral has a feedback that is due whatever the partner does, and somebody who follows it up."""
    findings.states += max(len(route.feedback), 1)
    certain = [clock for clock in route.feedback if _always_comes(clock, fills)]
    why = None
    if not certain and not floor:  # the partner's own days are the floor (outreach.services.routes)
        why = Sentence(
            nl="Er is geen terugmelding die na het versturen altijd een uiterste dag heeft.",
            en="There is no feedback that always has a last day after sending.",
        )
    findings.note(
        "referrals_followed_up",
        "Elke melding heeft een uiterste dag en iemand die haar volgt",
        "Every referral has a due day and somebody who follows it up",
        "rules.md 14, 16",
        why,
    )


def _always_comes(clock: FeedbackClock, fills: Fills) -> bool:
    return filled(clock.days, fills) is not None and filled_word(clock.after, fills) == "sent"


def _quota(findings: _Findings, route: RouteDefinition, fills: Fills) -> None:
    limits = (route.quota.per_month, route.quota.per_year) if route.quota else ()
    empty = any(limit is not None and (filled(limit, fills) or 0) < 1 for limit in limits)
    why = Sentence(nl="Het quotum laat niemand toe.", en="The quota lets nobody in.") if empty else None
    findings.note(
        "queue_moves",
        "Wie in de wachtrij staat komt aan de beurt",
        "Who is in the queue gets a turn",
        "rules.md 12",
        why,
    )


def _pause(findings: _Findings, route: RouteDefinition, fills: Fills, start: date, floor: bool) -> None:
    why = None
    if route.pause is not None:
        for accepted_on, facts in _histories(route, fills, start):
            findings.states += 1
            if why is None and _is_forgotten(route, facts, fills, start, capped=floor):
                why = _forgotten(accepted_on)
    findings.note(
        "pause_never_forgotten",
        "Rust voor de partner duurt nooit langer dan negen maanden zonder dat een mens kijkt",
        "Rest for the partner never lasts more than nine months without a person looking",
        "rules.md 15",
        why,
    )


def _forgotten(accepted_on: date | None) -> Sentence:
    nl = "neemt de melding aan" if accepted_on else "laat niets horen"
    en = "takes the referral" if accepted_on else "lets nothing be heard"
    return Sentence(
        nl=f"De partner {nl} en alle voorwaarden houden: na negen maanden heeft nog niemand gekeken.",
        en=f"The partner {en} and all conditions hold: after nine months nobody has looked.",
    )


def _histories(route: RouteDefinition, fills: Fills, start: date) -> Iterator[tuple[date | None, PauseFacts]]:
    """Yield every history: accepted or not, feedback in time, late or never, conditions kept, broken or unknown."""
    assert route.pause is not None
    checks = sorted({each.check or each.key for each in route.pause.conditions} - {"timely_feedback"})
    for after in ACCEPTED_AFTER:
        accepted_on = start + timedelta(days=after) if after is not None else None
        due = {each.key: each.due_on for each in feedback_due(route, start, accepted_on, fills)}
        for lateness in itertools.product(FEEDBACK_LATE, repeat=len(due)):
            came = zip(due.items(), lateness, strict=True)
            on = {key: day + timedelta(days=late) for (key, day), late in came if late is not None}
            for said in itertools.product(SAID, repeat=len(checks)):
                known = {key: value for key, value in zip(checks, said, strict=True) if value is not None}
                yield accepted_on, PauseFacts(started_on=start, feedback_due=due, feedback_on=on, said=known)


def _is_forgotten(route: RouteDefinition, facts: PauseFacts, fills: Fills, start: date, *, capped: bool) -> bool:
    """Say whether no day within nine months brings a person: an end, a failed or unknown condition, a late report."""
    last = months_later(start, MOST_PAUSE_MONTHS)
    days = {last, *(day + timedelta(days=1) for day in facts.feedback_due.values())}
    for day in sorted(day for day in days if day <= last):
        known = _known_by(facts, day)
        verdict = pause_holds(route, known, day, fills)
        overdue = any(day > due and key not in known.feedback_on for key, due in facts.feedback_due.items())
        asked = any(each.state == "unknown" for each in verdict.conditions)
        if verdict.state in {"failed", "over"} or overdue or asked or (capped and day >= last):
            return False
    return True


def _known_by(facts: PauseFacts, day: date) -> PauseFacts:
    came = {key: on for key, on in facts.feedback_on.items() if on <= day}
    return PauseFacts(started_on=facts.started_on, feedback_due=facts.feedback_due, feedback_on=came, said=facts.said)


def prove_trajectory(trajectory: TrajectoryDefinition, fills: Fills, start: date) -> Proof:
    """Prove one trajectory with the landlord's fills for its gaps, for an agreement signed on a civil day."""
    findings = _Findings()
    _gaps(findings, [gap.name for gap in open_gaps_of(trajectory, fills)])
    fills = {gap.name: gap.example for gap in trajectory.gaps} | dict(fills)
    _valid(findings, trajectory, start)
    last = ends_on(trajectory, start, fills)
    _ends(findings, last)
    _reviewed(findings, trajectory, fills, start, last)
    _leverage(findings, trajectory, start, last)
    moves = _states(findings)
    return _proof(trajectory.name, dict(trajectory.title), VARIANTS[0], findings, moves)


def _ends(findings: _Findings, last: date | None) -> None:
    why = None if last else Sentence(nl="Er is geen uiterste einddatum.", en="There is no last day.")
    findings.note("has_an_end", "Het traject heeft een einddatum", "The trajectory has an end date", "systems.md", why)


def _reviewed(
    findings: _Findings, trajectory: TrajectoryDefinition, fills: Fills, start: date, last: date | None
) -> None:
    """No stretch of the trajectory is longer than a year without a review."""
    until = last or months_later(start, 60)
    days = [start, *(review.on for review in reviews_due(trajectory, start, until, fills)), until]
    gaps = [(first, then) for first, then in itertools.pairwise(sorted(days))]
    findings.states += len(gaps)
    found = next(((a, b) for a, b in gaps if b > months_later(a, MOST_MONTHS_WITHOUT_REVIEW)), None)
    why = None
    if found is not None:
        why = Sentence(
            nl=f"Tussen {found[0].isoformat()} en {found[1].isoformat()} kijkt niemand.",
            en=f"Between {found[0].isoformat()} and {found[1].isoformat()} nobody looks.",
        )
    findings.note(
        "reviewed_every_year",
        "Minstens elk jaar wordt er samen gekeken",
        "At least once a year the parties look at it together",
        "systems.md (review dates)",
        why,
    )


def _leverage(findings: _Findings, trajectory: TrajectoryDefinition, start: date, last: date | None) -> None:
    """A trajectory that a judgment holds up, and that may outlive it, says so beforehand."""
    on_judgment = any(each.condition and "judgment" in each.condition.date_known for each in trajectory.opens_when)
    outlives = last is not None and last > months_later(start, LEVERAGE_MONTHS)
    warns = any(each.since == "judgment" for each in trajectory.warnings)
    why = None
    if on_judgment and outlives and not warns:
        why = Sentence(
            nl="Het traject duurt langer dan het vonnis geldt, en waarschuwt daar niet voor.",
            en="The trajectory outlives the judgment, and does not warn about it.",
        )
    findings.note(
        "outlived_leverage_is_warned",
        "Duurt het traject langer dan het vonnis geldt, dan staat dat erbij",
        "When the trajectory outlives the judgment, it says so",
        "S000 L1098, L1120",
        why,
    )


def _states(findings: _Findings) -> int:
    """Walk every state with every event: only people move it, and every state that is not an end leads to one."""
    leads = {state: {to for (at, _), to in TRANSITIONS.items() if at is state} for state in TrajectoryState}
    ends = {state for state, to in leads.items() if not to}
    reach = set(ends)
    while more := {state for state, to in leads.items() if to & reach} - reach:
        reach |= more
    stuck = sorted(state.value for state in set(TrajectoryState) - reach)
    findings.states += len(TrajectoryState)
    why = Sentence(nl=f"Geen weg naar een einde: {stuck}.", en=f"No way to an end: {stuck}.") if stuck else None
    findings.note("no_dead_end", "Elke stand leidt naar een einde", "Every state leads to an end", "rules.md 9", why)
    return sum(next_state(state, event) is not None for state in TrajectoryState for event in TrajectoryEvent)
