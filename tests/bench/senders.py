"""The writing half of the generator: a process of its own, so that writing and reading do not wait for each other.

Two ways to send. A **flood** keeps a window of messages in flight on every link: as fast as the server answers. A
**pace** sends so many a second, answered or not, for as long as asked.
"""

from __future__ import annotations

import multiprocessing
import os
import select
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from multiprocessing.connection import Connection
from typing import Final

from tests.bench.text import now_us, stamped
from tests.bench.wires import Link, Seat, Wire, open_link

PATIENCE_S: Final = 10.0


@dataclass(frozen=True)
class Flood:
    """For `seconds`, `window` messages in flight on each link."""

    seconds: float
    window: int
    padding: bytes


@dataclass(frozen=True)
class Pace:
    """For `seconds`, `rate` messages a second over all links together."""

    seconds: float
    rate: float
    padding: bytes


@dataclass
class Sent:
    """What came of it. Times are of the first write and the last answer, `cpu_s` of this process meanwhile."""

    began_us: int
    ended_us: int
    written: int = 0
    answered: int = 0
    refused: int = 0
    cpu_s: float = 0.0

    @property
    def in_flight(self) -> int:
        """Messages that were neither answered nor refused yet."""
        return self.written - self.answered - self.refused


class Speaker:
    """One sender's link: what it writes next, and the answers it has read."""

    def __init__(self, seat: Seat, link: Link, wire: Wire) -> None:
        self.socket = link.socket
        self._wire = wire
        self._carried = max(len(wire.answer), len(wire.refusal)) - 1
        self._name = f"{os.getpid():x}-{seat.user[-12:]}-{time.time_ns():x}".encode()
        self._rooms: Iterator[bytes] = cycle([room.encode() for room in seat.rooms])
        self._number = 0
        self._tail = b""

    def say(self, messages: int, padding: bytes) -> None:
        """Write that many messages at once."""
        batch = bytearray()
        for _ in range(messages):
            self._number += 1
            client_id = b"%b-%d" % (self._name, self._number)
            batch += self._wire.send(self._number, next(self._rooms), client_id, stamped(padding))
        if batch:
            self.socket.sendall(batch)

    def read(self) -> tuple[int, int]:
        """Answers and refusals that have come.

        Raises:
            ConnectionError: if the server hung up.
        """
        received = self.socket.recv(1 << 16)
        if not received:
            raise ConnectionError("the server hung up on a sender")
        whole = self._tail + received
        tail = whole[-self._carried :]
        answered = whole.count(self._wire.answer) - self._tail.count(self._wire.answer)
        refused = whole.count(self._wire.refusal) - self._tail.count(self._wire.refusal)
        self._tail = tail
        beat = received.find(self._wire.heartbeat)
        if beat >= 0 and (pulse := self._wire.pulse(received, beat)):
            self.socket.sendall(pulse)
        return answered, refused


class Senders:
    """All senders, in their own process; told what to do through a pipe."""

    def __init__(self, seats: list[Seat], wire: Wire) -> None:
        self._speakers: dict[int, Speaker] = {}
        self._epoll = select.epoll()
        for seat in seats:
            speaker = Speaker(seat, open_link(seat, wire), wire)
            self._speakers[speaker.socket.fileno()] = speaker
            self._epoll.register(speaker.socket, select.EPOLLIN)

    def serve(self, orders: Connection) -> None:
        """Carry out orders until the other side closes the pipe. Heartbeats are answered in between."""
        orders.send(None)
        self._epoll.register(orders.fileno(), select.EPOLLIN)
        while True:
            for fd, _ in self._epoll.poll():
                if fd != orders.fileno():
                    self._speakers[fd].read()
                    continue
                try:
                    order: Flood | Pace = orders.recv()
                except EOFError:
                    return
                self._epoll.unregister(orders.fileno())
                orders.send(self._carry_out(order))
                self._epoll.register(orders.fileno(), select.EPOLLIN)

    def _carry_out(self, order: Flood | Pace) -> Sent:
        cpu = time.process_time()
        sent = self._flood(order) if isinstance(order, Flood) else self._keep_pace(order)
        self._hear_the_rest(sent)
        sent.cpu_s = time.process_time() - cpu
        return sent

    def _flood(self, order: Flood) -> Sent:
        sent = Sent(now_us(), now_us())
        until = time.monotonic() + order.seconds
        for fd in self._speakers:
            self._say(fd, order.window, order.padding, sent)
        while time.monotonic() < until:
            for fd, _ in self._epoll.poll(order.seconds):
                answers = self._hear(fd, sent)
                self._say(fd, answers, order.padding, sent)
        return sent

    def _keep_pace(self, order: Pace) -> Sent:
        sent = Sent(now_us(), now_us())
        speakers = cycle(self._speakers)
        total, began = max(1, int(order.rate * order.seconds)), time.monotonic()
        while sent.written < total:
            due = min(total, 1 + int((time.monotonic() - began) * order.rate))
            while sent.written < due:
                self._say(next(speakers), 1, order.padding, sent)
            time.sleep(max(0.0, began + sent.written / order.rate - time.monotonic()))
            for fd, _ in self._epoll.poll(0):
                self._hear(fd, sent)
        return sent

    def _hear_the_rest(self, sent: Sent) -> None:
        """Read the answers that are still to come, until none came for `PATIENCE_S`."""
        while sent.in_flight and now_us() - sent.ended_us < PATIENCE_S * 1e6:
            for fd, _ in self._epoll.poll(PATIENCE_S / 10):
                self._hear(fd, sent)

    def _say(self, fd: int, messages: int, padding: bytes, sent: Sent) -> None:
        self._speakers[fd].say(messages, padding)
        sent.written += messages

    def _hear(self, fd: int, sent: Sent) -> int:
        answered, refused = self._speakers[fd].read()
        if answered or refused:
            sent.answered += answered
            sent.refused += refused
            sent.ended_us = now_us()
        return answered + refused


def start_senders(seats: list[Seat], wire: Wire) -> Connection:
    """Start the process; returns its pipe once every sender is connected. It ends when the pipe is closed."""
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("fork")
    context.Process(target=_run, args=(seats, wire, ours, theirs), daemon=True).start()
    theirs.close()
    try:
        ours.recv()
    except EOFError:
        raise ConnectionError("the senders could not connect") from None
    return ours


def _run(seats: list[Seat], wire: Wire, ours: Connection, theirs: Connection) -> None:
    ours.close()  # so that this process sees the end when the other one ends
    Senders(seats, wire).serve(theirs)
