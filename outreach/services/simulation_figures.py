"""A landlord's own figures for simulations: kept as versions, over the figures that ship."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import yaml
from sqlalchemy.orm import Session

from outreach.errors import OutreachError
from outreach.runtime import Runtime
from outreach.services.actor import Actor
from outreach.services.documents import activate, active_versions, body_of
from schedules.simulation.figures import SECTIONS, Figures, FiguresError, default_figures, read_figures

FIGURES, BEHAVIOUR = "figures", "behaviour"
OWN_SOURCE = "eigen cijfer"


class FiguresRefused(OutreachError):
    """Figures cannot be kept."""


def own_text(session: Session, landlord_id: int) -> str:
    """Return the text of a landlord's own figures, empty when he has none."""
    row = active_versions(session, landlord_id).get((FIGURES, BEHAVIOUR))
    return body_of(session, row) if row is not None else ""


def own_figures(session: Session, landlord_id: int) -> Figures:
    """Return the figures that hold for a landlord."""
    text = own_text(session, landlord_id)
    return read_figures(text) if text else default_figures()


def keep_figures(runtime: Runtime, actor: Actor, landlord_id: int, values: Mapping[str, int]) -> int:
    """Keep figures by key as own ones and return how many differ from what ships; profiles of an own file stay.

    Raises FiguresRefused when they cannot be read together, for example shares above their whole.
    """
    now, shipped = runtime.clock(), default_figures()
    with runtime.db.write() as session:
        known = yaml.safe_load(own_text(session, landlord_id)) or {}
        data = {name: part for name, part in known.items() if name not in SECTIONS}
        changed = {key: value for key, value in values.items() if value != shipped[key]}
        for key, value in changed.items():
            section, _, name = key.partition(".")
            source = _source(known, section, name, value)
            data.setdefault(section, {})[name] = {"value": value, "source": source}
        _keep(session, landlord_id, data, now, actor)
    return len(changed)


def _source(known: Mapping[str, Any], section: str, name: str, value: int) -> str:
    """Keep the source of a figure that stays as it was."""
    leaf = known.get(section, {}).get(name)
    if isinstance(leaf, dict) and leaf.get("value") == value:
        return str(leaf.get("source", OWN_SOURCE))
    return OWN_SOURCE


def _keep(session: Session, landlord_id: int, data: Mapping[str, Any], now: datetime, actor: Actor) -> None:
    text = yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=True) if data else ""
    try:
        if text:
            read_figures(text)
    except FiguresError as error:
        raise FiguresRefused(f"Deze cijfers passen niet bij elkaar. {error}", f"These do not fit. {error}") from error
    activate(session, landlord_id, FIGURES, BEHAVIOUR, text, now, actor.user_id)
