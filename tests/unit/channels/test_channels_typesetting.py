"""Letters as PDF: what stands where, in which language, with which fonts, and what is refused."""

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from channels.glyphs import missing_glyphs
from channels.paper_data import A6, RIGHT_WINDOW, Card, Letter, LetterPaper, TypesettingError
from channels.qr_codes import qr_svg
from channels.typesetting import picture_cards, picture_letter, typeset_cards, typeset_letters
from messages.paper import CARD, WINDOW_RIGHT

pytestmark = pytest.mark.unit
ADDRESS = ("J. de Vries", "Kastanjelaan 1", "3011 AB VOORBEELDSTAD")
SENDER = ("Wonen Voorbeeld", "010 123 4567")
TEXT = """Beste mevrouw De Vries,

Wat vraag ik u?
Wilt u mij bellen? Dat kan elke dag.

- Bel 010 123 4567.
- Of schrijf een brief.

Met vriendelijke groet,

Karin Bos
Wonen Voorbeeld"""


def a_letter(**changes: object) -> Letter:
    values = {"address": ADDRESS, "sender": SENDER, "beside": ("Kenmerk: AB-12",), "subject": "Uw huur", "text": TEXT}
    return Letter(**{**values, **changes})  # type: ignore[arg-type]


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def tags(reader: PdfReader) -> list[str]:
    """Return the structure types of the document in reading order."""
    found: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, DictionaryObject) and "/S" in node:
            found.append(str(node["/S"]))
        kids = node.get("/K", []) if isinstance(node, DictionaryObject) else []
        for kid in kids if isinstance(kids, list) else [kids]:
            walk(kid.get_object() if hasattr(kid, "get_object") else kid)

    walk(reader.trailer["/Root"]["/StructTreeRoot"].get_object())
    return found


def placed(reader: PdfReader, number: int = 0) -> dict[str, tuple[float, float]]:
    """Return for each piece of text its place in mm from the left and the top."""
    found: dict[str, tuple[float, float]] = {}
    height = float(reader.pages[number].mediabox.height)

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        x, y = cm[0] * tm[4] + cm[2] * tm[5] + cm[4], cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
        if text.strip():
            found[text.strip()] = (x * 0.3528, (height - y) * 0.3528)

    reader.pages[number].extract_text(visitor_text=visit)
    return found


def test_the_layout_is_the_one_that_texts_are_previewed_with() -> None:
    for name in ("page", "address", "sender", "reference", "body", "next_body"):
        ours, theirs = getattr(RIGHT_WINDOW, name), getattr(WINDOW_RIGHT, name)
        assert (ours.left, ours.top, ours.width, ours.height) == (theirs.left, theirs.top, theirs.width, theirs.height)
    assert (RIGHT_WINDOW.font_points, RIGHT_WINDOW.line_height) == (WINDOW_RIGHT.font_points, WINDOW_RIGHT.line_height)


def test_a_letter_can_be_read_by_everybody() -> None:
    reader = read(typeset_letters([a_letter()], "Brieven van 1 september").pdf)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"
    assert reader.metadata and reader.metadata.title == "Brieven van 1 september"
    assert "pdfuaid:part" in root["/Metadata"].get_object().get_data().decode()
    assert [tag for tag in tags(reader) if tag in ("/H1", "/H2", "/L", "/LI")] == ["/H1", "/H2", "/L", "/LI", "/LI"]
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    for font in fonts:
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & descriptor.keys()


def test_a_letter_without_a_subject_has_its_first_heading_on_top() -> None:
    reader = read(typeset_letters([a_letter(subject=""), a_letter()], "x").pdf)
    assert [tag for tag in tags(reader) if tag in ("/H1", "/H2")] == ["/H1", "/H1", "/H2"]


def test_the_text_is_read_in_order() -> None:
    words = " ".join(read(typeset_letters([a_letter()], "x").pdf).pages[0].extract_text().split())
    parts = [
        "Wonen Voorbeeld",
        "J. de Vries",
        "3011 AB VOORBEELDSTAD",
        "Kenmerk",
        "Uw huur",
        "Beste mevrouw",
        "Karin Bos",
    ]
    assert [words.index(part) for part in parts] == sorted(words.index(part) for part in parts)


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_the_window_shows_the_address_alone_and_the_barcode_has_room(language: str) -> None:
    window, free_from = WINDOW_RIGHT.window, WINDOW_RIGHT.address.bottom - RIGHT_WINDOW.barcode_height
    found = placed(read(typeset_letters([a_letter(language=language, address=(*ADDRESS, "Nederland"))], "x").pdf))
    inside = {
        text for text, (x, y) in found.items() if window.left <= x <= window.right and window.top <= y <= window.bottom
    }
    assert " ".join(inside).count("3011 AB VOORBEELDSTAD") == 1
    assert inside <= {"J. de Vries", "Kastanjelaan 1", "3011 AB VOORBEELDSTAD", "Nederland"}
    assert all(y <= free_from for text, (_, y) in found.items() if text in inside)
    assert found["Nederland"][0] == pytest.approx(WINDOW_RIGHT.address.left, abs=0.5)


def test_each_letter_counts_its_own_pages() -> None:
    long = "\n\n".join(f"Alinea {number}. " + "Dit is een zin die wat ruimte vraagt. " * 8 for number in range(22))
    made = typeset_letters([a_letter(), a_letter(text=long), a_letter(language="en", text=long)], "x")
    texts = [page.extract_text() for page in read(made.pdf).pages]
    (one, _), (first, last), (begin, end) = made.pages
    assert (one, first, begin, end) == (1, 2, last + 1, len(texts))
    assert last - first >= 1
    assert "Pagina" not in texts[0]
    assert f"Pagina 1 van {last - first + 1}" in texts[first - 1]
    assert f"Page {end - begin + 1} of {end - begin + 1}" in texts[end - 1]


def test_large_print_has_sixteen_points() -> None:
    sizes = set()

    def visit(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if "Dat kan elke dag" in text:
            sizes.add(round(size * tm[0] * cm[0]))

    for large in (False, True):
        read(typeset_letters([a_letter(large=large)], "x").pdf).pages[0].extract_text(visitor_text=visit)
    assert sizes == {11, 16}


def test_every_language_of_the_texts_has_its_glyphs() -> None:
    assert (
        missing_glyphs("Ünal Şahin İğdır ıçö · Łódź Świętosława ąćęłńóśźż · Їжак Євген Ґалаґан · السيدة ١٢٣ ؟،") == ()
    )
    for language in ("tr", "pl", "uk", "ar"):
        (picture,) = picture_letter(a_letter(language=language, subject="Євген السيد Şahin Łódź"), ppi=20)
        assert picture.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": "Beste 陳"}, "U+9673"),
        ({"language": "zh"}, "language"),
        ({"text": " "}, "no text"),
        ({"address": ()}, "address"),
        ({"address": ("a", "b", "c", "d", "e")}, "address"),
        ({"address": ("W" * 70, "b")}, "typesetting failed"),
    ],
)
def test_what_cannot_be_printed_well_is_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(TypesettingError, match=re.escape(code)) as caught:
        typeset_letters([a_letter(**changes)], "x")
    assert "陳" not in str(caught.value)


@settings(max_examples=25, deadline=None)
@given(st.text(st.sampled_from("ab Ł#$*_`@<>[]{}\\=/-+~\"'\n1."), min_size=1, max_size=60).filter(str.strip))
def test_no_sign_of_a_text_is_taken_for_markup(text: str) -> None:
    printed = read(typeset_letters([a_letter(subject="", text="begin " + text)], "x").pdf).pages[0].extract_text()
    wanted = [sign for sign in re.sub(r"(?m)^\s*[-•*] +", "", "begin " + text) if not sign.isspace()]
    shown = [sign for sign in printed[printed.index("begin") :] if not sign.isspace() and sign != "•"]
    assert shown == wanted


def test_a_house_style_may_have_the_window_elsewhere() -> None:
    left = LetterPaper(address=RIGHT_WINDOW.reference, reference=RIGHT_WINDOW.address)
    assert placed(read(typeset_letters([a_letter()], "x", left).pdf))["Kastanjelaan 1"][0] == pytest.approx(25, abs=0.5)


def a_card(number: int = 1, **changes: str) -> Card:
    text = "Beste mevrouw De Vries,\n\nIk was bij u aan de deur.\n\nBel mij: 010 123 45 67.\n\nAnna Visser\nWonen"
    values = {"text": text, "qr": qr_svg("tel:0101234567"), "phone": "010 123 45 67", "place": f"Laan {number}"}
    return Card(**{**values, **changes})


def test_the_card_is_the_one_that_texts_are_previewed_with() -> None:
    for name in ("page", "text", "qr"):
        ours, theirs = getattr(A6, name), getattr(CARD, name)
        assert (ours.left, ours.top, ours.width, ours.height) == (theirs.left, theirs.top, theirs.width, theirs.height)
    assert A6.font_points == CARD.font_points


def test_a_card_is_a6_and_tells_what_its_code_does() -> None:
    reader = read(typeset_cards([a_card(), a_card(2)], "Kaarten", sheets=False))
    assert [(float(page.mediabox.width) * 0.3528, float(page.mediabox.height) * 0.3528) for page in reader.pages] == [
        (pytest.approx(148, abs=0.1), pytest.approx(105, abs=0.1))
    ] * 2
    assert "Laan 2" in reader.pages[1].extract_text()
    assert "/Figure" in tags(reader)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_cut_sheets_of_cards_make_piles_in_order() -> None:
    reader = read(typeset_cards([a_card(number) for number in range(1, 10)], "Kaarten", sheets=True))
    sheets = [[int(found) for found in re.findall(r"Laan (\d+)", page.extract_text())] for page in reader.pages]
    assert [float(page.mediabox.width) * 0.3528 for page in reader.pages] == pytest.approx([297.0] * 3, abs=0.1)
    piles = [[sheet[spot] for sheet in sheets if spot < len(sheet)] for spot in range(4)]
    assert [number for pile in piles for number in pile] == list(range(1, 10))


def test_a_number_is_not_broken_over_two_lines() -> None:
    text = "Wilt u mij bellen? Een bericht sturen mag ook. Mijn nummer is 010 123 45 67."
    for pad in range(12):
        shown = read(typeset_cards([a_card(text="x" * pad + " " + text)], "x", sheets=False)).pages[0].extract_text()
        assert "010 123 45 67." in shown.replace("\u00a0", " ")


def test_every_language_has_a_card() -> None:
    for language in ("nl", "nl-je", "en", "tr", "ar", "pl", "uk"):
        (picture,) = picture_cards([a_card(language=language)], sheets=False, ppi=20)
        assert picture.startswith(b"\x89PNG")


def test_a_card_that_is_too_full_is_refused() -> None:
    with pytest.raises(TypesettingError):
        typeset_cards([a_card(text="Dit is een zin die ruimte vraagt. " * 60)], "x", sheets=False)
