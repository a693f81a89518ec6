"""A step of a ladder in words: when, how, how often, unless, only if; gaps of the source are marked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from outreach.web.labels import label, target
from outreach.web.pages.condition_words import DATES, ConditionWords, both, either
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
    Step,
    StepKind,
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
    "four_steps": N_("de vier stappen van de wet"),
    "home_visit": N_("een huisbezoek dat is gedaan"),
}
DECIDERS = {"commission": N_("Een commissie of de directie beslist."), "judge": N_("De rechter beslist.")}
DAY_PARTS = {"morning": N_("'s ochtends"), "afternoon": N_("'s middags"), "evening": N_("'s avonds")}
WEEKDAYS = (N_("maandag"), N_("dinsdag"), N_("woensdag"), N_("donderdag"), N_("vrijdag"), N_("zaterdag"))


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
            return escape(target(step.target))
        names = [
            self.value(name) if isinstance(name, Gap) else escape(_inside(label("channel", name), place))
            for place, name in enumerate(step.channels)
        ]
        return Markup(", {} ").format(_("anders")).join(names)

    def details(self, step: Step) -> Iterator[Markup]:
        """Say how often, unless, only if, and what must be there first."""
        yield from self._attempts(step)
        if step.unless:
            yield escape(_("Niet als %(conditions)s.", conditions=either(_(UNLESS[each]) for each in step.unless)))
        conditions = ConditionWords(value=self.value, step_title=self.title, outcome=self.outcome)
        yield from conditions.only_if(step.only_if)
        yield from conditions.not_if(step.not_if)
        if step.needs:
            yield escape(_("Nodig: %(things)s.", things=both(_(NEEDS[each]) for each in step.needs)))
        if step.needs_steps:
            yield escape(_("Pas na: %(steps)s.", steps=both(self.title(each) for each in step.needs_steps)))
        yield from self._decision(step)
        yield from self._rest(step)
        if step.asks_to_call:
            yield escape(_("Alleen in kantooruren, want het vraagt om te bellen."))
        if step.expires_days is not None:
            yield escape(
                counted("Na %(num)s dag niet meer zinvol.", "Na %(num)s dagen niet meer zinvol.", step.expires_days)
            )
        if step.note:
            yield escape(step.note[language()])

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

    def outcome(self, key: str, code: str) -> str:
        """Say how a step ended: what was decided, the state of a referral, or the outcome of an attempt."""
        step = self.ladder.step(key)
        if step is not None and step.kind is StepKind.DECISION:
            return next((each.title[language()] for each in step.options if each.key == code), code)
        return label("referral" if step is not None and step.kind is StepKind.REFERRAL else "outcome", code)

    def _clock(self, clock: Clock) -> Markup:
        match clock:
            case DaysAfterDue(days=days):
                return Markup(_("Op dag %(days)s na de vervaldag.")) % {"days": self.value(days)}
            case DaysAfterStep(step=step, days=days):
                return self._after_step(step, days)
            case MonthsInArrears(months=1):
                return escape(_("Bij 1 maand achterstand."))
            case MonthsInArrears(months=months):
                return Markup(_("Bij %(months)s maanden achterstand.")) % {"months": self.value(months)}
            case DayOfMonth(day=31):
                return escape(_("Op de laatste dag van de maand."))
            case DayOfMonth(day=day):
                return Markup(_("Op dag %(day)s van de maand.")) % {"day": self.value(day)}
            case AfterOutcome(step=step, outcomes=outcomes):
                words = either(self.outcome(step, each) for each in sorted(outcomes))
                return escape(
                    _("Meteen als '%(step)s' eindigt met: %(outcomes)s.", step=self.title(step), outcomes=words)
                )
            case DaysFromDate(date=name, days=0):
                return escape(_("Op de dag van %(date)s.", date=_(DATES[name])))
            case DaysFromDate(date=name, days=days):
                before = isinstance(days, int) and days < 0
                text = _("%(days)s dagen voor %(date)s.") if before else _("%(days)s dagen na %(date)s.")
                shown = self.value(abs(days) if isinstance(days, int) else days)
                return Markup(text) % {"days": shown, "date": _(DATES[name])}

    def _after_step(self, step: str, days: Number) -> Markup:
        if days == 0:
            return escape(_("Zodra '%(step)s' klaar is.", step=self.title(step)))
        if days == 1:
            return escape(_("1 dag na '%(step)s'.", step=self.title(step)))
        return Markup(_("%(days)s dagen na '%(step)s'.")) % {"days": self.value(days), "step": self.title(step)}

    def _attempts(self, step: Step) -> Iterator[Markup]:
        tries = step.attempts
        if isinstance(tries.max, Gap) or tries.max > 1:
            one = _("Hooguit %(max)s pogingen, %(gap)s dag uit elkaar.")
            more = _("Hooguit %(max)s pogingen, %(gap)s dagen uit elkaar.")
            text = Markup(one if tries.gap_days == 1 else more) % {
                "max": self.value(tries.max),
                "gap": self.value(tries.gap_days),
            }
            yield text
        if len(set(tries.day_parts)) == 1:
            yield escape(_("Steeds %(part)s.", part=_(DAY_PARTS[tries.day_parts[0]])))
        elif tries.day_parts:
            yield escape(
                _("Op wisselende dagdelen: %(parts)s.", parts=", ".join(_(DAY_PARTS[p]) for p in tries.day_parts))
            )
        if tries.other_weekday:
            yield escape(_("Elke keer op een andere dag van de week."))
        if tries.weekdays:
            days = either(_(WEEKDAYS[day]) for day in sorted(tries.weekdays))
            yield escape(_("Alleen op %(days)s.", days=days))

    def _decision(self, step: Step) -> Iterator[Markup]:
        if step.decided_by in DECIDERS:
            yield escape(_(DECIDERS[step.decided_by]))
        if step.options:
            yield escape(_("Keuzes: %(options)s.", options=either(each.title[language()] for each in step.options)))

    def _rest(self, step: Step) -> Iterator[Markup]:
        if step.pause_days is not None:
            yield Markup(_("Daarna %(days)s dagen rust.")) % {"days": self.value(step.pause_days)}
        if step.payday_within_days is not None:
            yield Markup(_("Wacht op de betaaldag als die binnen %(days)s dagen is.")) % {
                "days": self.value(step.payday_within_days)
            }
        if step.ends_ladder:
            yield escape(_("Hiermee is de contactladder klaar; mensen gaan verder."))


def _inside(name: str, place: int) -> str:
    """Write the name of a channel inside a sentence: without its capital, unless it is a name or an abbreviation."""
    is_common = place > 0 and name[1:].islower()
    return name[0].lower() + name[1:] if is_common else name
