"""The settings of the channels: which system this is, what it may send to whom, and the accounts of its providers."""

from dataclasses import dataclass, field
from typing import Literal

Mode = Literal["sandbox", "trial", "live"]
"""sandbox: nothing leaves the machine; trial: only to the test recipients; live: to everybody."""


class ChannelSettingsError(Exception):
    """The settings contradict each other; the text names the setting."""


@dataclass(frozen=True, kw_only=True)
class ChannelSettings:
    """What the channels need to know, read once by the application from environment and file.

    `sending_enabled` is the explicit switch without which nothing leaves the machine. `without_provider`
    says what becomes of a channel that has no provider or no credentials in trial mode. `trial_recipients` are
    the numbers (E.164), mail addresses and addresses on paper that a trial may send to. `public_url` is where
    providers reach the webhooks, `secret_key` signs what comes back by them. `timeout` is in seconds.

    `sms_gateways` are the providers of SMS in order: the next one takes what an earlier one certainly did not.
    `twilio_base_url` is for tests only. `smtp_security` and `imap_security` are tls, starttls or none; none is for
    this machine itself only. `print_dir` is the folder from which the print house fetches.

    The rates are per second: segments of one SMS sender, calls, messages and mails. Source of the defaults:
    Twilio's support article "Understanding Twilio Rate Limits and Message Queues" (10 segments a second for an
    alphanumeric sender, 1 call a second for an account; 80 WhatsApp messages a second), to verify per account.
    """

    mode: Mode = "sandbox"
    sending_enabled: bool = False
    without_provider: Literal["absent", "sandbox"] = "absent"
    trial_recipients: frozenset[str] = frozenset()
    public_url: str = ""
    secret_key: str = field(default="", repr=False)
    timeout: float = 10.0
    connections: int = 8
    sms_gateways: tuple[str, ...] = ("twilio",)
    twilio_account_sid: str = ""
    twilio_auth_token: str = field(default="", repr=False)
    twilio_messaging_service: str = ""
    twilio_sender: str = ""
    twilio_whatsapp_sender: str = ""
    twilio_voice_sender: str = ""
    twilio_base_url: str = ""
    smpp_host: str = ""
    smpp_port: int = 2775
    smpp_tls: bool = False
    smpp_system_id: str = ""
    smpp_password: str = field(default="", repr=False)
    smpp_sender: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: Literal["tls", "starttls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    mail_sender: str = ""
    imap_host: str = ""
    imap_port: int = 993
    imap_security: Literal["tls", "starttls", "none"] = "tls"
    imap_user: str = ""
    imap_password: str = field(default="", repr=False)
    imap_folder: str = "INBOX"
    print_dir: str = ""
    twilio_segments_per_second: float = 10.0
    smpp_segments_per_second: float = 50.0
    whatsapp_per_second: float = 80.0
    calls_per_second: float = 1.0
    mails_per_second: float = 20.0

    def __post_init__(self) -> None:
        if self.mode not in ("sandbox", "trial", "live"):
            raise ChannelSettingsError(f"mode: {self.mode!r} is not sandbox, trial or live")
        if self.mode == "live" and self.without_provider == "sandbox":
            raise ChannelSettingsError("without_provider: a live system keeps no simulated messages in its record")
        if self.timeout <= 0 or self.connections < 1:
            raise ChannelSettingsError("timeout and connections must be above zero")
        for name in ("smtp_security", "imap_security"):
            if getattr(self, name) not in ("tls", "starttls", "none"):
                raise ChannelSettingsError(f"{name}: {getattr(self, name)!r} is not tls, starttls or none")
        if not self.sms_gateways or not set(self.sms_gateways) <= {"twilio", "smpp"}:
            raise ChannelSettingsError("sms_gateways: name twilio, smpp or both, in order")
        for name in RATES:
            if getattr(self, name) <= 0:
                raise ChannelSettingsError(f"{name} must be above zero")

    def missing(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """Return which of these settings are empty; `a|b` means that one of the two is enough."""
        return tuple(key for key in keys if not any(getattr(self, name) for name in key.split("|")))

    def refusal(self, to: str) -> str | None:
        """Say why nothing may leave for this recipient: the switch, the sandbox, or the list of the trial."""
        if not self.sending_enabled:
            return "sending is switched off"
        if self.mode == "sandbox":
            return "this system is a sandbox"
        if self.mode == "trial" and to not in self.trial_recipients:
            return "no test recipient of this trial"
        return None


RATES = (
    "twilio_segments_per_second",
    "smpp_segments_per_second",
    "whatsapp_per_second",
    "calls_per_second",
    "mails_per_second",
)
