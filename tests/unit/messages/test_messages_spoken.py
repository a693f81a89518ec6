"""What a robocall says: numbers as words in every language, short, and repeated."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.checks import Verdict, check
from messages.findings import Finding
from messages.form_rules import seconds
from messages.formats import euro, spoken_date
from messages.languages import LANGUAGES
from messages.samples import SIZES, sample_values
from messages.spoken import (
    for_robocall,
    in_words,
    spoken_day,
    spoken_money,
    spoken_number,
    spoken_phone,
    spoken_time,
)
from messages.template import PLACEHOLDERS

CODES = tuple(LANGUAGES)
ONES = ("nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")
TEENS = dict(
    zip(
        ("tien", "elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien"),
        range(10, 20),
        strict=True,
    )
)
TENS = dict(
    zip(
        ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"),
        range(20, 100, 10),
        strict=True,
    )
)
GOOD = {
    "greeting": "Goedendag. Spreek ik met Jo? Toets dan één.",
    "message": "Ik bel over uw huur. Wij zoeken graag samen een oplossing.",
    "menu": "Wilt u iemand spreken? Toets één. Dit nog eens horen? Toets acht.",
    "voicemail": "Bel ons terug: nul acht acht, twee drie, vier vijf. Ik herhaal: nul acht acht, twee drie, vier vijf.",
}


def understood(words: str) -> int:
    """Read a Dutch number below 1,000,000 back, in another way than it was made."""
    words = words.replace(" ", "")
    if "duizend" in words:
        many, _, rest = words.partition("duizend")
        return (understood(many) if many else 1) * 1000 + (understood(rest) if rest else 0)
    if "honderd" in words:
        many, _, rest = words.partition("honderd")
        return (understood(many) if many else 1) * 100 + (understood(rest) if rest else 0)
    if words in TEENS or words in TENS:
        return TEENS.get(words) or TENS[words]
    if words in ONES:
        return ONES.index(words)
    ten = next(name for name in TENS if words.endswith(name))
    one = re.sub(r"(?:en|ën)$", "", words.removesuffix(ten))
    return TENS[ten] + ONES.index("één" if one == "een" else one)


def said(text: dict[str, str], language: str = "nl") -> Verdict:
    body = "\n".join(f"[{name}]\n{part}" for name, part in text.items())
    return check(body, channel="robocall", language=language, parts=text)


def of_rule(verdict: Verdict, rule: str) -> list[Finding]:
    return [each for each in verdict.findings if each.rule == rule]


@given(st.integers(min_value=0, max_value=99_999_999))
def test_dutch_money_is_read_back_to_the_cent(cents: int) -> None:
    words = spoken_money(cents)
    euros, _, rest = words.partition(" euro")
    if not words.endswith(" cent"):
        assert understood(euros) * 100 == cents
    elif rest:
        assert understood(euros) * 100 + understood(rest.removeprefix(" en ").removesuffix(" cent")) == cents
    else:
        assert understood(words.removesuffix(" cent")) == cents


@given(st.integers(min_value=-10_000_000, max_value=10_000_000), st.sampled_from(CODES))
def test_written_and_counted_money_sound_the_same(cents: int, language: str) -> None:
    words = spoken_money(cents, language)
    assert not re.search(r"\d", words)
    assert for_robocall({"amount": euro(cents, language)}, language) == {"amount": words}
    assert in_words(euro(cents, language), language) == words


@given(st.dates(date(2026, 1, 1), date(2032, 12, 31)), st.sampled_from(CODES))
def test_written_days_and_dates_sound_the_same(day: date, language: str) -> None:
    words = spoken_day(day, language)
    assert not re.search(r"\d", words)
    assert for_robocall({"since": spoken_date(day, language), "today": day}, language) == {
        "since": words,
        "today": words,
    }


@pytest.mark.parametrize("language", CODES)
def test_every_day_of_a_month_sounds_different(language: str) -> None:
    days = [spoken_day(date(2026, 1, 1) + timedelta(days=number), language) for number in range(31)]
    assert len(set(days)) == 31


@given(st.text(alphabet="0123456789abc -+:/.,€", max_size=40), st.sampled_from(CODES))
def test_no_text_keeps_a_digit(text: str, language: str) -> None:
    assert not re.search(r"\d", in_words(text, language))


@given(st.from_regex(r"0[0-9]{2,3}[ -]?[0-9]{3} ?[0-9]{4}", fullmatch=True), st.sampled_from(CODES))
def test_a_phone_number_is_said_digit_by_digit(number: str, language: str) -> None:
    names = {spoken_number(digit, language): str(digit) for digit in range(10)}
    words = spoken_phone(number, language).replace(",", "").split()
    assert "".join(names[word] for word in words) == re.sub(r"\D", "", number)


@pytest.mark.parametrize(
    ("language", "money", "day", "time"),
    [
        ("nl", "zeshonderdvijftig euro en twaalf cent", "dinsdag vierentwintig november", "vijftien uur dertig"),
        (
            "en",
            "six hundred and fifty euros and twelve cents",
            "Tuesday the twenty-fourth of November",
            "fifteen hours thirty",
        ),
        ("tr", "altı yüz elli avro on iki sent", "yirmi dört Kasım Salı", "on beş otuz"),
        ("ar", "ستمائة وخمسون يورو واثنا عشر سنت", "الثلاثاء أربعة وعشرون نوفمبر", "خمسة عشر ثلاثون"),
        (
            "pl",
            "sześćset pięćdziesiąt euro i dwanaście centów",
            "dwudziestego czwartego listopada, wtorek",
            "piętnasta trzydzieści",
        ),
        (
            "uk",
            "шістсот п'ятдесят євро і дванадцять центів",
            "двадцять четвертого листопада, вівторок",
            "п'ятнадцята тридцять",
        ),
    ],
)
def test_it_sounds_as_people_say_it(language: str, money: str, day: str, time: str) -> None:
    assert spoken_money(65012, language) == money
    assert spoken_day(date(2026, 11, 24), language) == day
    assert spoken_time(15, 30, language) == time


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("size", SIZES)
def test_every_value_of_a_text_is_spoken_without_a_digit(language: str, size: str) -> None:
    spoken = for_robocall(sample_values(size, language), language)
    assert set(spoken) == PLACEHOLDERS
    assert {name: value for name, value in spoken.items() if re.search(r"\d", value)} == {}
    assert for_robocall(spoken, language) == spoken, "words stay words"


@pytest.mark.parametrize("language", CODES)
def test_every_hour_is_said(language: str) -> None:
    said_hours = [in_words(f"{hour:02}:00", language) for hour in range(24)]
    assert len(set(said_hours)) == 24 and not re.search(r"\d", " ".join(said_hours))


def test_a_number_that_is_heard_is_no_hard_word() -> None:
    message = f"Er staat {spoken_money(1_234_577)} open. Zullen wij u bellen over de betalingsverplichtingen?"
    hard = [
        each.text
        for each in said({**GOOD, "message": message}).findings
        if each.rule in ("long_word", "rare_word", "officialese")
    ]
    assert hard == ["betalingsverplichtingen"]


def test_codes_are_spelled_and_house_numbers_are_numbers() -> None:
    spoken = for_robocall({"reference": "HA-07", "address": "Dam 12-A", "count": 3, "amount": None}, "nl")
    assert spoken == {"reference": "H A nul zeven", "address": "Dam twaalf -A", "count": "drie"}


def test_a_good_text_gives_no_finding() -> None:
    assert [each.rule for each in said(GOOD).findings if each.rule.startswith("spoken")] == []


def test_more_than_half_a_minute_in_one_go_is_warned_and_forty_seconds_stopped() -> None:
    assert seconds("woord " * 75) == 30.0
    for words, severity in ((80, "warn"), (120, "stop")):
        [found] = of_rule(said({**GOOD, "voicemail": "Wilt u bellen. " * (words // 3)}), "spoken_too_long")
        assert found.severity == severity
        assert found.text.startswith("Wilt u bellen.")


def test_message_and_menu_are_heard_in_one_go() -> None:
    longer = "Wij helpen u graag. " * 10
    assert not of_rule(said({**GOOD, "message": longer}), "spoken_too_long")
    both = {**GOOD, "message": longer, "menu": GOOD["menu"] + longer}
    [found] = of_rule(said(both), "spoken_too_long")
    assert found.text.startswith(both["message"].strip()) and found.text.endswith("helpen u graag. ")


def test_a_digit_is_found_with_its_word() -> None:
    [found] = of_rule(said({**GOOD, "greeting": "Goedendag. Spreek ik met Jo? Toets dan 1."}), "spoken_digits")
    assert (found.text, found.alternatives) == ("1", ("één",))


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("menu", "Wilt u iemand spreken? Toets één."),
        ("voicemail", "Bel ons terug: nul acht acht, één twee drie, vier vijf."),
        ("voicemail", "Bel ons terug: 088 12345."),
    ],
)
def test_menu_and_number_are_repeated(part: str, text: str) -> None:
    [found] = of_rule(said({**GOOD, part: text}), "spoken_repeat")
    assert found.text == text
