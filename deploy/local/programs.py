"""What the Procfile starts: control and the chatd replicas, each with its environment and its sign of being ready."""

from __future__ import annotations

import http.client
import shlex
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from deploy.embedded import process
from deploy.embedded.errors import SetUpError
from deploy.embedded.ports import LOOPBACK
from deploy.local.console import Console
from deploy.local.settings import Ports


class Program:
    """One process of ours, with the verbs of `deploy.embedded.service.Service`.

    It is ready when `GET /readyz` on `ready_port` answers 200. Its output goes to `log`, or to the console.
    """

    ready_within_s = 180.0  # a slow machine reads and compiles everything the first time

    def __init__(
        self,
        name: str,
        command: list[str],
        environment: Mapping[str, str],
        *,
        cwd: Path,
        ready_port: int,
        console: Console,
        log: Path | None,
        stop_within_s: float,
    ) -> None:
        self.name = name
        self.stop_within_s = stop_within_s
        self._command = command
        self._environment = environment
        self._cwd = cwd
        self._ready_port = ready_port
        self._console = console
        self._log = log
        self._child: process.Child | None = None

    def said(self) -> str:
        """The end of its log, when it has one of its own."""
        return "" if self._child is None else self._child.said(30)

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None else None

    def start(self) -> None:
        """Start it and return once it is ready.

        Raises:
            SetUpError: if it ends before that, or takes too long.
        """
        child = self._child = process.start(
            self.name, self._command, log=self._log, env=self._environment, cwd=self._cwd
        )
        if child.stdout is not None:
            # A thread of its own: it must go on to the program's last word, whatever becomes of the others.
            threading.Thread(target=self._console.relay, args=(self.name, child.stdout), daemon=True).start()
        process.wait_until_ready(
            child, lambda: answers(self._ready_port, "/readyz"), within_s=self.ready_within_s
        )

    def wait(self) -> int:
        if self._child is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._child.wait()

    def stop(self) -> None:
        if self._child is not None and self._child.running:
            self._child.stop(within_s=self.stop_within_s)

    def kill(self) -> None:
        if self._child is not None and self._child.running:
            self._child.kill()


def answers(port: int, path: str) -> bool:
    """Whether `GET path` is answered 200 there, now."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def comes_to_answer(port: int, path: str, within_s: float) -> bool:
    """Whether `GET path` is answered 200 there before `within_s` is over. Blocks meanwhile."""
    deadline = time.monotonic() + within_s
    while not answers(port, path):
        if time.monotonic() > deadline:
            return False
        time.sleep(process.POLL_S)
    return True


def read_procfile(file: Path) -> dict[str, list[str]]:
    """The command of each line `name: command`, run by the Python that runs this.

    Raises:
        SetUpError: if there is none for `control` or `chatd`.
    """
    commands: dict[str, list[str]] = {}
    for line in file.read_text().splitlines():
        name, colon, command = line.partition(":")
        words = shlex.split(command)
        if colon and words:
            commands[name.strip()] = [sys.executable if words[0] == "python" else words[0], *words[1:]]
    for name in ("control", "chatd"):
        if name not in commands:
            raise SetUpError(f"{file} has no line '{name}: …'.")
    return commands


def shared_environment(
    ports: Ports, stores: Mapping[str, str], *, secret: str, environ: Mapping[str, str], log_format: str
) -> dict[str, str]:
    """The environment that control and chatd have in common: our defaults, then what the user has set, then what is so."""
    front = f"http://{LOOPBACK}:{ports.front}"
    defaults = {
        "MADANG_PROFILE": "development",
        "MADANG_SECRET": secret,
        "MADANG_PUBLIC_URL": front,
        "MADANG_ORIGINS": f"{front},http://localhost:{ports.front}",
        "TRUSTED_PROXIES": LOOPBACK,
        "CHATD_DRAIN_SECONDS": "1",  # few clients to spread over time, and somebody waiting at a Ctrl-C
        "LOG_FORMAT": log_format,
    }
    facts = {
        "CONTROL_HOST": LOOPBACK,
        "CONTROL_PORT": str(ports.control),
        "PYTHONUNBUFFERED": "1",
    }
    return {**defaults, **environ, **facts, **stores}


def chatd_environment(ports: Ports, number: int) -> dict[str, str]:
    """What is one replica's own. Replicas are numbered from 1."""
    return {
        "CHATD_REPLICA": f"chatd.{number}",
        "CHATD_HOST": LOOPBACK,
        "CHATD_PORT": str(ports.chatd[number - 1]),
        "CHATD_PRIVATE_HOST": LOOPBACK,
        "CHATD_PRIVATE_PORT": str(ports.private[number - 1]),
    }
