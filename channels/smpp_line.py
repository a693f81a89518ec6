"""One connection to an SMPP provider: many messages under way at once, and what is delivered over it.

What is certain is kept apart from what is not: a message whose last octet was not handed to the connection cannot have
been taken; one that was written may have been, until its response says so.

Sources: SMPP 3.4, 2.4 (sessions), 2.9 and 7.2 (windows, timers), 4.1 to 4.11 (operations).
"""

import itertools
import select
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import BoundedSemaphore, Lock, Thread

from channels.contract import FailureCode
from channels.settings import ChannelSettings
from channels.smpp_codes import NEVER_AGAIN, OK, UNKNOWN_COMMAND, bind_meaning
from channels.smpp_pdus import (
    BIND_ANSWER,
    DELIVER,
    ENQUIRE,
    ENQUIRE_ANSWER,
    HEADER,
    LONGEST_PDU,
    NACK,
    RESPONSE,
    UNBIND,
    UNBIND_ANSWER,
    Answer,
    Delivery,
    Frame,
    Sender,
    Stop,
    Submission,
    bind_pdu,
    deliver_answer,
    read_delivery,
    short_pdu,
    submit_pdu,
)

WINDOW = 50
"""How many messages wait for their response at once (our choice; providers allow 10 to some hundreds)."""

_WAITS = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class _Broken(Exception):
    """What arrived is no SMPP, or nothing arrives any more."""


class SmppLine:
    """A bound connection; safe for threads. `arrived` gets each delivery with its sequence number, to be answered."""

    def __init__(
        self,
        settings: ChannelSettings,
        tls: ssl.SSLContext | None,
        sender: Sender,
        arrived: Callable[["SmppLine", int, Delivery], None],
    ) -> None:
        self._settings = settings
        self._tls = tls
        self._sender = sender
        self._arrived = arrived
        self._sequences = itertools.count(1)
        self._socket: socket.socket | None = None
        self._buffer = bytearray()
        self._io = Lock()
        self._spoiled = False
        self._waiting: dict[int, Future[Answer]] = {}
        self._window = BoundedSemaphore(WINDOW)
        self.closed = True

    def next_sequence(self) -> int:
        """Give the next sequence number."""
        return next(self._sequences)

    def open(self) -> Stop | None:
        """Connect and bind as transceiver; a Stop says why that did not work."""
        try:
            self._socket = self._connected()
            status = self._bind()
        except ssl.SSLCertVerificationError:
            self.close()
            return Stop(code=FailureCode.PROVIDER_DOWN, detail="certificate not trusted")
        except (OSError, _Broken) as error:
            self.close()
            return Stop(code=FailureCode.PROVIDER_DOWN, detail=f"no connection: {type(error).__name__}")
        if status != OK:
            self.close()
            return Stop(code=bind_meaning(status).code, detail=f"bind refused, status 0x{status:X}")
        self._socket.setblocking(False)
        self.closed = False
        Thread(target=self._listen, name="smpp", daemon=True).start()
        return None

    def submit(self, part: Submission) -> Future[Answer]:
        """Write a part as soon as the window has room; the future tells what came of it."""
        if self.closed or not self._window.acquire(timeout=self._settings.timeout):
            self.close()
            return _settled(Answer(written=False))
        answer = self._ask(submit_pdu(self.next_sequence(), self._sender, part))
        answer.add_done_callback(lambda _: self._window.release())
        return answer

    def alive(self) -> bool:
        """Ask whether the provider is still there; closes the connection when it is not."""
        if not self.closed:
            with suppress(TimeoutError):
                if self._probe().result(self._settings.timeout).status == OK:
                    return True
        self.close()
        return False

    def answer(self, sequence: int, status: int) -> bool:
        """Answer a delivery; False when that is not possible any more, so that the provider delivers it again."""
        return not self.closed and self._write(deliver_answer(status, sequence))

    def close(self) -> None:
        """Close the connection; what had been written and has no response stays without one."""
        self.closed = True
        closing, self._socket = self._socket, None
        if closing is not None:
            with suppress(OSError):
                closing.shutdown(socket.SHUT_RDWR)
            closing.close()
        for sequence in list(self._waiting):
            self._settle(sequence, Answer(written=True))

    def unbind(self) -> None:
        """Say goodbye and close."""
        self._write(short_pdu(UNBIND, OK, self.next_sequence()))
        self.close()

    def _connected(self) -> socket.socket:
        where = (self._settings.smpp_host, self._settings.smpp_port)
        made = socket.create_connection(where, timeout=self._settings.timeout)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls is None:
            return made
        try:
            return self._tls.wrap_socket(made, server_hostname=self._settings.smpp_host)
        except OSError:
            made.close()
            raise

    def _bind(self) -> int:
        """Log in and return the provider's status; whatever comes behind its answer stays in the buffer."""
        assert self._socket is not None
        login = bind_pdu(self.next_sequence(), self._settings.smpp_system_id, self._settings.smpp_password)
        self._socket.sendall(login)
        while True:
            frame = self._frame()
            if frame is None:
                self._receive(self._socket)
            elif frame.command in (BIND_ANSWER, NACK):
                return frame.status

    def _ask(self, pdu: bytes) -> Future[Answer]:
        answer: Future[Answer] = Future()
        sequence = HEADER.unpack_from(pdu)[3]
        self._waiting[sequence] = answer
        if not self._write(pdu):
            self._settle(sequence, Answer(written=False))
            self.close()
        elif self.closed:
            self._settle(sequence, Answer(written=True))
        return answer

    def _settle(self, sequence: int, answer: Answer) -> None:
        waiting = self._waiting.pop(sequence, None)
        if waiting is not None:
            waiting.set_result(answer)

    def _probe(self) -> Future[Answer]:
        return self._ask(short_pdu(ENQUIRE, OK, self.next_sequence()))

    def _write(self, data: bytes) -> bool:
        """Hand octets to the connection; False when not all of them could be: then nothing follows, so none counts."""
        rest = memoryview(data)
        with self._io:
            try:
                while rest:
                    rest = self._written(rest)
            except (OSError, ValueError):
                self._spoiled = True
                return False
        return True

    def _written(self, rest: memoryview) -> memoryview:
        line = self._socket
        if line is None or self._spoiled:
            raise ConnectionError
        try:
            return rest[line.send(rest) :]
        except _WAITS:
            if not select.select([], [line], [], self._settings.timeout)[1]:
                raise TimeoutError from None
            return rest

    def _listen(self) -> None:
        """Take what arrives until the connection ends; a silent provider is asked whether it is there."""
        asked: Future[Answer] | None = None
        with suppress(OSError, ValueError, _Broken):
            while (line := self._socket) is not None:
                self._take_all()
                if select.select([line], [], [], self._settings.timeout)[0]:
                    asked = None
                    self._drain(line)
                elif asked is not None and not asked.done():
                    break
                else:
                    asked = self._probe()
        self.close()

    def _drain(self, line: socket.socket) -> None:
        """Read what is there; what came before the end of the connection counts."""
        try:
            with self._io:
                while True:
                    self._receive(line)
        except _WAITS:
            return
        except (OSError, _Broken):
            self._take_all()
            raise

    def _receive(self, line: socket.socket) -> None:
        data = line.recv(65_536)
        if not data:
            raise _Broken
        self._buffer += data

    def _take_all(self) -> None:
        while (frame := self._frame()) is not None:
            self._take(frame)

    def _frame(self) -> Frame | None:
        """Cut one PDU off the buffer; None when no whole one is there."""
        if len(self._buffer) < HEADER.size:
            return None
        length, command, status, sequence = HEADER.unpack_from(self._buffer)
        if not HEADER.size <= length <= LONGEST_PDU:
            raise _Broken
        if len(self._buffer) < length:
            return None
        raw = bytes(self._buffer[:length])
        del self._buffer[:length]
        return Frame(command=command, status=status, sequence=sequence, raw=raw)

    def _take(self, frame: Frame) -> None:
        if frame.command & RESPONSE:
            self._settle(frame.sequence, Answer(written=True, status=frame.status, message_id=frame.text()))
        elif frame.command == DELIVER:
            self._deliver(frame)
        elif frame.command == ENQUIRE:
            self._write(short_pdu(ENQUIRE_ANSWER, OK, frame.sequence))
        elif frame.command == UNBIND:
            self._write(short_pdu(UNBIND_ANSWER, OK, frame.sequence))
            raise _Broken
        else:
            self._write(short_pdu(NACK, UNKNOWN_COMMAND, frame.sequence))

    def _deliver(self, frame: Frame) -> None:
        delivery = read_delivery(frame.raw)
        if delivery is None:
            self.answer(frame.sequence, NEVER_AGAIN)
        else:
            self._arrived(self, frame.sequence, delivery)


def _settled(answer: Answer) -> Future[Answer]:
    done: Future[Answer] = Future()
    done.set_result(answer)
    return done
