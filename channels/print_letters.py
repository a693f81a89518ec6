"""What a letter is on its way to the print house: its name, its reference, its address, its line in the manifest.

Source of the address: PostNL, "Adresseren" (name, street and number, postcode with a space, two spaces and
the town in capitals).
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from channels.contract import Outbound
from channels.paper_data import Letter, LetterPaper, TypesettingError
from channels.print_folder import Batch, Listed
from channels.typesetting import typeset_letters

COLUMNS = ("reference", "file", "first_page", "last_page", "pages", "sheets", "address", "language", "sha256")
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_POSTCODE = re.compile(r"^([1-9]\d{3}) ?([A-Za-z]{2}) +(\S.*)$")
_FORMULA = ("=", "+", "-", "@", "\t")


def letter_id(key: str) -> str:
    """Return the name under which a letter is kept: a hash of its key."""
    return hashlib.sha256(key.encode()).hexdigest()


def reference_of(key: str) -> str:
    """Return what is printed on a letter to know it by when it comes back: ten signs of Crockford's base 32."""
    number = int(letter_id(key)[:13], 16) >> 2
    signs = "".join(_SIGNS[number >> shift & 31] for shift in range(45, -1, -5))
    return f"{signs[:5]}-{signs[5:]}"


def plain_reference(reference: str) -> str:
    """Return a reference as somebody typed it without what may differ: case, hyphen, spaces, O for 0, I and L for 1."""
    signs = re.sub(r"[\s-]", "", reference.upper())
    return signs.replace("O", "0").replace("I", "1").replace("L", "1")


def address_lines(name: str, to: str) -> tuple[str, ...] | None:
    """Return the lines of "Street 1, 1234 AB Town" on an envelope; None without a name, street or postcode."""
    parts = [part.strip() for part in to.split(",") if part.strip()]
    found = _POSTCODE.match(parts[-1]) if parts else None
    if not name.strip() or found is None or len(parts) < 2:
        return None
    digits, signs, town = found.groups()
    return (name.strip(), *parts[:-1], f"{digits} {signs.upper()}  {town.upper()}")


def letter_of(message: Outbound, address: tuple[str, ...]) -> Letter:
    """Return what is printed of a message.

    `extra` may hold "sender" (the lines above the letter, one a line), "dated" (the date as it is written),
    "large_print" ("yes"), "code" (what is printed as a QR code) with "scan" (the words beside it) and, for the folder,
    "owner" (the landlord whose letter it is).
    """
    sender = message.extra.get("sender", message.sender)
    dated = message.extra.get("dated") or f"{message.at.day}-{message.at.month}-{message.at.year}"
    return Letter(
        address=address,
        text=message.text,
        subject=message.subject or "",
        language=message.language,
        sender=tuple(line.strip() for line in sender.splitlines() if line.strip()),
        beside=(f"Kenmerk: {reference_of(message.key)}", f"Datum: {dated}"),
        large=message.extra.get("large_print") == "yes",
        code=message.extra.get("code", ""),
        scan=message.extra.get("scan", ""),
    )


def letter_from(content: Mapping[str, Any]) -> Letter:
    """Return a letter as it was kept."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in content.items()
    }
    return Letter(**values)


def unprintable(letters: Mapping[str, Letter], paper: LetterPaper) -> dict[str, str]:
    """Return which of these letters cannot be printed as they should, and why."""
    if not letters:
        return {}
    try:
        typeset_letters(list(letters.values()), "", paper)
    except TypesettingError as error:
        if len(letters) == 1:
            return dict.fromkeys(letters, error.code)
        half = len(letters) // 2
        names = list(letters)
        parts = ({name: letters[name] for name in names[:half]}, {name: letters[name] for name in names[half:]})
        return {name: code for part in parts for name, code in unprintable(part, paper).items()}
    return {}


def listed(key: str, letter: Letter, span: tuple[int, int], file: str) -> Listed:
    """Return the line of a letter in the manifest; `span` are its first and last page."""
    first, last = span
    content = json.dumps(asdict(letter), ensure_ascii=False, sort_keys=True)
    return Listed(
        letter=letter_id(key),
        key=key,
        reference=reference_of(key),
        file=file,
        first_page=first,
        last_page=last,
        pages=last - first + 1,
        sheets=(last - first + 2) // 2,
        address=letter.address,
        language=letter.language,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
    )


def manifest_csv(batch: Batch) -> bytes:
    """Return the manifest as CSV (RFC 4180, UTF-8 with a mark, semicolons as Dutch spreadsheets read it).

    A cell that a spreadsheet would calculate has an apostrophe before it.
    """
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";")
    rows.writerow(COLUMNS)
    for each in batch.letters:
        cells = {**asdict(each), "address": ", ".join(each.address)}
        rows.writerow([_cell(str(cells[name])) for name in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def references_in(content: bytes) -> tuple[str, ...]:
    """Return the references of a CSV that a print house gives back; column "reference" or "kenmerk", else the first."""
    text = content.decode("utf-8-sig", errors="replace")
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=";" if ";" in text else ",") if row]
    if not rows:
        return ()
    heads = [cell.strip().lower() for cell in rows[0]]
    named = [place for place, head in enumerate(heads) if head in ("reference", "kenmerk")]
    place, body = (named[0], rows[1:]) if named else (0, rows)
    return tuple(row[place].strip() for row in body if len(row) > place and row[place].strip())


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
