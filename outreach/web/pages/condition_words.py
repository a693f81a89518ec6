"""A condition of a ladder in words: for whom a step is meant, and for whom it is not."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from outreach.web.formats import money
from outreach.web.labels import label, target
from outreach.web.translation import N_, _
from schedules.ladder import Number, OnlyIf

DATES = {"summons": N_("de dagvaarding"), "judgment": N_("het vonnis"), "eviction": N_("de ontruiming")}
FLAGS = {
    "children": N_("er kinderen wonen"),
    "personally_known": N_("de huurder persoonlijk bekend is"),
    "care_avoiding": N_("de huurder zorg mijdt"),
    "single_older_man": N_("de huurder een alleenstaande oudere man is"),
    "represented": N_("iemand voor de huurder optreedt, zoals een bewindvoerder"),
    "cannabis": N_("er hennep is gevonden"),
    "sublet": N_("er onderhuur is"),
    "nuisance": N_("er overlast is"),
    "low_literacy": N_("de huurder moeite heeft met lezen"),
    "no_visit": N_("de huurder geen bezoek wil"),
    "aggression": N_("er agressie was"),
    "reach_morning": N_("de huurder 's ochtends kan"),
    "reach_afternoon": N_("de huurder 's middags kan"),
    "reach_evening": N_("de huurder 's avonds kan"),
}
PLANS = {
    "none": N_("er geen regeling is"),
    "requested": N_("er een regeling is gevraagd"),
    "active": N_("er een regeling loopt"),
    "broken": N_("een regeling niet is nagekomen"),
    "kept": N_("een regeling is nagekomen"),
}
PROMISES = {
    "open": N_("er een belofte loopt"),
    "broken": N_("een belofte niet is nagekomen"),
    "none": N_("er geen belofte is"),
}
HELP = {
    "accepted": N_("hulp is aanvaard"),
    "refused": N_("hulp is geweigerd"),
    "stopped": N_("hulp is gestopt"),
    "none": N_("er geen hulp is"),
}
REFERRALS = {
    "queued": N_("in de wachtrij staat"),
    "sent": N_("is verstuurd"),
    "accepted": N_("is aanvaard"),
    "rejected": N_("is afgewezen"),
    "closed": N_("is afgesloten"),
    "stopped": N_("is gestopt"),
    "refused_by_law": N_("door de huurder is geweigerd"),
}
LANGUAGES = {
    "nl": N_("Nederlands"),
    "en": N_("Engels"),
    "tr": N_("Turks"),
    "ar": N_("Arabisch"),
    "pl": N_("Pools"),
    "uk": N_("Oekraïens"),
}


@dataclass(frozen=True, kw_only=True)
class ConditionWords:
    """The words for conditions; `value` writes a number or gap, `step_title` names a step, `outcome` how it ended."""

    value: Callable[[Number], Markup]
    step_title: Callable[[str], str]
    outcome: Callable[[str, str], str]

    def only_if(self, asked: OnlyIf) -> Iterator[Markup]:
        """Say when the step is meant; each sentence must hold."""
        for clause in self.clauses(asked):
            yield Markup("{} {}.").format(_("Alleen als"), clause)

    def not_if(self, asked: OnlyIf) -> Iterator[Markup]:
        """Say when the step is not meant; each sentence alone is enough."""
        for clause in self.clauses(asked):
            yield Markup("{} {}.").format(_("Niet als"), clause)

    def clauses(self, asked: OnlyIf) -> Iterator[Markup]:
        """Write each entry as a clause that can follow "Alleen als" or "Niet als"."""
        yield from self._numbers(asked)
        yield from self._facts(asked)
        yield from self._sets(asked)
        yield from self._history(asked)

    def _numbers(self, asked: OnlyIf) -> Iterator[Markup]:
        for text, number, write in (
            (N_("er %(value)s of meer open staat"), asked.amount_at_least, self._money),
            (N_("er minder dan %(value)s open staat"), asked.amount_below, self._money),
            (N_("de achterstand %(value)s maanden of meer is"), asked.months_at_least, self.value),
            (N_("de achterstand minder dan %(value)s maanden is"), asked.months_below, self.value),
        ):
            if number is not None:
                yield Markup(_(text)) % {"value": write(number)}

    def _facts(self, asked: OnlyIf) -> Iterator[Markup]:
        for text, wanted in (
            (N_("de huurder ooit is bereikt"), asked.reached),
            (N_("de huurder na genoeg pogingen niet is bereikt"), asked.not_reached),
            (N_("een belofte niet is nagekomen"), asked.promise_broken),
            (N_("een regeling niet is nagekomen"), asked.plan_broken),
            (N_("er een deel is betaald"), asked.paid_in_part),
        ):
            if wanted:
                yield escape(_(text))

    def _sets(self, asked: OnlyIf) -> Iterator[Markup]:
        channels = {"reachable_by": asked.reachable_by, "unreachable_by": asked.unreachable_by}
        names = {
            key: either(label("channel", each) for each in sorted(found)) for key, found in channels.items() if found
        }
        for text, what in (
            (N_("%(what)s"), either(flag_words(each) for each in sorted(asked.flag))),
            (N_("niet geldt: %(what)s"), either(flag_words(each) for each in sorted(asked.not_flag))),
            (N_("dit de grond is: %(what)s"), either(label("ground", each) for each in sorted(asked.ground))),
            (N_("dit de oorzaak is: %(what)s"), either(label("cause", each) for each in sorted(asked.cause))),
            (N_("de taal %(what)s is"), either(_language(each) for each in sorted(asked.language))),
            (N_("de taal niet %(what)s is"), either(_language(each) for each in sorted(asked.not_language))),
            (N_("het in deze wijk is: %(what)s"), either(sorted(asked.area))),
            (N_("de huurder bereikbaar is via %(what)s"), names.get("reachable_by", "")),
            (N_("de huurder niet bereikbaar is via %(what)s"), names.get("unreachable_by", "")),
            (N_("%(what)s"), either(_(PLANS[each]) for each in sorted(asked.plan))),
            (N_("%(what)s"), either(_(PROMISES[each]) for each in sorted(asked.promise))),
            (N_("%(what)s"), either(_(HELP[each]) for each in sorted(asked.help))),
            (N_("deze datum bekend is: %(what)s"), either(_(DATES[each]) for each in sorted(asked.date_known))),
            (N_("deze datum niet bekend is: %(what)s"), either(_(DATES[each]) for each in sorted(asked.date_unknown))),
        ):
            if what:
                yield escape(_(text, what=what))

    def _history(self, asked: OnlyIf) -> Iterator[Markup]:
        if asked.referral is not None:
            states = either(_(REFERRALS[each]) for each in sorted(asked.referral.states))
            partner = target(asked.referral.target)
            yield escape(_("de melding bij %(partner)s %(states)s", partner=partner, states=states))
        if asked.outcome is not None:
            ends = either(self.outcome(asked.outcome.step, each) for each in sorted(asked.outcome.outcomes))
            title = self.step_title(asked.outcome.step)
            yield escape(_("de stap '%(step)s' eindigde met: %(ends)s", step=title, ends=ends))

    def _money(self, value: Number) -> Markup:
        return escape(money(value)) if isinstance(value, int) else self.value(value)


def flag_words(code: str) -> str:
    """Write a feature of a case as a clause."""
    return _(FLAGS[code]) if code in FLAGS else code.replace("_", " ")


def _language(code: str) -> str:
    return _(LANGUAGES[code]) if code in LANGUAGES else code


def either(words: Iterable[str]) -> str:
    """List words of which one is enough; an empty list gives an empty text."""
    return _listed(list(words), _("of"))


def both(words: Iterable[str]) -> str:
    """List words that all count."""
    return _listed(list(words), _("en"))


def _listed(words: list[str], last: str) -> str:
    return "".join(words) if len(words) < 2 else f"{', '.join(words[:-1])} {last} {words[-1]}"
