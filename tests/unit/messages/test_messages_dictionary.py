"""The dictionary of hard Dutch words: what it holds, what it finds, and what it writes in the place of a word."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from messages.catalogue import load_catalogue
from messages.checks import check
from messages.frequency import zipf
from messages.languages import base_language
from messages.rendering import OWN_NAMES, render
from messages.samples import SIZES, sample_values
from messages.word_rules import is_known
from messages.wordlists import Entry, Lexicon, hard_pages, lexicon, officialese, read_words, tokens

WORDS = officialese()
HARD = Lexicon(WORDS)
STOPS = Lexicon((form, entry) for form, entry in WORDS if entry.severity == "stop")
LINE = re.compile(r"  (?P<forms>[^:]+): \S")


def lines() -> list[str]:
    """Return the forms of each entry as they stand in the files."""
    written = [LINE.match(line) for page in hard_pages() for line in page.read_text("utf-8").splitlines()]
    return [match["forms"] for match in written if match]


def marked(text: str, words: Lexicon = HARD) -> list[str]:
    return [text[start:end] for start, end, _ in words.find(tokens(text))]


def instead(text: str) -> list[Sequence[str]]:
    return [entry.alternatives for _, _, entry in HARD.find(tokens(text))]


def spoken(form: str) -> str:
    return form.replace(" ... ", " dit bedrag ")


def plain_words() -> Iterator[tuple[str, str]]:
    for form, entry in WORDS:
        for plain in entry.alternatives:
            yield form, plain


def test_there_is_a_plain_word_for_each_of_1200_hard_words_and_phrases() -> None:
    replaced = {form for form, entry in WORDS if entry.alternatives}
    assert sum(forms.split("|")[0] in replaced for forms in lines()) >= 1_200
    assert all(entry.source and entry.severity in ("stop", "warn") for _, entry in WORDS)
    assert all(entry.alternatives or entry.advice.startswith("Leg uit: ") for _, entry in WORDS)


def test_a_form_stands_once_in_the_dictionary() -> None:
    forms = Counter(form for entry in lines() for form in entry.split("|"))
    assert [form for form, times in forms.items() if times > 1] == []


def test_a_plain_word_is_not_hard_itself() -> None:
    assert [(form, plain) for form, plain in plain_words() if marked(plain)] == []


def test_a_plain_word_is_shorter_or_used_more() -> None:
    def usual(text: str) -> float:
        return min(zipf(token.lower, "nl") for token in tokens(text.replace("...", "")) if token.word[0].isalpha())

    neither = [(form, plain) for form, plain in plain_words() if len(plain) > len(form) and usual(plain) <= usual(form)]
    assert len(neither) <= 0.02 * len(WORDS), neither


def test_words_that_tenants_know_are_not_hard() -> None:
    assert [form for form, _ in WORDS if is_known(form)] == []


def test_a_word_stands_in_one_list_only() -> None:
    entry = Entry(rule="tone", severity="stop", advice="", source="")
    groups = {name: group for name, group in read_words("nl_tone.yaml").items() if name != "private"}
    tone = Lexicon((word, entry) for group in groups.values() for word in group["words"])
    assert [form for form, _ in WORDS if marked(form) == marked(form, tone) != []] == []


def test_what_stops_alone_is_not_let_through_in_a_longer_phrase() -> None:
    assert [form for form, entry in WORDS if entry.severity == "warn" and marked(form, STOPS)] == []


def test_every_hard_word_is_found_where_it_stands_with_its_plain_word() -> None:
    for form, entry in WORDS:
        text = f"Tekst: {spoken(form)} (of mail)."
        expected = [plain.replace("...", "dit bedrag") for plain in entry.alternatives]
        found = {(text[start:end], tuple(hit.alternatives)) for start, end, hit in HARD.find(tokens(text))}
        assert (spoken(form), tuple(expected)) in found, form


@pytest.mark.parametrize(
    ("text", "hard", "plain"),
    [
        ("Derhalve bellen wij u.", ["Derhalve"], ("Daarom",)),
        ("Wij bellen u derhalve.", ["derhalve"], ("daarom",)),
        ("U dient te bellen.", ["dient te"], ("moet",)),
        ("Wij willen dit verifiëren.", ["verifiëren"], ("controleren",)),
        ("Op grond hiervan bellen wij.", ["Op grond hiervan"], ("Daarom",)),
        ("Hij deelt u dit mede.", ["deelt u dit mede"], ("laat u dit weten",)),
        ("Stellen wij u in kennis?", ["Stellen wij u in kennis"], ("Laten wij u weten",)),
        ("U kunt de sleutel te retourneren.", ["te retourneren"], ("terug te sturen",)),
    ],
)
def test_the_plain_word_can_stand_in_its_place(text: str, hard: list[str], plain: tuple[str, ...]) -> None:
    assert marked(text) == hard and instead(text) == [plain]


def test_a_hard_word_inside_a_longer_one_is_marked_once_and_in_its_gap_too() -> None:
    assert marked("Dit is in overeenstemming met de regels.") == ["in overeenstemming met"]
    assert marked("Hij deelt u gaarne mede.") == ["deelt u gaarne mede", "gaarne"]


@pytest.mark.parametrize(
    "text",
    [
        "Hij deelt de kamer. Mede daarom belt hij.",
        "Hij deelt een kamer met een vriend en met nog een man die ook mede huurt.",
        "Wij vinden de plaats.",
    ],
)
def test_halves_that_do_not_belong_together_are_left_alone(text: str) -> None:
    assert marked(text) == []


def test_nothing_is_offered_for_words_with_signs_between_them() -> None:
    assert instead("Hij deelt u, zoals dat gaat, mede.") == [()]
    assert instead("Hij denkt in het\n\nkader van morgen.") == [()]


def test_an_sms_without_special_letters_is_read_the_same() -> None:
    assert marked("Wij willen dit verifieren.") == ["verifieren"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Bel desgewenst.", "als je wilt"),
        ("Gelieve het bedrag te betalen.", "Wil je het bedrag"),
        ("Ten kantore.", "Op ons kantoor"),
        ("Treft u aan.", "Vind je"),
        ("Mocht u vragen hebben, bel ons.", "Als je vragen hebt"),
        ("Zulks geldt uwerzijds niet.", "van jou"),
    ],
)
def test_to_someone_we_say_je_the_plain_word_says_je_too(text: str, plain: str) -> None:
    found = {one for _, _, entry in lexicon("nl-je").find(tokens(text)) for one in entry.alternatives}
    assert plain in found
    assert not any({"u", "uw"} & {token.lower for token in tokens(one)} for one in found)


def test_both_forms_of_address_have_the_same_hard_words() -> None:
    formal, familiar = lexicon("nl"), lexicon("nl-je")
    assert all(marked(spoken(form), formal) == marked(spoken(form), familiar) for form, _ in WORDS)


@pytest.mark.parametrize("size", SIZES)
def test_the_texts_that_ship_hold_no_hard_word(size: str) -> None:
    for text in (text for text in load_catalogue() if base_language(text.language) == "nl"):
        values = sample_values(size, text.language)
        names = [values[name] for name in OWN_NAMES]
        found = check(render(text, values).text, channel=text.channel, language=text.language, own_names=names).findings
        hard = [item.text for item in found if item.rule == "officialese"]
        assert hard == [], (text.name, text.channel, text.language)


PLAIN = """
Uw huur van november is nog niet betaald.
Er staat nog € 650,00 open.
Kunt u dit bedrag voor vrijdag betalen?
Lukt dat niet? Bel mij dan.
Ik help u graag met een betalingsregeling.
U betaalt dan elke maand een deel.
Mijn naam is Fatma en ik werk bij uw verhuurder.
U kunt mij bellen van maandag tot en met vrijdag.
Mijn nummer staat onder deze brief.
Heeft u al betaald? Dan hoeft u niets te doen.
Heeft u meer schulden? De gemeente helpt u gratis.
Wilt u dat ik uw nummer aan de gemeente geef?
Zeg het mij als u dat niet wilt.
Ik kom dinsdag om tien uur bij u langs.
Past die dag niet? Kies dan een andere dag.
Wij willen graag weten hoe het met u gaat.
U hoeft niet alles in één keer te betalen.
Krijgt u minder loon dan eerst?
Misschien heeft u recht op huurtoeslag.
Ik kijk samen met u naar uw brieven.
De huur gaat op 1 juli omhoog.
U krijgt een nieuw huurcontract.
Uw buurman heeft een sleutel van de kelder.
De monteur komt morgen voor de verwarming.
De kraan in de keuken lekt.
Er zit schimmel in de badkamer.
Wij maken het dak van uw flat.
U kunt uw afval op woensdag buiten zetten.
De lift doet het weer.
Bedankt dat u op tijd heeft betaald.
Wij hebben uw geld ontvangen.
U krijgt € 20,00 terug.
Zet uw naam onder het formulier.
Stuur het formulier in de envelop terug.
Neem uw paspoort mee naar de afspraak.
Het gesprek duurt een half uur.
U mag iemand meenemen naar het gesprek.
Spreekt u liever Turks of Arabisch?
Wij zoeken dan iemand die uw taal spreekt.
Uw e-mailadres klopt niet meer.
Heeft u een nieuw telefoonnummer?
Op de achterkant staat hoe u betaalt.
U vindt meer uitleg op onze website.
Bent u het niet met ons eens? Schrijf ons.
U krijgt binnen twee weken antwoord.
Wij zien dat u twee keer heeft betaald.
Uw uitkering komt deze maand later.
Ik wacht tot uw geld er is.
Daarna spreken wij een vaste dag af.
Met vriendelijke groet, uw woningcorporatie.
""".strip().splitlines()


def test_plain_sentences_about_rent_hold_no_hard_word() -> None:
    assert len(PLAIN) == 50
    assert {sentence: marked(sentence) for sentence in PLAIN if marked(sentence)} == {}
    held = {sentence: check(sentence, channel="letter").findings for sentence in PLAIN}
    assert {s: items for s, items in held.items() if {item.rule for item in items} != {"short_text"}} == {}
