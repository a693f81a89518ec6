"""Explore every order of outcomes and facts, with the production `decide` and `recheck` as the only policy.

By the weight of surprises, and of equal weight by the number of events: the first path that breaks a property has the
lightest surprises, and of those the fewest events. A fact from outside weighs two, an uncommon answer beside one weighs
one; answers alone weigh nothing.
"""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from schedules.calendar import Calendar
from schedules.decisions import Decision, PlannedStep, Reason
from schedules.engine import decide
from schedules.facts import CaseFacts, SignalEvidence
from schedules.ladder import Ladder
from schedules.proof.carrying import Carrier
from schedules.proof.going import Checker
from schedules.proof.keys import Keys
from schedules.proof.model import ProofEnvironment, Sentence
from schedules.proof.outside import outside_facts
from schedules.proof.outside_fact import OutsideFact, morning_after, over_at
from schedules.proof.passing import ROWED, Passing
from schedules.proof.sight import Sight, sight_of
from schedules.proof.state import NEW, Act, State, Trace
from schedules.proof.watcher import Going, Rest, Watcher
from schedules.settings import PolicySettings

HORIZON = timedelta(days=400)
MOST_STATES = 200_000
CHANNELS = frozenset({"sms", "whatsapp", "email", "letter", "robocall", "call"})
RENT_CENTS = 65_000
FACT = 2
GROWTH = (8, 3)
"""How many times more states the next weight takes, about: one more fact, or one more answer (docs/proof.md)."""

MAY_BE_STRUCK = frozenset({"opened", "went", "asked", "decided"})


@dataclass(kw_only=True)
class Exploration:
    """What was found: the state and reason of each broken property, steps that came due, and counts.

    `depth` is the weight of surprises up to which every path was seen.
    """

    broken: dict[str, tuple[State, Sentence]] = field(default_factory=dict)
    came_due: set[str] = field(default_factory=set)
    not_due_why: dict[str, tuple[Reason, ...]] = field(default_factory=dict)
    states: int = 0
    transitions: int = 0
    depth: int = 0
    complete: bool = True


class Explorer:
    """Explore one ladder from its due date on."""

    def __init__(
        self,
        ladder: Ladder,
        settings: PolicySettings,
        calendar: Calendar,
        environment: ProofEnvironment,
        start: date,
        watchers: Sequence[Watcher] = (),
    ) -> None:
        self.ladder, self.settings, self.calendar, self.start = ladder, settings, calendar, start
        self.watchers = list(watchers)
        self.sight: Sight = sight_of(ladder, settings, start)
        self.facts = outside_facts(ladder, self.sight)
        self.striking = tuple(each for each in self.facts.values() if each.when != "follows")
        self.carrier = Carrier(self.sight, calendar, environment)
        self.checker = Checker(self.sight, calendar)
        self.keys = Keys(self.sight, calendar)
        self.passing = Passing(self.sight, calendar, self.carrier, self.keys.names_promise)
        self.found = Exploration()
        self._seen: dict[Hashable, list[tuple[int, int]]] = {}
        self._queue: list[tuple[int, int, State]] = []
        self._to_surprise: dict[int, list[State]] = defaultdict(list)
        self._number = 0

    def first(self) -> State:
        """Return the state in which a case opens: the morning after the due date, every channel usable."""
        opened_on = self.start + timedelta(days=1)
        facts = CaseFacts(
            opened_on=opened_on,
            amount_cents=self._amount(),
            oldest_due_on=self.start,
            months=1,
            channels=CHANNELS,
            ledger_as_of=opened_on,
            signal=SignalEvidence(agreement_active=True),
        )
        now = morning_after(self.calendar, self.calendar.utc(self.start), 1)
        return State(facts, now, tuple(NEW for _ in self.ladder.steps), Trace(), act=Act("opened", now))

    def _amount(self) -> int:
        asked = [c.amount_at_least for c in self.sight.conditions if c.amount_at_least is not None]
        return max([RENT_CENTS * 2, *(2 * self.sight.value(each) for each in asked)])

    def run(self, root: State, depth: int, spare: int = 0, most: int = MOST_STATES) -> Exploration:
        """Explore every path whose surprises weigh at most `depth`; and heavier ones while `spare` states suffice."""
        self._reach(root)
        for weight in itertools.count():
            self._surprise(weight)
            if not self._drain(most):
                self.found.complete = False
                break
            self.found.depth = weight
            if not self.watchers or not self._to_surprise:
                break
            if weight >= depth and self.found.states * GROWTH[(weight + 1) % FACT] > spare:
                break
        return self.found

    def _surprise(self, weight: int) -> None:
        """Queue the states of this weight that a surprise makes of lighter ones."""
        for state in self._to_surprise.pop(weight, ()):
            for after in self._surprises(state, weight):
                self.found.transitions += 1
                self._reach(after)

    def _surprises(self, state: State, weight: int) -> Iterator[State]:
        for after in self.successors(state, surprising=True):
            if after.weight == weight:
                yield after

    def _drain(self, most: int) -> bool:
        """Explore what is queued, the fewest events first; say whether there was room for all."""
        while self._queue and self.watchers:
            if self.found.states >= most:
                return False
            state = heapq.heappop(self._queue)[2]
            self.found.states += 1
            for after in self.successors(state, surprising=False):
                self.found.transitions += 1
                self._reach(after)
            self._await_surprises(state)
        return True

    def _await_surprises(self, state: State) -> None:
        """Keep a state for the weights that a fact, or an uncommon answer after a fact, makes of it."""
        self._to_surprise[FACT * (state.strikes + 1) + state.answers].append(state)
        if state.strikes:
            self._to_surprise[FACT * state.strikes + state.answers + 1].append(state)

    def _reach(self, state: State) -> None:
        """Queue a state unless one that can do no less was seen with the same key."""
        known = self._seen.setdefault(self.keys.key(state), [])
        for strikes, answers in known:
            if strikes <= state.strikes and answers <= state.answers:
                return
        known.append((state.strikes, state.answers))
        self._number += 1
        heapq.heappush(self._queue, (state.depth, self._number, state))

    def successors(self, state: State, *, surprising: bool) -> Iterator[State]:
        """Yield every state that can follow, by a surprise or without one."""
        decision = decide(self.ladder, state.facts, self.settings, self.calendar, state.now)
        self._note(decision)
        if decision.end is not None:
            self._rest(state, decision, ended=True)
            return
        at_once = [one for one in decision.due if self._goes_at_once(one, state)]
        card = next((one for one in at_once if one.kind == "card"), None)
        if card is not None:
            yield from () if surprising else self._leave_card(state, card)
            return
        if at_once:
            yield from () if surprising else self._go_at_once(state, at_once)
            return
        if surprising and state.act is not None and state.act.kind in MAY_BE_STRUCK:
            yield from self._strikes(state, decision.due, opening=state.act.kind == "opened")
        yield from self._later(state, decision, surprising)

    def _note(self, decision: Decision) -> None:
        self.found.came_due.update(step.step for step in decision.due)
        why = {step.step: step.why for step in decision.waiting} | {step.step: step.why for step in decision.refused}
        self.found.not_due_why.update((key, whys) for key, whys in why.items() if key not in self.found.came_due)

    def _goes_at_once(self, planned: PlannedStep, state: State) -> bool:
        return planned.kind not in ROWED and planned.due_at <= state.now and not self._is_asked(planned, state)

    def _is_asked(self, planned: PlannedStep, state: State) -> bool:
        return planned.kind == "decision" and state.marks[self.sight.place[planned.step]].asked

    def _strikes(self, state: State, due: Sequence[PlannedStep], opening: bool) -> Iterator[State]:
        for fact in self.striking:
            if not fact.applies(state.facts) or (fact.when == "opening" and not opening):
                continue
            if fact.when != "about_to_go" or opening or _is_felt(fact, due):
                yield self.strike(state, fact)

    def strike(self, state: State, fact: OutsideFact, *, bound_to_come: bool = False) -> State:
        """Return the state after one fact from outside; what was bound to come is no surprise."""
        today = self.calendar.day_of(state.now)
        pending = state.pending
        if fact.then:
            again = over_at(self.calendar, state.now, fact.then[0][0])
            pending = tuple(sorted((*pending, (again, "|".join(key for _, key in fact.then)))))
        return state.after(
            Act("fact", state.now, fact=fact.key),
            facts=fact.apply(state.facts, state.now, today),
            trace=self.carrier.trace_after(state.trace, fact, today),
            strikes=state.strikes + (not bound_to_come),
            pending=pending,
        )

    def _leave_card(self, state: State, planned: PlannedStep) -> Iterator[State]:
        """Leave a card in the moment of its visit: nothing can come between."""
        self._watch(state, planned)
        yield from self.carrier.carried_out(state, planned, surprising=False)

    def _go_at_once(self, state: State, at_once: Sequence[PlannedStep]) -> Iterator[State]:
        """Make every referral and ask every decision that is due now, as one decision of the product does."""
        for planned in at_once:
            self._watch(state, planned)
            if planned.kind == "decision":
                state = self.carrier.asked(state, planned)
            else:
                state = next(self.carrier.carried_out(state, planned, surprising=False))
        yield state
        for planned in at_once:
            if planned.kind == "decision" and self.sight.followers[self.sight.place[planned.step]]:
                yield from self.carrier.carried_out(state, planned, surprising=False)

    def _later(self, state: State, decision: Decision, surprising: bool) -> Iterator[State]:
        rows = [one for one in decision.due if one.kind in ROWED]
        moment = self.passing.next_moment(state, decision)
        if not surprising:
            self._rest(state, decision, until=moment)
        if moment is None or moment - self.calendar.utc(self.start) > HORIZON:
            return
        planned = self.passing.planned(state, rows, moment)
        if planned.pending and planned.pending[0][0] <= moment:
            yield from () if surprising else self._come_due(planned)
            return
        going = [row for row in rows if row.due_at <= moment]
        about = going or [one for one in decision.due if one.due_at <= moment and not self._is_asked(one, state)]
        if about and surprising:
            for struck in self._strikes(planned, about, opening=False):
                yield from self._try_to_go(struck, going[0], surprising=False) if going else (struck,)
        if going:
            yield from self._try_to_go(planned, going[0], surprising=surprising)
        elif not surprising:
            yield planned

    def _come_due(self, state: State) -> Iterator[State]:
        at, keys = state.pending[0]
        waited = replace(state, now=at, pending=state.pending[1:])
        for key in keys.split("|"):
            yield self.strike(waited, self.facts[key], bound_to_come=True)

    def _try_to_go(self, state: State, row: PlannedStep, *, surprising: bool) -> Iterator[State]:
        held_back = self.checker.held_back(state, row)
        if held_back is not None:
            yield from () if surprising else (held_back,)
            return
        if not surprising:
            self._watch(state, row)
        yield from self.carrier.carried_out(state, row, surprising=surprising)

    def _watch(self, state: State, planned: PlannedStep) -> None:
        place = self.sight.place[planned.step]
        step = self.sight.steps[place]
        going = Going(
            step=step,
            place=place,
            planned=planned,
            at=state.now,
            facts=state.facts,
            trace=state.trace,
            marks=state.marks,
        )
        for watcher in tuple(self.watchers):
            why = watcher.going(going)
            if why is not None:
                act = Act("goes", state.now, step.key, planned.attempt, planned.channel or planned.target or "")
                self._break(watcher, state.after(act), why)

    def _rest(self, state: State, decision: Decision, *, until: datetime | None = None, ended: bool = False) -> None:
        rest = Rest(state=state, decision=decision, ended=ended, until=until)
        for watcher in tuple(self.watchers):
            why = watcher.resting(rest)
            if why is not None:
                self._break(watcher, state, why)

    def _break(self, watcher: Watcher, state: State, why: Sentence) -> None:
        self.found.broken.setdefault(watcher.key, (state, why))
        self.watchers = [each for each in self.watchers if each is not watcher]


def _is_felt(fact: OutsideFact, due: Sequence[PlannedStep]) -> bool:
    return any(one.step == fact.step or (fact.channel is not None and one.channel == fact.channel) for one in due)
