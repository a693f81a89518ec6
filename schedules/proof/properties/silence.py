"""What must be silent: after payment and opt-out, during a pause, a child found, what stands apart."""

from datetime import date

from schedules.facts import CaseFacts, PlanState
from schedules.ladder import StepKind
from schedules.proof.model import Sentence
from schedules.proof.outside_fact import HELD_FLAGS
from schedules.proof.properties.judged import TO_TENANT, Judge
from schedules.proof.sight import HEAVY
from schedules.proof.watcher import Going
from schedules.reason_words import WORDS


class NothingAfterPayment(Judge):
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


class NothingAfterOptOut(Judge):
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


class NothingWhilePaused(Judge):
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


class ChildFoundStops(Judge):
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


class ExcludedLeftToPeople(Judge):
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
