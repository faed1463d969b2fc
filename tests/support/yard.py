"""All of Madang with its demo, in a process of its own, for tests that come in by the front door.

    with open_yard(folder, given) as yard:
        yard.url, yard.accounts

`given` are the URLs of stores that run already, by their variables, and other settings; the other stores are started. The web
app is built when it was not. Run as a program, it keeps its promise until it is asked to stop:
`python -m tests.support.yard FOLDER`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec
import trio

from deploy.local.console import Console
from deploy.local.settings import STORES, free_ports
from deploy.local.state import open_state
from deploy.local.stores import Stores
from deploy.local.up import Instance, supervise
from tests.support.chromium import PATIENCE

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Account:
    """Somebody of the demo."""

    email: str
    password: str
    nickname: str


@dataclass(frozen=True)
class Yard:
    """What runs. `accounts` by nickname; `keeper` is the process that keeps the others up."""

    url: str
    accounts: dict[str, Account]
    keeper: int

    def replicas(self) -> list[int]:
        """The processes of chatd as they are now: one that was killed is started again."""
        children = Path(f"/proc/{self.keeper}/task").glob("*/children")
        found = [int(pid) for each in children for pid in each.read_text().split()]
        return [pid for pid in found if b"chatd" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]


@contextmanager
def open_yard(folder: Path, given: Mapping[str, str]) -> Iterator[Yard]:
    """One that runs until the block ends."""
    environ = {name: value for name, value in os.environ.items() if name not in STORES}
    with (folder / "yard.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(folder)],
            cwd=ROOT,
            env={**environ, **given, "RATE_SCALE": "1000", "PASSWORD_COST": "10"},
            stdout=subprocess.PIPE,
            stderr=log,
        )
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        assert said, f"Madang did not start:\n{(folder / 'yard.log').read_text()}"
        yield msgspec.json.decode(said, type=Yard)
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


@contextmanager
def logged_in(yard: Yard, who: str | Account, *, password: str | None = None) -> Iterator[httpx.Client]:
    """Control, as somebody asks it, of the demo by their nickname; with another `password` than theirs, where that was changed."""
    account = yard.accounts[who] if isinstance(who, str) else who
    with httpx.Client(base_url=yard.url, verify=False, timeout=PATIENCE) as http:
        asked = {"email": account.email, "password": password or account.password}
        tokens = http.post("/api/v1/sessions", json=asked).json()
        http.headers["authorization"] = f"Bearer {tokens['access_token']}"
        yield http


def main(folder: Path) -> int:
    """Start it, say where it is, and stay."""
    state = open_state(folder / "state")
    console = Console(sys.stderr)
    try:
        instance = Instance(
            ROOT,
            state,
            Stores(state.folder, os.environ, usual_ports=False),
            free_ports(2),
            console,
            environ=os.environ,
            quiet=True,
            demo=True,
        )

        async def work() -> int:
            accounts = {
                each["nickname"]: Account(each["email"], each["password"], each["nickname"])
                for each in instance.accounts
            }
            print(msgspec.json.encode(Yard(instance.url, accounts, os.getpid())).decode(), flush=True)
            await trio.sleep_forever()

        return trio.run(supervise, instance, console, work, 0)
    finally:
        state.close()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
