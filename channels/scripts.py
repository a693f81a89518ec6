"""What a robocall says: asked of the application while the tenant is on the line, because a channel keeps nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class OtherLanguage:
    """Another language of a call, in its own words: `offer` says that there are more, `choice` how to get this one."""

    language: str
    offer: str
    choice: str


@dataclass(frozen=True, kw_only=True)
class Script:
    """One call as it is spoken now: `parts` are all its texts in `language`, by the names of channels.voice_flow.

    `others` are the other languages in which this call can be heard. `connect_to` is the number (E.164) of a
    person who can take the call at this moment, None outside office hours or when nobody answers there. `stopped`
    is true when the tenant must hear nothing about money any more: paid, paused, or no calls wanted.
    """

    key: str
    language: str
    parts: Mapping[str, str]
    others: tuple[OtherLanguage, ...] = ()
    connect_to: str | None = None
    stopped: bool = False


class Scripts(Protocol):
    """Where the spoken texts come from; the one on the database is the application's."""

    def script(self, key: str, language: str | None, now: datetime) -> Script | None:
        """Return the call of this key in a language (None: the language it was made in), or None when unknown."""
        ...


class _NoScripts:
    def script(self, key: str, language: str | None, now: datetime) -> Script | None:
        """Know no call."""
        return None


NO_SCRIPTS: Scripts = _NoScripts()
