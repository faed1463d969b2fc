"""Sends that are answered when they are durable, beside what the log's server takes by itself.

    .venv/bin/python tests/bench/sends.py

One replica, and two, the same senders, whom nobody hears; more and more messages in flight, until the groups that are
inserted together grow no more; then one at a time on a quiet server. In the same runs, `insert_many` of the same documents
into a server of its own, by one client and by two, in the best of several batch sizes. Prints tables of
medians over alternating runs and, as its last line, one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from deploy.embedded.errors import SetUpError
from deploy.embedded.mongo import Mongo
from tests.bench import harness
from tests.bench.files import raise_file_limit
from tests.bench.harness import Absent, Comparison, Figures, Plan, Target, number, say
from tests.bench.ours import open_madang

CLIENTS: Final = (1, 2)
WINDOWS: Final = (1, 5, 20, 50)
BATCHES: Final = (100, 250, 1000)
ROOMS: Final = 20
INSERTS: Final = "insert_many"
WITHIN_S: Final = 180


def job_for(target: Target, seconds: float) -> dict[str, object]:
    return {
        "wire": target.wire,
        "senders": [asdict(seat) for seat in target.senders],
        "soloist": asdict(target.soloist),
        "windows": WINDOWS,
        "seconds": seconds,
        "ports": target.private_ports,
        "pids": target.pids,
    }


def measure(name: str, targets: dict[str, Target], log: Mongo, seconds: float) -> Figures:
    """One run: of the replicas, or of the server of the log."""
    if name != INSERTS:
        job = job_for(targets[name], seconds)
        return harness.run_program("tests.bench.sending", job, within_s=WITHIN_S + 10 * seconds)
    job = {
        "source": next(iter(targets.values())).stores["MONGO_URL"],
        "target": log.url,
        "batches": BATCHES,
        "clients": CLIENTS,
        "seconds": seconds / 2,
    }
    return harness.run_program("tests.bench.inserting", job, within_s=WITHIN_S + 10 * seconds)


def best(figures: Figures) -> float:
    """Sends a second with the window that suits them best."""
    return max(figures[f"sends_per_s_{window}"] for window in WINDOWS)


def shares(comparison: Comparison, name: str) -> list[float]:
    """Run by run, sends a second ÷ what the log's server took by itself."""
    return [best(run[name]) / run[INSERTS]["best_per_s"] for run in comparison.runs]


def report(comparison: Comparison, senders: int) -> None:
    names = comparison.names[:-1]
    print(f"{senders} senders in {ROOMS} rooms, nobody hears; {len(comparison.runs)} alternating runs")
    print(harness.machine())
    for window in WINDOWS:
        for name in names:
            sends, group, cost = (
                number(comparison.median(name, f"{key}_{window}"))
                for key in ("sends_per_s", "group", "server_us")
            )
            print(
                f"{name}, {window:>3} in flight each:  {sends:>8} durable sends/s, {group:>6} an insert, {cost:>6} µs of CPU each"
            )
    for clients in CLIENTS:
        for batch in BATCHES:
            rate = number(comparison.median(INSERTS, f"inserts_per_s_{clients}_{batch}"))
            print(f"{INSERTS} by itself, {clients} × {batch:>5} at a time:  {rate:>8} documents/s")
    for name in names:
        p50, p99 = (number(comparison.median(name, f"answer_{key}_ms")) for key in ("p50", "p99"))
        print(
            f"{name}: × {number(median(shares(comparison, name)))} of insert_many; quiet: {p50} ms, p99 {p99} ms"
        )
        for fault in ("unanswered", "refused"):
            if found := sum(run[name][fault] for run in comparison.runs):
                print(f"warning: {name}: {found:,.0f} {fault} over all runs")
    print(json.dumps(summary(comparison)))


def summary(comparison: Comparison) -> dict[str, object]:
    """The last line: with as many replicas as serve most, beside the server of the log."""
    names = comparison.names[:-1]
    served = {name: median(best(run[name]) for run in comparison.runs) for name in names}
    most = max(served, key=lambda name: served[name])
    return {
        "bench": "sends",
        "peer": INSERTS,
        "unit": "durable sends/s",
        "ours": round(served[most], 1),
        "theirs": round(comparison.median(INSERTS, "best_per_s"), 1),
        "ratio": round(median(shares(comparison, most)), 3),
        "runs": len(comparison.runs),
        "figures": {
            name: {key: round(comparison.median(name, key), 4) for key in comparison.runs[0][name]}
            for name in comparison.names
        },
        "ratios": {name: round(median(shares(comparison, name)), 3) for name in names},
    }


def run(options: argparse.Namespace) -> None:
    targets: dict[str, Target] = {}
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder, ExitStack() as stack:
        log = stack.enter_context(Mongo(Path(folder) / "log"))
        for replicas in options.replicas:
            place = Path(folder) / str(replicas)
            place.mkdir()
            plan = Plan(ROOMS, members=0, replicas=replicas, senders=options.senders)
            name = f"{replicas} replica{'s' * (replicas > 1)}"
            targets[name] = stack.enter_context(open_madang(plan, place))
        comparison = harness.alternate(
            [*targets, INSERTS], lambda name: measure(name, targets, log, options.seconds), options.runs
        )
    if comparison.runs:
        report(comparison, options.senders)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--replicas", type=int, nargs="+", default=[1, 2], help="of each server of ours")
    parser.add_argument("--senders", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each figure")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    raise_file_limit()
    try:
        run(options)
    except (Absent, SetUpError) as fault:
        say(f"madang is absent: {fault}")


if __name__ == "__main__":
    main()
