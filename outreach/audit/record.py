"""The stored record as the audit reads it: plain rows, loaded set by set, in one read transaction."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, FromClause, Row, Select, select

from outreach.audit.days import local
from outreach.audit.report import Finding
from outreach.db.cases import AttemptRow, CaseRow, InboundRow, PauseRow, TalkRow, TaskRow
from outreach.db.ledger import DeliveryRow
from outreach.db.plans import PaymentPlanRow, PromiseRow
from outreach.db.record import DocumentRow
from outreach.db.referrals import TrajectoryRow

ATTEMPT = AttemptRow.__table__
CASE = CaseRow.__table__
INBOUND = InboundRow.__table__
TASK = TaskRow.__table__
STREAM = {"yield_per": 2000}
"""Read a large set in pieces, so that memory stays small."""

ANSWER_WITHIN = timedelta(minutes=10)
"""How long after the tenant's own message an answer is exempt (rules.md 38)."""

CLAIM_HOLDS = timedelta(minutes=5)
"""How long after its claim an attempt is judged on what was known at the claim; later, on what was known when sent."""

MACHINE_CHANNELS = frozenset({"sms", "whatsapp", "email", "letter", "robocall"})
WRITTEN = MACHINE_CHANNELS | {"card"}
"""Channels whose text comes to the tenant as it stands; the text of a call or visit is for the colleague."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """An attempt that went out or was made at `sent_at`; `received_at` is when the message it answers came."""

    id: int
    key: str
    landlord_id: int
    case_id: int
    case_number: str
    tenancy_id: int
    household_id: int
    ladder_run: int
    step: str
    attempt: int
    addressee_id: int
    contact_point_id: int | None
    channel: str
    purpose: str
    template: str | None
    language: str
    moment: str
    claimed_at: datetime | None
    sent_at: datetime
    provider: str | None
    provider_ref: str | None
    outcome: str | None
    answers_inbound_id: int | None
    received_at: datetime | None
    intent: str | None
    settings_version_id: int
    b1_passed: bool | None

    @property
    def day(self) -> date:
        """The Dutch civil day on which it went out."""
        return local(self.sent_at).date()

    @property
    def judged_at(self) -> datetime:
        """The moment whose knowledge binds it: its claim, or its going out when that came much later."""
        claimed_at = self.claimed_at
        if claimed_at is not None and claimed_at <= self.sent_at <= claimed_at + CLAIM_HOLDS:
            return claimed_at
        return self.sent_at

    @property
    def in_time(self) -> bool:
        """Whether it answers the tenant's own message within ten minutes (rules.md 38)."""
        if self.purpose != "answer" or self.received_at is None:
            return False
        return self.received_at <= self.sent_at <= self.received_at + ANSWER_WITHIN

    def finding(self, code: str, what: str) -> Finding:
        """Say what is wrong with this attempt."""
        return Finding(
            code=code, what=what, attempt_id=self.id, key=self.key, case_number=self.case_number, at=self.sent_at
        )


QUIET = frozenset({"crisis", "threat", "bereaved", "represented", "dispute"})
"""Reasons of a pause in which nobody is asked for an instalment of a plan either (rules.md 8, 31)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """A stretch in which a case gets no collection contact: [from_at, ended_at), and before `until_on`.

    In a quiet one nobody asks for an instalment of a plan either.
    """

    code: str
    from_at: datetime
    ended_at: datetime | None
    until_on: date | None = None
    inbound_id: int | None = None
    is_quiet: bool = False

    def holds(self, at: datetime, day: date) -> bool:
        """Say whether it was in force at a moment on a civil day."""
        if at < self.from_at or (self.ended_at is not None and self.ended_at <= at):
            return False
        return self.until_on is None or day < self.until_on


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The landlord's figures that bind an attempt, with the product's defaults."""

    per_day: int = 1
    per_days: int = 2
    days: int = 7
    rest_after_talk_hours: int = 72
    rest_after_promise_hours: int = 72
    stale_ledger_working_days: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Rest:
    """A talk or a promise after which a household is left alone; `at` is when, `known_at` when it was known."""

    code: str
    at: datetime
    known_at: datetime


def scoped(statement: Select[Any], table: FromClause, landlord_id: int | None) -> Select[Any]:
    """Narrow a statement to one landlord, or to none when it is None."""
    return statement if landlord_id is None else statement.where(table.c.landlord_id == landlord_id)


_JOINED = {"case_number", "tenancy_id", "received_at", "intent"}


def load_sent(connection: Connection, landlord_id: int | None) -> list[Sent]:
    """Load all sent attempts without their texts, by the moment on which they went out."""
    own = [ATTEMPT.c[name] for name in Sent.__slots__ if name not in _JOINED]
    joined = [CASE.c.number.label("case_number"), CASE.c.tenancy_id, INBOUND.c.received_at, INBOUND.c.intent]
    source = ATTEMPT.join(CASE, CASE.c.id == ATTEMPT.c.case_id).outerjoin(
        INBOUND, INBOUND.c.id == ATTEMPT.c.answers_inbound_id
    )
    statement = select(*own, *joined).select_from(source).where(ATTEMPT.c.sent_at.is_not(None))
    ordered = scoped(statement, ATTEMPT, landlord_id).order_by(ATTEMPT.c.sent_at, ATTEMPT.c.id)
    return [Sent(**row) for row in connection.execute(ordered).mappings()]


def load_texts(connection: Connection, landlord_id: int | None) -> Iterator[tuple[int, str | None, str | None]]:
    """Stream (attempt id, subject, text) of every sent attempt whose text comes to the tenant as it stands."""
    statement = select(ATTEMPT.c.id, ATTEMPT.c.subject, ATTEMPT.c.text).where(
        ATTEMPT.c.sent_at.is_not(None), ATTEMPT.c.channel.in_(sorted(WRITTEN))
    )
    rows = connection.execute(scoped(statement, ATTEMPT, landlord_id), execution_options=STREAM)
    yield from ((row[0], row[1], row[2]) for row in rows)


def load_limits(connection: Connection) -> dict[int, Limits]:
    """Load the figures of every settings version; a figure that is absent has the product's default."""
    document = DocumentRow.__table__
    used = select(ATTEMPT.c.settings_version_id).distinct()
    rows = connection.execute(select(document.c.id, document.c.body).where(document.c.id.in_(used)))
    return {row.id: read_limits(row.body) for row in rows}


def read_limits(body: str) -> Limits:
    """Read the figures from a settings document (JSON); what is not a whole number counts as absent."""
    try:
        data = json.loads(body)
    except ValueError:
        return Limits()
    if not isinstance(data, dict):
        return Limits()
    pressure = data.get("pressure")
    given = {**data, **(pressure if isinstance(pressure, dict) else {})}
    return Limits(**{name: given[name] for name in Limits.__slots__ if type(given.get(name)) is int})


def load_holds(connection: Connection, landlord_id: int | None) -> Mapping[int, Sequence[Hold]]:
    """Load per case the pauses, trajectories, open promises, active plans and messages that wait for a person."""
    pause, promise, plan = PauseRow.__table__, PromiseRow.__table__, PaymentPlanRow.__table__
    trajectory = TrajectoryRow.__table__
    holds: defaultdict[int, list[Hold]] = defaultdict(list)
    asked = _asked_to_resume(connection, landlord_id)
    for row in connection.execute(scoped(select(pause), pause, landlord_id)):
        is_quiet, at = row.reason in QUIET, row.from_at
        holds[row.case_id].append(
            Hold(code="pause", from_at=at, ended_at=row.ended_at, until_on=row.until_on, is_quiet=is_quiet)
        )
        if row.end_reason == "end_date" and row.ended_at is not None:
            holds[row.case_id] += _after_the_end(row, asked)
    for row in connection.execute(scoped(select(trajectory), trajectory, landlord_id)):
        if row.started_at is not None:
            holds[row.case_id].append(Hold(code="trajectory", from_at=row.started_at, ended_at=row.ended_at))
    for row in connection.execute(scoped(select(promise), promise, landlord_id)):
        until_on = row.promised_on + timedelta(days=1)
        holds[row.case_id].append(Hold(code="promise", from_at=row.made_at, ended_at=row.ended_at, until_on=until_on))
    for row in connection.execute(scoped(select(plan).where(plan.c.agreed_at.is_not(None)), plan, landlord_id)):
        holds[row.case_id].append(Hold(code="plan", from_at=row.agreed_at, ended_at=row.ended_at))
    for row in connection.execute(_messages(landlord_id)):
        holds[row.case_id].append(
            Hold(code="unanswered", from_at=row.known_at, ended_at=row.handled_at, inbound_id=row.id)
        )
    return holds


def _asked_to_resume(connection: Connection, landlord_id: int | None) -> Mapping[str, datetime | None]:
    """Load by key when a person dealt with the question whether contact begins again; None while nobody did."""
    statement = select(TASK.c.key, TASK.c.done_at).where(TASK.c.kind == "resume")
    return {row.key: row.done_at for row in connection.execute(scoped(statement, TASK, landlord_id))}


def _after_the_end(row: Row[Any], asked: Mapping[str, datetime | None]) -> Iterator[Hold]:
    """Give what holds after a pause ended by its date: that day, and for help until a person has decided."""
    yield Hold(
        code="pause", from_at=row.ended_at, ended_at=None, until_on=local(row.ended_at).date() + timedelta(days=1)
    )
    key = f"resume:{row.id}"
    if row.referral_id is not None and key in asked:
        yield Hold(code="resume_asked", from_at=row.ended_at, ended_at=asked[key])


def _messages(landlord_id: int | None) -> Select[Any]:
    """Select the messages that were not dealt with in the moment they were known."""
    statement = select(INBOUND.c.id, INBOUND.c.case_id, INBOUND.c.known_at, INBOUND.c.handled_at).where(
        INBOUND.c.case_id.is_not(None),
        INBOUND.c.handled_at.is_(None) | (INBOUND.c.handled_at > INBOUND.c.known_at),
    )
    return scoped(statement, INBOUND, landlord_id)


def load_rests(connection: Connection, landlord_id: int | None) -> Mapping[int, Sequence[Rest]]:
    """Load per household its talks and promises over all its cases."""
    talk, promise = TalkRow.__table__, PromiseRow.__table__
    rests: defaultdict[int, list[Rest]] = defaultdict(list)
    talks = select(CASE.c.household_id, talk.c.at, talk.c.known_at).join(CASE, CASE.c.id == talk.c.case_id)
    for row in connection.execute(scoped(talks, talk, landlord_id)):
        rests[row.household_id].append(Rest(code="talk", at=row.at, known_at=row.known_at))
    promises = select(CASE.c.household_id, promise.c.made_at).join(CASE, CASE.c.id == promise.c.case_id)
    for row in connection.execute(scoped(promises, promise, landlord_id)):
        rests[row.household_id].append(Rest(code="promise", at=row.made_at, known_at=row.made_at))
    return rests


def load_deliveries(connection: Connection, landlord_id: int | None) -> Mapping[int, Sequence[tuple[datetime, date]]]:
    """Load per landlord the arrears deliveries as (received_at, as_of_on), by the moment of receipt."""
    table = DeliveryRow.__table__
    statement = select(table.c.landlord_id, table.c.received_at, table.c.as_of_on).where(table.c.kind == "arrears")
    deliveries: defaultdict[int, list[tuple[datetime, date]]] = defaultdict(list)
    for row in connection.execute(scoped(statement, table, landlord_id).order_by(table.c.received_at)):
        deliveries[row.landlord_id].append((row.received_at, row.as_of_on))
    return deliveries
