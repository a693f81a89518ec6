"""The reading score: its scale, and what it must not depend on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.parts import parts_of
from messages.scoring import LEVELS, LINT_BANDS, Score, causes, level_of, score_of

PLAIN = (
    "Op maandag 3 december komt onze monteur bij u langs. Hij maakt de kraan in de keuken. Dat duurt ongeveer een "
    "uur. U hoeft niets te betalen. Bent u die dag niet thuis? Bel dan naar 088 123 45 67. Dan maken we een nieuwe "
    "afspraak."
)
MIDDLE = (
    "Binnenkort starten wij met het onderhoud aan uw woning. De werkzaamheden duren ongeveer drie weken en worden "
    "uitgevoerd door een aannemer. Voordat het werk begint, ontvangt u een planning waarin staat op welke dagen "
    "iemand bij u thuis moet zijn. Heeft u bezwaar tegen de planning, dan kunt u dit tot een week van tevoren "
    "doorgeven."
)
LEGAL = (
    "Ondanks herhaalde aanmaningen onzerzijds hebben wij moeten constateren dat u tot op heden niet aan uw "
    "betalingsverplichtingen uit hoofde van de met u gesloten huurovereenkomst heeft voldaan. Derhalve stellen wij "
    "u middels deze brief in gebreke, bij gebreke waarvan de vordering ter incasso uit handen zal worden gegeven."
)


def score(text: str) -> Score:
    return score_of(parts_of(text))


def test_a_plain_letter_is_easier_than_an_office_letter_and_that_than_a_legal_one() -> None:
    plain, middle, legal = score(PLAIN), score(MIDDLE), score(LEGAL)
    assert plain.score > middle.score > legal.score
    assert plain.level in ("A2", "B1") and legal.level == "C1"


@pytest.mark.parametrize(
    ("lint", "level"), [(0.0, "A2"), (33.9, "A2"), (34.0, "B1"), (46.0, "B2"), (58.0, "C1"), (100, "C1")]
)
def test_the_bands_are_those_of_lint(lint: float, level: str) -> None:
    assert level_of(lint) == level and len(LEVELS) == len(LINT_BANDS) + 1


def test_difficulty_and_score_are_each_other_s_rest() -> None:
    found = score(MIDDLE)
    assert found.lint == pytest.approx(100 - found.score)


@pytest.mark.parametrize("text", [PLAIN, MIDDLE, LEGAL])
def test_saying_it_twice_hardly_changes_the_score(text: str) -> None:
    assert score(f"{text} {text}").score == pytest.approx(score(text).score, abs=4)


@pytest.mark.parametrize("text", [PLAIN, MIDDLE])
def test_a_heading_a_greeting_and_bullets_hardly_change_the_score(text: str) -> None:
    bullets = "\n".join(f"- {line}." for line in text.rstrip(".").split(". "))
    assert score(f"Onderhoud\n\n{bullets}").score == pytest.approx(score(text).score, abs=6)


def test_a_harder_word_makes_a_text_harder() -> None:
    assert score(PLAIN.replace("langs", "derhalve langs")).score < score(PLAIN).score


def test_joining_sentences_makes_a_text_harder() -> None:
    joined = PLAIN.replace(". Hij", " en hij").replace(". Dat", ", wat").replace(". U hoeft", " en u hoeft")
    assert score(joined).score < score(PLAIN).score


def test_what_would_help_a_legal_letter_is_named() -> None:
    assert "minder ambtelijke woorden" in causes(parts_of(LEGAL)) and len(causes(parts_of(LEGAL))) == 2


@pytest.mark.parametrize("text", ["", "  \n ", "€ 1.250,00", "24-11-2026"])
def test_a_text_without_words_is_as_easy_as_can_be(text: str) -> None:
    assert score(text) == Score(score=100.0, level="A2", lint=0.0)


@given(st.text(max_size=300))
def test_any_text_has_a_score(text: str) -> None:
    found = score(text)
    assert 0 <= found.score <= 100 and found.level in LEVELS
