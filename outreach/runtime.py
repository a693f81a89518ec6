"""The composed object: settings, database, clock, calendar, texts and channels."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from channels.contract import Channel
from channels.registry import build_channels
from channels.sandbox import NO_FAULTS, Responder, SandboxFaults, silent
from channels.scripts import NO_SCRIPTS, Scripts
from messages.catalogue import Catalogue, load_catalogue
from outreach.clock import Clock, system_clock
from outreach.config import Settings
from outreach.db.engine import Database, open_database
from outreach.db.incoming import DatabaseKeeping
from outreach.db.migrate import upgrade
from outreach.db.sandbox_store import DatabaseSandboxStore
from schedules.calendar import Calendar, load_law

Wake = Callable[[Session, int], None]
"""Tell the workers, in the transaction of a decision, that a landlord has something to send at once."""


MakeWake = Callable[[Database], Wake]
MakeScripts = Callable[[Database, Calendar], Scripts]
"""Make what says the texts of a call while the tenant is on the line."""


def no_wake(session: Session, landlord_id: int) -> None:
    """Tell nobody: where one process does all, it looks every second."""


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
    wake: Wake = no_wake

    @property
    def is_sandbox(self) -> bool:
        """Whether nothing leaves the machine."""
        return self.settings.mode == "sandbox"


def make_runtime(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    respond: Responder = silent,
    faults: SandboxFaults = NO_FAULTS,
    wake: MakeWake = lambda db: no_wake,
    scripts: MakeScripts = lambda db, calendar: NO_SCRIPTS,
) -> Runtime:
    """Open and upgrade the database, and compose the runtime; `respond` plays the sandbox's tenants."""
    if settings.database_url.startswith("sqlite"):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    db = open_database(settings.database_url)
    upgrade(db.engine)
    store, calendar = DatabaseSandboxStore(db), Calendar(load_law())
    return Runtime(
        settings=settings,
        db=db,
        clock=clock,
        calendar=calendar,
        catalogue=load_catalogue(),
        channels=build_channels(
            settings, store, respond, faults, scripts(db, calendar), keeping=DatabaseKeeping(db, clock)
        ),
        sandbox=store,
        wake=wake(db),
    )
