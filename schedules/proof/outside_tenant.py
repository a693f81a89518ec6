"""Facts from the tenant and from staff: payments, plans, promises, replies, pauses, opt-outs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from schedules.facts import CaseFacts, PlanState
from schedules.proof.outside_fact import (
    FLAG_DAYS,
    HELD_FLAGS,
    PAUSE_DAYS,
    PLAN_ASKED_DAYS,
    PLAN_DAYS,
    PROMISE_DAYS,
    REPLY_DAYS,
    REPLY_HANDLED,
    SUNDAY,
    Apply,
    OutsideFact,
    a_fact,
    amounts,
    flagged,
    has_no,
    next_weekday,
    promised_on,
    unflagged,
)
from schedules.proof.sight import Sight


def _answered(facts: CaseFacts, now: datetime, **values: object) -> CaseFacts:
    return replace(facts, reached_at=now, talk_at=now, **values)  # type: ignore[arg-type]


def _money(sight: Sight) -> Iterator[OutsideFact]:
    def paid(facts: CaseFacts, now: datetime, today: date) -> CaseFacts:
        return replace(facts, amount_cents=0)

    def in_part(facts: CaseFacts, now: datetime, today: date) -> CaseFacts:
        return replace(facts, amount_cents=facts.amount_cents // 2, paid_in_part=True)

    yield a_fact("paid", "De huurder betaalt alles.", "The tenant pays everything.", paid)
    if amounts(sight) or any(c.paid_in_part for c in sight.conditions):
        yield a_fact(
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

    yield a_fact(
        "plan_requested",
        "De huurder vraagt om een betalingsregeling.",
        "The tenant asks for a payment plan.",
        asked,
        applies=lambda facts: facts.plan is PlanState.NONE,
        then=((PLAN_ASKED_DAYS, "plan_active"),),
        holds=True,
    )
    yield a_fact(
        "plan_active",
        "De betalingsregeling gaat in.",
        "The payment plan starts.",
        state(PlanState.ACTIVE),
        when="follows",
        then=((PLAN_DAYS, "plan_broken"), *(((PLAN_DAYS, "plan_kept"),) if _names_kept(sight) else ())),
        holds=True,
    )
    yield a_fact(
        "plan_broken",
        "De huurder komt de regeling niet na; de regeling stopt.",
        "The tenant does not keep the plan; it ends.",
        state(PlanState.BROKEN),
        when="follows",
    )
    yield a_fact(
        "plan_kept",
        "De regeling is nagekomen, maar er staat weer huur open.",
        "The plan was kept, but rent is open again.",
        state(PlanState.KEPT),
        when="follows",
    )


def _names_kept(sight: Sight) -> bool:
    return any("kept" in condition.plan for condition in sight.conditions)


def _waiting(sight: Sight) -> Iterator[OutsideFact]:
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

    yield a_fact(
        "promised",
        f"De huurder belooft te betalen, over {PROMISE_DAYS} dagen of iets meer.",
        f"The tenant promises to pay, in {PROMISE_DAYS} days or a little more.",
        promised,
        holds=True,
    )
    yield a_fact(
        "replied",
        "De huurder schrijft terug; een medewerker moet antwoorden.",
        "The tenant writes back; a person has to answer.",
        replied,
        then=((REPLY_DAYS, REPLY_HANDLED),),
        holds=True,
    )
    yield a_fact(
        REPLY_HANDLED,
        "Een medewerker heeft geantwoord.",
        "A person has answered.",
        lambda facts, now, today: replace(facts, busy_talk=False),
        when="follows",
    )
    yield a_fact(
        "paused",
        "Een medewerker zet het dossier stil.",
        "A person pauses the case.",
        paused,
        applies=lambda facts: facts.pause_reason is None,
        then=((PAUSE_DAYS, "resumed"),),
        holds=True,
    )
    yield a_fact(
        "paused_until",
        f"Een medewerker zet het dossier {PAUSE_DAYS} dagen stil.",
        f"A person pauses the case for {PAUSE_DAYS} days.",
        paused_until,
        applies=lambda facts: facts.pause_reason is None,
        then=((PAUSE_DAYS, "resumed"),),
        holds=True,
    )
    yield a_fact(
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
        yield a_fact(
            f"flag:{flag}",
            nl,
            en,
            flagged(flag),
            applies=has_no(flag),
            then=((FLAG_DAYS, f"over:{flag}"),),
            holds=True,
        )
        over = ("Dat is opgelost; het dossier gaat verder.", "That is settled; the case goes on.")
        yield a_fact(f"over:{flag}", *over, unflagged(flag), when="follows")


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
        yield a_fact(
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


def tenant_facts(sight: Sight) -> Iterator[OutsideFact]:
    """Yield what a tenant does, and what staff do for him, as far as this ladder or a property can tell."""
    yield from _money(sight)
    yield from _plans(sight)
    yield from _waiting(sight)
    yield from _opt_outs(sight)
