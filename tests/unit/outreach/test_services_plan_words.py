"""What an amount in a reply is: no income and no rent, the lower of two steps, so many times, every two weeks."""

import pytest

from outreach.services.plan_words import (
    is_after,
    is_every_two_weeks,
    is_no_capacity,
    lower_of_steps,
    minds_the_question,
    times_in,
    unit_in,
)


@pytest.mark.parametrize(
    ("text", "euros"),
    [
        ("ik verdien 1400 en huur is 650", 1400),
        ("heb bijstand 1100 euro", 1100),
        ("krijg 950 uitkering per maand", 950),
        ("1234 AB 12", 1234),
        ("zarabiam 3000", 3000),
        ("зарплата 1400", 1400),
        ("maaşım 1.400,00", 1400),
        ("راتبي ١٤٠٠", 1400),
        ("mijn huur is 650", 650),
    ],
)
def test_income_rent_and_a_postcode_are_nothing_to_spare(text: str, euros: int) -> None:
    assert is_no_capacity(text, euros * 100)


@pytest.mark.parametrize(
    "text", ["50", "mijn inkomen is 1200, kan 50 missen", "50 naast mijn huur", "50 PM", "loon is de 24e dan kan ik 50"]
)
def test_what_can_be_spared_stays_so(text: str) -> None:
    assert not is_no_capacity(text, 5000)


def test_steps_times_weeks_days_and_units() -> None:
    assert lower_of_steps("nu 50 en dan 100 per maand", 10000) == 5000
    assert [times_in(text) for text in ("in 3 keer", "in drie termijnen", "3 taksit", "50 per maand")] == [
        3,
        3,
        3,
        None,
    ]
    assert is_every_two_weeks("50 per 2 weken") and is_every_two_weeks("om de week 50")
    assert not is_every_two_weeks("25 per week")
    assert is_after("na de 20e") and not is_after("vanaf de 20e")
    assert minds_the_question("gaat je niks aan")
    assert [unit_in(text) for text in ("per maand", "per week", "50 per maand")] == ["month", "week", None]
