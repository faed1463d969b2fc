"""What every embedded service shares: a folder of its own, a port, and the same few verbs.

    with Valkey(folder) as valkey:      # start, ready; stopped at the end, data kept
        use(valkey.url)
        valkey.kill()                   # kill -9
        valkey.wipe()                   # it forgot everything
        valkey.start()                  # same port, same URL

A folder holds `data/` (the service's own), `log`, and what the launcher keeps, such as a password. A launcher writes
nowhere else, and starting it again on the same folder finds the same data under the same password.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from deploy.embedded import process
from deploy.embedded.account import Account
from deploy.embedded.errors import PortTakenError, SetUpError
from deploy.embedded.ports import LOOPBACK, free_port, is_free

MEGABYTE = 1024 * 1024
DISK_FULL = ("No space left on device", "no space left on device", "disk is full", "Disk quota exceeded")
PORT_TAKEN = ("Address already in use", "address already in use")


class Startable(ABC):
    """What is started and stopped, and as a context runs as long as it."""

    @abstractmethod
    def start(self) -> str:
        """Start what does not run. The URL of it."""

    @abstractmethod
    def stop(self) -> None:
        """Stop it in order. Its data stay."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class Service(Startable):
    """One real service on the loopback. Not safe for use by two threads at once.

    Args:
        folder: where everything of this service lies; made when missing.
        port: where it listens; a free one is chosen, once, when none is given.
        extra: further words for the program's command line.
    """

    name: ClassVar[str]
    needs_mb: ClassVar[int] = 64
    ready_within_s: ClassVar[float] = 30.0
    stop_within_s: ClassVar[float] = 10.0
    ends_on: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, folder: Path, *, port: int | None = None, extra: Sequence[str] = ()) -> None:
        self.folder = folder.absolute()
        self.port = port if port is not None else self._choose_port()
        self.extra = tuple(extra)
        self._child: process.Child | None = None

    # What each service says about itself.

    @property
    @abstractmethod
    def url(self) -> str:
        """Where programs find it, credentials included."""

    @abstractmethod
    def _command(self) -> list[str | Path]:
        """The command line, without `extra`."""

    @abstractmethod
    def _answers(self) -> bool:
        """One round trip in the service's own protocol: whether it does its work now. Raises nothing for 'not yet'."""

    def _restores(self) -> bool:
        """Whether it says that it is still reading what it had before. Raises nothing."""
        return False

    def _prepare(self) -> None:
        """Before each start: write what the program reads. The folder exists."""

    def _once_ready(self) -> None:
        """After each start: make what programs expect to find."""

    def _explain(self, log: str) -> str | None:
        """A sentence for a failure that this service's log speaks of, if it is a known one."""
        del log
        return None

    def _choose_port(self) -> int:
        return free_port()

    def _environment(self) -> Mapping[str, str] | None:
        return None

    def _account(self) -> Account | None:
        return None

    # The verbs.

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.running

    @property
    def pid(self) -> int:
        """The process to send signals to. Raises RuntimeError when it was never started."""
        return self._started().pid

    def start(self) -> str:
        """Start it and return its URL once it answers; when it runs already, only the latter.

        Raises:
            SetUpError: one line that says what to do: a missing tool, a taken port (PortTakenError), a full disk, a
                folder of another version or of another user. Nothing is left running then.
        """
        if self.running:
            return self.url
        self._make_folders()
        self._prepare()
        self._run()
        try:
            self._once_ready()
        except SetUpError:
            self.kill()
            raise
        return self.url

    def stop(self) -> None:
        """Stop it in order, by force if it takes too long. Its data stay. No-op when it does not run."""
        if self.running:
            self._started().stop(within_s=self.stop_within_s)

    def kill(self) -> None:
        """`kill -9`, and wait until it is gone. No-op when it does not run."""
        if self.running:
            self._started().kill()

    def wait(self) -> int:
        """Block until the running process ends, whatever ends it; its exit status."""
        return self._started().wait()

    def restart(self) -> str:
        """Stop and start: same port, same data."""
        self.stop()
        return self.start()

    def wipe(self) -> None:
        """Forget all data, as after a lost disk. Only when it does not run."""
        if self.running:
            raise RuntimeError(f"{self.name} still runs: stop or kill it before wiping its data")
        if self.data.exists():
            shutil.rmtree(self.data)

    # How.

    def _started(self) -> process.Child:
        if self._child is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._child

    def _make_folders(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            owner = self.folder.stat().st_uid
            free_mb = shutil.disk_usage(self.folder).free // MEGABYTE
        except OSError as error:
            raise SetUpError(f"{self.name} cannot use the folder {self.folder}: {error.strerror}.") from error
        if owner != os.geteuid():
            raise SetUpError(
                f"{self.folder} belongs to another user (uid {owner}): run this as that user, or remove the folder."
            )
        if free_mb < self.needs_mb:
            raise SetUpError(
                f"The disk is full: {free_mb} MB are free where {self.folder} lies, and {self.name} needs "
                f"{self.needs_mb} MB. Free some space and start again."
            )

    def _run(self) -> None:
        if not is_free(self.port):
            raise PortTakenError(self.port, needed_by=self.name)
        child = process.start(
            self.name,
            [*self._command(), *self.extra],
            log=self.log,
            env=self._environment(),
            cwd=self.folder,
            account=self._account(),
            ask=self.ends_on,
        )
        self._child = child
        try:
            process.wait_until_ready(
                child, self._answers, within_s=self.ready_within_s, restores=self._restores
            )
        except SetUpError as error:
            raise self._explained(error, child.said(60)) from error

    def _explained(self, error: SetUpError, said: str) -> SetUpError:
        """The same failure, told by its cause when the log names one we know."""
        if any(phrase in said for phrase in DISK_FULL):
            return SetUpError(
                f"{self.name} could not start: the disk under {self.folder} is full. Free some space and start again."
            )
        if any(phrase in said for phrase in PORT_TAKEN):
            return PortTakenError(self.port, needed_by=self.name)
        sentence = self._explain(said)
        return error if sentence is None else SetUpError(sentence, details=error.details)


def package_folder(package: str, *, service: str) -> Path:
    """The folder of an installed package, found without importing it.

    Raises:
        SetUpError: if it is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise missing(service, f"the package {package}")
    return Path(spec.submodule_search_locations[0])


def script(name: str, *, service: str) -> Path:
    """A program that a wheel put beside this Python.

    Raises:
        SetUpError: if it is not there.
    """
    path = Path(sys.executable).parent / name
    if not path.exists():
        raise missing(service, f"the program {name}")
    return path


def missing(service: str, what: str) -> SetUpError:
    return SetUpError(
        f"{service} is not installed: {what} is missing from {sys.prefix}. Remove that folder and run ./deploy/up again."
    )


def kept_secret(file: Path) -> str:
    """The secret in `file`, made on the first call, whoever of several calls first, and readable by its owner only."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        part = _private_part(file, secrets.token_urlsafe(24))
        with contextlib.suppress(FileExistsError):
            os.link(part, file)
        part.unlink()
    return file.read_text().strip()


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    _private_part(file, text).replace(file)


def _private_part(file: Path, text: str) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=file.name, dir=file.parent)  # of mode 0600
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    return Path(name)


def address(port: int) -> str:
    return f"{LOOPBACK}:{port}"
