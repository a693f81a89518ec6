"""In which language, and how easily, the page speaks: what the tenant chose, else the language of his record."""

from dataclasses import dataclass
from typing import Any

from flask import Response, g, render_template, request

from messages.languages import LANGUAGES, TENANT_LANGUAGES
from messages.page_texts import PageTexts, has_easy, page_texts
from outreach.web.tenant_page.access import PATH, is_secure

COOKIE = "huurder_weergave"
_KEPT_SECONDS = 31_536_000


@dataclass(frozen=True, kw_only=True)
class Manner:
    """A language, and whether it is the easy one."""

    language: str
    easy: bool

    @property
    def text(self) -> str:
        """Return it as the cookie keeps it."""
        return f"{self.language}.{'easy' if self.easy else 'plain'}"


def chosen() -> Manner | None:
    """Return what the tenant chose in this browser."""
    language, _, how = request.cookies.get(COOKIE, "").partition(".")
    return Manner(language=language, easy=how == "easy") if language in TENANT_LANGUAGES else None


def manner(own_language: str | None) -> Manner:
    """Return how to speak: as chosen, else in the language of the record, of the browser, or Dutch."""
    language = own_language or request.accept_languages.best_match(TENANT_LANGUAGES) or TENANT_LANGUAGES[0]
    return chosen() or Manner(language=language if language in TENANT_LANGUAGES else "nl", easy=False)


def keep_manner(response: Response, wanted: Manner) -> None:
    """Remember how to speak; nothing about anybody is in it."""
    response.set_cookie(
        COOKIE,
        wanted.text,
        max_age=_KEPT_SECONDS,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=is_secure(),
    )


def texts(own_language: str | None, form: str) -> PageTexts:
    """Return the words for this request."""
    how = manner(own_language)
    return page_texts(how.language, easy=how.easy, form=form)


def show(template: str, own_language: str | None, form: str, **values: Any) -> str:
    """Render a page in the language of the tenant; `t` are its words."""
    how = manner(own_language)
    return render_template(
        f"tenant/{template}.html",
        t=texts(own_language, form),
        manner=how,
        languages=[(code, LANGUAGES[code].own_name) for code in TENANT_LANGUAGES],
        language_words=[(code, page_texts(code).say("language")) for code in TENANT_LANGUAGES if code != how.language],
        can_be_easy=has_easy(how.language),
        code=g.code,
        **values,
    )
