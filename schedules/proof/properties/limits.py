"""How contact is bounded: hours of law, pressure, as often as agreed, and not before people decided."""

from datetime import datetime, time, timedelta

from schedules.calendar import Calendar
from schedules.ladder import CONTACT_KINDS, AfterOutcome, DaysAfterStep, StepKind
from schedules.pressure import PressureBudget
from schedules.proof.model import Sentence
from schedules.proof.properties.judged import TO_TENANT, Judge, Judged
from schedules.proof.watcher import Going

OPENS, CLOSES, SUNDAY = time(7), time(20), 6
"""Bki article 4.2, read here by itself: not between 20:00 and 07:00, not on a Sunday or public holiday."""

FLOOR = PressureBudget()
REST = timedelta(hours=72)
STRETCH = timedelta(days=7)


class WithinHours(Judge):
    """Contact only in the hours and on the days of law."""

    key = "within_hours"
    title = Sentence(
        nl="Niets gaat buiten de wettelijke uren en dagen", en="Nothing goes outside the hours and days of law"
    )
    source = "Bki artikel 4.2; law.md"

    def going(self, going: Going) -> Sentence | None:
        """Refute when a contact goes at an unlawful moment."""
        if going.step.kind not in TO_TENANT:
            return None
        return unlawful(going.at, self.judged.calendar)


def unlawful(at: datetime, calendar: Calendar) -> Sentence | None:
    """Say why the law forbids contact at a moment, None when it does not."""
    local = calendar.local(at)
    if local.weekday() == SUNDAY:
        return Sentence(nl="Dit is een zondag.", en="This is a Sunday.")
    if not calendar.is_contact_day(local.date()):
        return Sentence(
            nl="Dit is een feestdag of daarmee gelijkgesteld.", en="This is a public holiday or made equal to one."
        )
    if not OPENS <= local.time() < CLOSES:
        return Sentence(
            nl=f"Dit is om {local:%H:%M}, buiten 7 tot 20 uur.", en=f"This is at {local:%H:%M}, outside 7 to 20."
        )
    return None


class PressureWithinBudget(Judge):
    """No household gets more contact than the floor allows, whatever the settings say."""

    key = "pressure_within_budget"
    title = Sentence(nl="De contactdruk blijft binnen de grens", en="Contact pressure stays within its bound")
    source = "rules.md 20"

    def __init__(self, judged: Judged) -> None:
        super().__init__(judged)
        budget = judged.settings.budget
        self.per_day = min(FLOOR.per_day, budget.per_day)
        own = budget.per_days if budget.days <= FLOOR.days else FLOOR.per_days
        promised = judged.ladder.promises.get("contacts_per_7_days", FLOOR.per_days)
        self.per_week = min(FLOOR.per_days, promised, own if budget.days == FLOOR.days else FLOOR.per_days)

    def going(self, going: Going) -> Sentence | None:
        """Recount the contacts of the last seven days, and the rest after a talk or a promise."""
        if going.step.kind not in CONTACT_KINDS or not self.judged.carrier.weighs(going.step):
            return None
        calendar, day = self.judged.calendar, self.judged.calendar.day_of(going.at)
        same_day = sum(calendar.day_of(at) == day for at in going.trace.contacts)
        week = sum(going.at - at < STRETCH for at in going.trace.contacts)
        if same_day >= self.per_day:
            return Sentence(
                nl=f"Dit is contact {same_day + 1} op een dag.", en=f"This is contact {same_day + 1} in a day."
            )
        if week >= self.per_week:
            return Sentence(nl=f"Dit is contact {week + 1} in 7 dagen.", en=f"This is contact {week + 1} in 7 days.")
        for since, nl, en in (
            (going.facts.talk_at, "een gesprek", "a talk"),
            (going.facts.promised_at, "een belofte", "a promise"),
        ):
            if since is not None and since <= going.at < since + REST:
                return Sentence(nl=f"Dit is binnen 72 uur na {nl}.", en=f"This is within 72 hours of {en}.")
        return None


class NothingTwice(Judge):
    """A step goes no more often than it says, and not again after it reached."""

    key = "nothing_twice"
    title = Sentence(nl="Geen stap gaat vaker dan afgesproken", en="No step goes more often than agreed")
    source = "rules.md 7, 20"

    def going(self, going: Going) -> Sentence | None:
        """Count the attempts of the step itself."""
        if going.step.kind is StepKind.DECISION:
            return None
        mark, most = going.marks[going.place], self.judged.sight.value(going.step.attempts.max) or 1
        if mark.finished is None and mark.used < most:
            return None
        return Sentence(nl="Deze stap was al klaar, en gaat toch weer.", en="This step had finished, and goes again.")


class HumansDecide(Judge):
    """Nothing follows a decision but by what people decided."""

    key = "humans_decide"
    title = Sentence(
        nl="Mensen beslissen: niets volgt vanzelf op een besluit", en="People decide: nothing follows by itself"
    )
    source = "rules.md 9; S000 L515, L924"

    def going(self, going: Going) -> Sentence | None:
        """Refute when a step follows a decision that was asked and not taken."""
        for clock in going.step.clocks:
            if not isinstance(clock, DaysAfterStep | AfterOutcome):
                continue
            place = self.judged.sight.place.get(clock.step)
            if place is None or self.judged.sight.steps[place].kind is not StepKind.DECISION:
                continue
            mark = going.marks[place]
            if mark.asked and mark.finished is None and clock.step not in going.facts.steps_skipped:
                return Sentence(
                    nl="Dit volgt op een besluit dat nog open staat.", en="This follows a decision that is still open."
                )
        return None
