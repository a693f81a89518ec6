"""Facts of the case itself: what a ladder asks for, dates, what partners say back, steps that a person skips."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from schedules.facts import CaseFacts
from schedules.ladder import Ladder
from schedules.proof.outside_fact import (
    EVICTION_DAYS,
    FLAG_DAYS,
    HELD_FLAGS,
    Apply,
    OutsideFact,
    a_fact,
    amounts,
    flagged,
    has_no,
)
from schedules.proof.sight import Sight
from schedules.reason_words import WORDS
from schedules.schema import DATES


def _named(ladder: Ladder, sight: Sight) -> Iterator[OutsideFact]:
    """Yield the flags, grounds, causes, languages, areas and amounts that the ladder asks for."""
    conditions = sight.conditions
    flags = sorted({f for c in conditions for f in (*c.flag, *c.not_flag)} | ladder.exclusions)
    for flag in flags:
        if flag not in HELD_FLAGS:
            yield a_fact(
                f"flag:{flag}",
                f"Het blijkt: {_nl(flag)}.",
                f"It turns out: {_en(flag)}.",
                flagged(flag),
                applies=has_no(flag),
                holds=flag in ladder.exclusions,
            )
    if any(c.ground for c in conditions) or any("ground" in step.needs for step in ladder.steps):
        for ground in sorted({g for c in conditions for g in c.ground} or {"worry"}):
            yield a_fact(
                f"ground:{ground}",
                f"Er is een grond: {_nl(ground)}.",
                f"There is a ground: {_en(ground)}.",
                _grounded(ground),
            )
    for cause in sorted({each for c in conditions for each in c.cause}):
        yield a_fact(f"cause:{cause}", f"De oorzaak is: {_nl(cause)}.", f"The cause is: {_en(cause)}.", _caused(cause))
    for language in _languages(sight):
        text = (f"De huurder spreekt {language}.", f"The tenant speaks {language}.")
        yield a_fact(f"language:{language}", *text, _speaks(language), when="opening")
    for area in sorted({each for c in conditions for each in c.area}):
        yield a_fact(
            f"area:{area}", f"De woning staat in {area}.", f"The dwelling is in {area}.", _in_area(area), when="opening"
        )
    for cents in sorted(amounts(sight)):
        euros = f"{(cents - 1) // 100} euro"
        yield a_fact(
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
        yield a_fact(f"date:{name}", *titles[name], _dated(name, ahead), applies=_has_no_date(name))


def _dated(name: str, ahead: int) -> Apply:
    return lambda facts, now, today: replace(facts, dates={**facts.dates, name: today + timedelta(days=ahead)})


def _has_no_date(name: str) -> Callable[[CaseFacts], bool]:
    return lambda facts: name not in facts.dates


def _help(ladder: Ladder, sight: Sight) -> Iterator[OutsideFact]:
    """Yield what partners say back, as far as the ladder can hear it, and the refusal to be signalled."""
    names_help = any(c.help for c in sight.conditions)
    if any(step.target in {"municipality", "bailiff", "court"} for step in ladder.steps):
        yield a_fact(
            "signal_refused",
            "De huurder wil niet dat de gemeente het hoort.",
            "The tenant does not want the municipality to know.",
            lambda facts, now, today: replace(facts, signal=replace(facts.signal, refused=True)),
            applies=lambda facts: not facts.signal.refused,
        )
    if sight.sees_referrals or names_help or "help_accepted" in {u for s in ladder.steps for u in s.unless}:
        yield a_fact(
            "help_accepted",
            "De partner meldt: de huurder neemt de hulp aan.",
            "The partner reports: the tenant accepts the help.",
            _answer("accepted", help_accepted=True, help_refused=False),
            applies=_has_open_referral,
            then=((FLAG_DAYS, "help_stopped"),),
        )
        yield a_fact(
            "help_stopped",
            "De partner meldt: de hulp is gestopt.",
            "The partner reports: the help has stopped.",
            _stop_help,
            when="follows",
        )
    if names_help:
        yield a_fact(
            "help_refused",
            "De huurder wil geen hulp.",
            "The tenant wants no help.",
            lambda facts, now, today: replace(facts, help_refused=True),
            applies=lambda facts: not facts.help_refused,
        )
    if sight.sees_referrals or names_help:
        yield a_fact(
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
        yield a_fact(
            f"skipped:{step.key}",
            f"Een medewerker slaat de stap over: {step.title['nl']}.",
            f"A person skips the step: {step.title['en']}.",
            skipped(step.key),
            applies=lambda facts, key=step.key: key not in facts.steps_skipped,
            when="about_to_go",
            loses=True,
            step=step.key,
        )


def case_facts(ladder: Ladder, sight: Sight) -> Iterator[OutsideFact]:
    """Yield the facts of a case that this ladder or a property can tell from no fact."""
    yield from _named(ladder, sight)
    yield from _dates(ladder)
    yield from _help(ladder, sight)
    yield from _skips(ladder)
