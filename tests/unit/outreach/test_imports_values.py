"""Amounts, dates, names and mappings: every way of writing them, and what is refused."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.phone_numbers import PhoneNumber, parse_phones
from outreach.domain.spoken_languages import language_code
from outreach.imports.amounts import AmountError, decide_decimal, parse_amount
from outreach.imports.bsn import MASK, holds_bsn, is_bsn_header, mask, passes_eleven_test
from outreach.imports.contacts import Contact, Fault, read_email, read_phones
from outreach.imports.dates import DateError, decide_order, parse_date
from outreach.imports.names import Name, split_address, split_house_number, split_name
from outreach.imports.options import ImportOptions, MappingError, load_mapping
from outreach.imports.rejected import guard, unguard

pytestmark = pytest.mark.unit
MONEY = st.integers(min_value=-99_999_999, max_value=99_999_999)
DAYS = st.dates(min_value=date(1901, 1, 1), max_value=date(2099, 12, 31))


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("€ 1.234,56", 123456),
        ("1234.56", 123456),
        ("1.234", 123400),
        ("1,234.56", 123456),
        ("12,50-", -1250),
        ("-12,50", -1250),
        ("− 12,50", -1250),
        ("(12,50)", -1250),
        ("12,-", 1200),
        ("12,5", 1250),
        ("1.234.567,8", 123456780),
        ("EUR 750", 75000),
        ("750 euro", 75000),
        ("\u00a01\u00a0234,50", 123450),
        ("1'234.50", 123450),
        ("0", 0),
        (",50", 50),
        ("'-12,50", -1250),
        ("12,50 CR", -1250),
    ],
)
def test_amounts_are_read_as_written(text: str, cents: int) -> None:
    assert parse_amount(text) == cents


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "amount"),
        ("twaalf", "amount"),
        ("1.23.4", "amount"),
        ("1,2,3", "amount"),
        ("12,345,6", "amount"),
        ("12,3456", "amount_decimals"),
        ("=1+1", "amount"),
        ("1e5", "amount"),
        ("--5", "amount"),
        ("99999999999", "amount_range"),
    ],
)
def test_other_texts_are_no_amount(text: str, code: str) -> None:
    with pytest.raises(AmountError) as caught:
        parse_amount(text)
    assert caught.value.code == code


@given(MONEY)
def test_every_amount_comes_back_from_dutch_and_english_writing(cents: int) -> None:
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    english = f"{whole:,}.{rest:02d}"
    dutch = english.translate(str.maketrans(",.", ".,"))
    assert parse_amount(f"{sign}€ {dutch}") == parse_amount(f"{dutch}{sign}") == cents
    assert parse_amount(f"{sign}{english}") == parse_amount(f"{sign}{whole}.{rest:02d}") == cents


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_an_amount_error(text: str) -> None:
    with contextlib.suppress(AmountError):
        assert isinstance(parse_amount(text), int)


def test_the_decimal_sign_is_decided_by_many_values() -> None:
    assert decide_decimal(["1.234", "12,50", "3,10"]) == ","
    assert decide_decimal(["1,234", "12.50", "3.10"]) == "."
    assert decide_decimal(["1.234", "12"]) == ""
    assert parse_amount("1,234", ".") == 123400
    assert parse_amount("1.234", "") == 123400
    with pytest.raises(AmountError):
        parse_amount("1.234", ".")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01-03-2026", date(2026, 3, 1)),
        ("1-3-26", date(2026, 3, 1)),
        ("1/3/2026", date(2026, 3, 1)),
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-03-01T00:00:00Z", date(2026, 3, 1)),
        ("01-03-2026 00:00", date(2026, 3, 1)),
        ("20260301", date(2026, 3, 1)),
        ("1 mrt 2026", date(2026, 3, 1)),
        ("1 maart 2026", date(2026, 3, 1)),
        ("01.03.2026", date(2026, 3, 1)),
        ("03-04-2026", date(2026, 4, 3)),
    ],
)
def test_dates_are_read_dutch(text: str, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text", ["", "30-02-2026", "30-02-26", "31-4-2026", "1-13-2026", "morgen", "46082", "1-3", "1-3-026"]
)
def test_other_texts_are_no_date(text: str) -> None:
    with pytest.raises(DateError):
        parse_date(text)


@given(DAYS)
def test_every_date_comes_back(day: date) -> None:
    for text in (day.isoformat(), f"{day:%d-%m-%Y}", f"{day:%Y%m%d}", f"{day.day}/{day.month}/{day.year}"):
        assert parse_date(text) == day
    assert parse_date(f"{day:%m-%d-%Y}", "mdy") == day
    assert parse_date(str((day - date(1899, 12, 30)).days), serial=True) == day if day.year > 1927 else True


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_a_date_error(text: str) -> None:
    with contextlib.suppress(DateError):
        assert isinstance(parse_date(text), date)


def test_the_order_is_month_first_only_when_proven() -> None:
    assert decide_order(["03-04-2026"]) == ""
    assert decide_order(["03-04-2026", "13-04-2026"]) == "dmy"
    assert decide_order(["03/14/2026"]) == "mdy"
    assert decide_order(["03/14/2026", "14-03-2026"]) == "dmy"
    assert parse_date("05-05-62", last_year=2026) == date(1962, 5, 5)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jansen, P. de", Name("", "P.", "", "de", "Jansen")),
        ("Berg, P.J. van den", Name("", "P.J.", "", "van den", "Berg")),
        ("mevr. P.J. van den Berg", Name("mevr", "P.J.", "", "van den", "Berg")),
        ("Piet de Vries", Name("", "", "Piet", "de", "Vries")),
        ("De heer A. Yilmaz", Name("dhr", "A.", "", "", "Yilmaz")),
        ("Fatima El Amrani", Name("", "", "Fatima", "El", "Amrani")),
        ("Smit", Name("", "", "", "", "Smit")),
        ("", Name()),
    ],
)
def test_names_are_taken_apart(text: str, name: Name) -> None:
    assert split_name(text) == name


def test_addresses_are_taken_apart() -> None:
    assert split_house_number("12a") == (12, "A")
    assert split_house_number("12", "bis") == (12, "bis")
    assert split_house_number("geen") is None
    assert split_address("2e Dorpsstraat 12 A") == ("2e Dorpsstraat", "12 A")


@given(st.integers(0, 99_999_999))
def test_the_short_way_for_mobiles_agrees_with_the_long_one(number: int) -> None:
    text = f"06-{number:08d}"
    found = read_phones(text, False)
    expected = [each.e164 for each in parse_phones(text) if isinstance(each, PhoneNumber) and each.smsable]
    assert [each.value for each in found if isinstance(each, Contact)] == expected


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("0612345678", ["mobile"]),
        ("+31 6 12345678", ["mobile"]),
        ("0031612345678", ["mobile"]),
        ("030-2345678", ["landline"]),
        ("06-12345678 / 030-2345678", ["mobile", "landline"]),
        ("6,12345678E+08", ["mobile"]),
        ("6,12E+08", ["phone"]),
        ("612345678", ["mobile"]),
        ("06-1234", ["phone"]),
        ("bel mij", ["phone"]),
        ("0900-1234", ["phone_not_usable"]),
        ("06 0000 1234", ["phone"]),
    ],
)
def test_phone_numbers_of_odd_shapes(text: str, kinds: list[str]) -> None:
    found = read_phones(text, False)
    assert [each.kind if isinstance(each, Contact) else each.code for each in found] == kinds


def test_mail_addresses() -> None:
    assert read_email(" Jan@Voorbeeld.NL ") == Contact("email", "Jan@voorbeeld.nl")
    for wrong in ("jan@", "@x.nl", "jan@voorbeeld", "jan..p@x.nl", "jan @x.nl", "jan@x.nl;piet@x.nl"):
        assert isinstance(read_email(wrong), Fault)


def test_a_bsn_is_known_by_header_and_by_content() -> None:
    assert passes_eleven_test("111222333")
    assert not passes_eleven_test("111222334")
    assert is_bsn_header("BSN huurder")
    assert is_bsn_header("Burgerservicenummer")
    assert is_bsn_header("sofi-nummer")
    assert not is_bsn_header("Huurdernummer")
    assert holds_bsn("Persoon-id", ["111222333", "123456782", ""])
    assert not holds_bsn("Vervaldatum", ["111222333"])
    assert mask("zie 111222333 hier") == f"zie {MASK} hier"


def test_formulas_are_guarded_both_ways() -> None:
    for text in ("=1+1", "+31612345678", "-12,50", "@SUM(A1)", "\t=1", "\r=1", " =1"):
        assert guard(text) == f"'{text}"
        assert unguard(guard(text)) == text
    assert guard("'t Hoen") == "'t Hoen" == unguard("'t Hoen")


def test_a_mapping_is_read_from_yaml_and_toml() -> None:
    yaml = "columns:\n  tenancy_ref: Kenmerk\n  phone: [Tel, Mob]\ndecimal: comma\nnegative_items: credit\n"
    options = load_mapping(yaml + "complete: true\nas_of: 2026-03-01\npostcode_areas:\n  '3701': west\n", "m.yaml")
    assert options.columns == {"tenancy_ref": ("Kenmerk",), "phone": ("Tel", "Mob")}
    assert (options.decimal, options.negative_items, options.complete) == (",", "credit", True)
    assert options.as_of == date(2026, 3, 1)
    toml = 'decimal = "."\n[as_of]\ncolumn = "Peil"\n[columns]\ntenancy_ref = "Kenmerk"\n'
    assert load_mapping(toml, "m.toml").columns == {"as_of": ("Peil",), "tenancy_ref": ("Kenmerk",)}
    assert load_mapping("", "leeg.yaml") == ImportOptions()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("kolommen: {}", "kolommen"),
        ("columns: {ref: X}", "columns.ref"),
        ("columns: {tenancy_ref: 3}", "columns.tenancy_ref"),
        ("columns: [a]", "columns"),
        ("decimal: punt", "decimal"),
        ("complete: misschien", "complete"),
        ("as_of: ooit", "as_of"),
        ("encoding: klingon", "encoding"),
        ("delimiter: '::'", "delimiter"),
        ("negative_items: ja", "negative_items"),
        ("a: [", "niet te lezen"),
        ("- x", "sleutels"),
    ],
)
def test_a_wrong_mapping_is_named_exactly(text: str, part: str) -> None:
    with pytest.raises(MappingError) as caught:
        load_mapping(text, "m.yaml")
    assert part in caught.value.text_nl
    assert caught.value.text_nl.startswith("m.yaml")


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("nl", "nl NL nld dut Nederlands nl_NL"),
        ("en", "en eng Engels English en-GB"),
        ("tr", "tr TUR Turks turkish Türkçe tr-TR"),
        ("ar", "ar ara Arabisch ARABIC العربية"),
        ("pl", "pl pol Pools Polish polski"),
        ("uk", "uk ukr Oekraïens oekraiens Ukrainian Українська"),
        ("so", "so som Somalisch Somali"),
        ("", "xx klingon 12 -"),
    ],
)
def test_a_language_is_read_by_code_and_name(code: str, written: str) -> None:
    assert {language_code(f" {word} ") for word in written.split()} == {code}
    assert language_code("") == ""
