"""The legal scale of collection costs, against the scale written out again with fractions."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.collection_costs import collection_costs, scale_on
from messages.samples import SIZES, sample_amount, sample_costs

DAY = date(2026, 11, 27)
PRINCIPALS = st.integers(min_value=1, max_value=200_000_000_000)


def by_the_law(cents: int) -> Fraction:
    """The scale as article 2 says it, in euros, without rounding."""
    left, total = Fraction(cents, 100), Fraction(0)
    for width, percent in ((2500, 15), (2500, 10), (5000, 5), (190_000, 1)):
        part = min(left, Fraction(width))
        total, left = total + part * percent / 100, left - part
    return min(Fraction(6775), max(Fraction(40), total + left / 200))


@given(PRINCIPALS)
def test_costs_are_those_of_the_scale_to_the_cent(cents: int) -> None:
    exact = by_the_law(cents) * 100
    assert abs(collection_costs(cents, DAY) - exact) <= Fraction(1, 2)


@given(PRINCIPALS, st.integers(min_value=0, max_value=10_000_000))
def test_a_bigger_debt_never_costs_less(cents: int, more: int) -> None:
    assert 4000 <= collection_costs(cents, DAY) <= collection_costs(cents + more, DAY) <= 677_500


@given(PRINCIPALS)
def test_vat_comes_only_when_it_is_asked_for(cents: int) -> None:
    plain, taxed = collection_costs(cents, DAY), collection_costs(cents, DAY, vat=True)
    assert abs(taxed - plain * Fraction(121, 100)) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("cents", "costs"),
    [
        (1, 4000),
        (26_666, 4000),
        (26_667, 4000),
        (26_674, 4001),
        (65_000, 9750),
        (250_000, 37_500),
        (500_000, 62_500),
        (1_000_000, 87_500),
        (20_000_000, 277_500),
        (100_000_000, 677_500),
        (500_000_000, 677_500),
    ],
)
def test_the_steps_of_the_scale(cents: int, costs: int) -> None:
    assert collection_costs(cents, DAY) == costs


@pytest.mark.parametrize("size", SIZES)
def test_the_samples_hold_the_costs_of_their_amounts(size: str) -> None:
    assert sample_costs(size) == collection_costs(sample_amount(size), DAY)


def test_no_costs_over_nothing_and_none_before_the_law() -> None:
    with pytest.raises(ValueError, match="no costs over 0 cents"):
        collection_costs(0, DAY)
    with pytest.raises(ValueError, match="no scale"):
        collection_costs(100, date(2012, 6, 30))
    assert scale_on(DAY).source
