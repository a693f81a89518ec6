"""People who sign in: made with a role and a password that only its owner gets to know."""

import secrets
from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import UserRow
from outreach.services.acting import Refused

ROLES = ("admin", "policy", "worker", "field", "manager")
SHORTEST = 10
_HASHER = PasswordHasher()
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """Make a password that can be read out: three groups of five."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))


def hash_password(password: str) -> str:
    """Hash a password with argon2id."""
    return _HASHER.hash(password)


def add_user(
    session: Session,
    landlord_id: int,
    *,
    username: str,
    name: str,
    role: str,
    password: str,
    now: datetime,
    team_id: int | None = None,
    phone: str = "",
) -> UserRow:
    """Add somebody who may sign in. Raises Refused for a taken name, an unknown role, a short password."""
    login = username.strip().lower()
    if not login or not name.strip():
        raise Refused("Vul een naam en een inlognaam in.", "Fill in a name and a user name.")
    if role not in ROLES:
        raise Refused("Kies een rol.", "Choose a role.")
    if len(password) < SHORTEST:
        raise Refused(f"Het wachtwoord heeft ten minste {SHORTEST} tekens.", f"A password has {SHORTEST} characters.")
    known = select(UserRow.id).where(UserRow.landlord_id == landlord_id, UserRow.username == login)
    if session.scalar(known) is not None:
        raise Refused("Deze inlognaam is al in gebruik.", "This user name is taken.")
    user = UserRow(
        landlord_id=landlord_id,
        username=login,
        name=name.strip(),
        role=role,
        password_hash=hash_password(password),
        team_id=team_id,
        phone=phone,
        created_at=now,
    )
    session.add(user)
    session.flush()
    return user


def set_password(session: Session, user: UserRow, password: str) -> None:
    """Give somebody a new password; sessions with the old one end. Raises Refused when it is short."""
    if len(password) < SHORTEST:
        raise Refused(f"Het wachtwoord heeft ten minste {SHORTEST} tekens.", f"A password has {SHORTEST} characters.")
    user.password_hash, user.failed_logins, user.locked_until = hash_password(password), 0, None
