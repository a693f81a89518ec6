"""The fixed sentences of the robocall: what they need, what may be heard by anybody, how long they take."""

import pytest

from channels.voice_flow import CALL_PARTS, LANGUAGE_KEYS, LINE_PARTS
from messages.catalogue import load_catalogue
from messages.checks import check
from messages.form_rules import seconds
from messages.languages import LANGUAGES, TENANT_LANGUAGES, base_language
from messages.rendering import render
from messages.samples import SIZES, sample_values
from messages.spoken import spoken_number
from messages.template import (
    CALL_LINE_PARTS,
    CALL_LINES,
    ROBOCALL_PARTS,
    TemplateSyntaxError,
    split_parts,
)
from messages.template_reader import read_document

pytestmark = pytest.mark.unit
CATALOGUE = load_catalogue()
KEY_OF = {language: int(key) for key, language in LANGUAGE_KEYS.items()}


def parts(name: str, language: str) -> dict[str, str]:
    return split_parts(CATALOGUE.get(name, "robocall", language).body)


def test_the_flow_and_the_texts_know_the_same_parts() -> None:
    assert ROBOCALL_PARTS == CALL_PARTS
    assert {"offer", "choice"} == set(CALL_LINE_PARTS) - set(LINE_PARTS)
    assert set(LINE_PARTS) < set(CALL_LINE_PARTS)
    assert sorted(LANGUAGE_KEYS.values()) == sorted(TENANT_LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["robocall_arrears", CALL_LINES])
def test_a_part_is_heard_in_half_a_minute(name: str, size: str, language: str) -> None:
    rendered = render(CATALOGUE.get(name, "robocall", language), sample_values(size, language))
    assert {part: seconds(text) for part, text in rendered.parts.items() if seconds(text) > 30} == {}


NUMBERS = {
    "tr": {1: "bire", 2: "ikiye", 3: "üçe", 5: "beşe"},
    "ar": {2: "اثنين", 4: "أربعة", 5: "خمسة"},
    "nl": {1: "één", 2: "twee", 5: "vijf"},
    "uk": {2: "два", 5: "п’ять", 6: "шість"},
}


def number_in(language: str, number: int) -> str:
    base = base_language(language)
    return NUMBERS.get(base, {}).get(number) or spoken_number(number, base)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_keys_that_are_said_are_those_of_the_flow(language: str) -> None:
    lines = parts(CALL_LINES, language)
    assert number_in(language, 5) in lines["offer"].lower()
    assert number_in(language, KEY_OF[base_language(language)]) in lines["choice"].lower()
    assert number_in(language, 2) in parts("robocall_arrears", language)["greeting"].lower()


@pytest.mark.parametrize("part", ["wrong_number", "farewell", "offer", "choice"])
def test_what_a_housemate_may_hear_names_no_rent(part: str) -> None:
    whole = CATALOGUE.get(CALL_LINES, "robocall", "nl").body
    found = check(
        whole.replace(f"[{part}]\n", f"[{part}]\nHet gaat om de achterstand. "), channel="robocall", purpose="answer"
    )
    assert "private_greeting" in {each.rule for each in found.findings}
    assert not found.passed


def test_a_line_that_takes_too_long_is_found() -> None:
    whole = CATALOGUE.get(CALL_LINES, "robocall", "nl").body.replace("[plan]\n", "[plan]\n" + "Dit duurt lang. " * 40)
    assert "spoken_too_long" in {
        each.rule for each in check(whole, channel="robocall", purpose="answer").findings if each.severity == "stop"
    }


def test_a_file_without_one_of_the_sentences_is_refused() -> None:
    source = CATALOGUE.source(CALL_LINES).replace("[closing]", "[closed]")
    with pytest.raises(TemplateSyntaxError, match="closing"):
        read_document(CALL_LINES, "robocall_lines.yaml", source)
