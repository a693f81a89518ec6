"""Read the clock. No other module does; everything else takes `now` as an argument."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Gives the present as an aware UTC datetime."""


def system_clock() -> datetime:
    """Give the present moment, aware, in UTC."""
    return datetime.now(UTC)


def shifted_clock(by: timedelta) -> Clock:
    """Give a clock that runs on another day: the present moment and `by`."""

    def clock() -> datetime:
        return system_clock() + by

    return clock
