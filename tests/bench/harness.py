"""What the benchmarks share: the plan of the work, the servers under test, alternating runs, tables, machine facts.

Owns nothing of what is measured. A benchmark opens `Target`s (ours and peers), measures them in turn, and reports
medians; each ratio is taken within one run, where both met the same machine, and the median of those is shown.
"""

from __future__ import annotations

import json
import os
import platform
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from deploy.embedded import process
from deploy.embedded.ports import LOOPBACK, free_port
from tests.bench.wires import Seat

LAST_WORDS = 8000  # characters of what a generator says that fails
ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 90.0  # a busy machine takes its time
STOP_WITHIN_S = 5.0

Figures = dict[str, float]


class Absent(Exception):
    """A server cannot be had on this machine; the message is one line that says what to install."""


@dataclass(frozen=True)
class Plan:
    """The work: rooms × members over so many processes of the server, and who sends."""

    rooms: int
    members: int
    replicas: int
    senders: int


@dataclass
class Target:
    """A running server: its wire, who connects to it where, its processes, and what to know of its figures.

    `window` is for a server that serves one message before it reads the next: more in flight would only wait. Of ours
    there are also the ports of its metrics, and the URLs of its stores by the names of their settings.
    """

    wire: str
    listeners: list[Seat]
    senders: list[Seat]
    soloist: Seat
    pids: list[int]
    note: str = ""
    window: int | None = None
    private_ports: list[int] = field(default_factory=list)
    stores: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Metric:
    """A figure's key, its words in the table, its unit, and which way is better."""

    key: str
    words: str
    unit: str
    lower_is_better: bool = False


@dataclass
class Person:
    """Whom a seat connects as. Peers know no tokens."""

    user: str
    token: str = ""


def seat_plan(
    plan: Plan, ports: Sequence[int], rooms: Sequence[str], people: Sequence[Person]
) -> tuple[list[Seat], list[Seat], Seat]:
    """Listeners, senders and the soloist, spread evenly over the servers.

    `people` are as many as `people_needed(plan)`: first the members, room by room, then the senders, the soloist last.
    """
    members = [
        Seat(LOOPBACK, ports[n % len(ports)], who.user, [rooms[n // plan.members]], who.token)
        for n, who in enumerate(people[: plan.rooms * plan.members])
    ]
    senders = [
        Seat(
            LOOPBACK,
            ports[n % len(ports)],
            who.user,
            rooms_of_sender(plan, n, rooms),
            who.token,
            listens=False,
        )
        for n, who in enumerate(people[len(members) : len(members) + plan.senders])
    ]
    last = people[len(members) + plan.senders]
    return members, senders, Seat(LOOPBACK, ports[0], last.user, [rooms[0]], last.token, listens=False)


def rooms_of_sender(plan: Plan, number: int, rooms: Sequence[str]) -> list[str]:
    """The rooms a sender speaks in: together all of them, each as evenly as can be."""
    return list(rooms[number :: plan.senders]) or [rooms[number % plan.rooms]]


def people_needed(plan: Plan) -> int:
    return plan.rooms * plan.members + plan.senders + 1


@dataclass(frozen=True)
class Program:
    """A server's process: how it is started, and the port that tells that it is ready."""

    port: int
    command: Sequence[str | Path]
    env: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def open_programs(programs: Sequence[Program], folder: Path) -> Iterator[list[int]]:
    """The programs running, by their process ids; each listens on its port. They are stopped at the end."""
    children: list[process.Child] = []
    try:
        for program in programs:
            name = f"{folder.name}-{program.port}"
            env = {**os.environ, **program.env}
            children.append(
                process.start(name, program.command, log=folder / f"{name}.log", cwd=ROOT, env=env)
            )
        for child, program in zip(children, programs, strict=True):
            process.wait_until_ready(child, partial(accepts, program.port), within_s=READY_WITHIN_S)
        yield [child.pid for child in children]
    finally:
        for child in children:
            if child.running:
                child.ask_to_end()
        for child in children:
            try:
                child.wait(STOP_WITHIN_S)
            except TimeoutError:
                child.kill()


def accepts(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def free_ports(count: int) -> list[int]:
    return [free_port() for _ in range(count)]


def run_program(module: str, job: object, *, within_s: float) -> Figures:
    """Run one of our generators as a process of its own: its JSON result for this JSON job.

    Raises:
        RuntimeError: if it failed; the message is the last that it said.
    """
    done = subprocess.run(
        [sys.executable, "-m", module],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=within_s,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-LAST_WORDS:] or "it said nothing")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


@dataclass
class Comparison:
    """All runs of all targets, ours first."""

    names: list[str]
    runs: list[dict[str, Figures]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # peers that were given up, and why

    def give_up(self, name: str, why: str) -> None:
        """From now on, as if it had not been there."""
        say(f"  {name} is given up")
        self.names.remove(name)
        self.failed[name] = why

    def median(self, name: str, key: str) -> float:
        return median(run[name][key] for run in self.runs)

    def ratios(self, peer: str, key: str) -> list[float]:
        """Ours ÷ theirs, run by run."""
        return [run[self.names[0]][key] / run[peer][key] for run in self.runs if run[peer][key]]

    def ratio(self, peer: str, key: str) -> float | None:
        ratios = self.ratios(peer, key)
        return median(ratios) if ratios else None


def alternate(names: Sequence[str], measure: Callable[[str], Figures], runs: int) -> Comparison:
    """Measure each in turn, `runs` times over. A run in which anyone failed is told and left out.

    A peer that failed in half of the runs is given up, so that it does not take the others' figures with it.
    """
    comparison = Comparison(list(names))
    faults: Counter[str] = Counter()
    for number in range(1, runs + 1):
        run: dict[str, Figures] = {}
        for name in list(comparison.names):
            say(f"run {number} of {runs}: {name} …")
            try:
                run[name] = measure(name)
            except (RuntimeError, subprocess.TimeoutExpired) as fault:
                say(f"  {name} failed: {fault}")
                faults[name] += 1
                if name == names[0] or faults[name] * 2 < runs:
                    break
                comparison.give_up(name, str(fault).strip().splitlines()[-1])
        else:
            comparison.runs.append(run)
    return comparison


def print_table(comparison: Comparison, metrics: Sequence[Metric]) -> None:
    """A row for each metric: everyone's median, and ours ÷ theirs beside each peer."""
    ours, *peers = comparison.names
    head = ["median of runs", ours, *(word for peer in peers for word in (peer, "ratio"))]
    rows = [head]
    for metric in metrics:
        row = [f"{metric.words}, {metric.unit}", number(comparison.median(ours, metric.key))]
        for peer in peers:
            ratio = comparison.ratio(peer, metric.key)
            row += [
                number(comparison.median(peer, metric.key)),
                "–" if ratio is None else f"× {number(ratio)}",
            ]
        rows.append(row)
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for row in rows:
        print(
            "  ".join(
                [
                    row[0].ljust(widths[0]),
                    *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
                ]
            )
        )


def summary(
    bench: str, comparison: Comparison, metrics: Sequence[Metric], main_peer: str | None
) -> dict[str, Any]:
    """The last line: the first metric against the main peer, all metrics below `figures`, other peers below `others`."""
    ours, *peers = comparison.names
    if main_peer is None:
        figures = {metric.key: _side(comparison, ours, None, metric) for metric in metrics}
        alone = {"bench": bench, "peer": None, "unit": metrics[0].unit, "runs": len(comparison.runs)}
        return alone | figures[metrics[0].key] | {"figures": figures, "failed": comparison.failed}
    head = _against(bench, comparison, metrics, main_peer)
    head["failed"] = comparison.failed
    head["others"] = [_against(bench, comparison, metrics, peer) for peer in peers if peer != main_peer]
    return head


def _against(bench: str, comparison: Comparison, metrics: Sequence[Metric], peer: str) -> dict[str, Any]:
    ours = comparison.names[0]
    head = {"bench": bench, "peer": peer, "unit": metrics[0].unit, "runs": len(comparison.runs)}
    figures = {metric.key: _side(comparison, ours, peer, metric) for metric in metrics}
    return head | figures[metrics[0].key] | {"subject": ours, "figures": figures}


def _side(comparison: Comparison, ours: str, peer: str | None, metric: Metric) -> dict[str, float | None]:
    theirs = None if peer is None else round(comparison.median(peer, metric.key), 4)
    ratio = None if peer is None else comparison.ratio(peer, metric.key)
    return {
        "ours": round(comparison.median(ours, metric.key), 4),
        "theirs": theirs,
        "ratio": None if ratio is None else round(ratio, 3),
    }


def number(value: float) -> str:
    """Three or four digits that matter: 5,481,000 · 12.3 · 0.48."""
    if value >= 1000:
        return f"{round(value, -max(0, len(str(int(value))) - 4)):,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def machine() -> str:
    """One line on where this ran, and how busy it was before we began."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, load {load:.1f}"


def say(line: str) -> None:
    """Progress, for whoever waits; on stderr, so that the report stands alone."""
    print(f"[{time.strftime('%H:%M:%S')}] {line}", file=sys.stderr, flush=True)
