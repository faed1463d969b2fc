"""What a connection costs: memory while it idles, handshakes and entries a second; chatd beside the bare library.

    .venv/bin/python tests/bench/connections.py

One process each, fresh for every run, since memory once freed is used again. Prints a table of medians over alternating
runs and, as its last line, one JSON object. What is measured is told in tests/bench/entering.py.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from deploy.embedded.errors import SetUpError
from tests.bench import harness
from tests.bench.files import raise_file_limit
from tests.bench.harness import Absent, Figures, Metric, Plan
from tests.bench.targets import Opener, openers

BUSY: Final = 0.9
ROOM_SIZE: Final = 20
METRICS: Final = [
    Metric("bytes_per_connection", "memory of an idle connection", "bytes", lower_is_better=True),
    Metric("idle_us_per_s", "CPU of an idle connection", "µs/s", lower_is_better=True),
    Metric("handshakes_per_s", "HTTP answered", "handshakes/s"),
    Metric("entered_per_s", "greeted and a room opened", "clients/s"),
    Metric("generator_share", "generator", "of a core"),
]


def measure(opener: Opener, options: argparse.Namespace) -> Figures:
    """One run against one fresh server."""
    plan = Plan(rooms=-(-options.connections // ROOM_SIZE), members=ROOM_SIZE, replicas=1, senders=1)
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder, opener(plan, Path(folder)) as target:
        job = {
            "wire": target.wire,
            "seats": [asdict(seat) for seat in target.listeners[: options.connections]],
            "handshakes": options.connections,
            "at_once": options.at_once,
            "idle_s": options.idle,
            "pids": target.pids,
        }
        return harness.run_program("tests.bench.entering", job, within_s=300)


def available(names: list[str], known: dict[str, Opener]) -> list[str]:
    """Those that can be started here; the others are told in a line."""
    smallest, found = Plan(rooms=1, members=1, replicas=1, senders=1), []
    for name in dict.fromkeys(names):
        try:
            with (
                tempfile.TemporaryDirectory(prefix="madang-bench-") as folder,
                known[name](smallest, Path(folder)),
            ):
                found.append(name)
        except (Absent, SetUpError) as fault:
            print(f"{name} is absent: {fault}")
    return found


def run(options: argparse.Namespace) -> None:
    known = openers(None)
    names = available([options.ours, *options.peer], known)
    if options.ours not in names:
        return
    comparison = harness.alternate(names, lambda name: measure(known[name], options), options.runs)
    if not comparison.runs:
        return
    print(
        f"{options.connections:,} connections, {options.at_once} on their way at a time; {len(comparison.runs)} runs"
    )
    print(harness.machine())
    harness.print_table(comparison, METRICS)
    names = comparison.names
    for name in names:
        if (share := comparison.median(name, "generator_share")) > BUSY:
            print(f"warning: with {name} the generator used {share:.2f} of a core: it may be the bottleneck")
    print(
        json.dumps(harness.summary("connections", comparison, METRICS, names[-1] if len(names) > 1 else None))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--ours", default="madang", metavar="NAME", help="what is compared (%(default)s)")
    parser.add_argument(
        "--peer", action="append", metavar="NAME", help="bare (the default), socketio; may be repeated"
    )
    parser.add_argument("--connections", type=int, default=2000)
    parser.add_argument("--at-once", type=int, default=50)
    parser.add_argument("--idle", type=float, default=5.0, help="seconds in which nobody says anything")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    options.peer = options.peer or ["bare"]
    raise_file_limit()
    run(options)


if __name__ == "__main__":
    main()
