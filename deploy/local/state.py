"""The state folder, `.madang/`: one user's, one run's at a time, and safe to remove when nothing runs.

running.lock     held by the process that runs on the folder, whose number is in it
ending.lock      held until the last process that it started has ended, even when it was killed itself
demo.json        who can log in, once the demo data were made; from then on they are people's to change
run.json         where the running instance listens and its process numbers; gone when nothing runs
secret           what tokens and keys are sealed with
logs/            of the programs, when they are not on the terminal
postgres/ …      one folder for each embedded service
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import time
from pathlib import Path
from typing import Any

import msgspec

from deploy.bootstrap import account_name
from deploy.embedded import process
from deploy.embedded.errors import SetUpError
from deploy.embedded.leash import PATIENCE_S
from deploy.embedded.service import kept_secret, write_private

_LOCKS = ("running.lock", "ending.lock")


class _Planted(msgspec.Struct):
    """What `demo.json` holds. `database` tells it from another, without its password."""

    database: str
    accounts: list[dict[str, str]]


def _named(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


class State:
    """The folder, open and locked for this process. Close it last."""

    def __init__(self, folder: Path, locks: list[int]) -> None:
        self.folder = folder
        self._locks = locks

    @property
    def secret(self) -> str:
        return kept_secret(self.folder / "secret")

    @property
    def logs(self) -> Path:
        folder = self.folder / "logs"
        folder.mkdir(exist_ok=True)
        return folder

    def write_run(self, run: dict[str, Any]) -> None:
        """Say where everything is, for tools. Holds passwords: readable by its owner only."""
        write_private(self._run, msgspec.json.format(msgspec.json.encode(run)).decode() + "\n")

    def planted(self, where: str) -> list[dict[str, str]] | None:
        """The demo accounts of the database `where`; None before its demo data are whole."""
        with contextlib.suppress(FileNotFoundError):
            planted = msgspec.json.decode(self._demo.read_bytes(), type=_Planted)
            if planted.database == _named(where):
                return planted.accounts
        return None

    def write_planted(self, where: str, accounts: list[dict[str, str]]) -> None:
        """They are whole now."""
        write_private(self._demo, msgspec.json.encode(_Planted(_named(where), accounts)).decode())

    def clear(self) -> None:
        """Remove everything but the locks."""
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name not in _LOCKS:
                path.unlink()

    def close(self) -> None:
        self._run.unlink(missing_ok=True)
        for lock in self._locks:
            os.close(lock)

    @property
    def _demo(self) -> Path:
        return self.folder / "demo.json"

    @property
    def _run(self) -> Path:
        return self.folder / "run.json"


def open_state(folder: Path) -> State:
    """Make the folder if need be and lock it.

    Raises:
        SetUpError: if it cannot be used, belongs to another user, or is in use.
    """
    try:
        folder.mkdir(exist_ok=True)
        owner = folder.stat().st_uid
    except OSError as error:
        raise SetUpError(f"The folder {folder} cannot be used: {error.strerror}.") from error
    if owner != os.geteuid():
        name = account_name(owner)
        raise SetUpError(f"{folder} belongs to {name}: run this as {name}, or remove it (rm -rf {folder}).")
    folder.chmod(0o711)  # PostgreSQL may run under another account, which must pass through
    return State(folder, _lock(folder))


def _lock(folder: Path) -> list[int]:
    """Descriptors that hold the locks. The leash holds the second one too, until all that this run started has ended."""
    running, ending = (
        os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) for name in _LOCKS
    )
    if not _taken(running):
        owner = os.pread(running, 32, 0).decode()
        raise SetUpError(
            f"Madang already runs on {folder}, as process {owner}: stop that one first (Ctrl-C there, or kill {owner})."
        )
    deadline = time.monotonic() + PATIENCE_S + 2
    while not _taken(ending):
        if time.monotonic() > deadline:
            raise SetUpError(
                f"What an earlier run left on {folder} does not end: look for it with ps, and kill it."
            )
        time.sleep(0.05)
    os.ftruncate(running, 0)
    os.pwrite(running, str(os.getpid()).encode(), 0)
    process.the_leash.start(keep_open=(ending,))
    return [running, ending]


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
