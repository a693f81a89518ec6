"""A step of a ladder in words: when, how, how often, unless, only if; gaps of the source are marked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from outreach.web.formats import money
from outreach.web.labels import label
from outreach.web.translation import N_, _, counted, language
from schedules.ladder import (
    AfterOutcome,
    Clock,
    DayOfMonth,
    DaysAfterDue,
    DaysAfterStep,
    DaysFromDate,
    Gap,
    Ladder,
    MonthsInArrears,
    Number,
    OnlyIf,
    Step,
)

UNLESS = {
    "reached": N_("de huurder pas is bereikt"),
    "ever_reached": N_("de huurder ooit is bereikt"),
    "help_accepted": N_("de huurder hulp heeft aanvaard"),
    "plan_active": N_("er een regeling loopt"),
    "promise_open": N_("er een belofte loopt"),
    "paused": N_("het dossier stilstaat"),
    "referral_accepted": N_("een partner de melding heeft opgepakt"),
}
NEEDS = {
    "signal_conditions": N_("het bewijs voor het vroegsignaal en een afspraak met de gemeente"),
    "personal_contact": N_("een gesprek of huisbezoek dat echt is gedaan"),
    "ground": N_("een vastgelegde grond"),
    "early_signal": N_("een vroegsignaal dat is verstuurd of geweigerd"),
    "written_reminder": N_("een schriftelijke herinnering"),
}
DATES = {"summons": N_("de dagvaarding"), "judgment": N_("het vonnis"), "eviction": N_("de ontruiming")}
DAY_PARTS = {"morning": N_("'s ochtends"), "afternoon": N_("'s middags"), "evening": N_("'s avonds")}
WEEKDAYS = (N_("maandag"), N_("dinsdag"), N_("woensdag"), N_("donderdag"), N_("vrijdag"), N_("zaterdag"))
TARGETS = {
    "via": N_("Integrale aanpak (ViA)"),
    "stadsring51": N_("Schuldhulp (Stadsring51)"),
    "last_chance": N_("Laatste kans"),
    "crisis_team": N_("Crisisteam"),
}
FLAGS = {
    "children": N_("er kinderen wonen"),
    "personally_known": N_("de huurder persoonlijk bekend is"),
    "care_avoiding": N_("de huurder zorg mijdt"),
    "represented": N_("iemand voor de huurder optreedt"),
}


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words for the steps of one ladder, with the landlord's fills for its gaps."""

    ladder: Ladder
    fills: Mapping[str, int | str]

    def when(self, step: Step) -> list[Markup]:
        """Say when a step comes; all of it must hold."""
        return [self._clock(clock) for clock in step.clocks]

    def moment(self, step: Step) -> str:
        """Say in a word or two when a step comes whose day cannot be counted."""
        for clock in step.clocks:
            match clock:
                case DayOfMonth(day=31):
                    return _("eind van de maand")
                case DayOfMonth(day=int(day)):
                    return _("de %(day)se", day=day)
                case MonthsInArrears(months=int(months)):
                    return counted("bij %(num)s maand", "bij %(num)s maanden", months)
                case DaysFromDate():
                    return _("na een datum")
        return _("daarna")

    def how(self, step: Step) -> Markup:
        """Say over which channels, in the order of falling back, or to whom."""
        if step.target:
            return escape(_(TARGETS[step.target]) if step.target in TARGETS else label("partner", step.target))
        names = [
            self.value(name) if isinstance(name, Gap) else escape(label("channel", name)) for name in step.channels
        ]
        return Markup(" {} ").format(_("anders")).join(names)

    def details(self, step: Step) -> Iterator[Markup]:
        """Say how often, unless, only if, and what must be there first."""
        yield from self._attempts(step)
        if step.unless:
            yield escape(_("Niet als %(conditions)s.", conditions=_either(_(UNLESS[each]) for each in step.unless)))
        yield from self._only_if(step.only_if)
        if step.needs:
            yield escape(_("Nodig: %(things)s.", things=_both(_(NEEDS[each]) for each in step.needs)))
        if step.asks_to_call:
            yield escape(_("Alleen in kantooruren, want het vraagt om te bellen."))
        if step.expires_days is not None:
            yield escape(
                counted("Na %(num)s dag niet meer zinvol.", "Na %(num)s dagen niet meer zinvol.", step.expires_days)
            )

    def value(self, value: Number | str) -> Markup:
        """Write a number, or a gap with its fill, marked; an open gap as a question mark."""
        if not isinstance(value, Gap):
            return escape(value)
        found = self.fills.get(value.name)
        if isinstance(found, str):
            found = label("channel", found)
        look = "gap" if found is not None else "gap gap--open"
        return Markup('<span class="{}" title="{}">{}</span>').format(
            look, _("staat niet in de bron"), "?" if found is None else found
        )

    def title(self, key: str) -> str:
        """Return the title of a step."""
        step = self.ladder.step(key)
        return step.title[language()] if step else key

    def _clock(self, clock: Clock) -> Markup:
        match clock:
            case DaysAfterDue(days=days):
                return Markup(_("Op dag %(days)s na de vervaldag.")) % {"days": self.value(days)}
            case DaysAfterStep(step=step, days=days):
                return self._after_step(step, days)
            case MonthsInArrears(months=months):
                return Markup(_("Bij %(months)s maanden achterstand.")) % {"months": self.value(months)}
            case DayOfMonth(day=31):
                return escape(_("Op de laatste dag van de maand."))
            case DayOfMonth(day=day):
                return Markup(_("Op dag %(day)s van de maand.")) % {"day": self.value(day)}
            case AfterOutcome(step=step, outcomes=outcomes):
                words = _either(label("outcome", each) for each in sorted(outcomes))
                return escape(
                    _("Meteen als '%(step)s' eindigt met: %(outcomes)s.", step=self.title(step), outcomes=words)
                )
            case DaysFromDate(date=name, days=days):
                before = isinstance(days, int) and days < 0
                text = _("%(days)s dagen voor %(date)s.") if before else _("%(days)s dagen na %(date)s.")
                shown = self.value(abs(days) if isinstance(days, int) else days)
                return Markup(text) % {"days": shown, "date": _(DATES[name])}

    def _after_step(self, step: str, days: Number) -> Markup:
        if days == 0:
            return escape(_("Zodra '%(step)s' klaar is.", step=self.title(step)))
        return Markup(_("%(days)s dagen na '%(step)s'.")) % {"days": self.value(days), "step": self.title(step)}

    def _attempts(self, step: Step) -> Iterator[Markup]:
        tries = step.attempts
        if isinstance(tries.max, Gap) or tries.max > 1:
            text = Markup(_("Hooguit %(max)s pogingen, %(gap)s dagen uit elkaar.")) % {
                "max": self.value(tries.max),
                "gap": self.value(tries.gap_days),
            }
            yield text
        if tries.day_parts:
            yield escape(
                _("Op wisselende dagdelen: %(parts)s.", parts=", ".join(_(DAY_PARTS[p]) for p in tries.day_parts))
            )
        if tries.weekdays:
            days = _either(_(WEEKDAYS[day]) for day in sorted(tries.weekdays))
            yield escape(_("Alleen op %(days)s.", days=days))

    def _only_if(self, only: OnlyIf) -> Iterator[Markup]:
        if only.amount_at_least is not None:
            yield Markup(_("Alleen vanaf %(amount)s.")) % {"amount": self._money(only.amount_at_least)}
        if only.months_at_least is not None:
            yield Markup(_("Alleen vanaf %(months)s maanden achterstand.")) % {
                "months": self.value(only.months_at_least)
            }
        if only.flag:
            yield escape(_("Alleen als %(what)s.", what=_either(_flag(each) for each in sorted(only.flag))))
        if only.not_flag:
            yield escape(
                _("Niet als %(conditions)s.", conditions=_either(_flag(each) for each in sorted(only.not_flag)))
            )
        if only.ground:
            yield escape(
                _("Alleen op grond van: %(what)s.", what=_either(label("ground", g) for g in sorted(only.ground)))
            )
        if only.cause:
            yield escape(
                _("Alleen bij oorzaak: %(what)s.", what=_either(label("cause", c) for c in sorted(only.cause)))
            )
        if only.not_reached:
            yield escape(_("Alleen als de huurder na genoeg pogingen niet is bereikt."))
        if only.promise_broken:
            yield escape(_("Alleen als een belofte niet is nagekomen."))
        if only.plan_broken:
            yield escape(_("Alleen als een regeling niet is nagekomen."))

    def _money(self, value: Number) -> Markup:
        return escape(money(value)) if isinstance(value, int) else self.value(value)


def _flag(code: str) -> str:
    return _(FLAGS[code]) if code in FLAGS else code.replace("_", " ")


def _either(words: Iterable[str]) -> str:
    return _listed(list(words), _("of"))


def _both(words: Iterable[str]) -> str:
    return _listed(list(words), _("en"))


def _listed(words: list[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
