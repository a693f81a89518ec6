"""A path of the explorer as a dated timeline, in words that a policy officer uses, Dutch with English beside it."""

from collections.abc import Iterator, Mapping

from schedules.calendar import Calendar
from schedules.decisions import Reason
from schedules.ladder import Ladder
from schedules.proof.model import Sentence, TimelineEntry
from schedules.proof.outcomes import DONE, ENDINGS, Ending
from schedules.proof.outside_fact import OutsideFact
from schedules.proof.sight import Sight
from schedules.proof.state import Act, State
from schedules.reasons import money_text, reason_text
from schedules.targets import targets

CHANNEL_WORDS: Mapping[str, tuple[str, str]] = {
    "sms": ("sms", "SMS"),
    "whatsapp": ("WhatsApp", "WhatsApp"),
    "email": ("e-mail", "email"),
    "letter": ("brief", "letter"),
    "robocall": ("belcomputer", "robocall"),
    "call": ("telefoon", "phone"),
    "visit": ("huisbezoek", "home visit"),
    "card": ("kaartje", "card"),
    "office": ("medewerker", "person"),
}


def names_of(ladder: Ladder, language: str) -> dict[str, str]:
    """Return the titles of steps and options by key, for reasons."""
    found = {step.key: step.title[language] for step in ladder.steps}
    return found | {each.key: each.title[language] for step in ladder.steps for each in step.options}


def why_text(reasons: tuple[Reason, ...], ladder: Ladder) -> Sentence:
    """Return reasons as one text."""
    words = {
        language: " ".join(reason_text(reason, language, names_of(ladder, language)) for reason in reasons)
        for language in ("nl", "en")
    }
    return Sentence(nl=words["nl"], en=words["en"])


class Teller:
    """Tell paths of one ladder."""

    def __init__(self, sight: Sight, calendar: Calendar, facts: Mapping[str, OutsideFact]) -> None:
        self.sight, self.calendar, self.facts = sight, calendar, facts

    def tell(self, state: State, why: Sentence) -> tuple[TimelineEntry, ...]:
        """Return the path to a state, oldest first, closed by what is wrong there."""
        acts: list[tuple[Act, State]] = []
        one: State | None = state
        while one is not None:
            if one.act is not None:
                acts.append((one.act, one))
            one = one.parent
        entries = [self._entry(act, text) for act, at in reversed(acts) for text in self._texts(act, at)]
        day = (self.calendar.day_of(state.now) - self.sight.start).days
        return (*entries, TimelineEntry(day=day, at=state.now, text=why))

    def _entry(self, act: Act, text: Sentence) -> TimelineEntry:
        return TimelineEntry(day=(self.calendar.day_of(act.at) - self.sight.start).days, at=act.at, text=text)

    def _texts(self, act: Act, state: State) -> Iterator[Sentence]:
        match act.kind:
            case "opened":
                yield self._opened(state)
            case "fact":
                yield self.facts[act.fact].text
            case "asked":
                nl, en = self._titles(act)
                yield Sentence(nl=f"{nl}: gevraagd aan een medewerker.", en=f"{en}: a person is asked.")
            case "moved" | "dropped":
                yield self._held_back(act)
            case "went" | "decided":
                yield self._went(act)
            case "goes":
                nl, en = self._titles(act)
                where = self._where(act)
                yield Sentence(nl=f"{nl} ({where[0]}): dit gaat nu.", en=f"{en} ({where[1]}): this goes now.")
            case _:
                return

    def _opened(self, state: State) -> Sentence:
        cents = state.facts.amount_cents
        return Sentence(
            nl=f"Het dossier gaat open: er staat {money_text(cents, False)} open.",
            en=f"The case opens: {money_text(cents, True)} is open.",
        )

    def _held_back(self, act: Act) -> Sentence:
        nl, en = self._titles(act)
        why = why_text(act.why, self.sight.ladder)
        words = ("wordt uitgesteld", "is moved") if act.kind == "moved" else ("gaat niet door", "is dropped")
        return Sentence(nl=f"{nl} {words[0]}. {why.nl}", en=f"{en} {words[1]}. {why.en}")

    def _went(self, act: Act) -> Sentence:
        nl, en = self._titles(act)
        where = self._where(act)
        tries = (f", poging {act.attempt}", f", attempt {act.attempt}") if act.attempt > 1 else ("", "")
        ending = self._ending(act)
        ended = (f": {ending.nl}", f": {ending.en}") if ending is not None else ("", "")
        return Sentence(nl=f"{nl} ({where[0]}{tries[0]}){ended[0]}.", en=f"{en} ({where[1]}{tries[1]}){ended[1]}.")

    def _where(self, act: Act) -> tuple[str, str]:
        target = targets().get(act.channel)
        if target is not None:
            return target["nl"], target["en"]
        return CHANNEL_WORDS.get(act.channel, (act.channel, act.channel))

    def _ending(self, act: Act) -> Ending | None:
        if not act.outcome:
            return None
        step = self.sight.steps[self.sight.place[act.step]]
        option = next((each for each in step.options if each.key == act.outcome), None)
        if option is not None:
            return Ending(outcome=option.key, nl=option.title["nl"], en=option.title["en"])
        known = ENDINGS.get(act.channel, (DONE,))
        return next((each for each in known if each.outcome == act.outcome), None)

    def _titles(self, act: Act) -> tuple[str, str]:
        title = self.sight.steps[self.sight.place[act.step]].title
        return title["nl"], title["en"]
