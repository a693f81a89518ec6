"""What may not go: after payment, opt-out or a pause, outside the hours of law, too often, or before its time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from schedules.calendar import Calendar
from schedules.facts import CaseFacts, PlanState
from schedules.ladder import CONTACT_KINDS, AfterOutcome, DaysAfterStep, Ladder, Step, StepKind
from schedules.pressure import PressureBudget
from schedules.proof.carrying import Carrier
from schedules.proof.model import Sentence
from schedules.proof.outside import HELD_FLAGS
from schedules.proof.sight import HEAVY, SIGNAL, Sight
from schedules.proof.watcher import Going, Watcher
from schedules.reasons import WORDS
from schedules.settings import PolicySettings

TO_TENANT = CONTACT_KINDS | {StepKind.CARD}
FREE = frozenset({"answer", "care", "plan"})
"""What texts are for that may reach a tenant whose collection waits (rules.md 38)."""

OPENS, CLOSES, SUNDAY = time(7), time(20), 6
"""Bki article 4.2, read here by itself: not between 20:00 and 07:00, not on a Sunday or public holiday."""

FLOOR = PressureBudget()
REST = timedelta(hours=72)
STRETCH = timedelta(days=7)


@dataclass(frozen=True)
class Judged:
    """What every judge of a road needs."""

    ladder: Ladder
    settings: PolicySettings
    calendar: Calendar
    sight: Sight
    carrier: Carrier

    def is_contact(self, step: Step) -> bool:
        """Say whether a step reaches the tenant with what its collection text is for."""
        return step.kind in TO_TENANT and self.carrier.purpose_of(step) not in FREE


class _Judge(Watcher):
    def __init__(self, judged: Judged) -> None:
        self.judged = judged


class NothingAfterPayment(_Judge):
    """Nothing goes to a tenant who has paid, and nothing about him."""

    key = "nothing_after_payment"
    title = Sentence(nl="Na betaling gaat er niets meer uit", en="Nothing goes out after payment")
    source = "rules.md 8; people.md"

    def going(self, going: Going) -> Sentence | None:
        """Refute when something goes while nothing is open."""
        if going.facts.amount_cents > 0:
            return None
        if going.step.kind is not StepKind.REFERRAL and not self.judged.is_contact(going.step):
            return None
        return Sentence(nl="Er is al betaald, en toch gaat dit uit.", en="All has been paid, and still this goes out.")


class NothingAfterOptOut(_Judge):
    """Nothing goes over a channel that the tenant has closed."""

    key = "nothing_after_opt_out"
    title = Sentence(
        nl="Na afmelden gaat er niets meer over dat kanaal", en="Nothing goes over a channel after an opt-out"
    )
    source = "AVG; rules.md 38"

    def going(self, going: Going) -> Sentence | None:
        """Refute when the channel was opted out of; only an answer to the tenant may still go."""
        channel = going.planned.channel or ""
        if going.facts.blocked_channels.get(channel) != "opted_out":
            return None
        if self.judged.carrier.purpose_of(going.step) == "answer":
            return None
        return Sentence(
            nl="De huurder heeft zich voor dit kanaal afgemeld, en toch gaat dit uit.",
            en="The tenant opted out of this channel, and still this goes out.",
        )


class NothingWhilePaused(_Judge):
    """Collection waits while anything holds it."""

    key = "nothing_while_paused"
    title = Sentence(
        nl="Tijdens pauze, regeling, belofte of gesprek gaat er niets uit",
        en="Nothing goes out during a pause, plan, promise or talk",
    )
    source = "rules.md 8, 15, 20"

    def going(self, going: Going) -> Sentence | None:
        """Refute when a collection contact, or a referral to bailiff or court, goes while something holds."""
        if going.step.target not in HEAVY and not self.judged.is_contact(going.step):
            return None
        why = _held_by(going.facts, self.judged.calendar.day_of(going.at))
        if why is None:
            return None
        return Sentence(nl=f"{why.nl} Toch gaat dit uit.", en=f"{why.en} Still this goes out.")


def _held_by(facts: CaseFacts, today: date) -> Sentence | None:
    if facts.pause_reason is not None and (facts.pause_until is None or today <= facts.pause_until):
        return Sentence(nl="Het dossier is stilgezet.", en="The case is paused.")
    if facts.plan in {PlanState.REQUESTED, PlanState.ACTIVE}:
        return Sentence(nl="Er loopt een regeling, of die is gevraagd.", en="A plan is running or was asked for.")
    if facts.promise_until is not None and today <= facts.promise_until:
        return Sentence(nl="De huurder heeft beloofd te betalen.", en="The tenant has promised to pay.")
    if facts.busy_talk:
        return Sentence(nl="De huurder wacht op antwoord.", en="The tenant waits for an answer.")
    for flag in sorted(facts.flags & frozenset(HELD_FLAGS)):
        return Sentence(nl=f"Het dossier wacht: {WORDS[flag][0]}.", en=f"The case waits: {WORDS[flag][1]}.")
    return None


class ChildFoundStops(_Judge):
    """A child found stops collection at once."""

    key = "child_found_stops"
    title = Sentence(nl="Een kind in huis legt de incasso stil", en="A child found stops collection")
    source = "rules.md 18; S002 L3029-3035"

    def going(self, going: Going) -> Sentence | None:
        """Refute when collection goes on although a child was found."""
        if "child_found" not in going.facts.flags:
            return None
        if going.step.target not in HEAVY and not self.judged.is_contact(going.step):
            return None
        return Sentence(
            nl="Er is een kind gevonden, en toch gaat dit door.", en="A child was found, and still this goes on."
        )


class ExcludedLeftToPeople(_Judge):
    """What stands apart is for people."""

    key = "excluded_left_to_people"
    title = Sentence(nl="Wat apart staat, laat de ladder aan mensen over", en="What stands apart is left to people")
    source = "rules.md 19; S002 L2034-2046"

    def going(self, going: Going) -> Sentence | None:
        """Refute when a contact goes to an excluded case, but for people on a step that was made for it."""
        found = self.judged.ladder.exclusions & going.facts.flags
        by_machine = going.step.kind in {StepKind.MESSAGE, StepKind.ROBOCALL}
        if not found or going.step.kind not in TO_TENANT or (going.step.only_if.flag & found and not by_machine):
            return None
        words = ", ".join(sorted(found))
        return Sentence(
            nl=f"Dit dossier staat apart ({words}), en toch gaat dit uit.",
            en=f"This case stands apart ({words}), and still this goes out.",
        )


class WithinHours(_Judge):
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


class PressureWithinBudget(_Judge):
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


STEPS_OF_LAW: Mapping[str, Sentence] = {
    "effort": Sentence(nl="een poging tot persoonlijk contact (a)", en="an effort for personal contact (a)"),
    "help": Sentence(nl="wijzen op schuldhulp (b)", en="pointing to debt help (b)"),
    "reminder": Sentence(nl="een schriftelijke herinnering (c)", en="a written reminder (c)"),
    "offer": Sentence(nl="aanbieden om gegevens door te geven (d)", en="the offer to pass on details (d)"),
    "signal": Sentence(nl="het vroegsignaal, of een weigering daarvan", en="the early signal, or its refusal"),
    "person": Sentence(nl="een huisbezoek of gesprek", en="a visit or talk carried out"),
}


def _missing(names: list[str]) -> Sentence:
    nl = "; ".join(STEPS_OF_LAW[name].nl for name in names)
    en = "; ".join(STEPS_OF_LAW[name].en for name in names)
    return Sentence(nl=f"Dit gaat zonder: {nl}.", en=f"This goes without: {en}.")


class LegalStepsBeforeCourt(_Judge):
    """No bailiff and no court before the legal steps, the signal and personal contact."""

    key = "legal_steps_before_court"
    title = Sentence(
        nl="Geen deurwaarder of rechter zonder de wettelijke stappen", en="No bailiff or court without the legal steps"
    )
    source = "Bgs artikel 2 lid 1 a-d; rules.md 5, 41"

    def going(self, going: Going) -> Sentence | None:
        """Name what is missing before a referral to bailiff or court."""
        if going.step.target not in HEAVY or going.step.kind is not StepKind.REFERRAL:
            return None
        done = going.trace.proof | ({"signal"} if going.facts.signal.refused else set())
        missing = [name for name in STEPS_OF_LAW if name not in done]
        return _missing(missing) if missing else None


class SignalLawful(_Judge):
    """No early signal before conditions a to d, and none after a refusal."""

    key = "signal_lawful"
    title = Sentence(
        nl="Geen vroegsignaal zonder de vier voorwaarden", en="No early signal without the four conditions"
    )
    source = "Bgs artikel 2 lid 1"

    def going(self, going: Going) -> Sentence | None:
        """Name what is missing before a signal to the municipality."""
        if going.step.target != SIGNAL or going.step.kind is not StepKind.REFERRAL:
            return None
        if going.facts.signal.refused:
            return Sentence(
                nl="De huurder heeft het vroegsignaal geweigerd.", en="The tenant refused the early signal."
            )
        missing = [name for name in ("effort", "help", "reminder", "offer") if name not in going.trace.proof]
        return _missing(missing) if missing else None


class ContactChangesBeforeHeavier(_Judge):
    """The ladder changes channel and day part before it gets heavier."""

    key = "contact_changes_before_heavier"
    title = Sentence(
        nl="Eerst andere kanalen en tijden, dan pas zwaarder", en="Other channels and hours first, heavier later"
    )
    source = "rules.md 22"

    def going(self, going: Going) -> Sentence | None:
        """Count channels and day parts, or a third channel, for who was not reached, held, or robbed of a channel."""
        if going.step.kind is not StepKind.REFERRAL or going.step.target not in {*HEAVY, SIGNAL}:
            return None
        trace = going.trace
        if (
            trace.reached
            or trace.lost
            or trace.held
            or (len(trace.channels) >= 2 and (len(trace.parts) >= 2 or len(trace.channels) >= 3))
        ):
            return None
        channels, parts = len(trace.channels), len(trace.parts)
        return Sentence(
            nl=f"Er zijn pas {channels} kanalen en {parts} dagdelen geprobeerd.",
            en=f"Only {channels} channels and {parts} day parts were tried.",
        )


class NothingTwice(_Judge):
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


class HumansDecide(_Judge):
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


def road_watchers(judged: Judged) -> list[Watcher]:
    """Return the judges of what goes."""
    return [
        kind(judged)
        for kind in (
            NothingAfterPayment, NothingAfterOptOut, NothingWhilePaused, ChildFoundStops, ExcludedLeftToPeople,
            WithinHours, PressureWithinBudget, LegalStepsBeforeCourt, SignalLawful, ContactChangesBeforeHeavier,
            NothingTwice, HumansDecide,
        )
    ]  # fmt: skip
