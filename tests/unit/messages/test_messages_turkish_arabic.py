"""The texts that ship in Turkish and Arabic: whole, kind, short enough for an SMS, and with numbers in their order."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.catalogue import load_catalogue
from messages.checks import Verdict, check
from messages.directions import close_numbers, isolated
from messages.rendering import OWN_NAMES, render
from messages.replies import understand
from messages.samples import SIZES, sample_values
from messages.template import Template
from messages.whatsapp import approved_form, content_variables, form_findings

CATALOGUE = load_catalogue()
TODAY = date(2026, 11, 20)
LANGUAGES = ("tr", "ar")
SHIPPED = sorted((t for t in CATALOGUE if t.language in LANGUAGES), key=lambda t: (t.language, t.name, t.channel))


def ids(template: Template) -> str:
    return f"{template.name}-{template.channel}-{template.language}"


def filled(template: Template, size: str) -> Verdict:
    values = sample_values(size, template.language)
    rendered = render(template, values)
    return check(
        rendered.text,
        channel=template.channel,
        language=template.language,
        subject=rendered.subject,
        purpose=template.purpose,
        allowed_measures=template.mentions,
        parts=rendered.parts or None,
        own_names=[values[name] for name in (*OWN_NAMES, "iban", "reference")],
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_ships_in_this_language_with_the_same_placeholders(language: str) -> None:
    dutch = {(t.name, t.channel): t.placeholders for t in CATALOGUE if t.language == "nl"}
    assert {(t.name, t.channel): t.placeholders for t in SHIPPED if t.language == language} == dutch


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_ships_passes_without_a_warning(language: str, size: str) -> None:
    for template in SHIPPED:
        if template.language == language:
            found = filled(template, size)
            assert not [item for item in found.findings if item.severity != "info"], (ids(template), found.findings)


def test_an_sms_takes_three_segments_in_turkish_and_four_in_arabic_at_most() -> None:
    for template in SHIPPED:
        if template.channel == "sms":
            rendered = render(template, sample_values("longest", template.language))
            assert (rendered.encoding, rendered.segments or 9) <= (
                ("GSM-7", 3) if template.language == "tr" else ("UCS-2", 4)
            ), ids(template)


def test_the_words_to_answer_with_are_those_of_the_dutch_text() -> None:
    keyword = re.compile(r"\b[A-Z]{2,}(?: [A-Z]{2,})*\b")
    for template in SHIPPED:
        dutch = CATALOGUE.get(template.name, template.channel, "nl")
        assert set(keyword.findall(template.body)) == set(keyword.findall(dutch.body)), ids(template)


KEYWORD_WITH_TRANSLATION = re.compile(r"\b([A-Z]{2,}(?: [A-Z]{2,})*) \(([^)]+)\)")
PAIRS = sorted({pair for text in CATALOGUE for pair in KEYWORD_WITH_TRANSLATION.findall(text.body)})


@pytest.mark.parametrize(("keyword", "translation"), PAIRS)
def test_a_tenant_may_answer_with_the_translation_too(keyword: str, translation: str) -> None:
    asked = understand(keyword, today=TODAY)
    replies = [f"{keyword} ({translation})", f"{keyword} {translation}"]
    if "GEMEENTE" not in keyword:
        replies += [translation, f" {translation}. "]
    for reply in replies:
        found = understand(reply, today=TODAY)
        assert (found.intent, found.confidence) == (asked.intent, 1.0), reply


def test_a_longer_answer_in_arabic_is_no_plain_yes() -> None:
    found = understand("نعم ولكن ليس الآن", today=TODAY)
    assert (found.intent == "yes", found.language) == (False, "ar")


def test_arabic_keeps_numbers_in_their_order() -> None:
    values = sample_values("longest", "ar")
    letter = render(CATALOGUE.get("reminder", "letter", "ar"), values).text
    assert isolated("088 - 123 45 67") in letter and isolated("HA-2026-0012345") in letter
    crisis = render(CATALOGUE.get("answer_crisis", "email", "ar"), values).text
    assert isolated("0800-0113") in crisis


def test_the_whatsapp_form_is_the_text_that_is_read() -> None:
    for template in SHIPPED:
        if template.channel == "whatsapp":
            values = sample_values("longest", template.language)
            form = approved_form(template)
            filled_in = form.body
            for number, value in content_variables(form, values).items():
                filled_in = filled_in.replace(f"{{{{{number}}}}}", value)
            assert filled_in == render(template, values).text, ids(template)
            assert not list(form_findings(template.body)), ids(template)


def test_an_arabic_sms_pays_for_no_marks() -> None:
    for template in SHIPPED:
        if (template.channel, template.language) == ("sms", "ar"):
            text = render(template, sample_values("longest", "ar")).text
            assert not re.search("[\u2066-\u2069]", text) and "088 -" not in text, ids(template)
    crisis = render(CATALOGUE.get("answer_crisis", "sms", "ar"), sample_values("longest", "ar")).text
    assert "08000113" in crisis and "0881234567" in crisis


@pytest.mark.parametrize("text", ["€ 1.234,50", "12 x 50", "Kade 7", "10:00", "24 Kasım", "NL02 ABNA"])
def test_what_is_no_telephone_number_stays(text: str) -> None:
    assert close_numbers(text) == text


@given(st.from_regex(r"0[0-9]{2}( - |-| )[0-9]{3}( [0-9]{2}){2}", fullmatch=True))
def test_a_closed_number_keeps_its_digits(number: str) -> None:
    assert close_numbers(number) == re.sub("[^0-9]", "", number)
