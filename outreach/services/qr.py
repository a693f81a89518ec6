"""The QR code on a card that a tenant can scan with his phone, and the link in it."""

import re

from channels.qr_codes import qr_svg

__all__ = ["qr_svg", "telephone_link"]
_NOT_DIALLED = re.compile(r"[^\d+]")


def telephone_link(phone: str) -> str:
    """Return the link that dials a number (RFC 3966), empty when there is none."""
    digits = _NOT_DIALLED.sub("", phone)
    return f"tel:{digits}" if digits else ""
