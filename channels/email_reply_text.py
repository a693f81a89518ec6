"""What somebody wrote anew in a mail: without the quoted original, the signature and the line of a telephone.

The forms are those of Gmail, Outlook, Apple Mail and common telephones, in the languages of our texts; a mail without
any of them is kept whole.
"""

import re
from html.parser import HTMLParser

LONGEST = 20_000
"""Characters that are read; nobody writes a longer answer, and quoted newsletters do not count."""

_WROTE = (
    r"(?:schreef|geschreven|wrote|schrieb|a écrit|ha scritto|escribió|napisał\(?a?\)?|yazdı|пише|написа(?:в|ла)|كتب)"
)
_ATTRIBUTION = re.compile(
    rf"^(?=[^\n]*(?:\d|@))(?!>)[^\n]{{3,200}}(?:\n(?!>)[^\n]{{1,120}})?\b{_WROTE}\b[^\n]{{0,120}}:[ \t]*$", re.M
)
_FIELDS_FROM = r"(?:Van|From|Von|De|Kimden|Gönderen|Od|Від|من)"
_FIELDS_SENT = (
    r"(?:Verzonden|Sent|Gesendet|Envoyé|Datum|Date|Gönderildi|Tarih|Wysłano|Data|Дата|Надіслано|التاريخ|Aan|To)"
)
_HEADERS = re.compile(rf"^[*_ >]*{_FIELDS_FROM}[*_ ]*:[^\n]+\n+[*_ >]*{_FIELDS_SENT}[*_ ]*:", re.M)
_RULER = re.compile(
    r"^[ \t]*(?:_{8,}|-{2,}[ \t]*(?:Oorspronkelijk|Original|Forwarded|Doorgestuurd)[^\n]{0,40}-{2,})[ \t]*$",
    re.M | re.I,
)
_SIGNATURE = re.compile(r"^-- ?$", re.M)
_DEVICE = re.compile(
    r"^\s*(?:Verstuurd|Verzonden|Sent|Gesendet|Envoyé|Wysłano|Enviado|Надіслано|أرسلت|تم الإرسال) "
    r"(?:vanaf|vanuit|via|met|from|von|depuis|de|z|з|من) [^\n]{1,60}$"
    r"|^\s*(?:Get|Download|Outlook voor|Outlook for) [^\n]{0,20}(?:Outlook|Android|iOS)[^\n]{0,60}$"
    r"|^[^\n]{1,30}(?:'dan|'den|telefonumdan|iPhone'umdan) gönderildi\s*$",
    re.M | re.I,
)


def new_text(text: str) -> str:
    """Return what was written anew; empty when all of it is quoted."""
    text = text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    starts = [found.start() for mark in (_ATTRIBUTION, _HEADERS, _RULER) if (found := mark.search(text))]
    above = _own_lines(text[: min(starts)]) if starts else _own_lines(text)
    return above or (_own_lines(_without_attribution(text[min(starts) :])) if starts else "")


def _without_attribution(tail: str) -> str:
    """Keep what somebody wrote below or between the lines that he quotes; a block of headers ends it."""
    found = _ATTRIBUTION.match(tail)
    return tail[found.end() :] if found and "\n>" in tail else ""


def _own_lines(text: str) -> str:
    lines = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">"))
    for mark in (_SIGNATURE, _DEVICE):
        found = mark.search(lines)
        if found and (mark is _SIGNATURE or not lines[found.end() :].strip()):
            lines = lines[: found.start()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines.split("\n"))).strip()


class _Text(HTMLParser):
    """Gather the words of a page, without what is quoted in it."""

    breaks = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table"})
    silent = frozenset({"style", "script", "head", "title", "blockquote"})
    empty = frozenset({"br", "hr", "img", "meta", "link", "input", "col", "area", "wbr", "base", "source"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._depth = 0
        self._quoted_from: int | None = None
        self._ended = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go a level down; a quotation is not read."""
        if tag in self.breaks:
            self._write("\n")
        if tag in self.empty:
            return
        self._depth += 1
        names = {value or "" for name, value in attrs if name in ("class", "id")}
        if any(name in ("divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container") for name in names):
            self._ended = True
        quoted = tag in self.silent or any("gmail_quote" in name or "moz-cite" in name for name in names)
        if quoted and self._quoted_from is None:
            self._quoted_from = self._depth

    def handle_endtag(self, tag: str) -> None:
        """Come a level up."""
        if tag in self.empty:
            return
        if self._quoted_from == self._depth:
            self._quoted_from = None
        self._depth = max(self._depth - 1, 0)
        if tag in self.breaks:
            self._write("\n")

    def handle_data(self, data: str) -> None:
        """Take words; line breaks in the source are spaces."""
        self._write(re.sub(r"\s+", " ", data))

    def _write(self, words: str) -> None:
        if self._quoted_from is None and not self._ended:
            self.words.append(words)


def text_of_html(page: str) -> str:
    """Return the words of a page of HTML, one line per block, without what is quoted in it."""
    reader = _Text()
    reader.feed(page[: 10 * LONGEST])
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
