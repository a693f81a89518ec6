"""Whom to reach over which channel: tenants or who acts for them, usable contact points, permissions.

A representative in matters of money (bewindvoerder, curator) takes the place of the tenant. A tenant without a usable
point for a channel gives way to a joint tenant that has one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, or_, select
from sqlalchemy.orm import Session

from messages.languages import base_language
from outreach.db.tables import (
    ContactPointRow,
    DwellingRow,
    PermissionRow,
    PersonContactPointRow,
    PersonRow,
    RepresentationRow,
    TenancyPartyRow,
    TenancyRow,
)

PHONE_CHANNELS = {"sms": ("mobile",), "whatsapp": ("mobile",), "robocall": ("mobile", "landline")}
KINDS: Mapping[str, tuple[str, ...]] = {**PHONE_CHANNELS, "call": ("mobile", "landline"), "email": ("email",)}
POSTAL = ("letter", "card", "visit")
NEEDS_OPT_IN = frozenset({"whatsapp"})
ACTS_INSTEAD = frozenset({"bewindvoerder", "curator"})
"""Who acts for somebody in matters of money; a mentor or helper does not take the tenant's place."""

NOT_INSTEAD = frozenset({"letter", "card", "visit", "robocall"})
"""Ways that lead to the tenant's own door or name: not to be used when somebody acts for him."""

ROLE_ORDER = {"tenant": 0, "co_tenant": 1}


@dataclass(frozen=True, kw_only=True)
class Target:
    """One way to reach one person: the contact point is None for post, card and visit."""

    person_id: int
    contact_point_id: int | None
    value: str


@dataclass(frozen=True, kw_only=True)
class Addressees:
    """Per channel the target, or the reason why there is none; `person_ids` are the parties of the tenancy."""

    primary: PersonRow
    tenant: PersonRow
    person_ids: tuple[int, ...]
    represented: bool
    targets: Mapping[str, Target]
    blocked: Mapping[str, str]
    language: str
    needs: frozenset[str]
    address: str
    people: Mapping[int, PersonRow] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Point:
    id: int
    kind: str
    value: str
    state: str


def full_name(person: PersonRow) -> str:
    """Give the name as written in a letter: title, initials, prefix, family name."""
    first = person.initials or person.given_name
    return " ".join(part for part in (first, person.prefix, person.family_name) if part)


TITLES: Mapping[str, Mapping[str, str]] = {
    "nl": {"mevrouw": "mevrouw", "heer": "meneer"},
    "en": {"mevrouw": "Ms", "heer": "Mr"},
    "tr": {"mevrouw": "Sayın", "heer": "Sayın"},
    "ar": {"mevrouw": "السيدة", "heer": "السيد"},
    "pl": {"mevrouw": "Pani", "heer": "Panie"},
    "uk": {"mevrouw": "пані", "heer": "пане"},
}
"""How a person is spoken to in each language, by the title in the record; Polish and Ukrainian in the vocative."""


def salutation(person: PersonRow, language: str) -> str:
    """Give the name as used in a greeting: "mevrouw De Vries", without a title the full name."""
    title = TITLES[base_language(language)].get(person.title)
    if not title:
        return full_name(person)
    prefix = person.prefix[:1].upper() + person.prefix[1:]
    return " ".join(part for part in (title, prefix, person.family_name) if part)


def address_line(dwelling: Any) -> str:
    """Give street, number and addition on one line."""
    return f"{dwelling.street} {dwelling.house_number}{dwelling.addition}"


def load_addressees(
    session: Session, tenancy_ids: Sequence[int], day: date, now: datetime, first: int | None = None
) -> dict[int, Addressees]:
    """Load for each tenancy who can be reached, as known at `now`, on a civil day; the tenant `first` before others."""
    parties = _parties(session, tenancy_ids, day, first)
    tenant_ids = {person_id for people in parties.values() for person_id in people}
    acting = _representatives(session, tenant_ids, day)
    person_ids = tenant_ids | set(acting.values())
    people = {row.id: row for row in session.scalars(PEOPLE, {"ids": list(person_ids)})}
    points = _points(session, person_ids, day)
    permissions = _permissions(session, person_ids, points, now)
    addresses = _addresses(session, tenancy_ids)
    found = {}
    for tenancy_id, tenants in parties.items():
        order = [acting.get(person_id, person_id) for person_id in tenants]
        found[tenancy_id] = _addressees(order, tenants, people, points, permissions, addresses[tenancy_id])
    return found


IDS: BindParameter[Any] = bindparam("ids", expanding=True)
POINT_IDS: BindParameter[Any] = bindparam("point_ids", expanding=True)
DAY: BindParameter[Any] = bindparam("day")
PEOPLE = select(PersonRow).where(PersonRow.id.in_(IDS))
PARTIES = select(TenancyPartyRow.tenancy_id, TenancyPartyRow.person_id, TenancyPartyRow.role).where(
    TenancyPartyRow.tenancy_id.in_(IDS),
    TenancyPartyRow.role.in_(list(ROLE_ORDER)),
    TenancyPartyRow.from_on <= DAY,
    or_(TenancyPartyRow.to_on.is_(None), TenancyPartyRow.to_on > DAY),
)
ACTING = (
    select(RepresentationRow.person_id, RepresentationRow.representative_id, RepresentationRow.kind)
    .where(
        RepresentationRow.person_id.in_(IDS),
        RepresentationRow.from_on <= DAY,
        or_(RepresentationRow.to_on.is_(None), RepresentationRow.to_on > DAY),
    )
    .order_by(RepresentationRow.id)
)
POINTS = (
    select(
        PersonContactPointRow.person_id,
        ContactPointRow.id,
        ContactPointRow.kind,
        ContactPointRow.value,
        ContactPointRow.state,
    )
    .join(ContactPointRow, ContactPointRow.id == PersonContactPointRow.contact_point_id)
    .where(
        PersonContactPointRow.person_id.in_(IDS),
        PersonContactPointRow.from_on <= DAY,
        or_(PersonContactPointRow.to_on.is_(None), PersonContactPointRow.to_on > DAY),
    )
    .order_by(PersonContactPointRow.rank, PersonContactPointRow.id)
)
PERMISSIONS = (
    select(
        PermissionRow.person_id,
        PermissionRow.contact_point_id,
        PermissionRow.channel,
        PermissionRow.purpose,
        PermissionRow.status,
    )
    .where(
        PermissionRow.subject == "contact",
        PermissionRow.known_at <= bindparam("now"),
        or_(PermissionRow.person_id.in_(IDS), PermissionRow.contact_point_id.in_(POINT_IDS)),
    )
    .order_by(PermissionRow.known_at, PermissionRow.id)
)
ADDRESSES = (
    select(
        TenancyRow.id,
        DwellingRow.street,
        DwellingRow.house_number,
        DwellingRow.addition,
        DwellingRow.postcode,
        DwellingRow.city,
    )
    .join(DwellingRow, DwellingRow.id == TenancyRow.dwelling_id)
    .where(TenancyRow.id.in_(IDS))
)
"""Statements are built once: building costs more than running them on a few cases."""


def _parties(session: Session, tenancy_ids: Sequence[int], day: date, first: int | None) -> dict[int, list[int]]:
    rows = session.execute(PARTIES, {"ids": tenancy_ids, "day": day}).all()
    parties: dict[int, list[int]] = defaultdict(list)
    for tenancy_id, person_id, _ in sorted(rows, key=lambda row: (row[1] != first, ROLE_ORDER[row[2]], row[1])):
        if person_id not in parties[tenancy_id]:
            parties[tenancy_id].append(person_id)
    return parties


def _representatives(session: Session, person_ids: Iterable[int], day: date) -> dict[int, int]:
    rows = session.execute(ACTING, {"ids": list(person_ids), "day": day})
    return {person_id: other for person_id, other, kind in rows if kind in ACTS_INSTEAD}


def _points(session: Session, person_ids: Iterable[int], day: date) -> dict[int, list[_Point]]:
    points: dict[int, list[_Point]] = defaultdict(list)
    for person_id, id_, kind, value, state in session.execute(POINTS, {"ids": list(person_ids), "day": day}):
        points[person_id].append(_Point(id=id_, kind=kind, value=value, state=state))
    return points


def _permissions(
    session: Session, person_ids: Iterable[int], points: Mapping[int, list[_Point]], now: datetime
) -> dict[str, dict[int, list[Any]]]:
    point_ids = [point.id for owned in points.values() for point in owned]
    rows = session.execute(PERMISSIONS, {"ids": list(person_ids), "point_ids": point_ids, "now": now})
    found: dict[str, dict[int, list[Any]]] = {"person": defaultdict(list), "point": defaultdict(list)}
    for row in rows:
        if row.contact_point_id is not None:
            found["point"][row.contact_point_id].append(row)
        else:
            found["person"][row.person_id].append(row)
    return found


def _addresses(session: Session, tenancy_ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(ADDRESSES, {"ids": tenancy_ids})
    return {row.id: f"{address_line(row)}, {row.postcode} {row.city}" for row in rows}


def _addressees(
    order: Sequence[int],
    tenants: Sequence[int],
    people: Mapping[int, PersonRow],
    points: Mapping[int, list[_Point]],
    permissions: Mapping[str, Mapping[int, list[Any]]],
    address: str,
) -> Addressees:
    targets: dict[str, Target] = {}
    blocked: dict[str, str] = {}
    for channel in (*KINDS, *POSTAL):
        if order[0] != tenants[0] and channel in NOT_INSTEAD:
            blocked[channel] = "represented"
            continue
        target, reason = _first_target(channel, order, points, permissions, address)
        if target is not None:
            targets[channel] = target
        else:
            blocked[channel] = reason
    primary = people[order[0]]
    return Addressees(
        primary=primary,
        tenant=people[tenants[0]],
        person_ids=tuple(tenants),
        represented=order[0] != tenants[0],
        targets=targets,
        blocked=blocked,
        language=primary.language,
        needs=frozenset(need for person_id in tenants for need in people[person_id].needs),
        address=address,
        people={person_id: people[person_id] for person_id in (*order, *tenants)},
    )


def _first_target(
    channel: str,
    order: Sequence[int],
    points: Mapping[int, list[_Point]],
    permissions: Mapping[str, Mapping[int, list[Any]]],
    address: str,
) -> tuple[Target | None, str]:
    reason = "no_contact_point"
    for person_id in order:
        own: Sequence[_Point | None] = [None] if channel in POSTAL else points.get(person_id, [])
        for point in own:
            if point is not None and point.kind not in KINDS[channel]:
                continue
            bar = _bar(channel, person_id, point, permissions)
            if bar is None:
                value = address if point is None else point.value
                return Target(person_id=person_id, contact_point_id=point.id if point else None, value=value), ""
            reason = bar
    return None, reason


def _bar(
    channel: str, person_id: int, point: _Point | None, permissions: Mapping[str, Mapping[int, list[Any]]]
) -> str | None:
    if point is not None and point.state != "valid":
        return "wrong_number"
    status = None
    rows = [*permissions["person"].get(person_id, []), *(permissions["point"].get(point.id, []) if point else [])]
    for row in rows:
        other_person = row.person_id is not None and row.person_id != person_id
        if not other_person and row.channel in (None, channel) and row.purpose in (None, "collection"):
            status = row.status
    if status in ("refused", "withdrawn"):
        return "opted_out"
    if channel in NEEDS_OPT_IN and status != "given":
        return "no_consent"
    return None
