"""The servers under test, by name: each is started for one benchmark, with everything it needs, and stopped after it.

A peer gets what favours it, the same number of processes where it can use them, and a note on what it does not do.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import redis

from deploy.embedded.mongo import Mongo
from deploy.embedded.valkey import Valkey
from tests.bench.harness import Absent, Plan, Program, Target, free_ports, open_programs
from tests.bench.ours import open_madang
from tests.bench.peers.audience import target_of
from tests.bench.peers.nats import open_nats
from tests.bench.peers.packages import PEERS
from tests.bench.peers.programs import open_bare, open_python_socketio, open_socketio, open_uws

SKETCH: Final = "chatd_sketch.py"

Opener = Callable[[Plan, Path], AbstractContextManager[Target]]


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
        command: list[str | Path] = [sys.executable, PEERS / "sketch.py", sketch / SKETCH]
        programs = [Program(port, [*command, str(port), *words]) for port in ports]
        with open_programs(programs, folder) as pids:
            note = "no authorisation, limits, recovery or bounds; its answer waits for the log"
            yield target_of("sketch", "sketch", plan, ports, pids, note)


def openers(sketch: Path | None) -> dict[str, Opener]:
    """Every target by the name it has on the command line."""
    return {
        "madang": open_madang,
        "bare": open_bare,
        "nats": open_nats,
        "python-socketio": open_python_socketio,
        "socketio": open_socketio,
        "socketio-durable": partial(open_socketio, durable=True),
        "socketio-memory": partial(open_socketio, memory=True),
        "uws": open_uws,
        "sketch": partial(open_sketch, sketch=sketch),
    }
