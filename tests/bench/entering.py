"""Connections by the thousand: how fast they are taken, and what each weighs while it idles.

    python -m tests.bench.entering < JOB > RESULT        both JSON, one object

One process, one epoll loop, so many clients on their way at a time. On a fresh server, in this order:

1. a few come and go, so that what is made once is made;
2. *entering*: everyone connects, is greeted and opens a room, and stays; then the server's memory is read, and its processor
   watched for some seconds in which nobody says anything;
3. *handshakes*: others connect, and leave when they have the HTTP answer.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from tests.bench.files import raise_file_limit
from tests.bench.generator import cpu_s
from tests.bench.wires import WIRES, Question, Seat, Wire

WARM_UP: Final = 20
SETTLE_S: Final = 1.5
PATIENCE_S: Final = 30.0
PAGE: Final = os.sysconf("SC_PAGE_SIZE")
UPGRADED: Final = b"\r\n\r\n"


@dataclass(frozen=True)
class Job:
    """Who enters, how many shake hands only, how many are on their way at a time, and for how long they idle."""

    wire: str
    seats: list[Seat]
    handshakes: int
    at_once: int
    idle_s: float
    pids: list[int]


@dataclass
class Result:
    """Bytes are of resident memory, of all the server's processes together."""

    entered_per_s: float = 0.0
    handshakes_per_s: float = 0.0
    bytes_per_connection: float = 0.0
    idle_us_per_s: float = 0.0  # of a connection, beside what the server does when nobody is there
    generator_share: float = 0.0


class Client:
    """One client on its way into its seat: what it says next, and the word it waits for."""

    def __init__(self, seat: Seat, wire: Wire, questions: Sequence[Question]) -> None:
        self.socket = socket.create_connection((seat.host, seat.port), timeout=PATIENCE_S)
        self._refusal = wire.refusal
        self._questions = iter([(wire.request(seat.host, seat.port, seat.user), UPGRADED), *questions])
        self._word = b""
        self._heard = b""
        self.proceed()

    def proceed(self) -> bool:
        """Say the next thing. Whether there was one."""
        for frame, word in self._questions:
            self._word = word
            if frame:
                self.socket.sendall(frame)
            if self._word not in self._heard:
                return True
            self._forget()
        return False

    def arrived(self) -> bool:
        """Read what came, and go on as far as it allows. Whether this client is in its seat now.

        Raises:
            ConnectionError: if the server refused, or hung up.
        """
        received = self.socket.recv(1 << 16)
        if not received or self._refusal in received:
            raise ConnectionError(f"not let in: {(self._heard + received)[-300:]!r}")
        self._heard += received
        if self._word not in self._heard:
            return False
        self._forget()
        return not self.proceed()

    def _forget(self) -> None:
        self._heard = self._heard.partition(self._word)[2]


def enter(
    seats: Sequence[Seat], wire: Wire, at_once: int, *, handshake_only: bool = False
) -> tuple[list[socket.socket], float]:
    """Everyone into their seats, `at_once` on their way at any time; their sockets, and how long it took in seconds.

    Whoever only shakes hands leaves at once.
    """
    epoll, waiting = select.epoll(), iter(seats)
    under_way: dict[int, Client] = {}
    inside: list[socket.socket] = []
    began = time.perf_counter()

    def start(count: int) -> None:
        for seat, _ in zip(waiting, range(count), strict=False):
            client = Client(seat, wire, [] if handshake_only else wire.entering(seat))
            under_way[client.socket.fileno()] = client
            epoll.register(client.socket, select.EPOLLIN)

    start(at_once)
    while under_way:
        ready = epoll.poll(PATIENCE_S)
        if not ready:
            raise TimeoutError(f"{len(under_way)} clients were left waiting")
        for fd, _ in ready:
            client = under_way[fd]
            if not client.arrived():
                continue
            epoll.unregister(fd)
            del under_way[fd]
            if handshake_only:
                client.socket.close()
            else:
                inside.append(client.socket)
            start(1)
    return inside, time.perf_counter() - began


def resident(pids: Sequence[int]) -> int:
    """Bytes of memory these processes hold (Linux; 0 elsewhere)."""
    pages = 0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError):
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * PAGE


def idle(pids: list[int], for_s: float) -> float:
    """CPU seconds that these processes spend while nothing happens for a while."""
    before = cpu_s(pids)
    time.sleep(for_s)
    return cpu_s(pids) - before


def run(job: Job) -> Result:
    wire = WIRES[job.wire]()
    warm, _ = enter(job.seats[:WARM_UP], wire, 1)
    for each in warm:
        each.close()
    time.sleep(SETTLE_S)
    at_rest = idle(job.pids, job.idle_s)
    before, cpu = resident(job.pids), time.process_time()
    inside, took_s = enter(job.seats, wire, job.at_once)
    share = (time.process_time() - cpu) / took_s
    time.sleep(SETTLE_S)
    grown = resident(job.pids) - before
    idle_us = (idle(job.pids, job.idle_s) - at_rest) * 1e6 / job.idle_s / len(inside)
    others = [job.seats[n % len(job.seats)] for n in range(job.handshakes)]
    _, shaking_s = enter(others, wire, job.at_once, handshake_only=True)
    for each in inside:
        each.close()
    return Result(len(inside) / took_s, len(others) / shaking_s, grown / len(inside), idle_us, share)


def main() -> None:
    raise_file_limit()
    fields = json.loads(sys.stdin.read())
    job = Job(**fields | {"seats": [Seat(**seat) for seat in fields["seats"]]})
    print(json.dumps(asdict(run(job))), flush=True)


if __name__ == "__main__":
    main()
