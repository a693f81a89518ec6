"""What comes after the bailiff: summons, judgment, eviction announced, withdrawn, paid at the door or executed."""

from datetime import datetime, timedelta

from schedules.facts import PlanState
from schedules.simulation.paying import agree_plan, pays
from schedules.simulation.stage import Home, Stage

TARGETS = frozenset({"bailiff", "court"})


def handed_over(home: Home, at: datetime, stage: Stage) -> None:
    """Start the way to court, once at a time."""
    if home.at_bailiff:
        return
    home.at_bailiff = True
    home.tried["bailiff"] += 1
    stage.tally.counts[("bailiff",)] += 1
    stage.office(home, at, "legal", stage.figures["work.legal"])
    _next(home, at, stage, "summons")


def _next(home: Home, at: datetime, stage: Stage, what: str) -> None:
    day = stage.calendar.day_of(at) + timedelta(days=stage.figures[f"legal.{what}_after"])
    stage.plan(stage.morning(day), home, _ACTIONS[what], stage)


def _goes_on(home: Home, at: datetime, stage: Stage, what: str) -> bool:
    """Say whether the way to court goes on: not when it was paid, arranged or helped, or by chance."""
    if home.account.open_cents == 0 or home.plan is PlanState.ACTIVE or home.help_accepted:
        home.at_bailiff = False
        return False
    if stage.happens(stage.figures["legal.arranges"], home.key, home.tried["bailiff"], what, "arranges"):
        home.at_bailiff = False
        _arrange(home, at, stage, what)
        return False
    if not stage.happens(stage.figures[f"legal.{what}"], home.key, home.tried["bailiff"], what, "goes on"):
        home.at_bailiff = False
        return False
    return True


def _arrange(home: Home, at: datetime, stage: Stage, what: str) -> None:
    if stage.happens(50, home.key, home.tried["bailiff"], what, "pays"):
        pays(home, at, stage)
    else:
        agree_plan(home, at, stage)


def _summons(home: Home, at: datetime, stage: Stage) -> None:
    if _goes_on(home, at, stage, "summons"):
        home.dates["summons"] = stage.calendar.day_of(at)
        stage.tally.add("summonses", home.block)
        stage.look_soon(home, at)
        _next(home, at, stage, "judgment")


def _judgment(home: Home, at: datetime, stage: Stage) -> None:
    if _goes_on(home, at, stage, "judgment"):
        home.dates["judgment"] = stage.calendar.day_of(at)
        stage.tally.add("judgments", home.block)
        stage.look_soon(home, at)
        _next(home, at, stage, "announced")


def _announced(home: Home, at: datetime, stage: Stage) -> None:
    if _goes_on(home, at, stage, "announced"):
        day = stage.calendar.day_of(at) + timedelta(days=stage.figures["legal.notice"])
        home.dates["eviction"] = day
        stage.tally.add("evictions_announced", home.block)
        stage.look_soon(home, at)
        stage.plan(stage.morning(day), home, _eviction, stage)


def _eviction(home: Home, at: datetime, stage: Stage) -> None:
    """End an announced eviction by the shares of the figures; help that was accepted makes it rarer."""
    home.at_bailiff = False
    home.dates.pop("eviction", None)
    end = _end_of_eviction(home, stage)
    stage.tally.add(f"evictions_{end}", home.block)
    if end == "executed":
        stage.note(home, at, "written_off", home.account.write_off())
        home.evicted, home.case = True, None
    elif end == "paid_at_door":
        stage.note(home, at, "paid", home.account.pay(home.account.open_cents))
    elif end == "withdrawn":
        agree_plan(home, at, stage)
    stage.look_soon(home, at)


def _end_of_eviction(home: Home, stage: Stage) -> str:
    if home.account.open_cents == 0 or home.plan is PlanState.ACTIVE:
        return "withdrawn"
    left, figures = stage.draw(1000, home.key, home.tried["bailiff"], "eviction"), stage.figures
    ends = (
        ("withdrawn", figures["legal.withdrawn"]),
        ("paid_at_door", figures["legal.at_the_door"]),
        ("executed", figures["legal.executed"]),
    )
    for end, share in ends:
        left -= share
        if left < 0:
            return "withdrawn" if end == "executed" and _averted(home, stage) else end
    return "unknown"


def _averted(home: Home, stage: Stage) -> bool:
    return home.helped_before and stage.happens(stage.figures["help.fewer_evictions"], home.key, "averted")


_ACTIONS = {"summons": _summons, "judgment": _judgment, "announced": _announced}
