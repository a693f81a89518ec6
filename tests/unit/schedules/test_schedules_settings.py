"""Months in arrears by both definitions of a landlord."""

from datetime import date

import pytest

from schedules.settings import MonthDefinition, months_in_arrears

pytestmark = pytest.mark.unit
ITEMS = ((date(2026, 9, 1), 20000), (date(2026, 10, 1), 70000), (date(2026, 11, 1), 70000))


@pytest.mark.parametrize(
    ("definition", "on", "months"),
    [
        (MonthDefinition.DUE_DATES_PASSED, date(2026, 11, 1), 2),  # on the due date itself it has not passed
        (MonthDefinition.DUE_DATES_PASSED, date(2026, 11, 2), 3),
        (MonthDefinition.AMOUNT_OVER_RENT, date(2026, 11, 2), 2),
        ("amount_over_rent", date(2026, 10, 2), 1),
        ("due_dates_passed", date(2026, 8, 1), 0),
    ],
)
def test_months(definition: MonthDefinition | str, on: date, months: int) -> None:
    assert months_in_arrears(ITEMS, 70000, on, definition) == months


def test_a_credit_counts_and_no_rent_is_no_month() -> None:
    credit = (*ITEMS, (date(2026, 10, 15), -160000))
    assert months_in_arrears(credit, 70000, date(2026, 12, 1), "due_dates_passed") == 0
    assert months_in_arrears(ITEMS, 0, date(2026, 12, 1), "amount_over_rent") == 0
