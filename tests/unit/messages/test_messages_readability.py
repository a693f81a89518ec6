"""What the readability rules mark in a Dutch text, where, and what they offer instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.checks import check
from messages.findings import Finding
from messages.word_rules import is_known

LETTER = (
    "Beste mevrouw, u heeft de huur van november nog niet betaald. Het gaat om € 650. Kunt u dit voor 1 december "
    "betalen? Lukt dat niet? Bel ons dan. Wij denken graag met u mee. Samen maken wij een afspraak die bij u past. "
    "U kunt mij bellen op werkdagen tussen 9 en 17 uur. Mijn nummer is 010 123 45 67. De gemeente helpt u gratis "
    "met geldzorgen."
)
OFFICIAL = (
    "Naar aanleiding van uw verzoek delen wij u mede dat uw aanvraag in behandeling is genomen. Ingevolge de wet "
    "dient een beschikking te worden gegeven binnen de bij wettelijk voorschrift bepaalde termijn dan wel, bij het "
    "ontbreken van zulk een termijn, binnen een redelijke termijn na ontvangst van de aanvraag. Indien de "
    "beschikking niet binnen deze termijn kan worden gegeven, wordt u daarvan schriftelijk in kennis gesteld door "
    "de behandelend ambtenaar."
)


def found(rule: str, text: str, *, language: str = "nl", profile: str = "B1") -> list[Finding]:
    verdict = check(text, channel="letter", language=language, profile=profile)
    return [item for item in verdict.findings if item.rule == rule]


@pytest.mark.parametrize(
    ("rule", "text", "marked"),
    [
        ("passive", "De aanvraag wordt morgen afgewezen.", "wordt morgen afgewezen"),
        ("passive", "Uw gegevens worden doorgestuurd.", "worden doorgestuurd"),
        ("passive", "De brief is door ons ontvangen.", "is door ons ontvangen"),
        ("nominalisation", "Het betalen van de huur gaat zo.", "Het betalen van"),
        ("nominalisation", "Bel ons ter voorkoming van schade.", "ter voorkoming van"),
        ("double_negation", "Het is niet zo dat u geen hulp krijgt.", "niet zo dat u geen"),
        ("double_negation", "Dat is niet onmogelijk.", "niet onmogelijk"),
        ("abbreviation", "Wij bellen i.v.m. uw vraag.", "i.v.m."),
        ("abbreviation", "Wij bellen mbt uw vraag.", "mbt"),
        ("abbreviation", "Betaal voor 1 nov. alles.", "nov."),
        ("long_word", "Wij zoeken een hulpverleningsmogelijkheid.", "hulpverleningsmogelijkheid"),
        ("rare_word", "Wij zien een discrepantie in uw brief.", "discrepantie"),
        ("several_ideas", "Wij bellen u; u belt ons; dan praten wij.", "Wij bellen u; u belt ons; dan praten wij."),
        ("informal", "Bel ons als je wilt.", "je"),
    ],
)
def test_a_hard_turn_is_marked_on_its_own_words(rule: str, text: str, marked: str) -> None:
    items = found(rule, text)
    assert [item.text for item in items] == [marked]
    assert text[items[0].start : items[0].end] == marked and items[0].advice


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("passive", "Het bedrag wordt hoger als u later betaalt."),
        ("passive", "Er worden nieuwe woningen gebouwen en gebieden."),
        ("passive", "Mijn collega is verhuisd."),
        ("nominalisation", "Het leven van onze huurders is duur."),
        ("nominalisation", "Bel bij vragen over de rekening van uw woning."),
        ("double_negation", "Ik kan niet komen en ik heb geen tijd."),
        ("double_negation", "Lukt het niet, dan is er geen haast."),
        ("abbreviation", "Neem een min of meer vaste dag. De max is vijf."),
        ("long_word", "U krijgt een betalingsregeling en huurtoeslag."),
        ("rare_word", "De huurder meldt een lekkage in het trapportaal."),
        ("rare_word", "Uw collega’s en de regio’s helpen."),
        ("rare_word", "Wij willen graag langskomen."),
        ("rare_word", "Bel mevrouw Zwiggelaar."),
        ("several_ideas", "Bel ons als u vragen heeft."),
        (
            "long_sentence",
            "U betaalt € 1.250,00 op 24-11-2026 via www.voorbeeld.nl/betaal of u belt 088 123 45 67 vandaag.",
        ),
        ("mean_sentence_length", LETTER),
        ("reading_score", LETTER),
    ],
)
def test_a_plain_turn_is_left_alone(rule: str, text: str) -> None:
    assert found(rule, text) == []


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("Wij bellen i.v.m. uw vraag.", "Wij bellen door uw vraag."),
        ("I.v.m. uw vraag bellen wij.", "Door uw vraag bellen wij."),
        ("Neem een pas, een brief, enz. Dan gaan wij.", "Neem een pas, een brief, en zo meer. Dan gaan wij."),
        ("Dat is niet onmogelijk.", "Dat is mogelijk."),
        ("Bel ons met jouw brief.", "Bel ons met uw brief."),
    ],
)
def test_the_alternative_can_stand_in_place_as_it_is(text: str, better: str) -> None:
    items = [item for item in check(text, channel="letter").findings if item.alternatives]
    assert [text[: item.start] + item.alternatives[0] + text[item.end :] for item in items] == [better]


def test_a_long_sentence_says_where_to_cut_it_and_offers_the_two() -> None:
    text = "U kunt het bedrag in een keer betalen als dat voor u kan, maar u kunt ook met ons een regeling afspreken."
    (item,) = found("long_sentence", text)
    assert item.severity == "stop" and "'maar'" in item.advice
    assert item.alternatives == (
        "U kunt het bedrag in een keer betalen als dat voor u kan. Maar u kunt ook met ons een regeling afspreken.",
    )


def test_a_cut_that_would_leave_half_a_sentence_is_advised_but_not_written() -> None:
    text = (
        "Wij schrijven u over de huur van uw woning omdat er nog een bedrag open staat sinds de maand mei van dit jaar."
    )
    (item,) = found("long_sentence", text)
    assert "'omdat'" in item.advice and item.alternatives == ()


@pytest.mark.parametrize(("words", "severity"), [(15, None), (16, "warn"), (20, "warn"), (21, "stop")])
def test_the_limits_of_b1_are_fifteen_and_twenty_words(words: int, severity: str | None) -> None:
    text = "Wij " + "heel " * (words - 3) + "graag u."
    assert [item.severity for item in found("long_sentence", text)] == ([severity] if severity else [])


@pytest.mark.parametrize(("words", "severity"), [(12, None), (13, "warn"), (16, "stop")])
def test_the_limits_of_a2_are_twelve_and_fifteen_words(words: int, severity: str | None) -> None:
    text = "Wij " + "heel " * (words - 3) + "graag u."
    assert [item.severity for item in found("long_sentence", text, profile="A2")] == ([severity] if severity else [])


def test_sentences_that_are_all_rather_long_are_marked_together() -> None:
    text = "Wij bellen u morgen om over de huur van uw woning met u te praten. " * 3
    assert [item.severity for item in found("mean_sentence_length", text)] == ["warn"]


def test_an_official_letter_is_stopped_with_what_helps_most() -> None:
    verdict = check(OFFICIAL, channel="letter")
    (item,) = [each for each in verdict.findings if each.rule == "reading_score"]
    assert verdict.level == "C1" and item.severity == "stop"
    assert "minder ambtelijke woorden" in item.advice


def test_a_plain_letter_passes_at_b1() -> None:
    verdict = check(LETTER, channel="letter")
    assert verdict.passed and verdict.level in ("A2", "B1") and not verdict.short


@pytest.mark.parametrize(
    ("language", "text", "rule", "severity", "alternative"),
    [
        ("nl", "Wij bellen je.", "informal", "warn", "u"),
        ("nl", "Wij bellen u. Jouw brief is er.", "mixed_address", "stop", "Uw"),
        ("nl-je", "Wij bellen u.", "formal", "warn", "je"),
        ("nl-je", "Wij bellen je. Uw brief is er.", "mixed_address", "stop", "Je"),
    ],
)
def test_one_form_of_address(language: str, text: str, rule: str, severity: str, alternative: str) -> None:
    (item,) = found(rule, text, language=language)
    assert (item.severity, item.alternatives) == (severity, (alternative,))


def test_the_right_form_of_address_is_not_marked() -> None:
    for language, text in (("nl", "Wij bellen u over uw huur."), ("nl-je", "Wij bellen je over jouw huur.")):
        rules = {item.rule for item in check(text, channel="letter", language=language).findings}
        assert not rules & {"informal", "formal", "mixed_address"}


@pytest.mark.parametrize("word", ["huurder", "huurders", "lekkage", "huurtoeslag", "brievenbus", "regeling", "kaartje"])
def test_tenants_know_the_words_of_renting(word: str) -> None:
    assert is_known(word) or found("rare_word", f"Dit is de {word}.") == []


def test_a_word_that_needs_explaining_is_not_on_the_list_of_known_words() -> None:
    assert not is_known("bewindvoerder") and not is_known("dagvaarding")


@given(st.text(alphabet=st.sampled_from("abeginu AW.,;!?\n-€1(“’")))
def test_every_alternative_and_every_mark_lies_in_the_text(text: str) -> None:
    for item in check(text, channel="letter").findings:
        assert text[item.start : item.end] == item.text
