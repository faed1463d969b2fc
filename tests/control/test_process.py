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

import httpx
import pytest
import trio

from tests.support.control import SECRET

ROOT = Path(__file__).resolve().parents[2]
Environment = dict[str, str]


@pytest.fixture
def environment(database_url: str, redis_url: str, mongo_url: str, s3_url: str) -> Environment:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONWARNINGS": "error",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "MONGO_URL": mongo_url,
        "S3_URL": s3_url,
        "MADANG_PROFILE": "test",
        "MADANG_SECRET": SECRET,
        "MADANG_PUBLIC_URL": "http://127.0.0.1",
        "CONTROL_PORT": "0",
        "PASSWORD_COST": "4",
    }


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

    async def heard(self, words: str) -> None:
        """Wait until it has written `words`."""
        with trio.fail_after(20):
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
        nursery.start_soon(follow, process.stderr, log)
        server = Server(process, "", log)
        await server.heard("listening")
        import msgspec

        said = next(msgspec.json.decode(line) for line in log if "listening" in line)
        server.url = said["address"]
        yield server
        if process.returncode is None:
            process.kill()


async def follow(stream: trio.abc.ReceiveStream, log: list[str]) -> None:
    rest = b""
    async for part in stream:
        *lines, rest = (rest + part).split(b"\n")
        log += [line.decode() for line in lines]


async def ended(server: Server) -> int:
    with trio.fail_after(20):
        return await server.process.wait()


# --- commands and refusals --------------------------------------------------------------------------------------------


async def test_bad_settings_are_all_told_and_nothing_else() -> None:
    status, said = await control({"PATH": os.environ["PATH"], "SMS": "pigeon", "MADANG_SECRET": "short"})
    assert status == 78
    assert "control: MADANG_SECRET must have at least 32 characters" in said
    assert "control: DATABASE_URL is not set" in said
    assert all(line.startswith("control: ") for line in said)


async def test_a_database_that_is_behind_is_told_in_one_line(environment: Environment) -> None:
    status, [said] = await control(environment)
    assert status == 1
    assert "0001_identity" in said
    assert "run `python -m control migrate` first" in said


async def test_a_store_that_is_away_is_told_in_one_line(environment: Environment) -> None:
    away = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere"}
    status, [said] = await control(environment | away)
    assert status == 1
    assert said.startswith("control: postgres: ")


async def test_two_that_migrate_at_once_and_then_a_third(environment: Environment) -> None:
    said: list[str] = []

    async def migrate() -> None:
        status, lines = await control(environment, "migrate")
        assert status == 0
        said.append("\n".join(lines))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(migrate)
        nursery.start_soon(migrate)
    await migrate()
    assert [("0001_identity" in each) for each in said].count(True) == 1


async def test_another_secret_is_told_in_one_line_and_a_rotation_accepts_it(
    environment: Environment,
) -> None:
    await control(environment, "migrate")
    async with serving(environment) as server:
        server.process.terminate()
        assert await ended(server) == 0
    other = environment | {"MADANG_SECRET": "another secret of thirty-two chars"}
    status, said = await control(other)
    assert status == 1
    assert "MADANG_SECRET" in said[-1]
    assert "Traceback" not in "".join(said)
    assert (await control(other, "keys", "rotate"))[0] == 0
    async with serving(other) as server, httpx.AsyncClient(base_url=server.url, verify=False) as http:
        assert len((await http.get("/.well-known/jwks.json")).json()["keys"]) == 3


async def test_a_command_that_is_not_known(environment: Environment) -> None:
    status, said = await control(environment, "dance")
    assert status == 2
    assert "invalid choice: 'dance'" in said[-1]


# --- how it stops -----------------------------------------------------------------------------------------------------


async def test_asked_to_stop_it_is_not_ready_first_then_finishes_and_goes(environment: Environment) -> None:
    await control(environment, "migrate")
    async with serving(environment | {"DRAIN_SECONDS": "1"}) as server:
        async with httpx.AsyncClient(base_url=server.url, verify=False) as http:
            assert (await http.get("/readyz")).status_code == 200
            server.process.terminate()
            await server.heard("asked to stop")
            answer = await http.get("/readyz")
            assert (answer.status_code, answer.json()["fields"]) == (503, {"process": "stopping"})
            assert (await http.get("/api/v1/version")).status_code == 200
            assert await ended(server) == 0
            with pytest.raises(httpx.TransportError):
                await http.get("/healthz")
        assert "stopped" in server.log[-1]


async def test_asked_twice_it_goes_at_once(environment: Environment) -> None:
    await control(environment, "migrate")
    async with serving(environment | {"DRAIN_SECONDS": "20"}) as server:
        server.process.terminate()
        await server.heard("asked to stop")
        async with httpx.AsyncClient(base_url=server.url, verify=False) as http:
            assert (await http.get("/readyz")).status_code == 503
        server.process.send_signal(signal.SIGTERM)
        assert await ended(server) == 70


async def test_a_port_that_is_taken_is_told_in_one_line(environment: Environment) -> None:
    await control(environment, "migrate")
    async with serving(environment) as server:
        port = server.url.rpartition(":")[2]
        status, said = await control(environment | {"CONTROL_PORT": port})
        assert status == 1
        assert said[-1] == f"control: cannot listen on 127.0.0.1 port {port}: Address already in use"
