"""What a partner reports back, clock by clock, and what follows: a pause, a task, an alert to all parties."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from outreach.db.tables import PartnerRow, ReferralFeedbackRow, ReferralRow, TaskRow
from outreach.domain.referral_states import ACCEPTED, CLOSED, OPEN, REASONS, REJECTED, STOPPED, next_state
from outreach.runtime import Runtime
from outreach.services.acting import Acting, Refused, acting_on
from outreach.services.actor import Actor
from outreach.services.care_facts import HELP_REFUSED
from outreach.services.feedback_clocks import answer_clock, clocks_of, is_open, set_next, start_clocks
from outreach.services.parties import parties_of
from outreach.services.route_pauses import count_from_feedback, pause_by_route, running_pause
from outreach.services.routes import Way, way_of
from outreach.services.tasks import NewTask, add_tasks, close_tasks

HELP = ("accepted", "refused", "asked")
"""What a partner tells of the tenant: accepted help, refused it, or asked for debt help."""

MOST_DETAIL = 200


def referral_feedback(
    runtime: Runtime,
    actor: Actor,
    referral_id: int,
    *,
    state: str,
    text: str = "",
    help_said: str | None = None,
    reason: str | None = None,
    clock: str | None = None,
) -> None:
    """Record what a partner let us know: going_on, accepted, rejected, stopped or closed (rules.md 11, 14).

    `clock` is the feedback clock that it answers, by default the one that is due first; `reason` says why a case
    was rejected. Accepted help pauses collection by the rule of the route. Raises Refused.
    """
    with runtime.db.read() as session:
        known = session.get(ReferralRow, referral_id)
    if known is None:
        raise Refused("Deze melding bestaat niet.", "This referral does not exist.")
    with acting_on(runtime, actor, known.case_id, open_only=False) as acting:
        referral = acting.session.get_one(ReferralRow, referral_id)
        after = next_state(referral.state, state)
        if after is None:
            raise Refused("Kies wat de partner heeft laten weten.", "Choose what the partner reported.")
        if state == REJECTED and reason not in REASONS:
            raise Refused("Kies waarom de partner de zaak niet opneemt.", "Choose why the partner does not take it.")
        _record(acting, referral, state, after, text, help_said, reason, clock)


def _record(
    acting: Acting,
    referral: ReferralRow,
    verdict: str,
    after: str,
    text: str,
    help_said: str | None,
    reason: str | None,
    clock: str | None,
) -> None:
    partner = acting.session.get_one(PartnerRow, referral.partner_id)
    way = way_of(acting.session, referral, partner)
    changed, referral.state = referral.state != after, after
    referral.feedback, referral.feedback_at = text, acting.now
    if changed:
        referral.answered_at = acting.now
    if after == ACCEPTED and referral.accepted_at is None:
        referral.accepted_at = acting.now
    if verdict == REJECTED:
        referral.rejected_reason = reason
    answered = answer_clock(acting.session, referral, clock, verdict, text, acting.now, acting.actor.user_id)
    start_clocks(acting.session, referral, way.route, partner, acting.runtime.calendar, acting.policy.settings.fills)
    acting.note(
        "referral_feedback",
        referral=referral.id,
        clock=answered.key,
        state=after,
        verdict=verdict,
        text=text,
        help=help_said,
        reason=reason,
    )
    _help(acting, referral, way, help_said)
    count_from_feedback(acting.session, referral, way.route, answered, acting.today, acting.policy.settings.fills)
    _close_overdue(acting, referral)
    _follow(acting, referral, partner, verdict, text)


def _help(acting: Acting, referral: ReferralRow, way: Way, said: str | None) -> None:
    """Take in what the partner says of help; help that is accepted or asked for pauses collection by the route."""
    if said == "accepted":
        referral.help_accepted, referral.help_refused = True, False
        acting.case.flags = [flag for flag in acting.case.flags if flag != HELP_REFUSED]
    elif said == "refused":
        referral.help_accepted, referral.help_refused = False, True
        offer_again(acting, f"referral:{referral.id}:{acting.today}", referral.partner_kind)
    event = {"accepted": "help_accepted", "asked": "debt_help_asked"}.get(said or "")
    if event is not None and acting.case.state == "open" and referral.state in OPEN:
        fills = acting.policy.settings.fills
        pause_by_route(acting.session, acting.book, referral, way.route, event, acting.today, fills, acting.actor)


def offer_again(acting: Acting, key: str, partner: str | None = None) -> None:
    """Ask a person to offer help again later: a refusal does not end offers (rules.md 17)."""
    due_on = acting.today + timedelta(days=acting.policy.settings.offer_help_again_days)
    task = NewTask(
        kind="offer_again",
        key=f"offer_again:{acting.case.id}:{key}",
        case=acting.case,
        due_at=acting.runtime.calendar.utc(due_on),
        detail={"partner": partner} if partner else {},
    )
    add_tasks(acting.session, [task])


def _close_overdue(acting: Acting, referral: ReferralRow) -> None:
    """Close the alarms of clocks that wait no longer."""
    clocks = clocks_of(acting.session, referral.id)
    over = referral.state not in OPEN
    keys = [f"overdue:{clock.id}" for clock in clocks if over or not is_open(clock)]
    same = TaskRow.landlord_id == referral.landlord_id
    close_tasks(acting.session, acting.now, "reported", same, TaskRow.key.in_(keys), user_id=acting.actor.user_id)
    if over:
        referral.feedback_due_on = None
    else:
        set_next(acting.session, referral)


def _follow(acting: Acting, referral: ReferralRow, partner: PartnerRow, verdict: str, text: str) -> None:
    detail = {
        "text": text[:MOST_DETAIL],
        "partner": referral.partner_kind,
        "referral": referral.id,
        "reason": referral.rejected_reason,
    }
    if verdict == REJECTED:
        _give(acting, "referral_rejected", f"rejected:{referral.id}", referral.owner_id, detail)
    if verdict == STOPPED:
        _alert_all(acting, referral, partner, text)
    if verdict in (STOPPED, REJECTED, CLOSED) and _is_pausing(acting, referral):
        why = {"reason": "partner", "failed": [{"nl": "De hulp gaat door", "en": "The help goes on"}]}
        _give(acting, "resume", f"resume:referral:{referral.id}:{verdict}", None, why)


def _is_pausing(acting: Acting, referral: ReferralRow) -> bool:
    return running_pause(acting.session, referral.id) is not None


def _alert_all(acting: Acting, referral: ReferralRow, partner: PartnerRow, text: str) -> None:
    """Alert all parties that help stalled or stopped: the owner of the case, and who follows up each other partner."""
    stamp = acting.now.isoformat()
    detail = {"text": text[:MOST_DETAIL], "partner": partner.name, "referral": referral.id}
    tasks = [
        NewTask(
            kind="help_stopped",
            key=f"stopped:{referral.id}:{stamp}",
            case=acting.case,
            due_at=acting.now,
            detail=detail,
            user_id=acting.case.owner_id or referral.owner_id,
        )
    ]
    tasks += [
        NewTask(
            kind="help_stopped",
            key=f"stopped:{referral.id}:{stamp}:{party.referral.id}",
            case=party.case,
            due_at=acting.now,
            detail={**detail, "tell": party.partner.name, "tell_person": party.referral.owner_name},
            user_id=party.referral.owner_id,
        )
        for party in parties_of(acting.session, acting.case, besides=referral.id)
    ]
    add_tasks(acting.session, tasks)


def _give(acting: Acting, kind: str, key: str, user_id: int | None, detail: Mapping[str, Any]) -> None:
    task = NewTask(kind=kind, key=key, case=acting.case, due_at=acting.now, detail=detail, user_id=user_id)
    add_tasks(acting.session, [task])


def start_day(runtime: Runtime, actor: Actor, referral_id: int, *, clock: str, on: date) -> None:
    """Set day 0 of a feedback clock that counts from a day of its own; raises Refused."""
    with runtime.db.read() as session:
        known = session.get(ReferralRow, referral_id)
    if known is None:
        raise Refused("Deze melding bestaat niet.", "This referral does not exist.")
    with acting_on(runtime, actor, known.case_id, open_only=False) as acting:
        referral = acting.session.get_one(ReferralRow, referral_id)
        row = acting.session.scalar(
            select(ReferralFeedbackRow).where(
                ReferralFeedbackRow.referral_id == referral_id, ReferralFeedbackRow.key == clock
            )
        )
        if row is None or row.verdict is not None:
            raise Refused("Deze terugmelding is er al.", "This feedback has come.")
        partner = acting.session.get_one(PartnerRow, referral.partner_id)
        route = way_of(acting.session, referral, partner).route
        start_clocks(
            acting.session,
            referral,
            route,
            partner,
            acting.runtime.calendar,
            acting.policy.settings.fills,
            {clock: on},
        )
        acting.note("feedback_day", referral=referral_id, clock=clock, on=on)
