"""The channels of the product: one literal table, and what the settings make of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from channels.contract import Channel
from channels.failover import Failover
from channels.keeping import Keeping
from channels.sandbox import NO_FAULTS, Responder, SandboxChannel, SandboxFaults, SandboxStore
from channels.sandbox import PROVIDER as SANDBOX
from channels.scripts import NO_SCRIPTS, Scripts
from channels.settings import ChannelSettings

Address = Literal["phone", "email", "postal", "person"]
State = Literal["staff", "sandbox", "trial", "live", "off", "absent"]

_ACCOUNT = ("twilio_account_sid", "twilio_auth_token")


@dataclass(frozen=True, kw_only=True)
class ProviderSpec:
    """Who carries a channel: the settings that it needs, and its adapter as `module:class`.

    The adapter is imported when it is built: a sandbox needs no provider's client. `keeps`: it stores what comes
    back before it tells the provider that it has it.
    """

    name: str
    adapter: str
    needs: tuple[str, ...]
    keeps: bool = False

    def build(self, settings: ChannelSettings, scripts: Scripts, keeping: Keeping | None = None) -> Channel:
        """Make the adapter. Raises ImportError when the client of this provider is not installed."""
        module, _, name = self.adapter.partition(":")
        more = {"keeping": keeping} if self.keeps else {}
        made: Channel = getattr(import_module(module), name)(settings=settings, scripts=scripts, **more)
        return made


@dataclass(frozen=True, kw_only=True)
class ChannelSpec:
    """A channel: who carries it and which outcomes it can have.

    `staff` channels are tasks for a person; no adapter is built for them. `providers` are the providers beside the
    sandbox; `chosen` says which of them these settings use, in order.
    """

    name: str
    staff: bool
    providers: tuple[ProviderSpec, ...]
    outcomes: frozenset[str]
    address: Address

    def chosen(self, settings: ChannelSettings) -> tuple[ProviderSpec, ...]:
        """Return the providers that are used, the first one first."""
        if self.name != "sms":
            return self.providers[:1]
        known = {provider.name: provider for provider in self.providers}
        return tuple(known[name] for name in settings.sms_gateways if name in known)


_MENU = frozenset(f"menu_{key}" for key in range(1, 10))

CHANNELS: Mapping[str, ChannelSpec] = {
    "sms": ChannelSpec(
        name="sms",
        staff=False,
        providers=(
            ProviderSpec(
                name="twilio",
                adapter="channels.twilio_gateway:TwilioSms",
                needs=(*_ACCOUNT, "twilio_messaging_service|twilio_sender"),
            ),
            ProviderSpec(
                name="smpp",
                adapter="channels.smpp_gateway:SmppSms",
                needs=("smpp_host", "smpp_system_id", "smpp_password", "smpp_sender"),
                keeps=True,
            ),
        ),
        outcomes=frozenset({"delivered", "undelivered", "failed"}),
        address="phone",
    ),
    "whatsapp": ChannelSpec(
        name="whatsapp",
        staff=False,
        providers=(
            ProviderSpec(
                name="twilio",
                adapter="channels.twilio_gateway:TwilioWhatsApp",
                needs=(*_ACCOUNT, "twilio_whatsapp_sender"),
            ),
        ),
        outcomes=frozenset({"delivered", "read", "undelivered", "failed"}),
        address="phone",
    ),
    "email": ChannelSpec(
        name="email",
        staff=False,
        providers=(
            ProviderSpec(
                name="smtp",
                adapter="channels.email_smtp:EmailSmtp",
                needs=("smtp_host", "mail_sender", "secret_key"),
            ),
        ),
        outcomes=frozenset({"delivered", "bounced"}),
        address="email",
    ),
    "letter": ChannelSpec(
        name="letter",
        staff=False,
        providers=(ProviderSpec(name="print", adapter="channels.print_house:PrintHouse", needs=("print_dir",)),),
        outcomes=frozenset({"posted", "returned"}),
        address="postal",
    ),
    "robocall": ChannelSpec(
        name="robocall",
        staff=False,
        providers=(
            ProviderSpec(
                name="twilio",
                adapter="channels.twilio_voice:TwilioVoice",
                needs=(*_ACCOUNT, "twilio_voice_sender", "public_url"),
            ),
        ),
        outcomes=_MENU | {"confirmed", "talked", "voicemail", "no_answer", "busy", "wrong_number", "hung_up", "failed"},
        address="phone",
    ),
    "card": ChannelSpec(name="card", staff=True, providers=(), outcomes=frozenset({"left"}), address="postal"),
    "call": ChannelSpec(
        name="call",
        staff=True,
        providers=(),
        outcomes=frozenset({"talked", "no_answer", "voicemail", "wrong_number", "refused"}),
        address="person",
    ),
    "visit": ChannelSpec(
        name="visit",
        staff=True,
        providers=(),
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
    settings: ChannelSettings,
    store: SandboxStore,
    respond: Responder,
    faults: SandboxFaults = NO_FAULTS,
    scripts: Scripts = NO_SCRIPTS,
    keeping: Keeping | None = None,
) -> Mapping[str, Channel]:
    """Build the channels that these settings allow; an absent or a staff channel is not in the answer."""
    statuses = {status.name: status for status in describe(settings)}
    built: dict[str, Channel] = {}
    for name, spec in CHANNELS.items():
        provider = statuses[name].provider
        if provider == SANDBOX:
            built[name] = SandboxChannel(name=name, outcomes=spec.outcomes, store=store, respond=respond, faults=faults)
        elif provider is not None:
            gateways = [each.build(settings, scripts, keeping) for each in spec.chosen(settings)]
            built[name] = Failover(gateways) if len(gateways) > 1 else gateways[0]
    return built


RATES: Mapping[tuple[str, str], str] = {
    ("sms", "twilio"): "twilio_segments_per_second",
    ("sms", "smpp"): "smpp_segments_per_second",
    ("whatsapp", "twilio"): "whatsapp_per_second",
    ("robocall", "twilio"): "calls_per_second",
    ("email", "smtp"): "mails_per_second",
}
"""The setting that holds the rate of a channel at a provider: SMS in segments a second, others in messages or calls."""


def rates_of(settings: ChannelSettings, channels: Mapping[str, Channel]) -> dict[str, float]:
    """Give the rate of each channel that has a real provider and a rate; the sandbox and paper have none."""
    return _rates(settings, {name: channel.provider for name, channel in channels.items()})


def planned_rates(settings: ChannelSettings) -> dict[str, float]:
    """Give the rate that each channel has, or would have when it did not go to the sandbox."""
    chosen = {name: spec.chosen(settings) for name, spec in CHANNELS.items()}
    return _rates(settings, {name: providers[0].name for name, providers in chosen.items() if providers})


def _rates(settings: ChannelSettings, providers: Mapping[str, str]) -> dict[str, float]:
    known = {name: RATES.get((name, provider)) for name, provider in providers.items()}
    return {name: float(getattr(settings, key)) for name, key in known.items() if key is not None}


def _status(spec: ChannelSpec, settings: ChannelSettings) -> ChannelStatus:
    chosen = spec.chosen(settings)
    missing = settings.missing(tuple(dict.fromkeys(key for provider in chosen for key in provider.needs)))
    state = _state(spec, settings, missing)
    first = chosen[0].name if chosen else None
    provider = {"sandbox": SANDBOX, "staff": None, "absent": None}.get(state, first)
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
