import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.splitter import sentences
from messages.syllables import syllables
from messages.wordlists import tokens

CASES = [
    ("Dag. Hoe gaat het? Goed.", ["Dag.", "Hoe gaat het?", "Goed."]),
    ("U betaalt € 1.234,50. Dat is alles.", ["U betaalt € 1.234,50.", "Dat is alles."]),
    ("Bel dhr. De Vries a.u.b. vandaag nog.", ["Bel dhr. De Vries a.u.b. vandaag nog."]),
    ("Bel J. P. de Vries. Hij helpt u.", ["Bel J. P. de Vries.", "Hij helpt u."]),
    ("Neem water, brood, enz. Dan gaan we.", ["Neem water, brood, enz.", "Dan gaan we."]),
    ("Kijk op www.voorbeeld.nl/a.b. Daar staat het.", ["Kijk op www.voorbeeld.nl/a.b.", "Daar staat het."]),
    ("Het is 24-11-2026 om 15.30 uur. Tot dan.", ["Het is 24-11-2026 om 15.30 uur.", "Tot dan."]),
    ("Dit spreken we af:\n- U betaalt 50.\n- U belt ons.", ["Dit spreken we af:", "- U betaalt 50.", "- U belt ons."]),
    ("Er is hulp\nDe gemeente helpt.", ["Er is hulp", "De gemeente helpt."]),
    ("Deze regel is\nafgebroken door de mail.", ["Deze regel is\nafgebroken door de mail."]),
    ("Beste Jo,\n\nIk bel u.\n\nGroet,\nAn", ["Beste Jo,", "Ik bel u.", "Groet,", "An"]),
    ('Zeg "nee." Dan stoppen wij.', ['Zeg "nee."', "Dan stoppen wij."]),
    ("", []),
    (" \n\n ", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == expected


@given(st.text(alphabet=st.sampled_from("aB1 .,!?\n-€•()\"'…:")) | st.text())
def test_nothing_but_white_space_is_lost_and_places_are_right(text: str) -> None:
    at = 0
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip() != ""
        assert sentence.start >= at and not text[at : sentence.start].strip()
        at = sentence.end
    assert not text[at:].strip()


@pytest.mark.parametrize("word", ["€ 1.234,50", "24-11-2026", "06-12345678", "088 123 45 67", "www.voorbeeld.nl/a"])
def test_a_thing_that_reads_as_one_is_one_word(word: str) -> None:
    assert len(tokens(word)) == 1


@pytest.mark.parametrize(
    ("word", "count"),
    [("huur", 1), ("idee", 2), ("reünie", 3), ("betaling", 3), ("schuldhulpverlening", 5), ("februari", 4), ("ik", 1)],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Betaal voor 1 nov. 2026. Dank u.", ["Betaal voor 1 nov. 2026.", "Dank u."]),
        ("Betaal voor 1 nov. Wij helpen u.", ["Betaal voor 1 nov.", "Wij helpen u."]),
        ("Het is € 1.250,-. Bel mij.", ["Het is € 1.250,-.", "Bel mij."]),
        ("Bel tel. 010 123 45 67. Of mail.", ["Bel tel. 010 123 45 67.", "Of mail."]),
        ("Mail jo.bos@voorbeeld.nl. Dank u.", ["Mail jo.bos@voorbeeld.nl.", "Dank u."]),
        ("Er staat {amount} open. Bel {contact_phone}.", ["Er staat {amount} open.", "Bel {contact_phone}."]),
        ("Neem mee:\n1. uw pas\n2. uw brief", ["Neem mee:", "1. uw pas", "2. uw brief"]),
        ("Bel ons z.s.m. Wij helpen.", ["Bel ons z.s.m.", "Wij helpen."]),
    ],
)
def test_sentences_of_letters_to_tenants(text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == expected


@pytest.mark.parametrize("piece", ["aan ", "bijv. ", "a.b. ", "\n- a", "(", "J. ", "1."])
def test_a_text_without_ends_is_cut_without_looking_back_over_it_all(piece: str) -> None:
    text = piece * (10_000 // len(piece))
    pieces = sentences(text)
    assert sum(len(each.text) for each in pieces) <= len(text)
    assert "".join("".join(each.text for each in pieces).split()) == "".join(text.split())


@given(st.text(max_size=40))
def test_a_word_has_a_syllable_at_least(word: str) -> None:
    assert 1 <= syllables(word) <= max(1, len(word))
