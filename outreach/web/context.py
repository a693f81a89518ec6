"""What a page may ask of the present request: the runtime, the moment, who is signed in and whose rows he sees."""

from datetime import date, datetime
from typing import cast

from flask import current_app, g
from flask_login import current_user

from outreach.db.scope import Scope
from outreach.runtime import Runtime
from outreach.services.actor import Actor
from outreach.web.accounts import SignedIn

EXTENSION = "outreach"


def runtime() -> Runtime:
    """Return the runtime that the app was made with."""
    return cast(Runtime, current_app.extensions[EXTENSION])


def now() -> datetime:
    """Return the moment of this request, aware, in UTC; the same during the whole request."""
    if "now" not in g:
        g.now = runtime().clock()
    return cast(datetime, g.now)


def today() -> date:
    """Return the Dutch civil day of this request."""
    return runtime().calendar.day_of(now())


def user() -> SignedIn:
    """Return who is signed in; only for pages behind the login."""
    return cast(SignedIn, current_user._get_current_object())


def scope() -> Scope:
    """Return whose rows the signed-in user may see: his landlord, for field workers the areas of their team."""
    return user().scope


def actor() -> Actor:
    """Return the signed-in user as somebody who acts."""
    return Actor(label=user().name, user_id=user().id)
