"""The words of routes and trajectories on the screen, and how they are grouped by the approach of their source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from outreach.web.translation import N_, _, language
from schedules.route import RouteDefinition, load_route, route_names
from schedules.trajectory import TrajectoryDefinition, load_trajectory, trajectory_names

STATUS = {"own": N_("eigen"), "example": N_("voorbeeld uit een bron")}
OWNERS = {
    "worker": N_("de consulent"),
    "policy": N_("de beleidsmedewerker"),
    "field": N_("de buitendienst"),
    "manager": N_("de manager"),
}
PAUSES = {
    "help_accepted": N_("de huurder hulp heeft aanvaard"),
    "referral_sent": N_("de melding is verstuurd"),
    "debt_help_asked": N_("de huurder schuldhulp heeft gevraagd"),
}
FIELDS = {
    "name": N_("Naam"),
    "address": N_("Adres"),
    "phone": N_("Telefoon"),
    "email": N_("E-mail"),
    "amount": N_("Bedrag"),
    "months": N_("Maanden achterstand"),
    "language": N_("Taal"),
    "attempts": N_("Contactpogingen"),
    "grounds": N_("Grond"),
}
AFTER = {"sent": N_("na het versturen"), "accepted": N_("na het oppakken"), "date": N_("na de afgesproken dag")}
SCOPES = {"landlord": N_("voor ons"), "all": N_("voor alle verhuurders samen")}
SINCE = {
    "referral": N_("na de melding"),
    "start": N_("na het begin"),
    "judgment": N_("na het vonnis"),
    "eviction": N_("na de ontruiming"),
}
DECIDED_BY = {"staff": N_("een medewerker"), "commission": N_("een commissie"), "judge": N_("de rechter")}
DWELLINGS = {
    "current": N_("de huidige woning"),
    "other": N_("een andere woning"),
    "either": N_("de huidige of een andere woning"),
}
FLIPS = {
    "normal_lease": N_("terug naar een gewone huurovereenkomst"),
    "eviction_resumes": N_("de ontruiming gaat weer lopen"),
}


def term(count: Markup, unit: str) -> Markup:
    """Write a number of days or months."""
    text = _("%(count)s maanden") if unit == "months" else _("%(count)s dagen")
    return Markup(text) % {"count": count}


def every(count: Markup, unit: str) -> Markup:
    """Write how often: every so many days or months."""
    text = _("elke %(count)s maanden") if unit == "months" else _("elke %(count)s dagen")
    return Markup(text) % {"count": count}


@dataclass(frozen=True, kw_only=True)
class System:
    """The routes and trajectories of one approach, with its name on the screen."""

    key: str
    title: str
    routes: tuple[RouteDefinition, ...]
    trajectories: tuple[TrajectoryDefinition, ...]


def own_routes() -> list[RouteDefinition]:
    """Return our own routes."""
    return [route for route in _routes() if route.status == "own"]


def example_systems(ladder_titles: Mapping[str, str]) -> list[System]:
    """Return the examples grouped by the approach of their source, by name."""
    routes = [route for route in _routes() if route.status == "example"]
    trajectories = [load_trajectory(name) for name in trajectory_names()]
    keys = dict.fromkeys(each.system for each in routes) | dict.fromkeys(each.system for each in trajectories)
    found = [_system(key, routes, trajectories, ladder_titles) for key in keys]
    return sorted(found, key=lambda system: system.title.casefold())


def _system(
    key: str,
    routes: Iterable[RouteDefinition],
    trajectories: Iterable[TrajectoryDefinition],
    ladder_titles: Mapping[str, str],
) -> System:
    mine = tuple(route for route in routes if route.system == key)
    chances = tuple(each for each in trajectories if each.system == key)
    heads = {each.name: each.title[language()] for each in mine} | {e.name: e.title[language()] for e in chances}
    title = heads.get(key) or ladder_titles.get(key) or key.replace("_", " ")
    if len(heads) > 1:
        title = title.partition(":")[0]
    return System(key=key, title=title, routes=mine, trajectories=chances)


def _routes() -> list[RouteDefinition]:
    return [load_route(name) for name in route_names()]
