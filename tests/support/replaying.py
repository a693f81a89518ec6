"""Replay paths of the explorer in a database, many at once, with the services that the product runs by."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from channels.contract import Event
from outreach.db.tables import (
    AttemptRow,
    CaseRow,
    PauseRow,
    PaymentPlanRow,
    PermissionRow,
    ReferralRow,
    StepMoveRow,
    TaskRow,
    TeamRow,
)
from outreach.services import actions
from outreach.services.arrears import recompute_arrears
from outreach.services.deciding import record_decision
from outreach.services.plan_actions import agree_plan, end_plan
from outreach.services.planning import Planned, open_cases, plan_cases
from outreach.services.policy import Policy
from outreach.services.receiving import receive_events
from outreach.services.sending import send_due
from outreach.services.staff_work import complete_task, record_call, record_visit
from outreach.services.urgent import set_date
from schedules.proof.outside_fact import promised_on
from schedules.proof.state import Act
from tests.support.walking import Move, Path
from tests.support.worlds import CALENDAR, Home, World

OWED_CENTS, NEXT_MONTH_CENTS = 130_000, 100
"""What is open from the start, and what falls due each month after it where the ladder counts months."""

COMMON = frozenset({"delivered", "posted", "left"})
STAFF = frozenset({"call", "visit"})
SENT = STAFF | {"sms", "whatsapp", "email", "letter", "robocall"}
SILENT = frozenset({"paid", "paused", "paused_until", "signal_refused"})
"""Facts that the last check may be the first to see: the books, a pause, a refusal that came in meanwhile."""

PLAYED = frozenset(
    {"paid", "promised", "replied", "reply_handled", "plan_requested", "plan_active", "plan_broken", "paused",
     "paused_until", "resumed", "signal_refused"}
)  # fmt: skip
KINDS = ("flag:", "over:", "opted_out:", "skipped:", "date:", "ground:")


def can_be_played(acts: Sequence[Act]) -> bool:
    """Say whether the services can play what happened; what strikes between planning and going must come unseen."""
    facts = [act.fact for act in acts if act.kind == "fact"]
    if not all(fact in PLAYED or fact.startswith(KINDS) for fact in facts):
        return False
    if acts and acts[-1].kind != "fact":
        return all(fact in SILENT or fact.startswith(("flag:", "opted_out:", "skipped:")) for fact in facts)
    return True


@dataclass(kw_only=True)
class _Run:
    """One path with its case; `next` is the move that comes."""

    path: Path
    home: Home
    case_id: int = 0
    next: int = 0
    pauses: list[int] = field(default_factory=list)

    @property
    def move(self) -> Move | None:
        return self.path.moves[self.next] if self.next < len(self.path.moves) else None


class Replay:
    """Play paths side by side in one world, moment by moment."""

    def __init__(self, world: World, paths: Sequence[Path], *, counts_months: bool = False) -> None:
        self.world, self.counts_months = world, counts_months
        self.runs = [_Run(path=path, home=world.home()) for path in paths]
        self.by_case: dict[int, _Run] = {}
        self.policy: Policy = world.policy
        self.events = 0
        self.delivered: date | None = None

    def play(self) -> None:
        """Open every case and play every move at its own moment."""
        self._open()
        while moments := [run.move.at for run in self.runs if run.move is not None]:
            now = min(moments)
            self._come_to(now)
            while running := [run for run in self.runs if run.move is not None and run.move.at == now]:
                self._round(running, now)

    def _open(self) -> None:
        world, first = self.world, self.runs[0].path.moves[0].at
        due_on = CALENDAR.day_of(first) - timedelta(days=1)
        world.clock.set(first - timedelta(hours=1))
        for run in self.runs:
            world.permit(run.home, "whatsapp")
            world.owe(run.home, OWED_CENTS, due_on)
            for later in months_after(due_on) if self.counts_months else ():
                world.owe(run.home, NEXT_MONTH_CENTS, later)
        world.clock.set(first)
        with world.runtime.db.write() as session:
            session.execute(update(TeamRow).values(calls_per_day=100_000, visits_per_day=100_000))
            recompute_arrears(session, world.landlord_id, CALENDAR.day_of(first), first)
            open_cases(world.runtime, session, self.policy, first, Planned())
            cases = {row.tenancy_id: row.id for row in session.scalars(select(CaseRow))}
        for run in self.runs:
            run.case_id = cases[run.home.tenancy_id]
            self.by_case[run.case_id] = run

    def _come_to(self, now: datetime) -> None:
        day = CALENDAR.day_of(now)
        self.world.clock.set(now)
        if self.delivered != day:
            self.world.deliver(day, at=now)
            self.delivered = day
            if self.counts_months:
                with self.world.runtime.db.write() as session:
                    recompute_arrears(session, self.world.landlord_id, day, now)

    def _round(self, running: Sequence[_Run], now: datetime) -> None:
        """Play one move of each: facts that come unseen, what goes out, how it ends, and deciding anew."""
        sending: list[_Run] = []
        to_plan: list[int] = []
        for run in running:
            assert run.move is not None
            acts = run.move.acts
            last = acts[-1]
            if last.kind == "fact":
                to_plan += self._tell(run, last, now)
            elif last.kind == "decided":
                self._decide(run, last)
            else:
                self._slip_in([act for act in acts if act.kind == "fact"], run, now)
                to_plan.append(run.case_id)
                if last.kind in ("moved", "dropped") or (last.kind == "went" and last.channel in SENT):
                    sending.append(run)
        if sending:
            send_due(self.world.runtime, self.policy, now)
            self._end(sending, now)
        self._plan(to_plan, now)
        for run in running:
            run.next += 1
        self._leave([run for run in running if run.move is None])

    def _plan(self, case_ids: Sequence[int], now: datetime) -> None:
        for start in range(0, len(case_ids), 300):
            with self.world.runtime.db.write() as session:
                plan_cases(self.world.runtime, session, self.policy, case_ids[start : start + 300], now, Planned())

    def _leave(self, runs: Sequence[_Run]) -> None:
        """Take what is still planned out of the way of the other paths."""
        ids = [run.case_id for run in runs]
        with self.world.runtime.db.write() as session:
            session.execute(update(CaseRow).where(CaseRow.id.in_(ids)).values(state="closed"))
            planned = select(AttemptRow.id).where(AttemptRow.case_id.in_(ids), AttemptRow.state == "planned")
            session.execute(delete(AttemptRow).where(AttemptRow.id.in_(planned)))

    def _end(self, runs: Sequence[_Run], now: datetime) -> None:
        """Let what went out end as on the path: receipts and keys in one batch, calls and visits by staff."""
        ended = {run.case_id: run.path.moves[run.next].acts[-1] for run in runs}
        with self.world.runtime.db.read() as session:
            statement = select(AttemptRow).where(
                AttemptRow.case_id.in_(list(ended)),
                AttemptRow.claimed_at == now,
                AttemptRow.state.in_(("sent", "claimed")),
            )
            rows = list(session.scalars(statement))
        events = []
        for row in rows:
            act = ended[row.case_id]
            if act.kind != "went" or act.step != row.step or ":" in row.step:
                continue
            if row.kind in STAFF:
                card = any(
                    at == now and channel == "card" for _, channel, at, _ in self.by_case[row.case_id].path.made()
                )
                self._staff(row, act.outcome, card)
            elif act.outcome not in COMMON:
                events.append(self._event(row, act.outcome, now))
        if events:
            receive_events(self.world.runtime, events, now, self.policy)

    def _event(self, row: AttemptRow, outcome: str, now: datetime) -> Event:
        self.events += 1
        kind = "call" if row.channel == "robocall" else "receipt"
        return Event(
            event_id=f"replay-{self.events}",
            provider=row.provider or "sandbox",
            channel=row.channel,
            kind=kind,
            at=now,
            provider_ref=row.provider_ref,
            outcome=outcome,
        )

    def _staff(self, row: AttemptRow, outcome: str, card: bool) -> None:
        if row.kind == "call":
            record_call(self.world.runtime, self.world.actor, row.id, outcome)
        else:
            record_visit(self.world.runtime, self.world.actor, row.id, outcome, card_left=card)

    def _decide(self, run: _Run, act: Act) -> None:
        record_decision(
            self.world.runtime,
            self.world.actor,
            run.case_id,
            step=act.step,
            outcome="decided" if act.outcome == "done" else act.outcome,
            reason="overleg",
            reference="besluit 12",
            decided_on=CALENDAR.day_of(act.at),
        )

    def _tell(self, run: _Run, act: Act, now: datetime) -> list[int]:
        """Let a fact come in as it does in the product; returns the case when it has not been decided on yet."""
        kind, _, rest = act.fact.partition(":")
        tell: Callable[[_Run, str, datetime], None] | None = getattr(self, f"_on_{kind}", None)
        if tell is None:
            self._slip_in([act], run, now)
            return [run.case_id]
        tell(run, rest, now)
        return []

    def _slip_in(self, acts: Sequence[Act], run: _Run, now: datetime) -> None:
        """Write a fact as another process does, without deciding on the case."""
        for act in acts:
            kind, _, rest = act.fact.partition(":")
            write: Callable[[_Run, str, datetime], None] = getattr(self, f"_write_{kind}")
            write(run, rest, now)

    def _write_paid(self, run: _Run, rest: str, now: datetime) -> None:
        self.world.pay(run.home)

    def _write_paused(self, run: _Run, rest: str, now: datetime) -> None:
        self.world.add(self._pause(run, now, None))

    def _write_paused_until(self, run: _Run, rest: str, now: datetime) -> None:
        facts = run.path.end.facts
        until = next((m.at for m in run.path.moves[run.next :] for a in m.acts if a.fact == "resumed"), None)
        day = CALENDAR.day_of(until) if until is not None else None
        if day is None:
            assert facts.pause_until is not None
            day = facts.pause_until + timedelta(days=1)
        self.world.add(self._pause(run, now, day))

    def _pause(self, run: _Run, now: datetime, until: Any) -> PauseRow:
        return PauseRow(
            landlord_id=self.world.landlord_id, case_id=run.case_id, reason="other", from_at=now, until_on=until
        )

    def _write_flag(self, run: _Run, flag: str, now: datetime) -> None:
        self._set_flags(run, lambda flags: [*flags, flag])

    def _write_over(self, run: _Run, flag: str, now: datetime) -> None:
        self._set_flags(run, lambda flags: [each for each in flags if each != flag])

    def _set_flags(self, run: _Run, change: Callable[[list[str]], list[str]]) -> None:
        with self.world.runtime.db.write() as session:
            case = session.get_one(CaseRow, run.case_id)
            case.flags = change(list(case.flags))

    def _write_opted_out(self, run: _Run, channel: str, now: datetime) -> None:
        self.world.permit(run.home, channel, status="withdrawn", ground="stop_reply")

    def _write_signal_refused(self, run: _Run, rest: str, now: datetime) -> None:
        self.world.add(
            PermissionRow(
                landlord_id=self.world.landlord_id,
                person_id=run.home.person_id,
                subject="share",
                status="refused",
                ground="reply",
                occurred_on=CALENDAR.day_of(now),
                known_at=now,
            )
        )

    def _write_skipped(self, run: _Run, step: str, now: datetime) -> None:
        self.world.add(
            StepMoveRow(
                landlord_id=self.world.landlord_id,
                case_id=run.case_id,
                ladder_run=1,
                step=step,
                skipped=True,
                reason="overleg",
                known_at=now,
            )
        )

    def _on_skipped(self, run: _Run, step: str, now: datetime) -> None:
        actions.move_step(
            self.world.runtime, self.world.actor, run.case_id, step=step, skipped=True, reason="in overleg"
        )

    def _on_date(self, run: _Run, name: str, now: datetime) -> None:
        day = CALENDAR.day_of(now)
        set_date(self.world.runtime, self.world.actor, run.case_id, name=name, on=day, evidence="dagvaarding")

    def _on_ground(self, run: _Run, ground: str, now: datetime) -> None:
        actions.set_ground(self.world.runtime, self.world.actor, run.case_id, ground=ground, note="gezien")

    def _on_promised(self, run: _Run, rest: str, now: datetime) -> None:
        day = promised_on(CALENDAR.day_of(now))
        actions.log_talk(
            self.world.runtime, self.world.actor, run.case_id, at=now, channel="email", note="belooft te betalen"
        )
        actions.note_promise(self.world.runtime, self.world.actor, run.case_id, promised_on=day)

    def _on_replied(self, run: _Run, rest: str, now: datetime) -> None:
        self.world.reply(run.home.phone, "mijn kat is ziek")

    def _on_reply_handled(self, run: _Run, rest: str, now: datetime) -> None:
        with self.world.runtime.db.read() as session:
            tasks = select(TaskRow.id).where(
                TaskRow.case_id == run.case_id, TaskRow.state == "open", TaskRow.kind.in_(("reply", "call_back"))
            )
            ids = list(session.scalars(tasks))
        for task_id in ids:
            complete_task(self.world.runtime, self.world.actor, task_id, "done")

    def _on_plan_requested(self, run: _Run, rest: str, now: datetime) -> None:
        self.world.reply(run.home.phone, "REGELING")

    def _on_plan_active(self, run: _Run, rest: str, now: datetime) -> None:
        first_on = CALENDAR.day_of(now) + timedelta(days=30)
        agree_plan(self.world.runtime, self.world.actor, run.case_id, month_cents=20000, first_on=first_on)

    def _on_plan_broken(self, run: _Run, rest: str, now: datetime) -> None:
        with self.world.runtime.db.read() as session:
            plan_id = session.scalar(select(PaymentPlanRow.id).where(PaymentPlanRow.case_id == run.case_id))
        assert plan_id is not None
        end_plan(self.world.runtime, self.world.actor, run.case_id, plan_id=plan_id, reason="niet betaald")

    def _on_resumed(self, run: _Run, rest: str, now: datetime) -> None:
        with self.world.runtime.db.read() as session:
            ids = list(
                session.scalars(select(PauseRow.id).where(PauseRow.case_id == run.case_id, PauseRow.ended_at.is_(None)))
            )
        for pause_id in ids:
            actions.resume_case(
                self.world.runtime, self.world.actor, run.case_id, pause_id=pause_id, reason="weer verder"
            )

    def timelines(self) -> dict[int, list[tuple[str, str, datetime, bool]]]:
        """Give per path what went out or was done: (step, channel, moment, failed), oldest first."""
        found: dict[int, list[tuple[str, str, datetime, bool]]] = defaultdict(list)
        numbers = {run.case_id: number for number, run in enumerate(self.runs)}
        with self.world.runtime.db.read() as session:
            rows = session.execute(
                select(
                    AttemptRow.case_id, AttemptRow.step, AttemptRow.channel, AttemptRow.sent_at, AttemptRow.state
                ).where(AttemptRow.sent_at.is_not(None), AttemptRow.kind != "decision")
            )
            for case_id, step, channel, sent_at, state in rows:
                if ":" not in step and sent_at is not None:
                    found[numbers[case_id]].append((step, channel, sent_at, state == "failed"))
        return defaultdict(list, {n: sorted(rows, key=lambda each: (each[2], each[0])) for n, rows in found.items()})

    def referrals(self) -> dict[int, list[tuple[str, datetime]]]:
        """Give per path its referrals: (step, moment), oldest first."""
        found: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
        numbers = {run.case_id: number for number, run in enumerate(self.runs)}
        with self.world.runtime.db.read() as session:
            for row in session.scalars(select(ReferralRow).where(ReferralRow.sent_at.is_not(None))):
                assert row.sent_at is not None
                found[numbers[row.case_id]].append((row.step, row.sent_at))
        return defaultdict(list, {n: sorted(rows, key=lambda each: (each[1], each[0])) for n, rows in found.items()})


def months_after(due_on: date) -> list[date]:
    """Give the due dates of the year after a first one, on the same day of each month."""
    months = (due_on.year * 12 + due_on.month - 1 + ahead for ahead in range(1, 12))
    return [date(number // 12, number % 12 + 1, due_on.day) for number in months]
