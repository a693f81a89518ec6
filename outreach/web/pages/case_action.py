"""What an action on a case is: its form, where it stands on the page, and the service that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from outreach.services.reading.case_page import CasePage
from outreach.web.forms import Field
from outreach.web.translation import N_

SAID, STEER, CARE = "said", "steer", "care"
"""Where an action stands: what the tenant says, steering, and help and law."""

Fields = tuple[Field, ...]
Clean = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Action:
    """One action: `group` is where it stands on the page, `fields` may look at the case, `call` does it."""

    title: str
    icon: str
    group: str
    fields: Callable[[CasePage], Fields]
    call: Callable[..., Any]
    done: str = N_("Vastgelegd.")
    submit: str = N_("Vastleggen")
    lead: str = ""
    shown: Callable[[CasePage], bool] = lambda page: True


def fixed(*fields: Field) -> Callable[[CasePage], Fields]:
    """Make fields that do not look at the case."""
    return lambda page: fields


def as_number(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """Hand a chosen id to a service as a number."""
    return lambda runtime, actor, case_id, **clean: call(runtime, actor, case_id, **{**clean, name: int(clean[name])})
