"""The pages: one module and one blueprint per area, all named in BLUEPRINTS."""

from flask import Blueprint

from outreach.web.pages import cases, inbox, outbox, search, today

BLUEPRINTS: tuple[Blueprint, ...] = (
    today.blueprint,
    cases.blueprint,
    search.blueprint,
    inbox.blueprint,
    outbox.blueprint,
)
