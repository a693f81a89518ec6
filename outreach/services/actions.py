"""What staff do in a case: talk, pause, promise, plan, contact points, representative, life event, steps, closing.

Every action is one transaction with its evidence, and the case is decided on again at once. Each raises
Refused, with a Dutch and an English text, when what was asked cannot be done; then nothing has changed.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from outreach.db.tables import PauseRow, StepMoveRow, TaskRow
from outreach.domain.pauses import LONGEST_PAUSE
from outreach.runtime import Runtime
from outreach.services import plans
from outreach.services.acting import Refused, acting_on, needs
from outreach.services.actor import Actor
from outreach.services.care_facts import HELP_REFUSED
from outreach.services.deciding import record_decision
from outreach.services.dropping import close
from outreach.services.inbox import answer_inbound, handle_inbound
from outreach.services.money_actions import mark_paid
from outreach.services.people_actions import (
    add_contact_point,
    log_life_event,
    mark_contact_point,
    set_language,
    set_representative,
)
from outreach.services.plan_actions import agree_plan, end_plan, refuse_plan
from outreach.services.policy import ladder_of
from outreach.services.referral_actions import offer_again, referral_feedback
from outreach.services.staff_work import complete_task, record_call, record_visit
from outreach.services.talks import add_talk
from outreach.services.tasks import add_task, close_tasks
from outreach.services.urgent import clear_date, record_household, report_child, set_date

__all__ = [
    "add_contact_point",
    "agree_plan",
    "answer_inbound",
    "clear_date",
    "close_case",
    "complete_task",
    "end_plan",
    "handle_inbound",
    "log_life_event",
    "log_talk",
    "mark_contact_point",
    "mark_paid",
    "move_step",
    "note_promise",
    "pause_case",
    "record_call",
    "record_decision",
    "record_household",
    "record_visit",
    "referral_feedback",
    "refuse_help",
    "refuse_plan",
    "report_child",
    "request_call_back",
    "resume_case",
    "say_condition",
    "set_cause",
    "set_date",
    "set_ground",
    "set_language",
    "set_representative",
]

LONGEST_PROMISE = timedelta(days=60)
CAUSES = ("financial", "complex", "benefit", "unknown")


def log_talk(
    runtime: Runtime,
    actor: Actor,
    case_id: int,
    *,
    at: datetime | None,
    channel: str,
    note: str,
    cause: str | None = None,
) -> None:
    """Log a two-way talk; the tenant is reached, and rest begins."""
    with acting_on(runtime, actor, case_id) as acting:
        moment = at or acting.now
        if moment > acting.now:
            raise Refused("Een gesprek kan niet in de toekomst zijn.", "A talk cannot be in the future.")
        add_talk(acting, moment, channel, note)
        if cause:
            acting.case.cause = cause


def pause_case(
    runtime: Runtime,
    actor: Actor,
    case_id: int,
    *,
    reason: str,
    until_on: date | None,
    note: str = "",
    condition: str = "",
) -> None:
    """Stop collection contact for a reason, with an end (exclusive) of at most nine months."""
    with acting_on(runtime, actor, case_id) as acting:
        reason = needs(reason, "Kies een reden.", "Choose a reason.")
        if until_on is None:
            raise Refused("Vul in tot wanneer.", "Fill in until when.")
        if not acting.today < until_on <= acting.today + LONGEST_PAUSE:
            raise Refused(
                "De einddatum ligt na vandaag en binnen negen maanden.",
                "The end date is after today and within nine months.",
            )
        for earlier in acting.session.scalars(
            select(PauseRow).where(
                PauseRow.case_id == case_id, PauseRow.ended_at.is_(None), PauseRow.trajectory_id.is_(None)
            )
        ):
            earlier.ended_at, earlier.end_reason = acting.now, "replaced"
        acting.session.add(
            PauseRow(
                landlord_id=acting.case.landlord_id,
                case_id=case_id,
                reason=reason,
                note=note,
                from_at=acting.now,
                until_on=until_on,
                condition=condition,
                by_user_id=actor.user_id,
            )
        )
        acting.note("paused", reason=reason, until_on=until_on, note=note, condition=condition)


def resume_case(runtime: Runtime, actor: Actor, case_id: int, *, pause_id: int, reason: str) -> None:
    """End a pause by a person's decision."""
    with acting_on(runtime, actor, case_id) as acting:
        pause = acting.session.get(PauseRow, pause_id)
        if pause is None or pause.case_id != case_id or pause.ended_at is not None:
            raise Refused("Dit dossier staat niet meer stil.", "This case is no longer paused.")
        if pause.trajectory_id is not None:
            raise Refused(
                "Dit dossier staat stil zolang het traject loopt. Beëindig eerst het traject.",
                "This case is paused while its trajectory runs. End the trajectory first.",
            )
        pause.ended_at, pause.end_reason = acting.now, needs(reason, "Vul een reden in.", "Fill in a reason.")[:60]
        acting.case.flags = [flag for flag in acting.case.flags if flag != pause.reason]
        close_tasks(acting.session, acting.now, "resumed", TaskRow.case_id == case_id, TaskRow.kind == "resume")
        acting.note("resumed", pause=pause_id, reason=reason)


def note_promise(
    runtime: Runtime, actor: Actor, case_id: int, *, promised_on: date, amount_cents: int | None = None
) -> None:
    """Note a promise to pay by a day within two months."""
    with acting_on(runtime, actor, case_id) as acting:
        if not acting.today <= promised_on <= acting.today + LONGEST_PROMISE:
            raise Refused(
                "Kies een dag vanaf vandaag, binnen twee maanden.", "Choose a day from today on, within two months."
            )
        if amount_cents is not None and amount_cents <= 0:
            raise Refused("Het bedrag is hoger dan € 0.", "The amount is above € 0.")
        plans.note_promise(acting.session, acting.book, acting.case, promised_on, amount_cents, "staff", actor)
        close_tasks(
            acting.session, acting.now, "promised", TaskRow.case_id == case_id, TaskRow.kind == "broken_promise"
        )


def request_call_back(runtime: Runtime, actor: Actor, case_id: int, *, at: datetime, note: str = "") -> None:
    """Plan a call-back at an agreed moment."""
    with acting_on(runtime, actor, case_id) as acting:
        if at < acting.now:
            raise Refused("Kies een moment in de toekomst.", "Choose a moment in the future.")
        key = f"call_back:{case_id}:{at.isoformat()}"
        add_task(
            acting.session,
            landlord_id=acting.case.landlord_id,
            kind="call_back",
            key=key,
            due_at=at,
            case=acting.case,
            detail={"text": note},
        )
        acting.note("call_back_planned", at=at, note=note)


def move_step(
    runtime: Runtime,
    actor: Actor,
    case_id: int,
    *,
    step: str,
    not_before: date | None = None,
    skipped: bool = False,
    reason: str,
) -> None:
    """Skip a step or move it to a later day, with the reason."""
    with acting_on(runtime, actor, case_id) as acting:
        ladder = ladder_of(acting.session, acting.policy, acting.case.ladder_version_id)
        if ladder.step(step) is None:
            raise Refused("Deze stap staat niet in de contactladder.", "This step is not in the contact ladder.")
        text = needs(reason, "Vul een reden in.", "Fill in a reason.")
        if not skipped and (not_before is None or not_before <= acting.today):
            raise Refused("Kies een dag na vandaag.", "Choose a day after today.")
        acting.session.add(
            StepMoveRow(
                landlord_id=acting.case.landlord_id,
                case_id=case_id,
                ladder_run=acting.case.ladder_run,
                step=step,
                skipped=skipped,
                not_before=not_before,
                reason=text,
                by_user_id=actor.user_id,
                known_at=acting.now,
            )
        )
        acting.note("step_moved", step=step, skipped=skipped, not_before=not_before, reason=text)


def say_condition(
    runtime: Runtime, actor: Actor, case_id: int, *, pause_id: int, condition: str, holds: str, evidence: str
) -> None:
    """Record whether a condition of a pause holds, with what shows it; one that does not asks to resume."""
    with acting_on(runtime, actor, case_id) as acting:
        pause = acting.session.get(PauseRow, pause_id)
        if pause is None or pause.case_id != case_id or pause.ended_at is not None:
            raise Refused("Dit dossier staat niet meer stil.", "This case is no longer paused.")
        if condition not in {each["key"] for each in pause.conditions} or holds not in ("yes", "no"):
            raise Refused("Kies de voorwaarde en of die klopt.", "Choose the condition and whether it holds.")
        proof = needs(evidence, "Vul in waar dit uit blijkt.", "Fill in what shows this.")
        found = {"holds": holds == "yes", "on": acting.today.isoformat(), "evidence": proof}
        pause.conditions = [{**each, **found} if each["key"] == condition else dict(each) for each in pause.conditions]
        if all(each.get("on") == found["on"] for each in pause.conditions if not each.get("check")):
            asked = TaskRow.kind == "pause_check"
            close_tasks(acting.session, acting.now, "noted", TaskRow.case_id == case_id, asked, user_id=actor.user_id)
        acting.note("pause_condition", pause=pause_id, condition=condition, holds=holds, document=proof)
        if holds == "no":
            add_task(
                acting.session,
                landlord_id=acting.case.landlord_id,
                kind="resume",
                key=f"resume:{pause_id}:{condition}:{acting.today:%Y-%m}",
                due_at=acting.now,
                case=acting.case,
                detail={
                    "reason": pause.reason,
                    "failed": [each["title"] for each in pause.conditions if each["key"] == condition],
                },
            )


def refuse_help(runtime: Runtime, actor: Actor, case_id: int, *, note: str) -> None:
    """Record that the tenant wants no help now; help is offered again later (rules.md 17)."""
    with acting_on(runtime, actor, case_id) as acting:
        text = needs(note, "Schrijf op wat de huurder zei.", "Write down what the tenant said.")
        if HELP_REFUSED not in acting.case.flags:
            acting.case.flags = [*acting.case.flags, HELP_REFUSED]
        offer_again(acting, f"case:{acting.today}")
        acting.note("help_refused", note=text)


def set_cause(runtime: Runtime, actor: Actor, case_id: int, *, cause: str) -> None:
    """Record the cause of the arrears."""
    with acting_on(runtime, actor, case_id) as acting:
        if cause not in CAUSES:
            raise Refused("Kies een oorzaak.", "Choose a cause.")
        acting.case.cause = cause
        acting.note("cause", cause=cause)


def set_ground(runtime: Runtime, actor: Actor, case_id: int, *, ground: str, note: str) -> None:
    """Record a ground for the meldpunt, with what was seen."""
    with acting_on(runtime, actor, case_id) as acting:
        text = needs(note, "Schrijf op wat u zag of hoorde.", "Write down what you saw or heard.")
        code = needs(ground, "Kies een grond.", "Choose a ground.")
        if code not in acting.case.grounds:
            acting.case.grounds = [*acting.case.grounds, code]
        acting.note("ground", ground=code, note=text)


def close_case(runtime: Runtime, actor: Actor, case_id: int, *, reason: str) -> None:
    """Close a case by a person's decision; nothing planned goes out any more."""
    with acting_on(runtime, actor, case_id) as acting:
        close(
            acting.session, acting.book, acting.case, needs(reason, "Kies een reden.", "Choose a reason."), acting.now
        )
        acting.note("closed_by", reason=reason)
