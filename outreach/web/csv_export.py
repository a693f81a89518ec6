"""Lists as CSV that Excel opens, safe against formulas in cells (CWE-1236)."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from flask import Response

_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Answer with a `;` separated UTF-8 file (with BOM) of this name."""
    target = StringIO()
    writer = csv.writer(target, delimiter=";", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([safe_cell(cell) for cell in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    answer = Response("\ufeff" + target.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def euros(cents: int | None) -> str:
    """Write cents as `1234,56` for a spreadsheet."""
    if cents is None:
        return ""
    sign, rest = ("-" if cents < 0 else ""), abs(cents)
    return f"{sign}{rest // 100},{rest % 100:02d}"


def safe_cell(cell: object) -> str:
    """Write a cell; a text that a spreadsheet would take as a formula gets an apostrophe before it."""
    text = "" if cell is None else str(cell)
    if text.startswith(_STARTERS) and not _is_amount(text):
        return "'" + text
    return text


def _is_amount(text: str) -> bool:
    return text[0] == "-" and text[1:].replace(",", "", 1).isdecimal()
