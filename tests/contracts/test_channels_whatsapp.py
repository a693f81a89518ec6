"""WhatsApp through Twilio: free texts within 24 hours, approved ones at any time, and never a number that shows."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels.contract import Accepted, Failure, FailureCode, Outbound
from channels.settings import ChannelSettings
from channels.twilio_gateway import TwilioWhatsApp
from tests.contracts.twilio_peer import ACCOUNT, NOON, TOKEN, TwilioPeer, call_hook, running_hooks, running_peer

pytestmark = pytest.mark.contracts
MOBILE, SENDER = "+31600000001", "+3197010000009"
BODY = "Dag {{1}}, belt u ons? {{2}} helpt u graag."


@pytest.fixture
def peer() -> Iterator[TwilioPeer]:
    with running_peer() as running:
        yield running
        assert running.complaints == []


@contextmanager
def whatsapp(peer: TwilioPeer, **changes: Any) -> Iterator[TwilioWhatsApp]:
    settings = ChannelSettings(
        mode="live",
        sending_enabled=True,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_whatsapp_sender=SENDER,
        twilio_base_url=peer.base_url,
        timeout=2,
    )
    opened = TwilioWhatsApp(settings=replace(settings, **changes))
    yield opened
    opened.close()


def message(key: str = "k1", **changes: Any) -> Outbound:
    made = Outbound(
        key=key,
        channel="whatsapp",
        to=MOBILE,
        sender="Huis",
        text="Dag meneer Bakker, belt u ons? Anna helpt u graag.",
        language="nl",
        at=NOON,
        template="reminder",
        variables={"1": "meneer Bakker", "2": "Anna"},
    )
    return replace(made, **changes)


def test_an_approved_text_goes_at_any_time(peer: TwilioPeer) -> None:
    sid = peer.know("reminder", "nl", BODY)
    with whatsapp(peer) as channel:
        [answer] = channel.send([message()])
        assert isinstance(answer, Accepted)
        assert channel.ask(message()) == answer
    assert peer.messages[0]["to"] == f"whatsapp:{MOBILE}"
    assert peer.messages[0]["from"] == f"whatsapp:{SENDER}"
    assert peer.messages[0]["body"] == message().text
    assert sid.startswith("HX")


def test_a_free_text_goes_only_within_the_hours_after_the_tenant_wrote(peer: TwilioPeer) -> None:
    with whatsapp(peer) as channel:
        [free] = channel.send([message(free_until=NOON + timedelta(seconds=1))])
        [late] = channel.send([message("k2", free_until=NOON)])
    assert isinstance(free, Accepted)
    assert isinstance(late, Failure) and late.code is FailureCode.WINDOW_CLOSED
    assert peer.offers == 1


@pytest.mark.parametrize("status", ["pending", "rejected", "paused"])
def test_a_text_that_is_not_approved_is_not_offered(peer: TwilioPeer, status: str) -> None:
    peer.know("reminder", "nl", BODY, status)
    peer.know("reminder", "en", BODY)
    with whatsapp(peer) as channel:
        [answer] = channel.send([message()])
    assert isinstance(answer, Failure) and answer.code is FailureCode.WINDOW_CLOSED
    assert status in answer.detail
    assert peer.offers == 0


def test_when_the_approvals_cannot_be_read_it_goes_later(peer: TwilioPeer) -> None:
    with whatsapp(peer, twilio_base_url="http://127.0.0.1:9") as channel:
        [answer] = channel.send([message()])
    assert isinstance(answer, Failure) and answer.code is FailureCode.PROVIDER_DOWN


def test_read_is_an_outcome_of_its_own_and_a_picture_comes_along(peer: TwilioPeer) -> None:
    peer.know("reminder", "nl", BODY)
    with running_hooks() as (hooks, url), whatsapp(peer, public_url=url) as channel:
        hooks.mount(channel.routes())
        channel.send([message()])
        sid = str(peer.messages[0]["sid"])
        for status in ("sent", "delivered", "read"):
            assert peer.settle(sid, status) == 200
        form = {
            "MessageSid": "SM9",
            "From": f"whatsapp:{MOBILE}",
            "To": f"whatsapp:{SENDER}",
            "Body": "",
            "ButtonText": "REGELING",
            "NumMedia": "2",
            "MediaUrl0": "https://media.example/0",
            "MediaUrl1": "https://media.example/1",
        }
        assert call_hook(f"{url}/hooks/whatsapp/twilio-inbound", form) == 200
    delivered, read, reply = hooks.events
    assert [delivered.outcome, read.outcome] == ["delivered", "read"]
    assert {delivered.channel, read.channel, reply.channel} == {"whatsapp"}
    assert (read.key, read.recipient) == ("k1", MOBILE)
    assert (reply.sender, reply.recipient, reply.text) == (MOBILE, SENDER, "REGELING")
    assert reply.media == ("https://media.example/0", "https://media.example/1")


def test_a_poll_brings_the_price(peer: TwilioPeer) -> None:
    peer.know("reminder", "nl", BODY)
    with whatsapp(peer) as channel:
        channel.send([message()])
        peer.settle(str(peer.messages[0]["sid"]), "delivered")
        peer.messages[0] |= {"price": "-0.07250", "price_unit": "EUR"}
        receipt, price = sorted(channel.poll(NOON), key=lambda event: event.kind, reverse=True)
    assert (receipt.kind, receipt.price) == ("receipt", None)
    assert (price.kind, price.price, price.currency, price.segments) == ("price", 72500, "EUR", 1)
    assert price.event_id != receipt.event_id


def test_variables_go_by_number(peer: TwilioPeer) -> None:
    peer.know("reminder", "nl", BODY)
    with whatsapp(peer) as channel:
        channel.send([message(variables={"1": 'mevrouw "de" Wit', "2": "Çağlar"})])
    assert json.dumps(peer.messages[0]["body"], ensure_ascii=False).count("Çağlar") == 1
    assert 'mevrouw "de" Wit' in str(peer.messages[0]["body"])
