"""The navigation: one literal table; an entry shows when its page exists and the role may see it."""

from dataclasses import dataclass

from flask import Flask, current_app, render_template, request, url_for
from flask_login import current_user

from outreach.services.users import ROLES
from outreach.web.translation import N_

OFFICE = ("admin", "policy", "worker", "manager")
POLICY = ("admin", "policy", "manager")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One link: `area` is the blueprint that makes it current, `on_phone` puts it in the bottom bar."""

    endpoint: str
    label: str
    icon: str
    roles: tuple[str, ...] = ROLES
    on_phone: bool = False

    @property
    def area(self) -> str:
        """Return the blueprint of the entry."""
        return self.endpoint.partition(".")[0]


GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        N_("Werk"),
        (
            Entry(endpoint="today.index", label=N_("Vandaag"), icon="today", on_phone=True),
            Entry(endpoint="cases.index", label=N_("Dossiers"), icon="cases", on_phone=True),
            Entry(endpoint="inbox.index", label=N_("Postvak in"), icon="inbox", roles=OFFICE, on_phone=True),
            Entry(endpoint="outbox.index", label=N_("Postvak uit"), icon="outbox", roles=OFFICE),
            Entry(
                endpoint="print_room.index", label=N_("Drukwerk"), icon="letter", roles=("admin", "policy", "worker")
            ),
            Entry(endpoint="dispatch.index", label=N_("Verzending"), icon="outbox", roles=POLICY),
            Entry(endpoint="visits.index", label=N_("Huisbezoeken"), icon="visit", on_phone=True),
            Entry(endpoint="referrals.index", label=N_("Meldingen"), icon="referral", roles=OFFICE),
            Entry(endpoint="trajectories.index", label=N_("Trajecten"), icon="plan", roles=OFFICE),
        ),
    ),
    (
        N_("Beleid"),
        (
            Entry(endpoint="ladders.index", label=N_("Contactladders"), icon="ladder", roles=OFFICE),
            Entry(endpoint="messages.index", label=N_("Teksten"), icon="text", roles=OFFICE),
        ),
    ),
    (
        N_("Beheer"),
        (
            Entry(endpoint="imports.index", label=N_("Inlezen"), icon="import", roles=("admin", "policy", "worker")),
            Entry(endpoint="partners.index", label=N_("Partners"), icon="partner", roles=POLICY),
            Entry(endpoint="users.index", label=N_("Gebruikers"), icon="users", roles=("admin",)),
            Entry(endpoint="settings.index", label=N_("Instellingen"), icon="settings", roles=POLICY),
        ),
    ),
)


def init_app(app: Flask) -> None:
    """Give templates the navigation and add the phone's menu page."""
    app.jinja_env.globals["navigation"] = navigation
    app.jinja_env.globals["phone_navigation"] = phone_navigation
    app.jinja_env.globals["is_current"] = is_current
    app.jinja_env.globals["known_pages"] = known_pages
    app.jinja_env.globals["here"] = here
    app.add_url_rule("/menu", "menu", _menu)


def navigation() -> list[tuple[str, list[Entry]]]:
    """Return the groups with the entries that this user may see."""
    groups = [(title, [entry for entry in entries if _visible(entry)]) for title, entries in GROUPS]
    return [(title, entries) for title, entries in groups if entries]


def phone_navigation() -> list[Entry]:
    """Return the entries of the phone's bottom bar."""
    return [entry for _title, entries in navigation() for entry in entries if entry.on_phone]


def is_current(entry: Entry) -> bool:
    """Tell whether the present page belongs to an entry; `inbox_saved` is a part of `inbox`."""
    shown = request.blueprint or ""
    return shown == entry.area or shown.startswith(f"{entry.area}_")


def known_pages() -> frozenset[str]:
    """Return the endpoints that exist."""
    return frozenset(current_app.view_functions)


def here(**changes: object) -> str:
    """Return the address of this page with its filters, changed; an empty value leaves a filter out."""
    arguments = {**(request.view_args or {}), **request.args.to_dict(), **changes}
    kept = {name: value for name, value in arguments.items() if value not in (None, "")}
    return url_for(request.endpoint or "home", **kept)


def _visible(entry: Entry) -> bool:
    return entry.endpoint in current_app.view_functions and current_user.role in entry.roles


def _menu() -> str:
    return render_template("menu/index.html")
