"""Broken files: each with the code that the report must give, for the whole file or for a row."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook

from outreach.imports.batches import Batch, Tally
from outreach.imports.layout import decide_layout
from outreach.imports.options import ImportOptions
from outreach.imports.problems import BrokenFileError
from outreach.imports.reading import open_table
from outreach.imports.rows import check_arrears

pytestmark = pytest.mark.unit
HEAD = "Contractnummer;Naam;Straat;Huisnummer;Postcode;Plaats;Telefoon;Postnummer;Vervaldatum;Openstaand\n"
GOOD = "H1;P. de Vries;Dorpsstraat;1;3701 AB;Zeist;06-12345678;P1;01-03-2026;750,00\n"
SECOND = "H2;A. Smit;Dorpsstraat;2;3701 AB;Zeist;06-12345679;P2;01-03-2026;1.250,50\n"


def row(**values: str) -> str:
    fields = dict(zip(HEAD.strip().split(";"), GOOD.strip().split(";"), strict=True)) | {
        "Contractnummer": "H3",
        "Postnummer": "P3",
    }
    return ";".join((fields | values).values()) + "\n"


def check(data: bytes, options: ImportOptions | None = None) -> tuple[Tally, list[Batch]]:
    batches: list[Batch] = []
    chosen = options or ImportOptions()
    table = open_table(data, "arrears", chosen)
    layout = decide_layout(table, "arrears", chosen, date(2026, 11, 22))
    return check_arrears(table, layout, chosen, set(), batches.append), batches


def book(rows: list[list[object]]) -> bytes:
    made, stream = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    for cells in rows:
        sheet.append(cells)
    made.save(stream)
    return stream.getvalue()


def cells(text: str) -> list[object]:
    return list(text.strip().split(";"))


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 30_000_000)
    return stream.getvalue()


def doctype() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><Types/>")
        archive.writestr("xl/workbook.xml", "<x/>")
    return stream.getvalue()


def plain_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return stream.getvalue()


def locked_zip() -> bytes:
    data = bytearray(book([cells(HEAD), cells(GOOD)]))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


WHOLE = {
    "empty file": (b"", "empty"),
    "only a mark": (b"\xef\xbb\xbf\r\n", "empty"),
    "blank lines": (b"\n\n \n", "empty"),
    "no header": (b"a;b;c\n1;2;3\n", "no_header"),
    "a required column missing": (HEAD.replace("Vervaldatum", "Iets").encode() + GOOD.encode(), "missing_columns"),
    "a column twice": (HEAD.replace("Plaats", "Straat").encode() + GOOD.encode(), "duplicate_column"),
    "an unclosed quote": ((HEAD + GOOD.replace("P. de", '"P. de') + SECOND * 3).encode(), "unclosed_quote"),
    "a long unclosed quote": ((HEAD + GOOD.replace(";P. de", ';"P. de') + SECOND * 9000).encode(), "unclosed_quote"),
    "NUL bytes": (HEAD.encode() + GOOD.encode() + b"H2;\x00\x00\n", "nul_bytes"),
    "half UTF-8, a wrong byte": ((HEAD + GOOD.replace("Vries", "Vriës") * 20).encode() + b"\xff\xfe\n", "encoding"),
    "undefined in cp1252": (HEAD.encode() + b"H1;\x81\x8d;x\n", "encoding"),
    "truncated UTF-16": (("\ufeff" + HEAD + GOOD).encode("utf-16-le")[:-1], "encoding"),
    "old xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_xls"),
    "xlsx with a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512 + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "zip with a password": (locked_zip(), "password"),
    "zip bomb": (bomb(), "zip_bomb"),
    "entities": (doctype(), "damaged_xlsx"),
    "truncated xlsx": (book([cells(HEAD), cells(GOOD)])[:-200], "damaged_xlsx"),
    "zip that is no workbook": (plain_zip(), "not_xlsx"),
    "html named xls": (b"<html><table><tr><td>x</td></tr></table>", "html"),
    "pdf": (b"%PDF-1.7 x", "pdf"),
    "BSN as reference": (
        (HEAD.replace("Contractnummer", "Contractnr") + GOOD.replace("H1", "111222333")).encode(),
        "bsn_as_reference",
    ),
}
ROWS = {
    "30 February": (row(Vervaldatum="30-02-2026"), "date"),
    "no date": (row(Vervaldatum=""), "missing"),
    "year 3026": (row(Vervaldatum="01-03-3026"), "date_range"),
    "no amount": (row(Openstaand=""), "missing"),
    "letters for an amount": (row(Openstaand="veel"), "amount"),
    "three decimals": (row(Openstaand="12,3456"), "amount_decimals"),
    "a huge amount": (row(Openstaand="999999999999"), "amount_range"),
    "a negative amount": (row(Openstaand="-12,50"), "negative_amount"),
    "no reference": (row(Contractnummer=""), "missing"),
    "a reference too long": (row(Contractnummer="H" * 65), "text_too_long"),
    "an invisible sign": (row(Contractnummer="H\u200b3"), "control_character"),
    "the same item twice": (GOOD, "duplicate_item"),
    "mixed delimiters": (row().replace(";", ","), "cell_count"),
    "a cell too many": (row().strip() + ";x\n", "cell_count"),
    "a cell too few": (row().rpartition(";")[0] + "\n", "cell_count"),
    "10 MB in one field": (row(Naam="x" * 10_000_000), "field_too_long"),
    "a name too long": (row(Naam="x" * 300), "text_too_long"),
    "no name": (row(Naam=""), "missing"),
    "no house number": (row(Huisnummer="geen"), "house_number"),
    "no postcode": (row(Postcode="37"), "postcode"),
}
WARNED = {
    "too short": (row(Telefoon="06-1234"), "phone"),
    "letters": (row(Telefoon="bellen na 5"), "phone"),
    "rounded by Excel": (row(Telefoon="6,12E+08"), "phone"),
    "premium": (row(Telefoon="0900-1234"), "phone_not_usable"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_broken_file_is_refused_as_a_whole(name: str) -> None:
    data, code = WHOLE[name]
    with pytest.raises(BrokenFileError) as caught:
        check(data)
    assert caught.value.code == code
    assert caught.value.text_nl != caught.value.text_en


@pytest.mark.parametrize("name", ROWS)
def test_a_bad_row_is_put_aside_and_the_others_go_in(name: str) -> None:
    line, code = ROWS[name]
    tally, batches = check((HEAD + GOOD + line + SECOND).encode())
    assert (tally.good, tally.bad, tally.total) == (2, 1, 3)
    assert code in tally.counts
    assert all(problem.text_nl and problem.text_en and len(problem.value) <= 80 for problem in tally.warnings)
    kept = [each for batch in batches for each in batch.rejected]
    assert [each[0] for each in kept] == [3]


@pytest.mark.parametrize("name", WARNED)
def test_an_odd_phone_number_is_left_out_and_the_row_goes_in(name: str) -> None:
    line, code = WARNED[name]
    tally, batches = check((HEAD + line).encode())
    assert (tally.good, tally.bad, dict(tally.counts)) == (1, 0, {code: 1})
    assert [contact for batch in batches for contact in batch.contacts] == []


SHAPES: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-8 with mark": lambda text: text.encode("utf-8-sig"),
    "mark twice": lambda text: b"\xef\xbb\xbf" + text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 big endian": lambda text: ("\ufeff" + text).encode("utf-16-be"),
    "utf-16 without mark": lambda text: text.encode("utf-16-le"),
    "cp1252": lambda text: text.encode("cp1252"),
    "comma": lambda text: text.replace(",", "§").replace(";", ",").replace("750§00", '"750,00"').encode(),
    "tab": lambda text: text.replace(";", "\t").encode(),
    "pipe": lambda text: text.replace(";", "|").encode(),
    "windows lines": lambda text: text.replace("\n", "\r\n").encode(),
    "old mac lines": lambda text: text.replace("\n", "\r").encode(),
    "sep line": lambda text: b"sep=;\n" + text.encode(),
    "title above": lambda text: b"Achterstanden per 1 maart;;;\n\n" + text.encode(),
    "empty cells at the end": lambda text: text.replace("\n", ";;\n").encode(),
    "workbook": lambda text: book([cells(line) for line in text.splitlines()]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_rows_are_read_from_every_shape(shape: str) -> None:
    text = HEAD + GOOD.replace("de Vries", "de Vriës")
    tally, batches = check(SHAPES[shape](text))
    assert (tally.good, tally.bad) == (1, 0), tally.warnings
    item = batches[0].items[0]
    assert (item[1], item[2], item[4], item[6]) == ("H1", "P1", "2026-03-01", 75000)
    assert batches[0].parties[0][9] == "Vriës"


def test_a_workbook_with_real_numbers_and_dates() -> None:
    data = book([cells(HEAD), ["H1", "P. Smit", "Dorp", 1, "3701AB", "Zeist", 612345678, 7, date(2026, 3, 1), 1234.5]])
    tally, batches = check(data)
    assert tally.bad == 0
    assert batches[0].items[0][2:7] == ("7", "rent", "2026-03-01", 123450, 123450)
    assert batches[0].contacts[0][3] == "+31612345678"


def test_bsn_columns_are_dropped_also_from_bad_rows() -> None:
    head = HEAD.strip() + ";BSN;Persoon id\n"
    good, bad = GOOD.strip() + ";111222333;123456782\n", row(Openstaand="x").strip() + ";111222333;123456782\n"
    _, batches = check((head + good + bad).encode())
    kept = repr(batches[0])
    assert "111222333" not in kept
    assert "123456782" not in kept


def test_a_number_slipped_into_another_column_is_masked() -> None:
    tally, batches = check((HEAD + GOOD + row(Plaats="111222333", Openstaand="x") + "H9;111222333;x\n").encode())
    assert tally.bad == 2
    assert "111222333" not in repr(batches[0])


def test_ambiguous_files_are_read_dutch_and_say_so() -> None:
    options = ImportOptions()
    data = (HEAD + row(Vervaldatum="03-04-2026", Openstaand="1.234")).encode()
    table = open_table(data, "arrears", options)
    layout = decide_layout(table, "arrears", options, date(2026, 11, 22))
    assert {note.code for note in layout.notes} == {"ambiguous_amounts", "ambiguous_dates"}
    _, batches = check(data)
    assert batches[0].items[0][4:7] == ("2026-04-03", 123400, 123400)
