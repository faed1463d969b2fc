"""How the cost grows: with the members of a room, with rooms, with replicas, and with the messages in a room.

    .venv/bin/python tests/bench/sweeps.py                               # all four, to 5,000 · 10,000 · 4 · 1,000,000
    .venv/bin/python tests/bench/sweeps.py --of messages --most 10000000
    .venv/bin/python tests/bench/sweeps.py --of members --ours uws       # the same work by a peer

A small table each, and as the last line one JSON object. The first three are runs of the fan-out's generator, of which
tests/bench/generator.py tells what is measured; the fourth is of tests/bench/leafing.py, on rooms that were written
straight into the log. Sizes go up by tens until `--most`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import count, islice, takewhile
from pathlib import Path
from statistics import median
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import pymongo

from common.roomlog.position import key_of
from deploy.embedded.errors import SetUpError
from tests.bench import fanout, harness
from tests.bench.files import raise_file_limit
from tests.bench.harness import Absent, Figures, Plan, Target, number, say
from tests.bench.ours import open_madang
from tests.bench.targets import openers

Row = dict[str, float]

MOST: Final = {"members": 5_000, "rooms": 10_000, "replicas": 4, "messages": 1_000_000}
MEMBERS: Final = 500  # of the room, where replicas are what is swept
FEWEST_MESSAGES: Final = 1_000
LONG_AGO: Final = 1_700_000_000_000
BATCH: Final = 1000
WITHIN_S: Final = 900
FANNED: Final = {
    "deliveries_per_s": "deliveries/s",
    "sends_per_s": "sends/s",
    "us_per_send": "µs of CPU a send",
    "us_per_delivery": "µs a delivery",
    "answer_p50_ms": "ms to answer",
    "half_p99_ms": "ms p99 at half",
}
LEAFED: Final = {
    "send_ms": "ms to send",
    "newest_page_ms": "ms newest page",
    "middle_page_ms": "ms middle page",
    "first_page_ms": "ms first page",
    "resume_ms": "ms to resume",
    "first_open_ms": "ms to open, ever",
}


def sizes(least: int, most: int) -> list[int]:
    """By tens, and the most."""
    return [*takewhile(lambda size: size < most, (least * 10**n for n in count())), most]


def plan_of(what: str, size: int, options: argparse.Namespace) -> Plan:
    """The work at this size."""
    match what:
        case "members":
            return Plan(1, size, options.replicas, options.senders)
        case "rooms":
            return Plan(size, 1, options.replicas, options.senders)
        case _:
            return Plan(1, min(MEMBERS, options.most or MEMBERS), size, options.senders)


def fan_out(what: str, options: argparse.Namespace) -> dict[int, Row]:
    """A row for each size: medians over the runs."""
    most = options.most or MOST[what]
    wanted = range(1, min(most, MOST["replicas"]) + 1) if what == "replicas" else sizes(1, most)
    rows = {}
    for size in wanted:
        plan = plan_of(what, size, options)
        say(f"{what}: {size:,} …")
        with (
            tempfile.TemporaryDirectory(prefix="madang-bench-") as folder,
            openers(None)[options.ours](plan, Path(folder)) as target,
        ):
            asked = argparse.Namespace(**vars(options) | {"members": plan.members})
            runs = [fanout.measure(options.ours, target, asked) for _ in range(options.runs)]
        rows[size] = row_of(runs, plan.members)
    return rows


def row_of(runs: list[Figures], members: int) -> Row:
    row = {key: median(run[key] for run in runs) for key in FANNED if key in runs[0]}
    row["us_per_send"] = median(run["server_us_per_send"] for run in runs)
    row["us_per_delivery"] = row["us_per_send"] / members
    return row


def fill(url: str, rooms: dict[str, int], sender: str) -> None:
    """As many messages in each room, as if they had been said long ago."""
    with pymongo.MongoClient[dict[str, Any]](url) as client:
        events = client.get_default_database("madang").events
        for room, messages in rooms.items():
            said = messages_of(room, messages, sender)
            for first in range(0, messages, BATCH):
                events.insert_many(list(islice(said, BATCH)), ordered=False)
                if first and first % 100_000 == 0:
                    say(f"messages: {first:,} of {messages:,} are written")


def messages_of(room: str, messages: int, sender: str) -> Iterator[dict[str, Any]]:
    for seq in islice(count(1), messages):
        yield {
            "_id": key_of(room, seq), "type": "message", "room": room, "sender": sender, "client_id": f"bench-{seq}",
            "text": "x" * 100, "seq": seq, "mseq": seq, "at": LONG_AGO + seq,
        }  # fmt: skip


def leaf(options: argparse.Namespace) -> dict[int, Row]:
    """A row for each length of a room."""
    wanted = sizes(FEWEST_MESSAGES, max(FEWEST_MESSAGES, options.most or MOST["messages"]))
    plan = Plan(len(wanted), members=0, replicas=1, senders=1)
    with (
        tempfile.TemporaryDirectory(prefix="madang-bench-") as folder,
        open_madang(plan, Path(folder)) as target,
    ):
        return leaf_through(target, wanted, tries=20 * options.runs)


def leaf_through(target: Target, wanted: Sequence[int], tries: int) -> dict[int, Row]:
    """A row for each length, of as many of the first sender's rooms, which are filled for that."""
    who = target.senders[0]
    lengths = dict(zip(who.rooms, wanted, strict=True))
    fill(target.stores["MONGO_URL"], lengths, who.user)
    job = {"seat": asdict(replace(who, rooms=[])), "rooms": list(lengths), "tries": tries}
    figures: Any = harness.run_program("tests.bench.leafing", job, within_s=WITHIN_S)
    return {length: figures[room] for room, length in lengths.items()}


def report(what: str, rows: dict[int, Row], words: dict[str, str]) -> None:
    """The table."""
    print(f"\n{what:>12}  " + "  ".join(f"{word:>16}" for word in words.values()))
    for size, row in rows.items():
        print(f"{size:>12,}  " + "  ".join(f"{number(row[key]):>16}" for key in words))


def sweep(what: str, options: argparse.Namespace) -> dict[int, Row]:
    rows = leaf(options) if what == "messages" else fan_out(what, options)
    report(what, rows, LEAFED if what == "messages" else FANNED)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--of", choices=tuple(MOST), nargs="+", default=list(MOST), help="what grows (all)")
    parser.add_argument(
        "--most", type=int, help=f"the last size: {', '.join(f'{n:,} {w}' for w, n in MOST.items())}"
    )
    parser.add_argument(
        "--ours", default="madang", metavar="NAME", help="whose cost, but for messages (%(default)s)"
    )
    parser.add_argument("--replicas", type=int, default=2, help="where they are not what grows")
    parser.add_argument("--senders", type=int, default=20)
    parser.add_argument("--window", type=int, default=50, help="messages in flight for each sender")
    parser.add_argument("--seconds", type=float, default=1.0, help="for each of the four phases of a run")
    parser.add_argument("--frame-bytes", type=int, default=240)
    parser.add_argument("--runs", type=int, default=3, help="of each size")
    options = parser.parse_args()
    raise_file_limit()
    found, failed = {}, {}
    for what in options.of:
        try:
            found[what] = sweep(what, options)
        except (Absent, SetUpError, RuntimeError, subprocess.TimeoutExpired) as fault:
            failed[what] = str(fault)
            print(f"{what}: failed: {fault}")
    print(harness.machine())
    print(json.dumps({"bench": "sweeps", "subject": options.ours, "sweeps": found, "failed": failed}))


if __name__ == "__main__":
    main()
