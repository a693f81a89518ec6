"""What a message keeps as facts is written in the language of the text that goes."""

from datetime import datetime

import pytest

from messages.languages import LANGUAGES
from outreach.services.written_values import Fact, moment_fact, written

pytestmark = pytest.mark.unit
FACTS: dict[str, Fact] = {
    "month_amount": 125000,
    "count": "6",
    "promise_on": "2026-11-24",
    "call_at": moment_fact(datetime(2026, 11, 24, 9, 30)),  # noqa: DTZ001 - Dutch civil time
}


@pytest.mark.parametrize(
    ("language", "amount", "day", "moment"),
    [
        ("nl", "€ 1.250,00", "dinsdag 24 november", "dinsdag 24 november vanaf 09:30 uur"),
        ("nl-je", "€ 1.250,00", "dinsdag 24 november", "dinsdag 24 november vanaf 09:30 uur"),
        ("en", "€1,250.00", "Tuesday 24 November", "Tuesday 24 November from 09:30"),
        ("pl", "1250,00 €", "24 listopada (wtorek)", "24 listopada (wtorek), od 09:30"),
        ("uk", "1 250,00 €", "24 листопада (вівторок)", "24 листопада (вівторок), з 09:30"),
    ],
)
def test_facts_are_written_as_people_say_them(language: str, amount: str, day: str, moment: str) -> None:
    said = {"month_amount": amount, "count": "6", "promise_on": day, "call_at": moment}
    assert written(FACTS, language) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_when_somebody_calls(language: str) -> None:
    assert "09:30" in written(FACTS, language)["call_at"]


def test_words_stay_as_they_stand() -> None:
    assert written({"promise_on": "dinsdag 24 november", "count": "2026"}, "uk") == {
        "promise_on": "dinsdag 24 november",
        "count": "2026",
    }
