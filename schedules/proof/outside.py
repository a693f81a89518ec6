"""Facts from outside that may strike a case at any moment: what each does to the facts, and what it brings later."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from schedules.calendar import Calendar
from schedules.facts import CaseFacts, PlanState
from schedules.ladder import Ladder
from schedules.proof.model import Sentence
from schedules.proof.outcomes import PHONE
from schedules.proof.sight import Sight
from schedules.reasons import WORDS
from schedules.schema import DATES

MONDAY, FRIDAY, SUNDAY = 0, 4, 6
PROMISE_DAYS = 7
PAUSE_DAYS = 42
PLAN_ASKED_DAYS = 7
PLAN_DAYS = 35
REPLY_DAYS = 7
REPLY_HANDLED = "reply_handled"
FLAG_DAYS = 42
EVICTION_DAYS = 21
HELD_FLAGS = ("dispute", "bereaved", "deceased", "moratorium", "child_found")
"""Flags under which nothing of the collection may go, whatever the settings say (rules.md 8, 18)."""

Apply = Callable[[CaseFacts, datetime, date], CaseFacts]


@dataclass(frozen=True, kw_only=True)
class OutsideFact:
    """One kind of fact: `then` are the facts that follow it, one of each per path, after so many days.

    `when` is always, opening (before anything happened), or about_to_go (just before it would be felt, by
    `step` or `channel`). `holds` says that time passes through no fault of the ladder.
    """

    key: str
    text: Sentence
    apply: Apply
    applies: Callable[[CaseFacts], bool] = lambda facts: True
    when: str = "always"
    then: tuple[tuple[int, str], ...] = ()
    holds: bool = False
    loses: bool = False
    step: str | None = None
    channel: str | None = None


def _fact(key: str, nl: str, en: str, apply: Apply, **values: object) -> OutsideFact:
    return OutsideFact(key=key, text=Sentence(nl=nl, en=en), apply=apply, **values)  # type: ignore[arg-type]


def _answered(facts: CaseFacts, now: datetime, **values: object) -> CaseFacts:
    return replace(facts, reached_at=now, talk_at=now, **values)  # type: ignore[arg-type]


def outside_facts(ladder: Ladder, sight: Sight, calendar: Calendar) -> dict[str, OutsideFact]:
    """Return every kind of fact that this ladder or a property can tell from no fact, by key."""
    found = [*_money(sight), *_plans(sight), *_waiting(sight, calendar), *_opt_outs(sight), *_named(ladder, sight)]
    found += [*_dates(ladder), *_help(ladder, sight), *_skips(ladder)]
    return {each.key: each for each in found}


def _money(sight: Sight) -> Iterator[OutsideFact]:
    def paid(facts: CaseFacts, now: datetime, today: date) -> CaseFacts:
        return replace(facts, amount_cents=0)

    def in_part(facts: CaseFacts, now: datetime, today: date) -> CaseFacts:
        return replace(facts, amount_cents=facts.amount_cents // 2, paid_in_part=True)

    yield _fact("paid", "De huurder betaalt alles.", "The tenant pays everything.", paid)
    if _amounts(sight) or any(c.paid_in_part for c in sight.conditions):
        yield _fact(
            "paid_in_part",
            "De huurder betaalt de helft.",
            "The tenant pays half.",
            in_part,
            applies=lambda facts: not facts.paid_in_part,
        )


def _plans(sight: Sight) -> Iterator[OutsideFact]:
    def state(value: PlanState) -> Apply:
        return lambda facts, now, today: replace(facts, plan=value)

    def asked(facts: CaseFacts, now: datetime, today: date) -> CaseFacts:
        return _answered(facts, now, plan=PlanState.REQUESTED)

    yield _fact(
        "plan_requested",
        "De huurder vraagt om een betalingsregeling.",
        "The tenant asks for a payment plan.",
        asked,
        applies=lambda facts: facts.plan is PlanState.NONE,
        then=((PLAN_ASKED_DAYS, "plan_active"),),
        holds=True,
    )
    yield _fact(
        "plan_active",
        "De betalingsregeling gaat in.",
        "The payment plan starts.",
        state(PlanState.ACTIVE),
        when="follows",
        then=((PLAN_DAYS, "plan_broken"), *(((PLAN_DAYS, "plan_kept"),) if _names_kept(sight) else ())),
        holds=True,
    )
    yield _fact(
        "plan_broken",
        "De huurder komt de regeling niet na; de regeling stopt.",
        "The tenant does not keep the plan; it ends.",
        state(PlanState.BROKEN),
        when="follows",
    )
    yield _fact(
        "plan_kept",
        "De regeling is nagekomen, maar er staat weer huur open.",
        "The plan was kept, but rent is open again.",
        state(PlanState.KEPT),
        when="follows",
    )


def _names_kept(sight: Sight) -> bool:
    return any("kept" in condition.plan for condition in sight.conditions)


def _waiting(sight: Sight, calendar: Calendar) -> Iterator[OutsideFact]:
    def promised(facts: CaseFacts, now: datetime, today: date) -> CaseFacts:
        return _answered(facts, now, promise_until=promised_on(today), promised_at=now)

    def replied(facts: CaseFacts, now: datetime, today: date) -> CaseFacts:
        return _answered(facts, now, busy_talk=True)

    def paused(facts: CaseFacts, now: datetime, today: date) -> CaseFacts:
        return replace(facts, pause_reason="other")

    def paused_until(facts: CaseFacts, now: datetime, today: date) -> CaseFacts:
        return replace(
            facts, pause_reason="other", pause_until=next_weekday(today + timedelta(days=PAUSE_DAYS - 1), SUNDAY)
        )

    yield _fact(
        "promised",
        f"De huurder belooft te betalen, over {PROMISE_DAYS} dagen of iets meer.",
        f"The tenant promises to pay, in {PROMISE_DAYS} days or a little more.",
        promised,
        holds=True,
    )
    yield _fact(
        "replied",
        "De huurder schrijft terug; een medewerker moet antwoorden.",
        "The tenant writes back; a person has to answer.",
        replied,
        then=((REPLY_DAYS, REPLY_HANDLED),),
        holds=True,
    )
    yield _fact(
        REPLY_HANDLED,
        "Een medewerker heeft geantwoord.",
        "A person has answered.",
        lambda facts, now, today: replace(facts, busy_talk=False),
        when="follows",
    )
    yield _fact(
        "paused",
        "Een medewerker zet het dossier stil.",
        "A person pauses the case.",
        paused,
        applies=lambda facts: facts.pause_reason is None,
        then=((PAUSE_DAYS, "resumed"),),
        holds=True,
    )
    yield _fact(
        "paused_until",
        f"Een medewerker zet het dossier {PAUSE_DAYS} dagen stil.",
        f"A person pauses the case for {PAUSE_DAYS} days.",
        paused_until,
        applies=lambda facts: facts.pause_reason is None,
        then=((PAUSE_DAYS, "resumed"),),
        holds=True,
    )
    yield _fact(
        "resumed",
        "Het dossier gaat weer verder.",
        "The case goes on again.",
        lambda facts, now, today: replace(facts, pause_reason=None, pause_until=None),
        when="follows",
    )
    yield from _flags_that_hold(sight)


def _flags_that_hold(sight: Sight) -> Iterator[OutsideFact]:
    """Yield flags that hold, one per class that settings and ladder can tell apart; a child found for itself."""
    titles = {
        "dispute": ("De huurder betwist de schuld.", "The tenant disputes the debt."),
        "bereaved": ("Er is iemand overleden in het gezin.", "Somebody in the family has died."),
        "deceased": ("De huurder is overleden.", "The tenant has died."),
        "moratorium": ("De rechter geeft een adempauze (moratorium).", "The court gives a moratorium."),
        "child_found": ("Er blijkt een kind in huis te zijn.", "There turns out to be a child in the home."),
    }
    named = frozenset(f for c in sight.conditions for f in (*c.flag, *c.not_flag))
    seen: set[tuple[bool, ...]] = set()
    for flag in HELD_FLAGS:
        kind = (flag in sight.settings.hold_flags, flag in named, flag == "child_found")
        if kind in seen:
            continue
        seen.add(kind)
        nl, en = titles[flag]
        yield _fact(
            f"flag:{flag}",
            nl,
            en,
            _flagged(flag),
            applies=_has_no(flag),
            then=((FLAG_DAYS, f"over:{flag}"),),
            holds=True,
        )
        over = ("Dat is opgelost; het dossier gaat verder.", "That is settled; the case goes on.")
        yield _fact(f"over:{flag}", *over, _unflagged(flag), when="follows")


def _flagged(flag: str) -> Apply:
    return lambda facts, now, today: replace(facts, flags=facts.flags | {flag})


def _unflagged(flag: str) -> Apply:
    return lambda facts, now, today: replace(facts, flags=facts.flags - {flag})


def _has_no(flag: str) -> Callable[[CaseFacts], bool]:
    return lambda facts: flag not in facts.flags


def _opt_outs(sight: Sight) -> Iterator[OutsideFact]:
    def blocked(channel: str) -> Apply:
        return lambda facts, now, today: replace(
            facts,
            blocked_channels={**facts.blocked_channels, channel: "opted_out"},
            channels=facts.channels - {channel},
        )

    used = frozenset(channel for channels in sight.channels for channel in channels) - {"card"}
    for channel in sorted(used):
        nl, en = f"De huurder wil niets meer via {_DUTCH[channel]}.", f"The tenant opts out of {channel}."
        yield _fact(
            f"opted_out:{channel}",
            nl,
            en,
            blocked(channel),
            applies=lambda facts, channel=channel: channel not in facts.blocked_channels,
            when="about_to_go",
            loses=True,
            channel=channel,
        )


_DUTCH = {
    "sms": "sms", "whatsapp": "WhatsApp", "email": "e-mail", "letter": "brieven", "robocall": "de belcomputer",
    "call": "de telefoon", "visit": "huisbezoek",
}  # fmt: skip


def _named(ladder: Ladder, sight: Sight) -> Iterator[OutsideFact]:
    """Yield the flags, grounds, causes, languages, areas and amounts that the ladder asks for."""
    conditions = sight.conditions
    flags = sorted({f for c in conditions for f in (*c.flag, *c.not_flag)} | ladder.exclusions)
    for flag in flags:
        if flag not in HELD_FLAGS:
            yield _fact(
                f"flag:{flag}",
                f"Het blijkt: {_nl(flag)}.",
                f"It turns out: {_en(flag)}.",
                _flagged(flag),
                applies=_has_no(flag),
                holds=flag in ladder.exclusions,
            )
    if any(c.ground for c in conditions) or any("ground" in step.needs for step in ladder.steps):
        for ground in sorted({g for c in conditions for g in c.ground} or {"worry"}):
            yield _fact(
                f"ground:{ground}",
                f"Er is een grond: {_nl(ground)}.",
                f"There is a ground: {_en(ground)}.",
                _grounded(ground),
            )
    for cause in sorted({each for c in conditions for each in c.cause}):
        yield _fact(f"cause:{cause}", f"De oorzaak is: {_nl(cause)}.", f"The cause is: {_en(cause)}.", _caused(cause))
    for language in _languages(sight):
        text = (f"De huurder spreekt {language}.", f"The tenant speaks {language}.")
        yield _fact(f"language:{language}", *text, _speaks(language), when="opening")
    for area in sorted({each for c in conditions for each in c.area}):
        yield _fact(
            f"area:{area}", f"De woning staat in {area}.", f"The dwelling is in {area}.", _in_area(area), when="opening"
        )
    for cents in sorted(_amounts(sight)):
        euros = f"{(cents - 1) // 100} euro"
        yield _fact(
            f"owes:{cents}",
            f"De achterstand is {euros}.",
            f"The arrears are {euros}.",
            _owes(cents - 1),
            when="opening",
        )


OTHER_LANGUAGES = ("tr", "ar", "pl", "uk", "so", "fr")
"""What a tenant may speak where a ladder sets Dutch apart: the first that the ladder does not name."""


def _languages(sight: Sight) -> list[str]:
    """Return the languages beside Dutch that the ladder names, and one that it does not where it names Dutch."""
    named = {each for c in sight.conditions for each in (*c.language, *c.not_language)}
    other = {each for each in OTHER_LANGUAGES if each not in named} if "nl" in named else set()
    return sorted(named - {"nl"}) + sorted(other, key=OTHER_LANGUAGES.index)[:1]


def _nl(word: str) -> str:
    return WORDS[word][0] if word in WORDS else word.replace("_", " ")


def _en(word: str) -> str:
    return WORDS[word][1] if word in WORDS else word.replace("_", " ")


def _amounts(sight: Sight) -> frozenset[int]:
    numbers = (n for c in sight.conditions for n in (c.amount_at_least, c.amount_below) if n is not None)
    floor = sight.settings.minimum_amount_cents
    return frozenset(value for value in map(sight.value, numbers) if value - 1 >= floor)


def _grounded(ground: str) -> Apply:
    return lambda facts, now, today: replace(facts, grounds=facts.grounds | {ground})


def _caused(cause: str) -> Apply:
    return lambda facts, now, today: replace(facts, cause=cause)


def _speaks(language: str) -> Apply:
    return lambda facts, now, today: replace(facts, language=language)


def _in_area(area: str) -> Apply:
    return lambda facts, now, today: replace(facts, area=area)


def _owes(cents: int) -> Apply:
    return lambda facts, now, today: replace(facts, amount_cents=cents)


def _dates(ladder: Ladder) -> Iterator[OutsideFact]:
    titles = {
        "summons": ("De dagvaarding is verstuurd.", "The summons has been sent."),
        "judgment": ("Er is een vonnis.", "There is a judgment."),
        "eviction": (
            f"De ontruiming staat gepland over {EVICTION_DAYS} dagen.",
            f"The eviction is planned in {EVICTION_DAYS} days.",
        ),
    }
    for name in DATES:
        ahead = EVICTION_DAYS if name == "eviction" else 0
        yield _fact(f"date:{name}", *titles[name], _dated(name, ahead), applies=_has_no_date(name))


def _dated(name: str, ahead: int) -> Apply:
    return lambda facts, now, today: replace(facts, dates={**facts.dates, name: today + timedelta(days=ahead)})


def _has_no_date(name: str) -> Callable[[CaseFacts], bool]:
    return lambda facts: name not in facts.dates


def _help(ladder: Ladder, sight: Sight) -> Iterator[OutsideFact]:
    """Yield what partners say back, as far as the ladder can hear it, and the refusal to be signalled."""
    names_help = any(c.help for c in sight.conditions)
    if any(step.target in {"municipality", "bailiff", "court"} for step in ladder.steps):
        yield _fact(
            "signal_refused",
            "De huurder wil niet dat de gemeente het hoort.",
            "The tenant does not want the municipality to know.",
            lambda facts, now, today: replace(facts, signal=replace(facts.signal, refused=True)),
            applies=lambda facts: not facts.signal.refused,
        )
    if sight.sees_referrals or names_help or "help_accepted" in {u for s in ladder.steps for u in s.unless}:
        yield _fact(
            "help_accepted",
            "De partner meldt: de huurder neemt de hulp aan.",
            "The partner reports: the tenant accepts the help.",
            _answer("accepted", help_accepted=True, help_refused=False),
            applies=_has_open_referral,
            then=((FLAG_DAYS, "help_stopped"),),
        )
        yield _fact(
            "help_stopped",
            "De partner meldt: de hulp is gestopt.",
            "The partner reports: the help has stopped.",
            _stop_help,
            when="follows",
        )
    if sight.sees_referrals or names_help:
        yield _fact(
            "referral_rejected",
            "De partner wijst de melding af.",
            "The partner rejects the referral.",
            _answer("rejected", help_refused=True),
            applies=_has_open_referral,
        )


def _has_open_referral(facts: CaseFacts) -> bool:
    return any(referral.state == "sent" for referral in facts.referrals)


def _answer(state: str, **values: object) -> Apply:
    def apply(facts: CaseFacts, now: datetime, today: date) -> CaseFacts:
        last = max((n for n, r in enumerate(facts.referrals) if r.state == "sent"), default=None)
        referrals = tuple(
            replace(r, state=state, answered_at=now) if n == last else r for n, r in enumerate(facts.referrals)
        )
        return replace(facts, referrals=referrals, **values)  # type: ignore[arg-type]

    return apply


def _stop_help(facts: CaseFacts, now: datetime, today: date) -> CaseFacts:
    referrals = tuple(
        replace(r, state="stopped", answered_at=now) if r.state == "accepted" else r for r in facts.referrals
    )
    return replace(facts, referrals=referrals, help_accepted=False, help_stopped=True)


def _skips(ladder: Ladder) -> Iterator[OutsideFact]:
    def skipped(key: str) -> Apply:
        return lambda facts, now, today: replace(facts, steps_skipped=facts.steps_skipped | {key})

    for step in ladder.steps:
        if step.kind.value == "card":
            continue
        yield _fact(
            f"skipped:{step.key}",
            f"Een medewerker slaat de stap over: {step.title['nl']}.",
            f"A person skips the step: {step.title['en']}.",
            skipped(step.key),
            applies=lambda facts, key=step.key: key not in facts.steps_skipped,
            when="about_to_go",
            loses=True,
            step=step.key,
        )


def morning_after(calendar: Calendar, now: datetime, days: int) -> datetime:
    """Return half past seven on the civil day that is so many days later: when the day is decided."""
    return calendar.utc(calendar.day_of(now) + timedelta(days=days), time(7, 30))


def next_weekday(day: date, weekday: int) -> date:
    """Return the first such weekday (0 is Monday) on or after a day: what lasts ends on one, to keep states few."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def promised_on(day: date) -> date:
    """Return the Friday by which a tenant promises on a civil day to pay."""
    return next_weekday(day + timedelta(days=PROMISE_DAYS), FRIDAY)


def over_at(calendar: Calendar, now: datetime, days: int) -> datetime:
    """Return the first Monday morning at least so many days later: when what lasts is over."""
    return calendar.utc(next_weekday(calendar.day_of(now) + timedelta(days=days), MONDAY), time(7, 30))


__all__ = ["HELD_FLAGS", "PHONE", "OutsideFact", "morning_after", "outside_facts", "over_at"]
