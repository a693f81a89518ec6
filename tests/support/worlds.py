"""A complete small landlord on a clock: policy, partners, homes with arrears, deliveries, ticks, replies, payments.

Everything is made by rows and played by the real services; nothing is faked but the sandbox's provider.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from channels.contract import Event
from channels.sandbox import NO_FAULTS, Responder, SandboxFaults, silent
from outreach.config import Settings
from outreach.db.tables import (
    AreaRow,
    AttemptRow,
    CaseRow,
    ContactPointRow,
    DeliveryRow,
    DwellingRow,
    HouseholdRow,
    LandlordRow,
    LedgerEntryRow,
    LedgerItemRow,
    PartnerRow,
    PermissionRow,
    PersonContactPointRow,
    PersonRow,
    SandboxMessageRow,
    TaskRow,
    TeamRow,
    TenancyPartyRow,
    TenancyRow,
    UserRow,
)
from outreach.domain.landlord_settings import LandlordSettings
from outreach.runtime import Runtime, make_runtime
from outreach.sample.clock import SimulatedClock
from outreach.services.actor import Actor
from outreach.services.day import TickReport, finish_day, play_day, tick
from outreach.services.policy import Policy, install_shipped, load_policy, save_settings
from outreach.services.receiving import receive_events
from outreach.services.text_approval import approve_languages
from schedules.calendar import Calendar, load_law

CALENDAR = Calendar(load_law())
FIRST_DAY = date(2026, 10, 6)
"""Tuesday: five days after the rent of October was due, the day of the first reminder."""

FEW_TICKS = ((7, 30), (10, 0), (13, 30), (18, 0))

SETTINGS = LandlordSettings(
    sender_name="Wonen Voorbeeld",
    sender_phone="+31101234567",
    sender_email="post@voorbeeld.example",
    contact_name="Anna Visser",
    return_address="Wonen Voorbeeld, Postbus 1, 1234 AB Voorbeeldstad",
)


@dataclass(frozen=True, kw_only=True)
class Home:
    """One tenancy with its tenant."""

    tenancy_id: int
    household_id: int
    person_id: int
    phone: str
    email: str


@dataclass(kw_only=True)
class World:
    """A landlord with a clock; moments are local (Dutch) times of a civil day."""

    runtime: Runtime
    landlord_id: int
    clock: SimulatedClock
    actor: Actor
    area_id: int
    homes: list[Home] = field(default_factory=list)
    number: int = 0

    @property
    def policy(self) -> Policy:
        """Give what is in force now."""
        with self.runtime.db.read() as session:
            return load_policy(session, self.landlord_id)

    def add(self, *rows: Any) -> None:
        """Add rows in one transaction; they have their ids afterwards."""
        with self.runtime.db.write() as session:
            session.add_all(rows)

    def change_settings(self, **values: Any) -> None:
        """Put other settings in force."""
        with self.runtime.db.write() as session:
            save_settings(session, self.landlord_id, replace(self.policy_settings(session), **values), self.clock())

    def policy_settings(self, session: Any) -> LandlordSettings:
        """Give the settings in force, in the caller's session."""
        return load_policy(session, self.landlord_id).settings

    def home(
        self,
        *,
        rent_cents: int = 65000,
        area_id: int | None = None,
        household_of: Home | None = None,
        mobile: bool = True,
        email: bool = True,
        language: str = "nl",
        family_name: str = "",
    ) -> Home:
        """Add a dwelling with a tenancy and its tenant; `household_of` shares another home's household and tenant."""
        self.number += 1
        landlord_id, area = self.landlord_id, area_id or self.area_id
        with self.runtime.db.write() as session:
            dwelling = DwellingRow(
                landlord_id=landlord_id,
                area_id=area,
                street="Kastanjelaan",
                house_number=self.number,
                postcode="1234AB",
                city="Voorbeeldstad",
            )
            session.add(dwelling)
            session.flush()
            household_id = household_of.household_id if household_of else _new_household(session, dwelling)
            tenancy = TenancyRow(
                landlord_id=landlord_id,
                area_id=area,
                dwelling_id=dwelling.id,
                household_id=household_id,
                starts_on=date(2020, 1, 1),
                external_ref=f"H{self.number:04d}",
                rent_cents=rent_cents,
            )
            session.add(tenancy)
            session.flush()
            phone, mail = f"+3161200{self.number:04d}", f"huurder{self.number}@example.org"
            if household_of is None:
                person_id = self._person(
                    session,
                    language,
                    family_name or f"Bakker{self.number}",
                    phone if mobile else "",
                    mail if email else "",
                )
            else:
                person_id, phone, mail = household_of.person_id, household_of.phone, household_of.email
            session.add(_party(landlord_id, tenancy.id, person_id, self.clock()))
            made = Home(tenancy_id=tenancy.id, household_id=household_id, person_id=person_id, phone=phone, email=mail)
        self.homes.append(made)
        return made

    def _person(self, session: Any, language: str, family_name: str, phone: str, mail: str) -> int:
        person = PersonRow(
            landlord_id=self.landlord_id,
            title="mevrouw",
            initials="A.",
            family_name=family_name,
            language=language,
            needs=[],
        )
        session.add(person)
        session.flush()
        for kind, value in (("mobile", phone), ("email", mail)):
            if value:
                self.link_point(session, person.id, kind, value)
        person_id: int = person.id
        return person_id

    def link_point(self, session: Any, person_id: int, kind: str, value: str) -> int:
        """Give a person a contact point; a known value is shared."""
        point = session.scalar(select(ContactPointRow).where(ContactPointRow.value == value))
        if point is None:
            point = ContactPointRow(landlord_id=self.landlord_id, kind=kind, value=value, state_known_at=self.clock())
            session.add(point)
            session.flush()
        session.add(
            PersonContactPointRow(
                landlord_id=self.landlord_id,
                person_id=person_id,
                contact_point_id=point.id,
                from_on=date(2020, 1, 1),
                source="import",
                known_at=self.clock(),
            )
        )
        point_id: int = point.id
        return point_id

    def permit(self, home: Home, channel: str, status: str = "given", ground: str = "opt_in", **values: Any) -> None:
        """Record a permission of a tenant, for example the WhatsApp opt-in."""
        self.add(
            PermissionRow(
                landlord_id=self.landlord_id,
                person_id=home.person_id,
                channel=channel,
                status=status,
                ground=ground,
                occurred_on=FIRST_DAY,
                known_at=self.clock(),
                **values,
            )
        )

    def owe(self, home: Home, cents: int = 65000, due_on: date = date(2026, 10, 1)) -> int:
        """Charge an item that is open; returns its id."""
        with self.runtime.db.write() as session:
            ref = session.scalar(select(func.count()).select_from(LedgerItemRow)) or 0
            item = LedgerItemRow(
                landlord_id=self.landlord_id,
                tenancy_id=home.tenancy_id,
                external_ref=f"huur-{ref}",
                kind="rent",
                due_on=due_on,
                amount_cents=cents,
                description="Huur",
            )
            session.add(item)
            session.flush()
            session.add(self._entry(home, item.id, cents, "delivered"))
            return item.id

    def _entry(self, home: Home, item_id: int, cents: int, reason: str) -> LedgerEntryRow:
        return LedgerEntryRow(
            landlord_id=self.landlord_id,
            tenancy_id=home.tenancy_id,
            item_id=item_id,
            open_cents=cents,
            reason=reason,
            occurred_on=CALENDAR.day_of(self.clock()),
            known_at=self.clock(),
        )

    def pay(self, home: Home, left_cents: int = 0) -> None:
        """Let the books know that every item of a home is paid down to `left_cents`; the position follows."""
        from outreach.services.arrears import recompute_arrears

        with self.runtime.db.write() as session:
            items = select(LedgerItemRow.id).where(LedgerItemRow.tenancy_id == home.tenancy_id)
            for item_id in session.scalars(items):
                session.add(self._entry(home, item_id, left_cents, "payment"))
            session.flush()
            recompute_arrears(
                session, self.landlord_id, CALENDAR.day_of(self.clock()), self.clock(), tenancy_ids=[home.tenancy_id]
            )

    def deliver(self, day: date, at: datetime | None = None) -> None:
        """Record that the books of a day came in, at 06:30 unless said otherwise; what is open does not change."""
        at = at or CALENDAR.utc(day, time(6, 30))
        self.add(
            DeliveryRow(
                landlord_id=self.landlord_id,
                kind="arrears",
                filename=f"{day}.csv",
                content_hash=f"hash-{day}",
                as_of_on=day,
                complete=False,
                received_at=at,
                rows_total=1,
                rows_good=1,
                rows_bad=0,
                report={},
            )
        )

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Put the clock on a local time and give the moment."""
        return self.clock.set(CALENDAR.utc(day, time(hour, minute)))

    def tick(self, day: date, hour: int, minute: int = 0) -> TickReport:
        """Tick at a local time."""
        return tick(self.runtime, self.landlord_id, self.at(day, hour, minute))

    def play(
        self, day: date, before: Callable[[datetime], None] | None = None, *, delivered: bool = True
    ) -> TickReport:
        """Play all ticks of a day, with a delivery of the books on a working day."""
        if delivered and CALENDAR.is_working_day(day):
            self.deliver(day)
        return play_day(self.runtime, self.landlord_id, day, CALENDAR.utc(day, time(20)), self.clock.set, before)

    def live(self, first: date, last: date | None = None, *, delivered: bool = True) -> None:
        """Live through days with few ticks each, and the evidence anchored at 20:00."""
        for ahead in range(((last or first) - first).days + 1):
            day = first + timedelta(days=ahead)
            if delivered and CALENDAR.is_working_day(day):
                self.deliver(day)
            for hour, minute in FEW_TICKS:
                self.tick(day, hour, minute)
            finish_day(self.runtime, self.landlord_id, day, self.at(day, 20))

    def reply(self, sender: str, text: str, *, channel: str = "sms", event_id: str = "", **values: Any) -> None:
        """Let somebody write, right now."""
        self.number += 1
        event = Event(
            event_id=event_id or f"reply-{self.number}",
            provider="sandbox",
            channel=channel,
            kind="reply",
            at=self.clock(),
            text=text,
            sender=sender,
            recipient=SETTINGS.sender_phone,
            **values,
        )
        receive_events(self.runtime, [event], self.clock(), self.policy)

    def rows(self, table: Any, *conditions: Any) -> Sequence[Any]:
        """Read rows by id."""
        with self.runtime.db.read() as session:
            return session.scalars(select(table).where(*conditions).order_by(table.id)).all()

    def attempts(self, *conditions: Any) -> Sequence[AttemptRow]:
        """Read attempts by id."""
        return self.rows(AttemptRow, *conditions)

    def case(self, home: Home) -> CaseRow:
        """Give the newest case of a home."""
        return self.rows(CaseRow, CaseRow.tenancy_id == home.tenancy_id)[-1]  # type: ignore[no-any-return]

    def tasks(self, *conditions: Any) -> Sequence[TaskRow]:
        """Read open tasks, in the order in which staff see them."""
        with self.runtime.db.read() as session:
            statement = select(TaskRow).where(TaskRow.state == "open", *conditions)
            return session.scalars(statement.order_by(TaskRow.priority, TaskRow.due_at, TaskRow.id)).all()

    def provider_keys(self) -> list[str]:
        """Give the key of every message that the provider took."""
        return [row.key for row in self.rows(SandboxMessageRow)]

    def sent(self, home: Home | None = None) -> list[tuple[str, str]]:
        """Give (step, channel) of everything that went out or was done, oldest first."""
        conditions: list[Any] = [AttemptRow.sent_at.is_not(None)]
        if home is not None:
            conditions.append(AttemptRow.household_id == home.household_id)
        return [
            (row.step, row.channel) for row in sorted(self.attempts(*conditions), key=lambda row: (row.sent_at, row.id))
        ]

    def templates(self) -> list[str | None]:
        """Give the template of everything that went out, in the order of making."""
        return [row.template for row in self.attempts(AttemptRow.sent_at.is_not(None))]


def _new_household(session: Any, dwelling: DwellingRow) -> int:
    household = HouseholdRow(landlord_id=dwelling.landlord_id, dwelling_id=dwelling.id)
    session.add(household)
    session.flush()
    household_id: int = household.id
    return household_id


def _party(landlord_id: int, tenancy_id: int, person_id: int, now: datetime) -> TenancyPartyRow:
    return TenancyPartyRow(
        landlord_id=landlord_id,
        tenancy_id=tenancy_id,
        person_id=person_id,
        role="tenant",
        from_on=date(2020, 1, 1),
        source="import",
        known_at=now,
    )


def open_runtime(
    url: str,
    data_dir: Path,
    *,
    now: datetime | None = None,
    respond: Responder = silent,
    faults: SandboxFaults = NO_FAULTS,
) -> tuple[Runtime, SimulatedClock]:
    """Compose the sandbox runtime on a database, on a clock that stands on `now`."""
    clock = SimulatedClock(now or CALENDAR.utc(FIRST_DAY, time(7)))
    settings = Settings(data_dir=data_dir, database_url=url, secret_key="niet geheim")
    return make_runtime(settings, clock=clock, respond=respond, faults=faults), clock


Build = Callable[..., World]
"""Makes one more world on the test's database; all of them are closed at its end."""


@contextmanager
def building(url: str, data_dir: Path) -> Iterator[Build]:
    """Give a maker of worlds on one database, and close them afterwards."""
    made: list[World] = []

    def build(**values: Any) -> World:
        made.append(make_world(url, data_dir, **values))
        return made[-1]

    try:
        yield build
    finally:
        for world in made:
            world.runtime.db.dispose()


def make_world(
    url: str,
    data_dir: Path,
    *,
    settings: LandlordSettings = SETTINGS,
    respond: Responder = silent,
    faults: SandboxFaults = NO_FAULTS,
    slug: str = "voorbeeld",
) -> World:
    """Make a landlord that is ready for its first day: policy, an area with a team, a user, and every partner."""
    runtime, clock = open_runtime(url, data_dir, respond=respond, faults=faults)
    now = clock()
    with runtime.db.write() as session:
        landlord = LandlordRow(slug=slug, name="Wonen Voorbeeld", is_sample=False, created_at=now)
        session.add(landlord)
        session.flush()
        install_shipped(session, landlord.id, runtime.catalogue, now)
        approve_languages(session, landlord.id, runtime.catalogue, reason="sample", now=now)
        save_settings(session, landlord.id, settings, now)
        team = TeamRow(landlord_id=landlord.id, code="noord", name="Team Noord")
        session.add(team)
        session.flush()
        area = AreaRow(
            landlord_id=landlord.id, team_id=team.id, code="noord", name="Noord", municipality="Voorbeeldstad"
        )
        user = UserRow(
            landlord_id=landlord.id,
            username="anna",
            name="Anna Visser",
            role="worker",
            password_hash="-",
            created_at=now,
        )
        session.add_all([area, user, *_partners(landlord.id)])
        session.flush()
        actor = Actor(label="Anna Visser", user_id=user.id)
        made = (landlord.id, area.id)
    return World(runtime=runtime, landlord_id=made[0], clock=clock, actor=actor, area_id=made[1])


def _partners(landlord_id: int) -> list[PartnerRow]:
    return [
        PartnerRow(
            landlord_id=landlord_id,
            municipality="Voorbeeldstad",
            kind=kind,
            name=f"{kind} Voorbeeldstad",
            email=f"{kind}@example.org",
            agreement_from=date(2026, 1, 1) if kind == "municipality" else None,
            fields=[],
        )
        for kind in ("municipality", "social_team", "meldpunt", "debt_help", "bailiff")
    ]
