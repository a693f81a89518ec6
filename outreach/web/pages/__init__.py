"""The pages: one module and one blueprint per area, all named in BLUEPRINTS."""

from flask import Blueprint

from outreach.web.pages import (
    cases,
    imports,
    inbox,
    ladders,
    messages,
    outbox,
    partners,
    places,
    referrals,
    report,
    routes,
    search,
    settings,
    start,
    today,
    users,
    visits,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    today.blueprint,
    cases.blueprint,
    search.blueprint,
    inbox.blueprint,
    outbox.blueprint,
    visits.blueprint,
    referrals.blueprint,
    ladders.blueprint,
    routes.blueprint,
    messages.blueprint,
    imports.blueprint,
    settings.blueprint,
    places.blueprint,
    partners.blueprint,
    users.blueprint,
    start.blueprint,
    report.blueprint,
)
