"""What providers tell, in any order and as often as they like; paces, jobs, and SMS when WhatsApp is closed."""

import time as real_time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update

from channels.contract import Event, FailureCode, Request
from channels.sandbox import SandboxFaults
from channels.settings import ChannelSettings
from channels.twilio_gateway import TwilioSms, TwilioWhatsApp
from outreach.clock import shifted_clock, system_clock
from outreach.db.incoming import keep_events
from outreach.db.tables import (
    AttemptRow,
    ChannelEventRow,
    ContactPointRow,
    EvidenceRow,
    InboundRow,
    IncomingEventRow,
    PressureReservationRow,
    TaskRow,
)
from outreach.services.incoming import Keeper, take_in
from outreach.services.pace import settle_ticket, take_ticket
from outreach.services.queue_depth import queue_depth
from outreach.worker.ticking import Worker
from tests.contracts.twilio_peer import ACCOUNT, TOKEN, TwilioPeer, running_peer, sign
from tests.support.worlds import CALENDAR, FIRST_DAY, Build, World, building

pytestmark = pytest.mark.integration
NINE = CALENDAR.utc(FIRST_DAY, time(9))
HOOK = "https://huur.wonen.example"


@pytest.fixture
def build(migrated_url: str, tmp_path: Path) -> Iterator[Build]:
    """A maker of worlds on each database."""
    with building(migrated_url, tmp_path) as made:
        yield made


def sent(build: Build, homes: int, **values: object) -> World:
    """Make so many tenants who got their first reminder at nine."""
    world = build(**values)
    for _ in range(homes):
        world.owe(world.home())
    world.deliver(FIRST_DAY)
    world.tick(FIRST_DAY, 7, 30)
    world.tick(FIRST_DAY, 9)
    return world


def told(row: AttemptRow, outcome: str | None, *, key: bool = False, **values: Any) -> Event:
    """Make a receipt of an attempt."""
    return Event(
        event_id=f"{row.provider_ref}:{outcome}",
        provider="sandbox",
        channel=row.channel,
        kind="receipt",
        at=NINE + timedelta(minutes=1),
        provider_ref=row.provider_ref,
        outcome=outcome,
        key=row.key if key else None,
        **values,
    )


def evidence(world: World, row: AttemptRow, kind: str = "outcome") -> int:
    return len(world.rows(EvidenceRow, EvidenceRow.attempt_id == row.id, EvidenceRow.kind == kind))


def test_statuses_in_any_order_and_number_give_one_end(build: Build) -> None:
    world = sent(build, 20)
    waiting = list(world.attempts())
    hook = _status_hook()

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.sampled_from(["delivered", "undelivered", "failed"]),
        st.lists(st.sampled_from(["queued", "sending", "sent", "end"]), min_size=1, max_size=12).filter(
            lambda each: "end" in each
        ),
    )
    def any_order(end: str, statuses: list[str]) -> None:
        if not waiting:
            return
        row = waiting.pop()
        for status in statuses:
            form = {"MessageSid": str(row.provider_ref), "MessageStatus": end if status == "end" else status}
            form |= {"To": str(row.sent_to), "From": "+3197010000000"}
            url = f"{HOOK}/hooks/sms/twilio-status?key={row.key.replace(':', '%3A')}"
            answer = hook(Request(url=url, form=form, headers={"X-Twilio-Signature": sign(url, form)}, at=NINE))
            assert answer.status == 200
            if answer.events:
                keep_events(world.runtime.db, answer.events, NINE)
        take_in(world.runtime, NINE)
        [now] = world.attempts(AttemptRow.id == row.id)
        assert now.outcome == end
        assert evidence(world, row) == 1

    any_order()
    assert world.rows(IncomingEventRow) == []


def _status_hook() -> Any:
    account = ChannelSettings(twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN, public_url=HOOK)
    return TwilioSms(settings=account).routes()[0]


def test_a_replayed_webhook_changes_nothing(build: Build) -> None:
    world = sent(build, 1)
    [row] = world.attempts()
    for _ in range(3):
        keep_events(world.runtime.db, [told(row, "delivered"), told(row, "delivered")], NINE)
        take_in(world.runtime, NINE)
    assert len(world.rows(ChannelEventRow)) == 1
    assert evidence(world, row) == 1


def test_stop_and_start_keep_their_order_when_stop_is_played_again(build: Build) -> None:
    world = sent(build, 1)
    [home] = world.homes
    for number, word in enumerate(("STOP", "START", "STOP")):
        played = "STOP-1" if word == "STOP" else "START-1"
        event = Event(
            event_id=played,
            provider="twilio",
            channel="sms",
            kind="reply",
            at=NINE + timedelta(minutes=number),
            text=word,
            sender=home.phone,
            outcome="opted_out" if word == "STOP" else "opted_in",
        )
        keep_events(world.runtime.db, [event], NINE)
        take_in(world.runtime, NINE + timedelta(minutes=number))
    assert [row.intent for row in world.rows(InboundRow)] == ["stop", "start"]


def test_a_receipt_that_is_earlier_than_the_answer_waits_for_it(build: Build) -> None:
    world = sent(build, 1)
    [row] = world.attempts()
    early = replace(told(row, "delivered"), provider_ref="not known yet")
    keep_events(world.runtime.db, [early], NINE)
    take_in(world.runtime, NINE + timedelta(minutes=1))
    assert len(world.rows(IncomingEventRow)) == 1
    with world.runtime.db.write() as session:
        session.execute(update(AttemptRow).values(provider_ref="not known yet"))
    take_in(world.runtime, NINE + timedelta(minutes=2))
    assert [each.outcome for each in world.attempts()] == ["delivered"]
    assert world.rows(IncomingEventRow) == []


def test_a_receipt_of_nobody_is_forgotten_after_a_while(build: Build) -> None:
    world = sent(build, 1)
    [row] = world.attempts()
    keep_events(world.runtime.db, [replace(told(row, "delivered"), provider_ref="of another system")], NINE)
    take_in(world.runtime, NINE + timedelta(hours=2))
    assert world.rows(IncomingEventRow) == []
    assert [each.outcome for each in world.attempts()] == [None]


def test_our_own_key_settles_what_was_uncertain(build: Build) -> None:
    key = "1:1:reminder:1:1"
    world = sent(build, 1, faults=SandboxFaults(uncertain=frozenset({key})))
    [row] = world.attempts()
    assert row.state == "claimed"
    keep_events(world.runtime.db, [replace(told(row, "delivered", key=True), provider_ref="SM1")], NINE)
    take_in(world.runtime, NINE)
    [settled] = world.attempts()
    assert (settled.state, settled.outcome, settled.provider_ref) == ("done", "delivered", "SM1")
    assert evidence(world, row, "sent") == 1
    world.tick(FIRST_DAY, 9, 30)
    assert evidence(world, row, "sent") == 1


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (FailureCode.INVALID_RECIPIENT, "wrong"),
        (FailureCode.LANDLINE, "wrong"),
        (FailureCode.UNREACHABLE, "unreachable"),
        (FailureCode.CONTENT_REFUSED, "ok"),
    ],
)
def test_why_a_message_did_not_arrive_says_what_becomes_of_the_number(
    build: Build, failure: FailureCode, state: str
) -> None:
    world = sent(build, 1)
    [row] = world.attempts()
    before = world.rows(ContactPointRow, ContactPointRow.id == row.contact_point_id)[0].state
    keep_events(world.runtime.db, [told(row, "undelivered", failure=failure)], NINE)
    take_in(world.runtime, NINE)
    point = world.rows(ContactPointRow, ContactPointRow.id == row.contact_point_id)[0]
    assert point.state == (before if state == "ok" else state)
    assert len(world.tasks(TaskRow.kind == "failed_delivery")) == (state != "ok")


def test_a_price_comes_later_and_changes_nothing_else(build: Build) -> None:
    world = sent(build, 1)
    [row] = world.attempts()
    price = replace(told(row, None), event_id="SM:price", kind="price", price=72500, currency="EUR", segments=2)
    keep_events(world.runtime.db, [price], NINE)
    take_in(world.runtime, NINE)
    [priced] = world.attempts()
    assert (priced.price, priced.currency, priced.segments, priced.outcome) == (72500, "EUR", 2, None)


def test_many_webhook_calls_at_once_are_all_kept(build: Build) -> None:
    from concurrent.futures import ThreadPoolExecutor

    world = sent(build, 1)
    [row] = world.attempts()
    keeper = Keeper(world.runtime.db)
    events = [replace(told(row, "delivered"), event_id=f"e{number % 50}") for number in range(100)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda each: keeper.keep([each], NINE), events))
    assert len(world.rows(IncomingEventRow)) == 50


def test_a_pace_holds_over_all_workers(build: Build) -> None:
    world = build()
    db, rate, taken = world.runtime.db, 10.0, 0
    for tick in range(100):
        now = NINE + timedelta(seconds=tick / 5)
        for _ in range(3):
            ticket = take_ticket(db, "sms", rate, 200, now)
            if ticket is None:
                continue
            used = min(ticket.parts, 7)
            settle_ticket(db, ticket, used)
            taken += used
        assert taken <= rate * (tick / 5) + 2 * rate
    assert taken >= rate * 15


def test_whatsapp_that_is_closed_goes_by_sms_once(build: Build) -> None:
    world = build()
    home = world.home()
    world.owe(home)
    world.permit(home, "whatsapp")
    world.deliver(FIRST_DAY)
    world.tick(FIRST_DAY, 7, 30)
    with world.runtime.db.write() as session:
        session.execute(update(AttemptRow).where(AttemptRow.state == "planned").values(channel="whatsapp"))
    with running_peer() as peer:
        world.runtime = replace(world.runtime, channels={**world.runtime.channels, "whatsapp": _whatsapp(peer)})
        world.tick(FIRST_DAY, 9)
        world.tick(FIRST_DAY, 9, 1)
        assert peer.offers == 0
    [row] = world.attempts()
    assert (row.channel, row.state) == ("sms", "sent")
    assert len(world.provider_keys()) == 1
    assert len(world.rows(PressureReservationRow)) == 1
    assert evidence(world, row, "channel_changed") == 1


def test_a_message_in_doubt_is_asked_after_until_the_provider_can_say(build: Build) -> None:
    world = build()
    world.owe(world.home())
    world.deliver(FIRST_DAY)
    world.tick(FIRST_DAY, 7, 30)
    with running_peer() as peer:
        account = ChannelSettings(
            mode="live",
            sending_enabled=True,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_sender="+3197010000000",
            twilio_base_url=peer.base_url,
        )
        world.runtime = replace(world.runtime, channels={"sms": TwilioSms(settings=account)})
        peer.now, peer.answers = NINE, [502]
        for minute in (0, 1, 5):
            world.tick(FIRST_DAY, 9, minute)
            assert [row.state for row in world.attempts()] == ["claimed"]
        peer.now = NINE + timedelta(minutes=11)
        world.tick(FIRST_DAY, 9, 11)
        assert [row.state for row in world.attempts()] == ["sent"]
        assert len(peer.messages) == 1
    assert world.tasks() == []


def _whatsapp(peer: TwilioPeer) -> TwilioWhatsApp:
    return TwilioWhatsApp(
        settings=ChannelSettings(
            mode="live",
            sending_enabled=True,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_whatsapp_sender="+3197010000009",
            twilio_base_url=peer.base_url,
        )
    )


def test_the_queue_shows_what_waits_and_since_when(build: Build) -> None:
    world = build()
    for _ in range(3):
        world.owe(world.home())
    world.deliver(FIRST_DAY)
    world.tick(FIRST_DAY, 7, 30)
    with world.runtime.db.read() as session:
        due_at = min(row.due_at for row in world.attempts())
        depth = queue_depth(session, world.landlord_id, due_at + timedelta(minutes=5))
    [sms] = depth.channels
    assert (sms.channel, sms.due, sms.oldest_at) == ("sms", 3, due_at)
    assert depth.age(sms.oldest_at) == timedelta(minutes=5)


def until(condition: Any, seconds: float = 20) -> None:
    """Wait until something holds."""
    end = real_time.monotonic() + seconds
    while not condition():
        assert real_time.monotonic() < end, "it did not happen"
        real_time.sleep(0.05)


def test_a_running_worker_sends_what_comes_due_and_takes_in_what_comes(build: Build) -> None:
    world = build()
    for _ in range(5):
        world.owe(world.home())
    world.deliver(FIRST_DAY)
    world.tick(FIRST_DAY, 7, 30)
    clock = shifted_clock(NINE - system_clock())
    runtime = replace(world.runtime, clock=clock)
    if runtime.db.is_postgresql:
        from outreach.worker.jobs import waker

        runtime = replace(runtime, wake=waker(runtime.db))
    worker = Worker(runtime)
    worker.start()
    try:
        until(lambda: len(world.provider_keys()) == 5)
        until(lambda: {row.state for row in world.attempts()} == {"sent"})
        keep_events(runtime.db, [told(row, "delivered") for row in world.attempts()], clock())
        until(lambda: {row.outcome for row in world.attempts()} == {"delivered"})
    finally:
        worker.stop()
    assert Counter(world.provider_keys()).most_common(1)[0][1] == 1


@pytest.mark.postgresql
def test_a_job_is_part_of_the_transaction_of_its_decision(build: Build) -> None:
    from outreach.worker.jobs import ensure_schema, waker

    world = build()
    if not world.runtime.db.is_postgresql:
        pytest.skip("jobs are PostgreSQL's")
    wake = waker(world.runtime.db)
    ensure_schema(world.runtime.db.engine)

    def jobs() -> int:
        with world.runtime.db.read() as session:
            return int(session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) or 0)

    with pytest.raises(ZeroDivisionError), world.runtime.db.write() as session:
        wake(session, world.landlord_id)
        raise ZeroDivisionError
    assert jobs() == 0
    with world.runtime.db.write() as session:
        wake(session, world.landlord_id)
    assert jobs() == 1
