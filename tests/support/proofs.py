"""Ladders made for a proof: small edits of a shipped one, and the partners and texts that a proof asks for."""

import copy
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from schedules.calendar import Calendar, load_law
from schedules.ladder_file import ladder_data, write_ladder
from schedules.loader import parse_ladder
from schedules.proof import Proof, ProofEnvironment, Route, prove
from schedules.proof.prover import ORDER
from schedules.settings import PolicySettings
from schedules.shipped import shipped_text

Data = dict[str, Any]
Edit = Callable[[Data], None]

CALENDAR = Calendar(load_law())
DUE_ON = date(2026, 12, 1)
SETTINGS = PolicySettings()

PURPOSES = {
    "reminder": "collection",
    "robocall_arrears": "collection",
    "reminder_help": "collection",
    "contact_request": "collection",
    "call_talk": "collection",
    "visit_talk": "collection",
    "doorstep_card": "collection",
    "help_offer": "care",
}
TARGETS = ("municipality", "social_team", "meldpunt", "bailiff", "court")
ENVIRONMENT = ProofEnvironment(
    routes={target: Route(feedback_days=28, owner="worker") for target in TARGETS}, template_purposes=PURPOSES
)


def standard(*edits: Edit) -> Data:
    """Give the data of the standard ladder after some edits."""
    data = copy.deepcopy(ladder_data(shipped_text("standaard")))
    for edit in edits:
        edit(data)
    return data


def step(data: Data, key: str) -> Data:
    """Give one step of a ladder's data."""
    return next(each for each in data["steps"] if each["key"] == key)


def without(*keys: str) -> Edit:
    """Take steps out of a ladder."""

    def edit(data: Data) -> None:
        data["steps"] = [each for each in data["steps"] if each["key"] not in keys]

    return edit


def changed(key: str, **values: Any) -> Edit:
    """Change fields of a step; None takes a field away."""

    def edit(data: Data) -> None:
        found = step(data, key)
        for name, value in values.items():
            found.pop(name, None)
            if value is not None:
                found[name] = value

    return edit


def ladder_with(**values: Any) -> Edit:
    """Change fields of the ladder itself; None takes a field away."""

    def edit(data: Data) -> None:
        for name, value in values.items():
            data.pop(name, None)
            if value is not None:
                data[name] = value

    return edit


def added(**values: Any) -> Edit:
    """Add a step at the end."""

    def edit(data: Data) -> None:
        fields = {"stage": "consult", "title": {"nl": "Extra stap", "en": "Extra step"}, **values}
        data["steps"].append(fields)

    return edit


def proof_of(
    data: Data,
    settings: PolicySettings = SETTINGS,
    environment: ProofEnvironment = ENVIRONMENT,
    *,
    only: Collection[str] = ORDER,
    depth: int = 2,
    start: date = DUE_ON,
) -> Proof:
    """Prove a ladder given as data."""
    ladder = parse_ladder(write_ladder(data))
    return prove(ladder, settings, CALENDAR, environment, start, depth, spare=0, only=only)


def routes_without(target: str) -> Mapping[str, Route]:
    """Give the routes but for one target."""
    return {name: route for name, route in ENVIRONMENT.routes.items() if name != target}


def with_route(target: str, route: Route) -> ProofEnvironment:
    """Give the environment with another route for a target."""
    return replace(ENVIRONMENT, routes={**ENVIRONMENT.routes, target: route})
