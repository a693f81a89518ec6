"""Pages for what goes wrong: they say what happened and what to do next."""

import logging

from flask import Flask, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from outreach.web.translation import N_

_LOG = logging.getLogger(__name__)
TEXTS: dict[int, tuple[str, str]] = {
    400: (N_("Dit kunnen wij niet lezen"), N_("Ga terug en probeer het opnieuw.")),
    403: (N_("Deze pagina is niet voor uw rol"), N_("Vraag een beheerder of uw rol moet veranderen.")),
    404: (N_("Deze pagina is er niet"), N_("Zoek op naam, adres of nummer, of begin bij Vandaag.")),
    405: (N_("Dit kan hier niet"), N_("Ga terug en gebruik de knop op de pagina.")),
    413: (N_("Dit bestand is te groot"), N_("Deel het bestand op in delen van ten hoogste 64 MB.")),
    500: (N_("Er ging iets mis bij ons"), N_("Wat u invulde is niet opgeslagen. Probeer het over een minuut opnieuw.")),
}
EXPIRED = (N_("De pagina stond te lang open"), N_("Ga terug, laad de pagina opnieuw en doe het nog een keer."))


def init_app(app: Flask) -> None:
    """Register the error pages."""
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _show)
    app.register_error_handler(500, _broken)


def _expired(error: CSRFError) -> tuple[str, int]:
    return render_template("errors/error.html", title=EXPIRED[0], advice=EXPIRED[1], code=400), 400


def _show(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    title, advice = TEXTS.get(code, TEXTS[400] if code < 500 else TEXTS[500])
    return render_template("errors/error.html", title=title, advice=advice, code=code), code


def _broken(error: InternalServerError) -> tuple[str, int]:
    _LOG.error("a page failed", exc_info=error.original_exception)
    title, advice = TEXTS[500]
    return render_template("errors/error.html", title=title, advice=advice, code=500), 500
