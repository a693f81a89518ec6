"""Which process claimed a row, and whether it may still be sending it.

A claimed row is asked after at its provider only when nobody can be offering it at this moment: asking about
a message that is on its way gives "never taken", and the row would be sent twice.
"""

import hashlib
import os
import secrets
import socket
from datetime import datetime, timedelta
from functools import lru_cache

LONGEST_OFFER = timedelta(minutes=15)
"""Beyond this a batch that another machine claimed is no longer on its way (our choice)."""

NOBODY = ""
"""The sender of a row whose offer ended without a certain answer: it may be asked after at once."""


@lru_cache(maxsize=2)
def _token(pid: int) -> str:
    return secrets.token_hex(4)


def _machine() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:12]


def this_sender() -> str:
    """Name this process: its machine, its process id, and a token that a later process with that id lacks."""
    return f"{_machine()}:{os.getpid()}:{_token(os.getpid())}"


def may_be_sending(sender: str | None, claimed_at: datetime, now: datetime) -> bool:
    """Say whether the process that claimed a row may still be offering it to its channel."""
    if not sender or now >= claimed_at + LONGEST_OFFER:
        return False
    if sender == this_sender():
        return True
    machine, _, rest = sender.partition(":")
    pid = rest.partition(":")[0]
    if machine != _machine() or not pid.isdecimal():
        return True
    return int(pid) != os.getpid() and _is_alive(int(pid))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
