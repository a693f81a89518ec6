"""Rules for the words of a Dutch text: long and rare words, abbreviations, and u or je."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from messages.dutch_words import compound, zipf
from messages.examined import Examined
from messages.findings import Finding, finding
from messages.languages import DUTCH_INFORMAL
from messages.parts import Part
from messages.syllables import syllables
from messages.wordlists import Token, language_facts, read_words

_LONG_LETTERS = 16
_LONG_SYLLABLES, _LONG_SYLLABLE_LETTERS = 6, 12
_RARE_LETTERS = 5
_COMMON = 4.0
"""From this Zipf value a word is not long: everybody meets it often."""

_COMPOUND_LETTERS, _COMPOUND_ZIPF = 18, 3.3
"""A compound of common words is long only when it has more letters than this."""

_KNOWN_VERB = 4.0
_APART = (
    "aan",
    "af",
    "bij",
    "door",
    "in",
    "langs",
    "mee",
    "na",
    "om",
    "op",
    "rond",
    "samen",
    "terug",
    "toe",
    "uit",
    "weg",
)
_ENDINGS = ("'s", "en", "es", "e", "s", "n", "t", "d", "je", "jes", "tje", "tjes")
_DOTTED = re.compile(
    r"(?<![\w/])(?:[a-z]{1,5}\.)+|(?<!\w)(?:t/m|p/m|aub)(?!\w)|(?<![\w.@/-])[a-z]{3}(?![\w@-])", re.IGNORECASE
)
_FORMAL_OF = {"je": "u", "jij": "u", "jou": "u", "jouw": "uw", "jezelf": "uzelf", "jullie": "u"}
_INFORMAL_OF = {"u": "je", "uw": "je", "uzelf": "jezelf"}


def word_findings(examined: Examined) -> Iterator[Finding]:
    """Yield long and rare words, abbreviations, and words of the other form of address."""
    marked = {at for start, end, entry in examined.hits if entry.rule == "officialese" for at in range(start, end)}
    for part in examined.parts:
        yield from _hard_words(examined, part, marked)
    yield from _abbreviations(examined.text)
    yield from _address(examined)


def _hard_words(examined: Examined, part: Part, marked: set[int]) -> Iterator[Finding]:
    for place, token in enumerate(part.words):
        if token.start in marked or not _may_be_hard(token, first=not place):
            continue
        span = (token.start, token.end)
        word = _plain(token)
        if _is_long(word):
            yield finding("long_word", "warn", examined.text, span, _advice(word))
        elif _is_rare(word, examined.limits.rare_zipf):
            advice = "Weinig gebruikt woord. Kies een gewoner woord of leg het uit."
            yield finding("rare_word", "warn", examined.text, span, advice)


def _plain(token: Token) -> str:
    return token.lower.replace("’", "'")


def _may_be_hard(token: Token, *, first: bool) -> bool:
    """Leave out numbers, addresses on the web, names (a capital inside a sentence), and words that tenants know."""
    word = token.word
    if not word[0].isalpha() or "@" in word or "/" in word or "." in word:
        return False
    return (first or word.islower()) and not word.isupper() and not is_known(_plain(token))


def _is_long(word: str) -> bool:
    if zipf(word) >= _COMMON:
        return False
    if len(word) <= _COMPOUND_LETTERS and len(compound(word)) == 2 and zipf(word) >= _COMPOUND_ZIPF:
        return False
    return len(word) > _LONG_LETTERS or (len(word) >= _LONG_SYLLABLE_LETTERS and syllables(word) >= _LONG_SYLLABLES)


def _is_rare(word: str, floor: float) -> bool:
    if len(word) < _RARE_LETTERS or zipf(word) >= floor or len(compound(word)) == 2:
        return False
    if any(word.startswith(apart) and zipf(word.removeprefix(apart)) >= _KNOWN_VERB for apart in _APART):
        return False
    return not any(
        word.endswith(ending) and (zipf(stem := word.removesuffix(ending)) >= floor or is_known(stem))
        for ending in _ENDINGS
        if len(word) - len(ending) >= _RARE_LETTERS - 1
    )


def _advice(word: str) -> str:
    parts = compound(word)
    if len(parts) == 2:
        return f"Lang woord ({' + '.join(parts)}). Kies een korter woord of schrijf er een paar woorden van."
    return "Lang woord. Kies een korter woord of leg het uit."


@lru_cache(maxsize=20_000)
def is_known(word: str) -> bool:
    """Say whether tenants know this lower-case word, or the word that it is a plural or a form of."""
    known = _known()
    return word in known or any(
        word.endswith(ending) and word.removesuffix(ending) in known
        for ending in _ENDINGS
        if len(word) > len(ending) + 3
    )


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(word for group in read_words("nl_known.yaml").values() for word in group.split())


def _abbreviations(text: str) -> Iterator[Finding]:
    for match in _DOTTED.finditer(text):
        plain = _written_out().get(match.group().lower())
        if plain:
            alternative = _in_place(text, match, plain)
            yield finding("abbreviation", "warn", text, match.span(), f"Schrijf voluit: {plain}.", (alternative,))


def _in_place(text: str, match: re.Match[str], plain: str) -> str:
    """Write an abbreviation out as it stands: with its capital, and with the full stop that ended its sentence too."""
    found, rest = match.group(), text[match.end() :].lstrip()
    starts = found[0].isupper() and not found.isupper()
    ends = found.endswith(".") and (not rest or (rest[0].isupper() and found.lower() in language_facts().may_end))
    return (plain[0].upper() + plain[1:] if starts else plain) + ("." if ends else "")


@lru_cache(maxsize=1)
def _written_out() -> dict[str, str]:
    """Return abbreviations with what they stand for, those of three letters without their dots too."""
    known = {short: plain for short, plain in language_facts().abbreviations.items() if plain}
    bare = {short.replace(".", ""): plain for short, plain in known.items() if short.count(".") == 3}
    return {**bare, **known}


def _address(examined: Examined) -> Iterator[Finding]:
    """Yield the words that say je where we say u, or u where we say je; both in one text stops it."""
    facts, words = language_facts(), [token for part in examined.parts for token in part.words]
    informal, formal = _those(words, facts.informal), _those(words, facts.formal)
    says_je = examined.language == DUTCH_INFORMAL
    wrong, right = (formal, informal) if says_je else (informal, formal)
    rule = "mixed_address" if right else ("formal" if says_je else "informal")
    advice = "Wij zeggen je." if says_je else "Wij zeggen u."
    for token in wrong:
        span, severity = (token.start, token.end), "stop" if right else "warn"
        yield finding(rule, severity, examined.text, span, _both(advice, right), _other_form(token, says_je=says_je))


def _both(advice: str, right: Sequence[Token]) -> str:
    return f"U en je staan door elkaar. {advice}" if right else advice


def _those(words: Sequence[Token], forms: frozenset[str]) -> list[Token]:
    return [token for token in words if token.lower in forms and not (token.word.isupper() and len(token.word) > 1)]


def _other_form(token: Token, *, says_je: bool) -> tuple[str, ...]:
    form = (_INFORMAL_OF if says_je else _FORMAL_OF).get(token.lower)
    if form is None:
        return ()
    return (form.capitalize() if token.word[0].isupper() else form,)
