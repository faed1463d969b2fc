"""Where each microsecond of a send goes: the CPU time of every process, and a replica's by what its code is at.

    .venv/bin/python tests/bench/budget.py

A message to `--members` over two replicas, saturated and at half of that, by the generator of tests/bench/fanout.py. A
process's time is the kernel's count of it. What the first replica spends in Python is divided by where py-spy, which is fetched
when it is first needed, finds it: a sample goes to the first of `PARTS` that its stack has a word of. What it spends in
the kernel is one row: system calls, nearly all of them to send and to receive. Prints a table and, as its last line, one
JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import harness
from tests.bench.files import raise_file_limit
from tests.bench.generator import TICKS_PER_S, Job, Run
from tests.bench.harness import Absent, Plan, Target, number, say
from tests.bench.ours import open_madang
from tests.bench.peers.packages import python_packages
from tests.bench.senders import Pace

PARTS: Final = (
    ("around a member's system call", ("Hub._send (",)),
    ("frames of what the bus brought", ("Hub.deliver (",)),
    ("reading the bus", ("chatd/bus_reader.py",)),
    ("documents for the log, and their insert", ("Log._insert (", "pymongo/")),
    ("places in the bus, a batch a call", ("LogWriter._place (",)),
    ("answers to what is logged, marks, state", ("LogWriter._keep (", "LogWriter._mark (")),
    ("rights, limits and rules of a command", ("chatd/commands/",)),
    ("reading a sender's socket", ("trio_websocket/", "wsproto/", "chatd/connection.py", "chatd/transport.py")),
    ("cursors, mentions, presence", ("chatd/cursors.py", "chatd/presence/", "chatd/unread.py", "chatd/news.py")),
    ("threads and the other event loop", ("trio/_threads.py", "_thread_cache.py", "trio_asyncio/")),
    ("Trio itself", ("trio/_core/",)),
)  # fmt: skip
REST: Final = "everything else"
KERNEL: Final = "system calls"
SAMPLES_PER_S: Final = 400
SETTLING_S: Final = 1.0  # of the profiler


@dataclass
class Budget:
    """Microseconds of CPU a send, by process and by part of the first replica."""

    sends_per_s: float
    processes: dict[str, float]
    parts: dict[str, float] = field(default_factory=dict)


def part_of(stack: str) -> str:
    """The part that a sampled stack belongs to."""
    return next((part for part, words in PARTS if any(word in stack for word in words)), REST)


def parts_of(samples: Iterable[str]) -> Counter[str]:
    """How many samples each part has, of py-spy's raw lines: frames, a blank, how often they were seen."""
    found: Counter[str] = Counter()
    for line in samples:
        stack, _, seen = line.rpartition(" ")
        found[part_of(stack)] += int(seen)
    return found


@contextmanager
def spied(pid: int, into: Path) -> Iterator[None]:
    """Sample where a process's threads are, as long as this lasts. Raises Absent when that may not be."""
    spy = python_packages("profiler") / "bin" / "py-spy"
    words = [
        "record",
        "--gil",
        "--pid",
        str(pid),
        "--rate",
        str(SAMPLES_PER_S),
        "--format",
        "raw",
        "--output",
        into,
    ]
    child = subprocess.Popen([spy, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    with child:
        try:
            child.wait(SETTLING_S)
        except subprocess.TimeoutExpired:
            yield
            child.send_signal(2)  # it writes what it has
            child.wait(30)
            return
    assert child.stderr is not None
    raise Absent(f"py-spy may not look into chatd: {child.stderr.read().strip().splitlines()[-1:]}")


def family(root: int) -> dict[int, str]:
    """All processes that come of this one, by what they are called."""
    parents, names = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat, words = (folder / "stat").read_text(), (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it ended meanwhile
        parents[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
        names[int(folder.name)] = name_of(b" ".join(words[:4]).decode())
    kin = {root}
    while more := {pid for pid, parent in parents.items() if parent in kin} - kin:
        kin |= more
    return {pid: names[pid] for pid in kin if pid in names}


def name_of(command: str) -> str:
    known = {"valkey": "the bus", "nx-27017": "the log", "postgres": "PostgreSQL", "-m chatd": "the replicas"}
    return next((name for word, name in known.items() if word in command), "the generator")


class Spent(NamedTuple):
    """CPU seconds of a process."""

    user: float
    system: float

    @classmethod
    def by(cls, pid: int) -> Spent:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return cls(int(stat[11]) / TICKS_PER_S, int(stat[12]) / TICKS_PER_S)

    def since(self, earlier: Spent) -> Spent:
        return Spent(self.user - earlier.user, self.system - earlier.system)


def measure(target: Target, run: Run, rate: float | None, samples: Path, seconds: float) -> Budget:
    """Saturated when there is no rate, else at that many messages a second."""
    kin = family(os.getpid())
    before = {pid: Spent.by(pid) for pid in kin}
    with spied(target.pids[0], samples):
        if rate is None:
            run.saturate()
            answered = round(run.result.sends_per_s * seconds)
        else:
            run.orders.send(Pace(seconds, rate, run.padding))
            answered = run.receivers.follow(run.orders, run.job.members, timed=True)[1].answered
    used = {pid: Spent.by(pid).since(earlier) for pid, earlier in before.items()}
    budget = Budget(answered / seconds, {})
    for pid, name in kin.items():
        budget.processes[name] = budget.processes.get(name, 0.0) + sum(used[pid]) * 1e6 / answered
    first = used[target.pids[0]]
    found = parts_of(samples.read_text().splitlines())
    budget.parts = {part: seen * first.user * 1e6 / answered / found.total() for part, seen in found.items()}
    budget.parts[KERNEL] = first.system * 1e6 / answered
    return budget


def report(name: str, budget: Budget, members: int) -> None:
    print(
        f"\n{name}: {number(budget.sends_per_s)} sends/s, {number(budget.sends_per_s * members)} deliveries/s"
    )
    for words, table in (("µs of CPU a send", budget.processes), ("of the first replica's", budget.parts)):
        print(f"{words:<45} {number(sum(table.values())):>8}")
        for row, cost in sorted(table.items(), key=lambda item: -item[1]):
            print(f"    {row:<41} {number(cost):>8}")


def job_of(target: Target, options: argparse.Namespace) -> Job:
    return Job(
        target.wire, target.listeners, target.senders, target.soloist, options.members, options.window,
        options.seconds, options.frame_bytes, target.pids,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--members", type=int, default=500)
    parser.add_argument("--replicas", type=int, default=2)
    parser.add_argument("--senders", type=int, default=20)
    parser.add_argument("--window", type=int, default=50, help="messages in flight for each sender")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each of the two")
    parser.add_argument("--frame-bytes", type=int, default=240)
    options = parser.parse_args()
    raise_file_limit()
    plan = Plan(1, options.members, options.replicas, options.senders)
    budgets = {}
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as place:
        folder = Path(place) / "madang"
        folder.mkdir()
        try:
            with open_madang(plan, folder) as target:
                run = Run(job_of(target, options))
                for name in ("saturated", "at half of that"):
                    rate = None if not budgets else budgets["saturated"].sends_per_s / 2
                    say(f"{name} …")
                    budgets[name] = measure(target, run, rate, Path(place) / "samples", options.seconds)
                run.orders.close()
        except Absent as fault:
            print(f"absent: {fault}")
            return
    print(harness.machine())
    for name, budget in budgets.items():
        report(name, budget, options.members)
    figures = {name: vars(budget) for name, budget in budgets.items()}
    print(json.dumps({"bench": "budget", "unit": "µs of CPU a send", "figures": figures}))


if __name__ == "__main__":
    main()
