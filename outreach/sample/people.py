"""The dwellings, households, people and contact points of the sample, made in bulk."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from outreach.db.base import Base
from outreach.db.tables import (
    ContactPointRow,
    DwellingRow,
    HouseholdMemberRow,
    HouseholdRow,
    PermissionRow,
    PersonContactPointRow,
    PersonRow,
    RepresentationRow,
    SimulatedTenantRow,
    TenancyPartyRow,
    TenancyRow,
)
from outreach.sample.names import (
    AREAS,
    FAMILY_NAMES,
    GIVEN_NAMES,
    PREFIXES,
    REPRESENTATIVES,
    STREETS,
    SampleArea,
)
from outreach.sample.tenants import profile_code

SOURCE = "voorbeeld"
PARKING_EVERY = 40
"""Each so many tenancies there is a parking space beside a home: one household with two tenancies."""
MOST_PHONES = 10_000
"""06 0000 xxxx: the numbers that nobody has (channels.phone_numbers)."""


@dataclass(kw_only=True)
class Rows:
    """The rows of the sample before they have ids; people and places are named by their position."""

    dwellings: list[dict[str, Any]] = field(default_factory=list)
    households: list[dict[str, Any]] = field(default_factory=list)
    tenancies: list[dict[str, Any]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    parties: list[dict[str, Any]] = field(default_factory=list)
    acting: list[dict[str, Any]] = field(default_factory=list)
    points: dict[str, dict[str, Any]] = field(default_factory=dict)
    owners: list[tuple[int, str, int]] = field(default_factory=list)
    opted_in: list[int] = field(default_factory=list)


class People:
    """Draw the people of a sample from a seed, and put them in the database."""

    def __init__(self, *, seed: int, landlord_id: int, areas: Mapping[str, int], first_day: date) -> None:
        self._random = random.Random(f"people {seed}")
        self._seed, self._landlord_id, self._areas = seed, landlord_id, areas
        self._since = first_day - timedelta(days=30)
        self._known_at = datetime.combine(self._since, time(8), tzinfo=UTC)
        self._phones = 0
        self._numbers: dict[str, int] = {}
        self.rows = Rows()

    def draw(self, count: int) -> None:
        """Draw this many tenancies."""
        for name in REPRESENTATIVES:
            self._representative(name)
        for number in range(1, count + 1):
            if number % PARKING_EVERY == 0:
                self._parking(number)
            else:
                self._home(number)

    def _representative(self, name: str) -> None:
        place = self._person(family_name=name, title="", given_name="", prefix="", initials="")
        self._point(place, "landline", f"+31300000{200 + place:03d}", 1)
        self._point(place, "email", f"bewind{place}@example.org", 2)

    def _home(self, number: int) -> None:
        chance = self._random
        area = chance.choices(AREAS, weights=[each.share for each in AREAS])[0]
        dwelling = self._dwelling(area)
        household = self._household(dwelling)
        tenant = self._tenant(number)
        tenancy = self._tenancy(f"HV-{number:06d}", area, dwelling, household, chance.randrange(45_000, 90_001, 25))
        self._party(tenancy, tenant, "tenant")
        if chance.random() < 0.3:
            self._joint_tenant(number, tenancy, tenant)
        if chance.random() < 0.025:
            acting = chance.randrange(len(REPRESENTATIVES))
            kind = chance.choice(("bewindvoerder", "bewindvoerder", "curator", "mentor"))
            self.rows.acting.append({"person": tenant, "representative": acting, "kind": kind})

    def _parking(self, number: int) -> None:
        """Make a parking space of the household before it: a second tenancy of the same tenant."""
        before = self.rows.tenancies[-1]
        area = next(each for each in AREAS if self._areas[each.code] == before["area_id"])
        rent = self._random.randrange(4_500, 8_001, 50)
        tenancy = self._tenancy(f"HV-{number:06d}-P", area, before["dwelling"], before["household"], rent)
        main = next(party for party in reversed(self.rows.parties) if party["role"] == "tenant")
        self._party(tenancy, main["person"], "tenant")

    def _dwelling(self, area: SampleArea) -> int:
        street = self._random.choice(STREETS[area.code])
        self._numbers[street] = number = self._numbers.get(street, 0) + 1
        letters = chr(65 + number % 26) + chr(65 + STREETS[area.code].index(street))
        self.rows.dwellings.append(
            {
                "area_id": self._areas[area.code],
                "street": street,
                "house_number": number,
                "addition": "",
                "postcode": f"{area.postcode + number // 400 % 2} {letters}",
                "city": area.city,
            }
        )
        return len(self.rows.dwellings) - 1

    def _household(self, dwelling: int) -> int:
        known = self._random.random() < 0.35
        on = self._since - timedelta(days=self._random.randrange(30, 1500))
        self.rows.households.append(
            {
                "dwelling": dwelling,
                "children": self._random.random() < 0.5 if known else None,
                "children_source": "intake bij verhuur" if known else None,
                "children_on": on if known else None,
            }
        )
        return len(self.rows.households) - 1

    def _tenancy(self, ref: str, area: SampleArea, dwelling: int, household: int, rent: int) -> int:
        starts_on = self._since - timedelta(days=self._random.randrange(90, 9000))
        self.rows.tenancies.append(
            {
                "area_id": self._areas[area.code],
                "dwelling": dwelling,
                "household": household,
                "external_ref": ref,
                "rent_cents": rent,
                "starts_on": starts_on,
                "ends_on": None,
            }
        )
        return len(self.rows.tenancies) - 1

    def _party(self, tenancy: int, person: int, role: str) -> None:
        self.rows.parties.append({"tenancy": tenancy, "person": person, "role": role})

    def _tenant(self, number: int) -> int:
        place = self._person(external_ref=f"P{number:06d}", **self._name())
        self._contact(place, f"huurder{number}")
        return place

    def _joint_tenant(self, number: int, tenancy: int, tenant: int) -> None:
        """Add a joint tenant; one in five couples shares a phone number."""
        main = self.rows.people[tenant]
        place = self._person(external_ref=f"P{number:06d}B", **self._name(), language=main["language"])
        self._party(tenancy, place, "co_tenant")
        shared = next((value for owner, value, _ in self.rows.owners if owner == tenant), None)
        if shared and self._random.random() < 0.2:
            self.rows.owners.append((place, shared, 1))
        else:
            self._contact(place, f"medehuurder{number}")

    def _name(self) -> dict[str, str]:
        title = self._random.choices(("mevrouw", "heer", ""), weights=(49, 47, 4))[0]
        given = self._random.choice(GIVEN_NAMES[title])
        prefix, family = self._random.choice(PREFIXES), self._random.choice(FAMILY_NAMES)
        return {
            "title": title,
            "given_name": given,
            "initials": f"{given[0]}.",
            "prefix": prefix,
            "family_name": family,
        }

    def _person(self, **values: Any) -> int:
        born_on = date(1998, 1, 1) - timedelta(days=self._random.randrange(0, 18_000))
        chance = self._random.random
        needs = [code for code, share in (("low_literacy", 0.09), ("lvb", 0.03), ("care", 0.03)) if chance() < share]
        person = {
            "external_ref": None,
            "language": self._random.choices(("nl", "en", "ar"), weights=(88, 9, 3))[0],
            "born_on": born_on,
            "needs": needs,
        }
        self.rows.people.append(person | values)
        return len(self.rows.people) - 1

    def _contact(self, person: int, mailbox: str) -> None:
        """Give a person a mobile (86%), only a landline (5%) or no phone, mail (64%), and WhatsApp when he said yes."""
        chance = self._random.random()
        if chance < 0.86 and self._phones < MOST_PHONES:
            self._point(person, "mobile", f"+3160000{self._phones:04d}", 1)
            self._phones += 1
            if self._random.random() < 0.65:
                self.rows.opted_in.append(person)
        elif chance < 0.91:
            self._point(person, "landline", f"+3130001{person % 10_000:04d}", 1)
        if chance >= 0.86:
            self.rows.people[person]["needs"].append("no_smartphone")
        if self._random.random() < 0.64:
            self._point(person, "email", f"{mailbox}@example.org", 2)

    def _point(self, person: int, kind: str, value: str, rank: int) -> None:
        self.rows.points.setdefault(value, {"kind": kind, "value": value, "state_known_at": self._known_at})
        self.rows.owners.append((person, value, rank))

    def write(self, session: Session) -> None:
        """Put everything in the database, a few bulk inserts, in the caller's transaction."""
        rows, own = self.rows, {"landlord_id": self._landlord_id}
        dated = {**own, "from_on": self._since, "source": SOURCE, "known_at": self._known_at}
        dwellings = _insert(session, DwellingRow, [row | own for row in rows.dwellings])
        for row in (*rows.households, *rows.tenancies):
            row["dwelling_id"] = dwellings[row.pop("dwelling")]
        homes = {row["household"]: place for place, row in reversed(list(enumerate(rows.tenancies)))}
        households = _insert(session, HouseholdRow, [row | own for row in rows.households])
        for row in rows.tenancies:
            row["household_id"] = households[row.pop("household")]
        tenancies = _insert(session, TenancyRow, [row | own for row in rows.tenancies])
        people = _insert(session, PersonRow, [row | own for row in rows.people])
        parties: list[dict[str, Any]] = [
            {"tenancy_id": tenancies[row["tenancy"]], "person_id": people[row["person"]], "role": row["role"]}
            for row in rows.parties
        ]
        _add(session, TenancyPartyRow, [row | dated for row in parties])
        at_home = {place: household for household, place in homes.items()}
        members: list[dict[str, Any]] = [
            {"household_id": households[at_home[row["tenancy"]]], "person_id": people[row["person"]]}
            for row in rows.parties
            if row["tenancy"] in at_home
        ]
        _add(session, HouseholdMemberRow, [row | dated for row in members])
        acting: list[dict[str, Any]] = [
            {
                "person_id": people[row["person"]],
                "representative_id": people[row["representative"]],
                "kind": row["kind"],
            }
            for row in rows.acting
        ]
        _add(session, RepresentationRow, [row | dated for row in acting])
        self._write_points(session, people, dated)
        self._write_simulated(session, tenancies)

    def _write_points(self, session: Session, people: Sequence[int], dated: dict[str, Any]) -> None:
        own = {"landlord_id": self._landlord_id}
        values = list(self.rows.points)
        ids = dict(
            zip(values, _insert(session, ContactPointRow, [self.rows.points[v] | own for v in values]), strict=True)
        )
        owners: list[dict[str, Any]] = [
            {"person_id": people[person], "contact_point_id": ids[value], "rank": rank}
            for person, value, rank in self.rows.owners
        ]
        _add(session, PersonContactPointRow, [row | dated for row in owners])
        opt_in = {
            "channel": "whatsapp",
            "status": "given",
            "ground": "opt_in",
            "evidence": "aangevinkt in het huurdersportaal",
        }
        permissions = [
            {**own, **opt_in, "person_id": people[person], "occurred_on": self._since, "known_at": self._known_at}
            for person in self.rows.opted_in
        ]
        _add(session, PermissionRow, permissions)

    def _write_simulated(self, session: Session, tenancies: Sequence[int]) -> None:
        refs = [row["external_ref"] for row in self.rows.tenancies]
        simulated = [
            {"landlord_id": self._landlord_id, "tenancy_id": tenancy_id, "profile": profile_code(ref, self._seed)}
            for tenancy_id, ref in zip(tenancies, refs, strict=True)
        ]
        _add(session, SimulatedTenantRow, simulated)


def _insert(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> list[int]:
    """Insert rows and give their ids, in order."""
    core = cast("Table", table.__table__)
    statement = insert(core).returning(core.c.id, sort_by_parameter_order=True)
    return list(session.connection().execute(statement, rows).scalars()) if rows else []


def _add(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert rows whose ids nobody needs."""
    if rows:
        session.connection().execute(insert(cast("Table", table.__table__)), rows)
