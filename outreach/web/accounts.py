"""Who signs in: look up accounts, check passwords, lock after too many failures."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_login import UserMixin
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.engine import Database
from outreach.db.people import AreaRow, LandlordRow
from outreach.db.record import UserRow
from outreach.db.scope import Scope
from outreach.services.users import hash_password

MAX_FAILURES = 10
LOCK = timedelta(minutes=15)
_HASHER = PasswordHasher()
_NOBODY = hash_password("nobody has this password")


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """The signed-in user; `area_ids` is None when he sees all areas. `stamp` changes with the password."""

    id: int
    landlord_id: int
    landlord_name: str
    is_sample: bool
    name: str
    username: str
    role: str
    language: str
    phone: str
    team_id: int | None
    area_ids: frozenset[int] | None
    stamp: str

    def get_id(self) -> str:
        """Return what the session remembers; a new password ends older sessions."""
        return f"{self.id}:{self.stamp}"

    @cached_property
    def scope(self) -> Scope:
        """Return whose rows this user may see."""
        return Scope(landlord_id=self.landlord_id, area_ids=self.area_ids)


def load_account(database: Database, session_id: str) -> SignedIn | None:
    """Return the active user that a session remembers, None when the account or its password has changed."""
    number, _, stamp = session_id.partition(":")
    with database.read() as session:
        row = session.get(UserRow, int(number)) if number.isdigit() else None
        if row is None or not row.active or _stamp(row) != stamp:
            return None
        return _signed_in(session, row)


def sign_in(database: Database, username: str, password: str, now: datetime) -> SignedIn | None:
    """Check a user name and a password; count failures and lock the account after ten of them for 15 minutes."""
    with database.write() as session:
        rows = session.scalars(
            select(UserRow).where(UserRow.username == username.strip().lower(), UserRow.active)
        ).all()
        if not rows:
            _matches(_NOBODY, password)
        return next((found for row in rows if (found := _try(session, row, password, now))), None)


def _try(session: Session, row: UserRow, password: str, now: datetime) -> SignedIn | None:
    if row.locked_until and row.locked_until > now:
        return None
    if not _matches(row.password_hash, password):
        row.failed_logins += 1
        if row.failed_logins >= MAX_FAILURES:
            row.failed_logins, row.locked_until = 0, now + LOCK
        return None
    row.failed_logins, row.locked_until = 0, None
    return _signed_in(session, row)


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _stamp(row: UserRow) -> str:
    return hashlib.sha256(row.password_hash.encode()).hexdigest()[:16]


def _signed_in(session: Session, row: UserRow) -> SignedIn:
    landlord = session.get_one(LandlordRow, row.landlord_id)
    return SignedIn(
        id=row.id,
        landlord_id=row.landlord_id,
        landlord_name=landlord.name,
        is_sample=landlord.is_sample,
        name=row.name,
        username=row.username,
        role=row.role,
        language=row.language,
        phone=row.phone,
        team_id=row.team_id,
        area_ids=_areas(session, row),
        stamp=_stamp(row),
    )


def _areas(session: Session, row: UserRow) -> frozenset[int] | None:
    if row.role != "field" or row.team_id is None:
        return None
    areas = select(AreaRow.id).where(AreaRow.landlord_id == row.landlord_id, AreaRow.team_id == row.team_id)
    return frozenset(session.scalars(areas))
