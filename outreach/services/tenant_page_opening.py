"""Open the tenant's page: one question about who it is, wrong answers counted, and a lock that a person hears of."""

import hashlib
import hmac
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import DwellingRow, TenancyRow, TenantLinkRow
from outreach.runtime import Runtime
from outreach.services.actor import MACHINE, TENANT
from outreach.services.evidence import EvidenceBook
from outreach.services.tasks import add_task
from outreach.services.tenant_links import UsableLink, usable_link

YEAR, POSTCODE = "year", "postcode"
MOST_TRIES = 5
"""Wrong answers after which a link is locked."""

SIGNS = 4
"""Digits of an answer: a year, or the first part of a postcode."""

MOST_LOCKS = 3
"""Times that a link locks before it ends."""

MOST_FROM_ADDRESS = 20
"""Wrong answers from one address of the network in an hour; many phones may share one."""

LOCK = timedelta(hours=1)
OPENED, WRONG, LOCKED, NO_ANSWER = "opened", "wrong", "locked", "no_answer"
_DIGITS = re.compile(r"\D")


@dataclass
class Callers:
    """Wrong answers per address of the network, kept in memory and by hash only, for an hour."""

    secret: str
    _wrong: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    _turn: Lock = field(default_factory=Lock)

    def is_locked(self, address: str, now: datetime) -> bool:
        """Say whether too many wrong answers came from an address in the last hour."""
        with self._turn:
            return len(self._recent(self._key(address), now)) >= MOST_FROM_ADDRESS

    def note_wrong(self, address: str, now: datetime) -> None:
        """Count a wrong answer. An address of this machine or network stands for everybody behind a proxy."""
        if not _is_public(address):
            return
        with self._turn:
            key = self._key(address)
            self._wrong[key] = [*self._recent(key, now), now][-MOST_FROM_ADDRESS:]
            for other in [each for each in self._wrong if not self._recent(each, now)]:
                del self._wrong[other]

    def _recent(self, key: str, now: datetime) -> list[datetime]:
        return [at for at in self._wrong.get(key, ()) if at > now - LOCK]

    def _key(self, address: str) -> str:
        return hmac.new(self.secret.encode(), b"caller:" + address.encode(), hashlib.sha256).hexdigest()


def _is_public(address: str) -> bool:
    try:
        return ip_address(address).is_global
    except ValueError:
        return False


def question_of(link: UsableLink) -> str:
    """Return what is asked: the year of birth when it is known, else the digits of the postcode."""
    return YEAR if link.person.born_on else POSTCODE


def try_answer(runtime: Runtime, link_id: int, answer: str, now: datetime) -> str:
    """Try an answer to the question of a link: opened, wrong, locked or no_answer. A right one clears the count.

    What has not four digits opens nothing, so it is no guess and does not count.
    """
    with runtime.db.write() as session:
        row = session.scalars(select(TenantLinkRow).where(TenantLinkRow.id == link_id).with_for_update()).one()
        link = usable_link(session, runtime, row, now)
        if link is None:
            return WRONG
        if row.locked_until is not None and row.locked_until > now:
            return LOCKED
        if len(_digits(answer)) != SIGNS:
            return NO_ANSWER
        book = EvidenceBook(session, row.landlord_id, now)
        expected = expected_answer(session, link).encode()
        right = len(expected) == SIGNS and hmac.compare_digest(_digits(answer), expected)
        result = _open(book, link) if right else _count(session, book, link)
        book.write()
        return result


def _digits(typed: str) -> bytes:
    return _DIGITS.sub("", unicodedata.normalize("NFKC", typed[:40])).translate(_WESTERN).encode()


_WESTERN = {ord(sign): str(number) for signs in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for number, sign in enumerate(signs)}


def expected_answer(session: Session, link: UsableLink) -> str:
    """Return the four digits that open a link."""
    if link.person.born_on:
        return str(link.person.born_on.year)
    postcode = (
        select(DwellingRow.postcode)
        .join(TenancyRow, TenancyRow.dwelling_id == DwellingRow.id)
        .where(TenancyRow.id == link.case.tenancy_id)
    )
    return _DIGITS.sub("", session.scalars(postcode).one())[:SIGNS]


def _open(book: EvidenceBook, link: UsableLink) -> str:
    row = link.row
    row.tries, row.locked_until = 0, None
    if row.opened_at is None:
        row.opened_at = book.now
        book.note("link_opened", TENANT, {"link": row.id}, case_id=row.case_id, attempt_id=row.attempt_id)
    return OPENED


def _count(session: Session, book: EvidenceBook, link: UsableLink) -> str:
    row = link.row
    row.tries += 1
    if row.tries % MOST_TRIES:
        return WRONG
    row.locked_until = book.now + LOCK
    if row.tries >= MOST_TRIES * MOST_LOCKS:
        row.ended_at = book.now
    book.note("link_locked", MACHINE, {"link": row.id, "tries": row.tries}, case_id=row.case_id)
    add_task(
        session,
        landlord_id=row.landlord_id,
        kind="link_locked",
        key=f"link:{row.id}:locked",
        due_at=book.now,
        case=link.case,
        attempt_id=row.attempt_id,
        detail={"link": row.id},
    )
    return LOCKED
