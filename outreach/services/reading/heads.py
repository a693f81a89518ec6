"""Who, how much, since when: the head of a case as every list shows it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import (
    AreaRow,
    ArrearsRow,
    CaseRow,
    ContactPointRow,
    DocumentRow,
    DwellingRow,
    LadderMoveRow,
    PersonContactPointRow,
    PersonRow,
    TenancyPartyRow,
    TenancyRow,
    UserRow,
)
from outreach.services.addressees import full_name
from schedules.loader import parse_ladder

TENANT_ROLES = ("tenant", "co_tenant")


@dataclass(frozen=True, kw_only=True)
class CaseHead:
    """One case in a list. Money in cents; `phone` is the first number that is not wrong; moments in UTC."""

    case_id: int
    number: str
    tenancy_ref: str
    names: tuple[str, ...]
    street: str
    postcode: str
    city: str
    area: str
    municipality: str
    amount_cents: int
    oldest_due_on: date | None
    months: int
    state: str
    stage: str
    stage_titles: Mapping[str, str]
    opened_on: date
    next_at: datetime | None
    reached_at: datetime | None
    owner: str | None
    phone: str | None

    @property
    def who(self) -> str:
        """Return the names of the tenants as one text."""
        return ", ".join(self.names)


def case_heads(session: Session, scope: Scope, case_ids: Iterable[int], day: date) -> dict[int, CaseHead]:
    """Return the heads of cases by id, as far as the scope reaches; a handful of queries for any number."""
    statement: Any = (
        select(CaseRow, TenancyRow, DwellingRow, AreaRow, ArrearsRow, UserRow.name)
        .join(TenancyRow, TenancyRow.id == CaseRow.tenancy_id)
        .join(DwellingRow, DwellingRow.id == TenancyRow.dwelling_id)
        .join(AreaRow, AreaRow.id == CaseRow.area_id)
        .outerjoin(ArrearsRow, ArrearsRow.tenancy_id == TenancyRow.id)
        .outerjoin(UserRow, UserRow.id == CaseRow.owner_id)
        .where(CaseRow.id.in_(set(case_ids)))
    )
    rows = session.execute(scope.narrow(statement, CaseRow)).all()
    tenancy_ids = [tenancy.id for _case, tenancy, *_rest in rows]
    people = tenants(session, tenancy_ids, day)
    phones = first_phones(session, [person.id for found in people.values() for person in found], day)
    stages = ladder_titles(session, {case.ladder_version_id for case, *_rest in rows})
    return {
        row[0].id: _head(row, people[row[1].id], phones, stages.get(row[0].ladder_version_id, LadderTitles()))
        for row in rows
    }


def _head(row: Any, people: Sequence[PersonRow], phones: Mapping[int, str], titles: "LadderTitles") -> CaseHead:
    case, tenancy, dwelling, area, arrears, owner = row
    return CaseHead(
        case_id=case.id,
        number=case.number,
        tenancy_ref=tenancy.external_ref,
        names=tuple(full_name(person) for person in people),
        street=street_line(dwelling),
        postcode=dwelling.postcode,
        city=dwelling.city,
        area=area.name,
        municipality=area.municipality,
        amount_cents=arrears.amount_cents if arrears else 0,
        oldest_due_on=arrears.oldest_due_on if arrears else None,
        months=arrears.months if arrears else 0,
        state=case.state,
        stage=case.stage,
        stage_titles=titles.stages.get(case.stage, {}),
        opened_on=case.opened_on,
        next_at=case.next_at,
        reached_at=case.reached_at,
        owner=owner,
        phone=next((phones[person.id] for person in people if person.id in phones), None),
    )


def street_line(dwelling: DwellingRow) -> str:
    """Write street, number and addition."""
    return f"{dwelling.street} {dwelling.house_number}{dwelling.addition}"


def tenants(session: Session, tenancy_ids: Sequence[int], day: date) -> dict[int, list[PersonRow]]:
    """Return who rents on a day, per tenancy, the tenant before joint tenants."""
    statement: Any = (
        select(TenancyPartyRow.tenancy_id, PersonRow)
        .join(PersonRow, PersonRow.id == TenancyPartyRow.person_id)
        .where(
            TenancyPartyRow.tenancy_id.in_(tenancy_ids),
            TenancyPartyRow.role.in_(TENANT_ROLES),
            TenancyPartyRow.from_on <= day,
            (TenancyPartyRow.to_on.is_(None)) | (TenancyPartyRow.to_on > day),
        )
        .order_by(TenancyPartyRow.role.desc(), PersonRow.id)
    )
    found: dict[int, list[PersonRow]] = defaultdict(list)
    for tenancy_id, person in session.execute(statement):
        found[tenancy_id].append(person)
    return found


def first_phones(session: Session, person_ids: Sequence[int], day: date) -> dict[int, str]:
    """Return the first phone number that is not known to be wrong, per person, mobile first."""
    statement: Any = (
        select(PersonContactPointRow.person_id, ContactPointRow.value)
        .join(ContactPointRow, ContactPointRow.id == PersonContactPointRow.contact_point_id)
        .where(
            PersonContactPointRow.person_id.in_(person_ids),
            ContactPointRow.kind.in_(("mobile", "landline")),
            ContactPointRow.state != "wrong",
            (PersonContactPointRow.to_on.is_(None)) | (PersonContactPointRow.to_on > day),
        )
        .order_by(ContactPointRow.kind.desc(), PersonContactPointRow.rank, PersonContactPointRow.id)
    )
    found: dict[int, str] = {}
    for person_id, value in session.execute(statement):
        found.setdefault(person_id, value)
    return found


@dataclass(frozen=True, kw_only=True)
class LadderTitles:
    """The titles of the stages and steps of a ladder version by key, each per language, in the ladder's order.

    `earlier` holds the steps of versions on which a case ran before it was moved.
    """

    stages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    steps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    earlier: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def knows(self, key: str) -> bool:
        """Tell whether a step is of this ladder, or of one on which the case ran before."""
        return key in self.steps or key in self.earlier

    def step(self, key: str, language: str) -> str:
        """Return the title of a step; an unknown step by its key."""
        found = self.steps.get(key) or self.earlier.get(key, {})
        return found.get(language) or key.replace("_", " ")

    def names(self, language: str) -> dict[str, str]:
        """Return the titles of all steps and of the options of decisions by key."""
        options = {key: title[language] for key, title in self.options.items()}
        return options | {key: self.step(key, language) for key in self.steps}


def ladder_titles(session: Session, version_ids: Iterable[int]) -> dict[int, LadderTitles]:
    """Return the titles of ladder versions by id."""
    statement: Any = select(DocumentRow.id, DocumentRow.body).where(DocumentRow.id.in_(set(version_ids)))
    return {version_id: _titles(body) for version_id, body in session.execute(statement)}


def case_titles(session: Session, case: CaseRow) -> LadderTitles:
    """Return the titles of a case's ladder, and of steps that only the versions know on which it ran before."""
    moves = select(LadderMoveRow.from_version_id).where(LadderMoveRow.case_id == case.id).order_by(LadderMoveRow.id)
    earlier = list(session.scalars(moves))
    found = ladder_titles(session, [case.ladder_version_id, *earlier])
    now = found[case.ladder_version_id]
    before = {key: title for each in earlier for key, title in found[each].steps.items()}
    return replace(now, earlier=before)


@lru_cache(maxsize=64)
def _titles(body: str) -> LadderTitles:
    ladder = parse_ladder(body)
    return LadderTitles(
        stages={stage.key: stage.title for stage in ladder.stages},
        steps={step.key: step.title for step in ladder.steps},
        options={option.key: option.title for step in ladder.steps for option in step.options},
    )
