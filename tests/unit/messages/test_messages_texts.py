"""Every text that ships, filled with the shortest, the usual and the longest values that occur."""

import re
from datetime import date
from functools import cache

import pytest

from messages.catalogue import load_catalogue
from messages.checks import Verdict, check
from messages.examined import LetterFacts
from messages.languages import LANGUAGES
from messages.readability import parts_of
from messages.rendering import OWN_NAMES, Rendered, render
from messages.replies import understand
from messages.samples import SIZES, sample_amount, sample_costs, sample_values
from messages.template import CHANNELS, Template
from messages.wordlists import lexicon, tokens
from schedules.ladder import Gap
from schedules.shipped import load_shipped, shipped_names

CATALOGUE = load_catalogue()
TODAY = date(2026, 11, 20)

MESSAGES = ("email", "sms", "whatsapp")
WRITTEN = ("email", "letter", "sms", "whatsapp")
PAPER = ("email", "letter")
ANSWERS = (
    *("plan_ask", "plan_proposed", "plan_to_staff", "call_me", "paid", "paid_seen", "stop", "start", "help", "unclear"),
    *("plan_debts", "plan_debts_staff", "plan_again", "call_me_later", "crisis_closed"),
    *("to_staff", "bereaved", "represented", "dispute", "moved", "wrong_number", "crisis", "visit_refused"),
)
EXPECTED = {
    **dict.fromkeys(("reminder", "contact_request", "first_contact", "help_offer", "visit_announcement"), WRITTEN),
    **dict.fromkeys(("reminder_help", "second_reminder", "third_reminder", "arrears_report_notice"), PAPER),
    "municipality_visit_notice": WRITTEN,
    "fourteen_day_letter": ("letter",),
    "robocall_arrears": ("robocall",),
    "robocall_lines": ("robocall",),
    "call_talk": ("call",),
    "visit_talk": ("visit",),
    "judgment_talk": ("call", "visit"),
    "doorstep_card": ("card",),
    "plan_proposal": WRITTEN,
    **{f"plan_{name}": MESSAGES for name in ("confirmed", "reminder", "thanks", "broken", "repair", "refused")},
    "promise_noted": MESSAGES,
    **{f"answer_{name}": MESSAGES for name in ANSWERS},
}
CHECKED = ("nl", "nl-je", "en")
"""The languages whose own tests stand here; those of the others stand with their word lists."""

ALL = sorted(CATALOGUE, key=lambda t: (t.name, t.channel, t.language))
ASKED = re.compile(r"(?:Antwoord|Answer)[^.?]*?:? ([A-Z]{2,}(?: [A-Z]{2,})?)\b")
HELP = re.compile(r"help|hulp|oplossing|solution")
FORMAL, INFORMAL = {"u", "uw", "uzelf"}, {"je", "jij", "jou", "jouw", "jullie"}


def texts(name: str, *languages: str) -> list[Template]:
    return [t for t in ALL if t.name == name and (not languages or t.language in languages)]


def ids(template: Template) -> str:
    return f"{template.name}-{template.channel}-{template.language}"


@cache
def filled(key: tuple[str, str, str], size: str) -> Rendered:
    return render(CATALOGUE.get(*key), sample_values(size, key[2]))


@cache
def verdict(key: tuple[str, str, str], size: str) -> Verdict:
    text, rendered, values = CATALOGUE.get(*key), filled(key, size), sample_values(size, key[2])
    return check(
        rendered.text,
        channel=text.channel,
        language=text.language,
        subject=rendered.subject,
        purpose=text.purpose,
        allowed_measures=text.mentions,
        parts=rendered.parts or None,
        own_names=[values[name] for name in OWN_NAMES],
    )


def key_of(text: Template) -> tuple[str, str, str]:
    return text.name, text.channel, text.language


def test_the_catalogue_is_complete_in_every_language() -> None:
    assert {name: CATALOGUE.channels(name) for name in CATALOGUE.names()} == EXPECTED
    missing = {name: sorted(set(LANGUAGES) - set(CATALOGUE.languages(name))) for name in CATALOGUE.names()}
    assert {name: codes for name, codes in missing.items() if codes} == {}


@pytest.mark.parametrize("ladder", shipped_names())
def test_every_step_of_a_ladder_that_ships_has_its_text(ladder: str) -> None:
    for step in load_shipped(ladder).steps:
        if step.template is not None:
            for channel in step.channels:
                found = CATALOGUE.channels(step.template)
                asked = WRITTEN if isinstance(channel, Gap) else (channel,)
                assert set(asked) <= set(found), f"{step.key}: {step.template}"
            assert step.purpose == CATALOGUE.get(step.template, found[0], "nl").purpose, step.key


@pytest.mark.parametrize("name", EXPECTED)
def test_a_text_that_ships_passes_every_check(name: str) -> None:
    for text in texts(name, *CHECKED):
        for size in SIZES:
            found = verdict(key_of(text), size)
            remarks = [(item.rule, item.text) for item in found.findings if item.severity != "info"]
            assert remarks == [], f"{ids(text)} ({size})"
            assert found.passed and found.level in ("A2", "B1"), f"{ids(text)} ({size})"


@pytest.mark.parametrize("name", [name for name, channels in EXPECTED.items() if "sms" in channels])
def test_an_sms_that_ships_takes_two_segments_at_most(name: str) -> None:
    for text in texts(name, *CHECKED):
        if text.channel == "sms":
            rendered = filled(key_of(text), "longest")
            assert rendered.encoding == "GSM-7" and rendered.segments is not None and rendered.segments <= 2, ids(text)


@pytest.mark.parametrize("name", EXPECTED)
def test_measures_that_a_text_names_are_declared(name: str) -> None:
    for text in texts(name, "nl", "en"):
        named = {entry.rule for _, _, entry in lexicon(text.language).find(tokens(text.body))}
        assert {rule.removeprefix("stage_") for rule in named if rule.startswith("stage_")} <= text.mentions


def test_u_and_je_do_not_mix() -> None:
    for text in ALL:
        words = {token.lower for token in tokens(f"{text.subject or ''}\n{text.body}")}
        if text.language == "nl":
            assert not words & INFORMAL, ids(text)
        if text.language == "nl-je":
            assert not words & FORMAL, ids(text)
            assert set(text.placeholders) == set(CATALOGUE.get(text.name, text.channel, "nl").placeholders), ids(text)


def test_every_language_uses_the_same_values() -> None:
    for text in ALL:
        assert text.placeholders <= CATALOGUE.get(text.name, text.channel, "nl").placeholders, ids(text)


def test_a_text_names_a_person_and_a_number() -> None:
    for text in ALL:
        if text.name not in ("answer_wrong_number", "robocall_lines"):
            phone = set() if ids(text).startswith("answer_crisis_closed-sms") else {"contact_phone"}
            assert {"name", "contact_name", *phone} <= text.placeholders, ids(text)


def test_a_collection_text_says_how_much_since_when_and_offers_help() -> None:
    for text in ALL:
        if text.purpose in ("collection", "legal") and text.channel != "card":
            assert {"amount", "since"} <= text.placeholders, ids(text)
            assert text.language not in CHECKED or HELP.search(text.body), ids(text)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_word_that_we_ask_for_is_understood(name: str) -> None:
    for text in texts(name, *CHECKED):
        for word in ASKED.findall(text.body):
            assert understand(word, today=TODAY).confidence == 1.0, word


def test_the_words_that_we_ask_for_are_really_found_in_the_texts() -> None:
    asked = {word for text in ALL for word in ASKED.findall(text.body)}
    assert {"REGELING", "BEL MIJ", "NEE GEMEENTE", "JA", "HULP", "START", "PLAN", "CALL ME", "NO MUNICIPALITY"} <= asked


def test_the_first_words_of_a_message_show_nothing_to_who_looks_over_a_shoulder() -> None:
    for text in ALL:
        if text.channel in MESSAGES:
            first = filled(key_of(text), "shortest").text[:40]
            assert not re.search(r"€|\d,\d\d", first), f"{ids(text)}: {first}"


def test_a_wrong_number_hears_nothing_about_anybody() -> None:
    assert all(text.placeholders == {"landlord"} for text in texts("answer_wrong_number"))


@pytest.mark.parametrize("name", ["reminder_help", "arrears_report_notice"])
def test_the_written_reminder_carries_what_the_law_asks(name: str) -> None:
    for text in texts(name, "nl", "nl-je"):
        offer, refusal = "telefoonnummer", ("dat niet?" if name == "reminder_help" else "melden?")
        for part in ("schuldhulpverlening", offer, "aan de gemeente geven", "bedrag door", refusal, "niets door"):
            assert part in text.body, f"{ids(text)}: {part}"
        assert "herinnering" in text.body or name != "reminder_help"
        assert text.mentions == {"early_signal"}


def test_the_fourteen_day_letter_names_the_term_the_costs_and_what_follows() -> None:
    [letter] = texts("fourteen_day_letter", "nl")
    assert "binnen veertien dagen vanaf de dag nadat deze brief bij u is bezorgd" in letter.body
    assert {"costs", "total_with_costs", "amount", "iban", "reference"} <= letter.placeholders
    assert letter.purpose == "legal" and letter.mentions == {"costs"}
    assert not re.search(r"(?:14|veertien) dagen na (?:vandaag|heden|de datum)|btw", letter.body)


@pytest.mark.parametrize("language", CHECKED)
@pytest.mark.parametrize("size", SIZES)
def test_the_fourteen_day_letter_passes_with_the_real_costs_and_not_with_others(language: str, size: str) -> None:
    text = filled(("fourteen_day_letter", "letter", language), size).text
    values, amount = sample_values(size, language), sample_amount(size)
    for costs, passes in ((sample_costs(size), True), (sample_costs(size) + 1, False)):
        found = check(
            text,
            channel="letter",
            language=language,
            purpose="legal",
            allowed_measures={"costs"},
            own_names=[values[name] for name in OWN_NAMES],
            facts=LetterFacts(amount_cents=amount, costs_cents=costs),
        )
        assert found.passed is passes, (costs, [each.rule for each in found.findings])


def test_a_letter_about_a_third_reminder_threatens_with_nothing() -> None:
    assert all(text.mentions == frozenset() for name in ("second_reminder", "third_reminder") for text in texts(name))


def test_the_crisis_answer_gives_the_numbers() -> None:
    for text in (*texts("answer_crisis"), *texts("answer_crisis_closed")):
        assert "0800-0113" in text.body and "112" in text.body, ids(text)


def test_a_letter_is_a_whole_letter() -> None:
    for text in ALL:
        if (text.channel, text.language) == ("letter", "nl"):
            letter = filled(key_of(text), "longest").text
            assert letter.startswith("Beste ") and "Met vriendelijke groet," in letter
            assert sum(len(part.words) for part in parts_of(letter)) > 90, ids(text)


def test_a_whatsapp_message_may_go_after_the_day_of_free_text() -> None:
    assert {text.channel for text in ALL} == CHANNELS
    for text in ALL:
        if text.channel == "whatsapp":
            assert not text.body.startswith("{") and not re.search(r"\}\W*$", text.body), ids(text)
