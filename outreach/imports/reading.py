"""Open a delivered file by what it holds, whatever it is called."""

from outreach.imports.options import ImportOptions
from outreach.imports.problems import BrokenFileError
from outreach.imports.text import Table, open_text
from outreach.imports.workbook import open_workbook

SIZE_LIMIT = 500_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def open_table(data: bytes, kind: str, options: ImportOptions) -> Table:
    """Open a file as rows of text; `kind` is arrears or payments. Raises BrokenFileError."""
    if len(data) > SIZE_LIMIT:
        raise BrokenFileError("too_large", f"{len(data) // 1_000_000} MB")
    if not data.strip(b" \r\n\t\x00\xef\xbb\xbf\xff\xfe"):
        raise BrokenFileError("empty")
    _refuse_other_kinds(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return open_workbook(data, kind, options)
    return open_text(data, kind, options)


def _refuse_other_kinds(data: bytes) -> None:
    if data.startswith(_OLE):
        raise BrokenFileError("password" if _ENCRYPTED in data else "old_xls")
    start = data[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(b"%pdf"):
        raise BrokenFileError("pdf")
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"{\\rtf")):
        raise BrokenFileError("html")
