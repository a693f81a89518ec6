"""Play the sample: make or find it, play the days that are missing, and say what came of it."""

import resource
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from outreach.audit import AuditReport, audit
from outreach.config import Settings
from outreach.db.tables import LandlordRow, UserRow
from outreach.errors import OutreachError
from outreach.runtime import Runtime, make_runtime
from outreach.sample.clock import SimulatedClock
from outreach.sample.portfolio import SLUG, SampleFacts, find_sample, make_sample, make_users
from outreach.sample.responder import make_responder
from outreach.sample.summary import counts, digest
from outreach.sample.world import World
from schedules.calendar import Calendar, load_law

Progress = Callable[[list[date]], AbstractContextManager[Iterable[date]]]
LOGIN_FILE = "demo-login"


class DemoError(OutreachError):
    """The demo cannot be played on this database."""


@dataclass(frozen=True, kw_only=True)
class DemoPlan:
    """What to play: `days` days up to and including `until`, for so many tenancies, from a seed.

    With `leave_last_day` the staff leave the work of the last day, so that there is something to do.
    """

    days: int
    until: date
    tenancies: int
    seed: int
    leave_last_day: bool = False

    @property
    def facts(self) -> SampleFacts:
        """Give what the sample is made with."""
        first_day = self.until - timedelta(days=self.days - 1)
        return SampleFacts(seed=self.seed, tenancies=self.tenancies, first_day=first_day)


@dataclass(frozen=True, kw_only=True)
class Demo:
    """A played sample: its runtime, its logins, and what it cost."""

    runtime: Runtime
    landlord_id: int
    facts: SampleFacts
    until: date
    password: str
    played: int
    seconds: float

    @property
    def days(self) -> int:
        """Give how many days the sample spans."""
        return (self.until - self.facts.first_day).days + 1


def demo_settings(settings: Settings, *, own_database: bool, name: str) -> Settings:
    """Give the machine's settings with the demo's own database, unless one was named in the environment."""
    if own_database:
        return replace(settings, mode="sandbox", database_url=f"sqlite:///{settings.data_dir / name}")
    return replace(settings, mode="sandbox")


def start_over(settings: Settings, name: str) -> None:
    """Forget the demo's own database file."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{settings.data_dir / name}{suffix}").unlink(missing_ok=True)


def play(settings: Settings, plan: DemoPlan, progress: Progress) -> Demo:
    """Play what is missing of a plan; a sample that is there is continued with its own seed and tenancies.

    Raises DemoError when the database is in use by a landlord that is no sample.
    """
    started = time.perf_counter()
    calendar = Calendar(load_law())
    clock = SimulatedClock(calendar.utc(plan.facts.first_day - timedelta(days=1)))
    runtime = make_runtime(settings, clock=clock, respond=make_responder(plan.seed))
    landlord_id, facts = _sample(runtime, plan)
    if facts.seed != plan.seed:
        runtime.db.dispose()
        return play(settings, replace(plan, seed=facts.seed), progress)
    password = _password(runtime, landlord_id, clock)
    left_open = plan.until if plan.leave_last_day else None
    world = World(runtime, landlord_id, facts.seed, clock, left_open)
    days = [day for day in _days(facts.first_day, plan.until) if not world.is_finished(day)]
    with progress(days) as shown:
        for day in shown:
            world.play(day)
    return Demo(
        runtime=runtime,
        landlord_id=landlord_id,
        facts=facts,
        until=plan.until,
        password=password,
        played=len(days),
        seconds=time.perf_counter() - started,
    )


def is_complete(settings: Settings, plan: DemoPlan) -> bool | None:
    """Say whether the database holds exactly this plan, played to its end; None when it holds no or another sample."""
    clock = SimulatedClock(Calendar(load_law()).utc(plan.until))
    runtime = make_runtime(settings, clock=clock)
    try:
        with runtime.db.read() as session:
            found = find_sample(session, SLUG)
        if found is None or found[1] != plan.facts:
            return None
        world = World(runtime, found[0], plan.seed, clock)
        return all(world.is_finished(day) for day in _days(plan.facts.first_day, plan.until))
    finally:
        runtime.db.dispose()


def _sample(runtime: Runtime, plan: DemoPlan) -> tuple[int, SampleFacts]:
    with runtime.db.read() as session:
        found = find_sample(session, SLUG)
        other = session.scalar(select(LandlordRow.name).where(LandlordRow.is_sample.is_(False)))
    if other is not None:
        raise DemoError(
            f"In deze database staat {other}. Kies voor het voorbeeld een lege database.",
            f"This database holds {other}. Choose an empty database for the sample.",
        )
    if found is not None:
        return found
    facts = plan.facts
    landlord_id = make_sample(runtime, slug=SLUG, seed=facts.seed, tenancies=facts.tenancies, first_day=facts.first_day)
    return landlord_id, facts


def _password(runtime: Runtime, landlord_id: int, clock: SimulatedClock) -> str:
    """Give the password of the sample's users: made at random once, kept beside the database."""
    path = runtime.settings.data_dir / LOGIN_FILE
    known = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    password = known or "-".join(secrets.token_hex(2) for _ in range(3))
    with runtime.db.read() as session:
        user = session.scalar(select(UserRow.id).where(UserRow.landlord_id == landlord_id).limit(1))
    if not known or user is None:
        make_users(runtime, landlord_id, password, clock())
    if not known:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(password, encoding="utf-8")
    return password


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def result(demo: Demo, report: AuditReport) -> dict[str, Any]:
    """Give what came of a demo as JSON data; memory in MB, seconds for playing alone."""
    data = report.as_data()
    return {
        **counts(demo.runtime, demo.landlord_id),
        "violations": data["violations"],
        "integrity": data["integrity"],
        "seconds": round(demo.seconds, 1),
        "peak_memory_mb": round(peak_memory_mb()),
        "days": demo.days,
        "played": demo.played,
        "until": demo.until.isoformat(),
        "tenancies": demo.facts.tenancies,
        "seed": demo.facts.seed,
        "digest": digest(demo.runtime, demo.landlord_id),
    }


def check(demo: Demo) -> AuditReport:
    """Let the audit judge the record of a demo."""
    return audit(demo.runtime.db.engine, demo.landlord_id)


def peak_memory_mb() -> float:
    """Give the most memory that this process has used (MB)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
