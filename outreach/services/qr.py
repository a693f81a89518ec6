"""Draw a QR code, for a card that a tenant can scan with his phone."""

import re

import segno

_NOT_DIALLED = re.compile(r"[^\d+]")


def qr_svg(content: str) -> str:
    """Return a QR code as an inline SVG without styles; medium error correction (ISO/IEC 18004, level M).

    Raises segno.DataOverflowError for more than fits in one code.
    """
    return str(segno.make(content, error="m", micro=False).svg_inline(scale=1, omitsize=True, border=4))


def telephone_link(phone: str) -> str:
    """Return the link that dials a number (RFC 3966), empty when there is none."""
    digits = _NOT_DIALLED.sub("", phone)
    return f"tel:{digits}" if digits else ""
