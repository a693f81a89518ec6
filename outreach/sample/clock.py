"""A clock that stands still until it is set: simulated days run on it."""

from datetime import UTC, datetime


class SimulatedClock:
    """A settable clock; it gives aware UTC moments and never goes back."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def __call__(self) -> datetime:
        """Give the simulated present."""
        return self._at

    def set(self, at: datetime) -> datetime:
        """Move to a moment; a moment before the present leaves the clock where it is. Gives the present."""
        self._at = max(self._at, at.astimezone(UTC))
        return self._at
