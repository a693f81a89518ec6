"""What law and decency ask before it gets heavier: the legal steps, the signal, other ways of contact."""

from collections.abc import Mapping

from schedules.ladder import StepKind
from schedules.proof.model import Sentence
from schedules.proof.properties.judged import Judge
from schedules.proof.sight import HEAVY, SIGNAL
from schedules.proof.watcher import Going

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


class LegalStepsBeforeCourt(Judge):
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


class SignalLawful(Judge):
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


class ContactChangesBeforeHeavier(Judge):
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
