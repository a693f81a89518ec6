"""The composed object: settings, database, clock, calendar, texts and channels."""

from collections.abc import Mapping
from dataclasses import dataclass

from channels.contract import Channel
from channels.registry import build_channels
from channels.sandbox import NO_FAULTS, Responder, SandboxFaults, silent
from channels.settings import ChannelSettings
from messages.catalogue import Catalogue, load_catalogue
from outreach.clock import Clock, system_clock
from outreach.config import Settings
from outreach.db.engine import Database, open_database
from outreach.db.migrate import upgrade
from outreach.db.sandbox_store import DatabaseSandboxStore
from schedules.calendar import Calendar, load_law


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """Everything that a service needs beside its arguments; made once per process."""

    settings: Settings
    db: Database
    clock: Clock
    calendar: Calendar
    catalogue: Catalogue
    channels: Mapping[str, Channel]
    sandbox: DatabaseSandboxStore

    @property
    def is_sandbox(self) -> bool:
        """Whether nothing leaves the machine."""
        return self.settings.mode == "sandbox"


def channel_settings(settings: Settings) -> ChannelSettings:
    """Map the machine's settings to what the channels know."""
    return ChannelSettings(
        mode=settings.mode,  # type: ignore[arg-type]
        sending_enabled=settings.sending_enabled,
        trial_recipients=settings.trial_recipients,
        public_url=settings.public_url,
        twilio_account_sid=settings.twilio_account_sid,
        twilio_auth_token=settings.twilio_auth_token,
        twilio_messaging_service=settings.twilio_messaging_service,
        twilio_sender=settings.twilio_sender,
        twilio_base_url=settings.twilio_base_url,
    )


def make_runtime(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    respond: Responder = silent,
    faults: SandboxFaults = NO_FAULTS,
) -> Runtime:
    """Open and upgrade the database, and compose the runtime; `respond` plays the sandbox's tenants."""
    if settings.database_url.startswith("sqlite"):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    db = open_database(settings.database_url)
    upgrade(db.engine)
    store = DatabaseSandboxStore(db)
    return Runtime(
        settings=settings,
        db=db,
        clock=clock,
        calendar=Calendar(load_law()),
        catalogue=load_catalogue(),
        channels=build_channels(channel_settings(settings), store, respond, faults),
        sandbox=store,
    )
