"""What those who read pay for those who do not: the same talk with and without readers who never read.

    .venv/bin/python tests/bench/slow.py

A room of 500 who read, over two replicas, and people who talk there at a steady pace; then the same with 100 more who
open the room and never read a byte. Alternating runs over the same servers, the medians compared. A slow reader is cut
off when too much waits for them; each comes back every ten seconds, as slow as before. Prints a table and, as its last line,
one JSON object. Memory is that of both replicas, at most.
"""

from __future__ import annotations

import argparse
import json
import socket
import sys
import tempfile
import threading
import urllib.request
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from common.units import MIB
from deploy.embedded.ports import LOOPBACK
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
STAY_S: Final = 10.0  # of a slow reader, on one connection
RECEIVE_BUFFER: Final = 4096  # of a slow reader's kernel, asked for
GOAL: Final = 1.5
PATIENT_S: Final = "200"  # between heartbeats: who never reads is not to go for want of a pong
QUIET_S: Final = 0.5


class Sleepers:
    """Readers who never read: each opens the room, and after a while does so anew on another connection.

    A thread brings them back: one whose window is full never hears that it was cut off.
    """

    def __init__(self, seats: Sequence[Seat], wire: Wire) -> None:
        self._wire = wire
        self._over = threading.Event()
        self._here = deque((seat, self._come(seat)) for seat in seats)
        self._thread = threading.Thread(target=self._stay)
        self._thread.start()

    def leave(self) -> None:
        self._over.set()
        self._thread.join()
        for _, each in self._here:
            each.close()

    def _stay(self) -> None:
        while self._here and not self._over.wait(STAY_S / len(self._here)):
            seat, old = self._here.popleft()
            old.close()
            try:
                self._here.append((seat, self._come(seat)))
            except (Refused, OSError) as fault:
                say(f"somebody who never reads was not let in again: {fault}")

    def _come(self, seat: Seat) -> socket.socket:
        link = open_link(seat, self._wire)
        link.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        return link.socket


def cut_off(target: Target) -> float:
    """How many were closed so far because they read too slowly."""
    series = b'madang_chatd_disconnects_total{reason="slow_consumer"} '
    count = 0.0
    for port in target.private_ports:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/metrics", timeout=10) as page:
            count += sum(float(line.split()[-1]) for line in page if line.startswith(series))
    return count


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

    def end(self) -> None:
        """The talkers go home, before the servers do."""
        self._orders.close()

    def measure(self, name: str) -> Figures:
        """One run, `with` or `without` those who never read."""
        options = self._options
        memory, before = Memory(self._target.pids), cut_off(self._target)
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
            "cut_off": cut_off(self._target) - before,
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
        talk.end()
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
    parser.add_argument("--rate", type=float, default=60, help="messages a second")
    parser.add_argument("--padding", type=int, default=3800, help="bytes beside the stamp in each message")
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    raise_file_limit()
    run(options)


if __name__ == "__main__":
    main()
