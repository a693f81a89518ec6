"""Dutch is in the templates; English comes from the .po files in translations/en, read at start."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Blueprint, Flask, has_request_context, redirect, request, url_for
from werkzeug.wrappers import Response

from outreach.web.security import safe_target

FOLDER = Path(__file__).with_name("translations")
LANGUAGES = ("nl", "en")
COOKIE = "taal"
COOKIE_AGE = 31_536_000
blueprint = Blueprint("language", __name__)


def init_app(app: Flask) -> None:
    """Give templates `_` and `ngettext`, and add the language switch."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(_raw, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["language"] = language
    app.register_blueprint(blueprint)


def language() -> str:
    """Return the language of this request: `nl` or `en`."""
    if not has_request_context():
        return "nl"
    return "en" if request.cookies.get(COOKIE) == "en" else "nl"


def _(message: str, **values: object) -> str:
    """Translate a Dutch text and fill in `%(name)s` values."""
    found = _raw(message)
    return found % values if values else found


def N_(message: str) -> str:
    """Mark a Dutch text for translation where it is written down, to be translated where it is shown."""
    return message


def ngettext(one: str, more: str, number: int) -> str:
    """Translate a text with a number; newstyle Jinja fills in `%(num)s`."""
    return _translations(language()).ungettext(one, more, number)


def counted(one: str, more: str, number: int) -> str:
    """Translate a text with a number and fill in `%(num)s`."""
    return ngettext(one, more, number) % {"num": number}


def _raw(message: str) -> str:
    return _translations(language()).ugettext(message)


@cache
def _translations(code: str) -> NullTranslations:
    merged: NullTranslations | None = None
    for path in sorted((FOLDER / code).glob("*.po")):
        part = load_po(path)
        if merged is None:
            merged = part
        else:
            part.add_fallback(merged)
            merged = part
    return merged or NullTranslations()


def load_po(path: Path) -> Translations:
    """Read a .po file as translations, without a compiled file beside it."""
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return Translations(compiled)


def set_language(response: Response, code: str) -> Response:
    """Remember the language in a cookie."""
    if code in LANGUAGES:
        response.set_cookie(COOKIE, code, max_age=COOKIE_AGE, samesite="Lax", httponly=True)
    return response


@blueprint.post("/taal/<code>")
def switch(code: str) -> Response:
    """Switch to Dutch or English and stay on the page."""
    return set_language(redirect(safe_target(request.form.get("next")) or url_for("home")), code)
