"""A provider on loopback that is no limit itself: it answers after a while, then calls back that it delivered.

It speaks as much of Twilio's Messages API as the client needs (twilio.com/docs/messaging/api/message-resource), signs
its callbacks (twilio.com/docs/usage/security) and remembers when each message came.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from itertools import count
from multiprocessing.connection import Connection
from urllib.parse import parse_qsl, quote_plus, unquote, urlsplit

CALLBACKS = 12
"""Connections over which callbacks go, each kept open."""


class Provider:
    """Take messages, answer after `delay` seconds, call back after as long again; `token` signs."""

    def __init__(self, delay: float, token: str) -> None:
        self._delay, self._token = delay, token
        self._numbers = count(1)
        self._callbacks: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue()
        self.arrived: list[float] = []
        self.called_back = 0

    async def serve(self, told: Connection) -> None:
        """Serve until the other side of `told` asks for the figures."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        callers = [asyncio.create_task(self._call_back()) for _ in range(CALLBACKS)]
        await asyncio.get_running_loop().run_in_executor(None, told.recv)
        for caller in callers:
            caller.cancel()
        told.send((self.arrived, self.called_back))
        server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                method, body = await _request(reader)
                await (self._list(writer) if method == b"GET" else self._answer(body, writer))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _list(self, writer: asyncio.StreamWriter) -> None:
        """Answer a poll: nothing that was not called back."""
        writer.write(_http("HTTP/1.1 200 OK", json.dumps({"messages": [], "next_page_uri": None}).encode()))
        await writer.drain()

    async def _answer(self, body: bytes, writer: asyncio.StreamWriter) -> None:
        self.arrived.append(time.monotonic())
        form = dict(parse_qsl(body.decode()))
        await asyncio.sleep(self._delay)
        sid = f"SM{next(self._numbers):032x}"
        answer = {
            "sid": sid,
            "status": "queued",
            "to": form.get("To"),
            "from": form.get("From"),
            "body": form.get("Body"),
            "num_segments": "1",
            "direction": "outbound-api",
            "date_created": "Tue, 06 Oct 2026 07:00:00 +0000",
            "price": None,
            "price_unit": "EUR",
            "error_code": None,
        }
        writer.write(_http("HTTP/1.1 201 Created", json.dumps(answer).encode()))
        await writer.drain()
        if "StatusCallback" in form:
            loop = asyncio.get_running_loop()
            called = (form["StatusCallback"], sid, form.get("To", ""))
            loop.call_later(self._delay, self._callbacks.put_nowait, called)

    async def _call_back(self) -> None:
        reader: asyncio.StreamReader | None = None
        writer: asyncio.StreamWriter | None = None
        while True:
            url, sid, to = await self._callbacks.get()
            form = {"MessageSid": sid, "MessageStatus": "delivered", "To": to, "From": "+3197010000000"}
            signed = url + "".join(f"{key}{value}" for key, value in sorted(form.items()))
            signature = base64.b64encode(
                hmac.new(self._token.encode(), signed.encode(), hashlib.sha1).digest()
            ).decode()
            body = "&".join(f"{key}={quote_plus(value)}" for key, value in form.items())
            place = urlsplit(url)
            if reader is None or writer is None:
                reader, writer = await asyncio.open_connection(place.hostname, place.port)
            path = f"{place.path}?{place.query}"
            head = f"POST {path} HTTP/1.1\r\nHost: {place.netloc}\r\nX-Twilio-Signature: {signature}\r\n"
            form_type = "Content-Type: application/x-www-form-urlencoded\r\n"
            writer.write(f"{head}{form_type}Content-Length: {len(body)}\r\n\r\n{body}".encode())
            await writer.drain()
            status = await _response(reader)
            if status == 200:
                self.called_back += 1
            else:
                print(f"callback refused: {status} {unquote(path)}", flush=True)


async def _request(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    return head.partition(b" ")[0], await reader.readexactly(_length(head))


async def _response(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(_length(head))
    return int(head.split(b" ", 2)[1])


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


def _http(status: str, body: bytes) -> bytes:
    return f"{status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def run_provider(told: Connection, delay: float, token: str) -> None:
    """Serve in a process of its own."""
    asyncio.run(Provider(delay, token).serve(told))
