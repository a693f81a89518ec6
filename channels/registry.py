"""The channels of the product: one literal table, and what the settings make of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from channels.contract import Channel
from channels.sandbox import NO_FAULTS, Responder, SandboxChannel, SandboxFaults, SandboxStore
from channels.sandbox import PROVIDER as SANDBOX
from channels.settings import ChannelSettings

Address = Literal["phone", "email", "postal", "person"]
State = Literal["staff", "sandbox", "trial", "live", "off", "absent"]

_TWILIO = "twilio"
_TWILIO_KEYS = ("twilio_account_sid", "twilio_auth_token", "twilio_messaging_service|twilio_sender")


@dataclass(frozen=True, kw_only=True)
class ChannelSpec:
    """A channel: who carries it, which settings its provider needs, which outcomes it can have.

    `staff` channels are tasks for a person; no adapter is built for them. `providers` are the providers
    beside the sandbox, the first one is used.
    """

    name: str
    staff: bool
    providers: tuple[str, ...]
    settings_keys: tuple[str, ...]
    outcomes: frozenset[str]
    address: Address


_MENU = frozenset(f"menu_{key}" for key in range(1, 10))

CHANNELS: Mapping[str, ChannelSpec] = {
    "sms": ChannelSpec(
        name="sms",
        staff=False,
        providers=(_TWILIO,),
        settings_keys=_TWILIO_KEYS,
        outcomes=frozenset({"delivered", "undelivered", "failed"}),
        address="phone",
    ),
    "whatsapp": ChannelSpec(
        name="whatsapp",
        staff=False,
        providers=(),
        settings_keys=(),
        outcomes=frozenset({"delivered", "read", "undelivered", "failed"}),
        address="phone",
    ),
    "email": ChannelSpec(
        name="email",
        staff=False,
        providers=(),
        settings_keys=(),
        outcomes=frozenset({"delivered", "bounced"}),
        address="email",
    ),
    "letter": ChannelSpec(
        name="letter",
        staff=False,
        providers=(),
        settings_keys=(),
        outcomes=frozenset({"posted", "returned"}),
        address="postal",
    ),
    "robocall": ChannelSpec(
        name="robocall",
        staff=False,
        providers=(),
        settings_keys=(),
        outcomes=_MENU | {"confirmed", "voicemail", "no_answer", "busy", "wrong_number", "hung_up", "failed"},
        address="phone",
    ),
    "card": ChannelSpec(
        name="card", staff=True, providers=(), settings_keys=(), outcomes=frozenset({"left"}), address="postal"
    ),
    "call": ChannelSpec(
        name="call",
        staff=True,
        providers=(),
        settings_keys=(),
        outcomes=frozenset({"talked", "no_answer", "voicemail", "wrong_number", "refused"}),
        address="person",
    ),
    "visit": ChannelSpec(
        name="visit",
        staff=True,
        providers=(),
        settings_keys=(),
        outcomes=frozenset({"talked", "not_home", "not_opened", "refused", "moved_out"}),
        address="person",
    ),
}


@dataclass(frozen=True, kw_only=True)
class ChannelStatus:
    """What a channel is in this system, and why; `missing` are the settings that are empty."""

    name: str
    state: State
    provider: str | None
    missing: tuple[str, ...]
    text_nl: str
    text_en: str


def describe(settings: ChannelSettings) -> tuple[ChannelStatus, ...]:
    """Say of every channel whether it sends, is simulated, is switched off or is absent, and why."""
    return tuple(_status(spec, settings) for spec in CHANNELS.values())


def build_channels(
    settings: ChannelSettings, store: SandboxStore, respond: Responder, faults: SandboxFaults = NO_FAULTS
) -> Mapping[str, Channel]:
    """Build the channels that these settings allow; an absent or a staff channel is not in the answer."""
    statuses = {status.name: status for status in describe(settings)}
    built: dict[str, Channel] = {}
    for name, spec in CHANNELS.items():
        status = statuses[name]
        if status.provider == SANDBOX:
            built[name] = SandboxChannel(name=name, outcomes=spec.outcomes, store=store, respond=respond, faults=faults)
        elif status.provider == _TWILIO:
            built[name] = _twilio(settings)
    return built


def _twilio(settings: ChannelSettings) -> Channel:
    """Build the Twilio channel; imported here because a sandbox needs no third of a second of Twilio."""
    from channels.twilio_gateway import TwilioSms

    return TwilioSms(settings=settings)


def _status(spec: ChannelSpec, settings: ChannelSettings) -> ChannelStatus:
    missing = settings.missing(spec.settings_keys)
    state = _state(spec, settings, missing)
    provider = {"sandbox": SANDBOX, "staff": None, "absent": None}.get(state, next(iter(spec.providers), None))
    nl, en = _TEXTS[state]
    if state == "absent" and missing:
        nl, en = f"{nl} Nodig: {', '.join(missing)}.", f"{en} Needed: {', '.join(missing)}."
    return ChannelStatus(name=spec.name, state=state, provider=provider, missing=missing, text_nl=nl, text_en=en)


def _state(spec: ChannelSpec, settings: ChannelSettings, missing: tuple[str, ...]) -> State:
    if spec.staff:
        return "staff"
    if settings.mode == "sandbox":
        return "sandbox"
    if not spec.providers or missing:
        return settings.without_provider
    return settings.mode if settings.sending_enabled else "off"


_TEXTS: Mapping[State, tuple[str, str]] = {
    "staff": ("Dit doet een medewerker.", "A member of staff does this."),
    "sandbox": ("Oefenomgeving: er gaat niets de deur uit.", "Sandbox: nothing leaves this machine."),
    "trial": ("Proef: alleen naar de testnummers.", "Trial: only to the test recipients."),
    "live": ("Verstuurt echt.", "Sends for real."),
    "off": ("Versturen staat uit.", "Sending is switched off."),
    "absent": ("Niet ingesteld.", "Not configured."),
}
