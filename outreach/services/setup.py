"""From nothing to a landlord that can begin: settings, shipped ladders and texts, a first area, an admin."""

import re
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import (
    AreaRow,
    DeliveryRow,
    LandlordRow,
    PartnerRow,
    TenancyRow,
    UserRow,
)
from outreach.domain.landlord_settings import LandlordSettings
from outreach.runtime import Runtime
from outreach.services.acting import Refused, needs
from outreach.services.actor import Actor
from outreach.services.evidence import EvidenceBook
from outreach.services.policy import SETTINGS, install_shipped, load_policy, save_settings
from outreach.services.saved_answers import seed_answers
from outreach.services.users import add_user, new_password

SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, kw_only=True)
class NewLandlord:
    """A landlord that was made, with the one-time password of its admin."""

    landlord_id: int
    username: str
    password: str


def create_landlord(runtime: Runtime, name: str, *, is_sample: bool = False) -> NewLandlord:
    """Make a landlord with default settings and an admin; raises Refused when the name is taken."""
    now = runtime.clock()
    title = needs(name, "Vul de naam van de verhuurder in.", "Fill in the landlord's name.")
    slug = SLUG.sub("-", title.lower()).strip("-")[:60] or "verhuurder"
    with runtime.db.write() as session:
        if session.scalar(select(LandlordRow.id).where(LandlordRow.slug == slug)) is not None:
            raise Refused(f"Er is al een verhuurder met de naam {title}.", f"There is a landlord named {title}.")
        landlord = LandlordRow(slug=slug, name=title, is_sample=is_sample, created_at=now)
        session.add(landlord)
        session.flush()
        install_shipped(session, landlord.id, runtime.catalogue, now)
        save_settings(session, landlord.id, LandlordSettings(sender_name=title), now)
        seed_answers(session, landlord.id, now)
        password = new_password()
        taken = session.scalar(select(UserRow.id).where(UserRow.username == "admin"))
        username = "admin" if taken is None else f"admin-{slug}"[:60]
        add_user(session, landlord.id, username=username, name="Beheerder", role="admin", password=password, now=now)
        book = EvidenceBook(session, landlord.id, now)
        book.note("landlord_created", Actor(label="setup"), {"name": title})
        book.write()
        return NewLandlord(landlord_id=landlord.id, username=username, password=password)


def change_settings(runtime: Runtime, actor: Actor, landlord_id: int, settings: LandlordSettings) -> None:
    """Put new settings in force as a version, with evidence; running cases keep the version of their attempts."""
    now = runtime.clock()
    with runtime.db.write() as session:
        document = save_settings(session, landlord_id, settings, now, actor.user_id)
        book = EvidenceBook(session, landlord_id, now)
        book.note("settings_changed", actor, {"kind": SETTINGS, "version": document.content_hash})
        book.write()


@dataclass(frozen=True, kw_only=True)
class SetupState:
    """What a landlord still needs before the first day; each is true when it is there."""

    sender: bool
    contact: bool
    areas: bool
    partners: bool
    delivery: bool

    @property
    def ready(self) -> bool:
        """Whether the first day can begin; partners are needed for referrals only."""
        return self.sender and self.contact and self.areas and self.delivery


def setup_state(session: Session, landlord_id: int) -> SetupState:
    """Say which parts of the set-up are there."""
    settings = load_policy(session, landlord_id).settings

    def some(table: type) -> bool:
        count = select(func.count()).select_from(table).where(table.landlord_id == landlord_id)  # type: ignore[attr-defined]
        return bool(session.scalar(count))

    return SetupState(
        sender=bool(settings.sender_name and settings.sender_phone),
        contact=bool(settings.contact_name),
        areas=some(AreaRow),
        partners=some(PartnerRow),
        delivery=some(DeliveryRow) and some(TenancyRow),
    )
