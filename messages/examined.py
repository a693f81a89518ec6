"""One text as the checks look at it: cut once into words and sentences, with all that the rules must know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from messages.languages import base_language
from messages.parts import PROFILES, Part, Profile, parts_of
from messages.wordlists import Entry, Token, lexicon, tokens

Hit = tuple[int, int, Entry]


@dataclass(frozen=True, kw_only=True)
class LetterFacts:
    """What is known of the claim behind a filled-in text; None means unknown, amounts in integer cents.

    `costs_cents` are the collection costs that the landlord may ask, `costs_vat` whether VAT is added to them.
    """

    amount_cents: int | None = None
    costs_cents: int | None = None
    costs_vat: bool = False
    since: date | None = None


@dataclass(frozen=True, kw_only=True)
class Examined:
    """A text cut into words and sentences. `purpose` None: nothing is known, so nothing is asked of its content.

    `allowed_measures` may be named; `spoken` holds the parts of a robocall; `hits` are the words of the lists.
    """

    text: str
    channel: str
    language: str
    subject: str | None
    limits: Profile
    purpose: str | None
    allowed_measures: frozenset[str]
    spoken: Mapping[str, str]
    facts: LetterFacts | None
    tokens: Sequence[Token]
    parts: Sequence[Part]
    hits: Sequence[Hit]
    subject_hits: Sequence[Hit] = field(default=())

    @property
    def base(self) -> str:
        """The language without its form of address."""
        return base_language(self.language)

    @property
    def is_dutch(self) -> bool:
        """Whether the rules for Dutch bind."""
        return self.base == "nl"


def examine(
    text: str,
    *,
    channel: str,
    language: str,
    subject: str | None,
    profile: str,
    purpose: str | None,
    allowed_measures: frozenset[str],
    spoken: Mapping[str, str],
    facts: LetterFacts | None,
) -> Examined:
    """Cut a text for the checks; raise ValueError for an unknown profile or language."""
    if profile not in PROFILES:
        raise ValueError(f"unknown profile {profile!r}; known: {', '.join(sorted(PROFILES))}")
    found, words = tokens(text), lexicon(language)
    return Examined(
        text=text,
        channel=channel,
        language=language,
        subject=subject,
        limits=PROFILES[profile],
        purpose=purpose,
        allowed_measures=allowed_measures,
        spoken=spoken,
        facts=facts,
        tokens=found,
        parts=parts_of(text, found),
        hits=list(words.find(found)),
        subject_hits=list(words.find(tokens(subject))) if subject else (),
    )
