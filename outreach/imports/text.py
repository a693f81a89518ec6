"""Read a delimited text file: its encoding, its delimiter, its header, and its rows one by one."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from outreach.imports.columns import REQUIRED, recognised
from outreach.imports.options import ImportOptions
from outreach.imports.problems import BrokenFileError

DELIMITERS = (";", ",", "\t", "|")
LONGEST_LINE = 65_536
HEADER_WITHIN = 15
SAMPLE_ROWS = 2_000
TOO_LONG = "\x00too_long"
"""Marks a row whose line was too long to be read."""
_BLOCK = 1 << 20
_MULTIBYTE = re.compile(rb"[\xc3-\xe2][\x80-\xbf]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
Row = tuple[int, list[str]]


@dataclass(kw_only=True)
class Table:
    """A file that is being read: `rows` gives (line, cells) once; `sample` is its first rows."""

    header: list[str]
    rows: Iterator[Row]
    sample: Sequence[Row]
    encoding: str
    delimiter: str
    serial_dates: bool = False
    notes: list[str] = field(default_factory=list)


def open_text(data: bytes, kind: str, options: ImportOptions) -> Table:
    """Open a delimited text. Raises BrokenFileError; also while its rows are read (unclosed_quote)."""
    encoding, start = decide_encoding(data, options.encoding)
    head = _head(data, start, encoding)
    declared = re.match(r'\ufeff?"?sep=(.)"?\r?\n', head)
    delimiter = options.delimiter or (declared[1] if declared else _decide_delimiter(head, kind, options))
    rows = _records(_lines(data, start, encoding), delimiter)
    header = _find_header(rows, kind, options)
    numbered = _without_blank(rows, len(header))
    sample = list(islice(numbered, SAMPLE_ROWS))
    return Table(header=header, rows=chain(sample, numbered), sample=sample, encoding=encoding, delimiter=delimiter)


def decide_encoding(data: bytes, given: str = "") -> tuple[str, int]:
    """Decide the encoding and how many bytes of marks to skip. Raises BrokenFileError encoding, nul_bytes."""
    if given:
        return _proved(data, given, 0), 0
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _proved(data, encoding, len(mark)), len(mark)
    quiet = _utf16_without_mark(data[:4096])
    if quiet:
        return _proved(data, quiet, 0), 0
    if b"\x00" in data:
        raise BrokenFileError("nul_bytes", data.count(b"\n", 0, data.index(b"\x00")) + 1)
    return _eight_bits(data), 0


def _utf16_without_mark(head: bytes) -> str:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    most = len(head) * 0.35
    if odd > most and even * 10 < odd:
        return "utf-16-le"
    return "utf-16-be" if even > most and odd * 10 < even else ""


def _eight_bits(data: bytes) -> str:
    fault = _first_fault(data, "utf-8", 0)
    if fault is None:
        return "utf-8"
    others = len(re.findall(rb"[\x80-\xff]", data))
    if len(_MULTIBYTE.findall(data)) * 2 > others / 2:
        raise BrokenFileError("encoding", _at_line(data, fault, "UTF-8"))
    return _proved(data, "cp1252", 0)


def _proved(data: bytes, encoding: str, start: int) -> str:
    fault = _first_fault(data, encoding, start)
    if fault is not None:
        raise BrokenFileError("encoding", _at_line(data, fault, encoding))
    return encoding


def _at_line(data: bytes, position: int, encoding: str) -> str:
    return f"{encoding}, regel/line {data.count(b'%c' % 10, 0, position) + 1}, byte {position + 1}"


def _first_fault(data: bytes, encoding: str, start: int) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(data)
    for at in range(start, max(len(data), start + 1), _BLOCK):
        block = view[at : at + _BLOCK]
        try:
            text = decoder.decode(bytes(block), final=at + _BLOCK >= len(data))
        except UnicodeDecodeError as error:
            return at + error.start
        if "\x00" in text:
            raise BrokenFileError("nul_bytes", text.count("\n", 0, text.index("\x00")) + 1)
    return None


def _open(data: bytes, start: int, encoding: str) -> io.TextIOWrapper:
    raw = io.BytesIO(data)
    raw.seek(start)
    return io.TextIOWrapper(raw, encoding=encoding, newline="")


def _head(data: bytes, start: int, encoding: str) -> str:
    with _open(data, start, encoding) as stream:
        return stream.read(_BLOCK // 8).lstrip("\ufeff")


def _lines(data: bytes, start: int, encoding: str) -> Iterator[str]:
    with _open(data, start, encoding) as stream:
        for number, line in enumerate(stream):
            text = line.lstrip("\ufeff") if number == 0 else line
            yield text if len(text) <= LONGEST_LINE else TOO_LONG + "\n"


def _decide_delimiter(head: str, kind: str, options: ImportOptions) -> str:
    lines = [line for line in head.splitlines()[:50] if line.strip() and len(line) <= LONGEST_LINE]
    if not lines:
        raise BrokenFileError("empty")
    return max(DELIMITERS, key=lambda delimiter: _fit(lines, delimiter, kind, options))


def _fit(lines: Sequence[str], delimiter: str, kind: str, options: ImportOptions) -> tuple[int, int, int]:
    rows = list(csv.reader(lines, delimiter=delimiter))
    best = max((len(recognised(kind, row, options.columns)) for row in rows[:HEADER_WITHIN]), default=0)
    width = max((len(row) for row in rows), default=0)
    return best, sum(len(row) == width for row in rows) if width > 1 else 0, width


def _records(lines: Iterator[str], delimiter: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if before > line:
                _refuse_swallowed(cells, delimiter, line)
            yield line, cells
    except csv.Error as error:
        raise BrokenFileError("unclosed_quote" if "limit" in str(error) else "csv", before + 1) from error


def _refuse_swallowed(cells: Sequence[str], delimiter: str, line: int) -> None:
    """A cell over several lines may be an address; one with whole rows in it is a quote that was not closed."""
    for cell in cells:
        inside = cell.splitlines()
        if len(inside) > 20 or any(part.count(delimiter) >= 3 for part in inside):
            raise BrokenFileError("unclosed_quote", line)


def _find_header(rows: Iterator[Row], kind: str, options: ImportOptions) -> list[str]:
    best: list[str] = []
    most = 0
    seen = False
    for number, (_, cells) in enumerate(rows):
        found = recognised(kind, cells, options.columns)
        seen = seen or any(cell.strip() for cell in cells)
        if set(REQUIRED[kind]) <= found | ({"open_amount"} if "amount" in found else set()):
            return [cell.strip() for cell in cells]
        if len(found) > most:
            best, most = cells, len(found)
        if number + 1 >= HEADER_WITHIN:
            break
    if not seen:
        raise BrokenFileError("empty")
    if most >= 2:
        return [cell.strip() for cell in best]
    raise BrokenFileError("no_header", ", ".join(REQUIRED[kind]))


def _without_blank(rows: Iterator[Row], width: int) -> Iterator[Row]:
    for line, cells in rows:
        if (len(cells) == width and cells[0]) or any(cell.strip() for cell in cells):
            yield line, cells


def find_header_of(
    rows: Iterator[Row], kind: str, options: ImportOptions
) -> tuple[list[str], Iterator[Row], list[Row]]:
    """Find the header in rows that are no text (a workbook); give it, the rows after it, and the first of them."""
    header = _find_header(rows, kind, options)
    while header and not header[-1]:
        header.pop()
    filled = _without_blank(rows, len(header))
    sample = list(islice(filled, SAMPLE_ROWS))
    return header, chain(sample, filled), sample
