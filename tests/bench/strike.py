"""The generator of `storm`: a herd is struck, comes back, and is watched meanwhile, as are those who were not struck.

    python -m tests.bench.strike < JOB > RESULT        both JSON, one object

1. everyone enters, a few at a time; the insiders talk among themselves for a while;
2. the strike: all sockets are cut, and much is said before the net is back (`cut`); or one replica is asked to end
   (`drain`), or killed (`kill`);
3. all who were struck come back; each is *caught up* when it is at a replica that lives and has seen, without a hole,
   all that was said by then;
4. one more message is said in every room, and everybody must hear it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Final, Literal

from tests.bench.entering import resident
from tests.bench.files import raise_file_limit
from tests.bench.generator import median_and_p99
from tests.bench.herd import PATIENCE_S, Client, Herd
from tests.bench.insiders import Delivery, Watch
from tests.bench.senders import Speaker
from tests.bench.text import now_us
from tests.bench.wires import Seat, Wire, open_link

CALM_S: Final = 4.0  # that the insiders are watched before the strike
SETTLE_S: Final = 2.0
BURST: Final = (
    50  # messages written before their answers are awaited: no more than a connection may have in line
)
LAST_WORD_S: Final = 10.0

How = Literal["cut", "drain", "kill"]


@dataclass(frozen=True)
class Job:
    """`missed` messages are said in each room while all are cut off; `pids` and `ports` are the replicas'."""

    how: How
    seats: list[Seat]
    insiders: list[Seat]
    insider: Seat
    talker: Seat
    missed: int
    rate: float
    ports: list[int]
    pids: list[int]

    @classmethod
    def from_json(cls, text: str) -> Job:
        fields = json.loads(text)
        for name in ("seats", "insiders"):
            fields[name] = [Seat(**seat) for seat in fields[name]]
        for name in ("insider", "talker"):
            fields[name] = Seat(**fields[name])
        return cls(**fields)


@dataclass
class Result:
    """Milliseconds until all were back are from the strike, or from when the net was back; each one's are from its own loss."""

    struck: int = 0
    caught_up: int = 0
    all_back_ms: float = 0.0
    away_p50_ms: float = 0.0
    away_p99_ms: float = 0.0
    recovered: int = 0
    resets: int = 0
    holes: int = 0
    for_good: int = 0
    deaf: int = 0  # did not hear the last word
    refused: dict[str, int] = field(default_factory=dict)
    without_a_time: int = 0
    before_bytes: int = 0
    peak_bytes: int = 0
    after_bytes: int = 0
    calm_p50_ms: float = 0.0
    calm_p99_ms: float = 0.0
    storm_p50_ms: float = 0.0
    storm_p99_ms: float = 0.0
    insiders_missed: int = 0
    insiders_thrown_out: list[str] = field(default_factory=list)  # why
    generator_share: float = 0.0


class Talker:
    """Says things in all rooms, and knows what seq they have come to.

    Comes anew each time, since it answers no pings in between.
    """

    def __init__(self, seat: Seat, wire: Wire, clients: Sequence[Client]) -> None:
        self._seat = seat
        self._wire = wire
        self._rooms = seat.rooms
        self.heads = {client.room: client.seq for client in clients}

    def say(self, each: int) -> None:
        """Say so much in each room, and wait until it is stored. Raises RuntimeError when it was refused."""
        speaker = Speaker(self._seat, open_link(self._seat, self._wire), self._wire)
        left = each * len(self._rooms)
        while left:
            burst = min(BURST, left)
            speaker.say(burst, b"")
            left -= burst
            while burst:
                answered, refused = speaker.read()
                if refused:
                    raise RuntimeError("what was said was refused")
                burst -= answered
        for room in self._rooms:
            self.heads[room] += each
        speaker.socket.close()


def run(job: Job) -> Result:
    wire, result = Wire(), Result()
    watch = Watch(job.insiders, job.insider, wire, job.rate)  # forked before the herd has sockets to inherit
    herd = Herd(job.seats, wire, job.ports, job.pids)
    herd.enter()
    talker = Talker(job.talker, wire, herd.clients)
    calm_us = now_us()
    herd.run_until(lambda: False, CALM_S)
    result.before_bytes, herd.peak = resident(job.pids), 0
    cpu, began = time.process_time(), time.monotonic()
    strike_us = now_us()
    struck = strike(job, herd, talker)
    struck_us = now_us()
    herd.run_until(lambda: not herd.behind, PATIENCE_S)
    back_us = now_us()
    result.generator_share = (time.process_time() - cpu) / (time.monotonic() - began)
    taken, heard, result.insiders_thrown_out = watch.end()
    judge_insiders(result, heard, (calm_us, calm_us + int(CALM_S * 1e6)), (strike_us, back_us))
    result.insiders_missed = taken * len(job.insiders) - len(heard)
    judge_herd(result, herd, struck, struck_us)
    talker.say(1)
    herd.expect(herd.clients, talker.heads)
    herd.run_until(lambda: not herd.behind, LAST_WORD_S)
    result.deaf = len(herd.behind)
    herd.run_until(lambda: False, SETTLE_S)
    result.after_bytes = resident(job.pids)
    return result


def strike(job: Job, herd: Herd, talker: Talker) -> list[Client]:
    """Who was struck; they are on their way back."""
    if job.how == "cut":
        for client in herd.clients:
            herd.cut(client)
        talker.say(job.missed)
        herd.expect(herd.clients, dict(talker.heads))
        back = time.monotonic()
        for client in herd.clients:
            client.left_at = back
            herd.connect(client)
        return herd.clients
    struck = [client for client in herd.clients if client.port == job.ports[0]]
    herd.expect(struck, dict(talker.heads), gone=job.ports[0])
    os.kill(job.pids[0], signal.SIGTERM if job.how == "drain" else signal.SIGKILL)
    return struck


def judge_insiders(
    result: Result, heard: Sequence[Delivery], calm: tuple[int, int], storm: tuple[int, int]
) -> None:
    def ages(began: int, ended: int) -> list[float]:
        return [each.age_us / 1000 for each in heard if began <= each.at_us <= ended]

    result.calm_p50_ms, result.calm_p99_ms = median_and_p99(ages(*calm))
    result.storm_p50_ms, result.storm_p99_ms = median_and_p99(ages(*storm))


def judge_herd(result: Result, herd: Herd, struck: Sequence[Client], struck_us: int) -> None:
    back = [client for client in struck if client not in herd.behind]
    result.struck, result.caught_up = len(struck), len(back)
    result.all_back_ms = (max(client.caught_up_at for client in back) * 1e6 - struck_us) / 1000
    result.away_p50_ms, result.away_p99_ms = median_and_p99(
        [(client.caught_up_at - client.left_at) * 1000 for client in back]
    )
    result.peak_bytes = herd.peak
    tally = herd.tally
    result.recovered, result.resets, result.holes = tally.recovered, tally.resets, tally.holes
    result.refused, result.without_a_time = dict(tally.refused), tally.without_a_time
    result.for_good = tally.for_good


def main() -> None:
    raise_file_limit()
    print(json.dumps(asdict(run(Job.from_json(sys.stdin.read())))), flush=True)


if __name__ == "__main__":
    main()
