"""The generator of `sends`: senders whom nobody hears, so that only the way into the log is measured.

    python -m tests.bench.sending < JOB > RESULT        both JSON, one object

For each window, every sender keeps so many messages in flight; what the replicas say of their inserts meanwhile tells how
the groups grow. Then one message at a time on a quiet server: from write to durable answer.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deploy.embedded.ports import LOOPBACK
from tests.bench.files import raise_file_limit
from tests.bench.generator import PAUSE_S, QUIET_S, cpu_s, median_and_p99
from tests.bench.harness import Figures
from tests.bench.senders import Flood, start_senders
from tests.bench.text import now_us, stamped
from tests.bench.wires import WIRES, Seat, Wire, open_link

PADDING: Final = b"x" * 76  # with its stamp, a text of a hundred characters
_GROUPS: Final = re.compile(r"^madang_chatd_group_commit_entries_(sum|count) (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Job:
    """Who sends, how many messages each keeps in flight, one after the other; `ports` are those of the metrics."""

    wire: str
    senders: list[Seat]
    soloist: Seat
    windows: list[int]
    seconds: float
    ports: list[int]
    pids: list[int]


def run(job: Job) -> Figures:
    """`sends_per_s_W`, `group_W` and `server_us_W` for each window W, and how long an answer takes when it is quiet."""
    wire, figures = WIRES[job.wire](), Figures(unanswered=0, refused=0)
    orders = start_senders(job.senders, wire)
    for window in job.windows:
        before, cpu = groups(job.ports), cpu_s(job.pids)
        orders.send(Flood(job.seconds, window, PADDING))
        sent = orders.recv()
        entries, inserts = (now - then for now, then in zip(groups(job.ports), before, strict=True))
        figures |= {
            f"sends_per_s_{window}": sent.answered / ((sent.ended_us - sent.began_us) / 1e6),
            f"group_{window}": entries / max(1, inserts),
            f"server_us_{window}": (cpu_s(job.pids) - cpu) * 1e6 / max(1, sent.answered),
        }
        figures["unanswered"] += sent.in_flight
        figures["refused"] += sent.refused
    time.sleep(QUIET_S)
    figures["answer_p50_ms"], figures["answer_p99_ms"] = time_answers(job.soloist, wire, job.seconds)
    return figures


def groups(ports: Sequence[int]) -> tuple[float, float]:
    """Entries that were inserted by all replicas since they started, and by how many inserts."""
    found = {"sum": 0.0, "count": 0.0}
    for port in ports:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/metrics", timeout=10) as answer:
            for name, value in _GROUPS.findall(answer.read().decode()):
                found[name] += float(value)
    return found["sum"], found["count"]


def time_answers(seat: Seat, wire: Wire, seconds: float) -> tuple[float, float]:
    """Milliseconds from a write to its answer, one after the other: median and p99."""
    times_ms: list[float] = []
    link, room = open_link(seat, wire), seat.rooms[0].encode()
    until = now_us() + seconds * 1e6
    while now_us() < until:
        client_id = b"quiet-%x-%d" % (os.getpid(), len(times_ms))
        frame = wire.send(len(times_ms), room, client_id, stamped(PADDING))
        began = now_us()
        link.ask(frame, wire.answer)
        times_ms.append((now_us() - began) / 1000)
        time.sleep(PAUSE_S)
    return median_and_p99(times_ms)


def main() -> None:
    raise_file_limit()
    fields = json.loads(sys.stdin.read())
    senders, soloist = [Seat(**seat) for seat in fields.pop("senders")], Seat(**fields.pop("soloist"))
    print(json.dumps(run(Job(senders=senders, soloist=soloist, **fields))), flush=True)


if __name__ == "__main__":
    main()
