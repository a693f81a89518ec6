"""What may not stay away: a way on for every case, a person in time, the meldpunt after a summons."""

from datetime import timedelta

from schedules.proof.keys import REPORT_DAYS
from schedules.proof.model import Sentence
from schedules.proof.properties.judged import Judged
from schedules.proof.watcher import Rest, Watcher

WITH_OWNER = frozenset({"queued", "sent", "accepted", "rejected", "stopped"})
"""States of a referral in which somebody has the case: the partner, or the worker who gets it back as a task."""


class NoDeadEnd(Watcher):
    """Every case ends paid, with a person, or goes on."""

    key = "no_dead_end"
    title = Sentence(nl="Niemand loopt vast: elk dossier heeft een vervolg", en="No dead end: every case has a way on")
    source = "issue 3; rules.md 9, 11, 15"

    def __init__(self, judged: Judged) -> None:
        self.judged = judged

    def resting(self, rest: Rest) -> Sentence | None:
        """Refute when nothing more comes and nobody has the case."""
        state = rest.state
        if rest.ended or rest.until is not None or state.trace.taken or any(mark.asked for mark in state.marks):
            return None
        if any(referral.state in WITH_OWNER for referral in state.facts.referrals):
            return None
        return Sentence(
            nl="Hierna gebeurt er niets meer en niemand heeft het dossier.",
            en="After this nothing more happens and nobody has the case.",
        )


class HandedToPersonInTime(Watcher):
    """A tenant who is never reached gets to a person in time, after the promised mix of contact."""

    key = "handed_to_person_in_time"
    title = Sentence(
        nl="Wie nooit wordt bereikt, komt op tijd bij een mens", en="Who is never reached gets to a person in time"
    )
    source = "rules.md 6, 41"

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
        self.days = judged.ladder.promises.get("handed_to_person_within_days")
        self.end = judged.sight.start + timedelta(days=self.days or 0)

    def resting(self, rest: Rest) -> Sentence | None:
        """Refute when the promised day passes without a person, or the promised mix was not carried out."""
        if self.days is None or rest.ended:
            return None
        trace = rest.state.trace
        if trace.reached or trace.held or trace.handed:
            return None
        if rest.until is not None and self.judged.calendar.day_of(rest.until) <= self.end:
            return None
        mix_nl, mix_en = self._lacking(rest)
        return Sentence(
            nl=f"Op dag {self.days} heeft geen mens dit dossier na de beloofde pogingen.{mix_nl}",
            en=f"On day {self.days} no person has this case after the promised attempts.{mix_en}",
        )

    def _lacking(self, rest: Rest) -> tuple[str, str]:
        trace, promises = rest.state.trace, self.judged.ladder.promises
        counts = (
            ("attempts", trace.tried, "pogingen", "attempts"),
            ("channels", len(trace.channels), "kanalen", "channels"),
            ("home_visits", trace.visits, "huisbezoeken", "home visits"),
        )
        lacking = [
            (f"{n} {nl} van {promises[key]}", f"{n} {en} of {promises[key]}")
            for key, n, nl, en in counts
            if n < promises.get(key, 0)
        ]
        if not lacking:
            return "", ""
        return f" Er waren {', '.join(nl for nl, _ in lacking)}.", f" There were {', '.join(en for _, en in lacking)}."


class MeldpuntOnSummons(Watcher):
    """When the summons is known, the meldpunt hears of it."""

    key = "meldpunt_on_summons"
    title = Sentence(nl="Na een dagvaarding hoort het meldpunt het", en="The meldpunt is told of a summons")
    source = "S003 L52-56"

    def __init__(self, judged: Judged) -> None:
        self.judged = judged

    def resting(self, rest: Rest) -> Sentence | None:
        """Refute when the summons has been known for a week and no report was made."""
        trace = rest.state.trace
        if rest.ended or trace.summons_on is None or trace.reported or trace.held:
            return None
        last = trace.summons_on + timedelta(days=REPORT_DAYS)
        if rest.until is not None and self.judged.calendar.day_of(rest.until) <= last:
            return None
        return Sentence(
            nl=f"Binnen {REPORT_DAYS} dagen na de dagvaarding is er niets bij het meldpunt gemeld.",
            en=f"Within {REPORT_DAYS} days of the summons nothing was reported to the meldpunt.",
        )


def rest_watchers(judged: Judged) -> list[Watcher]:
    """Return the judges of what stays away."""
    handed = HandedToPersonInTime(judged)
    promised: list[Watcher] = [] if handed.days is None else [handed]
    return [NoDeadEnd(judged), *promised, MeldpuntOnSummons(judged)]
