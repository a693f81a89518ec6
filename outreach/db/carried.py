"""Events of the channels as JSON, so that a row can hold them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from channels.contract import Event, FailureCode


def event_body(event: Event) -> dict[str, Any]:
    """Give an event as JSON; moments in ISO 8601."""
    body = asdict(event)
    return {**body, "at": event.at.isoformat(), "media": list(event.media)}


def event_of(body: Mapping[str, Any]) -> Event:
    """Read an event back."""
    values = dict(body)
    values["at"] = datetime.fromisoformat(values["at"])
    values["failure"] = FailureCode(values["failure"]) if values.get("failure") else None
    values["media"] = tuple(values.get("media", ()))
    return Event(**values)
