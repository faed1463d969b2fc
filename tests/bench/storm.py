"""Thousands of clients lose their connection at once and come back: how long until all are caught up, and at what cost.

    .venv/bin/python tests/bench/storm.py                      # 5,000 are cut off while 40 messages are said in each room
    .venv/bin/python tests/bench/storm.py --how drain          # one of two replicas is drained, under half of them
    .venv/bin/python tests/bench/storm.py --how kill           # or killed

Prints a table and, as its last line, one JSON object. A cut is the worst case: everybody comes at the same moment. What
is measured is told in tests/bench/strike.py; the insiders are some who sit in a room of their own and were not struck.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from common.units import MIB
from tests.bench import harness
from tests.bench.files import raise_file_limit
from tests.bench.harness import Plan, Target, say
from tests.bench.ours import open_madang

INSIDERS: Final = 20
ROWS: Final = (
    ("struck", "were struck"),
    ("caught_up", "are back and caught up"),
    ("all_back_ms", "until the last of them was, ms"),
    ("away_p50_ms", "one's way back, median, ms"),
    ("away_p99_ms", "one's way back, p99, ms"),
    ("recovered", "events they had missed and got"),
    ("resets", "resets"),
    ("holes", "holes"),
    ("deaf", "did not hear the last word"),
    ("for_good", "dropped for good"),
    ("without_a_time", "refusals that did not say when to come back"),
    ("before_mib", "memory of the replicas before, MiB"),
    ("peak_mib", "at most, MiB"),
    ("after_mib", "after, MiB"),
    ("calm_p99_ms", "insiders' p99 before, ms"),
    ("storm_p50_ms", "insiders' median in the storm, ms"),
    ("storm_p99_ms", "insiders' p99 in the storm, ms"),
    ("insiders_missed", "deliveries insiders missed"),
    ("generator_share", "generator, of a core"),
)


def job_for(target: Target, options: argparse.Namespace) -> dict[str, Any]:
    """The last room is the insiders', at a replica that is not struck."""
    members = options.clients // options.rooms
    herd, last = target.listeners[: options.clients], target.listeners[options.clients :][:INSIDERS]
    ports = sorted({seat.port for seat in target.listeners}, key=[s.port for s in target.listeners].index)
    assert len(herd) == members * options.rooms
    talker = target.senders[0]
    return {
        "how": options.how,
        "seats": [asdict(seat) for seat in herd],
        "insiders": [asdict(replace(seat, port=ports[-1])) for seat in last],
        "insider": asdict(replace(talker, rooms=last[0].rooms, port=ports[-1])),
        "talker": asdict(replace(talker, rooms=talker.rooms[: options.rooms], port=ports[-1])),
        "missed": options.missed,
        "rate": options.rate,
        "ports": ports,
        "pids": target.pids,
    }


def measure(options: argparse.Namespace) -> dict[str, Any]:
    plan = Plan(options.rooms + 1, options.clients // options.rooms, options.replicas, senders=1)
    with (
        tempfile.TemporaryDirectory(prefix="madang-bench-") as folder,
        open_madang(plan, Path(folder), CHATD_DRAIN_SECONDS=str(options.drain)) as target,
    ):
        result: dict[str, Any] = harness.run_program(
            "tests.bench.strike", job_for(target, options), within_s=600
        )
    for name in ("before", "peak", "after"):
        result[f"{name}_mib"] = result.pop(f"{name}_bytes") / MIB
    return result


def report(options: argparse.Namespace, result: dict[str, Any]) -> None:
    print(
        f"{options.clients:,} clients in {options.rooms} rooms at {options.replicas} replicas; {options.how}; "
        f"{harness.machine()}"
    )
    for key, words in ROWS:
        print(f"{words:<45} {harness.number(result[key]):>10}")
    for how, count in sorted(result["refused"].items()):
        print(f"{'refused or ended: ' + how:<45} {count:>10,}")
    for why in result["insiders_thrown_out"]:
        print(f"an insider was thrown out: {why}")
    print(json.dumps({"bench": "storm", "how": options.how, "clients": options.clients} | result))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--how", choices=("cut", "drain", "kill"), default="cut")
    parser.add_argument("--clients", type=int, default=5000)
    parser.add_argument("--rooms", type=int, default=50)
    parser.add_argument("--replicas", type=int, default=2)
    parser.add_argument("--missed", type=int, default=40, help="messages in each room while all are cut off")
    parser.add_argument("--rate", type=float, default=50, help="messages a second among the insiders")
    parser.add_argument(
        "--drain", type=float, default=3, help="seconds over which a replica sends people away"
    )
    options = parser.parse_args()
    options.clients -= options.clients % options.rooms
    raise_file_limit()
    say(f"{options.how}: {options.clients:,} clients …")
    report(options, measure(options))


if __name__ == "__main__":
    main()
