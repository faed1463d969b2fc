"""A control process beside the storm: people join the room through it, and it may be killed like anything else."""

from __future__ import annotations

import os
import urllib.request
from pathlib import Path

import asyncpg
import httpx
import trio

from deploy.embedded.ports import free_port
from deploy.embedded.process import Child, wait_until_ready
from tests.support import forks
from tests.support.control import SECRET
from tests.support.world import PATIENCE, Person, World

_ROOT = Path(__file__).resolve().parents[2]


class Control:
    """`python -m control` on a world's stores."""

    def __init__(self, world: World, name: str = "control") -> None:
        self._name = name
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._log = world.folder / f"{name}.log"
        self._environment = world.environment(
            MADANG_PROFILE="test",
            MADANG_SECRET=SECRET,
            MADANG_PUBLIC_URL=self.url,
            CONTROL_PORT=str(self._port),
            S3_URL="http://nobody:secret@127.0.0.1:9/nothing",
            RATE_SCALE="1000",
        )
        self._child: Child | None = None
        world.sql(_make_ready)

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.running

    def start(self) -> None:
        """Start it, unless it runs, and wait until it serves."""
        if not self.running:
            self._child = forks.start(
                self._name, "control", env={**os.environ, **self._environment}, log=self._log
            )
            wait_until_ready(self._child, self._serves, within_s=PATIENCE)

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        if self._child is not None:
            self._child.kill()

    def _serves(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


async def join(control: Control, person: Person, room: str) -> None:
    """Join a room as a person does who tries again until it says so."""
    async with httpx.AsyncClient(
        base_url=control.url, headers={"authorization": f"Bearer {person.token()}"}, timeout=5, verify=False
    ) as http:
        while not await _joined(http, room):  # noqa: ASYNC110 - of another process
            await trio.sleep(0.1)


async def _joined(http: httpx.AsyncClient, room: str) -> bool:
    try:
        answer = await http.post(f"/api/v1/rooms/{room}/join", json={})
    except httpx.TransportError:
        return False
    assert answer.status_code < 400 or answer.status_code >= 500, answer.text
    return answer.status_code < 400


async def _make_ready(connection: asyncpg.Connection) -> None:
    """What control wants to find: no signing key that it cannot open."""
    await connection.execute("UPDATE signing_keys SET retired_at = now() + interval '1 day'")
