"""Rules for one Dutch sentence: how long it is, how many ideas it holds, and the turns that make it hard to follow."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from messages.dutch_words import is_nominal, is_participle
from messages.findings import Finding, finding
from messages.frequency import zipf_values
from messages.parts import Part, Profile
from messages.wordlists import Token, read_words

_SIDE = 4
"""So many words at least stand on both sides of a cut."""

_GOAL = 15
_SENTENCES = {2: "twee", 3: "drie", 4: "vier"}
_MANY_SUBORDINATE = 3
_KNOWN_VERB = 3.5
_KNOWN_ADJECTIVE = 3.7
_AGENT = "door"
_NEAR_HELPER = 10
_ACT_OF = frozenset({"ter", "tot", "bij", "na", "voor", "door", "wegens", "onder", "met", "zonder", "vanwege"})
_UN = re.compile(r"on[a-z]{4,}")


def sentence_findings(text: str, part: Part, profile: Profile) -> Iterator[Finding]:
    """Yield what makes one sentence hard: its length, ideas, passive, nouns for verbs and double negation."""
    yield from long_sentence(text, part, profile)
    yield from _several_ideas(text, part)
    yield from _passive(text, part)
    yield from _nominalisation(text, part)
    yield from _double_negation(text, part)


def long_sentence(text: str, part: Part, profile: Profile) -> Iterator[Finding]:
    """Yield a finding when a sentence has more words than the profile allows, with the place to cut it."""
    count = len(part.words)
    if count <= profile.warn_words:
        return
    severity = "stop" if count > profile.stop_words else "warn"
    span = (part.sentence.start, part.sentence.end)
    cut = _cut(part.words)
    advice = f"Deze zin heeft {count} woorden. Maak er {_SENTENCES.get(-(-count // _GOAL), 'meer')} zinnen van."
    alternatives: tuple[str, ...] = ()
    if cut is not None:
        advice += f" Begin een nieuwe zin bij '{part.words[cut].word}'."
        alternatives = _cut_in_two(text, part, cut)
    yield finding("long_sentence", severity, text, span, advice, alternatives)


def _cut(words: Sequence[Token]) -> int | None:
    """Return the place of the connector at which a sentence is best cut, near its middle; None when none is sure."""
    order = _words("cut_before")
    places = [at for at in range(_SIDE, len(words) - _SIDE + 1) if words[at].lower in order]
    middle = len(words) / 2
    return min(places, key=lambda at: abs(at - middle) + 2 * (not _stands_alone(words, at)), default=None)


def _stands_alone(words: Sequence[Token], at: int) -> bool:
    following = words[at + 1].lower if at + 1 < len(words) else ""
    return words[at].lower in _words("stands_alone_after") and following in _words("stands_alone_with")


def _starts_main_clause(words: Sequence[Token], at: int) -> bool:
    following = words[at + 1].lower if at + 1 < len(words) else ""
    return words[at].lower in _words("clause_connectors") and following in _words("clause_subjects")


def _cut_in_two(text: str, part: Part, cut: int) -> tuple[str, ...]:
    """Write the sentence as two where what follows the connector surely stands by itself."""
    if not _stands_alone(part.words, cut):
        return ()
    start, end, at = part.sentence.start, part.sentence.end, part.words[cut].start
    before = text[start:at].rstrip(" ,;\n")
    return (f"{before}. {text[at].upper()}{text[at + 1 : end]}",)


def _several_ideas(text: str, part: Part) -> Iterator[Finding]:
    words, span = part.words, (part.sentence.start, part.sentence.end)
    clauses = sum(_starts_main_clause(words, at) for at in range(2, len(words) - 1)) + part.sentence.text.count(";")
    if clauses >= 2:
        yield finding("several_ideas", "warn", text, span, "Schrijf één gedachte per zin.")
    elif sum(token.lower in _words("subordinators") for token in words) >= _MANY_SUBORDINATE:
        yield finding("several_ideas", "warn", text, span, "Te veel bijzinnen. Schrijf één gedachte per zin.")


def _passive(text: str, part: Part) -> Iterator[Finding]:
    words = part.words
    has_agent = any(token.lower == _AGENT for token in words)
    for place, token in enumerate(words):
        becomes = token.lower in _words("passive_helpers")
        if not becomes and not (has_agent and token.lower in _words("to_be")):
            continue
        for other in words[max(0, place - 1) : place + _NEAR_HELPER]:
            if _is_participle(other.lower):
                span = (min(token.start, other.start), max(token.end, other.end))
                yield finding("passive", "warn", text, span, "Zeg wie het doet: 'wij ...' of 'u ...'.")
                return


def _is_participle(word: str) -> bool:
    return word not in _words("no_participle") and is_participle(word)


def _nominalisation(text: str, part: Part) -> Iterator[Finding]:
    words = part.words
    for at in range(len(words) - 2):
        first, second, third = words[at : at + 3]
        verb = _verb_in(first.lower, second.lower) if third.lower == "van" else None
        if verb:
            advice = f"Gebruik het werkwoord '{verb}': zeg wie wat doet."
            yield finding("nominalisation", "warn", text, (first.start, third.end), advice)


def _verb_in(first: str, second: str) -> str | None:
    """Return the verb behind `het betalen van` and `ter voorkoming van`."""
    if first == "het" and second.endswith("en") and len(second) > 4 and second not in _words("nouns_in_en"):
        return second if zipf_values("nl").get(second, 0.0) >= _KNOWN_VERB else None
    if first in _ACT_OF and second.endswith("ing") and is_nominal(second) and second not in _words("nouns_in_ing"):
        return _verb_of(second)
    return None


def _verb_of(noun: str) -> str | None:
    """Return the known verb of a noun in -ing: betaling, betalen; verlaging, verlagen."""
    stem = noun.removesuffix("ing")
    verb = stem + "en"
    return verb if zipf_values("nl").get(verb, 0.0) >= _KNOWN_VERB - 0.7 else None


def _double_negation(text: str, part: Part) -> Iterator[Finding]:
    words = part.words
    hits = [at for at, token in enumerate(words) if token.lower in _words("negations")]
    for one, other in pairwise(hits):
        between = {token.lower for token in words[one + 1 : other]}
        signs = set(text[words[one].end : words[other].start])
        if not signs & set(",;:") and not between & _words("between_clauses"):
            span = (words[one].start, words[other].end)
            yield finding("double_negation", "warn", text, span, "Zeg wat wel kan of wel moet.")
    for negation, token in pairwise(words):
        if negation.lower == "niet" and (plain := _plain_of(token.lower)):
            span = (negation.start, token.end)
            yield finding("double_negation", "warn", text, span, f"Schrijf liever: {plain}.", (plain,))


def _plain_of(word: str) -> str | None:
    """Return what `niet onmogelijk` says: mogelijk."""
    plain = word.removeprefix("on")
    known = zipf_values("nl")
    if _UN.fullmatch(word) and plain.endswith(("lijk", "ig", "st", "nd", "end", "recht", "wenst", "baar")):
        return plain if known.get(plain, 0.0) >= _KNOWN_ADJECTIVE else None
    return None


@lru_cache(maxsize=32)
def _words(name: str) -> frozenset[str]:
    return frozenset(read_words("nl_language.yaml")[name])
