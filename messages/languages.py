"""The languages of texts for tenants. Dutch has two forms of address: `nl` says u, `nl-je` says je."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

DUTCH = "nl"
DUTCH_INFORMAL = "nl-je"


@dataclass(frozen=True, kw_only=True)
class TextLanguage:
    """One language of texts: its names, its locale for Babel, and the way it is written.

    `indicative`: its check promises no level, so a person who reads the language approves each text.
    """

    code: str
    base: str
    title_nl: str
    title_en: str
    own_name: str
    locale: str
    right_to_left: bool = False
    indicative: bool = True


_ALL = (
    TextLanguage(
        code=DUTCH,
        base=DUTCH,
        title_nl="Nederlands (u)",
        title_en="Dutch (formal)",
        own_name="Nederlands",
        locale="nl_NL",
        indicative=False,
    ),
    TextLanguage(
        code=DUTCH_INFORMAL,
        base=DUTCH,
        title_nl="Nederlands (je)",
        title_en="Dutch (informal)",
        own_name="Nederlands",
        locale="nl_NL",
        indicative=False,
    ),
    TextLanguage(code="en", base="en", title_nl="Engels", title_en="English", own_name="English", locale="en_GB"),
    TextLanguage(code="tr", base="tr", title_nl="Turks", title_en="Turkish", own_name="Türkçe", locale="tr_TR"),
    TextLanguage(
        code="ar",
        base="ar",
        title_nl="Arabisch",
        title_en="Arabic",
        own_name="العربية",
        locale="ar_EG",
        right_to_left=True,
    ),
    TextLanguage(code="pl", base="pl", title_nl="Pools", title_en="Polish", own_name="Polski", locale="pl_PL"),
    TextLanguage(
        code="uk", base="uk", title_nl="Oekraïens", title_en="Ukrainian", own_name="Українська", locale="uk_UA"
    ),
)

LANGUAGES: Mapping[str, TextLanguage] = MappingProxyType({each.code: each for each in _ALL})
TENANT_LANGUAGES: tuple[str, ...] = tuple(each.code for each in _ALL if each.code == each.base)
"""What a tenant can have as language; the landlord chooses between u and je."""


def text_language(code: str) -> TextLanguage:
    """Return a language of texts; raise ValueError for one that the product does not know."""
    try:
        return LANGUAGES[code]
    except KeyError:
        raise ValueError(f"unknown language {code!r}; known: {', '.join(LANGUAGES)}") from None


def base_language(code: str) -> str:
    """Return the language without its form of address: `nl` for `nl-je`."""
    return text_language(code).base
