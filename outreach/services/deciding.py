"""Record the decisions of a ladder: by staff, a commission or a judge; nothing decides by itself (rules.md 9)."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from outreach.db.tables import AttemptRow, TaskRow
from outreach.runtime import Runtime
from outreach.services.acting import Acting, Refused, acting_on, needs
from outreach.services.actor import Actor
from outreach.services.decision_tasks import decision_key
from outreach.services.facts import load_cases
from outreach.services.policy import ladder_of
from outreach.services.tasks import close_tasks
from schedules.ladder import Option, Step, StepKind

OFFICE = "office"
DECIDED = Option(key="decided", title={"nl": "Besloten, zie de toelichting", "en": "Decided, see the explanation"})
"""What a decision without options of its own ends with."""

OUTSIDE = frozenset({"commission", "judge"})
"""Who decides outside the landlord: then a document and its date are the evidence."""


def options_of(step: Step) -> tuple[Option, ...]:
    """Give the ways in which a decision can end."""
    return step.options or (DECIDED,)


def record_decision(
    runtime: Runtime,
    actor: Actor,
    case_id: int,
    *,
    step: str,
    outcome: str,
    reason: str,
    reference: str = "",
    decided_on: date | None = None,
) -> None:
    """Record a decision that the ladder asks for now, with its reason and evidence; raises Refused.

    `outcome` is a key of the step's options; what follows in the ladder goes on from it. A commission's or judge's
    decision needs the reference and the date of a document.
    """
    with acting_on(runtime, actor, case_id) as acting:
        asked = _asked(acting, step)
        option = next((each for each in options_of(asked) if each.key == outcome), None)
        if option is None:
            raise Refused("Kies wat er is besloten.", "Choose what was decided.")
        why = needs(reason, "Schrijf op waarom dit is besloten.", "Write down why this was decided.")
        document = _document(acting, asked, reference, decided_on)
        row = _row(acting, asked, option)
        acting.session.add(row)
        acting.session.flush()
        acting.book.note(
            "decision",
            acting.actor,
            {
                "step": step,
                "title": asked.title["nl"],
                "decided_by": asked.decided_by,
                "outcome": outcome,
                "outcome_title": option.title["nl"],
                "reason": why,
                **document,
            },
            case_id=case_id,
            attempt_id=row.id,
        )
        mine = TaskRow.key == decision_key(acting.case, step)
        close_tasks(acting.session, acting.now, outcome, TaskRow.case_id == case_id, mine, user_id=actor.user_id)


def _asked(acting: Acting, key: str) -> Step:
    """Give the step when its decision is asked for now: the engine has it due, or its task is open."""
    case = acting.case
    step = ladder_of(acting.session, acting.policy, case.ladder_version_id).step(key)
    if step is None or step.kind is not StepKind.DECISION:
        raise Refused("Dit besluit staat niet in de contactladder.", "This decision is not in the contact ladder.")
    due = {each["step"] for each in case.decision.get("due", ()) if each["kind"] == StepKind.DECISION}
    task = select(TaskRow.id).where(
        TaskRow.landlord_id == case.landlord_id,
        TaskRow.key == decision_key(case, key),
        TaskRow.state == "open",
    )
    if key not in due and acting.session.scalar(task) is None:
        raise Refused("Dit besluit is nu niet aan de orde.", "This decision is not asked for now.")
    return step


def _document(acting: Acting, step: Step, reference: str, decided_on: date | None) -> Mapping[str, object]:
    """Give the document that proves a decision; who decides outside the landlord leaves one."""
    if step.decided_by in OUTSIDE:
        reference = needs(reference, "Vul het kenmerk van het stuk in.", "Fill in the reference of the document.")
        if decided_on is None:
            raise Refused("Vul de datum van het besluit in.", "Fill in the date of the decision.")
    if decided_on is not None and decided_on > acting.today:
        raise Refused("Het besluit kan niet in de toekomst liggen.", "The decision cannot be in the future.")
    return {"reference": reference, "decided_on": decided_on or acting.today}


def _row(acting: Acting, step: Step, option: Option) -> AttemptRow:
    """Make the attempt that says how the decision ended; nothing went to the tenant, so it was not sent."""
    case, policy = acting.case, acting.policy
    tenant_id = load_cases(acting.session, [case], acting.today, acting.now)[0].addressees.tenant.id
    number = _made(acting, step.key) + 1
    moment = f"{case.id}:{case.ladder_run}:{step.key}:{number}"
    return AttemptRow(
        landlord_id=case.landlord_id,
        case_id=case.id,
        household_id=case.household_id,
        ladder_run=case.ladder_run,
        step=step.key,
        attempt=number,
        addressee_id=tenant_id,
        channel=OFFICE,
        kind=str(StepKind.DECISION),
        purpose=str(step.purpose),
        key=f"{moment}:{tenant_id}",
        moment=moment,
        state="done",
        due_at=acting.now,
        provider="staff",
        outcome=option.key,
        outcome_at=acting.now,
        ladder_version_id=case.ladder_version_id,
        settings_version_id=policy.settings_version_id,
        law_version_id=policy.law_version_id,
    )


def _made(acting: Acting, step: str) -> int:
    """Count the attempts of a step of this run; their numbers are unique."""
    case = acting.case
    statement = select(func.max(AttemptRow.attempt)).where(
        AttemptRow.case_id == case.id, AttemptRow.ladder_run == case.ladder_run, AttemptRow.step == step
    )
    return acting.session.scalar(statement) or 0
