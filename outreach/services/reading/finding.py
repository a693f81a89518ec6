"""Find cases and tenancies by what people say: a name, an address, a postcode and number, a phone, a number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import (
    AreaRow,
    CaseRow,
    ContactPointRow,
    DwellingRow,
    PersonContactPointRow,
    PersonRow,
    TenancyPartyRow,
    TenancyRow,
)
from outreach.services.addressees import full_name
from outreach.services.reading.heads import street_line, tenants

MOST = 50
MOST_WORDS = 6
_CASE = re.compile(r"^(?:dossier|zaak|case)\s*(?:nr\.?|nummer)?\s*([a-z]?[0-9-]{1,12})$")
_POSTCODE = re.compile(r"^(\d{4})\s*([a-zA-Z]{2})(?:[\s,]+(?:nr\.?\s*)?(\d+)\s*(\w*))?$")
_STREET = re.compile(r"^(.*?[^\d\s].*?)[\s,]+(\d+)\s*(\w{0,4})$")
_PHONE = re.compile(r"^[+\d][\d\s().-]{5,}$")


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A tenancy that was found; `case_id` is its open case, else its last one, else None."""

    tenancy_id: int
    tenancy_ref: str
    names: tuple[str, ...]
    address: str
    area: str
    case_id: int | None
    case_number: str | None
    case_state: str | None


def find(session: Session, scope: Scope, query: str, day: date) -> tuple[Hit, ...]:
    """Return at most 50 hits for a text, forgiving about case, spaces and ways to write a phone number."""
    wanted = " ".join(query.split())
    if not wanted:
        return ()
    ids = _tenancy_ids(session, scope, wanted)
    return _hits(session, scope, ids[:MOST], day)


def digits_of_phone(text: str) -> str | None:
    """Return the part of a Dutch phone number behind the country code or the 0, None for other texts."""
    if not _PHONE.match(text):
        return None
    digits = re.sub(r"\D", "", text)
    for start in ("0031", "31", "0"):
        if digits.startswith(start):
            rest = digits.removeprefix(start).removeprefix("0")
            return rest if len(rest) >= 6 else None
    return digits if len(digits) >= 8 else None


def _tenancy_ids(session: Session, scope: Scope, wanted: str) -> list[int]:
    """Return tenancies in order: exact numbers, phone or mail, postcode, address, names, a name with a street."""
    finders = (_by_number, _by_contact_point, _by_postcode, _by_street, _by_name, _by_name_and_street)
    found: list[int] = []
    for finder in finders:
        condition = finder(wanted)
        if condition is None:
            continue
        statement = scope.narrow(select(TenancyRow.id), TenancyRow).where(condition).order_by(TenancyRow.id)
        found += [each for each in session.scalars(statement.limit(MOST)) if each not in found]
    return found


def _by_number(wanted: str) -> Any:
    exact = wanted.lower()
    cases = select(CaseRow.tenancy_id).where(or_(func.lower(CaseRow.number) == exact, *_called(exact)))
    return or_(func.lower(TenancyRow.external_ref) == exact, TenancyRow.id.in_(cases))


def _called(wanted: str) -> list[Any]:
    """Find the case of `dossier 33`: by its number, also without the letter and the zeros, or by its address."""
    found = _CASE.match(wanted)
    if not found:
        return []
    said = found.group(1)
    if not said.isdecimal():
        return [func.lower(CaseRow.number) == said]
    return [CaseRow.number.in_((said, f"D{int(said):06d}")), CaseRow.id == int(said)]


def _by_contact_point(wanted: str) -> Any:
    digits = digits_of_phone(wanted)
    if digits:
        matches: Any = ContactPointRow.value.like(f"%{digits}%")
    elif "@" in wanted:
        matches = func.lower(ContactPointRow.value).like(_like(wanted), escape="\\")
    else:
        return None
    return TenancyRow.id.in_(
        select(TenancyPartyRow.tenancy_id)
        .join(PersonContactPointRow, PersonContactPointRow.person_id == TenancyPartyRow.person_id)
        .join(ContactPointRow, ContactPointRow.id == PersonContactPointRow.contact_point_id)
        .where(matches)
    )


def _by_postcode(wanted: str) -> Any:
    found = _POSTCODE.match(wanted)
    if not found:
        return None
    digits, letters, number, addition = found.groups()
    condition = func.upper(func.replace(DwellingRow.postcode, " ", "")) == f"{digits}{letters.upper()}"
    return _dwellings(condition, number, addition)


def _by_street(wanted: str) -> Any:
    found = _STREET.match(wanted)
    street, number, addition = found.groups() if found else (wanted, None, None)
    if len(street) < 3:
        return None
    return _dwellings(func.lower(DwellingRow.street).like(_like(street), escape="\\"), number, addition)


def _dwellings(condition: Any, number: str | None, addition: str | None) -> Any:
    statement: Any = select(DwellingRow.id).where(condition)
    if number:
        statement = statement.where(DwellingRow.house_number == int(number[:9]))
    if addition:
        statement = statement.where(func.lower(DwellingRow.addition) == addition.lower())
    return TenancyRow.dwelling_id.in_(statement)


def _by_name(wanted: str) -> Any:
    words = [word for word in re.split(r"[\s,]+", wanted) if len(word) > 1 and not word.isdigit()]
    if not words:
        return None
    statement: Any = select(TenancyPartyRow.tenancy_id).join(PersonRow, PersonRow.id == TenancyPartyRow.person_id)
    return TenancyRow.id.in_(statement.where(*(_named(word) for word in words)))


def _named(word: str) -> Any:
    whole = func.lower(
        PersonRow.given_name + " " + PersonRow.initials + " " + PersonRow.prefix + " " + PersonRow.family_name
    )
    return whole.like(_like(word), escape="\\")


def _by_name_and_street(wanted: str) -> Any:
    """Find who is named with a part of the street, with or without the house number: every word fits one of them."""
    words = [word for word in re.split(r"[\s,]+", wanted) if word][:MOST_WORDS]
    if len(words) < 2 or all(not word.isalpha() for word in words):
        return None
    named: Any = select(TenancyPartyRow.tenancy_id).join(PersonRow, PersonRow.id == TenancyPartyRow.person_id)
    at: Any = select(DwellingRow.id)
    return and_(
        *(
            TenancyRow.dwelling_id.in_(at.where(DwellingRow.house_number == int(word)))
            if word.isdecimal() and len(word) < 9
            else or_(
                TenancyRow.id.in_(named.where(_named(word))),
                TenancyRow.dwelling_id.in_(at.where(func.lower(DwellingRow.street).like(_like(word), escape="\\"))),
            )
            for word in words
        )
    )


def _like(text: str) -> str:
    escaped = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _hits(session: Session, scope: Scope, ids: Sequence[int], day: date) -> tuple[Hit, ...]:
    statement: Any = (
        select(TenancyRow, DwellingRow, AreaRow.name)
        .join(DwellingRow, DwellingRow.id == TenancyRow.dwelling_id)
        .join(AreaRow, AreaRow.id == TenancyRow.area_id)
        .where(TenancyRow.id.in_(ids))
    )
    rows = {tenancy.id: (tenancy, dwelling, area) for tenancy, dwelling, area in session.execute(statement)}
    people = tenants(session, list(ids), day)
    cases = _last_cases(session, scope, ids)
    return tuple(_hit(*rows[each], people[each], cases.get(each)) for each in ids if each in rows)


def _hit(tenancy: TenancyRow, dwelling: DwellingRow, area: str, people: Any, case: CaseRow | None) -> Hit:
    return Hit(
        tenancy_id=tenancy.id,
        tenancy_ref=tenancy.external_ref,
        names=tuple(full_name(person) for person in people),
        address=f"{street_line(dwelling)}, {dwelling.postcode} {dwelling.city}",
        area=area,
        case_id=case.id if case else None,
        case_number=case.number if case else None,
        case_state=case.state if case else None,
    )


def _last_cases(session: Session, scope: Scope, ids: Sequence[int]) -> dict[int, CaseRow]:
    statement: Any = scope.select(CaseRow).where(CaseRow.tenancy_id.in_(ids))
    rows = session.scalars(statement.order_by(CaseRow.state == "open", CaseRow.id))
    return {row.tenancy_id: row for row in rows}
