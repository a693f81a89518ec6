"""One model of how tenants behave, for sandbox and simulator: deterministic by hashing, sourced in behaviour.yaml."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from schedules.calendar import to_local

ROBOCALL_MENU = ("menu_1", "menu_2", "menu_3", "menu_4", "menu_9")
Faults = Mapping[str, Mapping[str, int]]
EVENING_BONUS = 15
"""Percentage points more people pick up after 17:00 (assumption)."""


@dataclass(frozen=True, kw_only=True)
class TenantProfile:
    """One kind of tenant: chances in percent, days to a payment, and where the figures come from."""

    kind: str
    share: int
    source: str
    pays: int
    within_days: int
    answers: int
    visit_home: int
    call_talks: int


@dataclass(frozen=True, kw_only=True)
class Response:
    """What a contact brings about: outcome, delay of receipt or reply, words, payment, faults of receipts."""

    outcome: str
    delay_minutes: int
    reply_text: str | None = None
    pays_in_days: int | None = None
    repeats: int = 1
    out_of_order: bool = False


@lru_cache(maxsize=1)
def behaviour_data() -> Mapping[str, Any]:
    """Return the figures of behaviour.yaml."""
    data: Mapping[str, Any] = yaml.safe_load(files("schedules").joinpath("behaviour.yaml").read_text("utf-8"))
    return data


@lru_cache(maxsize=1)
def profiles() -> tuple[TenantProfile, ...]:
    """Return every kind of tenant; their shares add up to 100 percent."""
    found = behaviour_data()["profiles"]
    return tuple(TenantProfile(kind=kind, **values) for kind, values in found.items())


def draw(top: int, *keys: object) -> int:
    """Return a number from 0 up to `top`, always the same for the same keys."""
    text = "|".join(str(key) for key in keys).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest()) % top


def _pick(options: Sequence[str], *keys: object) -> str:
    return options[draw(len(options), *keys)]


def profile_of(tenant_key: str, seed: int) -> TenantProfile:
    """Return the profile of a tenant: the same for the same key and seed."""
    left = draw(100, seed, tenant_key, "profile")
    for profile in profiles():
        left -= profile.share
        if left < 0:
            return profile
    return profiles()[-1]


def respond(
    profile: TenantProfile,
    channel: str,
    attempt_key: str,
    at: datetime,
    seed: int,
    delivery: Faults | None = None,
) -> Response:
    """Return how a tenant responds to one attempt; raise KeyError for a channel that has no outcomes.

    `delivery` replaces the percentages of what happens technically, per channel and outcome.
    """
    faults = delivery if delivery is not None else behaviour_data()["delivery"]
    outcome = _outcome(profile, channel, attempt_key, at, seed, faults)
    arrived = outcome not in {"failed", "undelivered", "bounced", "returned", "wrong_number", "no_answer", "busy"}
    receipts = behaviour_data()["receipts"]
    return Response(
        outcome=outcome,
        delay_minutes=_delay(channel, attempt_key, seed),
        reply_text=_reply(profile, channel, attempt_key, seed) if arrived else None,
        pays_in_days=_payment(profile, attempt_key, seed) if arrived else None,
        repeats=2 if draw(100, seed, attempt_key, "repeat") < receipts["repeated"] else 1,
        out_of_order=draw(100, seed, attempt_key, "order") < receipts["out_of_order"],
    )


def _outcome(profile: TenantProfile, channel: str, key: str, at: datetime, seed: int, faults: Faults) -> str:
    match channel:
        case "card":
            return "left"
        case "robocall":
            return _robocall(profile, key, at, seed, faults)
        case "call":
            return _call(profile, key, at, seed, faults)
        case "visit":
            return _visit(profile, key, at, seed, faults)
    return _fault(channel, key, seed, faults) or _arrival(channel)


def _arrival(channel: str) -> str:
    return {"letter": "posted", "sms": "delivered", "whatsapp": "delivered", "email": "delivered"}[channel]


def _fault(channel: str, key: str, seed: int, faults: Faults) -> str | None:
    """Return one of the technical outcomes of a channel by its percentage, None when none strikes."""
    left = draw(100, seed, key, channel, "delivery")
    for outcome, percent in faults[channel].items():
        left -= percent
        if left < 0:
            return str(outcome)
    return None


def _evening(at: datetime) -> int:
    return EVENING_BONUS if to_local(at).hour >= 17 else 0


def _robocall(profile: TenantProfile, key: str, at: datetime, seed: int, faults: Faults) -> str:
    chance = profile.call_talks // 2 + _evening(at)
    if profile.kind != "unreachable" and draw(100, seed, key, "picks_up") < chance:
        answered = draw(100, seed, key, "menu")
        return "confirmed" if answered < 35 else _pick(ROBOCALL_MENU, seed, key, "choice")
    return _fault("robocall", key, seed, faults) or "no_answer"


def _call(profile: TenantProfile, key: str, at: datetime, seed: int, faults: Faults) -> str:
    if draw(100, seed, key, "talks") < profile.call_talks + _evening(at):
        return "talked"
    return _fault("call", key, seed, faults) or "no_answer"


def _visit(profile: TenantProfile, key: str, at: datetime, seed: int, faults: Faults) -> str:
    if draw(100, seed, key, "home") < profile.visit_home + _evening(at):
        return _fault("visit", key, seed, faults) or "talked"
    return "not_opened" if draw(100, seed, key, "door") < 20 else "not_home"


def _delay(channel: str, key: str, seed: int) -> int:
    """Return the minutes until the receipt or the reply comes in (assumption)."""
    longest = {"letter": 2880, "email": 600, "sms": 240, "whatsapp": 180}.get(channel, 5)
    return 1 + draw(longest, seed, key, "delay")


def _reply(profile: TenantProfile, channel: str, key: str, seed: int) -> str | None:
    weight = {"sms": 100, "whatsapp": 120, "email": 50, "letter": 25, "card": 60}.get(channel, 0)
    if draw(10_000, seed, key, "reply") >= profile.answers * weight:
        return None
    return _pick(behaviour_data()["replies"][profile.kind], seed, key, "words")


def _payment(profile: TenantProfile, key: str, seed: int) -> int | None:
    if draw(100, seed, key, "pays") >= profile.pays:
        return None
    return 1 + draw(profile.within_days, seed, key, "pay_day")


PLAN_ANSWERS: Mapping[str, tuple[str, ...]] = {
    "debts": ("NEE", "nee", "NEE", "nee", "ja"),
    "confirm": ("JA", "ja", "Ja graag", "JA", "nee"),
}
"""Answers to whether other debts are paid off, and to a proposal (assumptions)."""


def plan_reply(profile: TenantProfile, asked: str, attempt_key: str, seed: int) -> Response | None:
    """Return the answer in a plan dialogue: `asked` is amount, debts or confirm; None when nothing comes back."""
    if draw(100, seed, attempt_key, asked, "goes_on") >= (40 if profile.kind in {"avoider", "unreachable"} else 85):
        return None
    options = behaviour_data()["plan_amounts"] if asked == "amount" else PLAN_ANSWERS[asked]
    delay = 2 + draw(180, seed, attempt_key, asked, "delay")
    return Response(outcome="replied", delay_minutes=delay, reply_text=_pick(options, seed, attempt_key, asked))


def keeps_instalment(profile: TenantProfile, instalment_key: str, seed: int) -> bool:
    """Say whether a tenant pays one instalment of a plan in time (assumption: 8 in 10, avoiders 5 in 10)."""
    chance = 50 if profile.kind in {"avoider", "unreachable"} else 80
    return draw(100, seed, instalment_key, "instalment") < chance
