"""The faults of a ladder file in Dutch, for people who bring a file from elsewhere."""

import re
from collections.abc import Callable

from schedules.errors import Problem

SENTENCES: tuple[tuple[str, str], ...] = (
    (r"not readable as YAML: (.*)", "dit bestand is niet te lezen: kijk bij deze regel naar haken, komma's en spaties"),
    (r"the key '(.*)' is given twice", "'{0}' staat er twee keer"),
    (r"a value is missing here", "hier ontbreekt een waarde"),
    (r"'(.*)' is missing", "'{0}' ontbreekt"),
    (r"give at least one of (.*)", "geef er minstens een van: {0}"),
    (r"unknown key '(.*)'", "'{0}' is hier niet bekend"),
    (r"the list is empty", "de lijst is leeg"),
    (r"the text is empty", "de tekst is leeg"),
    (r"(.*) is not known here", "{0} is hier niet bekend"),
    (r"(-?\d+) is below (-?\d+)", "{0} is minder dan {1}"),
    (r"(.*) is not written as (.*)", "{0} is niet goed geschreven"),
    (r"None is not object", "het bestand is leeg"),
    (r"(.*) is not object", "{0} past hier niet; hier horen namen met een waarde"),
    (r"(.*) is not (string|integer|object|array|boolean).*", "{0} past hier niet"),
    (r"no such day: .*", "deze dag bestaat niet"),
    (r"no step is called '(.*)'", "er is geen stap '{0}'"),
    (r"no stage is called '(.*)'", "er is geen fase '{0}'"),
    (r"no step hands '(.*)' to people", "geen stap geeft '{0}' door aan een mens"),
    (r"the step '(.*)' never ends with '(.*)'", "de stap '{0}' eindigt nooit met '{1}'"),
    (r"'(.*)' waits for itself in a circle", "'{0}' wacht in een kring op zichzelf"),
    (r"a card shares the moment of a visit: .*", "een kaartje hoort bij een huisbezoek"),
    (r"a (.*) step needs '(.*)'", "een stap van de soort {0} heeft '{1}' nodig"),
    (r"'(.*)' belongs to a decision", "'{0}' hoort bij een besluit"),
    (r"the gap ~(.*) is not described under gaps", "de open waarde '{0}' is niet beschreven"),
    (r"the gap '(.*)' is described and never used", "de open waarde '{0}' wordt nergens gebruikt"),
)
HINTS: tuple[tuple[str, str], ...] = (
    (r"did you mean '(.*)'\?", "bedoelt u '{0}'?"),
    (r"known are: (.*)", "bekend zijn: {0}"),
    (r"keep one of the two", "laat er een staan"),
)


def problem_text(problem: Problem, language: str = "nl") -> str:
    """Write a fault with its line as one sentence, in Dutch ("nl") or English."""
    if language != "nl":
        return str(problem)
    hint = _dutch(problem.suggestion, HINTS) if problem.suggestion else ""
    said = message_text(problem.message)
    return f"Regel {problem.line} ({problem.path}): {said}{f' - {hint}' if hint else ''}.".replace("?.", "?")


def message_text(message: str) -> str:
    """Write what is wrong, without its place, in Dutch; what has no words here stays as it is."""
    return _dutch(message, SENTENCES)


def _dutch(text: str, table: tuple[tuple[str, str], ...]) -> str:
    write: Callable[..., str]
    for pattern, sentence in table:
        if found := re.fullmatch(pattern, text, re.DOTALL):
            write = sentence.format
            return write(*found.groups())
    return text
