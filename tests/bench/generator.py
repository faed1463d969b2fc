"""The load generator: members who read, senders who write, the same work whatever the server.

    python -m tests.bench.generator < JOB > RESULT        both JSON, one object

Two processes: this one reads, its child writes (`senders`). One run goes through four phases over the same connections:

1. *saturated*: every sender keeps a window in flight, until all is delivered;
2. *turns*: one message at a time, the next when every member of the room has read the last;
3. *answers*: one message at a time on a quiet server: from write to answer;
4. *half*: as many messages a second as half of what (1) reached: how long from a sender's write to a member's read.

Deliveries are counted at the members, up to the last one. All frames are padded to the same size.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles

from tests.bench.files import raise_file_limit
from tests.bench.receivers import Receivers
from tests.bench.senders import Flood, Pace, Sent, start_senders
from tests.bench.text import now_us, stamped
from tests.bench.wires import WIRES, Link, Seat, open_link

QUIET_S = 0.3
PAUSE_S = 0.005
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Job:
    """One run: `seconds` for each phase, `members` who hear each message, `pids` of servers whose CPU time is read."""

    wire: str
    listeners: list[Seat]
    senders: list[Seat]
    soloist: Seat
    members: int
    window: int
    seconds: float
    frame_bytes: int
    pids: list[int]

    @classmethod
    def from_json(cls, text: str) -> Job:
        fields = json.loads(text)
        for name in ("listeners", "senders"):
            fields[name] = [Seat(**seat) for seat in fields[name]]
        return cls(**fields | {"soloist": Seat(**fields["soloist"])})


@dataclass
class Result:
    """What was measured; `missing` and what follows are 0 in a clean run. Shares are of one core."""

    deliveries_per_s: float = 0.0
    sends_per_s: float = 0.0
    turn_deliveries_per_s: float = 0.0
    answer_p50_ms: float = 0.0
    answer_p99_ms: float = 0.0
    half_sends_per_s: float = 0.0
    half_p50_ms: float = 0.0
    half_p99_ms: float = 0.0
    server_us_per_send: float = 0.0
    frame_bytes: int = 0
    reader_share: float = 0.0
    writer_share: float = 0.0
    missing: int = 0
    unanswered: int = 0
    refused: int = 0
    dropped: int = 0


class Run:
    """One job under way."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.result = Result()
        wire = WIRES[job.wire]()
        self.wire = wire
        self.orders: Connection = start_senders(job.senders, wire)
        links = [open_link(seat, wire) for seat in job.listeners]
        self.solo = open_link(
            job.soloist, wire
        )  # the last: until it is asked to say something, it answers no heartbeat
        self.padding = self._fit(links[0])
        self.receivers = Receivers(links, wire)
        self.receivers.settle(QUIET_S)
        self._number = 1

    def go(self) -> Result:
        self.saturate()
        self.receivers.settle(QUIET_S)
        self.take_turns()
        self.time_answers()
        self.receivers.settle(QUIET_S)
        self.keep_half_pace()
        self.result.dropped = self.receivers.dropped
        return self.result

    def saturate(self) -> None:
        job, result = self.job, self.result
        servers, cpu = cpu_s(job.pids), time.process_time()
        self.orders.send(Flood(job.seconds, job.window, self.padding))
        heard, sent = self.receivers.follow(self.orders, job.members)
        cpu = time.process_time() - cpu
        took_s = (heard.last_us - sent.began_us) / 1e6
        result.deliveries_per_s = heard.deliveries / took_s
        result.sends_per_s = sent.answered / ((sent.ended_us - sent.began_us) / 1e6)
        result.server_us_per_send = (cpu_s(job.pids) - servers) * 1e6 / max(1, sent.answered)
        result.reader_share, result.writer_share = cpu / took_s, sent.cpu_s / took_s
        self._account(heard.deliveries, sent)

    def take_turns(self) -> None:
        turns, delivered, began = 0, 0, now_us()
        while now_us() - began < self.job.seconds * 1e6:
            self.solo.socket.sendall(self._frame())
            delivered += self.receivers.listen(self.job.members)
            self.solo.skim()
            turns += 1
        self.result.turn_deliveries_per_s = delivered / ((now_us() - began) / 1e6)
        self.result.missing += turns * self.job.members - delivered

    def time_answers(self) -> None:
        self.solo.skim(QUIET_S)
        times_ms, until = [], now_us() + self.job.seconds * 1e6
        while now_us() < until:
            began = now_us()
            self.solo.ask(self._frame(), self.wire.answer)
            times_ms.append((now_us() - began) / 1000)
            self.receivers.listen(self.job.members)
            time.sleep(PAUSE_S)
        self.result.answer_p50_ms, self.result.answer_p99_ms = median_and_p99(times_ms)

    def keep_half_pace(self) -> None:
        rate = self.result.deliveries_per_s / self.job.members / 2
        self.orders.send(Pace(self.job.seconds, rate, self.padding))
        heard, sent = self.receivers.follow(self.orders, self.job.members, timed=True)
        self.result.half_sends_per_s = rate
        self.result.half_p50_ms, self.result.half_p99_ms = median_and_p99(
            [age / 1000 for age in heard.ages_us]
        )
        self._account(heard.deliveries, sent)

    def _account(self, delivered: int, sent: Sent) -> None:
        self.result.missing += (sent.answered * self.job.members) - delivered
        self.result.unanswered += sent.in_flight
        self.result.refused += sent.refused

    def _fit(self, listener: Link) -> bytes:
        """Padding that brings a delivered frame to the wanted size, found by saying something unpadded."""
        unpadded = self.wire.send(0, self._room(), b"fitting-%d" % now_us(), stamped(b""))
        self.solo.ask(unpadded, self.wire.answer)
        bare = listener.ask(b"", b"~~~~")
        self.result.frame_bytes = max(bare, self.job.frame_bytes)
        return b"x" * (self.result.frame_bytes - bare)

    def _frame(self) -> bytes:
        self._number += 1
        client_id = b"solo-%x-%d" % (os.getpid(), self._number)
        return self.wire.send(self._number, self._room(), client_id, stamped(self.padding))

    def _room(self) -> bytes:
        return self.job.soloist.rooms[0].encode()


def median_and_p99(values: list[float]) -> tuple[float, float]:
    if len(values) < 2:
        return (values[0], values[0]) if values else (float("nan"), float("nan"))
    cuts = quantiles(values, n=100, method="inclusive")
    return cuts[49], cuts[98]


def cpu_s(pids: list[int]) -> float:
    """The CPU time these processes have used, threads included (Linux; 0 elsewhere)."""
    used = 0
    for pid in pids:
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():
            used += sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13]))
    return used / TICKS_PER_S


def main() -> None:
    raise_file_limit()
    job = Job.from_json(sys.stdin.read())
    print(json.dumps(asdict(Run(job).go())), flush=True)


if __name__ == "__main__":
    main()
