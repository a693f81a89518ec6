"""What comes of a referral to a partner: feedback, help that is accepted, help that stops."""

from dataclasses import replace
from datetime import datetime, timedelta

from schedules.facts import PlanState
from schedules.simulation.paying import agree_plan
from schedules.simulation.stage import Home, Stage


def referred(home: Home, at: datetime, stage: Stage, step: str, target: str) -> None:
    """Let a partner work on a referral and report back."""
    figures = stage.figures
    spread = max(1, figures["help.feedback_to"] - figures["help.feedback_from"] + 1)
    days = figures["help.feedback_from"] + stage.draw(spread, home.key, target, "feedback")
    stage.plan(stage.morning(stage.calendar.day_of(at) + timedelta(days=days)), home, feedback, stage, step, target)


def feedback(home: Home, at: datetime, stage: Stage, step: str, target: str) -> None:
    """Take in what a partner reports back."""
    state = _state(home, stage, target)
    stage.tally.counts[("feedback", target, state)] += 1
    if home.case is not None:
        home.case.referrals = [
            replace(each, state=state, answered_at=at) if each.step == step and each.target == target else each
            for each in home.case.referrals
        ]
    if state == "accepted":
        _accept(home, at, stage)
    stage.look_soon(home, at)


def _state(home: Home, stage: Stage, target: str) -> str:
    """Draw one of: closed (nobody reached), rejected (too light), accepted (help), closed (help refused)."""
    figures = stage.figures
    if stage.happens(figures["help.too_light"], home.key, target, "too_light"):
        return "rejected"
    if stage.happens(figures["help.not_reached"], home.key, target, "not_reached"):
        return "closed"
    if stage.happens(figures["help.accepts"], home.key, target, "accepts"):
        return "accepted"
    home.help_refused = True
    return "closed"


def _accept(home: Home, at: datetime, stage: Stage) -> None:
    """Start help: collection rests, a plan follows, and now and then the help stops early."""
    if home.help_accepted:
        return
    figures, today = stage.figures, stage.calendar.day_of(at)
    home.help_accepted = home.helped_before = True
    home.help_refused = home.help_stopped = False
    home.pause_until = today + timedelta(days=figures["help.pause"])
    stage.tally.add("help_accepted", home.block)
    stage.note(home, at, "pause_begins")
    plan_on = today + timedelta(days=1 + stage.draw(figures["help.plan_within"], home.key, "help_plan"))
    stage.plan(stage.morning(plan_on), home, _plan_with_help, stage)
    if stage.happens(figures["help.stops"], home.key, "help_stops"):
        stops_on = today + timedelta(days=figures["help.stops_after"])
        stage.plan(stage.morning(stops_on), home, _stop, stage)
    else:
        stage.plan(stage.morning(home.pause_until + timedelta(days=1)), home, _end_of_pause, stage)


def _plan_with_help(home: Home, at: datetime, stage: Stage) -> None:
    if home.help_accepted and home.plan is not PlanState.ACTIVE:
        agree_plan(home, at, stage)


def _end_of_pause(home: Home, at: datetime, stage: Stage) -> None:
    home.pause_until = None
    stage.note(home, at, "pause_ends")
    stage.look_soon(home, at)


def _stop(home: Home, at: datetime, stage: Stage) -> None:
    """Stop help: the pause ends, and the case shows that help stopped."""
    home.help_accepted, home.help_stopped, home.pause_until = False, True, None
    stage.tally.add("help_stopped", home.block)
    stage.note(home, at, "pause_ends")
    if home.case is not None:
        home.case.referrals = [
            replace(each, state="stopped", answered_at=at) if each.state == "accepted" else each
            for each in home.case.referrals
        ]
    stage.look_soon(home, at)
