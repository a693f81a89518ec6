"""A condition on the facts of a case, as data: for a step, for more time, for a route (see schedules.matching)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Gap:
    """A value that the source does not give; the landlord fills it by this name."""

    name: str


Number = int | Gap


@dataclass(frozen=True, kw_only=True)
class ReferralState:
    """A referral to a target that stands in one of these states."""

    target: str
    states: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class StepOutcome:
    """A step of which an attempt ended with one of these outcomes."""

    step: str
    outcomes: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class OnlyIf:
    """A condition on the facts, entry by entry; amounts in cents. Of a set, one is enough.

    Under `only_if` every entry must hold; under `not_if` any entry that holds refuses the step.
    `unreachable_by` holds when none of its channels can be used, `date_known` when one of its dates is known.
    """

    amount_at_least: Number | None = None
    amount_below: Number | None = None
    months_at_least: Number | None = None
    months_below: Number | None = None
    flag: frozenset[str] = frozenset()
    not_flag: frozenset[str] = frozenset()
    ground: frozenset[str] = frozenset()
    cause: frozenset[str] = frozenset()
    language: frozenset[str] = frozenset()
    not_language: frozenset[str] = frozenset()
    area: frozenset[str] = frozenset()
    reachable_by: frozenset[str] = frozenset()
    unreachable_by: frozenset[str] = frozenset()
    plan: frozenset[str] = frozenset()
    promise: frozenset[str] = frozenset()
    help: frozenset[str] = frozenset()
    referral: ReferralState | None = None
    outcome: StepOutcome | None = None
    date_known: frozenset[str] = frozenset()
    date_unknown: frozenset[str] = frozenset()
    reached: bool = False
    not_reached: bool = False
    promise_broken: bool = False
    plan_broken: bool = False
    paid_in_part: bool = False
