"""The simulated tenants behind the sandbox: receipts, replies and keys pressed, all from the behaviour model.

Replies come in a few minutes before a tick, so that a simulated day of ticks answers within ten minutes as a
webhook does; a few come late in the evening and are found the next morning.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from channels.contract import Outbound
from channels.sandbox import Responder, SimulatedEvent
from outreach.sample.chance import draw, happens
from schedules.behaviour import Response, TenantProfile, plan_reply, profile_of, respond
from schedules.calendar import to_local

COLLECTION_TEMPLATES = frozenset(
    {
        *("reminder", "second_reminder", "third_reminder", "reminder_help", "fourteen_day_letter"),
        *("first_contact", "contact_request", "visit_announcement", "help_offer", "arrears_report_notice"),
        "robocall_arrears",
    }
)
"""Texts on which a tenant acts by himself; other texts only bring a receipt."""

DIALOGUE: Mapping[str, str] = {
    "answer_plan_ask": "amount",
    "answer_plan_again": "amount",
    "answer_plan_debts": "debts",
    "answer_plan_proposed": "confirm",
    "plan_repair": "confirm",
}
WRITES_BACK = frozenset({"sms", "whatsapp", "email"})
FIRST_HOUR, LAST_HOUR = 8, 20
LATE_REPORT_MINUTES = 95
TICK = timedelta(hours=1)
ENGLISH: Mapping[str, str] = {
    "REGELING": "PLAN",
    "regeling graag": "payment plan please",
    "BEL MIJ": "CALL ME",
    "BETAALD": "PAID",
    "heb al betaald": "I have already paid",
    "HULP": "HELP",
    "JA": "YES",
    "Ja graag": "yes please",
    "ja": "yes",
    "nee": "no",
    "NEE": "NO",
    "50 per maand": "50 a month",
    "ik betaal vrijdag": "I will pay Friday",
    "ik betaal morgen": "I will pay tomorrow",
    "verkeerd nummer": "wrong number",
}


def stable_key(tenant: str, key: str, template: str, at: datetime) -> str:
    """Name an attempt without database numbers: by ladder run, step and number, else by template and moment."""
    parts = key.split(":")
    return f"{tenant}|{':'.join(parts[1:4])}" if len(parts) == 5 else f"{tenant}|{template}|{at.isoformat()}"


SEED = 7
"""The seed of the demo, and of the tenants who answer in any other sandbox."""


def sandbox_responder(seed: int = SEED) -> Responder:
    """Make the responder of a sandbox that is no demo: whoever is written to behaves as the model says."""
    return make_responder(seed)


def make_responder(seed: int) -> Responder:
    """Make the responder of a sample: the same message gives the same answer."""

    def responder(message: Outbound) -> Sequence[SimulatedEvent]:
        tenant, template = message.extra.get("tenant", message.to), message.extra.get("template", "")
        profile = profile_of(tenant, seed)
        key = stable_key(tenant, message.key, template, message.at)
        response = respond(profile, message.channel, key, message.at, seed)
        events = _receipts(message.channel, response, key)
        reply = _reply(message, template, profile, response, key, seed)
        return [*events, reply] if reply else events

    return responder


def _receipts(channel: str, response: Response, key: str) -> list[SimulatedEvent]:
    late = LATE_REPORT_MINUTES if response.out_of_order else 0
    kind = "call" if channel == "robocall" else "receipt"
    names = {
        "read": ("delivered", "read"),
        "returned": ("posted", "returned"),
        **{f"menu_{digit}": ("confirmed", f"menu_{digit}") for digit in range(1, 10)},
    }.get(response.outcome, (response.outcome,))
    delays = _delays(channel, len(names), response, key)
    return [
        SimulatedEvent(
            kind=kind,
            outcome=name,
            delay_minutes=delay,
            late_minutes=late if place == 0 else 0,
            repeats=response.repeats - 1,
        )
        for place, (name, delay) in enumerate(zip(names, delays, strict=True))
    ]


def _delays(channel: str, count: int, response: Response, key: str) -> tuple[int, ...]:
    """Give minutes per receipt: seconds later for a message, the evening for the post, days for what comes back."""
    if channel == "letter":
        return (240, 240 + 1440 * (3 + draw(4, key, "returned")))[:count]
    return (1 + draw(3, key, "receipt"), 4 + response.delay_minutes)[:count]


def _reply(
    message: Outbound, template: str, profile: TenantProfile, response: Response, key: str, seed: int
) -> SimulatedEvent | None:
    if message.channel not in WRITES_BACK or response.outcome in ("failed", "undelivered", "bounced"):
        return None
    asked = DIALOGUE.get(template)
    answer = plan_reply(profile, asked, key, seed) if asked else response
    if answer is None or answer.reply_text is None or not (asked or template in COLLECTION_TEMPLATES):
        return None
    text = ENGLISH.get(answer.reply_text, answer.reply_text) if message.language == "en" else answer.reply_text
    delay = reply_delay(message.at, answer.delay_minutes, key)
    return SimulatedEvent(kind="reply", text=text, delay_minutes=delay, repeats=response.repeats - 1)


def reply_delay(at: datetime, minutes: int, key: str) -> int:
    """Give the minutes until a reply is written: a few minutes before a tick, by day; one in twenty in the evening."""
    happening = to_local(at + timedelta(minutes=minutes))
    if happening.hour >= LAST_HOUR or happening.hour < FIRST_HOUR:
        if happens(5, key, "evening"):
            return minutes
        morning = happening if happening.hour < FIRST_HOUR else happening + timedelta(days=1)
        happening = morning.replace(hour=FIRST_HOUR + draw(4, key, "morning"), minute=draw(30, key, "minute"))
    before_tick = timedelta(minutes=1 + draw(8, key, "before_tick"))
    midnight = happening.replace(hour=0, minute=0, second=0, microsecond=0)
    tick = midnight + TICK * ((happening - midnight) // TICK + 1)
    while tick - before_tick <= at + timedelta(minutes=1):
        tick += TICK
    return int((tick - before_tick - at).total_seconds() // 60)
