"""Read an XLSX workbook: values only, streamed, within limits that a zip bomb does not pass."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from outreach.imports.options import ImportOptions
from outreach.imports.problems import BrokenFileError
from outreach.imports.text import LONGEST_LINE, TOO_LONG, Row, Table, find_header_of

UNPACKED_LIMIT = 1_000_000_000
RATIO_LIMIT = 200
RATIO_FROM = 20_000_000
PARTS_LIMIT = 2_000
COLUMNS_LIMIT = 300
_BROKEN = (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, EOFError, ParseError, InvalidFileException)


def open_workbook(data: bytes, kind: str, options: ImportOptions) -> Table:
    """Open a workbook. Raises BrokenFileError; also while its rows are read (damaged_xlsx)."""
    _inspect(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except _BROKEN as error:
        raise _damaged(error) from error
    if options.sheet and options.sheet not in book.sheetnames:
        raise BrokenFileError("sheet", f"{options.sheet} ({', '.join(book.sheetnames)})")
    sheet = book[options.sheet] if options.sheet else book.worksheets[0]
    header, rows, sample = find_header_of(_rows(sheet), kind, options)
    return Table(header=header, rows=rows, sample=sample, encoding="xlsx", delimiter="", serial_dates=True)


def _damaged(error: BaseException) -> BrokenFileError:
    return BrokenFileError("damaged_xlsx", type(error).__name__)


def _inspect(data: bytes) -> None:
    """Look at the directory of the zip before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            _check_parts(parts, names)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        if b"<!DOCTYPE" in stream.read(2048):
                            raise BrokenFileError("damaged_xlsx", "DOCTYPE")
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
        raise _damaged(error) from error


def _check_parts(parts: list[zipfile.ZipInfo], names: set[str]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise BrokenFileError("password")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise BrokenFileError("not_xlsx")
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if unpacked > UNPACKED_LIMIT or len(parts) > PARTS_LIMIT:
        raise BrokenFileError("zip_bomb", f"{unpacked // 1_000_000} MB")
    if unpacked > RATIO_FROM and unpacked / packed > RATIO_LIMIT:
        raise BrokenFileError("zip_bomb", f"{unpacked // packed} x")


def _rows(sheet: Any) -> Iterator[Row]:
    try:
        for line, values in enumerate(sheet.iter_rows(values_only=True, max_col=COLUMNS_LIMIT), start=1):
            cells = [_text(value) for value in values]
            too_long = any(len(cell) > LONGEST_LINE for cell in cells)
            yield line, [TOO_LONG] if too_long else cells
    except BrokenFileError:
        raise
    except _BROKEN as error:
        raise _damaged(error) from error


def _text(value: Any) -> str:
    """Write a value as text that can be read in one way only: a point and never three decimals; ISO dates."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    rounded = round(value, 2)
    return f"{rounded:.2f}" if abs(value - rounded) < 1e-6 else f"{value:.4f}"
