"""Tables of landlords, dwellings and people: who rents what, who acts for whom, how to reach them."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db.base import Base, Cents, Code, Id, Long, Name, link


class LandlordRow(Base):
    """A landlord: the organisation that uses the product."""

    __tablename__ = "landlord"
    id: Mapped[Id]
    slug: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class TeamRow(Base):
    """A team that works one or more areas; capacities are per working day."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("landlord_id", "code"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    code: Mapped[Code]
    name: Mapped[Name]
    calls_per_day: Mapped[int] = mapped_column(default=30)
    visits_per_day: Mapped[int] = mapped_column(default=10)


class AreaRow(Base):
    """A neighbourhood; the municipality decides the partners."""

    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("landlord_id", "code"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    team_id: Mapped[int | None] = link("team.id", nullable=True)
    code: Mapped[Code]
    name: Mapped[Name]
    municipality: Mapped[Name]


class DwellingRow(Base):
    """One dwelling with its address."""

    __tablename__ = "dwelling"
    __table_args__ = (UniqueConstraint("landlord_id", "postcode", "house_number", "addition", "street"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    area_id: Mapped[int] = link("area.id")
    street: Mapped[Name]
    house_number: Mapped[int]
    addition: Mapped[Code] = mapped_column(default="")
    postcode: Mapped[Code]
    city: Mapped[Name]


class HouseholdRow(Base):
    """The people at an address; `children` goes stale, so it carries a source and a date."""

    __tablename__ = "household"
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    dwelling_id: Mapped[int] = link("dwelling.id")
    children: Mapped[bool | None]
    children_source: Mapped[Name | None]
    children_on: Mapped[date | None]


class TenancyRow(Base):
    """One rental contract on one dwelling; `external_ref` is the landlord's own number."""

    __tablename__ = "tenancy"
    __table_args__ = (UniqueConstraint("landlord_id", "external_ref"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    area_id: Mapped[int] = link("area.id")
    dwelling_id: Mapped[int] = link("dwelling.id")
    household_id: Mapped[int] = link("household.id")
    external_ref: Mapped[Code]
    rent_cents: Mapped[Cents | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class PersonRow(Base):
    """A human being. `needs` holds codes such as low_literacy, no_smartphone, care."""

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_landlord_name", "landlord_id", "family_name"),
        Index("ix_person_landlord_ref", "landlord_id", "external_ref"),
    )
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    external_ref: Mapped[Code | None]
    title: Mapped[Code] = mapped_column(default="")
    initials: Mapped[Code] = mapped_column(default="")
    given_name: Mapped[Name] = mapped_column(default="")
    prefix: Mapped[Code] = mapped_column(default="")
    family_name: Mapped[Name]
    born_on: Mapped[date | None]
    language: Mapped[Code] = mapped_column(default="nl")
    needs: Mapped[list[str]] = mapped_column(default=list)


class TenancyPartyRow(Base):
    """A person's role in a tenancy, from and to (half-open): tenant, co_tenant, guarantor, ex_partner."""

    __tablename__ = "tenancy_party"
    __table_args__ = (UniqueConstraint("tenancy_id", "person_id", "role", "from_on"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    tenancy_id: Mapped[int] = link("tenancy.id")
    person_id: Mapped[int] = link("person.id")
    role: Mapped[Code]
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    source: Mapped[Name]
    known_at: Mapped[datetime]


class RepresentationRow(Base):
    """Who acts for a person: bewindvoerder, curator, mentor, guarantor, helper (with consent)."""

    __tablename__ = "representation"
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    person_id: Mapped[int] = link("person.id")
    representative_id: Mapped[int] = link("person.id")
    kind: Mapped[Code]
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    source: Mapped[Name]
    known_at: Mapped[datetime]


class HouseholdMemberRow(Base):
    """A person living at the address, dated and sourced; ends at once when he leaves."""

    __tablename__ = "household_member"
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    household_id: Mapped[int] = link("household.id")
    person_id: Mapped[int] = link("person.id")
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    source: Mapped[Name]
    known_at: Mapped[datetime]


class ContactPointRow(Base):
    """A phone number (E.164) or mail address; kind is mobile, landline, email; state valid, wrong, unreachable."""

    __tablename__ = "contact_point"
    __table_args__ = (UniqueConstraint("landlord_id", "value"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    kind: Mapped[Code]
    value: Mapped[Name]
    state: Mapped[Code] = mapped_column(default="valid")
    state_reason: Mapped[Name] = mapped_column(default="")
    state_known_at: Mapped[datetime]


class PersonContactPointRow(Base):
    """A contact point belongs to a person and may be shared; `rank` orders them, 1 first."""

    __tablename__ = "person_contact_point"
    __table_args__ = (UniqueConstraint("person_id", "contact_point_id", "from_on"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    person_id: Mapped[int] = link("person.id")
    contact_point_id: Mapped[int] = link("contact_point.id")
    rank: Mapped[int] = mapped_column(default=1)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    source: Mapped[Name]
    known_at: Mapped[datetime]


class PartnerRow(Base):
    """A partner per municipality: municipality, social_team, meldpunt, debt_help, bailiff.

    `fields` lists what is handed over, each with its reason. `email` is where referrals go.
    The agreement dates are half-open; without an active one the early signal is refused. With a `route`
    (a document of kind route) its fields and first feedback clock hold instead of `fields` and `feedback_days`.
    """

    __tablename__ = "partner"
    __table_args__ = (UniqueConstraint("landlord_id", "municipality", "kind"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    municipality: Mapped[Name]
    kind: Mapped[Code]
    name: Mapped[Name]
    contact_person: Mapped[Name] = mapped_column(default="")
    email: Mapped[Name] = mapped_column(default="")
    phone: Mapped[Name] = mapped_column(default="")
    agreement_from: Mapped[date | None]
    agreement_to: Mapped[date | None]
    agreement_ref: Mapped[Name] = mapped_column(default="")
    minimum_cents: Mapped[Cents] = mapped_column(BigInteger, default=0)
    feedback_days: Mapped[int] = mapped_column(default=28)
    route: Mapped[Code | None]
    fields: Mapped[list[str]] = mapped_column(default=list)
    active: Mapped[bool] = mapped_column(default=True)


class PermissionRow(Base):
    """May we: per person, contact point, channel and purpose or partner; the latest known one counts.

    status is given, refused or withdrawn; ground e.g. opt_in, stop_reply, door_consent, signal_refusal.
    A null contact point, channel or purpose means: all of them. `subject` is `contact` or `share`.
    """

    __tablename__ = "permission"
    __table_args__ = (Index("ix_permission_person", "landlord_id", "person_id", "known_at"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    person_id: Mapped[int | None] = link("person.id", nullable=True)
    contact_point_id: Mapped[int | None] = link("contact_point.id", nullable=True)
    subject: Mapped[Code] = mapped_column(default="contact")
    channel: Mapped[Code | None]
    purpose: Mapped[Code | None]
    partner_kind: Mapped[Code | None]
    status: Mapped[Code]
    ground: Mapped[Code]
    evidence: Mapped[Long] = mapped_column(default="")
    occurred_on: Mapped[date]
    known_at: Mapped[datetime]
