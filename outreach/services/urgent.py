"""What cannot wait: a planned eviction, the people who live there, a child that is found (rules.md 18)."""

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow, HouseholdRow, PauseRow, TaskRow
from outreach.runtime import Runtime
from outreach.services.acting import Acting, Refused, acting_on, needs
from outreach.services.actor import Actor
from outreach.services.evidence import EvidenceBook
from outreach.services.parties import parties_of
from outreach.services.policy import Policy
from outreach.services.tasks import NewTask, add_tasks, close_tasks

EVICTION = "eviction"
DATES = ("summons", "judgment", EVICTION)
AHEAD = ("eviction_near", "household_check", "inform_partner")
"""The tasks before an eviction."""

CHILD_FOUND = "child_found"
CONDITION = "hulp is ingeschakeld en een medewerker heeft gekeken"
CHILDREN = {"yes": True, "no": False, "unknown": None}


def set_date(runtime: Runtime, actor: Actor, case_id: int, *, name: str, on: date, evidence: str) -> None:
    """Record the day of the summons, the judgment or the planned eviction, with the document that says so."""
    with acting_on(runtime, actor, case_id) as acting:
        if name not in DATES:
            raise Refused("Kies welke datum dit is.", "Choose which date this is.")
        if name != EVICTION and on > acting.today:
            raise Refused("Deze datum kan niet in de toekomst liggen.", "This date cannot be in the future.")
        if name == EVICTION and on < acting.today:
            raise Refused(
                "Een geplande ontruiming ligt niet in het verleden.", "A planned eviction is not in the past."
            )
        proof = needs(evidence, "Vul in waar dit uit blijkt.", "Fill in what shows this.")
        acting.case.dates = {**acting.case.dates, name: on.isoformat()}
        acting.note("date", name=name, on=on, document=proof)
        if name == EVICTION:
            close_tasks(acting.session, acting.now, "changed", *_ahead_of(acting.case))
            _alert(acting.session, acting.policy, acting.book, [acting.case], acting.today)


def clear_date(runtime: Runtime, actor: Actor, case_id: int, *, name: str, reason: str) -> None:
    """Take a date away that does not hold any more, as an eviction that is called off, with the reason."""
    with acting_on(runtime, actor, case_id) as acting:
        if name not in acting.case.dates:
            raise Refused("Deze datum staat niet in het dossier.", "This date is not in the case.")
        why = needs(reason, "Vul in waarom de datum vervalt.", "Fill in why the date is off.")
        dates = dict(acting.case.dates)
        was = dates.pop(name)
        acting.case.dates = dates
        acting.note("date_off", name=name, was=was, reason=why)
        if name == EVICTION:
            close_tasks(acting.session, acting.now, "called_off", *_ahead_of(acting.case))


def _ahead_of(case: CaseRow) -> tuple[object, ...]:
    return (TaskRow.case_id == case.id, TaskRow.kind.in_(AHEAD))


def record_household(runtime: Runtime, actor: Actor, case_id: int, *, children: str, source: str, on: date) -> None:
    """Record whether children live at the address, with the source and the day (rules.md 34)."""
    with acting_on(runtime, actor, case_id) as acting:
        if children not in CHILDREN:
            raise Refused("Kies of er kinderen wonen.", "Choose whether children live there.")
        if on > acting.today:
            raise Refused("Deze datum kan niet in de toekomst liggen.", "This date cannot be in the future.")
        known = needs(source, "Vul in waar u dit van weet.", "Fill in how you know this.")
        household = acting.session.get_one(HouseholdRow, acting.case.household_id)
        household.children, household.children_source, household.children_on = CHILDREN[children], known[:200], on
        kinds = TaskRow.kind == "household_check"
        close_tasks(acting.session, acting.now, "noted", TaskRow.case_id == case_id, kinds, user_id=actor.user_id)
        acting.note("household", children=children, source=known, on=on)


def report_child(runtime: Runtime, actor: Actor, case_id: int, *, note: str) -> None:
    """Report that a child was found, at any moment: collection stops, help is called, the owner is alerted."""
    with acting_on(runtime, actor, case_id) as acting:
        text = needs(note, "Schrijf op wat u zag of hoorde.", "Write down what you saw or heard.")
        hold_for_child(acting, text, f"child:{case_id}:{acting.now.isoformat()}")


def hold_for_child(acting: Acting, note: str, key: str, attempt_id: int | None = None) -> None:
    """Stop collection until a person resumes it, and ask the owner to call help now."""
    case = acting.case
    acting.session.add(
        PauseRow(
            landlord_id=case.landlord_id,
            case_id=case.id,
            reason=CHILD_FOUND,
            note=note,
            from_at=acting.now + timedelta(seconds=1) if attempt_id is not None else acting.now,
            condition=CONDITION,
            by_user_id=acting.actor.user_id,
        )
    )
    task = NewTask(
        kind="crisis",
        key=key,
        case=case,
        due_at=acting.now,
        detail={"text": note[:200], "intent": CHILD_FOUND},
        attempt_id=attempt_id,
    )
    add_tasks(acting.session, [task])
    acting.note("paused", reason=CHILD_FOUND)


def watch_evictions(session: Session, policy: Policy, book: EvidenceBook, today: date) -> Counter[str]:
    """Alert, once a day and as one set, for every eviction that comes near."""
    statement = select(CaseRow).where(
        CaseRow.landlord_id == policy.landlord_id,
        CaseRow.state == "open",
        cast(CaseRow.dates, String).like(f'%"{EVICTION}"%'),
    )
    cases = list(session.scalars(statement.order_by(CaseRow.id)))
    return Counter(evictions_near=_alert(session, policy, book, cases, today))


def _alert(session: Session, policy: Policy, book: EvidenceBook, cases: list[CaseRow], today: date) -> int:
    """Add the alert, the check of who lives there and the word to the partners, for evictions within the days set."""
    last = today + timedelta(days=policy.settings.eviction_alert_days)
    tasks: list[NewTask] = []
    for case in cases:
        on = date.fromisoformat(case.dates[EVICTION])
        if today <= on <= last:
            tasks += _tasks(session, book, case, on)
    return add_tasks(session, tasks)


def _tasks(session: Session, book: EvidenceBook, case: CaseRow, on: date) -> list[NewTask]:
    parties = [
        {"name": party.partner.name, "person": party.referral.owner_name, "phone": party.partner.phone}
        for party in parties_of(session, case)
    ]
    details: dict[str, dict[str, object]] = {
        "eviction_near": {"on": on.isoformat()},
        "household_check": {"on": on.isoformat()},
        "inform_partner": {"on": on.isoformat(), "parties": parties},
    }
    return [
        NewTask(kind=kind, key=f"{kind}:{case.id}:{on}", case=case, due_at=book.now, detail=details[kind])
        for kind in AHEAD
    ]
