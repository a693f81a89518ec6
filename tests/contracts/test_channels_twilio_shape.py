"""The shape of our requests, judged by Prism on Twilio's own OpenAPI description."""

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from channels.contract import Accepted, Failure, Outbound, Unsure
from channels.settings import ChannelSettings
from channels.twilio_client import TwilioAccount
from channels.twilio_contents import NewContent, hand_in, read_contents
from channels.twilio_gateway import TwilioSms
from channels.twilio_voice import TwilioVoice
from tests.contracts.twilio_peer import ACCOUNT, NOON, TOKEN

pytestmark = pytest.mark.contracts
ROOT = Path(__file__).parents[2]
DESCRIPTIONS = ROOT.parent / "shared" / "contracts" / "twilio"
PRISM = ROOT / ".tools" / "node_modules" / ".bin" / "prism"
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
CALLS = "/2010-04-01/Accounts/{AccountSid}/Calls.json"
CONTENTS = ("/v1/Content", "/v1/ContentAndApprovals", "/v1/Content/{ContentSid}/ApprovalRequests/whatsapp")
OURS = {"twilio_api_v2010.yaml": (MESSAGES, CALLS), "twilio_content_v1.yaml": CONTENTS}
SERVICE = "MG" + "0" * 32


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run Prism on what Twilio's descriptions say of messages, calls and approved texts; yield its address.

    Without --errors: that judges the examples too, and those of the lists break their own uri format.
    """
    if not DESCRIPTIONS.exists():
        pytest.skip("Twilio's description is not beside this project (../shared/contracts/twilio)")
    if not PRISM.exists():
        pytest.skip("Prism is not installed; `make test` brings it into .tools")
    port = _free_port()
    reduced = tmp_path_factory.mktemp("twilio") / "messages.yaml"
    reduced.write_text(yaml.safe_dump(_only_ours()))
    command = [str(PRISM), "mock", "-h", "127.0.0.1", "-p", str(port), str(reduced)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _only_ours() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    whole: dict[str, Any] = {}
    for file, paths in OURS.items():
        one: dict[str, Any] = yaml.load((DESCRIPTIONS / file).read_text(), Loader=loader)
        ours = {path: one["paths"][path] for path in paths}
        if not whole:
            whole = {**one, "paths": {}}
        whole["paths"] |= ours
        whole["components"]["schemas"] |= one["components"]["schemas"]
    needed: set[str] = set()
    waiting: list[object] = [whole["paths"]]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            name = str(each.get("$ref", "")).removeprefix("#/components/schemas/")
            if name and name not in needed:
                needed.add(name)
                waiting.append(whole["components"]["schemas"][name])
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    schemas = whole["components"]["schemas"]
    whole["components"]["schemas"] = {name: schemas[name] for name in sorted(needed)}
    return whole


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            pytest.fail(f"Prism ended with {process.returncode}")
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("Prism does not answer")


def channel(url: str, **senders: str) -> TwilioSms:
    settings = ChannelSettings(
        mode="live",
        sending_enabled=True,
        public_url="https://huis.example",
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_base_url=url,
        **senders,  # type: ignore[arg-type]
    )
    return TwilioSms(settings=settings)


def sms(text: str = "Belt u ons?") -> Outbound:
    return Outbound(key="k1", channel="sms", to="+31600000001", sender="Huis", text=text, at=NOON)


@pytest.mark.parametrize("senders", [{"twilio_messaging_service": SERVICE}, {"twilio_sender": "+3197010000000"}])
def test_the_request_has_the_published_shape(mock: str, senders: dict[str, str]) -> None:
    twilio = channel(mock, **senders)
    [answer] = twilio.send([sms()])
    twilio.close()
    assert isinstance(answer, Accepted), answer
    assert answer.provider_ref.startswith("SM")


def test_the_list_has_the_published_shape(mock: str) -> None:
    twilio = channel(mock, twilio_sender="+3197010000000")
    answer = twilio.ask(sms())
    twilio.poll(NOON)
    twilio.close()
    assert not (isinstance(answer, Unsure) and answer.detail.startswith("Twilio cannot be asked")), answer


def test_the_mock_refuses_what_is_not_the_published_shape(mock: str) -> None:
    twilio = channel(mock, twilio_messaging_service="no service")
    [answer] = twilio.send([sms()])
    twilio.close()
    assert isinstance(answer, Failure), answer


def voice(url: str, sender: str = "+3197010000001") -> TwilioVoice:
    settings = ChannelSettings(
        mode="live",
        sending_enabled=True,
        public_url="https://huis.example",
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_voice_sender=sender,
        twilio_base_url=url,
    )
    return TwilioVoice(settings=settings)


def robocall() -> Outbound:
    return Outbound(key="k1", channel="robocall", to="+31600000001", sender="Huis", text="[greeting]\nDag", at=NOON)


def test_a_call_has_the_published_shape(mock: str) -> None:
    twilio = voice(mock)
    [answer] = twilio.send([robocall()])
    twilio.close()
    assert isinstance(answer, Accepted), answer
    assert answer.provider_ref.startswith("CA")


def test_the_list_of_calls_has_the_published_shape(mock: str) -> None:
    twilio = voice(mock)
    answer = twilio.ask(robocall())
    events = twilio.poll(NOON)
    twilio.close()
    assert not (isinstance(answer, Unsure) and answer.detail.startswith("Twilio cannot be asked")), answer
    assert {event.outcome for event in events if event.kind == "call"} <= {"hung_up"}


def test_approved_texts_have_the_published_shape(mock: str) -> None:
    account = TwilioAccount(ChannelSettings(twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN, twilio_base_url=mock))
    assert all(each.sid for each in read_contents(account))
    new = NewContent(
        name="reminder",
        language="nl",
        category="UTILITY",
        body="Dag {{1}}, belt u ons?",
        samples={"1": "meneer Bakker"},
        quick_replies=("REGELING",),
    )
    assert hand_in(account, new).startswith("HX")
    account.close()


def test_a_message_by_an_approved_text_has_the_published_shape(mock: str) -> None:
    settings = ChannelSettings(
        mode="live",
        sending_enabled=True,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_whatsapp_sender="+3197010000009",
        twilio_base_url=mock,
    )
    account = TwilioAccount(settings)
    made = account.client.messages.create(
        to="whatsapp:+31600000001",
        from_="whatsapp:+3197010000009",
        content_sid="HX" + "0" * 32,
        content_variables='{"1": "meneer Bakker"}',
    )
    assert made.sid.startswith("SM")
    account.close()
