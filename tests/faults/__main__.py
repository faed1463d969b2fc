"""`python -m tests.faults`: storms, as many as you like.

    python -m tests.faults --runs 20                       # every fault 20 times
    python -m tests.faults --fault valkey-emptied --seed 7 --messages 500
    python -m tests.faults --redis cluster --fault master-killed,masters-replaced-in-turn

Prints a line for each violation, a table, and as its last line the same as JSON; ends with 1 when there was a violation.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import trio

from tests.faults.checker import Violation
from tests.faults.cluster_faults import CLUSTER_FAULTS, LONG_CLUSTER_FAULTS
from tests.faults.faults import FAULTS, LONG_FAULTS
from tests.faults.stage import Stage, open_stage
from tests.faults.storm import Weather, storm
from tests.support.services import Services

ALL = {"server": FAULTS | LONG_FAULTS, "cluster": CLUSTER_FAULTS | LONG_CLUSTER_FAULTS}
COLUMNS = (
    "fault",
    "runs",
    "answered",
    "lost",
    "doubled",
    "reordered",
    "other",
    "failed",
    "resets",
    "seconds",
)


def main() -> int:
    arguments = _arguments()
    faults = list(ALL[arguments.redis]) if arguments.fault == "all" else arguments.fault.split(",")
    folder = Path(tempfile.mkdtemp(prefix="madang-faults-"))
    folder.chmod(0o711)  # PostgreSQL may run under another account
    services = Services(folder)
    try:
        with open_stage(services, folder, arguments.redis) as stage:
            rows = [_row(stage, fault, arguments) for fault in faults]
    finally:
        services.end_all()
        if not arguments.keep:
            shutil.rmtree(folder)
    _print_table(rows)
    print(json.dumps(rows))
    return int(any(row[kind] for row in rows for kind in ("lost", "doubled", "reordered", "other", "failed")))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.split("\n")[0])
    parser.add_argument("--redis", choices=ALL, default="server", help="what the bus is")
    parser.add_argument(
        "--fault",
        default="all",
        help="all, or some of "
        + "; on a cluster: ".join(", ".join(faults) for faults in ALL.values())
        + "; separated by commas",
    )
    parser.add_argument("--runs", type=int, default=1, help="storms of each fault")
    parser.add_argument("--seed", type=int, default=1, help="of the first run; the next ones count on")
    parser.add_argument("--messages", type=int, default=60, help="that each of four senders says in a storm")
    parser.add_argument(
        "--pause", type=float, default=0.03, help="seconds between two messages of one sender"
    )
    parser.add_argument("--keep", action="store_true", help="keep the folder with the logs of all processes")
    return parser.parse_args()


def _row(stage: Stage, fault: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Run one fault's storms."""
    row: Counter[str] = Counter()
    for seed in range(arguments.seed, arguments.seed + arguments.runs):
        row["runs"] += 1
        try:
            stage.mend()
            weather = Weather(seed, arguments.messages, arguments.pause)
            outcome = trio.run(storm, stage, ALL[arguments.redis][fault], weather)
        except Exception:  # the next storms go on
            row["failed"] += 1
            end = (line[:200] for line in traceback.format_exc().splitlines()[-8:])
            print(f"{fault}, seed {seed}: ended by", *end, sep="\n    ", flush=True)
            continue
        row["answered"] += outcome.answered
        row["resets"] += outcome.resets
        row["seconds"] += round(outcome.seconds)
        row.update(_column(violation) for violation in outcome.violations)
        for violation in outcome.violations[:5]:
            print(f"{fault}, seed {seed}: {violation.kind}: {violation.what}", flush=True)
    print(f"{fault}: {row['answered']} answered in {row['runs']} storms", file=sys.stderr, flush=True)
    return {"fault": fault} | {column: row[column] for column in COLUMNS[1:]}


def _column(violation: Violation) -> str:
    return violation.kind if violation.kind in COLUMNS else "other"


def _print_table(rows: list[dict[str, Any]]) -> None:
    widths = [max(len(str(row[column])) for row in [*rows, {c: c for c in COLUMNS}]) for column in COLUMNS]
    for row in [{column: column for column in COLUMNS}, *rows]:
        cells = (str(row[column]) for column in COLUMNS)
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)))


if __name__ == "__main__":
    sys.exit(main())
