"""Make the sample landlord: its policy, areas, teams, partners, users and tenants."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.template import Template
from outreach.db.tables import AreaRow, DocumentRow, LandlordRow, PartnerRow, TeamRow, UserRow
from outreach.domain.landlord_settings import WEEKDAYS, LandlordSettings
from outreach.runtime import Runtime
from outreach.sample.names import (
    AREAS,
    CONTACT_EMAIL,
    CONTACT_NAME,
    CONTACT_PHONE,
    LANDLORD,
    LARGE,
    SMALL,
    TEAMS,
)
from outreach.sample.people import People
from outreach.services.documents import keep_version
from outreach.services.policy import install_shipped, save_settings
from outreach.services.saved_answers import seed_answers
from outreach.services.text_approval import approve_languages
from schedules.ladder import example_fills
from schedules.shipped import load_shipped
from schedules.trajectory import load_trajectory

SLUG = "delinde"
SAMPLE = "sample"


@dataclass(frozen=True, kw_only=True)
class SampleFacts:
    """With what a sample was made: the same facts give the same world."""

    seed: int
    tenancies: int
    first_day: date


USERS = (
    ("admin", "Beheerder", "admin", None),
    ("anouk", CONTACT_NAME, "worker", "midden"),
    ("joris", "Joris Veldhuisen", "worker", "noord"),
    ("meral", "Meral Oztek", "worker", "heuvelbroek"),
    ("bas", "Bas Dijkhoeve", "field", "midden"),
    ("fenna", "Fenna Wolters", "field", "noord"),
    ("lisa", "Lisa Houtkamp", "field", "heuvelbroek"),
    ("ruben", "Ruben Aldershof", "policy", None),
    ("ines", "Ines Karelse", "manager", None),
)
"""User name, name, role, team. Made up."""


def make_sample(runtime: Runtime, *, slug: str, seed: int, tenancies: int, first_day: date) -> int:
    """Make the sample landlord in one transaction and give its id; one that is there stays as it is."""
    now = runtime.calendar.utc(first_day - timedelta(days=1), time(20))
    with runtime.db.write() as session:
        known = session.scalar(select(LandlordRow.id).where(LandlordRow.slug == slug))
        if known is not None:
            return known
        landlord = LandlordRow(slug=slug, name=LANDLORD, is_sample=True, created_at=now)
        session.add(landlord)
        session.flush()
        install_shipped(session, landlord.id, runtime.catalogue, now)
        approve_languages(session, landlord.id, _in_use(runtime), reason="voorbeeld", now=now)
        save_settings(session, landlord.id, sample_settings(), now)
        seed_answers(session, landlord.id, now)
        facts = {"seed": seed, "tenancies": tenancies, "first_day": first_day.isoformat()}
        keep_version(session, landlord.id, SAMPLE, SAMPLE, json.dumps(facts, sort_keys=True), now)
        areas = _areas(session, landlord.id)
        _partners(session, landlord.id, first_day)
        people = People(seed=seed, landlord_id=landlord.id, areas=areas, first_day=first_day)
        people.draw(tenancies)
        people.write(session)
        return landlord.id


def _in_use(runtime: Runtime) -> list[Template]:
    """Return the texts of the languages that the sample landlord has switched on."""
    languages = sample_settings().languages
    return [each for each in runtime.catalogue if each.language in languages]


def find_sample(session: Session, slug: str) -> tuple[int, SampleFacts] | None:
    """Find a sample landlord and the facts that it was made with."""
    landlord_id = session.scalar(select(LandlordRow.id).where(LandlordRow.slug == slug, LandlordRow.is_sample))
    facts = sample_of(session, landlord_id) if landlord_id is not None else None
    return (landlord_id, facts) if landlord_id is not None and facts is not None else None


def sample_of(session: Session, landlord_id: int) -> SampleFacts | None:
    """Give the facts that a landlord's sample was made with; None for a landlord that is no sample."""
    statement = select(DocumentRow.body).where(DocumentRow.landlord_id == landlord_id, DocumentRow.kind == SAMPLE)
    body = session.scalar(statement)
    if body is None:
        return None
    facts: dict[str, Any] = json.loads(body)
    first_day = date.fromisoformat(facts["first_day"])
    return SampleFacts(seed=facts["seed"], tenancies=facts["tenancies"], first_day=first_day)


def sample_settings() -> LandlordSettings:
    """Give the sample's settings; gaps of the example ladders are filled with their marked example values."""
    used = [area for area in AREAS if area.ladder]
    fills: dict[str, int | str] = {}
    for area in used:
        fills |= example_fills(load_shipped(area.ladder or ""))
    fills |= {gap.name: gap.example for gap in load_trajectory(LAST_CHANCE).gaps}
    return LandlordSettings(
        sender_name=LANDLORD,
        sender_phone=CONTACT_PHONE,
        sender_email=CONTACT_EMAIL,
        contact_name=CONTACT_NAME,
        return_address=f"{LANDLORD}, Turfkade 1, 3901 AA {LARGE}",
        office_hours=dict.fromkeys(WEEKDAYS[:5], ("08:30", "17:00")),
        area_ladders={area.code: area.ladder for area in used if area.ladder},
        languages=("nl", "en"),
        fills=fills,
    )


def _areas(session: Session, landlord_id: int) -> dict[str, int]:
    teams = {
        code: TeamRow(landlord_id=landlord_id, code=code, name=name, calls_per_day=calls, visits_per_day=visits)
        for code, (name, calls, visits) in TEAMS.items()
    }
    session.add_all(teams.values())
    session.flush()
    rows = [
        AreaRow(
            landlord_id=landlord_id,
            team_id=teams[area.team].id,
            code=area.code,
            name=area.name,
            municipality=area.municipality,
        )
        for area in AREAS
    ]
    session.add_all(rows)
    session.flush()
    return {row.code: row.id for row in rows}


def _partners(session: Session, landlord_id: int, first_day: date) -> None:
    """Add the partners; the small municipality's agreement starts in a year, so its early signals are refused."""
    starts = {LARGE: first_day - timedelta(days=400), SMALL: first_day + timedelta(days=365)}
    for municipality, agreement_from in starts.items():
        for kind, (name, contact, days) in _PARTNERS.items():
            if kind in _SMALL_ONLY and municipality != SMALL:
                continue
            signal = kind == "municipality"
            session.add(
                PartnerRow(
                    landlord_id=landlord_id,
                    municipality=municipality,
                    kind=kind,
                    name=name.format(municipality),
                    contact_person=contact,
                    email=f"{kind}.{municipality.lower()}@example.org",
                    phone="+31300000300",
                    agreement_from=agreement_from if signal else None,
                    agreement_to=None,
                    agreement_ref=f"Overeenkomst vroegsignalering {municipality}" if signal else "",
                    feedback_days=days,
                    route=_ROUTES.get(kind),
                    fields=list(_FIELDS.get(kind, ())),
                )
            )


LAST_CHANCE = "utrecht_laatste_kans"
"""The trajectory that the sample's landlord uses, with its example values filled in."""

_SMALL_ONLY = ("stadsring51", "via")
_PARTNERS: Mapping[str, tuple[str, str, int]] = {
    "municipality": ("Gemeente {}, vroegsignalering", "Noor Hazelaar", 28),
    "social_team": ("Sociaal team {}", "Tim Oosterveen", 14),
    "meldpunt": ("Meldpunt Zorg en Overlast {}", "Sanne Kuiperduin", 14),
    "debt_help": ("Schuldhulp {}", "Marwa Essadi", 28),
    "bailiff": ("Gerechtsdeurwaarders Poort en Partners", "Henk Poortman", 28),
    "stadsring51": ("Schuldhulp {} (in de rol van Stadsring51)", "Marwa Essadi", 28),
    "via": ("Integrale aanpak {} (in de rol van ViA)", "Tim Oosterveen", 28),
    "last_chance": ("Laatste kans {}", "Sanne Kuiperduin", 28),
}
_ROUTES: Mapping[str, str] = {"municipality": "drechtsteden_spoor_1", "meldpunt": "drechtsteden_spoor_2"}
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "social_team": ("name", "address", "phone", "email", "amount", "months", "attempts", "language"),
    "meldpunt": ("name", "address", "phone", "months", "attempts"),
    "debt_help": ("name", "address", "phone", "email", "amount", "months"),
    "bailiff": ("name", "address", "amount", "months", "attempts"),
}


def make_users(runtime: Runtime, landlord_id: int, password: str, now: datetime) -> tuple[str, ...]:
    """Make the sample's users with one password, or give it to those that are there; give their user names."""
    hashed = PasswordHasher().hash(password)
    with runtime.db.write() as session:
        teams = {row.code: row.id for row in session.scalars(select(TeamRow).where(TeamRow.landlord_id == landlord_id))}
        known = {
            row.username: row for row in session.scalars(select(UserRow).where(UserRow.landlord_id == landlord_id))
        }
        for username, name, role, team in USERS:
            row = known.get(username)
            if row is not None:
                row.password_hash = hashed
            else:
                session.add(
                    UserRow(
                        landlord_id=landlord_id,
                        team_id=teams[team] if team else None,
                        username=username,
                        name=name,
                        phone=CONTACT_PHONE,
                        role=role,
                        password_hash=hashed,
                        created_at=now,
                    )
                )
    return tuple(username for username, *_ in USERS)
