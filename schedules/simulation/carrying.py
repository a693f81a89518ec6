"""Carry out what the engine says is due: contacts get the tenant's response, tasks need room at the team."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

from schedules.behaviour import Response, TenantProfile, respond
from schedules.decisions import PlannedStep
from schedules.facts import AttemptFact, AttemptState, ReferralFact
from schedules.ladder import Step
from schedules.moments import is_pressure_bound
from schedules.rehearsal import REACHED
from schedules.simulation import court, partners
from schedules.simulation.answering import note_at_the_door, phones_at, pressed, replied, talked
from schedules.simulation.figures import Figures
from schedules.simulation.paying import pays
from schedules.simulation.portfolio import PHONE
from schedules.simulation.stage import Case, Home, Stage

FAILED = frozenset({"undelivered", "failed", "bounced", "returned", "wrong_number"})
BAD_POINT: Mapping[str, tuple[str, ...]] = {
    "undelivered": (*PHONE, "whatsapp"),
    "bounced": ("email",),
    "wrong_number": (*PHONE, "whatsapp"),
}
"""Outcomes after which the contact point is known to be wrong, and the channels that it served."""

STRENGTH: Mapping[str, str] = {
    "letter": "letter",
    "robocall": "robocall",
    "card": "card",
    "call": "talk",
    "visit": "talk",
}
DECIDED_WITHIN: Mapping[str, int] = {"staff": 2, "commission": 14, "judge": 30}
"""Days that a decision takes at most, by who decides (assumption)."""


def carry_out(home: Home, case: Case, planned: PlannedStep, step: Step, at: datetime, stage: Stage) -> None:
    """Do one step that is due and may go, and note what came of it."""
    if planned.kind in {"referral", "decision"} and not case.handed_over:
        case.handed_over = True
        stage.tally.counts[("handed_over_after", (stage.calendar.day_of(at) - case.due_on).days)] += 1
    if planned.kind == "referral":
        _refer(home, case, planned, at, stage)
    elif planned.kind == "decision":
        _ask_decision(home, case, planned, step, at, stage)
    elif planned.kind in {"call", "visit"} and not stage.take(planned.kind, stage.calendar.day_of(at)):
        _move_to_next_day(home, case, planned, at, stage)
    else:
        _contact(home, case, planned, step, at, stage)


def _move_to_next_day(home: Home, case: Case, planned: PlannedStep, at: datetime, stage: Stage) -> None:
    """Move a task that does not fit to the next working day, as the product does; the engine judges it there again."""
    calendar, today = stage.calendar, stage.calendar.day_of(at)
    days = (calendar.add_working_days(today, 1) - today).days
    case.planned[planned.step] = _fact(planned, AttemptState.PLANNED, at + timedelta(days=days), None)
    stage.defer(home, at, f"capacity_{planned.kind}")


def _fact(planned: PlannedStep, state: AttemptState, at: datetime, outcome: str | None) -> AttemptFact:
    return AttemptFact(
        step=planned.step,
        attempt=planned.attempt,
        channel=planned.channel or "office",
        state=state,
        at=at,
        outcome=outcome,
        reached=outcome in REACHED,
    )


def _refer(home: Home, case: Case, planned: PlannedStep, at: datetime, stage: Stage) -> None:
    target = planned.target or ""
    case.referrals.append(ReferralFact(step=planned.step, target=target, state="sent", at=at))
    stage.tally.add("referrals", home.block)
    stage.tally.counts[("referral", target)] += 1
    stage.office(home, at, "referral", stage.figures["work.referral"])
    if target == "municipality":
        stage.tally.add("signals", home.block)
    if target in court.TARGETS:
        court.handed_over(home, at, stage)
    else:
        partners.referred(home, at, stage, planned.step, target)


def _ask_decision(home: Home, case: Case, planned: PlannedStep, step: Step, at: datetime, stage: Stage) -> None:
    """Ask a person to decide; the step is in flight until he has."""
    case.attempts.append(_fact(planned, AttemptState.CLAIMED, at, None))
    done_at = stage.office(home, at, "decision", stage.figures["work.decision"])
    days = stage.draw(DECIDED_WITHIN[step.decided_by] + 1, home.key, step.key, "decides")
    options = [option.key for option in step.options]
    outcome = options[stage.draw(len(options), home.key, step.key, "option")] if options else "done"
    stage.plan(done_at + timedelta(days=days), home, _decided, stage, case, step.key, outcome)


def _decided(home: Home, at: datetime, stage: Stage, case: Case, key: str, outcome: str) -> None:
    case.attempts = [
        replace(each, state=AttemptState.DONE, at=at, outcome=outcome)
        if each.step == key and each.state is AttemptState.CLAIMED
        else each
        for each in case.attempts
    ]
    stage.look_soon(home, at)


def _contact(home: Home, case: Case, planned: PlannedStep, step: Step, at: datetime, stage: Stage) -> None:
    """Make a contact and let the tenant respond as the behaviour model says."""
    channel = planned.channel or ""
    home.tried[channel] += 1
    key = f"{home.key}|{channel}|{home.tried[channel]}"
    profile = _as_contacted(home, case, channel, stage.figures)
    response = respond(profile, channel, key, at, stage.seed, stage.figures.delivery)
    state = AttemptState.FAILED if response.outcome in FAILED else AttemptState.DONE
    case.planned.pop(planned.step, None)
    case.attempts.append(_fact(planned, state, at, response.outcome))
    stage.add_evidence(case, planned, response.outcome)
    _count(home, planned, step, at, stage)
    _work(home, planned.kind, response.outcome, at, stage)
    if response.outcome in BAD_POINT:
        stage.bar(home, at, BAD_POINT[response.outcome], "wrong_number")
    _respond(home, at, stage, channel, key, response)


def _as_contacted(home: Home, case: Case, channel: str, figures: Figures) -> TenantProfile:
    """Return the tenant's profile with a chance to pay that fits the channel, and whether it is the first contact."""
    strength = figures[f"effect.{STRENGTH.get(channel, 'message')}"]
    again = any(attempt.state is AttemptState.DONE for attempt in case.attempts)
    return _with_chance(home.profile, strength * (figures["effect.again"] if again else 100))


@lru_cache(maxsize=256)
def _with_chance(profile: TenantProfile, strength: int) -> TenantProfile:
    return replace(profile, pays=profile.pays * strength // 10_000)


def _count(home: Home, planned: PlannedStep, step: Step, at: datetime, stage: Stage) -> None:
    tally, channel = stage.tally, planned.channel or ""
    tally.add("channel_cost_cents", home.block, stage.figures[f"cost.{channel}"])
    tally.counts[("contact", channel, stage.week(at))] += 1
    if planned.kind in {"call", "visit"}:
        tally.add(f"{planned.kind}s", home.block)
        tally.counts[(planned.kind, stage.team.code, stage.week(at))] += 1
    stage.note(home, at, f"contact_{step.purpose}", channel)
    if is_pressure_bound(step):
        tally.add("contacts", home.block)
        home.contacts.append(at)
        home.household.contacts.append(at)


def _work(home: Home, kind: str, outcome: str, at: datetime, stage: Stage) -> None:
    if kind == "visit":
        stage.work(home, at, "visit", stage.figures["work.visit"])
    elif kind == "call":
        what = "talk" if outcome == "talked" else "no_answer"
        stage.work(home, at, "call", stage.figures[f"work.{what}"])


def _respond(home: Home, at: datetime, stage: Stage, channel: str, key: str, response: Response) -> None:
    if response.pays_in_days is not None:
        day = stage.calendar.day_of(at) + timedelta(days=response.pays_in_days)
        stage.plan(stage.booked(day), home, pays, stage)
    if response.outcome == "talked":
        talked(home, at, stage, channel, key)
    elif channel == "robocall":
        if response.outcome == "menu_9":
            stage.bar(home, at, ("robocall",), "opted_out")
            stage.tally.add("opted_out", home.block)
        pressed(home, at, stage, response.outcome, key)
    elif channel == "visit":
        note_at_the_door(home, stage, key)
    elif response.reply_text is not None:
        paper = channel in {"letter", "card"}
        when = phones_at(stage, home, at, key) if paper else at + timedelta(minutes=response.delay_minutes)
        stage.plan(when, home, replied, stage, channel, key)
