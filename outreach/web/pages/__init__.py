"""The pages: one module and one blueprint per area, all named in BLUEPRINTS."""

from flask import Blueprint

from outreach.web.pages import today

BLUEPRINTS: tuple[Blueprint, ...] = (today.blueprint,)
