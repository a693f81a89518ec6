"""Every text that ships, filled with the shortest and the longest values that occur."""

import re
from datetime import date

import pytest

from messages.catalogue import load_catalogue
from messages.checks import check
from messages.readability import parts_of
from messages.rendering import render
from messages.replies import understand
from messages.template import Template
from messages.wordlists import lexicon, tokens

CATALOGUE = load_catalogue()
TODAY = date(2026, 11, 20)

MESSAGES = ("email", "sms", "whatsapp")
WRITTEN = ("email", "letter", "sms", "whatsapp")
EXPECTED = {
    "reminder": WRITTEN,
    "reminder_help": ("email", "letter"),
    "contact_request": WRITTEN,
    "robocall_arrears": ("robocall",),
    "call_talk": ("call",),
    "visit_talk": ("visit",),
    "doorstep_card": ("card",),
    "help_offer": WRITTEN,
    **{f"plan_{name}": MESSAGES for name in ("confirmed", "reminder", "thanks", "broken")},
    "promise_noted": MESSAGES,
    **{
        f"answer_{name}": MESSAGES
        for name in [
            "plan_ask",
            "plan_proposed",
            "plan_to_staff",
            "call_me",
            "paid",
            "paid_seen",
            "stop",
            "start",
            "help",
            "unclear",
            "to_staff",
            "bereaved",
            "represented",
            "dispute",
            "moved",
            "wrong_number",
            "crisis",
            "visit_refused",
        ]
    },
}

LONGEST = {
    "name": "mevrouw Van der Heijden-de Jong",
    "amount": "€ 12.345,67",
    "since": "donderdag 30 september",
    "landlord": "Woningstichting De Goede Woning",
    "contact_name": "Annemarie van Leeuwen",
    "contact_phone": "088 - 123 45 67",
    "municipality": "Alphen aan den Rijn",
    "month_amount": "€ 1.250,00",
    "count": "12",
    "first_on": "donderdag 24 december",
    "last_on": "donderdag 30 september",
    "promise_on": "donderdag 24 december",
    "call_at": "donderdag 24 december om 15:00 uur",
    "address": "Burgemeester van Leeuwenlaan 123-2",
    "reference": "HA-2026-0012345",
    "debt_help_phone": "0800 123 45 67",
}
SHORTEST = {
    "name": "mevrouw Ng",
    "amount": "€ 5,00",
    "since": "1 mei",
    "landlord": "Woonbron",
    "contact_name": "Jo Bos",
    "contact_phone": "14 030",
    "municipality": "Ede",
    "month_amount": "€ 5,00",
    "count": "1",
    "first_on": "1 mei",
    "last_on": "1 mei",
    "promise_on": "1 mei",
    "call_at": "om 9 uur",
    "address": "Dam 1",
    "reference": "1",
    "debt_help_phone": "14 030",
}
ALL = sorted(CATALOGUE, key=lambda t: (t.name, t.channel, t.language))
ASKED = re.compile(r"(?:Antwoord|Answer)[^.?]*?:? ([A-Z]{2,}(?: [A-Z]{2,})?)\b")


def texts(name: str, language: str | None = None) -> list[Template]:
    return [t for t in ALL if t.name == name and language in (None, t.language)]


def ids(template: Template) -> str:
    return f"{template.name}-{template.channel}-{template.language}"


def test_the_catalogue_is_complete() -> None:
    assert {name: CATALOGUE.channels(name) for name in CATALOGUE.names()} == EXPECTED
    assert all(CATALOGUE.languages(name) == ("en", "nl") for name in CATALOGUE.names())


@pytest.mark.parametrize("values", [LONGEST, SHORTEST], ids=["longest", "shortest"])
@pytest.mark.parametrize("name", EXPECTED)
def test_a_text_that_ships_passes_every_check(name: str, values: dict[str, str]) -> None:
    for text in texts(name):
        rendered = render(text, values)
        found = check(
            rendered.text,
            channel=text.channel,
            language=text.language,
            subject=rendered.subject,
            parts=rendered.parts or None,
        )
        assert not [item for item in found.findings if item.severity != "info"], ids(text)
        assert found.passed and found.level == "A2", ids(text)


@pytest.mark.parametrize("name", [name for name, channels in EXPECTED.items() if "sms" in channels])
def test_an_sms_that_ships_takes_two_segments_at_most(name: str) -> None:
    for text in texts(name):
        if text.channel == "sms":
            rendered = render(text, LONGEST)
            assert rendered.encoding == "GSM-7" and rendered.segments is not None and rendered.segments <= 2, ids(text)


@pytest.mark.parametrize("name", EXPECTED)
def test_measures_that_a_text_names_are_declared(name: str) -> None:
    for text in texts(name):
        named = {entry.rule for _, _, entry in lexicon(text.language).find(tokens(text.body))}
        assert {rule.removeprefix("stage_") for rule in named if rule.startswith("stage_")} <= text.mentions


def test_a_text_names_a_person_and_a_number() -> None:
    for text in ALL:
        if text.name != "answer_wrong_number":
            assert {"name", "contact_name", "contact_phone"} <= text.placeholders, ids(text)


def test_a_collection_text_says_how_much_since_when_and_offers_help() -> None:
    for text in ALL:
        if text.purpose == "collection" and text.channel != "card":
            assert {"amount", "since"} <= text.placeholders, ids(text)
            assert re.search(r"help|hulp|oplossing|solution", text.body), ids(text)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_word_that_we_ask_for_is_understood(name: str) -> None:
    for text in texts(name):
        for word in ASKED.findall(text.body):
            assert understand(word, today=TODAY).confidence == 1.0, word


def test_the_words_that_we_ask_for_are_really_found_in_the_texts() -> None:
    asked = {word for text in ALL for word in ASKED.findall(text.body)}
    assert {"REGELING", "BEL MIJ", "NEE GEMEENTE", "JA", "HULP", "START", "PLAN", "CALL ME", "NO MUNICIPALITY"} <= asked


def test_a_wrong_number_hears_nothing_about_anybody() -> None:
    assert all(text.placeholders == {"landlord"} for text in texts("answer_wrong_number"))


def test_the_written_reminder_carries_what_the_law_asks() -> None:
    for text in texts("reminder_help", "nl"):
        offer, refusal = "telefoonnummer aan de gemeente", "Wilt u dat niet?"
        for part in ("herinnering", "schuldhulpverlening", offer, "melden wij", refusal):
            assert part in text.body
        assert text.mentions == {"early_signal"}


def test_the_crisis_answer_gives_the_numbers() -> None:
    assert all("0800-0113" in text.body and "112" in text.body for text in texts("answer_crisis"))


def test_a_letter_is_a_whole_letter() -> None:
    for text in ALL:
        if (text.channel, text.language) == ("letter", "nl"):
            letter = render(text, LONGEST).text
            assert letter.startswith("Beste ") and "Met vriendelijke groet," in letter
            assert sum(len(part.words) for part in parts_of(letter)) > 90
