"""Play the tenants of one team with the production engine, from one known moment to the next."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from schedules.decisions import Decision, PlannedStep, Recheck, Verdict
from schedules.engine import decide
from schedules.facts import AttemptState, PlanState, SignalEvidence
from schedules.recheck import recheck
from schedules.simulation import answering, court
from schedules.simulation.carrying import carry_out
from schedules.simulation.knowing import attempt_of, due_of, facts_of, known_moments
from schedules.simulation.paying import EARLY, end_plan, first_of_next, late_rent, rent_due
from schedules.simulation.portfolio import Part, Tenancy, is_in_trouble, profile_of_tenancy
from schedules.simulation.stage import Case, Home, Household, Note, Setting, Stage
from schedules.simulation.tally import BLOCKS, Tally

ROUNDS = 6
"""How often the engine is asked at one moment, while each answer holds something to do."""

MOVERS = frozenset(
    {
        "pressure_day",
        "pressure_days",
        "rest_after_talk",
        "rest_after_promise",
        "sunday",
        "public_holiday",
        "equated_day",
        "outside_legal_hours",
        "outside_window",
    }
)
"""Reasons for which the engine moves a contact to a later moment."""

BY_HAND_AFTER = timedelta(days=20)
"""How long after the first of a month a person looks whether a case whose ladder has ended is handed over."""


class TeamRun:
    """One team's tenants over the whole run."""

    def __init__(
        self,
        setting: Setting,
        part: Part,
        diary: list[Note] | None = None,
        told: Callable[[int], object] = lambda tenancies: None,
    ) -> None:
        """Make the run; a diary, when given, gets a note of all that happens, `told` hears how far it is."""
        self.setting, self.part, self.tally, self._told = setting, part, Tally(), told
        self.stage = Stage(setting, part.team, self.tally, diary)
        self.stage.look = self._look
        self.stage.call_back = self._call_back
        self.homes: list[Home] = []
        self._households: dict[str, Household] = {}
        self._goes_to_court = any(step.target in court.TARGETS for step in setting.ladder.steps)

    def play(self) -> Tally:
        """Play every day up to the horizon and return what was counted."""
        setting, stage = self.setting, self.stage
        for tenancy in self.part.tenancies(setting.figures, setting.seed, setting.start):
            self._enter(tenancy)
        day, days, heard = setting.start, (setting.horizon - setting.start).days, 0
        while day < setting.horizon:
            day = min(day + timedelta(days=7), setting.horizon)
            stage.play(stage.calendar.utc(day))
            self._measure(day)
            done = self.part.size * (day - setting.start).days // days
            self._told(done - heard)
            heard = done
        self._close_books()
        return self.tally

    def _enter(self, tenancy: Tenancy) -> None:
        setting, stage = self.setting, self.stage
        block = stage.draw(BLOCKS, tenancy.household, "block")
        self.tally.add("tenancies", block)
        trouble = tenancy.in_trouble
        if trouble is None:
            trouble = bool(tenancy.open_items) or is_in_trouble(tenancy.key, setting.figures, setting.seed)
        if not trouble:
            self._pays_always(tenancy, block)
            return
        profile = profile_of_tenancy(tenancy.key, setting.figures, setting.seed)
        home = Home(
            place=len(self.homes),
            tenancy=tenancy,
            profile=profile,
            habits=setting.figures.habits[profile.kind],
            block=block,
            household=self._households.setdefault(tenancy.household, Household()),
            channels=tenancy.channels,
            blocked=dict(tenancy.blocked),
        )
        self.homes.append(home)
        self._start(home)

    def _start(self, home: Home) -> None:
        setting, stage = self.setting, self.stage
        for due_on, cents in home.tenancy.open_items:
            home.account.charge(due_on, cents)
            stage.note(home, stage.calendar.utc(setting.start), "charged", cents)
        first = setting.start if setting.start.day == 1 else first_of_next(setting.start)
        stage.plan(stage.calendar.utc(first, EARLY), home, rent_due, stage)
        if not self._goes_to_court:
            stage.plan(stage.morning(first + BY_HAND_AFTER), home, self._by_hand, first)
        if home.tenancy.open_items:
            stage.look_soon(home, stage.calendar.utc(setting.start))
            for due_on, _ in home.tenancy.open_items:
                if stage.happens(home.habits.by_himself // 2, home.key, due_on, "by_himself"):
                    days = 1 + stage.draw(30, home.key, due_on, "late")
                    stage.plan(stage.booked(setting.start + timedelta(days=days)), home, late_rent, stage, due_on)

    def _pays_always(self, tenancy: Tenancy, block: int) -> None:
        day = self.setting.start if self.setting.start.day == 1 else first_of_next(self.setting.start)
        while day < self.setting.horizon:
            self.tally.add("charged_cents", block, tenancy.rent_cents)
            self.tally.add("paid_cents", block, tenancy.rent_cents)
            day = first_of_next(day)

    def _call_back(self, home: Home, at: datetime, key: str, answers: int) -> None:
        answering.call_back(home, at, self.stage, key, answers)

    def _look(self, home: Home, at: datetime, planned: bool) -> None:
        """Ask the engine what a home needs now; `planned` looks count only while they are the latest planned."""
        case = home.case
        if not planned:
            home.asked_for.discard(at)
        if planned and (case is None or case.looks_at != at):
            return
        case = case or self._open(home, at)
        if case is None:
            return
        if planned:
            self._go_as_planned(home, case, at)
        for _ in range(ROUNDS):
            decision = self._decide(home, case, at)
            if decision.end is not None:
                self._close(home, at)
                return
            going = [step for step in decision.due if step.due_at <= at]
            if not [step for step in going if self._go(home, case, step, at)]:
                self._sleep(home, case, decision, at)
                return
        self._sleep(home, case, self._decide(home, case, at), at)

    def _go_as_planned(self, home: Home, case: Case, at: datetime) -> None:
        """Carry out what was planned for this moment, as the product does: the last check says whether it may go."""
        going, case.due = [step for step in case.due if step.due_at <= at], ()
        for step in going:
            self._go(home, case, step, at)

    def _open(self, home: Home, at: datetime) -> Case | None:
        today = self.stage.calendar.day_of(at)
        cents, oldest = home.account.overdue(today)
        if oldest is None or cents < self.setting.settings.minimum_amount_cents:
            return None
        signal = SignalEvidence(agreement_active=home.tenancy.agreement)
        home.case = Case(opened_on=today, due_on=oldest, signal=signal)
        self.tally.add("cases", home.block)
        if not home.had_case:
            home.had_case = True
            self.tally.add("households", home.block)
        return home.case

    def _close(self, home: Home, at: datetime) -> None:
        if home.plan is PlanState.ACTIVE:
            end_plan(home, at, self.stage)
        home.case, home.plan, home.promise_until = None, PlanState.NONE, None
        home.grounds, home.dates = frozenset(), {}

    def _decide(self, home: Home, case: Case, at: datetime) -> Decision:
        setting = self.setting
        self.tally.counts[("decide",)] += 1
        decision = decide(
            setting.ladder, facts_of(home, case, self.setting, at), setting.settings, setting.calendar, at
        )
        due = {step.step for step in decision.due}
        case.planned = {key: fact for key, fact in case.planned.items() if key in due}
        for step in decision.due:
            if step.due_at > at and (step.step, step.attempt) not in case.moved:
                self._note_move(home, case, step, at)
        return decision

    def _note_move(self, home: Home, case: Case, step: PlannedStep, at: datetime) -> None:
        """Count, once per attempt, that the engine moved it to a later day because of hours, days or pressure."""
        calendar = self.stage.calendar
        why = next((reason.code for reason in step.why if reason.code in MOVERS), None)
        if why is not None and calendar.day_of(step.due_at) > calendar.day_of(at):
            case.moved[(step.step, step.attempt)] = why
            self.stage.defer(home, at, why)

    def _go(self, home: Home, case: Case, planned: PlannedStep, at: datetime) -> bool:
        """Check an attempt the last time and carry it out; say whether anything happened."""
        if home.case is not case:
            return False
        step = self.setting.ladder.step(planned.step)
        assert step is not None
        self.tally.counts[("recheck",)] += 1
        facts = facts_of(home, case, self.setting, at)
        verdict = recheck(facts, due_of(planned), step, self.setting.settings, self.setting.calendar, at)
        if verdict.verdict is Verdict.GO:
            carry_out(home, case, planned, step, at, self.stage)
            return True
        self._not_now(home, case, planned, at, verdict)
        return False

    def _not_now(self, home: Home, case: Case, planned: PlannedStep, at: datetime, found: Recheck) -> None:
        """Move an attempt, or note that it was dropped; the engine is asked again the next morning."""
        if found.verdict is Verdict.MOVE and found.move_to is not None:
            case.planned[planned.step] = attempt_of(planned, AttemptState.PLANNED, found.move_to)
            self.stage.defer(home, at, found.why[0].code)
        else:
            case.attempts.append(attempt_of(planned, AttemptState.DROPPED, at))
            self.tally.counts[("dropped", found.why[0].code)] += 1

    def _sleep(self, home: Home, case: Case, decision: Decision, at: datetime) -> None:
        """Plan the next look for the first moment that the engine names; other changes ask for one themselves."""
        moments = [moment for moment in known_moments(decision) if moment > at]
        case.finished, case.due = not decision.due and not moments, decision.due
        if self.setting.every_day or any(step.due_at <= at for step in decision.due):
            moments.append(self.stage.morning(self.stage.calendar.day_of(at) + timedelta(days=1)))
        case.looks_at = None
        if moments:
            first = min(moments)
            case.looks_at = max(first, self.stage.morning(self.stage.calendar.day_of(first)))
            self.stage.plan(case.looks_at, home, self._look, True)

    def _by_hand(self, home: Home, at: datetime, first: date) -> None:
        """Let a person hand over a case whose ladder has ended and names no bailiff, now and then."""
        again = first_of_next(first)
        self.stage.plan(self.stage.morning(again + BY_HAND_AFTER), home, self._by_hand, again)
        case, figures = home.case, self.setting.figures
        if case is None or not case.finished or home.help_accepted or home.plan is PlanState.ACTIVE:
            return
        long = len(home.account.items) >= figures["legal.by_hand_months"]
        if long and self.stage.happens(figures["legal.by_hand"], home.key, first, "by_hand"):
            court.handed_over(home, at, self.stage)

    def _measure(self, day: date) -> None:
        """Measure what is overdue at the end of a week."""
        week = (day - self.setting.start).days // 7
        for home in self.homes:
            cents, oldest = home.account.overdue(day)
            if oldest is not None and not home.evicted:
                self.tally.add("arrears_cent_days", home.block, cents * 7)
                self.tally.counts[("open_cents", week)] += cents
                self.tally.counts[("open_homes", week)] += 1
                self.tally.counts[("open_months", week, min(len(home.account.items), 6))] += 1

    def _close_books(self) -> None:
        for home in self.homes:
            account, block, add = home.account, home.block, self.tally.add
            add("charged_cents", block, account.charged_cents)
            add("paid_cents", block, account.paid_cents)
            add("written_off_cents", block, account.written_off_cents)
            add("open_cents", block, account.open_cents)
            add("plans_running", block, home.plan is PlanState.ACTIVE)
            if home.had_case:
                self.tally.counts[("contacts_of_home", len(home.contacts))] += 1
                self.tally.counts[("most_in_7_days", _most_in_days(home.contacts, 7))] += 1


def _most_in_days(contacts: list[datetime], days: int) -> int:
    """Count the most contacts in any rolling stretch of days."""
    most, first, stretch = 0, 0, timedelta(days=days)
    for last, moment in enumerate(contacts):
        while contacts[first] <= moment - stretch:
            first += 1
        most = max(most, last - first + 1)
    return most
