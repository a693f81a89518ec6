"""The settings of the channels: which system this is, and what it may send to whom."""

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
    says what becomes of a channel that has no provider or no credentials in trial mode. `twilio_base_url`
    is for tests only. `timeout` is in seconds. `trial_recipients` are E.164 numbers.
    """

    mode: Mode = "sandbox"
    sending_enabled: bool = False
    without_provider: Literal["absent", "sandbox"] = "absent"
    trial_recipients: frozenset[str] = frozenset()
    public_url: str = ""
    timeout: float = 10.0
    connections: int = 8
    twilio_account_sid: str = ""
    twilio_auth_token: str = field(default="", repr=False)
    twilio_messaging_service: str = ""
    twilio_sender: str = ""
    twilio_base_url: str = ""

    def __post_init__(self) -> None:
        if self.mode not in ("sandbox", "trial", "live"):
            raise ChannelSettingsError(f"mode: {self.mode!r} is not sandbox, trial or live")
        if self.mode == "live" and self.without_provider == "sandbox":
            raise ChannelSettingsError("without_provider: a live system keeps no simulated messages in its record")
        if self.timeout <= 0 or self.connections < 1:
            raise ChannelSettingsError("timeout and connections must be above zero")

    def missing(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """Return which of these settings are empty; `a|b` means that one of the two is enough."""
        return tuple(key for key in keys if not any(getattr(self, name) for name in key.split("|")))
