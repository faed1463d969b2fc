"""Child processes that are never left behind.

Owns: starting a program in a session of its own, its log file, waiting for it to be ready, stopping it within a bound,
and the leash (see `leash`) that ends it when this process dies without doing so. Knows nothing of what any program does.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from deploy.embedded import leash
from deploy.embedded.account import Account
from deploy.embedded.errors import SetUpError, last_lines

LOG_BYTES_KEPT = 8 * 1024 * 1024
POLL_S = 0.02


class _Leash:
    """This process's hold on `leash.py`, which is started with the first child, and again should it ever be killed."""

    def __init__(self) -> None:
        self.patience_s = leash.PATIENCE_S
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe = -1
        self._held: dict[int, int] = {}
        self._closed = False
        atexit.register(self._close)

    def start(self, *, keep_open: Sequence[int] = ()) -> None:
        """Start the leash now. It holds the descriptors in `keep_open` (a lock, say) for as long as it lives."""
        with self._lock:
            self._start(keep_open)

    def spawn(self, spawn: Callable[[], subprocess.Popen[bytes]], ask: int) -> subprocess.Popen[bytes]:
        """Start a process and hold it, in one: a thread may still be starting something while this process ends.

        Raises:
            SetUpError: if this process is about to end, and would leave the new one behind.
        """
        with self._lock:
            if self._closed:
                raise SetUpError("Nothing more is started: this program is ending.")
            popen = spawn()
            self._held[popen.pid] = ask
            self._say(f"+{popen.pid}:{ask}\n")
            return popen

    def release(self, pid: int) -> None:
        with self._lock:
            if self._held.pop(pid, None) is not None and not self._closed:
                self._say(f"-{pid}\n")

    def _say(self, word: str) -> None:
        if self._process is not None and self._process.poll() is None:
            os.write(self._pipe, word.encode())
        else:
            self._start(())

    def _start(self, keep_open: Sequence[int]) -> None:
        their_end, our_end = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", leash.__file__, str(self.patience_s)],
            stdin=their_end,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            pass_fds=keep_open,
        )
        os.close(their_end)
        if self._pipe >= 0:
            os.close(self._pipe)
        self._pipe = our_end
        for pid, ask in self._held.items():
            os.write(our_end, f"+{pid}:{ask}\n".encode())

    def _close(self) -> None:
        """At the end of this process: whatever it did not stop itself is ended now."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                os.close(self._pipe)
                self._process.wait(timeout=self.patience_s + 2)
                self._process = None


the_leash = _Leash()


class Child:
    """One running program: the leader of its own session and process group."""

    def __init__(
        self,
        name: str,
        popen: subprocess.Popen[bytes],
        *,
        ask: signal.Signals,
        log: Path | None,
        log_began: int,
    ) -> None:
        self.name = name
        self.pid = popen.pid
        self.log = log
        self._popen = popen
        self._ask = ask
        self._log_began = log_began

    @property
    def stdout(self) -> IO[bytes] | None:
        """What it prints, when it was started without a log file."""
        return self._popen.stdout

    def said(self, lines: int = 12) -> str:
        """The last lines it wrote to its log, none of them from an earlier run."""
        return "" if self.log is None else last_lines(self.log, lines, since=self._log_began)

    @property
    def running(self) -> bool:
        return self.poll() is None

    def poll(self) -> int | None:
        """Its exit status when it has ended (negative: the signal that ended it)."""
        status = self._popen.poll()
        if status is not None:
            the_leash.release(self.pid)
        return status

    def wait(self, timeout_s: float | None = None) -> int:
        """Its exit status, once it ends.

        Raises:
            TimeoutError: if it still runs after `timeout_s`.
        """
        try:
            status = self._popen.wait(timeout_s)
        except subprocess.TimeoutExpired as late:
            raise TimeoutError(f"{self.name} still runs after {timeout_s} s") from late
        the_leash.release(self.pid)
        return status

    def ask_to_end(self) -> None:
        """Send the signal that it ends in order on."""
        self._popen.send_signal(self._ask)

    def stop(self, *, within_s: float) -> int:
        """Ask it to end and, when it does not within `within_s`, kill it. Returns its exit status."""
        self.ask_to_end()
        try:
            return self.wait(within_s)
        except TimeoutError:
            return self.kill()

    def kill(self) -> int:
        """`kill -9` for it and its process group, and take its exit status, so that no zombie remains."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        return self.wait()


def start(
    name: str,
    argv: Sequence[str | Path],
    *,
    log: Path | None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
    ask: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start a program. Its output goes to the end of `log`, or to `Child.stdout` when there is no log.

    Raises:
        SetUpError: if the program is missing or cannot be run here.
    """
    with contextlib.ExitStack() as stack:
        output: IO[bytes] | int = subprocess.PIPE if log is None else stack.enter_context(_opened(log))
        log_began = 0 if isinstance(output, int) else os.fstat(output.fileno()).st_size

        def spawn() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                [str(word) for word in argv],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                start_new_session=True,
                **(account.identity if account else {}),
            )

        try:
            popen = the_leash.spawn(spawn, ask)
        except OSError as error:
            raise SetUpError(f"{name} cannot be run: {argv[0]}: {error.strerror}.") from error
    return Child(name, popen, ask=ask, log=log, log_began=log_began)


def wait_until_ready(
    child: Child, ready: Callable[[], bool], *, within_s: float, restores: Callable[[], bool] = lambda: False
) -> None:
    """Return once `ready()` is true.

    Raises:
        SetUpError: if the child ends before, or is not ready in time (it is killed then), unless it `restores()` what it
            had before: that takes as long as it takes.
    """
    deadline = time.monotonic() + within_s
    while child.running:
        if ready():
            return
        if time.monotonic() > deadline and not restores():
            child.kill()
            raise SetUpError(
                f"{child.name} was not ready within {within_s:.0f} s and was stopped.{_see(child.log)}",
                details=child.said(),
            )
        time.sleep(POLL_S)
    raise SetUpError(
        f"{child.name} ended while starting ({how_it_ended(child.wait())}).{_see(child.log)}",
        details=child.said(),
    )


def how_it_ended(status: int) -> str:
    """An exit status in words: `exit status 1`, `killed by SIGKILL`."""
    if status >= 0:
        return f"exit status {status}"
    return f"killed by {signal.Signals(-status).name}"


def _see(log: Path | None) -> str:
    return f" Its log: {log}" if log else ""


def _opened(log: Path) -> IO[bytes]:
    """The log, open for appending; one that has grown large is set aside as `….old` first."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_BYTES_KEPT:
            log.replace(log.with_name(log.name + ".old"))
    return log.open("ab")
