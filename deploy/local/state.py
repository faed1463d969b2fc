"""The state folder, `.madang/`: one user's, one run's at a time, and safe to remove when nothing runs.

lock             held while something runs on the folder, and until its last process has ended
run.json         where the running instance listens and its process numbers; gone when nothing runs
secret           what tokens and keys are sealed with
logs/            of the programs, when they are not on the terminal
postgres/ …      one folder for each embedded service
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import time
from pathlib import Path
from typing import Any

import msgspec

from deploy.embedded import process
from deploy.embedded.errors import SetUpError
from deploy.embedded.leash import PATIENCE_S, exists
from deploy.embedded.service import kept_secret, write_private


class State:
    """The folder, open and locked for this process. Close it last."""

    def __init__(self, folder: Path, lock: int) -> None:
        self.folder = folder
        self._lock = lock

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

    def clear(self) -> None:
        """Remove everything but the lock."""
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != "lock":
                path.unlink()

    def close(self) -> None:
        self._run.unlink(missing_ok=True)
        os.close(self._lock)

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
        name = _account_name(owner)
        raise SetUpError(f"{folder} belongs to {name}: run this as {name}, or remove it (rm -rf {folder}).")
    folder.chmod(0o711)  # PostgreSQL may run under another account, which must pass through
    return State(folder, _locked(folder))


def _locked(folder: Path) -> int:
    """A descriptor that holds the lock; the leash holds it too, until all that this run started has ended."""
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + PATIENCE_S + 2
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = int(os.pread(lock, 32, 0) or b"0")
            if exists(owner) or time.monotonic() > deadline:
                os.close(lock)
                raise SetUpError(
                    f"Madang already runs on {folder}, as process {owner}: stop that one first (Ctrl-C there, or kill {owner})."
                ) from None
            time.sleep(0.05)  # its owner was killed, and its programs are just ending
        else:
            break
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    process.the_leash.start(keep_open=(lock,))
    return lock


def _account_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
