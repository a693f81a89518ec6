"""Phone numbers as people, systems and spreadsheets write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.phone_numbers import PhoneNumber, PhoneProblem, parse_phone, parse_phones

pytestmark = pytest.mark.unit
MADE_UP = "+31600000001"


@pytest.mark.parametrize(
    "written",
    [
        "0600000001",
        "06-00 00 00 01",
        "06 - 0000 0001",
        "06.00.00.00.01",
        "06/00000001",
        "06,00000001",
        "(06) 00000001",
        "+31600000001",
        "+31 6 00000001",
        "+31 (0)6 00000001",
        "+31(0)600000001",
        "+3106 00000001",
        "0031600000001",
        "0031 (0)6-00000001",
        "00310600000001",
        "31600000001",
        "600000001",
        "600000001.0",
        "600000001,00",
        "6.00000001E+08",
        "6,00000001E8",
        "'0600000001",
        '"0600000001"',
        "=0600000001",
        "tel: 0600000001",
        "tel:+31600000001",
        "Mob. 06 00000001",
        "０６００００００01",
        "٠٦٠٠٠٠٠٠٠١",
        "06–00000001",
        "06\u00a000\u00a000\u00a000\u00a001",
        "06\u200b00000001",
        "\ufeff0600000001\t",
        "0600000001;",
    ],
)
def test_every_odd_shape_is_the_same_number(written: str) -> None:
    number = PhoneNumber(e164=MADE_UP, kind="mobile", dialable=True, smsable=True)
    assert parse_phone(written, made_up=True) == number
    assert parse_phones(written, made_up=True) == (number,)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "empty"),
        ("  -  ", "empty"),
        ("?", "empty"),
        ("onbekend", "letters"),
        ("0600000001 (moeder)", "letters"),
        ("06-BELMIJ", "letters"),
        ("n.v.t.", "letters"),
        ("0600000001 / 0600000002", "several"),
        ("0600000001;0200000000", "several"),
        ("0600000001/0600000002", "several"),
        ("0600000001 of 0600000002", "several"),
        ("0600000001\n0600000002", "several"),
        ("0600000001 +31600000002", "several"),
        ("6.12E+08", "lost_digits"),
        ("1E99", "lost_digits"),
        ("112", "too_short"),
        ("0600000001234567", "too_long"),
        ("0" * 10_000_000, "too_long"),
        ("0600000001", "invalid"),
        ("0000000000", "invalid"),
        ("+999 123456789", "invalid"),
    ],
)
def test_what_is_no_number_has_a_reason(written: str, code: str) -> None:
    problem = parse_phone(written)
    assert isinstance(problem, PhoneProblem)
    assert problem.code == code
    assert problem.text_nl and problem.text_en


@pytest.mark.parametrize(
    ("written", "kind", "dialable", "smsable"),
    [
        ("06 00000001", "mobile", True, True),
        ("020 0000000", "landline", True, False),
        ("085 0000000", "voip", True, False),
        ("097 0 00000000", "machine", False, False),
        ("06 66 000000", "pager", False, False),
        ("088 0000000", "uan", False, False),
        ("0900 0000", "premium", False, False),
        ("0906 0000", "premium", False, False),
        ("0909 0000000", "premium", False, False),
        ("0800 0000", "other", False, False),
        ("14 030", "uan", False, False),
        ("+32 470 00 00 00", "mobile", True, True),
    ],
)
def test_the_kind_says_what_may_be_done(written: str, kind: str, dialable: bool, smsable: bool) -> None:
    number = parse_phone(written, made_up=True)
    assert isinstance(number, PhoneNumber), number
    assert (number.kind, number.dialable, number.smsable) == (kind, dialable, smsable)


@pytest.mark.parametrize("separator", [" / ", "/", ";", " ; ", ",", ", ", " en ", " of ", "\n", " & ", "|"])
def test_several_numbers_come_apart_and_once(separator: str) -> None:
    found = parse_phones(separator.join(["0600000001", "06-00000002", "+31 6 00000001"]), made_up=True)
    assert [number.e164 for number in found if isinstance(number, PhoneNumber)] == [MADE_UP, "+31600000002"]


def test_a_good_and_a_bad_number_are_told_apart() -> None:
    good, bad = parse_phones("0600000001 / 1234567", made_up=True)
    assert isinstance(good, PhoneNumber)
    assert isinstance(bad, PhoneProblem)


def test_made_up_numbers_do_not_exist_outside_sample_data() -> None:
    assert isinstance(parse_phone("0600000001"), PhoneProblem)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_it(written: str) -> None:
    for found in (parse_phone(written), *parse_phones(written)):
        assert isinstance(found, PhoneNumber | PhoneProblem)


@settings(deadline=None)
@given(st.text(alphabet="0123456789+-/(); .,eE\n０", max_size=30))
def test_whatever_comes_out_reads_back_as_itself(written: str) -> None:
    for number in parse_phones(written):
        if isinstance(number, PhoneNumber):
            assert parse_phone(number.e164) == number
            assert number.e164.startswith("+") and number.e164[1:].isascii() and number.e164[1:].isdigit()
            assert number.dialable or not number.smsable


@settings(deadline=None)
@given(st.integers(0, 9999), st.lists(st.sampled_from(["", " ", "-", ".", " - "]), min_size=9, max_size=9))
def test_signs_between_digits_change_nothing(tail: int, between: list[str]) -> None:
    digits = f"060000{tail:04d}"
    written = "".join(digit + sign for digit, sign in zip(digits, [*between, ""], strict=True))
    number = parse_phone(written, made_up=True)
    assert isinstance(number, PhoneNumber)
    assert number.e164 == f"+3160000{tail:04d}"
