"""Understand what tenants answer, in Dutch, English, Turkish, Arabic, Polish and Ukrainian."""

from messages.replies.rules import INTENTS
from messages.replies.understanding import SURE_ENOUGH, Understanding, explained, understand

__all__ = ["INTENTS", "SURE_ENOUGH", "Understanding", "explained", "understand"]
