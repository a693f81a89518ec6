import pytest
import textstat
from hypothesis import given
from hypothesis import strategies as st

from messages.checks import Verdict, check
from messages.textstat_gateway import flesch_douma
from messages.wordlists import officialese

LONG = "Wij schrijven u over de huur van uw woning omdat er nog een bedrag open staat sinds de maand mei van dit jaar."
FIFTEEN = "Wij bellen u op een dag in de week als u dat zelf ook graag wilt."
HARD = (
    "De verhuurorganisatie inventariseert beschikbare hulpverleningsmogelijkheden binnen verschillende gemeentelijke "
    "samenwerkingsverbanden. Nieuwe werkzaamheden veronderstellen medewerkingsbereidheid. "
) * 5


def verdict(text: str, *, channel: str = "letter", language: str = "nl", **more: object) -> Verdict:
    return check(text, channel=channel, language=language, **more)  # type: ignore[arg-type]


def rules(found: Verdict, severity: str | None = None) -> set[str]:
    return {item.rule for item in found.findings if severity in (None, item.severity)}


STOPS = [
    ("long_sentence", LONG),
    ("officialese", "Derhalve bellen wij u."),
    ("mixed_address", "Bel ons als u wilt. Dan helpen wij je."),
    ("threat", "Dit is de laatste waarschuwing."),
    ("threat", "Anders zijn wij boos."),
    ("shame", "Het is uw eigen schuld."),
    ("children", "Denk aan uw kinderen."),
    ("certain_eviction", "Dan raakt u uw huis kwijt."),
    ("stage_bailiff", "Dan komt de deurwaarder."),
    ("stage_bailiff", "Een deurwaarderskantoor belt u."),
    ("stage_court", "Wij gaan naar de rechter."),
    ("stage_eviction", "Wij vragen om ontruiming."),
    ("stage_costs", "U betaalt dan incassokosten."),
    ("exclamation", "Bel ons!"),
    ("capitals", "U MOET bellen."),
    ("reading_score", HARD),
]

WARNS = [
    ("long_sentence", FIFTEEN.replace(".", " en wij ook.")),
    ("long_word", "Wij zoeken een hulpverleningsmogelijkheid."),
    ("officialese", "Wij bellen u tevens."),
    ("passive", "Uw brief wordt gelezen."),
    ("abbreviation", "Wij bellen i.v.m. uw vraag."),
    ("double_negation", "Het is niet zo dat u geen hulp krijgt."),
    ("vague_date", "Bel ons zo spoedig mogelijk."),
    ("informal", "Bel ons als je wilt."),
    ("pressure", "U moet ons bellen."),
    ("capitals", "Groeten van WOONMAATSCHAPPIJ."),
]


@pytest.mark.parametrize(("rule", "text"), STOPS)
def test_what_must_not_go_out_is_stopped(rule: str, text: str) -> None:
    found = verdict(text)
    assert rule in rules(found, "stop") and not found.passed


@pytest.mark.parametrize(("rule", "text"), WARNS)
def test_what_can_be_better_is_marked_and_may_go(rule: str, text: str) -> None:
    found = verdict(text)
    assert rule in rules(found, "warn") and found.passed


@pytest.mark.parametrize(("rule", "text"), STOPS + WARNS)
def test_every_finding_points_at_its_words_with_advice_and_source(rule: str, text: str) -> None:
    for item in verdict(text).findings:
        assert text[item.start : item.end] == item.text
        assert item.advice and item.source and item.severity in ("stop", "warn", "info")


@pytest.mark.parametrize(
    ("measure", "text"),
    [
        ("bailiff", "De deurwaarder belt u."),
        ("court", "De rechter kijkt ernaar."),
        ("eviction", "Ontruiming is mogelijk."),
        ("costs", "De incassokosten zijn € 40,00."),
    ],
)
def test_a_measure_may_be_named_when_it_is_allowed(measure: str, text: str) -> None:
    rule = f"stage_{measure}"
    assert rule in rules(verdict(text), "stop")
    assert rule not in rules(verdict(text, allowed_measures=frozenset({measure})))


def test_certain_eviction_is_stopped_even_when_eviction_may_be_named() -> None:
    assert not verdict("U wordt ontruimd.", allowed_measures=frozenset({"eviction"})).passed


PRIVATE = "Beste Jo, er staat € 12,50 open. Denk aan uw huurachterstand."
QUIET = "Beste Jo, wilt u ons bellen? Het nummer is 088 123 45 67."
PARTS = "[greeting]\n{}\n[message]\nEr staat € 12,50 open.\n[menu]\nToets 1.\n[voicemail]\n{}"


@pytest.mark.parametrize(
    ("channel", "text", "subject", "rule"),
    [
        ("card", PRIVATE, None, "private_card"),
        ("email", QUIET, "Uw huurachterstand", "private_subject"),
        ("letter", QUIET, "Nog € 12,50", "private_subject"),
        ("robocall", PARTS.format(PRIVATE, QUIET), None, "private_greeting"),
        ("robocall", PARTS.format(QUIET, PRIVATE), None, "private_voicemail"),
        ("robocall", PARTS.format("Ik bel over uw huur.", QUIET), None, "private_greeting"),
    ],
)
def test_what_others_see_or_hear_shows_no_debt(channel: str, text: str, subject: str | None, rule: str) -> None:
    found = verdict(text, channel=channel, subject=subject)
    assert rule in rules(found, "stop") and not found.passed


def test_after_the_tenant_has_confirmed_the_amount_may_be_said() -> None:
    assert verdict(PARTS.format(QUIET, QUIET), channel="robocall").passed
    parts = {"greeting": QUIET, "message": "Er staat € 12,50 open.", "menu": "Toets 1.", "voicemail": QUIET}
    assert verdict("\n".join(parts.values()), channel="robocall", parts=parts).passed
    assert verdict(QUIET, channel="card", subject=None).passed


def test_the_first_words_of_an_sms_show_on_a_locked_phone() -> None:
    found = verdict("Er staat € 12,50 open. Bel mij.", channel="sms")
    assert "private_preview" in rules(found, "stop")
    assert all("40 tekens" in each.advice for each in found.findings if each.rule == "private_preview")
    later = verdict("Beste mevrouw, dank u wel voor uw bericht. U kunt € 50 per maand betalen.", channel="sms")
    assert "private_preview" not in rules(later, "stop")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("threat", "This is your final warning."),
        ("children", "Think of your children."),
        ("stage_bailiff", "The bailiff will call you."),
        ("certain_eviction", "You will lose your home."),
        ("long_sentence", "We " + "really " * 26 + "call you."),
    ],
)
def test_english_is_checked_indicatively(rule: str, text: str) -> None:
    found = verdict(text, language="en")
    assert rule in rules(found, "stop") and found.indicative and found.douma is None


def test_english_lix_stops_a_heavy_text() -> None:
    heavy = "Outstanding organisational responsibilities necessitate comprehensive administrative participation. " * 8
    assert "reading_score" in rules(verdict(heavy, language="en"), "stop")
    assert verdict("We help you. Call us. We like to talk to you. " * 8, language="en").passed


def test_a_short_text_is_judged_by_rules_and_says_so() -> None:
    found = verdict("Wilt u ons bellen?")
    assert found.short and found.douma is None and "short_text" in rules(found, "info")
    long = verdict("Wilt u ons bellen? Wij helpen u graag met uw vraag. " * 6)
    assert not long.short and long.douma is not None and long.level == "A2"


def test_a_stricter_profile_stops_sooner() -> None:
    text = FIFTEEN.replace(".", " en dat kan.")
    assert verdict(text).passed and not verdict(text, profile="A2").passed
    with pytest.raises(ValueError, match="unknown profile 'C3'"):
        verdict(text, profile="C3")
    with pytest.raises(ValueError, match="unknown language 'xx'"):
        verdict(text, language="xx")


def test_words_of_the_trade_that_every_tenant_knows_are_not_hard() -> None:
    text = "De huurder belt de woningcorporatie over zijn betalingsregeling en de schuldhulpverlening."
    assert rules(verdict(text)) == {"short_text"}


def test_a_name_is_no_hard_word() -> None:
    text = "Bel mevrouw Kind in de Rechter Straat."
    assert not verdict(text).passed
    assert verdict(text, own_names=["mevrouw Kind", "Rechter Straat"]).passed
    assert not verdict(QUIET, subject="Bericht van Huur Wonen").passed
    assert verdict(QUIET, subject="Bericht van Huur Wonen", own_names=["Huur Wonen"]).passed


def test_the_dictionary_gives_a_plain_word_for_each_hard_one() -> None:
    words = officialese()
    assert len({form for form, _ in words}) >= 200
    assert all(entry.advice.removeprefix("Schrijf liever: ").strip(" .") for _, entry in words)


def test_another_user_of_textstat_does_not_change_our_formula() -> None:
    text = [["De", "gemeente", "helpt", "u", "gratis"], ["U", "belt", "de", "gemeente", "zelf"]]
    before = flesch_douma(text)
    textstat.textstat.set_lang("en_US")
    assert flesch_douma(text) == before
    assert flesch_douma([["Wij", "bellen", "u"]]) > flesch_douma(
        [["Betalingsverplichtingen", "continueren", "onverminderd"]]
    )


@given(st.text(max_size=200), st.sampled_from(["sms", "card", "robocall", "letter"]), st.sampled_from(["nl", "en"]))
def test_any_text_gets_a_verdict(text: str, channel: str, language: str) -> None:
    found = check(text, channel=channel, language=language, subject=text)
    assert 0 <= found.score <= 100
    assert found.passed == all(item.severity != "stop" for item in found.findings)
