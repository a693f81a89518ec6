"""The figures of a simulation as people read them."""

import pytest

from outreach.services.simulation_table import interval, number

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "unit", "signed", "dutch", "english"),
    [
        (1234, "count", False, "1.234", "1,234"),
        (0.2974, "share", False, "29,7%", "29.7%"),
        (-0.07, "share", True, "-7,0%", "-7.0%"),
        (182000, "cents", True, "+€ 1.820", "+€ 1,820"),
        (-33400, "cents", True, "-€ 334", "-€ 334"),
        (-20, "cents", True, "€ 0", "€ 0"),
        (29.6, "hours", False, "30 uur", "30 hours"),
        (9, "days", True, "+9 dagen", "+9 days"),
        (5.25, "each", False, "5,2", "5.2"),
        (None, "days", False, "–", "–"),
    ],
)
def test_a_value_is_written_as_people_say_it(
    value: float | None, unit: str, signed: bool, dutch: str, english: str
) -> None:
    assert number(value, unit, "nl", signed=signed) == dutch
    assert number(value, unit, "en", signed=signed) == english


def test_an_interval_names_its_unit_once() -> None:
    assert interval({"value": 10, "low": 9, "high": 11}, "days", "nl") == "9 tot 11 dagen"
    assert interval({"value": 0, "low": -500, "high": 12300}, "cents", "nl", signed=True) == "-€ 5 tot +€ 123"
    assert interval({"value": None, "low": None, "high": None}, "days", "nl") == ""
