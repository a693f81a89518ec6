"""Build a landlord with people and cases directly by rows; every argument is a keyword with a default."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from messages.catalogue import Catalogue
from messages.template import Template
from outreach.db.tables import (
    AreaRow,
    ArrearsRow,
    AttemptRow,
    CaseRow,
    ContactPointRow,
    DeliveryRow,
    DocumentRow,
    DwellingRow,
    HouseholdRow,
    LandlordRow,
    LedgerEntryRow,
    LedgerItemRow,
    PersonContactPointRow,
    PersonRow,
    TaskRow,
    TeamRow,
    TenancyPartyRow,
    TenancyRow,
    UserRow,
)
from outreach.services.users import hash_password
from schedules.loader import preset_text

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
"""Tuesday 24 November 2026, 10:30 in the Netherlands."""

PASSWORD = "een lang wachtwoord"


@cache
def hashed_password() -> str:
    """Return the hash of PASSWORD, made once per test process."""
    return hash_password(PASSWORD)


class Builder:
    """Adds rows to one landlord inside a session; what it returns has its id."""

    def __init__(self, session: Session, *, slug: str = "voorbeeld", now: datetime = NOW) -> None:
        self.session = session
        self.now = now
        self.count = 0
        self.landlord = self.add(LandlordRow(slug=slug, name="Wonen Voorbeeld", is_sample=True, created_at=now))
        self.team = self.add(TeamRow(landlord_id=self.landlord.id, code="noord", name="Team Noord"))
        self.area = self.make_area()
        self.document = self.make_document()

    def add(self, row: Any) -> Any:
        """Add a row and give it its id."""
        self.session.add(row)
        self.session.flush()
        return row

    def make_area(self, *, code: str = "noord", name: str = "Noord", team: TeamRow | None = None) -> AreaRow:
        """Add an area."""
        team_id = (team or self.team).id
        row = AreaRow(landlord_id=self.landlord.id, team_id=team_id, code=code, name=name, municipality="Voorbeeldstad")
        return self.add(row)  # type: ignore[no-any-return]

    def make_document(self, *, kind: str = "ladder", name: str = "standaard", body: str | None = None) -> DocumentRow:
        """Add a document version."""
        text = body or preset_text(name)
        values = {"kind": kind, "name": name, "content_hash": f"{kind}-{name}", "body": text, "created_at": self.now}
        return self.add(DocumentRow(landlord_id=self.landlord.id, **values))  # type: ignore[no-any-return]

    def make_user(self, *, username: str = "anna", role: str = "worker", **values: Any) -> UserRow:
        """Add a user with the password PASSWORD."""
        fields = {"name": "Anna Visser", "team_id": self.team.id, "password_hash": hashed_password(), **values}
        row = UserRow(landlord_id=self.landlord.id, username=username, role=role, created_at=self.now, **fields)
        return self.add(row)  # type: ignore[no-any-return]

    def make_person(self, **values: Any) -> PersonRow:
        """Add a person."""
        self.count += 1
        fields = {"title": "mevrouw", "initials": "A.", "family_name": f"Bakker{self.count}", **values}
        return self.add(PersonRow(landlord_id=self.landlord.id, **fields))  # type: ignore[no-any-return]

    def make_contact_point(self, person: PersonRow, *, kind: str = "mobile", value: str = "", **values: Any) -> Any:
        """Add a contact point of a person."""
        row = self.add(
            ContactPointRow(
                landlord_id=self.landlord.id,
                kind=kind,
                value=value or f"+316120000{person.id:02d}",
                state_known_at=self.now,
                **values,
            )
        )
        self.add(
            PersonContactPointRow(
                landlord_id=self.landlord.id,
                person_id=person.id,
                contact_point_id=row.id,
                from_on=date(2026, 1, 1),
                source="import",
                known_at=self.now,
            )
        )
        return row

    def make_tenancy(
        self, *, person: PersonRow | None = None, area: AreaRow | None = None, **values: Any
    ) -> TenancyRow:
        """Add a dwelling, a household and a tenancy with one tenant."""
        tenant = person or self.make_person()
        self.count += 1
        landlord_id, area_id = self.landlord.id, (area or self.area).id
        dwelling = self.add(
            DwellingRow(
                landlord_id=landlord_id,
                area_id=area_id,
                street="Kastanjelaan",
                house_number=self.count,
                postcode="1234AB",
                city="Voorbeeldstad",
            )
        )
        household = self.add(HouseholdRow(landlord_id=landlord_id, dwelling_id=dwelling.id))
        fields = {"external_ref": f"H{1000 + self.count}", "rent_cents": 65000, **values}
        tenancy = self.add(
            TenancyRow(
                landlord_id=landlord_id,
                area_id=area_id,
                dwelling_id=dwelling.id,
                household_id=household.id,
                starts_on=date(2020, 1, 1),
                **fields,
            )
        )
        self.add(
            TenancyPartyRow(
                landlord_id=landlord_id,
                tenancy_id=tenancy.id,
                person_id=tenant.id,
                role="tenant",
                from_on=date(2020, 1, 1),
                source="import",
                known_at=self.now,
            )
        )
        return tenancy  # type: ignore[no-any-return]

    def make_case(self, *, tenancy: TenancyRow | None = None, amount_cents: int = 130000, **values: Any) -> CaseRow:
        """Add a case with two open months of rent and its arrears position."""
        home = tenancy or self.make_tenancy()
        months = values.pop("months", (date(2026, 10, 1), date(2026, 11, 1)))
        self._owe(home, amount_cents, months)
        fields = {"number": f"2026-{home.id:04d}", "stage": "contact", **values}
        return self.add(  # type: ignore[no-any-return]
            CaseRow(
                landlord_id=self.landlord.id,
                area_id=home.area_id,
                tenancy_id=home.id,
                household_id=home.household_id,
                ladder_name="standaard",
                ladder_version_id=self.document.id,
                settings_version_id=self.document.id,
                opened_on=date(2026, 10, 6),
                opened_at=self.now - timedelta(days=49),
                **fields,
            )
        )

    def make_task(self, case: CaseRow, *, kind: str = "call", priority: int = 80, **values: Any) -> TaskRow:
        """Add a task of a case."""
        self.count += 1
        fields = {"due_at": self.now, "key": f"{kind}:{case.id}:{self.count}", "area_id": case.area_id, **values}
        row = TaskRow(landlord_id=self.landlord.id, case_id=case.id, kind=kind, priority=priority, **fields)
        return self.add(row)  # type: ignore[no-any-return]

    def make_attempt(self, case: CaseRow, person: PersonRow, *, channel: str = "sms", **values: Any) -> AttemptRow:
        """Add an attempt of a case, sent yesterday unless the values say otherwise."""
        self.count += 1
        sent_at = self.now - timedelta(days=1)
        fields = {
            "step": f"step{self.count}", "attempt": 1, "kind": "message", "purpose": "collection",
            "key": f"key{self.count}", "moment": f"moment{self.count}", "state": "sent", "due_at": sent_at,
            "sent_at": sent_at, "sent_to": "+31612000001", "text": "Beste mevrouw, wilt u mij bellen?", **values,
        }  # fmt: skip
        return self.add(  # type: ignore[no-any-return]
            AttemptRow(
                landlord_id=self.landlord.id,
                case_id=case.id,
                household_id=case.household_id,
                ladder_run=1,
                addressee_id=person.id,
                channel=channel,
                ladder_version_id=self.document.id,
                law_version_id=self.document.id,
                settings_version_id=self.document.id,
                **fields,
            )
        )

    def make_delivery(self, *, as_of_on: date = date(2026, 11, 24), **values: Any) -> DeliveryRow:
        """Add a delivery of the ledger."""
        fields = {"kind": "arrears", "filename": "openstaand.csv", "content_hash": f"hash-{as_of_on}", **values}
        row = DeliveryRow(
            landlord_id=self.landlord.id,
            as_of_on=as_of_on,
            complete=True,
            received_at=self.now,
            rows_total=2,
            rows_good=2,
            rows_bad=0,
            report={},
            **fields,
        )
        return self.add(row)  # type: ignore[no-any-return]

    def _owe(self, tenancy: TenancyRow, amount_cents: int, months: tuple[date, ...]) -> None:
        share = amount_cents // len(months)
        for place, due_on in enumerate(months):
            cents = amount_cents - share * (len(months) - 1) if place == 0 else share
            item = self.add(
                LedgerItemRow(
                    landlord_id=self.landlord.id,
                    tenancy_id=tenancy.id,
                    external_ref=f"huur-{due_on:%Y-%m}",
                    kind="rent",
                    due_on=due_on,
                    amount_cents=cents,
                    description=f"Huur {due_on:%m-%Y}",
                )
            )
            self.add(
                LedgerEntryRow(
                    landlord_id=self.landlord.id,
                    tenancy_id=tenancy.id,
                    item_id=item.id,
                    open_cents=cents,
                    reason="delivered",
                    occurred_on=due_on,
                    known_at=self.now - timedelta(days=10),
                )
            )
        self.add(
            ArrearsRow(
                landlord_id=self.landlord.id,
                tenancy_id=tenancy.id,
                amount_cents=amount_cents,
                oldest_due_on=min(months),
                months=len(months),
                on_day=self.now.date(),
                known_at=self.now,
            )
        )


def english(catalogue: Catalogue) -> list[Template]:
    """Return the English texts: the language beside Dutch that a landlord begins with."""
    return [each for each in catalogue if each.language == "en"]
