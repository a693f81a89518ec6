"""Keep simulations that the console asked for: put one down, work it out apart from the pages, open it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import SimulationRunRow
from outreach.errors import OutreachError
from outreach.runtime import Runtime
from outreach.services.actor import Actor
from outreach.services.own_portfolio import first_of_next_month
from outreach.services.simulating import Asked, LadderText, Owner, size_of, work_out
from schedules.loader import parse_ladder

MOST_ON_A_PAGE = 20_000
MOST_MONTHS_ON_A_PAGE = 24
SILENT_AFTER = timedelta(minutes=10)
"""A run without a sign of life for so long was interrupted, for example by a restart."""

WORKERS, AT_ONCE = 2, 5000
"""Processes of their own, so that pages stay quick; up to so many tenancies times months are done at once."""

STEPS = 50
"""How often, at most, progress is written."""

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"


@dataclass(frozen=True, kw_only=True)
class KeptRun:
    """One simulation as it stands; `interrupted` when nobody works on it any more."""

    id: int
    ladder_name: str
    state: str
    asked: Mapping[str, Any]
    versions: Mapping[str, Any]
    size: int
    done: int
    result: Mapping[str, Any]
    problem: str
    created_at: datetime
    ended_at: datetime | None
    interrupted: bool

    @property
    def percent(self) -> int:
        """Return how far it is, from 0 to 100."""
        return min(100, 100 * self.done // max(1, self.size))

    @property
    def is_busy(self) -> bool:
        """Say whether it waits or runs."""
        return self.state in (WAITING, RUNNING) and not self.interrupted


def put_down(
    runtime: Runtime,
    actor: Actor,
    landlord_id: int,
    *,
    ladder: LadderText,
    against: LadderText | None,
    portfolio: str,
    tenancies: int,
    months: int,
    seed: int,
) -> int:
    """Put down what is to be simulated and return its number; nothing is worked out yet."""
    now = runtime.clock()
    owner = Owner(runtime=runtime, landlord_id=landlord_id)
    asked = {"portfolio": portfolio, "tenancies": tenancies, "months": months, "seed": seed}
    start = first_of_next_month(runtime.calendar.day_of(now))
    texts = {"ladder": ladder.text, "against": against.text if against else None}
    size = size_of(_asked(asked | {"start": start.isoformat()}, texts), owner)
    with runtime.db.write() as session:
        row = SimulationRunRow(
            landlord_id=landlord_id,
            ladder_name=ladder.ladder.name,
            asked={**asked, "start": start.isoformat(), "against": against.ladder.name if against else None},
            texts=texts,
            size=size,
            by_user_id=actor.user_id,
            created_at=now,
            seen_at=now,
        )
        session.add(row)
        session.flush()
        return row.id


def _asked(asked: Mapping[str, Any], texts: Mapping[str, str | None], workers: int = 1) -> Asked:
    first, second = texts["ladder"] or "", texts["against"]
    return Asked(
        ladder=LadderText(ladder=parse_ladder(first, "ladder"), text=first),
        against=LadderText(ladder=parse_ladder(second, "against"), text=second) if second else None,
        start=date.fromisoformat(asked["start"]),
        tenancies=asked["tenancies"],
        months=asked["months"],
        seed=asked["seed"],
        portfolio=asked["portfolio"],
        workers=workers,
    )


def work_out_run(runtime: Runtime, run_id: int) -> None:
    """Work out a simulation that was put down, once; its progress and result, or what went wrong, are kept."""
    with runtime.db.write() as session:
        row = session.get_one(SimulationRunRow, run_id)
        if row.state != WAITING:
            return
        row.state, row.seen_at = RUNNING, runtime.clock()
        owner = Owner(runtime=runtime, landlord_id=row.landlord_id)
        asked, texts, size = dict(row.asked), dict(row.texts), row.size
        workers = WORKERS if size * asked["months"] > AT_ONCE else 1
    try:
        found = work_out(_asked(asked, texts, workers), owner, _Progress(runtime, run_id, size).add)
    except OutreachError as error:
        _end(runtime, run_id, state=FAILED, problem=error.text_nl)
    except Exception:
        _end(runtime, run_id, state=FAILED)
        raise
    else:
        _end(runtime, run_id, state=DONE, result=found, versions=found["versions"])


class _Progress:
    """Write how far a run is, at most some fifty times."""

    def __init__(self, runtime: Runtime, run_id: int, size: int) -> None:
        self._runtime, self._run_id, self._step, self._unwritten = runtime, run_id, size // STEPS, 0

    def add(self, size: int) -> None:
        """Add tenancies that were done."""
        self._unwritten += size
        if self._unwritten <= self._step:
            return
        with self._runtime.db.write() as session:
            row = session.get_one(SimulationRunRow, self._run_id)
            row.done, row.seen_at = row.done + self._unwritten, self._runtime.clock()
        self._unwritten = 0


def _end(runtime: Runtime, run_id: int, **values: Any) -> None:
    with runtime.db.write() as session:
        row = session.get_one(SimulationRunRow, run_id)
        row.ended_at = row.seen_at = runtime.clock()
        for name, value in values.items():
            setattr(row, name, value)


def count_busy(session: Session, scope: Scope, now: datetime) -> int:
    """Count the simulations that wait or run."""
    rows = session.scalars(scope.select(SimulationRunRow).where(SimulationRunRow.state.in_((WAITING, RUNNING))))
    return sum(now - row.seen_at <= SILENT_AFTER for row in rows)


def find_run(session: Session, scope: Scope, run_id: int, now: datetime) -> KeptRun | None:
    """Return a simulation of the landlord, None when there is none by this number."""
    row = session.scalar(scope.select(SimulationRunRow).where(SimulationRunRow.id == run_id))
    return _kept(row, now) if row is not None else None


def list_runs(session: Session, scope: Scope, ladder_name: str, now: datetime, most: int = 10) -> tuple[KeptRun, ...]:
    """Return the latest simulations in which a ladder came first, without their results."""
    statement = (
        scope.narrow(select(SimulationRunRow.id), SimulationRunRow)
        .where(SimulationRunRow.ladder_name == ladder_name)
        .order_by(SimulationRunRow.created_at.desc(), SimulationRunRow.id.desc())
        .limit(most)
    )
    ids = list(session.scalars(statement))
    rows = session.scalars(select(SimulationRunRow).where(SimulationRunRow.id.in_(ids)))
    return tuple(sorted((_kept(row, now) for row in rows), key=lambda run: run.id, reverse=True))


def _kept(row: SimulationRunRow, now: datetime) -> KeptRun:
    return KeptRun(
        id=row.id,
        ladder_name=row.ladder_name,
        state=row.state,
        asked=row.asked,
        versions=row.versions,
        size=row.size,
        done=row.done,
        result=row.result,
        problem=row.problem,
        created_at=row.created_at,
        ended_at=row.ended_at,
        interrupted=row.state in (WAITING, RUNNING) and now - row.seen_at > SILENT_AFTER,
    )
