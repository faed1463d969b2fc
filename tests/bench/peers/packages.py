"""Fetches what the peers are made of, once: exactly what each peer's lock names, checked against the hashes in it.

npm's packages go into `node_modules` beside the peer's program, Python's into `.madang/bench/peers/`; git ignores both.
Nothing is installed into our own environment. What cannot be had is `Absent`, in one line.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from deploy.embedded.errors import SetUpError
from deploy.web import node
from tests.bench.harness import Absent, say

PEERS: Final = Path(__file__).resolve().parent
FETCHED: Final = PEERS.parents[2] / ".madang" / "bench" / "peers"
_STAMP: Final = ".stamp"
_PATIENCE_S: Final = 600
_PIP: Final = (
    "install", "--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-warn-script-location",
    "--disable-pip-version-check", "--no-input", "--quiet", "--target",
)  # fmt: skip


def node_program(peer: str, *, runtime: Path | None = None) -> list[str | Path]:
    """The command that runs the peer's `server.js`, its packages installed: by our environment's Node, or by this one.

    Raises Absent.
    """
    try:
        ours = node()
    except SetUpError as fault:
        raise Absent(str(fault)) from fault
    npm = ours.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    installed, lock = PEERS / peer / "node_modules", PEERS / peer / "package-lock.json"
    if not _stamped(installed, lock):
        say(f"npm fetches what {peer} is made of …")
        path = f"{ours.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        fetch([ours, npm, "ci"], PEERS / peer, path)
        _stamp(installed, lock)
    return [runtime or ours, PEERS / peer / "server.js"]


def python_packages(peer: str) -> Path:
    """The folder that the peer's Python packages lie in, their programs in its `bin`. Raises Absent."""
    folder, lock = FETCHED / peer, PEERS / peer / "requirements.lock"
    if not _stamped(folder, lock):
        say(f"pip fetches what {peer} is made of …")
        new = FETCHED / f"{peer}.{os.getpid()}"
        try:
            new.mkdir(parents=True)
            fetch([sys.executable, "-I", "-m", "pip", *_PIP, new, "--requirement", lock], PEERS)
            _stamp(new, lock)
            shutil.rmtree(folder, ignore_errors=True)
            new.rename(folder)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return folder


def npm_version(peer: str, package: str) -> str:
    """The version of an npm package that the peer's lock names."""
    lock = json.loads((PEERS / peer / "package-lock.json").read_text())
    version: str = lock["packages"][f"node_modules/{package}"]["version"]
    return version


def python_version(peer: str, package: str) -> str:
    """The version of a Python package that the peer's lock names."""
    lock = (PEERS / peer / "requirements.lock").read_text()
    found = re.search(rf"^{re.escape(package)}==(\S+)", lock, re.MULTILINE)
    if found is None:
        raise LookupError(f"{peer} is not made of {package}")
    return found[1]


def fetch(words: Sequence[str | Path], folder: Path, path: str | None = None) -> None:
    """Run a package client there. Raises Absent, with the last that it said."""
    env = os.environ if path is None else {**os.environ, "PATH": path}
    try:
        done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, timeout=_PATIENCE_S)
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise Absent(f"its packages could not be fetched: {fault}") from fault
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "?").splitlines()[-1]
        raise Absent(f"its packages could not be fetched: {said}")


def _stamped(folder: Path, lock: Path) -> bool:
    """Whether what lies there is what the lock says now."""
    stamp = folder / _STAMP
    return stamp.is_file() and stamp.read_text() == _hash(lock)


def _stamp(folder: Path, lock: Path) -> None:
    (folder / _STAMP).write_text(_hash(lock))


def _hash(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()
