"""What those who read pay for those who do not: the same talk with and without readers who never read.

    .venv/bin/python tests/bench/slow.py

A room of 500 who read, over two replicas, and people who talk there at a steady pace; then the same with 100 more who
open the room and never read a byte. Alternating runs over the same servers, the medians compared. A slow reader is cut
off when what waits for them is too much, and comes back at once, as slow as before. Prints a table and, as its last line,
one JSON object. Memory is that of both replicas, at most.
"""

from __future__ import annotations

import argparse
import json
import select
import socket
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from common.units import MIB
from tests.bench import harness
from tests.bench.entering import resident
from tests.bench.files import raise_file_limit
from tests.bench.generator import median_and_p99
from tests.bench.harness import Figures, Plan, Target, say
from tests.bench.ours import open_madang
from tests.bench.receivers import Receivers
from tests.bench.senders import Pace, start_senders
from tests.bench.wires import Refused, Seat, Wire, open_link

SENDERS: Final = 4
RECEIVE_BUFFER: Final = 4096  # of a slow reader's kernel, asked for
GOAL: Final = 1.5
PATIENT_S: Final = "200"  # between heartbeats: who never reads is not to go for want of a pong
QUIET_S: Final = 0.5


class Sleepers:
    """Readers who never read, in a thread that only waits for their ends and brings them back."""

    def __init__(self, seats: Sequence[Seat], wire: Wire) -> None:
        self.cut_off = 0
        self._wire = wire
        self._epoll = select.epoll()
        self._seats: dict[int, Seat] = {}
        self._sockets: dict[int, socket.socket] = {}
        self._over = threading.Event()
        for seat in seats:
            self._come(seat)
        self._thread = threading.Thread(target=self._stay)
        self._thread.start()

    def leave(self) -> None:
        self._over.set()
        self._thread.join()
        for each in self._sockets.values():
            each.close()

    def _stay(self) -> None:
        while not self._over.is_set():
            for fd, _ in self._epoll.poll(0.1):
                self.cut_off += 1
                seat, gone = self._seats.pop(fd), self._sockets.pop(fd)
                self._epoll.unregister(fd)
                gone.close()
                try:
                    self._come(seat)
                except (Refused, OSError):
                    say("somebody who never reads was not let in again")

    def _come(self, seat: Seat) -> None:
        link = open_link(seat, self._wire)
        link.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        fd = link.socket.fileno()
        self._seats[fd], self._sockets[fd] = seat, link.socket
        self._epoll.register(fd, select.EPOLLRDHUP | select.EPOLLHUP)  # and never EPOLLIN


class Memory:
    """The most that some processes held, sampled in a thread."""

    def __init__(self, pids: Sequence[int]) -> None:
        self.before = self.most = resident(pids)
        self._pids = pids
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()

    def end(self) -> int:
        self._over.set()
        self._thread.join()
        return self.most

    def _sample(self) -> None:
        while not self._over.wait(0.1):
            self.most = max(self.most, resident(self._pids))


class Talk:
    """The readers and the talkers, for all runs."""

    def __init__(self, target: Target, options: argparse.Namespace) -> None:
        self._wire = Wire()
        self._target = target
        self._options = options
        self._orders = start_senders(target.senders, self._wire)
        readers = target.listeners[: options.readers]
        self._receivers = Receivers([open_link(seat, self._wire) for seat in readers], self._wire)

    def measure(self, name: str) -> Figures:
        """One run, `with` or `without` those who never read."""
        options = self._options
        memory = Memory(self._target.pids)
        slow = self._target.listeners[options.readers :] if name == "with" else []
        sleepers = Sleepers(slow, self._wire)
        self._receivers.settle(QUIET_S)
        try:
            self._orders.send(Pace(options.seconds, options.rate, b"x" * options.padding))
            heard, sent = self._receivers.follow(self._orders, options.readers, timed=True)
        finally:
            sleepers.leave()
            most = memory.end()
        p50, p99 = median_and_p99([age / 1000 for age in heard.ages_us])
        return {
            "p99_ms": p99,
            "p50_ms": p50,
            "missing": sent.answered * options.readers - heard.deliveries,
            "refused": sent.refused,
            "dropped": self._receivers.dropped,
            "cut_off": sleepers.cut_off,
            "most_mib": most / MIB,
            "grown_mib": (most - memory.before) / MIB,
        }


def run(options: argparse.Namespace) -> None:
    plan = Plan(1, options.readers + options.slow, replicas=2, senders=SENDERS)
    with (
        tempfile.TemporaryDirectory(prefix="madang-bench-") as folder,
        open_madang(plan, Path(folder), CHATD_HEARTBEAT_SECONDS=PATIENT_S) as target,
    ):
        talk = Talk(target, options)
        talk.measure("with")  # warm
        comparison = harness.alternate(["with", "without"], talk.measure, options.runs)
    if not comparison.runs:
        return
    print(
        f"{options.readers} who read, {options.slow} who never do; {options.rate:g} messages of about "
        f"{options.padding + 200} bytes a second; {len(comparison.runs)} runs; {harness.machine()}"
    )
    print(f"{'median of runs':<44} {'with':>10} {'without':>10}")
    for key, words in ROWS:
        cells = (harness.number(comparison.median(name, key)) for name in ("with", "without"))
        print(f"{words:<44} " + " ".join(f"{cell:>10}" for cell in cells))
    ratio = comparison.ratio("without", "p99_ms") or 0.0
    print(f"the readers' p99 with them is {ratio:.2f} × that without them (the goal is at most {GOAL})")
    figures = {key: median(each["with"][key] for each in comparison.runs) for key, _ in ROWS}
    theirs = comparison.median("without", "p99_ms")
    print(
        json.dumps(
            {"bench": "slow", "peer": "without", "unit": "ms", "ours": figures["p99_ms"], "theirs": theirs}
            | {"ratio": round(ratio, 3), "runs": len(comparison.runs), "figures": figures}
        )
    )


ROWS: Final = (
    ("p99_ms", "the readers' p99, ms"),
    ("p50_ms", "the readers' median, ms"),
    ("missing", "deliveries missing"),
    ("refused", "sends refused"),
    ("dropped", "readers dropped"),
    ("cut_off", "times somebody slow was cut off"),
    ("most_mib", "memory of both replicas, at most, MiB"),
    ("grown_mib", "of which it grew in the run, MiB"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--readers", type=int, default=500)
    parser.add_argument("--slow", type=int, default=100)
    parser.add_argument("--rate", type=float, default=200, help="messages a second")
    parser.add_argument("--padding", type=int, default=2000, help="bytes beside the stamp in each message")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    raise_file_limit()
    run(options)


if __name__ == "__main__":
    main()
