"""Load from the record what the engine may know: many cases at once, a dozen set-based queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from outreach.db.tables import (
    AreaRow,
    ArrearsRow,
    CaseRow,
    LadderMoveRow,
    PauseRow,
    PaymentPlanRow,
    PromiseRow,
    ReferralRow,
    StepMoveRow,
    TenancyRow,
)
from outreach.services.addressees import Addressees, load_addressees
from outreach.services.care_facts import CareFacts, help_facts, load_care, pause_facts
from outreach.services.fact_queries import (
    AGREEMENTS,
    AS_OF,
    BUSY,
    OF_CASES,
    OPEN_ATTEMPTS,
    PAST_ATTEMPTS,
    PLACES,
    POSITIONS,
    PRESENT,
    REFUSALS,
    REST,
    ROOMS,
    WITH_CASE,
    WRITERS,
)
from outreach.services.signal import DoneContact, signal_facts
from outreach.services.step_keys import UNCOUNTED, StepKeys, counted
from schedules.facts import AttemptFact, AttemptState, CaseFacts, PlanState, ReferralFact

LOOK_BACK = timedelta(days=30)
PLAN_STATES = {
    "requested": PlanState.REQUESTED,
    "proposed": PlanState.REQUESTED,
    "waiting": PlanState.REQUESTED,
    "active": PlanState.ACTIVE,
    "missed": PlanState.ACTIVE,
    "repair_offered": PlanState.ACTIVE,
    "broken": PlanState.BROKEN,
    "kept": PlanState.KEPT,
}


@dataclass(frozen=True, kw_only=True)
class LoadedCase:
    """A case with its facts, its attempts and who can be reached.

    Attempts that are planned or claimed are rows that may be changed; the others are read only, without
    their text.
    """

    case: CaseRow
    tenancy: TenancyRow
    area: AreaRow
    facts: CaseFacts
    attempts: tuple[Any, ...]
    addressees: Addressees
    arrears: ArrearsRow | None
    keys: StepKeys
    related: Mapping[Any, list[Any]]


def _related(session: Session, case_ids: Sequence[int]) -> dict[Any, dict[int, list[Any]]]:
    present = {number for number, _ in session.execute(PRESENT, {"case_ids": case_ids})}
    related: dict[Any, dict[int, list[Any]]] = {table: defaultdict(list) for table in WITH_CASE}
    for number in sorted(present):
        table = WITH_CASE[number]
        for row in session.scalars(OF_CASES[table], {"case_ids": case_ids}):
            related[table][row.case_id].append(row)
    return related


def _attempts(session: Session, case_ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    past = session.execute(PAST_ATTEMPTS, {"case_ids": case_ids}).all()
    for row in sorted((*past, *session.scalars(OPEN_ATTEMPTS, {"case_ids": case_ids})), key=lambda row: row.id):
        found[row.case_id].append(row)
    return found


def load_cases(session: Session, cases: Sequence[CaseRow], day: date, now: datetime) -> list[LoadedCase]:
    """Load facts as known at `now` for cases of one landlord, in the order given."""
    if not cases:
        return []
    session.flush()
    with session.no_autoflush:
        return _load(session, cases, day, now)


def _load(session: Session, cases: Sequence[CaseRow], day: date, now: datetime) -> list[LoadedCase]:
    landlord_id = cases[0].landlord_id
    case_ids = [case.id for case in cases]
    places = {row[0].id: row for row in session.execute(PLACES, {"ids": list({case.tenancy_id for case in cases})})}
    household_ids = list({case.household_id for case in cases})
    addressees = load_addressees(session, list(places), day, now)
    arrears = _arrears(session, list(places))
    contacts = _contacts(session, household_ids, now)
    household_rest = _household_rest(session, household_ids)
    people_ids = list({person for people in addressees.values() for person in people.person_ids})
    refusals = _share_refusals(session, landlord_id, people_ids, now)
    agreements = set(session.scalars(AGREEMENTS, {"landlord": landlord_id, "day": day}))
    as_of = session.scalar(AS_OF, {"landlord": landlord_id, "now": now})
    attempts = _attempts(session, case_ids)
    related = _related(session, case_ids)
    care = load_care(session, cases)
    busy = set(session.scalars(BUSY, {"ids": household_ids}))
    writers = set(session.scalars(WRITERS, {"ids": people_ids}))
    loaded = []
    for case in cases:
        tenancy, area, children = places[case.tenancy_id]
        people = addressees[case.tenancy_id]
        own = {table: found[case.id] for table, found in related.items()}
        keys = StepKeys(version_id=case.ladder_version_id, moves=own[LadderMoveRow])
        facts = _facts(
            case=case,
            position=arrears.get(tenancy.id),
            attempts=attempts[case.id],
            related=own,
            keys=keys,
            people=people,
            children=children,
            contacts=contacts[case.household_id],
            rest=household_rest[case.household_id],
            busy=case.household_id in busy or not writers.isdisjoint(people.person_ids),
            refused=any(person in refusals for person in people.person_ids),
            agreement=area.municipality in agreements,
            area=area.code,
            as_of=as_of,
            care=care,
            day=day,
        )
        loaded.append(
            LoadedCase(
                case=case,
                tenancy=tenancy,
                area=area,
                facts=facts,
                attempts=tuple(attempts[case.id]),
                addressees=people,
                arrears=arrears.get(tenancy.id),
                keys=keys,
                related=own,
            )
        )
    return loaded


def _arrears(session: Session, tenancy_ids: Sequence[int]) -> dict[int, ArrearsRow]:
    return {row.tenancy_id: row for row in session.scalars(POSITIONS, {"ids": tenancy_ids})}


def _contacts(session: Session, household_ids: Iterable[int], now: datetime) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = defaultdict(list)
    for household_id, at in session.execute(ROOMS, {"ids": list(household_ids), "since": now - LOOK_BACK}):
        found[household_id].append(at)
    return found


Rest = tuple[datetime | None, datetime | None, datetime | None]
"""The last talk, the last promise, and the last talk by voice with a person."""


def _household_rest(session: Session, household_ids: Sequence[int]) -> dict[int, Rest]:
    last: dict[tuple[int, str], datetime] = {}
    for household_id, what, at in session.execute(REST, {"ids": list(household_ids)}):
        last[(household_id, what)] = at
    kinds = ("talk", "promise", "spoken")
    found = {each: tuple(last.get((each, kind)) for kind in kinds) for each in household_ids}
    return {each: (talk, promise, spoken) for each, (talk, promise, spoken) in found.items()}


def _share_refusals(session: Session, landlord_id: int, person_ids: Sequence[int], now: datetime) -> set[int]:
    rows = session.execute(REFUSALS, {"landlord": landlord_id, "ids": person_ids, "now": now})
    latest: dict[int | None, str] = {}
    for person_id, status in rows:
        latest[person_id] = status
    return {each for each, status in latest.items() if each is not None and status in ("refused", "withdrawn")}


def _facts(
    *,
    case: CaseRow,
    position: ArrearsRow | None,
    attempts: Sequence[Any],
    related: Mapping[Any, list[Any]],
    keys: StepKeys,
    people: Addressees,
    children: bool | None,
    contacts: Sequence[datetime],
    rest: Rest,
    busy: bool,
    refused: bool,
    agreement: bool,
    area: str,
    as_of: date | None,
    care: CareFacts,
    day: date,
) -> CaseFacts:
    promise = next((row for row in reversed(related[PromiseRow]) if row.state == "open"), None)
    plan = related[PaymentPlanRow][-1] if related[PaymentPlanRow] else None
    flags = set(case.flags) | people.needs
    flags |= {"represented"} if people.represented else set()
    flags |= {"children"} if children else set()
    return CaseFacts(
        opened_on=case.opened_on,
        amount_cents=position.amount_cents if position else 0,
        oldest_due_on=position.oldest_due_on if position else None,
        months=position.months if position else 0,
        **_by_step(case, attempts, related, keys),
        channels=frozenset(people.targets),
        blocked_channels=people.blocked,
        household_contacts=tuple(contacts),
        reached_at=case.reached_at,
        talk_at=rest[0],
        spoken_at=rest[2],
        busy_talk=busy,
        promise_until=promise.promised_on if promise else None,
        promised_at=rest[1],
        plan=PLAN_STATES.get(plan.state, PlanState.NONE) if plan else PlanState.NONE,
        **pause_facts(related[PauseRow], case.id in care.resuming, day),
        **help_facts(related[ReferralRow], case.flags),
        flags=frozenset(flags),
        grounds=frozenset(case.grounds),
        language=people.language,
        area=area,
        cause=case.cause,
        dates={key: date.fromisoformat(value) for key, value in case.dates.items()},
        signal=signal_facts([done_contact(row) for row in attempts], refused, agreement),
        ledger_as_of=as_of,
        paid_in_part=case.id in care.paid_in_part,
        payday=case.payday,
    )


def _by_step(
    case: CaseRow, attempts: Sequence[Any], related: Mapping[Any, list[Any]], keys: StepKeys
) -> dict[str, Any]:
    """Give the facts that name steps, as `keys` counts them."""
    run = case.ladder_run
    moves = [(keys.at(row.step, row.known_at), row) for row in related[StepMoveRow] if row.ladder_run == run]
    return {
        "attempts": counted([row for row in attempts if row.ladder_run == run and _on_ladder(row)], keys, attempt_fact),
        "referrals": tuple(_referral_fact(row, keys) for row in related[ReferralRow] if row.ladder_run == run),
        "steps_skipped": frozenset(step for step, row in moves if step and row.skipped),
        "step_not_before": {step: row.not_before for step, row in moves if step and row.not_before and not row.skipped},
    }


def facts_under(loaded: LoadedCase, keys: StepKeys) -> CaseFacts:
    """Give the facts of a case as they would be if its earlier contacts counted by other keys."""
    return replace(loaded.facts, **_by_step(loaded.case, loaded.attempts, loaded.related, keys))


def _on_ladder(row: Any) -> bool:
    return ":" not in row.step


def attempt_fact(row: Any) -> AttemptFact:
    """Give an attempt row as the engine sees it; `at` is when it was made, or when it is due."""
    return AttemptFact(
        step=row.step,
        attempt=row.attempt,
        channel=row.channel,
        state=AttemptState(row.state),
        at=row.sent_at or row.due_at,
        outcome=row.outcome,
        reached=row.reached,
    )


def done_contact(row: Any) -> DoneContact:
    """Give an attempt row as the conditions of the early signal see it."""
    return DoneContact(
        attempt_id=row.id,
        channel=row.channel,
        template=row.template,
        state=row.state,
        at=row.sent_at or row.due_at,
        outcome=row.outcome,
    )


def _referral_fact(row: ReferralRow, keys: StepKeys) -> ReferralFact:
    made_at = row.queued_at or row.sent_at
    assert made_at is not None, "a referral stands in the queue or was sent"
    step = keys.at(row.step, made_at) or f"{UNCOUNTED}{row.step}"
    return ReferralFact(
        step=step,
        target=row.partner_kind,
        state=row.state,
        at=row.sent_at or made_at,
        answered_at=row.answered_at,
    )
