"""`python -m control` as an operator meets it: its commands, its one-line refusals, and how it stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio

from common import aio
from common.postgres import Connection, open_postgres
from control.settings import Settings
from tests.support.control import PATIENCE, SECRET

ROOT = Path(__file__).resolve().parents[2]
Environment = dict[str, str]


@pytest.fixture
async def environment(control_settings: Settings) -> Environment:
    """A database that is migrated, and empty."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONWARNINGS": "error",
        "DATABASE_URL": control_settings.database_url,
        "REDIS_URL": control_settings.redis_url,
        "MONGO_URL": control_settings.mongo_url,
        "S3_URL": control_settings.s3_url,
        "MADANG_PROFILE": "test",
        "MADANG_SECRET": SECRET,
        "MADANG_PUBLIC_URL": "http://127.0.0.1",
        "CONTROL_PORT": "0",
        "PASSWORD_COST": "4",
    }


@pytest.fixture
async def behind(environment: Environment, database_url: str) -> Environment:
    """A database without a table."""
    return environment | {"DATABASE_URL": database_url}


async def control(environment: Environment, *command: str) -> tuple[int, list[str]]:
    """Run a command to its end: its exit status, and the lines it wrote."""
    ended = await trio.run_process(
        [sys.executable, "-m", "control", *command],
        env=environment,
        cwd=ROOT,
        capture_stdout=True,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return ended.returncode, ended.stdout.decode().splitlines()


@dataclass
class Server:
    """A serving process."""

    process: trio.Process
    url: str
    log: list[str]
    silent: trio.Event  # once it has written its last word

    async def heard(self, words: str) -> None:
        """Wait until it has written `words`."""
        with trio.fail_after(PATIENCE):
            while not any(words in line for line in self.log):  # noqa: ASYNC110 - another process writes
                await trio.sleep(0.01)


@asynccontextmanager
async def serving(environment: Environment) -> AsyncIterator[Server]:
    """`python -m control`, listening. Killed at the end if it still runs."""
    log: list[str] = []
    async with trio.open_nursery() as nursery:
        process = await nursery.start(
            partial(
                trio.run_process,
                [sys.executable, "-m", "control"],
                env=environment | {"LOG_FORMAT": "json"},
                cwd=ROOT,
                stderr=subprocess.PIPE,
                check=False,
            )
        )
        server = Server(process, "", log, trio.Event())
        nursery.start_soon(follow, process.stderr, server)
        await server.heard("listening")
        import msgspec

        said = next(msgspec.json.decode(line) for line in log if "listening" in line)
        server.url = said["address"]
        yield server
        if process.returncode is None:
            process.kill()


async def follow(stream: trio.abc.ReceiveStream, server: Server) -> None:
    rest = b""
    async for part in stream:
        *lines, rest = (rest + part).split(b"\n")
        server.log += [line.decode() for line in lines]
    server.silent.set()


async def ended(server: Server) -> int:
    """Its exit status, once all that it wrote was read."""
    with trio.fail_after(PATIENCE):
        await server.silent.wait()
        return await server.process.wait()


def browser(server: Server) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=server.url, verify=False, timeout=PATIENCE)


# --- commands and refusals --------------------------------------------------------------------------------------------


async def test_bad_settings_are_all_told_and_nothing_else() -> None:
    status, said = await control({"PATH": os.environ["PATH"], "SMS": "pigeon", "MADANG_SECRET": "short"})
    assert status == 78
    assert "control: MADANG_SECRET must have at least 32 characters" in said
    assert "control: DATABASE_URL is not set" in said
    assert all(line.startswith("control: ") for line in said)


async def test_a_store_that_is_away_is_told_in_one_line(environment: Environment) -> None:
    away = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere"}
    status, [said] = await control(environment | away)
    assert status == 1
    assert said.startswith("control: postgres: ")


async def test_a_database_that_is_behind_until_somebody_migrates(behind: Environment) -> None:
    status, [told] = await control(behind)
    assert status == 1
    assert "0001_identity" in told
    assert "run `python -m control migrate` first" in told
    said: list[str] = []

    async def migrate() -> None:
        status, lines = await control(behind, "migrate")
        assert status == 0
        said.append("\n".join(lines))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(migrate)
        nursery.start_soon(migrate)
    assert ["0001_identity" in each for each in said].count(True) == 1


async def test_another_secret_until_somebody_rotates(environment: Environment) -> None:
    assert (await control(environment, "keys", "rotate"))[0] == 0
    other = environment | {"MADANG_SECRET": "another secret of thirty-two chars"}
    status, said = await control(other)
    assert status == 1
    assert "MADANG_SECRET does not open the signing keys" in said[-1]
    assert "Traceback" not in "".join(said)
    assert (await control(other, "keys", "rotate"))[0] == 0
    async with serving(other) as server, browser(server) as http:
        assert len((await http.get("/.well-known/jwks.json")).json()["keys"]) == 3


async def test_the_first_admin_is_appointed_by_whoever_runs_the_server(environment: Environment) -> None:
    assert (await control(environment, "migrate"))[0] == 0
    status, said = await control(environment, "admin", "Haneul@example.com")
    assert status == 1
    assert "nobody signed up with haneul@example.com" in said[-1]
    assert "Traceback" not in "".join(said)

    async def sign_up(connection: Connection) -> None:
        await connection.execute(
            "INSERT INTO users (email, nickname, name, phone) VALUES ('haneul@example.com', '하늘', '하늘', '+82')"
        )

    async def seen(connection: Connection) -> tuple[Any, ...]:
        role = await connection.fetchval("SELECT role FROM user_roles")
        deeds = await connection.fetchval("SELECT array_agg(act) FROM admin_audit WHERE by = person")
        news = await connection.fetchval("SELECT count(*) FROM outbox WHERE data LIKE '%user.changed%'")
        return role, deeds, news

    async with aio.open_loop(), open_postgres(environment["DATABASE_URL"]) as db:
        await db.transaction(sign_up)
        for _ in range(2):
            assert (await control(environment, "admin", "Haneul@example.com"))[0] == 0
        assert await db.read(seen) == ("admin", ["people.roles"], 1)


async def test_a_command_that_is_not_known() -> None:
    status, said = await control({"PATH": os.environ["PATH"]}, "dance")
    assert status == 2
    assert "invalid choice: 'dance'" in said[-1]


# --- how it stops -----------------------------------------------------------------------------------------------------


async def test_asked_to_stop_it_is_not_ready_first_then_finishes_and_goes(environment: Environment) -> None:
    async with serving(
        environment | {"DRAIN_SECONDS": "4"}
    ) as server:  # what is asked meanwhile must be asked in time
        async with browser(server) as http:
            while (
                await http.get("/readyz")
            ).status_code != 200:  # a store that is slow today is not there yet
                pass
            server.process.terminate()
            await server.heard("asked to stop")
            answer = await http.get("/readyz")
            assert (answer.status_code, answer.json()["fields"]["process"]) == (503, "stopping")
            assert (await http.get("/api/v1/version")).status_code == 200
            assert await ended(server) == 0
            with pytest.raises(httpx.TransportError):
                await http.get("/healthz")
        assert "stopped" in server.log[-1]


async def test_beside_another_on_its_port_and_asked_twice(environment: Environment) -> None:
    """The second process says in one line why it cannot start; the first, asked twice, goes at once."""
    async with serving(environment | {"DRAIN_SECONDS": "20"}) as server:
        port = server.url.rpartition(":")[2]
        status, said = await control(environment | {"CONTROL_PORT": port})
        assert status == 1
        assert said[-1] == f"control: cannot listen on 127.0.0.1 port {port}: Address already in use"
        server.process.terminate()
        await server.heard("asked to stop")
        async with browser(server) as http:
            assert (await http.get("/readyz")).status_code == 503
        server.process.send_signal(signal.SIGTERM)
        assert await ended(server) == 70
