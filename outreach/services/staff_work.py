"""Calls and visits by people: the same contract as any channel: outcome, evidence, time."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import AttemptRow, CaseRow, InboundRow, PermissionRow, StepMoveRow, TaskRow
from outreach.domain.outcomes import OUTCOMES
from outreach.runtime import Runtime
from outreach.services import pressure
from outreach.services.acting import Acting, Refused, acting_on
from outreach.services.actor import Actor
from outreach.services.conversation_steps import CANNOT_WAIT
from outreach.services.dropping import STAFF_KINDS, drop
from outreach.services.evidence import EvidenceBook
from outreach.services.facts import LoadedCase, load_cases
from outreach.services.locking import lock_cases
from outreach.services.policy import Policy, ladder_of
from outreach.services.receipts import apply_outcome
from outreach.services.rechecking import recheck_row
from outreach.services.recording import evidence_of
from outreach.services.talks import add_talk
from outreach.services.tasks import close_tasks
from outreach.services.texts import fill
from outreach.services.urgent import hold_for_child
from schedules.decisions import Verdict
from schedules.ladder import AfterOutcome, Ladder, Step, StepKind

NOBODY_OPENED = frozenset({"not_home", "not_opened"})
OPEN_TO_STAFF = frozenset({"claimed", "planned"})
"""A task of yesterday is planned again in the morning; what was done, and told late, still counts."""


def record_call(runtime: Runtime, actor: Actor, attempt_id: int, outcome: str, note: str = "") -> None:
    """Record how a call by a person ended; `talked` is reached and begins the rest."""
    with acting_on(runtime, actor, _case_of(runtime, attempt_id, "call"), open_only=False) as acting:
        _record(acting, attempt_id, outcome, note, {})


def record_visit(
    runtime: Runtime,
    actor: Actor,
    attempt_id: int,
    outcome: str,
    card_left: bool = False,
    note: str = "",
    signals: Sequence[str] = (),
    consent_to_share: bool = False,
    client_id: str | None = None,
) -> None:
    """Record how a visit ended, the card that was left, signals seen and consent given at the door.

    `client_id` comes from the phone: the same visit sent twice is recorded once.
    """
    with acting_on(runtime, actor, _case_of(runtime, attempt_id, "visit"), open_only=False) as acting:
        detail = {"card_left": card_left, "signals": list(signals), "client_id": client_id}
        row = _record(acting, attempt_id, outcome, note, detail)
        if row is None:
            return
        if outcome in NOBODY_OPENED:
            _card(acting, row, card_left)
        if consent_to_share:
            _consent(acting, row)
        if signals:
            _signals(acting, row, signals, note)


def _signals(acting: Acting, row: AttemptRow, signals: Sequence[str], note: str) -> None:
    """Note what was seen; a child stops collection and alerts a person, aggression makes the next visit one by two."""
    acting.note("signals", signals=list(signals), note=note)
    case = acting.case
    if "aggression" in signals and "aggression" not in case.flags:
        case.flags = [*case.flags, "aggression"]
    if "child" in signals and case.state == "open":
        hold_for_child(acting, note, f"child:{row.key}", row.id)


def _case_of(runtime: Runtime, attempt_id: int, kind: str) -> int:
    with runtime.db.read() as session:
        row = session.get(AttemptRow, attempt_id)
        if row is None or row.kind != kind:
            raise Refused("Deze taak bestaat niet.", "This task does not exist.")
        return row.case_id


def _record(acting: Acting, attempt_id: int, outcome: str, note: str, detail: dict[str, object]) -> AttemptRow | None:
    row = acting.session.scalars(select(AttemptRow).where(AttemptRow.id == attempt_id).with_for_update()).one()
    if (row.channel, outcome) not in OUTCOMES:
        raise Refused("Kies wat de uitkomst was.", "Choose what the outcome was.")
    if row.state in ("done", "failed") and row.outcome == outcome:
        return None
    if row.state not in OPEN_TO_STAFF:
        raise Refused(
            "Deze taak is al afgehandeld of vervallen. Leg een gesprek vast in het dossier.",
            "This task was done or dropped. Log a talk in the case.",
        )
    row.sent_at, row.provider, row.provider_ref = acting.now, "staff", f"staff:{row.key}"
    pressure.move(acting.session, row, acting.today, acting.now)
    row.state, row.claimed_at = "claimed", acting.now
    made = evidence_of(row)
    acting.book.note("made", acting.actor, made, case_id=row.case_id, attempt_id=row.id, occurred_at=acting.now)
    apply_outcome(
        acting.session, acting.book, row, outcome, acting.now, acting.now, acting.actor, {"note": note, **detail}
    )
    if row.reached:
        add_talk(acting, acting.now, row.channel, note, row.addressee_id)
    close_tasks(acting.session, acting.now, outcome, TaskRow.attempt_id == row.id, user_id=acting.actor.user_id)
    acting.session.flush()
    return row


def _card(acting: Acting, visit: AttemptRow, left: bool) -> None:
    """Record the card left at this visit as its own attempt in the same moment, or that none was left."""
    ladder = ladder_of(acting.session, acting.policy, visit.ladder_version_id)
    step = next((step for step in ladder.steps if _follows(step, visit.step)), None)
    if step is None:
        return
    if not left:
        acting.session.add(
            StepMoveRow(
                landlord_id=visit.landlord_id,
                case_id=visit.case_id,
                ladder_run=visit.ladder_run,
                step=step.key,
                skipped=True,
                reason="no card left at the visit",
                by_user_id=acting.actor.user_id,
                known_at=acting.now,
            )
        )
        return
    row = _card_row(acting, visit, step, ladder)
    acting.session.add(row)
    acting.session.flush()
    payload = evidence_of(row)
    acting.book.note("made", acting.actor, payload, case_id=row.case_id, attempt_id=row.id, occurred_at=acting.now)


def _follows(step: Step, visit_step: str) -> bool:
    return step.kind is StepKind.CARD and any(
        isinstance(clock, AfterOutcome) and clock.step == visit_step for clock in step.clocks
    )


def _card_row(acting: Acting, visit: AttemptRow, step: Step, ladder: Ladder) -> AttemptRow:
    """Make the attempt of a card that was left, with its text and what the checks say of that text."""
    template = step.template or "doorstep_card"
    loaded = load_cases(acting.session, [acting.case], acting.today, acting.now)[0]
    row = AttemptRow(
        landlord_id=visit.landlord_id,
        case_id=visit.case_id,
        household_id=visit.household_id,
        ladder_run=visit.ladder_run,
        step=step.key,
        attempt=visit.attempt,
        addressee_id=visit.addressee_id,
        channel="card",
        kind="card",
        purpose=str(step.purpose),
        template=template,
        language=visit.language,
        key=f"{visit.case_id}:{visit.ladder_run}:{step.key}:{visit.attempt}:{visit.addressee_id}",
        moment=visit.moment,
        state="done",
        due_at=acting.now,
        claimed_at=acting.now,
        sent_at=acting.now,
        sent_to=visit.sent_to,
        provider="staff",
        provider_ref=f"staff:card:{visit.key}",
        outcome="left",
        outcome_at=acting.now,
        ladder_version_id=visit.ladder_version_id,
        template_version_id=acting.policy.template_version_ids.get(template),
        law_version_id=visit.law_version_id,
        settings_version_id=visit.settings_version_id,
    )
    filled = fill(acting.policy, loaded, row, ladder, {}, acting.today)
    row.text, row.b1_level, row.b1_passed = filled.rendered.text, filled.verdict.level, filled.verdict.passed
    return row


def _consent(acting: Acting, row: AttemptRow) -> None:
    acting.session.add(
        PermissionRow(
            landlord_id=row.landlord_id,
            person_id=row.addressee_id,
            subject="share",
            status="given",
            ground="door_consent",
            evidence=f"visit {row.key}",
            occurred_on=acting.today,
            known_at=acting.now,
        )
    )
    acting.note("permission", subject="share", status="given", ground="door_consent")


def complete_task(runtime: Runtime, actor: Actor, task_id: int, outcome: str, note: str = "") -> None:
    """Complete a task that is no call or visit of the ladder.

    Raises Refused for a crisis or threat without a note: a person writes down what he did.
    """
    with runtime.db.read() as session:
        task = session.get(TaskRow, task_id)
    if task is None or task.state != "open":
        raise Refused("Deze taak is al gedaan.", "This task has been done.")
    if task.kind == "decision":
        raise Refused("Leg het besluit vast in het dossier.", "Record the decision in the case.")
    if task.kind == "crisis" and not note.strip():
        raise Refused(*CANNOT_WAIT)
    if task.case_id is None:
        with runtime.db.write() as session:
            book = EvidenceBook(session, task.landlord_id, runtime.clock())
            _keep_note(session, task_id, note)
            close_tasks(session, book.now, outcome, TaskRow.id == task_id, user_id=actor.user_id)
            _reply_handled(session, task, book.now)
            book.note("task_done", actor, {"task": task.kind, "outcome": outcome, "note": note})
            book.write()
        return
    with acting_on(runtime, actor, task.case_id, open_only=False) as acting:
        _keep_note(acting.session, task_id, note)
        close_tasks(acting.session, acting.now, outcome, TaskRow.id == task_id, user_id=actor.user_id)
        _reply_handled(acting.session, task, acting.now)
        acting.note("task_done", task=task.kind, outcome=outcome, note=note)


def _keep_note(session: Session, task_id: int, note: str) -> None:
    if note:
        row = session.get_one(TaskRow, task_id)
        row.detail = {**row.detail, "note": "\n".join(filter(None, (row.detail.get("note"), note)))}
        session.flush()


def _reply_handled(session: Session, task: TaskRow, now: datetime) -> None:
    if task.inbound_id is not None:
        reply = session.get_one(InboundRow, task.inbound_id)
        reply.state, reply.handled_at = "handled", reply.handled_at or now


def refresh_staff_tasks(runtime: Runtime, session: Session, policy: Policy, now: datetime) -> Counter[str]:
    """Look again, each morning, at calls and visits left over: what may not be done today waits or is dropped."""
    counts: Counter[str] = Counter()
    day = runtime.calendar.day_of(now)
    start = runtime.calendar.utc(day)
    statement = (
        select(AttemptRow)
        .where(
            AttemptRow.landlord_id == policy.landlord_id,
            AttemptRow.state == "claimed",
            AttemptRow.kind.in_(STAFF_KINDS),
            AttemptRow.claimed_at < start,
        )
        .order_by(AttemptRow.id)
    )
    rows = list(session.scalars(statement))
    if not rows:
        return counts
    lock_cases(session, {row.case_id for row in rows})
    book = EvidenceBook(session, policy.landlord_id, now)
    cases = session.scalars(select(CaseRow).where(CaseRow.id.in_({row.case_id for row in rows})).order_by(CaseRow.id))
    loaded = {each.case.id: each for each in load_cases(session, list(cases), day, now)}
    for row in rows:
        _refresh(runtime, session, book, policy, loaded[row.case_id], row, now, counts)
    book.write()
    return counts


def _refresh(
    runtime: Runtime,
    session: Session,
    book: EvidenceBook,
    policy: Policy,
    loaded: LoadedCase,
    row: AttemptRow,
    now: datetime,
    counts: Counter[str],
) -> None:
    ladder = ladder_of(session, policy, loaded.case.ladder_version_id)
    verdict = recheck_row(runtime, policy, loaded, ladder, row, now)
    if verdict.verdict is Verdict.DROP:
        drop(session, book, row, verdict.why)
        counts["staff_dropped"] += 1
        return
    close_tasks(session, now, "again", TaskRow.attempt_id == row.id)
    pressure.release(session, row)
    row.state, row.claimed_at = "planned", None
    row.due_at = verdict.move_to if verdict.verdict is Verdict.MOVE and verdict.move_to else now
    counts["staff_again"] += 1
