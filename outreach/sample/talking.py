"""What a simulated colleague and a simulated tenant agree in a talk: a promise, a plan, a ground, or nothing."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta

from sqlalchemy import or_, select

from outreach.db.tables import CaseRow, PaymentPlanRow, PromiseRow, TalkRow
from outreach.domain.plans import PlanError
from outreach.runtime import Runtime
from outreach.sample.chance import draw, happens, pick
from outreach.services import actions
from outreach.services.acting import Refused
from outreach.services.actor import Actor
from schedules.behaviour import profile_of

PROMISES: Mapping[str, int] = {"struggling": 15, "avoider": 25, "unreachable": 10}
PLANS: Mapping[str, int] = {"struggling": 60, "avoider": 30, "unreachable": 20, "late_payer": 15, "forgetful": 10}
"""Percent of talks that end in a promise (other kinds of tenant: 60) or in a plan; assumptions."""

MONTH_CENTS = (2_500, 4_000, 5_000, 5_000, 5_000, 7_500, 10_000)
"""Around 50 euro a month: the average capacity in the pilot (S001)."""

NOTES: Mapping[str, str] = {
    "talked": "Aan de deur gesproken.",
    "not_home": "Niemand thuis, kaartje in de bus.",
    "not_opened": "Niemand deed open, kaartje in de bus.",
    "refused": "Wil geen bezoek.",
    "moved_out": "Volgens de buren verhuisd.",
}


def note_of(outcome: str) -> str:
    """Give the note that a field worker leaves with an outcome."""
    return NOTES.get(outcome, "")


def after_talk(runtime: Runtime, actor: Actor, talk: TalkRow, tenant: str, seed: int) -> None:
    """Record what a talk led to, at the present moment, once."""
    kind, keys = profile_of(tenant, seed).kind, (seed, tenant, talk.at)
    chance, plans = draw(100, *keys, "agreed"), PLANS.get(kind, 0)
    today = runtime.calendar.day_of(talk.at)
    try:
        if chance < plans:
            _plan(runtime, actor, talk, pick(MONTH_CENTS, *keys, "capacity"), today)
        elif chance < plans + PROMISES.get(kind, 60) and not _agreed(runtime, talk):
            promised_on = today + timedelta(days=2 + draw(11, *keys, "promised_on"))
            actions.note_promise(runtime, actor, talk.case_id, promised_on=promised_on)
    except Refused:
        return
    if kind in ("struggling", "avoider") and happens(8, *keys, "worry"):
        note_ground(runtime, actor, talk.case_id, "multi_problem", "Meer zorgen dan de huur alleen.")


def note_ground(runtime: Runtime, actor: Actor, case_id: int, ground: str, note: str) -> None:
    """Record a ground for the meldpunt, once per case."""
    with runtime.db.read() as session:
        known = session.scalar(select(CaseRow.grounds).where(CaseRow.id == case_id))
    if not known:
        actions.set_ground(runtime, actor, case_id, ground=ground, note=note)


def _plan(runtime: Runtime, actor: Actor, talk: TalkRow, cents: int, today: date) -> None:
    if not _agreed(runtime, talk):
        first_on = (
            (today.replace(day=1) + timedelta(days=32)).replace(day=25) if today.day >= 25 else today.replace(day=25)
        )
        with suppress(PlanError):
            actions.agree_plan(runtime, actor, talk.case_id, month_cents=cents, first_on=first_on, capacity_cents=cents)


def _agreed(runtime: Runtime, talk: TalkRow) -> bool:
    """Say whether something was agreed after this talk already, or a plan runs."""
    with runtime.db.read() as session:
        promise = select(PromiseRow.id).where(PromiseRow.case_id == talk.case_id, PromiseRow.made_at >= talk.at)
        plan = select(PaymentPlanRow.id).where(
            PaymentPlanRow.case_id == talk.case_id,
            or_(PaymentPlanRow.agreed_at >= talk.at, PaymentPlanRow.state == "active"),
        )
        return session.scalar(promise) is not None or session.scalar(plan) is not None
