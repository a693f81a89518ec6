"""The judges of what goes."""

from schedules.proof.properties.judged import Judge, Judged
from schedules.proof.properties.law import ContactChangesBeforeHeavier, LegalStepsBeforeCourt, SignalLawful
from schedules.proof.properties.limits import HumansDecide, NothingTwice, PressureWithinBudget, WithinHours
from schedules.proof.properties.silence import (
    ChildFoundStops,
    ExcludedLeftToPeople,
    NothingAfterOptOut,
    NothingAfterPayment,
    NothingWhilePaused,
)
from schedules.proof.watcher import Watcher

KINDS: tuple[type[Judge], ...] = (
    NothingAfterPayment, NothingAfterOptOut, NothingWhilePaused, ChildFoundStops, ExcludedLeftToPeople,
    WithinHours, PressureWithinBudget, LegalStepsBeforeCourt, SignalLawful, ContactChangesBeforeHeavier,
    NothingTwice, HumansDecide,
)  # fmt: skip


def road_watchers(judged: Judged) -> list[Watcher]:
    """Return the judges of what goes."""
    return [kind(judged) for kind in KINDS]
