"""The form that a channel asks: what a robocall can speak, what WhatsApp approves, what an SMS costs."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from messages import whatsapp
from messages.examined import Examined
from messages.findings import Finding, finding
from messages.rules import RULES
from messages.segments import measure
from messages.spoken import in_words, number_words, speech, spoken_number
from messages.wordlists import tokens

WORDS_A_MINUTE = 150
MOST_SECONDS, STOP_SECONDS = 30, 40
IN_ONE_GO: tuple[tuple[str, ...], ...] = (("message", "menu"),)
"""The parts that are heard without a pause: the menu follows the message, a key ends both. The others stand alone."""
MOST_SEGMENTS: Mapping[str, int] = {"nl": 2, "en": 2}
_OTHER_SEGMENTS = {"GSM-7": 3, "UCS-2": 4}
_DIGITS = re.compile(r"(?:\+ ?)?\d+(?:[ -]\d+)*")
_SHORTEST_NUMBER = 4


def findings(examined: Examined) -> Iterator[Finding]:
    """Yield what does not fit the form of the channel."""
    if examined.channel == "robocall":
        yield from _too_long(examined)
        yield from _digits(examined)
        yield from _repeats(examined)
    elif examined.channel == "whatsapp":
        yield from whatsapp.form_findings(examined.text)
    elif examined.channel == "sms":
        yield from _segments(examined)


def without_numbers(examined: Examined, found: Iterable[Finding]) -> list[Finding]:
    """Drop what the word rules say of a number in a spoken text: it is written out to be heard, not read."""
    kept = list(found)
    if examined.channel == "robocall" and any(RULES[each.rule].group == "readability" for each in kept):
        numbers = number_words(examined.language)
        kept = [each for each in kept if each.text.lower() not in numbers]
    return kept


def seconds(text: str) -> float:
    """Estimate how long a text takes to say: 150 words a minute; a digit that is left counts as a word."""
    said = sum(_digits_in(token.word) or 1 for token in tokens(text))
    return round(said * 60 / WORDS_A_MINUTE, 1)


def _digits_in(word: str) -> int:
    return sum(sign.isdigit() for sign in word)


def _too_long(examined: Examined) -> Iterator[Finding]:
    together = {name for names in IN_ONE_GO for name in names}
    for names in (*IN_ONE_GO, *((name,) for name in examined.spoken if name not in together)):
        texts = [examined.spoken[name] for name in names if examined.spoken.get(name)]
        took = sum(seconds(each) for each in texts)
        if took > MOST_SECONDS:
            severity = "stop" if took > STOP_SECONDS else "warn"
            advice = f"Dit duurt {took:.0f} seconden achter elkaar; maak er hooguit {MOST_SECONDS} van."
            yield finding("spoken_too_long", severity, examined.text, _place(examined.text, texts), advice)


def _place(text: str, parts: Sequence[str]) -> tuple[int, int]:
    """Return the span from the first part to the end of the last."""
    start = max(0, text.find(parts[0]))
    end = text.find(parts[-1], start)
    return (start, end + len(parts[-1]) if end >= 0 else len(text))


def _digits(examined: Examined) -> Iterator[Finding]:
    for match in _DIGITS.finditer(examined.text):
        said = in_words(match.group(), examined.language)
        yield finding("spoken_digits", "warn", examined.text, match.span(), f"Schrijf het getal uit: {said}.", (said,))


def _repeats(examined: Examined) -> Iterator[Finding]:
    menu, voicemail = examined.spoken.get("menu", ""), examined.spoken.get("voicemail", "")
    if menu and not any(word in menu.lower() for word in speech(examined.language).again):
        advice = "Bied aan om het nog eens te horen, met een eigen toets."
        yield finding("spoken_repeat", "warn", examined.text, _place(examined.text, [menu]), advice)
    numbers = _said_numbers(voicemail, examined.language)
    if numbers and all(numbers.count(number) < 2 for number in numbers):
        advice = "Zeg het nummer twee keer."
        yield finding("spoken_repeat", "warn", examined.text, _place(examined.text, [voicemail]), advice)


def _said_numbers(text: str, language: str) -> list[tuple[str, ...]]:
    """Return the numbers that are said digit by digit, in order, of four digits or more."""
    digits = {spoken_number(digit, language) for digit in range(10)}
    found: list[list[str]] = [[]]
    for token in tokens(text):
        if token.lower in digits:
            found[-1].append(token.lower)
        elif _digits_in(token.word):
            found[-1] += [sign for sign in token.word if sign.isdigit()]
        elif found[-1]:
            found.append([])
    return [tuple(run) for run in found if len(run) >= _SHORTEST_NUMBER]


def _segments(examined: Examined) -> Iterator[Finding]:
    size = measure(examined.text)
    most = MOST_SEGMENTS.get(examined.base, _OTHER_SEGMENTS[size.encoding])
    if size.segments > most:
        advice = f"Dit zijn {size.segments} sms'en; maak er hooguit {most} van."
        yield finding("sms_segments", "warn", examined.text, (0, len(examined.text)), advice)
