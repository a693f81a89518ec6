"""The HTML of an e-mail, made of its plain text: the same words, easy to read on a telephone, nothing from elsewhere.

No pictures, no scripts, no links that follow anybody. Colours hold in light and dark mode. Sources: WCAG 2.2 (1.3.1,
1.4.3, 3.1.1), RFC 3966 (tel).
"""

import re
from collections.abc import Iterator
from html import escape

from channels.contract import Outbound

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur"})

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_POINT = re.compile(r"\s*(?:[-*•–]|(\d{1,2})[.)])\s+(.*)", re.DOTALL)
_LINK = re.compile(
    r"(?P<url>https://[^\s<>\"\u2066-\u2069]*[^\s<>\"\u2066-\u2069.,;:!?)'])"
    r"|(?<![\w.,€/+@-])(?<![A-Z]{4} )(?P<tel>(?:\+\d{2}|0\d)[\d -]{4,13}\d)(?![\w@/]|[.,-]\d)"
)
_AMOUNT = re.compile(r"€ (?=\d)")
"""Between these a line does not end."""

_ENDS = (".", "!", "?", ":", "؟")
_STYLE = """:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.page,.sheet{background:#1c1c1e!important}
.sheet,.sheet h2,.from{color:#f2f2f2!important}
.sheet a{color:#8ec5ff!important}.from{border-color:#5a5a5e!important}}
@media (max-width:480px){.sheet{padding:20px 16px!important}}"""
_FONT = "font-family:Verdana,'Segoe UI',Tahoma,Arial,sans-serif;font-size:17px;line-height:1.6"
_GAP = "margin:0 0 18px"


def language_of(message: Outbound) -> str:
    """Return the language as mail names it (BCP 47): the form of address is left out."""
    return message.language.partition("-")[0] or "nl"


def clean(text: str) -> str:
    """Return a text with line feeds only, and without signs that no reader can show."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return _CONTROLS.sub(" ", plain)


def as_html(message: Outbound) -> str:
    """Return the message as a whole page of HTML, also for a preview."""
    language = language_of(message)
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    title = escape(clean(message.subject or "").replace("\n", " "))
    name = escape(clean(message.sender_name).replace("\n", " "))
    head = f'<p class="from" style="{_FROM}"><bdi>{name}</bdi></p>' if name else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="format-detection" content="telephone=no, date=no, address=no">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n"
        '<body class="page" style="margin:0;padding:0;background:#f2f2f2">\n'
        f'<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="{_PAGE}"><tr>'
        f'<td align="center"><div class="sheet" lang="{escape(language)}" dir="{direction}" style="{_SHEET}">\n'
        f"{head}{''.join(_blocks(clean(message.text)))}</div></td></tr></table>\n</body>\n</html>\n"
    )


_PAGE = "background:#f2f2f2"
_SHEET = (
    f"max-width:600px;box-sizing:border-box;padding:28px 32px;background:#ffffff;color:#1a1a1a;text-align:start;{_FONT}"
)
_FROM = "margin:0 0 22px;padding:0 0 12px;border-bottom:1px solid #c6c6c6;font-weight:bold;color:#1a1a1a"
_HEAD = "margin:0 0 4px;font-size:18px;line-height:1.4;color:#1a1a1a"


def _blocks(text: str) -> Iterator[str]:
    """Make headings, paragraphs and lists of the blocks between empty lines."""
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.split("\n")
        if _is_heading(lines):
            yield f'<h2 style="{_HEAD}">{_inline(lines.pop(0))}</h2>\n'
        yield from _runs(lines)


def _is_heading(lines: list[str]) -> bool:
    """Recognise a short first line above a sentence: `Er is hulp`, `Heeft u al betaald?`."""
    if len(lines) < 2 or _POINT.match(lines[0]) or len(lines[0]) > 70:
        return False
    first, second = lines[0].strip(), lines[1].strip()
    return bool(first) and (first[-1] in "?؟" or first[-1].isalpha()) and second.endswith(_ENDS)


def _runs(lines: list[str]) -> Iterator[str]:
    """Put points in a list and other lines in a paragraph, in order."""
    plain: list[str] = []
    points: list[tuple[str | None, str]] = []
    for line in lines:
        found = _POINT.match(line)
        if found:
            yield from _paragraph(plain)
            points.append((found[1], found[2]))
        else:
            yield from _list(points)
            plain.append(line)
    yield from _paragraph(plain)
    yield from _list(points)


def _paragraph(lines: list[str]) -> Iterator[str]:
    if lines:
        yield f'<p style="{_GAP}">{"<br>".join(_inline(line.strip()) for line in lines)}</p>\n'
        lines.clear()


def _list(points: list[tuple[str | None, str]]) -> Iterator[str]:
    if points:
        start = points[0][0]
        tag, first = ("ul", "") if start is None else ("ol", f' start="{int(start)}"')
        items = "".join(f"<li>{_inline(text)}</li>" for _, text in points)
        yield f'<{tag}{first} style="{_GAP};padding-inline-start:26px">{items}</{tag}>\n'
        points.clear()


def _inline(text: str) -> str:
    """Escape a line, make links of telephone numbers and https addresses, and keep amounts on one line."""
    made, end = [], 0
    for found in _LINK.finditer(text):
        made.append(escape(text[end : found.start()]))
        made.append(_link(found))
        end = found.end()
    return _AMOUNT.sub("€\u00a0", "".join((*made, escape(text[end:]))))


def _link(found: re.Match[str]) -> str:
    shown = escape(found.group())
    if found["url"]:
        return f'<a href="{shown}" style="color:#0b5394">{shown}</a>'
    digits = re.sub(r"[ -]", "", found["tel"])
    if not 8 <= len(digits.lstrip("+")) <= 13:
        return shown
    number = f"+31{digits[1:]}" if len(digits) == 10 and digits[:4] not in ("0800", "0900") else digits
    return f'<a href="tel:{number}" dir="ltr" style="color:#0b5394;white-space:nowrap">{shown}</a>'
