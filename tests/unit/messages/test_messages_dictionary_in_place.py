"""One click puts the plain word in the place of a hard one: what stands there then is good Dutch."""

import pytest

from messages.wordlists import Lexicon, hard_pages, lexicon, officialese, tokens

WORDS = officialese()
HARD = Lexicon(WORDS)
PLAIN_NOUNS = {
    "de": """
        afspraak baan bank belasting betaling bijdrage brief controle dag datum fout groep keuze
        kant lening lijst manier mening naam oplossing organisatie plicht prijs regel rekening reden
        rest ruzie straf tijd toestemming uitleg verandering voorwaarde vraag belofte herinnering
    """,
    "het": """
        adres advies antwoord bedrag begin bericht besluit bezoek bezwaar contract einde formulier gebouw geld gesprek
        gevolg idee inkomen nummer ongeluk overzicht papier pensioen plan probleem recht riool verhaal verslag deel
    """,
}
"""The article of plain words of the dictionary, by our own knowledge."""
HARD_NOUNS = {
    "de": """
        aanbeveling afwijzing akte annulering arbeidsovereenkomst bepaling beschikking bevoegdheid bezichtiging
        calamiteit clausule creditnota deelbetaling evaluatie factuur indicatie inspectie kennisgeving mededeling
        methode mutatie nota notificatie offerte opstal sanctie specificatie strategie toelichting toezegging
        verplichting vordering wijziging zorgindicatie zienswijze
    """,
    "het": """
        aanslagbiljet aspect beding beleid bezwaarschrift consult convenant criterium dienstverband epistel
        factuurbedrag geschil krediet mankement pand restant rechtsmiddel saldo samenwerkingsverband
        tijdsbestek tijdstip verweer wetsartikel woningcomplex
    """,
}
"""The article of hard words."""


def article_of(plain_noun: str) -> str:
    return next(article for article, words in PLAIN_NOUNS.items() if plain_noun in words.split())


@pytest.mark.parametrize("article", ["de", "het"])
def test_after_an_article_the_plain_noun_fits(article: str) -> None:
    for noun in HARD_NOUNS[article].split():
        for text in (f"{article} {noun}", f"{article} nieuwe {noun}"):
            for start, end, hit in HARD.find(tokens(text)):
                for plain in hit.alternatives:
                    said, *written = (text[:start] + plain + text[end:]).split()
                    head = next(word for word in written if word != "nieuwe" or len(written) == 1)
                    assert said == article_of(head), (text, plain)


@pytest.mark.parametrize("article", ["de", "het"])
def test_a_noun_with_its_own_article_is_found_and_replaced_with_it(article: str) -> None:
    other = {"de": "het", "het": "de"}[article]
    pairs = [tuple(line.strip().split(": ")) for page in hard_pages() for line in page.read_text("utf-8").splitlines()]
    nouns = [p for p in pairs if len(p) == 2 and p[0].startswith(f"{article} ") and p[1].startswith(f"{other} ")]
    assert len(nouns) >= 20
    for forms, plain in nouns:
        first, easy = forms.split("|")[0], plain.split("|")[0]
        offered = [hit.alternatives for *_, hit in HARD.find(tokens(f"Wij sturen u {first} morgen."))]
        assert (easy,) in offered, first


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("U krijgt de beschikking.", "U krijgt het besluit."),
        ("Deze mededeling is nieuw.", "Dit bericht is nieuw."),
        ("U heeft een geschil.", "U heeft een ruzie."),
        ("Onze vordering is hoog.", "Ons bedrag dat nog open staat is hoog."),
        ("Dit krediet is klein.", "Deze lening is klein."),
        ("De noodzakelijke reparaties zijn klaar.", "De nodige reparaties zijn klaar."),
        ("Neem de vereiste papieren mee.", "Neem de nodige papieren mee."),
        ("Het is een dergelijk bedrag.", "Het is zo'n bedrag."),
        ("De huur is echter hoger.", "De huur is toch hoger."),
        ("U heeft twee huurtermijnen open staan.", "U heeft twee maanden huur open staan."),
        ("De woning is toegewezen.", "De woning is gegeven."),
        ("U bent woonachtig te Utrecht.", "U woont in Utrecht."),
        ("Wij realiseren ons dat het moeilijk is.", "Wij weten dat het moeilijk is."),
    ],
)
def test_a_click_leaves_good_dutch(text: str, written: str) -> None:
    ((start, end, hit),) = HARD.find(tokens(text))
    assert text[:start] + hit.alternatives[0] + text[end:] == written


@pytest.mark.parametrize(
    "text",
    [
        "U krijgt een nieuwe beschikking.",
        "U leest bij ons rappel wat u kunt doen.",
        "Klik op onderstaande link.",
        "De hieronder vermelde datum klopt niet.",
        "De afspraak is definitief.",
        "Zij werkt gedurende drie maanden.",
        "U kunt kennis nemen van de brief.",
        "Een complex gebouw is oud.",
        "De eiser is er niet.",
        "De jurisprudentie is nieuw.",
    ],
)
def test_where_no_word_fits_in_place_it_is_only_explained(text: str) -> None:
    found = list(HARD.find(tokens(text)))
    assert found and not any(hit.alternatives for _, _, hit in found)


@pytest.mark.parametrize(
    "text",
    [
        "Vorig jaar mocht u in delen betalen.",
        "Dient u een klacht in?",
        "Dat hoeft niet per se vandaag.",
        "De monteur is ter plaatse.",
        "Betaal op rekening NL00BANK0123456789 ten name van Stichting Wonen.",
        "Bel met {name} van de woningcorporatie.",
        "Bel met (name) of met de buurt.",
        "Bel met: name of buurt.",
    ],
)
def test_plain_turns_and_words_apart_are_left_alone(text: str) -> None:
    assert [text[start:end] for start, end, _ in HARD.find(tokens(text))] == []


def test_a_phrase_runs_on_over_a_line_break() -> None:
    ((start, end, _),) = HARD.find(tokens("U belt met\nname over de huur."))
    assert (start, end) == (7, 15)


def test_no_plain_word_breaks_another_rule() -> None:
    every = lexicon("nl")
    broken = [
        (form, plain, hit.rule)
        for form, entry in WORDS
        for plain in entry.alternatives
        for *_, hit in every.find(tokens(plain.replace("...", "dit")))
        if hit.rule not in ("officialese", "private")
    ]
    assert broken == []
