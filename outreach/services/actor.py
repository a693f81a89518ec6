"""Who does something: a user at the console, the machine itself, or the tenant."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody who acts; `user_id` is None for the machine and the tenant. `label` stands in the evidence."""

    label: str
    user_id: int | None = None


MACHINE = Actor(label="machine")
TENANT = Actor(label="tenant")
