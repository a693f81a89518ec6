"""Where a channel may store what came back before it tells its provider that it has it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from channels.contract import Event


class Keeping(Protocol):
    """The application's own store of events that came in; safe for threads."""

    def now(self) -> datetime:
        """Return the moment, aware and UTC."""
        ...

    def keep(self, events: Sequence[Event]) -> None:
        """Return when the events are on disk; raise when they are not, so that the provider delivers them again."""
        ...
