"""The reading half of the generator: hundreds of sockets, one epoll loop, deliveries counted by their mark.

Exact and cheap: a message is counted where its mark is found by one search over what was read, split reads included, so
frames need not be walked. A few receivers, spread at random over servers and rooms, also read the stamps of theirs.
"""

from __future__ import annotations

import random
import select
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Final

from tests.bench.senders import Sent
from tests.bench.text import MARK, STAMP, STAMPED, now_us
from tests.bench.wires import Link, Wire

TAIL: Final = STAMPED - 1  # carried from read to read: all of a mark or stamp but its last byte
MARK_TAIL: Final = len(MARK) - 1
READ: Final = 1 << 18
PATIENCE_S: Final = 5.0  # silence after which what is missing is given up
WAIT_S: Final = 30.0  # silence after which senders at work are given up
TIMED: Final = 25  # receivers that read stamps


@dataclass
class Heard:
    """What one phase brought: how many deliveries, when the last was read (or it began), how old the timed ones were."""

    last_us: int
    deliveries: int = 0
    ages_us: list[int] = field(default_factory=list)


class Receivers:
    """The members. `dropped` counts those whose server hung up on them."""

    def __init__(self, links: list[Link], wire: Wire) -> None:
        self.dropped = 0
        self._wire = wire
        self._epoll = select.epoll()
        self._sockets = {link.socket.fileno(): link.socket for link in links}
        self._tails = dict.fromkeys(self._sockets, bytes(TAIL))
        self._timed = frozenset(random.Random(1).sample(sorted(self._sockets), min(TIMED, len(links))))
        self._buffer = bytearray(TAIL + READ)
        self._into = memoryview(self._buffer)[TAIL:]
        for fd, socket in self._sockets.items():
            socket.setblocking(False)
            self._epoll.register(fd, select.EPOLLIN)

    def listen(self, goal: int) -> int:
        """Read until `goal` messages were delivered in all, or none was for `PATIENCE_S`; how many were."""
        heard = Heard(last_us=now_us())
        while heard.deliveries < goal and (ready := self._wait(heard, PATIENCE_S)):
            for fd, _ in ready:
                self._count(fd, heard)
        return heard.deliveries

    def follow(self, senders: Connection, copies: int, *, timed: bool = False) -> tuple[Heard, Sent]:
        """Read while the senders do what they were ordered to, then until each answered message came `copies` times.

        Raises:
            TimeoutError: if they do not finish.
        """
        heard, goal, sent = Heard(last_us=now_us()), float("inf"), None
        count = self._count_timed if timed else self._count
        pipe = senders.fileno()
        self._epoll.register(pipe, select.EPOLLIN)
        while heard.deliveries < goal and (ready := self._wait(heard, PATIENCE_S if sent else WAIT_S)):
            for fd, _ in ready:
                if fd == pipe:
                    sent = senders.recv()
                    goal = sent.answered * copies
                    self._epoll.unregister(pipe)
                else:
                    count(fd, heard)
        if sent is None:
            raise TimeoutError("the senders did not finish")
        return heard, sent

    def settle(self, quiet_s: float) -> None:
        """Read and forget whatever comes, until nothing came for `quiet_s`, or something always does."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and (ready := self._epoll.poll(quiet_s)):
            for fd, _ in ready:
                self._read(fd)

    def _wait(self, heard: Heard, patience_s: float) -> list[tuple[int, int]]:
        """What is ready to be read; nothing when no message came for so long, whatever else (heartbeats) did."""
        while now_us() - heard.last_us < patience_s * 1e6:
            if ready := self._epoll.poll(PATIENCE_S / 10):
                return ready
        return []

    def _count(self, fd: int, heard: Heard) -> None:
        size = self._read(fd)
        if found := self._buffer.count(MARK, TAIL - MARK_TAIL, TAIL + size):
            heard.deliveries += found
            heard.last_us = now_us()

    def _count_timed(self, fd: int, heard: Heard) -> None:
        if fd not in self._timed:
            self._count(fd, heard)
        elif stamps := STAMP.findall(self._buffer, 0, TAIL + self._read(fd)):
            heard.deliveries += len(stamps)
            heard.last_us = now_us()
            heard.ages_us += [heard.last_us - int(stamp) for stamp in stamps]

    def _read(self, fd: int) -> int:
        """Read into the buffer, behind the tail of the read before; how much came."""
        self._buffer[:TAIL] = self._tails[fd]
        try:
            size = self._sockets[fd].recv_into(self._into)
        except BlockingIOError:
            return 0
        except OSError:
            size = 0
        if size == 0:
            self._drop(fd)
            return 0
        self._tails[fd] = bytes(self._buffer[size : size + TAIL])
        beat = self._buffer.find(self._wire.heartbeat, TAIL, TAIL + size)
        if beat >= 0 and (pulse := self._wire.pulse(bytes(self._buffer[beat : TAIL + size]), 0)):
            self._sockets[fd].send(pulse)
        return size

    def _drop(self, fd: int) -> None:
        self.dropped += 1
        self._epoll.unregister(fd)
        self._sockets.pop(fd).close()
