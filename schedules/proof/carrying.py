"""Carry something out while exploring: each way it can end, with its facts and what the properties count."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from schedules.calendar import Calendar
from schedules.decisions import PlannedStep
from schedules.facts import AttemptFact, AttemptState, CaseFacts, ReferralFact
from schedules.ladder import CONTACT_KINDS, Step, StepKind
from schedules.moments import is_pressure_bound
from schedules.proof.model import ProofEnvironment
from schedules.proof.outcomes import VISIT_COUNTS, Ending, endings_of, is_reached
from schedules.proof.outside_fact import REPLY_DAYS, REPLY_HANDLED, OutsideFact, over_at
from schedules.proof.sight import HEAVY, SIGNAL, Sight
from schedules.proof.state import Act, State, Trace, mark_of

A_WEEK = timedelta(days=7)
WRITTEN = frozenset({"letter", "email"})
PERSONAL = frozenset({"call", "visit"})
COUNTED_PURPOSES = frozenset({"collection", "care"})
"""What texts are for that weigh on a household, whatever purpose a step gives them (rules.md 20, 38)."""


class Carrier:
    """Carry steps out for one ladder."""

    def __init__(self, sight: Sight, calendar: Calendar, environment: ProofEnvironment) -> None:
        self.sight, self.calendar, self.environment = sight, calendar, environment
        self.asked_attempts = sight.ladder.promises.get("attempts", 0)
        self.asked_channels = sight.ladder.promises.get("channels", 0)
        self.asked_visits = sight.ladder.promises.get("home_visits", 0)
        self._endings: dict[tuple[str, str], tuple[Ending, ...]] = {}

    def carried_out(self, state: State, planned: PlannedStep, *, surprising: bool) -> Iterator[State]:
        """Yield a state per way in which this can end: only the surprising ones, or only the others.

        A failure is a fact from outside. An uncommon answer is a surprise once a fact has struck.
        """
        step = self.sight.steps[self.sight.place[planned.step]]
        if step.kind is StepKind.REFERRAL:
            if not surprising:
                yield self._referred(state, step, planned)
            return
        channel = planned.channel or "office"
        known = self._endings.get((step.key, channel))
        if known is None:
            known = self._endings[(step.key, channel)] = endings_of(step, channel, self.sight.ladder)
        for ending in known:
            is_answer = not (ending.common or ending.failed or step.kind is StepKind.DECISION)
            if (ending.failed or (is_answer and state.strikes > 0)) is surprising:
                after = self._ended(state, step, planned, channel, ending)
                after.strikes += ending.failed
                after.answers += is_answer
                yield after

    def _referred(self, state: State, step: Step, planned: PlannedStep) -> State:
        target = step.target or ""
        referral = ReferralFact(step=step.key, target=target, state="sent", at=state.now)
        facts = replace(state.facts, referrals=(*state.facts.referrals, referral))
        trace = state.trace
        if target == SIGNAL:
            trace = trace._replace(proof=trace.proof | {"signal"})
        if target not in HEAVY:
            trace = self.handed(trace)
        if target.startswith("meldpunt"):
            trace = trace._replace(reported=True)
        act = Act("went", state.now, step.key, planned.attempt, target, why=planned.why)
        return self._after(state, step, facts, trace, act)

    def _ended(self, state: State, step: Step, planned: PlannedStep, channel: str, ending: Ending) -> State:
        now, reached = state.now, is_reached(ending, self.sight.ladder)
        attempt = AttemptFact(
            step=step.key,
            attempt=planned.attempt,
            channel=channel,
            state=AttemptState.FAILED if ending.failed else AttemptState.DONE,
            at=now,
            outcome=ending.outcome,
            reached=reached,
        )
        facts = self._facts(state.facts, step, attempt, ending)
        trace = self._watched(state.trace, step, attempt, ending)
        kind = "decided" if step.kind is StepKind.DECISION else "went"
        act = Act(kind, now, step.key, planned.attempt, channel, ending.outcome, why=planned.why)
        after = self._after(state, step, facts, trace, act)
        if facts.busy_talk and not state.facts.busy_talk:
            after.pending = tuple(sorted((*state.pending, (over_at(self.calendar, now, REPLY_DAYS), REPLY_HANDLED))))
        return after

    def _facts(self, facts: CaseFacts, step: Step, attempt: AttemptFact, ending: Ending) -> CaseFacts:
        now = attempt.at
        kept = tuple(a for a in facts.attempts if a.step != step.key or a.state is not AttemptState.PLANNED)
        values: dict[str, object] = {"attempts": (*kept, attempt)}
        if is_pressure_bound(step):
            values["household_contacts"] = (*facts.household_contacts, now)
        if not ending.failed:
            values["signal"] = self._signal(facts, step, attempt)
        if ending.bars:
            blocked = dict.fromkeys(ending.bars & facts.channels, "wrong_number")
            values["channels"] = facts.channels - ending.bars
            values["blocked_channels"] = {**facts.blocked_channels, **blocked}
        if attempt.reached:
            values["reached_at"] = now
            if step.kind is not StepKind.MESSAGE:
                values["talk_at"] = now
            if step.kind is StepKind.ROBOCALL:
                values["busy_talk"] = True
            elif step.kind is not StepKind.MESSAGE:
                values["spoken_at"] = now
        return replace(facts, **values)  # type: ignore[arg-type]

    def _signal(self, facts: CaseFacts, step: Step, attempt: AttemptFact) -> object:
        known, signal, template = self.environment, facts.signal, step.template
        return replace(
            signal,
            personal_contact_effort=signal.personal_contact_effort or attempt.channel in PERSONAL,
            pointed_to_debt_help=signal.pointed_to_debt_help or template in known.help_templates,
            written_reminder=signal.written_reminder
            or (attempt.channel in WRITTEN and template in known.reminder_templates),
            offered_to_pass_on=signal.offered_to_pass_on
            or (attempt.channel in WRITTEN and template in known.offer_templates),
        )

    def _watched(self, trace: Trace, step: Step, attempt: AttemptFact, ending: Ending) -> Trace:
        if step.kind not in CONTACT_KINDS:
            return trace
        if ending.failed:
            return trace._replace(lost=True)
        hour = self.calendar.local(attempt.at).hour
        part = "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"
        return trace._replace(
            contacts=(*trace.contacts, attempt.at) if self.weighs(step) else trace.contacts,
            tried=trace.tried + 1,
            channels=trace.channels | {attempt.channel},
            parts=trace.parts | {part},
            visits=trace.visits + (attempt.channel == "visit"),
            proof=trace.proof | self._proves(step, attempt),
            reached=trace.reached or attempt.reached,
            held=trace.held or (attempt.reached and step.kind is StepKind.ROBOCALL),
        )

    def weighs(self, step: Step) -> bool:
        """Say whether a contact weighs on the household by the purpose of its text, not of its step."""
        return self.purpose_of(step) in COUNTED_PURPOSES

    def purpose_of(self, step: Step) -> str:
        """Return what the text of a step is for; the step's own purpose when nothing is known of the text."""
        return self.environment.template_purposes.get(step.template or "", str(step.purpose))

    def _proves(self, step: Step, attempt: AttemptFact) -> frozenset[str]:
        """Return which of the legal steps (Bgs article 2 a to d) and personal contact this is evidence of."""
        known, written = self.environment, attempt.channel in WRITTEN
        found = {
            "effort": attempt.channel in PERSONAL,
            "help": step.template in known.help_templates,
            "reminder": written and step.template in known.reminder_templates,
            "offer": written and step.template in known.offer_templates,
            "person": attempt.outcome == "talked" or (attempt.channel == "visit" and attempt.outcome in VISIT_COUNTS),
        }
        return frozenset(name for name, holds in found.items() if holds)

    def asked(self, state: State, planned: PlannedStep) -> State:
        """Return the state in which a person has been asked to decide; it never decides by itself."""
        place = self.sight.place[planned.step]
        marks = (*state.marks[:place], state.marks[place]._replace(asked=True), *state.marks[place + 1 :])
        act = Act("asked", state.now, planned.step, why=planned.why)
        return state.after(act, marks=marks, trace=self.handed(state.trace))

    def handed(self, trace: Trace) -> Trace:
        """Return what is watched once a person has the case, when the promised mix was carried out before."""
        enough = (
            trace.tried >= self.asked_attempts
            and len(trace.channels) >= self.asked_channels
            and trace.visits >= self.asked_visits
        )
        return trace._replace(handed=trace.handed or enough or trace.lost)

    def trace_after(self, trace: Trace, fact: OutsideFact, today: date) -> Trace:
        """Return what is watched after a fact from outside."""
        answers = {"plan_requested", "promised", "replied"}
        left_out = self.sight.steps[self.sight.place[fact.step]] if fact.step is not None else None
        by_person = left_out is not None and left_out.kind in {StepKind.REFERRAL, StepKind.DECISION}
        reported = left_out is not None and (left_out.target or "").startswith("meldpunt")
        return trace._replace(
            handed=trace.handed or by_person,
            taken=trace.taken or by_person,
            reported=trace.reported or reported,
            reached=trace.reached or fact.key in answers,
            lost=trace.lost or fact.loses,
            held=trace.held or fact.holds,
            summons_on=today if fact.key == "date:summons" else trace.summons_on,
        )

    def later(self, trace: Trace, moment: datetime) -> Trace:
        """Return what is watched at a later moment: contacts of more than a week ago no longer count."""
        if not trace.contacts or moment - trace.contacts[0] < A_WEEK:
            return trace
        return trace._replace(contacts=tuple(at for at in trace.contacts if moment - at < A_WEEK))

    def _after(self, state: State, step: Step, facts: CaseFacts, trace: Trace, act: Act) -> State:
        place = self.sight.place[step.key]
        mark = mark_of(facts, step.key, self.sight, self.calendar, state.marks[place].asked)
        marks = (*state.marks[:place], mark, *state.marks[place + 1 :])
        return state.after(act, facts=facts, marks=marks, trace=trace)
