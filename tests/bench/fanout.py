"""Live fan-out: rooms × members over several server processes, ours beside peers, the same work by the same generator.

    .venv/bin/python tests/bench/fanout.py --peer socketio --peer bare

Prints a table of medians over alternating runs and, as its last line, one JSON object. What is measured is told in
tests/bench/generator.py. A peer that cannot be had is told in one line and left out.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from deploy.embedded.errors import SetUpError
from tests.bench import harness
from tests.bench.files import raise_file_limit
from tests.bench.harness import Absent, Figures, Metric, Plan, Target, say
from tests.bench.targets import openers

MAIN_PEER: Final = "socketio"
BUSY: Final = 0.9  # of one core: above, the generator may be what was measured
FAULTS: Final = ("missing", "unanswered", "refused", "dropped")
METRICS: Final = [
    Metric("deliveries_per_s", "saturated", "deliveries/s"),
    Metric("sends_per_s", "saturated, answered", "sends/s"),
    Metric("server_us_per_send", "saturated, servers' CPU", "µs/send", lower_is_better=True),
    Metric("turn_deliveries_per_s", "one message at a time", "deliveries/s"),
    Metric("answer_p50_ms", "send → answer when quiet, median", "ms", lower_is_better=True),
    Metric("answer_p99_ms", "send → answer when quiet, p99", "ms", lower_is_better=True),
    Metric("half_sends_per_s", "half of own saturation", "sends/s"),
    Metric("half_p50_ms", "write → read at half, median", "ms", lower_is_better=True),
    Metric("half_p99_ms", "write → read at half, p99", "ms", lower_is_better=True),
    Metric("frame_bytes", "a delivered frame", "bytes"),
    Metric("reader_share", "generator, reading half", "of a core"),
    Metric("writer_share", "generator, writing half", "of a core"),
]


def measure(name: str, target: Target, options: argparse.Namespace) -> Figures:
    """One run of the generator against one target."""
    job = {
        "wire": target.wire,
        "listeners": [asdict(seat) for seat in target.listeners],
        "senders": [asdict(seat) for seat in target.senders],
        "soloist": asdict(target.soloist),
        "members": options.members,
        "window": min(options.window, target.window or options.window),
        "seconds": options.seconds,
        "frame_bytes": options.frame_bytes,
        "pids": target.pids,
    }
    figures = harness.run_program("tests.bench.generator", job, within_s=120 + 40 * options.seconds)
    for fault in FAULTS:
        if figures[fault]:
            say(f"  {name}: {figures[fault]:,.0f} {fault}")
    return figures


def report(
    comparison: harness.Comparison,
    targets: dict[str, Target],
    absent: dict[str, str],
    options: argparse.Namespace,
) -> None:
    """The table, its notes, and the line of JSON."""
    peers = comparison.names[1:]
    print(
        f"fan-out: {options.rooms} rooms × {options.members} members over {options.replicas} processes; "
        f"{options.senders} senders × {options.window} in flight; {len(comparison.runs)} alternating runs"
    )
    print(harness.machine())
    harness.print_table(comparison, METRICS)
    for name in comparison.names:
        print(f"{name}: {targets[name].note}")
        for half in ("reader_share", "writer_share"):
            if (share := comparison.median(name, half)) > BUSY:
                print(
                    f"warning: with {name} the generator used {share:.2f} of a core: it may be the bottleneck"
                )
        for fault in FAULTS:
            if count := sum(run[name][fault] for run in comparison.runs):
                print(f"warning: {name}: {count:,.0f} {fault} over all runs")
    main = MAIN_PEER if MAIN_PEER in peers else (peers[-1] if peers else None)
    for name, why in comparison.failed.items():
        print(f"{name} failed: {why}")
    print(json.dumps(harness.summary("fanout", comparison, METRICS, main) | {"absent": absent}))


def run(options: argparse.Namespace) -> None:
    plan = Plan(options.rooms, options.members, options.replicas, options.senders)
    known = openers(options.sketch)
    targets: dict[str, Target] = {}
    absent: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder, ExitStack() as stack:
        for name in dict.fromkeys([options.ours, *options.peer]):
            try:
                targets[name] = stack.enter_context(known[name](plan, _made(Path(folder) / name)))
            except (Absent, SetUpError) as fault:
                absent[name] = str(fault)
                print(f"{name} is absent: {fault}")
        if options.ours not in targets:
            return
        comparison = harness.alternate(
            list(targets), lambda name: measure(name, targets[name], options), options.runs
        )
        if comparison.runs:
            report(comparison, targets, absent, options)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def main() -> None:
    names = ", ".join(openers(None))
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--ours", default="madang", metavar="NAME", help="what is compared with the peers (%(default)s)"
    )
    parser.add_argument("--peer", action="append", metavar="NAME", help=f"one of {names}; may be repeated")
    parser.add_argument(
        "--sketch", type=Path, metavar="FOLDER", help="where the sketch lies, for --peer sketch"
    )
    parser.add_argument("--rooms", type=int, default=1)
    parser.add_argument("--members", type=int, default=500, help="of each room")
    parser.add_argument("--replicas", type=int, default=2, help="processes of the server")
    parser.add_argument("--senders", type=int, default=20)
    parser.add_argument("--window", type=int, default=50, help="messages in flight for each sender")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each of the four phases of a run")
    parser.add_argument("--frame-bytes", type=int, default=240, help="a delivered frame, header included")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    options.peer = options.peer or ["bare", MAIN_PEER]
    raise_file_limit()
    run(options)


if __name__ == "__main__":
    main()
