"""The generator of `http_reads`: requests at a steady pace, each timed from the moment it was due.

    python -m tests.bench.asking < JOB > RESULT        both JSON, one object

1. *alone*: what needs no store, one request at a time, while nobody else asks;
2. *pace*: reads of all kinds, so many a second over a few connections that are kept. A request that finds all of them
   busy waits, and its waiting counts: a server that stalls is not excused by a client that stalls with it.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from tests.bench.generator import cpu_s, median_and_p99

WARM_UP: Final = 3  # of each path
PATIENCE_S: Final = 30


@dataclass(frozen=True)
class Job:
    """`alone` and `paths` are asked in turn, as whoever `token` is; `metrics` is read before and after `alone`;
    `pids` are the server's."""

    host: str
    port: int
    token: str
    alone: list[str]
    paths: list[str]
    rate: float
    seconds: float
    connections: int
    metrics: str
    pids: list[int]


@dataclass
class Client:
    """A connection that is kept."""

    job: Job
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(self.job.host, self.job.port, timeout=PATIENCE_S)

    def ask(self, path: str) -> bytes:
        """The body of the answer. Raises RuntimeError unless it is 200."""
        self.connection.request("GET", path, headers={"authorization": f"Bearer {self.job.token}"})
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != http.client.OK:
            raise RuntimeError(f"GET {path}: {answer.status} {body[:300]!r}")
        return body

    def close(self) -> None:
        self.connection.close()


@dataclass
class Pace:
    """Requests that fall due one after the other, whoever is free takes the next."""

    job: Job
    times_ms: dict[str, list[float]] = field(default_factory=dict)
    fault: Exception | None = None
    _turns: Iterator[int] = field(default_factory=count)

    def run(self) -> None:
        self.times_ms = {path: [] for path in self.job.paths}
        clients = [Client(self.job) for _ in range(self.job.connections)]
        began = time.monotonic() + 0.1
        threads = [threading.Thread(target=self._take_turns, args=(client, began)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.fault is not None:
            raise self.fault

    def _take_turns(self, client: Client, began: float) -> None:
        total = int(self.job.rate * self.job.seconds)
        try:
            with closing(client):
                for turn in self._turns:  # its `next` is one step for all threads
                    if turn >= total or self.fault is not None:
                        return
                    due, path = began + turn / self.job.rate, self.job.paths[turn % len(self.job.paths)]
                    time.sleep(max(0.0, due - time.monotonic()))
                    client.ask(path)
                    self.times_ms[path].append((time.monotonic() - due) * 1000)
        except Exception as fault:  # told by `run`, in the main thread
            self.fault = fault


def run(job: Job) -> dict[str, Any]:
    """Milliseconds: `p50_ms` and `p99_ms` of all, `by_path` of each, `server_ms` of its CPU for one, and what `ask_alone` says."""
    with closing(Client(job)) as client:
        return measure(client, job)


def measure(client: Client, job: Job) -> dict[str, Any]:
    for path in [*job.alone, *job.paths] * WARM_UP:
        client.ask(path)
    figures = ask_alone(client, job)
    cpu, served, began = time.process_time(), cpu_s(job.pids), time.monotonic()
    pace = Pace(job)
    pace.run()
    took_s = time.monotonic() - began
    every = [each for times in pace.times_ms.values() for each in times]
    figures["p50_ms"], figures["p99_ms"] = median_and_p99(every)
    figures["server_ms"] = (cpu_s(job.pids) - served) * 1000 / len(every)
    figures["asked_per_s"] = len(every) / took_s
    figures["generator_share"] = (time.process_time() - cpu) / took_s
    figures["by_path"] = {path: median_and_p99(times) for path, times in pace.times_ms.items()}
    return figures


def ask_alone(client: Client, job: Job) -> dict[str, Any]:
    """`common_ms`: the mean of the slowest of `alone` in its handler; `common_p99_ms`: of all, from outside."""
    before, times_ms = handled(client, job.metrics), []
    until = time.monotonic() + job.seconds / 2
    while not times_ms or time.monotonic() < until:
        for path in job.alone:
            began = time.monotonic()
            client.ask(path)
            times_ms.append((time.monotonic() - began) * 1000)
    after = handled(client, job.metrics)
    means = {
        name: (after[name][0] - seconds) * 1000 / (after[name][1] - times)
        for name, (seconds, times) in before.items()
        if after[name][1] - times >= len(times_ms) / len(job.alone)
    }
    return {"common_ms": max(means.values()), "common_p99_ms": median_and_p99(times_ms)[1], "handlers": means}


def handled(client: Client, path: str) -> dict[str, tuple[float, int]]:
    """By operation, the seconds in its handler and the times it answered well, since the server started."""
    found: dict[str, dict[str, float]] = {}
    for line in client.ask(path).decode().splitlines():
        if not line.startswith("madang_control_request_seconds_") or 'status="200"' not in line:
            continue
        name, _, rest = line.removeprefix("madang_control_request_seconds_").partition("{")
        operation = rest.partition('operation="')[2].partition('"')[0]
        if name in {"sum", "count"}:
            found.setdefault(operation, {})[name] = float(rest.rpartition(" ")[2])
    return {operation: (each["sum"], int(each["count"])) for operation, each in found.items()}


def main() -> None:
    print(json.dumps(run(Job(**json.loads(sys.stdin.read())))), flush=True)


if __name__ == "__main__":
    main()
