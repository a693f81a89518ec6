"""The simulated staff: they call, visit, answer replies and work their list, through the same services as the console.

What a colleague does in an hour depends on the record as it was at its start, and every action has its own moment
drawn from its task; so an hour that was interrupted is finished with the same actions at the same moments.
"""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import (
    AreaRow,
    AttemptRow,
    CaseRow,
    ReferralRow,
    TalkRow,
    TaskRow,
    TeamRow,
    TenancyRow,
    UserRow,
)
from outreach.runtime import Runtime
from outreach.sample.chance import draw, happens, pick
from outreach.sample.clock import SimulatedClock
from outreach.sample.deciding import decide_first
from outreach.sample.phoning import PhonedIn, phoned_in
from outreach.sample.responder import stable_key
from outreach.sample.talking import after_talk, note_ground, note_of
from outreach.services import actions
from outreach.services.acting import Refused
from outreach.services.actor import Actor
from schedules.behaviour import profile_of, respond

FIRST, LAST = time(10), time(16)
WINDOW = timedelta(hours=1)
LONGEST_WAIT = 2
"""Half hours that a task waits at most for its turn, within a working day (assumption)."""

AFTER_TALK = timedelta(seconds=150)
"""What is agreed in a talk is recorded at its end."""

AN_INSTANT = timedelta(microseconds=1)
NOBODY_OPENED = frozenset({"not_home", "not_opened"})
OUTCOMES: Mapping[str, tuple[str, str]] = {
    "decision": ("noted", "Samen bekeken; we blijven contact zoeken."),
    "failed_delivery": ("looked_up", "Geen ander nummer gevonden."),
    "referral_overdue": ("asked_partner", "De partner gebeld; antwoord volgt."),
    "referral_rejected": ("noted", "De partner vindt het te licht; wij gaan zelf verder."),
    "signal_refused": ("noted", "De gemeente heeft nog geen overeenkomst."),
    "resume": ("noted", "Gekeken of het stilzetten nog klopt."),
    "how_on": ("noted", "Samen bekeken; een collega zoekt opnieuw contact."),
    "not_reached": ("noted", "Hier is geen partner voor; wij zoeken zelf verder."),
}
"""What a task that is no contact ends with, and the note."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """One task with what is needed to do it."""

    task: TaskRow
    tenant: str
    team: str
    attempt: AttemptRow | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class _Window:
    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True, order=True)
class _Job:
    at: datetime
    key: str
    do: Callable[[], None] = field(compare=False)
    talks: bool = field(default=True, compare=False)


Feedback = tuple[datetime, ReferralRow, str]
"""When a partner reports back, on which referral, of which case number."""


class Staff:
    """The colleagues of one sample landlord; each acts under his own name."""

    def __init__(self, runtime: Runtime, landlord_id: int, seed: int, clock: SimulatedClock) -> None:
        self._runtime, self._landlord_id, self._seed, self._clock = runtime, landlord_id, seed, clock
        self._calendar = runtime.calendar
        self._actors: dict[tuple[str, str], Actor] = {}
        self._today: tuple[date, Sequence[PhonedIn], Sequence[Feedback]] | None = None

    def work(self, end: datetime) -> None:
        """Do what is done in the hour before a moment; done again it changes nothing."""
        window = _Window(start=end - WINDOW, end=end)
        local = self._calendar.local(window.start)
        if not self._calendar.is_working_day(local.date()) or not FIRST <= local.time() < LAST:
            return
        jobs = self._jobs(window, local.date())
        while jobs:
            job = heapq.heappop(jobs)
            self._clock.set(job.at)
            job.do()
            for follow_up in self._follow_ups(job.at, job.at + AN_INSTANT) if job.talks else ():
                heapq.heappush(jobs, follow_up)

    def _jobs(self, window: _Window, day: date) -> list[_Job]:
        with self._runtime.db.read() as session:
            self._load_actors(session)
            calls, feedback = self._from_outside(session, day)
            work = self._due(session, window)
        jobs = [_Job(at=each.at, key=f"task {each.task.key}", do=partial(self._do, each)) for each in work]
        jobs += [_Job(at=each.at, key=f"call {each.attempt_id}", do=partial(self._pick_up, each)) for each in calls]
        jobs += [
            _Job(at=at, key=f"feedback {row.id}", talks=False, do=partial(self._hear, row, number))
            for at, row, number in feedback
        ]
        jobs += self._follow_ups(window.start - AFTER_TALK, window.end - AFTER_TALK)
        jobs = [job for job in jobs if window.start <= job.at < window.end]
        heapq.heapify(jobs)
        return jobs

    def _load_actors(self, session: Session) -> None:
        if self._actors:
            return
        rows = session.execute(
            select(UserRow, TeamRow.code)
            .outerjoin(TeamRow, TeamRow.id == UserRow.team_id)
            .where(UserRow.landlord_id == self._landlord_id)
            .order_by(UserRow.id)
        )
        for user, team in rows:
            self._actors.setdefault((user.role, team or ""), Actor(label=user.username, user_id=user.id))

    def actor(self, role: str, team: str) -> Actor:
        """Give who works in a role in a team; the administrator where nobody does."""
        return self._actors.get((role, team)) or self._actors[("admin", "")]

    def _due(self, session: Session, window: _Window) -> list[Work]:
        statement = (
            select(TaskRow, TenancyRow.external_ref, TeamRow.code, AttemptRow)
            .outerjoin(CaseRow, CaseRow.id == TaskRow.case_id)
            .outerjoin(TenancyRow, TenancyRow.id == CaseRow.tenancy_id)
            .outerjoin(AreaRow, AreaRow.id == CaseRow.area_id)
            .outerjoin(TeamRow, TeamRow.id == AreaRow.team_id)
            .outerjoin(AttemptRow, AttemptRow.id == TaskRow.attempt_id)
            .where(TaskRow.landlord_id == self._landlord_id, TaskRow.state == "open", TaskRow.due_at < window.start)
            .order_by(TaskRow.id)
        )
        found = []
        for task, tenant, team, attempt in session.execute(statement):
            key = (self._seed, tenant, task.kind, task.due_at)
            ready_at = task.due_at + WINDOW * draw(LONGEST_WAIT, *key, "wait")
            fresh = attempt is not None and (attempt.claimed_at is None or attempt.claimed_at >= window.start)
            if ready_at < window.end and not (task.kind in ("call", "visit") and fresh):
                at = window.start + timedelta(seconds=60 + draw(3300, *key, "moment"))
                found.append(Work(task=task, tenant=tenant or "", team=team or "", attempt=attempt, at=at))
        return found

    def _do(self, work: Work) -> None:
        """Do one task; what was done or dropped meanwhile is left."""
        with self._runtime.db.read() as session:
            state = session.scalar(select(TaskRow.state).where(TaskRow.id == work.task.id))
        if state != "open":
            return
        try:
            self._act(work)
        except Refused:
            self._complete(work, "noted", "Dit kon niet meer.")

    def _act(self, work: Work) -> None:
        task, office = work.task, self.actor("worker", work.team)
        match task.kind:
            case "call":
                actions.record_call(self._runtime, office, _attempt(work).id, self._outcome(work))
            case "visit":
                self._visit(work)
            case "plan_request" if task.case_id is not None:
                self._plan(work, task.case_id)
            case "call_back" | "broken_promise" | "broken_plan" if task.case_id is not None:
                self._call_back(work, task.case_id)
            case _ if task.inbound_id is not None:
                actions.handle_inbound(self._runtime, office, task.inbound_id, "Gelezen en beantwoord aan de telefoon.")
            case _:
                self._complete(work, *OUTCOMES.get(task.kind, ("noted", "Bekeken.")))

    def _outcome(self, work: Work) -> str:
        attempt = _attempt(work)
        key = stable_key(work.tenant, attempt.key, attempt.template or "", work.at)
        return respond(profile_of(work.tenant, self._seed), attempt.channel, key, work.at, self._seed).outcome

    def _visit(self, work: Work) -> None:
        outcome, keys = self._outcome(work), (self._seed, work.tenant, _attempt(work).step, "visit")
        opened = outcome not in NOBODY_OPENED
        signals = (pick(("neglect", "loneliness", "child"), *keys),) if happens(20, *keys, "signals") else ()
        field = self.actor("field", work.team)
        if signals and work.task.case_id is not None:
            note_ground(self._runtime, field, work.task.case_id, "worry", "Zorgen na het zien van de woning.")
        actions.record_visit(
            self._runtime,
            field,
            _attempt(work).id,
            outcome,
            card_left=not opened,
            note=note_of(outcome),
            signals=signals,
            consent_to_share=outcome == "talked" and happens(50, *keys, "consent"),
            client_id=f"{work.tenant}:{_attempt(work).step}:{_attempt(work).attempt}",
        )

    def _plan(self, work: Work, case_id: int) -> None:
        asked = int(work.task.detail.get("month_cents", 0)) or 5_000
        today = self._calendar.day_of(work.at)
        first_on = _next_payday(today)
        office = self.actor("worker", work.team)
        actions.agree_plan(self._runtime, office, case_id, month_cents=asked, first_on=first_on, capacity_cents=asked)

    def _call_back(self, work: Work, case_id: int) -> None:
        answers = 85 if work.task.kind == "call_back" else 45
        if happens(answers, self._seed, work.tenant, work.task.kind, work.at, "answers"):
            office = self.actor("worker", work.team)
            actions.log_talk(self._runtime, office, case_id, at=None, channel="phone", note="Teruggebeld en gesproken.")
        else:
            self._complete(work, "no_answer", "Gebeld, geen gehoor.")

    def _complete(self, work: Work, outcome: str, note: str) -> None:
        office = self.actor("worker", work.team)
        if work.task.inbound_id is not None:
            actions.handle_inbound(self._runtime, office, work.task.inbound_id, note)
            return
        if work.task.kind == "decision" and work.task.case_id is not None:
            decide_first(self._runtime, office, work.task.case_id, work.task.detail["step"], note)
            return
        actions.complete_task(self._runtime, office, work.task.id, outcome, note)

    def _from_outside(self, session: Session, day: date) -> tuple[Sequence[PhonedIn], Sequence[Feedback]]:
        """Give who phones and which partner reports back on a day; both follow from the days before it."""
        if self._today is None or self._today[0] != day:
            calls = phoned_in(session, self._calendar, self._landlord_id, day, self._seed)
            self._today = (day, calls, list(self._feedback(session, day)))
        return self._today[1:]

    def _pick_up(self, call: PhonedIn) -> None:
        """Take the call of a tenant who got a letter or a card, once."""
        with self._runtime.db.read() as session:
            known = select(TalkRow.id).where(TalkRow.case_id == call.case_id, TalkRow.at == call.at)
            state = session.scalar(select(CaseRow.state).where(CaseRow.id == call.case_id))
            if state != "open" or session.scalar(known) is not None:
                return
        office = self.actor("worker", call.team)
        note = f"Belt na {'het kaartje' if call.channel == 'card' else 'de brief'}: {call.words}"
        actions.log_talk(self._runtime, office, call.case_id, at=None, channel="phone", note=note)

    def _follow_ups(self, first: datetime, last: datetime) -> list[_Job]:
        """Give what is agreed in the talks of staff between two moments (half-open), each a little later."""
        statement = (
            select(TalkRow, TenancyRow.external_ref, TeamRow.code)
            .join(CaseRow, CaseRow.id == TalkRow.case_id)
            .join(TenancyRow, TenancyRow.id == CaseRow.tenancy_id)
            .join(AreaRow, AreaRow.id == CaseRow.area_id)
            .outerjoin(TeamRow, TeamRow.id == AreaRow.team_id)
            .where(
                TalkRow.landlord_id == self._landlord_id,
                TalkRow.by_user_id.is_not(None),
                TalkRow.at >= first,
                TalkRow.at < last,
                CaseRow.state == "open",
            )
            .order_by(TalkRow.at, TalkRow.id)
        )
        with self._runtime.db.read() as session:
            talks = session.execute(statement).all()
        return [
            _Job(
                at=talk.at + AFTER_TALK, key=f"talk {talk.id}", talks=False, do=partial(self._agree, talk, tenant, team)
            )
            for talk, tenant, team in talks
        ]

    def _agree(self, talk: TalkRow, tenant: str, team: str | None) -> None:
        after_talk(self._runtime, self.actor("worker", team or ""), talk, tenant, self._seed)

    def _feedback(self, session: Session, day: date) -> Iterator[Feedback]:
        """Give the referrals on which the partner reports back on a day; three in twenty never do."""
        statement = (
            select(ReferralRow, CaseRow.number)
            .join(CaseRow, CaseRow.id == ReferralRow.case_id)
            .where(
                ReferralRow.landlord_id == self._landlord_id,
                ReferralRow.feedback_at.is_(None),
                ReferralRow.state == "sent",
            )
            .order_by(ReferralRow.id)
        )
        for row, number in session.execute(statement):
            keys = (self._seed, number, row.step, row.partner_kind)
            sent_on = self._calendar.day_of(row.sent_at or row.queued_at or self._clock())
            answers_on = self._calendar.add_working_days(sent_on, 2 + draw(9, *keys, "days"))
            if answers_on == day and not happens(15, *keys, "silent"):
                yield self._calendar.utc(day, FIRST) + timedelta(seconds=draw(6 * 3600, *keys, "moment")), row, number

    def _hear(self, row: ReferralRow, number: str) -> None:
        with self._runtime.db.read() as session:
            if session.scalar(select(ReferralRow.feedback_at).where(ReferralRow.id == row.id)) is not None:
                return
        keys = (self._seed, row.step, row.partner_kind, number)
        accepted = happens(75, *keys, "accepted")
        helped = accepted and happens(45, *keys, "helped")
        text = (
            "Te licht voor ons team." if not accepted else ("Hulp is gestart." if helped else "Wij nemen contact op.")
        )
        actor = self.actor("worker", "")
        actions.referral_feedback(
            self._runtime,
            actor,
            row.id,
            state="accepted" if accepted else "rejected",
            text=text,
            help_said="accepted" if helped else None,
            reason=None if accepted else "too_light",
        )


def _attempt(work: Work) -> AttemptRow:
    assert work.attempt is not None
    return work.attempt


def _next_payday(today: date) -> date:
    first = today.replace(day=25)
    return first if first > today else (first + timedelta(days=10)).replace(day=25)
