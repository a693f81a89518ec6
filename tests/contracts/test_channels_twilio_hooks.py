"""What Twilio calls: any order and number of statuses, one route for both channels, signatures behind a proxy."""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.contract import Event, FailureCode, Request, Response, Route
from channels.settings import ChannelSettings
from channels.twilio_client import TwilioAccount
from channels.twilio_gateway import TwilioSms, TwilioWhatsApp
from tests.contracts.twilio_peer import ACCOUNT, NOON, SENDER, TOKEN, sign

pytestmark = pytest.mark.contracts
PUBLIC = "https://huur.wonen.example"
MOBILE, WHATSAPP = "+31600000001", "whatsapp:+31600000001"
FINAL = {"delivered", "undelivered", "failed", "canceled", "read"}
STATUSES = ["accepted", "scheduled", "queued", "sending", "sent", *sorted(FINAL)]


def hooks(public_url: str = PUBLIC) -> dict[str, Route]:
    made = ChannelSettings(twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN, public_url=public_url)
    routes = (*TwilioSms(settings=made).routes(), *TwilioWhatsApp(settings=made).routes())
    return {route.name: route for route in routes}


HOOKS = hooks()


def call(route: str, form: Mapping[str, str], *, query: str = "", signed_for: str = "") -> Response:
    called = f"http://127.0.0.1:8000/hooks/{route}{query}"
    signature = sign(signed_for or f"{PUBLIC}/hooks/{route}{query}", dict(form))
    return HOOKS[route](Request(url=called, form=form, headers={"x-twilio-signature": signature}, at=NOON))


def statuses(channel: str, told: list[str]) -> list[Event]:
    to, query = (MOBILE if channel == "sms" else WHATSAPP), f"?key={quote('7:1:reminder:1', safe='')}"
    events: list[Event] = []
    for status in told:
        form = {"MessageSid": "SM1", "MessageStatus": status, "To": to, "From": SENDER}
        answer = call(f"{channel}/twilio-status", form, query=query)
        assert answer.status == 200
        events += answer.events
    return events


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["sms", "whatsapp"]), st.lists(st.sampled_from(STATUSES), min_size=1, max_size=8), st.data())
def test_any_order_and_number_of_statuses_gives_the_same_events(
    channel: str, told: list[str], data: st.DataObject
) -> None:
    again = data.draw(st.permutations([*told, *data.draw(st.lists(st.sampled_from(told), max_size=5))]))
    first, second = statuses(channel, told), statuses(channel, again)
    assert {event.event_id for event in first} == {event.event_id for event in second}
    assert len({event.event_id for event in first}) == len(FINAL & set(told))
    assert {(event.key, event.provider_ref, event.recipient) for event in second} <= {("7:1:reminder:1", "SM1", MOBILE)}


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=12), st.text(max_size=20), max_size=6), st.text(max_size=30))
def test_a_form_of_anything_is_answered_and_never_raises(form: dict[str, str], signature: str) -> None:
    for name, route in HOOKS.items():
        assert call(name, form).status in (200, 400)
        assert call(name, {**form, "MessageSid": "SM1", "From": MOBILE, "NumMedia": "-1"}).status == 200
        bad = Request(url=f"{PUBLIC}/hooks/{name}", form=form, headers={"X-Twilio-Signature": signature}, at=NOON)
        assert route(bad).status == 403


@pytest.mark.parametrize(
    ("sender", "to", "channel"), [(MOBILE, SENDER, "sms"), (WHATSAPP, f"whatsapp:{SENDER}", "whatsapp")]
)
@pytest.mark.parametrize("route", ["sms/twilio-inbound", "whatsapp/twilio-inbound"])
def test_one_route_takes_the_messages_of_both_channels(route: str, sender: str, to: str, channel: str) -> None:
    form = {"MessageSid": "SM1", "From": sender, "To": to, "Body": "REGELING", "NumMedia": "0"}
    [event] = call(route, form).events
    assert (event.channel, event.sender, event.recipient, event.text) == (channel, MOBILE, SENDER, "REGELING")
    assert call(route, form).events == (event,)


BARRING = {FailureCode.INVALID_RECIPIENT, FailureCode.LANDLINE, FailureCode.UNREACHABLE}
"""What the application bars a number for."""


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (21211, FailureCode.INVALID_RECIPIENT),
        (21610, FailureCode.OPTED_OUT),
        (21614, FailureCode.LANDLINE),
        (30003, FailureCode.UNREACHABLE),
        (30005, FailureCode.INVALID_RECIPIENT),
        (30006, FailureCode.LANDLINE),
        (30007, FailureCode.CONTENT_REFUSED),
    ],
)
def test_a_receipt_says_what_is_wrong_with_the_number(code: int, failure: FailureCode) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "undelivered", "To": MOBILE, "From": SENDER, "ErrorCode": str(code)}
    [event] = call("sms/twilio-status", form).events
    assert event.failure is failure


@pytest.mark.parametrize("code", ["", "63001", "63003", "63012", "63016", "63024", "63032", "63049", "63999"])
def test_what_whatsapp_does_not_deliver_says_nothing_of_the_number(code: str) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "failed", "To": WHATSAPP, "From": SENDER, "ErrorCode": code}
    [event] = call("whatsapp/twilio-status", form).events
    assert event.failure is not None and event.failure not in BARRING


@pytest.mark.parametrize(
    "signed_for",
    [
        "https://huur.wonen.example/hooks/sms/twilio-status?key=a%3Ab",
        "https://huur.wonen.example:443/hooks/sms/twilio-status?key=a%3Ab",
    ],
)
def test_a_signature_holds_behind_a_proxy_with_and_without_a_port(signed_for: str) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": MOBILE, "From": SENDER}
    [event] = call("sms/twilio-status", form, query="?key=a%3Ab", signed_for=signed_for).events
    assert event.key == "a:b"


@pytest.mark.parametrize(
    "signed_for",
    [
        "https://huur.wonen.example/hooks/sms/twilio-status?key=another",
        "https://huur.wonen.example/hooks/sms/twilio-status",
        "https://huur.wonen.example/hooks/sms/twilio-inbound?key=a%3Ab",
        "https://elsewhere.example/hooks/sms/twilio-status?key=a%3Ab",
    ],
)
def test_a_signature_is_for_one_address_only(signed_for: str) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": MOBILE, "From": SENDER}
    assert call("sms/twilio-status", form, query="?key=a%3Ab", signed_for=signed_for).status == 403


def test_a_form_that_was_changed_after_signing_is_refused() -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": MOBILE, "From": SENDER}
    headers = {"X-Twilio-Signature": sign(f"{PUBLIC}/hooks/sms/twilio-status", form)}
    for changed in ({**form, "MessageStatus": "failed"}, {**form, "ErrorCode": "21610"}, {"MessageSid": "SM1"}):
        made = Request(url=f"{PUBLIC}/hooks/sms/twilio-status", form=changed, headers=headers, at=NOON)
        assert HOOKS["sms/twilio-status"](made).status == 403
    unsigned = Request(url=f"{PUBLIC}/hooks/sms/twilio-status", form=form, headers={}, at=NOON)
    assert HOOKS["sms/twilio-status"](unsigned).status == 403


@pytest.mark.parametrize("public_url", [PUBLIC, f"{PUBLIC}/", f"{PUBLIC}:8443", f"{PUBLIC}/aanmaning"])
@given(key=st.text(min_size=1, max_size=20).filter(lambda each: each.isprintable()))
@settings(max_examples=20, deadline=None)
def test_the_address_that_we_give_is_the_one_that_is_checked(public_url: str, key: str) -> None:
    made = ChannelSettings(twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN, public_url=public_url)
    account = TwilioAccount(made)
    given_out = account.hook("sms/twilio-status", key)
    form = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": MOBILE, "From": SENDER}
    inside = urlsplit(given_out)._replace(scheme="http", netloc="127.0.0.1:8000").geturl()
    headers = {"X-Twilio-Signature": sign(given_out, form)}
    [event] = TwilioSms(settings=made).routes()[0](Request(url=inside, form=form, headers=headers, at=NOON)).events
    assert event.key == key
    account.close()
