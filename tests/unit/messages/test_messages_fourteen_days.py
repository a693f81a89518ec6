"""The fourteen-day letter in other languages: the right term passes, every other stops the letter."""

import pytest

from messages.catalogue import load_catalogue
from messages.checks import Verdict, check
from messages.examined import LetterFacts
from messages.fourteen_days import terms
from messages.rendering import render
from messages.samples import SIZES, sample_amount, sample_costs, sample_values

CATALOGUE = load_catalogue()
LANGUAGES = ("tr", "ar", "pl", "uk")
COSTS = {
    "tr": "Sonra masraf eklenir.",
    "ar": "ثم نضيف التكاليف.",
    "pl": "Potem dojdą koszty windykacji.",
    "uk": "Потім додамо incassokosten.",
}
WRONG = [
    ("tr", "Bugünden itibaren on dört gün içinde ödeyin."),
    ("tr", "Mektubun size teslim edildiği günden sonraki gün başlayan yedi gün içinde ödeyin."),
    ("ar", "ادفعوا خلال أربعة عشر يوما من اليوم."),
    ("ar", "عندكم سبعة أيام. تبدأ في اليوم التالي ليوم وصول هذه الرسالة."),
    ("pl", "Czas na wpłatę to czternaście dni od dzisiaj."),
    ("uk", "На це є чотирнадцять днів від сьогодні."),
]


def judged(text: str, language: str) -> Verdict:
    return check(text, channel="letter", language=language, allowed_measures={"costs"})


def stopped(found: Verdict) -> bool:
    return any((item.rule, item.severity) == ("fourteen_day_term", "stop") for item in found.findings)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_that_ships_gives_the_right_term_and_the_exact_costs(language: str, size: str) -> None:
    template = CATALOGUE.get("fourteen_day_letter", "letter", language)
    rendered = render(template, sample_values(size, language))
    found = check(
        rendered.text,
        channel="letter",
        language=language,
        subject=rendered.subject,
        purpose=template.purpose,
        allowed_measures=template.mentions,
        facts=LetterFacts(amount_cents=sample_amount(size), costs_cents=sample_costs(size)),
    )
    assert template.language == language and found.passed


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_that_is_advised_is_right(language: str) -> None:
    assert not stopped(judged(f"{terms()[language].right} {COSTS[language]}", language))


@pytest.mark.parametrize(("language", "text"), WRONG)
def test_another_term_stops_a_text_that_names_costs(language: str, text: str) -> None:
    assert stopped(judged(f"{text} {COSTS[language]}", language))
    assert not stopped(judged(text, language)), "no costs, no term"


@pytest.mark.parametrize("language", LANGUAGES)
def test_costs_without_a_term_stop(language: str) -> None:
    assert stopped(judged(COSTS[language], language))


def test_other_costs_than_the_law_gives_stop_an_arabic_letter() -> None:
    template = CATALOGUE.get("fourteen_day_letter", "letter", "ar")
    rendered = render(template, sample_values("typical", "ar"))
    facts = LetterFacts(amount_cents=sample_amount("typical"), costs_cents=sample_costs("typical") + 1)
    found = check(rendered.text, channel="letter", language="ar", allowed_measures=template.mentions, facts=facts)
    assert "costs_exact" in {item.rule for item in found.findings if item.severity == "stop"}
