"""Rehearse a ladder in memory: play one case day by day with the production engine and tell what happened."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from schedules.calendar import Calendar
from schedules.decisions import Decision, PlannedStep, Verdict
from schedules.engine import decide
from schedules.facts import AttemptFact, AttemptState, CaseFacts, DueAttempt, ReferralFact, SignalEvidence
from schedules.ladder import Ladder, StepKind
from schedules.moments import is_pressure_bound
from schedules.reasons import day_text, reason_text
from schedules.recheck import recheck
from schedules.settings import PolicySettings
from schedules.signal_texts import OFFER_TEXTS

Change = Callable[[CaseFacts], CaseFacts]
TICKS = tuple(time(hour, minute) for hour in range(8, 20) for minute in (0, 30))

DEFAULT_OUTCOMES: Mapping[str, str] = {
    "sms": "delivered",
    "whatsapp": "delivered",
    "email": "delivered",
    "letter": "posted",
    "robocall": "no_answer",
    "call": "no_answer",
    "visit": "not_home",
    "card": "left",
}
ASKED = "asked"
"""What becomes of a decision without a script: it is asked of people, who never decide by themselves here."""

REACHED = frozenset({"talked", "replied", "menu_1", "menu_2", "menu_3", "menu_4"})
CONTACT_POINTS = frozenset({"sms", "whatsapp", "email", "letter", "robocall", "call"})


@dataclass(frozen=True, kw_only=True)
class Script:
    """What happens to the tenant: outcomes by (step, attempt), changes of fact by day after the due date."""

    title: str
    outcomes: Mapping[tuple[str, int], str] = field(default_factory=dict)
    changes: Mapping[int, tuple[str, Change]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of a rehearsal."""

    at: datetime
    day: int
    text: str
    step: PlannedStep | None = None


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What happened, the facts at the end and the last decision."""

    events: tuple[Event, ...]
    facts: CaseFacts
    last: Decision


def first_facts(due_on: date, amount_cents: int) -> CaseFacts:
    """Return the facts of a new case with every channel and an agreement to signal."""
    return CaseFacts(
        opened_on=due_on,
        amount_cents=amount_cents,
        oldest_due_on=due_on,
        months=1,
        channels=CONTACT_POINTS,
        ledger_as_of=due_on,
        signal=SignalEvidence(agreement_active=True),
    )


def rehearse(
    ladder: Ladder, settings: PolicySettings, calendar: Calendar, facts: CaseFacts, script: Script, days: int
) -> Rehearsal:
    """Play a case for some days from its oldest due date, ticking every half hour of a day."""
    player = _Player(ladder, settings, calendar, facts, script)
    events = tuple(player.play(days))
    return Rehearsal(events=events, facts=player.facts, last=player.last)


class _Player:
    def __init__(
        self, ladder: Ladder, settings: PolicySettings, calendar: Calendar, facts: CaseFacts, script: Script
    ) -> None:
        assert facts.oldest_due_on is not None
        self.ladder, self.settings, self.calendar = ladder, settings, calendar
        self.facts, self.script, self.start = facts, script, facts.oldest_due_on
        self.last = Decision(stage=ladder.stages[0].key)

    def play(self, days: int) -> Iterator[Event]:
        for number in range(days + 1):
            day = self.start + timedelta(days=number)
            self.facts = replace(self.facts, ledger_as_of=day, months=_months(self.start, day))
            if number in self.script.changes:
                text, change = self.script.changes[number]
                self.facts = change(self.facts)
                yield Event(at=self.calendar.utc(day, time(7, 30)), day=number, text=text)
            yield from self._day(day, number)
            if self.last.end is not None:
                yield Event(
                    at=self.calendar.utc(day, time(20)), day=number, text=f"Klaar: {reason_text(self.last.end)}"
                )
                return

    def _day(self, day: date, number: int) -> Iterator[Event]:
        """Play the ticks of a day; those before the next known moment would change nothing."""
        quiet_until = self.calendar.utc(day)
        for tick in TICKS:
            now = self.calendar.utc(day, tick)
            if now >= quiet_until:
                yield from self._tick(now, number)
                quiet_until = self._next_known_moment(now)

    def _next_known_moment(self, now: datetime) -> datetime:
        moments = [planned.due_at for planned in self.last.due]
        moments += [waiting.until for waiting in self.last.waiting if waiting.until is not None]
        reasons = (reason for refused in self.last.refused for reason in refused.why)
        moments += [until for reason in reasons if isinstance(until := reason.params.get("until"), datetime)]
        return min((moment for moment in moments if moment > now), default=now + timedelta(days=1))

    def _tick(self, now: datetime, number: int) -> Iterator[Event]:
        for _ in range(3):
            self.last = decide(self.ladder, self.facts, self.settings, self.calendar, now)
            going = [planned for planned in self.last.due if planned.due_at <= now]
            if not going:
                return
            for planned in going:
                yield from self._carry_out(planned, now, number)

    def _carry_out(self, planned: PlannedStep, now: datetime, number: int) -> Iterator[Event]:
        step = self.ladder.step(planned.step)
        attempt = DueAttempt(
            step=planned.step,
            attempt=planned.attempt,
            channel=planned.channel or "office",
            purpose=planned.purpose,
            due_at=planned.due_at,
            expires_at=planned.expires_at,
        )
        checked = recheck(self.facts, attempt, step, self.settings, self.calendar, now, self.ladder)
        if checked.verdict is not Verdict.GO:
            return
        outcome = self._outcome(planned)
        self._record(planned, now, outcome)
        yield Event(at=now, day=number, text=_told(self.ladder, planned, outcome), step=planned)

    def _outcome(self, planned: PlannedStep) -> str:
        usual = DEFAULT_OUTCOMES.get(planned.channel or "", ASKED if planned.kind == "decision" else "done")
        return self.script.outcomes.get((planned.step, planned.attempt), usual)

    def _record(self, planned: PlannedStep, now: datetime, outcome: str) -> None:
        step = self.ladder.step(planned.step)
        assert step is not None
        if step.kind is StepKind.REFERRAL:
            referral = ReferralFact(step=step.key, target=planned.target or "", state="sent", at=now)
            self.facts = replace(self.facts, referrals=(*self.facts.referrals, referral))
            return
        reached = outcome in REACHED
        failed = outcome in {"undelivered", "failed", "bounced", "returned"}
        state = AttemptState.FAILED if failed else AttemptState.SENT if outcome == ASKED else AttemptState.DONE
        fact = AttemptFact(
            step=step.key,
            attempt=planned.attempt,
            channel=planned.channel or "office",
            state=state,
            at=now,
            outcome=None if outcome == ASKED else outcome,
            reached=reached,
        )
        self.facts = replace(self.facts, attempts=(*self.facts.attempts, fact), signal=self._evidence(planned))
        if is_pressure_bound(step):
            self.facts = replace(self.facts, household_contacts=(*self.facts.household_contacts, now))
        if reached:
            talk_at = now if outcome == "talked" else self.facts.talk_at
            self.facts = replace(self.facts, reached_at=now, talk_at=talk_at)

    def _evidence(self, planned: PlannedStep) -> SignalEvidence:
        """Return the evidence for Bgs article 2 that this contact adds, by the meaning of its template."""
        signal = self.facts.signal
        if planned.kind in {"robocall", "call", "visit"}:
            signal = replace(signal, personal_contact_effort=True)
        if planned.template in OFFER_TEXTS:
            signal = replace(signal, pointed_to_debt_help=True, written_reminder=True, offered_to_pass_on=True)
        return signal


def _months(start: date, day: date) -> int:
    """Count the due dates passed when rent is due each month on the day of `start`."""
    return (day.year - start.year) * 12 + day.month - start.month + (day.day > start.day)


def _told(ladder: Ladder, planned: PlannedStep, outcome: str) -> str:
    step = ladder.step(planned.step)
    title = step.title["nl"] if step else planned.step
    tries = f" (poging {planned.attempt})" if planned.attempt > 1 else ""
    where = planned.channel or planned.target or "medewerker"
    ended = "" if outcome in {"done", ASKED} else f" -> {outcome}"
    return f"{title}{tries} [{where}]{ended}"


def timeline(rehearsal: Rehearsal, calendar: Calendar, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of a readable Dutch timeline: what happened, then what still waits or is refused and why."""
    for event in rehearsal.events:
        local = calendar.local(event.at)
        yield f"dag {event.day:>2}  {day_text(local.date())} {local:%H:%M}  {event.text}"
    for kind, steps in (("wacht", rehearsal.last.waiting), ("niet", rehearsal.last.refused)):
        for step in steps:
            why = " ".join(reason_text(reason, "nl", names) for reason in step.why)
            yield f"{kind:<7} {names.get(step.step, step.step)}: {why}"
