"""Receipts that come twice, late, out of order, or for another landlord: each has one effect."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from channels.contract import Event
from outreach.audit import audit
from outreach.db.tables import AttemptRow, ChannelEventRow, ContactPointRow, EvidenceRow, InboundRow
from outreach.services.receiving import receive_events
from tests.support.worlds import FIRST_DAY, Build, World, building


@pytest.fixture
def build(migrated_url: str, tmp_path: Path) -> Iterator[Build]:
    """A maker of worlds on each database."""
    with building(migrated_url, tmp_path) as made:
        yield made


def world_with(build: Build, channel: str) -> World:
    """Make a landlord whose tenant got the first reminder over a channel."""
    world = build()
    world.owe(world.home(mobile=channel == "sms", email=channel == "email"))
    world.live(FIRST_DAY)
    assert [row.channel for row in world.attempts()] == [channel]
    return world


def tell(world: World, *outcomes: str, minutes: tuple[int, ...] = ()) -> None:
    """Hand over receipts in this order; `minutes` is when each happened, else one after the other."""
    row = world.attempts()[0]
    for number, outcome in enumerate(outcomes):
        at = world.clock() + timedelta(minutes=(minutes or range(len(outcomes)))[number])
        receipt = Event(
            event_id=f"{outcome}-{number}",
            provider="sandbox",
            channel=row.channel,
            kind="receipt",
            at=at,
            provider_ref=row.provider_ref,
            outcome=outcome,
        )
        receive_events(world.runtime, [receipt, receipt], world.clock(), world.policy)


def outcome_of(world: World) -> tuple[str, str | None]:
    row = world.attempts()[0]
    return row.state, row.outcome


def outcomes_noted(world: World) -> int:
    return len(world.rows(EvidenceRow, EvidenceRow.kind == "outcome"))


def test_the_same_receipt_twice_counts_once(build: Build) -> None:
    world = world_with(build, "sms")
    tell(world, "delivered")
    assert outcome_of(world) == ("done", "delivered")
    assert len(world.rows(ChannelEventRow)) == 1
    assert outcomes_noted(world) == 1


@pytest.mark.parametrize("late", ["failed", "undelivered"])
def test_a_failure_after_delivery_is_an_old_receipt(build: Build, late: str) -> None:
    world = world_with(build, "sms")
    tell(world, "delivered", late)
    assert outcome_of(world) == ("done", "delivered")
    assert outcomes_noted(world) == 1
    assert {point.state for point in world.rows(ContactPointRow)} == {"valid"}


def test_a_failure_stays_when_a_good_receipt_follows(build: Build) -> None:
    world = world_with(build, "sms")
    tell(world, "failed", "delivered", "undelivered")
    assert outcome_of(world) == ("failed", "failed")
    assert outcomes_noted(world) == 1


def test_a_letter_that_comes_back_was_posted_first(build: Build) -> None:
    world = world_with(build, "letter")
    tell(world, "posted", "returned", minutes=(0, 4000))
    assert outcome_of(world) == ("failed", "returned")
    assert outcomes_noted(world) == 2


def test_a_mail_that_bounces_late_ends_the_address(build: Build) -> None:
    world = world_with(build, "email")
    tell(world, "delivered", "bounced")
    assert outcome_of(world) == ("failed", "bounced")
    assert [point.state for point in world.rows(ContactPointRow)] == ["wrong"]
    assert [task.kind for task in world.tasks()] == ["failed_delivery"]


def test_delivered_is_not_reached(build: Build) -> None:
    world = world_with(build, "sms")
    tell(world, "delivered")
    assert world.attempts()[0].reached is False
    assert world.case(world.homes[0]).reached_at is None


def test_two_landlords_never_take_each_others_events(build: Build) -> None:
    """The tick of one landlord polls the channels of all; replies and receipts go to whom they belong."""
    first, second = build(), build(slug="ander")
    second.number = 500
    for world in (first, second):
        world.owe(world.home())
    for world in (first, second):
        world.live(FIRST_DAY)
    row = second.attempts(AttemptRow.landlord_id == second.landlord_id)[0]
    now = first.clock()
    events = [
        Event(
            event_id="r1",
            provider="sandbox",
            channel="sms",
            kind="receipt",
            at=now,
            provider_ref=row.provider_ref,
            outcome="delivered",
        ),
        Event(
            event_id="r2",
            provider="sandbox",
            channel="sms",
            kind="reply",
            at=now,
            sender=row.sent_to,
            text="BEL MIJ",
            provider_ref=row.provider_ref,
        ),
    ]
    receive_events(first.runtime, events, now, first.policy)
    assert [each.landlord_id for each in first.rows(InboundRow)] == [second.landlord_id]
    assert [task.landlord_id for task in first.tasks()] == [second.landlord_id]
    assert {each.landlord_id for each in first.rows(ChannelEventRow)} == {second.landlord_id}
    assert audit(first.runtime.db.engine).integrity["chains"].count == 0


def test_a_reply_of_a_stranger_over_a_webhook_is_not_lost(build: Build) -> None:
    world = build()
    world.at(FIRST_DAY, 10)
    event = Event(
        event_id="w1",
        provider="twilio",
        channel="sms",
        kind="reply",
        at=world.clock(),
        sender="+31699999999",
        text="wie bent u?",
        recipient="+31101234567",
    )
    receive_events(world.runtime, [event], world.clock())
    assert [(row.case_id, row.state) for row in world.rows(InboundRow)] == [(None, "waiting")]


def test_an_event_that_cannot_be_taken_in_does_not_hold_up_the_others(build: Build) -> None:
    world = world_with(build, "sms")
    row = world.attempts()[0]
    told = {"provider": "sandbox", "channel": "sms", "kind": "receipt", "at": world.clock()}
    broken = Event(event_id="broken", provider_ref=row.provider_ref, outcome="x" * 100, **told)
    good = Event(event_id="good", provider_ref=row.provider_ref, outcome="delivered", **told)
    receive_events(world.runtime, [broken, good], world.clock(), world.policy)
    assert outcome_of(world) == ("done", "delivered")
    assert {event.event_id for event in world.rows(ChannelEventRow)} == {"broken", "good"}
