"""Give bad rows back for correction, as a CSV that a spreadsheet cannot be tricked with."""

import csv
import io

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.ledger import RejectedRowRow

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LINE_COLUMN = "regel in bestand"
PROBLEM_COLUMN = "wat er mis is"


def guard(value: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula (OWASP, CSV injection)."""
    return f"'{value}" if value.lstrip(" \n").startswith(FORMULA_STARTS) or value[:1] in FORMULA_STARTS else value


def unguard(value: str) -> str:
    """Take the apostrophe of `guard` off again."""
    return value[1:] if value[:1] == "'" and value[1:].lstrip(" \n").startswith(FORMULA_STARTS) else value


def rejected_csv(session: Session, landlord_id: int, delivery_id: int) -> str:
    """Write the bad rows of a delivery with their own column names, line and problems; `;` apart, BOM ahead.

    The file can be corrected and imported again: the two added columns are ignored.
    """
    rows = session.execute(
        select(RejectedRowRow.line, RejectedRowRow.cells, RejectedRowRow.problems)
        .where(RejectedRowRow.landlord_id == landlord_id, RejectedRowRow.delivery_id == delivery_id)
        .order_by(RejectedRowRow.line)
    ).all()
    names = list(dict.fromkeys(name for row in rows for name in row.cells))
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([*map(guard, names), LINE_COLUMN, PROBLEM_COLUMN])
    for row in rows:
        problems = " ".join(f"{each['column']}: {each['text_nl']}".strip(": ") for each in row.problems["problems"])
        writer.writerow([*(guard(row.cells.get(name, "")) for name in names), row.line, guard(problems)])
    return text.getvalue()
