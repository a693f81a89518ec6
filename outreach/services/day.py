"""A day of the worker: ticks that do nothing twice, and remember how far they have come."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from outreach.db.tables import DayRunRow, LandlordRow
from outreach.runtime import Runtime
from outreach.services import evidence, following
from outreach.services.arrears import recompute_arrears
from outreach.services.office_hours import plan_due
from outreach.services.planning import plan_all
from outreach.services.policy import Policy, load_policy
from outreach.services.receiving import poll_channels
from outreach.services.sending import recover, send_due
from outreach.services.staff_work import refresh_staff_tasks
from outreach.services.watching import watch
from schedules.calendar import Calendar

DECIDE_AT = time(7, 30)
LAST_TICK = time(20)
TICKS: Sequence[time] = (DECIDE_AT, *(time(hour) for hour in range(9, 20)), LAST_TICK)
"""Local times of the ticks of a played day; the live worker ticks every minute."""

DAY_RUN = select(DayRunRow).where(DayRunRow.landlord_id == bindparam("landlord"), DayRunRow.day == bindparam("day"))

BeforeTick = Callable[[datetime], None]


@dataclass
class TickReport:
    """What one or more ticks did: counts by what happened, refusals by reason code."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def add(self, other: "TickReport") -> None:
        """Add another report to this one."""
        self.counts.update(other.counts)
        self.refused.update(other.refused)


def landlords(session: Session) -> list[int]:
    """List the landlords of this database."""
    return list(session.scalars(select(LandlordRow.id).order_by(LandlordRow.id)))


def tick(runtime: Runtime, landlord_id: int, now: datetime) -> TickReport:
    """Do what is to be done at this moment; the same tick again does nothing again.

    First what an interrupted sender left is asked after; then what came back is taken in; from 07:30
    on, once a day on which contact is lawful, everything is decided, and later that day what must wait for the
    office; then what is due goes out.
    """
    local = runtime.calendar.local(now)
    with runtime.db.read() as session:
        policy = load_policy(session, landlord_id)
        known = _day_run(session, landlord_id, local.date())
        decided = known is not None and known.decided_at is not None
    report = TickReport()
    report.counts.update(recover(runtime, policy, now))
    report.counts.update(poll_channels(runtime, policy, now))
    if not is_ready(policy):
        report.refused["not_ready"] += 1
    elif not decided and local.time() >= DECIDE_AT and runtime.calendar.is_contact_day(local.date()):
        decide_day(runtime, policy, now, report)
    elif decided:
        report.counts.update(plan_due(runtime, policy, now).counts)
    report.counts.update(send_due(runtime, policy, now))
    if report.counts or report.refused or local.time() >= LAST_TICK:
        _remember(runtime, landlord_id, now, report)
    return report


def is_ready(policy: Policy) -> bool:
    """Say whether tenants can be told who writes and whom to call; before that nothing is decided."""
    settings = policy.settings
    return bool(settings.contact_name and settings.sender_phone)


def decide_day(runtime: Runtime, policy: Policy, now: datetime, report: TickReport) -> None:
    """Do the day's follow-up and decisions; a killed day does them again, to the same end."""
    day = runtime.calendar.day_of(now)
    with runtime.db.write() as session:
        recompute_arrears(
            session, policy.landlord_id, on=day, now=now, month_definition=policy.settings.month_definition
        )
        report.counts.update(refresh_staff_tasks(runtime, session, policy, now))
    with runtime.db.write() as session:
        report.counts.update(following.follow_up(runtime, session, policy, now))
        report.counts.update(watch(runtime, session, policy, now))
    planned = plan_all(runtime, policy, now)
    report.counts.update(planned.counts)
    report.refused.update(planned.refused)
    with runtime.db.write() as session:
        _ensure_day_run(session, policy.landlord_id, day).decided_at = now


def _day_run(session: Session, landlord_id: int, day: date) -> DayRunRow | None:
    return session.scalar(DAY_RUN, {"landlord": landlord_id, "day": day})


def _ensure_day_run(session: Session, landlord_id: int, day: date) -> DayRunRow:
    row = _day_run(session, landlord_id, day)
    if row is None:
        row = DayRunRow(landlord_id=landlord_id, day=day, counts={})
        session.add(row)
        session.flush()
    return row


def _remember(runtime: Runtime, landlord_id: int, now: datetime, report: TickReport) -> None:
    with runtime.db.write() as session:
        row = _ensure_day_run(session, landlord_id, runtime.calendar.day_of(now))
        row.last_tick_at = now
        totals = Counter(row.counts.get("counts", {})) + report.counts
        refused = dict(report.refused) or row.counts.get("refused", {})
        row.counts = {"counts": dict(totals), "refused": refused}


def moments_of(calendar: Calendar, day: date) -> list[datetime]:
    """Give the ticks of a civil day as UTC moments."""
    return [calendar.utc(day, moment) for moment in TICKS]


def play_day(
    runtime: Runtime,
    landlord_id: int,
    day: date,
    until: datetime,
    set_clock: Callable[[datetime], object],
    before_tick: BeforeTick | None = None,
) -> TickReport:
    """Play the ticks of a day up to `until`; ticks that were finished before are left out.

    `before_tick` is where a simulated world does its part (deliveries, staff); it is called before each
    tick, also before one that an interruption left unfinished.
    """
    report = TickReport()
    done_until = finished_until(runtime, landlord_id, day)
    for moment in moments_of(runtime.calendar, day):
        if moment > until:
            break
        if done_until is not None and moment <= done_until:
            continue
        set_clock(moment)
        if before_tick is not None:
            before_tick(moment)
        report.add(tick(runtime, landlord_id, moment))
    finish_day(runtime, landlord_id, day, until)
    return report


def finished_until(runtime: Runtime, landlord_id: int, day: date) -> datetime | None:
    """Say until which tick a day has been finished."""
    with runtime.db.read() as session:
        row = _day_run(session, landlord_id, day)
        return row.last_tick_at if row else None


def finish_day(runtime: Runtime, landlord_id: int, day: date, now: datetime) -> None:
    """Anchor the evidence when the last tick of the day is behind us."""
    end = runtime.calendar.utc(day, LAST_TICK)
    if now < end:
        return
    with runtime.db.write() as session:
        evidence.anchor(session, landlord_id, day, end)


def day_counts(runtime: Runtime, landlord_id: int, day: date) -> TickReport:
    """Give what a day did so far, over all its ticks."""
    with runtime.db.read() as session:
        row = _day_run(session, landlord_id, day)
    if row is None:
        return TickReport()
    return TickReport(counts=Counter(row.counts.get("counts", {})), refused=Counter(row.counts.get("refused", {})))
