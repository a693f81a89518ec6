"""Run the SMPP server of the tests (npm's smpp, in `smpp_peer.js`) and talk to it over its lines of JSON."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from channels.contract import Event
from channels.settings import ChannelSettings
from channels.smpp_gateway import SmppSms
from tests.support.tools import TOOLS

SCRIPT = Path(__file__).with_name("smpp_peer.js")
PASSWORD = "goed"
SENDER = "Woonbedrijf"
PATIENCE = 5.0


@dataclass(frozen=True)
class SmppPeer:
    """The server: what it kept, what it is told to answer, and what it delivers."""

    process: "subprocess.Popen[str]"
    port: int

    def tell(self, command: str, **fields: object) -> Any:
        """Send one command and return its answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": command, **fields}) + "\n")
        self.process.stdin.flush()
        return _line(self.process)

    def set(self, **fields: object) -> None:
        self.tell("set", fields=fields)

    def look(self) -> Any:
        return self.tell("look")

    def kept(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = self.look()["kept"]
        return found

    def receipt(
        self,
        message_id: str,
        stat: str = "DELIVRD",
        times: int = 1,
        state: int | None = None,
        reference: int | None = None,
    ) -> None:
        """Deliver a receipt as text, and with `state` as fields too."""
        text = (
            f"id:{message_id} sub:001 dlvrd:001 submit date:2610051200 done date:2610051201 stat:{stat} err:000 text:"
        )
        fields: dict[str, object] = {"esm_class": 4, "source_addr": "31600000001", "destination_addr": SENDER}
        if state is not None:
            fields |= {"receipted_message_id": message_id, "message_state": state}
        if reference is not None:
            fields["user_message_reference"] = reference
        self.tell("deliver", deliveries=[{"fields": fields, "hex": text.encode().hex()}] * times)

    def reply(self, data: bytes, coding: int = 0, esm_class: int = 0) -> None:
        fields = {
            "source_addr": "31600000001",
            "destination_addr": "3197010000000",
            "data_coding": coding,
            "esm_class": esm_class,
        }
        self.tell("deliver", deliveries=[{"fields": fields, "hex": data.hex()}])


def _line(process: "subprocess.Popen[str]") -> Any:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


@contextmanager
def running_smpp(**environment: str) -> Iterator[SmppPeer]:
    """Run the server on a free port of loopback."""
    if not (TOOLS / "smpp").exists():
        pytest.fail("npm's smpp is not installed; run: make .tools/.ready", pytrace=False)
    with subprocess.Popen(
        ["node", str(SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "NODE_PATH": str(TOOLS), "SMPP_PASSWORD": PASSWORD, **environment},
    ) as process:
        try:
            yield SmppPeer(process=process, port=_line(process)["port"])
        finally:
            process.terminate()


def settings_for(port: int, **changes: Any) -> ChannelSettings:
    fields: dict[str, Any] = {
        "mode": "live",
        "sending_enabled": True,
        "sms_gateways": ("smpp",),
        "smpp_host": "127.0.0.1",
        "smpp_port": port,
        "smpp_system_id": "huis",
        "smpp_password": PASSWORD,
        "smpp_sender": SENDER,
        "timeout": 3,
    }
    return ChannelSettings(**(fields | changes))


@contextmanager
def smpp(port: int, keeping: Any = None, **changes: Any) -> Iterator[SmppSms]:
    channel = SmppSms(settings=settings_for(port, **changes), keeping=keeping)
    try:
        yield channel
    finally:
        channel.close()


def until(true: Callable[[], Any]) -> Any:
    """Wait until something is so, and return it."""
    for _ in range(int(PATIENCE / 0.02)):
        if found := true():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def polled(channel: SmppSms, now: Any, count: int) -> list[Event]:
    """Poll until so many events have come."""
    events: list[Event] = []

    def enough() -> bool:
        events.extend(channel.poll(now))
        return len(events) >= count

    until(enough)
    return events


def ids(peer: SmppPeer) -> Sequence[str]:
    return [each["id"] for each in peer.kept()]
