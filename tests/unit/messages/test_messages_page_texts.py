"""The words of the tenant's page: the same keys and values everywhere, and Dutch that passes its checks."""

from datetime import date
from string import Formatter

import pytest

from messages.checks import check
from messages.languages import TENANT_LANGUAGES
from messages.page_texts import has_easy, page_source, page_texts

VALUES = {
    **dict.fromkeys(("amount", "paid", "total"), "€ 50"),
    **dict.fromkeys(("since", "last", "day", "until", "when"), "vrijdag 25 december"),
    **dict.fromkeys(("count", "most"), "6"),
    "contact": "Anna Visser",
    "landlord": "Wonen Voorbeeld",
    "phone": "010 123 45 67",
    "link": "https://huur.voorbeeld.example/r/JEF2PTZJYAE1",
}
DUTCH = page_texts("nl").words


def named(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", TENANT_LANGUAGES)
def test_every_language_says_the_same_with_the_same_values(language: str) -> None:
    source = page_source(language)
    assert set(source) == {"words", "easy"}
    assert list(source["words"]) == list(DUTCH)
    assert set(source["easy"]) <= set(DUTCH)
    for key, text in [*source["words"].items(), *source["easy"].items()]:
        assert isinstance(text, str) and text.strip() == text != ""
        assert named(text) == named(DUTCH[key]), (language, key)
    if language in ("tr", "ar"):
        assert set(source["easy"]) == set(page_source("nl")["easy"])
    own = [key for key, text in source["words"].items() if language != "nl" and text == DUTCH[key]]
    assert own == [], "not translated"


@pytest.mark.parametrize(("easy", "profile"), [(False, "B1"), (True, "A2")])
@pytest.mark.parametrize("form", ["u", "je"])
def test_dutch_passes_the_checks_of_every_text(easy: bool, profile: str, form: str) -> None:
    texts = page_texts("nl", easy=easy, form=form)
    for key in DUTCH:
        said = texts.say(key, **VALUES)
        found = check(said, channel="letter", language=texts.language, profile=profile, own_names=VALUES.values())
        assert [(key, each.rule, each.text) for each in found.findings if each.severity == "stop"] == []


def test_easy_words_promise_no_secret_that_plain_ones_do_not() -> None:
    assert all("medewerker" in page_texts("nl", easy=easy).say("debts_hint") for easy in (False, True))


def test_je_says_je_and_u_says_u() -> None:
    informal = " ".join(page_texts("nl", form="je").words.values()).lower().split()
    assert not {"u", "uw"} & {word.strip(".,?:") for word in informal}
    formal = " ".join(DUTCH.values()).lower().split()
    assert not {"je", "jij", "jouw"} & {word.strip(".,?:") for word in formal}


def test_money_and_days_are_written_as_people_read_them() -> None:
    day = date(2027, 7, 25)
    assert [page_texts(each).money(5000) for each in ("nl", "en", "ar")] == ["€ 50", "€50", "50 يورو"]
    assert page_texts("nl").money(123450) == "€ 1.234,50"
    assert page_texts("nl").date(day) == "25 juli 2027" and page_texts("nl").long_day(day) == "zondag 25 juli 2027"
    assert page_texts("ar").direction == "rtl" and page_texts("tr").direction == "ltr"
    assert all(has_easy(each) for each in ("nl", "en", "tr", "ar")) and not has_easy("pl")
