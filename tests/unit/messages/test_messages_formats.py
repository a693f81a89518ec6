"""Money and days, written for the people who read them."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.formats import euro, spoken_date
from messages.languages import LANGUAGES
from messages.segments import gsm_friendly, measure

CENTS = st.integers(min_value=-(10**9), max_value=10**9)
CODES = st.sampled_from(sorted(LANGUAGES))
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31))


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("nl", "€ 1.234,50"),
        ("nl-je", "€ 1.234,50"),
        ("en", "€1,234.50"),
        ("tr", "€ 1.234,50"),
        ("ar", "1.234,50 يورو"),
        ("pl", "1234,50 €"),
        ("uk", "1 234,50 €"),
    ],
)
def test_an_amount_is_written_as_its_readers_write_it(language: str, written: str) -> None:
    assert euro(123450, language) == written


def test_large_amounts_keep_their_groups() -> None:
    assert [euro(1234567, code) for code in ("pl", "uk", "tr")] == ["12 345,67 €", "12 345,67 €", "€ 12.345,67"]


@given(CENTS, CODES)
def test_an_amount_keeps_every_digit_and_its_sign(cents: int, language: str) -> None:
    written = euro(cents, language)
    assert int(re.sub("[^0-9]", "", written)) == abs(cents)
    assert written.startswith("-") == (cents < 0)


@given(CENTS, CODES)
def test_the_decimal_sign_is_the_one_of_the_language(cents: int, language: str) -> None:
    sign = "." if language == "en" else ","
    assert re.search(rf"(?<!\d)\d[\d., ]*\{sign}\d\d(?!\d)", euro(cents, language))


@given(CENTS, st.sampled_from(["nl", "en", "tr", "pl"]))
def test_an_amount_fits_an_sms_of_latin_letters(cents: int, language: str) -> None:
    assert measure(euro(cents, language)).encoding == "GSM-7"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("nl", "dinsdag 24 november"),
        ("en", "Tuesday 24 November"),
        ("tr", "24 Kasım Salı"),
        ("ar", "الثلاثاء 24 نوفمبر"),
        ("pl", "24 listopada (wtorek)"),
        ("uk", "24 листопада (вівторок)"),
    ],
)
def test_a_day_is_written_as_its_readers_say_it(language: str, written: str) -> None:
    assert spoken_date(date(2026, 11, 24), language) == written


@given(DAYS, CODES)
def test_a_day_has_its_number_in_latin_digits_and_no_year(day: date, language: str) -> None:
    assert re.findall(r"\d+", spoken_date(day, language)) == [str(day.day)]


def test_turkish_letters_stay_readable_in_an_sms() -> None:
    assert gsm_friendly("ş ğ ı İ ç Ş Ğ ö ü Ö Ü") == "s g i I c S G ö ü Ö Ü"
    assert measure(gsm_friendly(spoken_date(date(2026, 9, 30), "tr"))).encoding == "GSM-7"
