"""What reading over HTTP takes, at 200 requests a second on one control process; and what needs no store, by itself.

    .venv/bin/python tests/bench/http_reads.py

The demo's people, what they do, and rooms by the thousand; one of them reads everything a page of the web app asks for.
What is measured is told in tests/bench/asking.py. Prints a table of medians over the runs and, as its last line, one JSON
object. (It is not called `http`: a module of that name beside the programs here would hide Python's own from them.)
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from deploy.embedded.errors import SetUpError
from deploy.embedded.mongo import Mongo
from deploy.embedded.ports import LOOPBACK, free_port
from deploy.embedded.postgres import Postgres
from deploy.embedded.valkey import Valkey
from tests.bench import harness
from tests.bench.harness import ROOT, Absent, Program, number, open_programs, say

CONNECTIONS: Final = 16
WHO: Final = {"email": "haneul@example.com", "password": "evening-in-the-yard"}
COMMON: Final = ("version", "time", "locale", "enums")
READS: Final = (
    "me", "me/badges", "me/points", "me/records/week", "me/relations/friend", "rooms?limit=20", "rooms/mine", "rooms/{room}",
    "rooms/{room}/members", "rooms/{room}/events", "classes", "mentors", "questions", "notices", "categories",
    "search?text=%EA%B0%99%EC%9D%B4",
)  # fmt: skip
GOAL_P99_MS: Final = 50.0
GOAL_COMMON_MS: Final = 1.0


@contextmanager
def open_control(folder: Path, rooms: int) -> Iterator[tuple[int, list[int]]]:
    """One control process over real stores with something in them; its port and process.

    Limits are lifted, for one person stands for many.
    """
    folder.chmod(0o711)  # PostgreSQL may run under another account
    with (
        Postgres(folder / "postgres") as postgres,
        Valkey(folder / "valkey") as valkey,
        Mongo(folder / "mongo") as mongo,
    ):
        port = free_port()
        env = {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "MONGO_URL": mongo.url,
            "S3_URL": f"http://bench:bench@{LOOPBACK}:{free_port()}/bench",  # addresses are signed, none is asked for
            "MADANG_PROFILE": "test",
            "MADANG_SECRET": "a secret that only benchmarks know",
            "MADANG_PUBLIC_URL": f"http://{LOOPBACK}:{port}",
            "CONTROL_PORT": str(port),
            "PASSWORD_COST": "4",
            "RATE_SCALE": "1000000",
            "LOG_LEVEL": "WARNING",
        }
        for words in (["migrate"], ["seed"], ["seed-rooms", "--count", str(rooms)]):
            say(f"control {' '.join(words)} …")
            _control(words, env)
        with open_programs([Program(port, [sys.executable, "-m", "control"], env)], folder) as pids:
            yield port, pids


def _control(words: list[str], env: dict[str, str]) -> None:
    command = [sys.executable, "-m", "control", *words]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr or done.stdout or "?").strip().splitlines()[-1]
        raise Absent(f"`control {' '.join(words)}` failed: {said}")


def job_for(port: int, pids: list[int], options: argparse.Namespace) -> dict[str, Any]:
    token = _ask(port, "sessions", body=WHO)["access_token"]
    room = _ask(port, "rooms/mine", token=token)["rooms"][0]["id"]
    return {
        "host": LOOPBACK,
        "port": port,
        "token": token,
        "alone": [f"/api/v1/{path}" for path in COMMON],
        "paths": [f"/api/v1/{path.format(room=room)}" for path in READS],
        "rate": options.rate,
        "seconds": options.seconds,
        "connections": CONNECTIONS,
        "metrics": "/metrics",
        "pids": pids,
    }


def _ask(port: int, path: str, *, body: object = None, token: str = "") -> dict[str, Any]:
    request = urllib.request.Request(
        f"http://{LOOPBACK}:{port}/api/v1/{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json", "authorization": f"Bearer {token}"}
        if token
        else {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def report(runs: list[dict[str, Any]], options: argparse.Namespace) -> None:
    middle = {
        key: median(run[key] for run in runs)
        for key in (
            "p50_ms",
            "p99_ms",
            "common_ms",
            "common_p99_ms",
            "server_ms",
            "asked_per_s",
            "generator_share",
        )
    }
    print(
        f"{options.rate:g} reads a second on one control process; {options.rooms:,} rooms; {len(runs)} runs"
    )
    print(harness.machine())
    for path in runs[0]["by_path"]:
        p50, p99 = (number(median(run["by_path"][path][n] for run in runs)) for n in (0, 1))
        print(f"{path.partition('?')[0]:<64} {p50:>8} ms, p99 {p99:>8} ms")
    print(
        f"{'all of them':<64} {number(middle['p50_ms']):>8} ms, p99 {number(middle['p99_ms']):>8} ms (goal ≤ {GOAL_P99_MS:g})"
    )
    print(
        f"{'its CPU for each':<64} {number(middle['server_ms']):>8} ms; {number(middle['asked_per_s'])} answered a second"
    )
    for name in runs[0]["handlers"]:
        print(
            f"{name + ', in the handler':<64} {number(median(run['handlers'][name] for run in runs)):>8} ms"
        )
    print(f"generator: {number(middle['generator_share'])} of a core")
    figures = {key: {"ours": round(value, 4), "theirs": None, "ratio": None} for key, value in middle.items()}
    figures["p99_ms"] |= {"theirs": GOAL_P99_MS, "ratio": round(middle["p99_ms"] / GOAL_P99_MS, 3)}
    figures["common_ms"] |= {
        "theirs": GOAL_COMMON_MS,
        "ratio": round(middle["common_ms"] / GOAL_COMMON_MS, 3),
    }
    head = {"bench": "http_reads", "peer": "goal", "unit": "ms", "runs": len(runs)}
    print(json.dumps(head | figures["p99_ms"] | {"figures": figures}))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rate", type=float, default=200, help="requests a second")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each run")
    parser.add_argument("--rooms", type=int, default=20_000, help="in the public list")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder:
        try:
            with open_control(Path(folder), options.rooms) as (port, pids):
                job = job_for(port, pids, options)
                runs = []
                for turn in range(1, options.runs + 1):
                    say(f"run {turn} of {options.runs} …")
                    runs.append(
                        harness.run_program("tests.bench.asking", job, within_s=60 + 20 * options.seconds)
                    )
        except (Absent, SetUpError) as fault:
            print(f"madang is absent: {fault}")
            return
    report(runs, options)


if __name__ == "__main__":
    main()
