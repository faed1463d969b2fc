"""The MongoDB wire protocol for a machine without MongoDB: `nx-27017`, which stores in SQLite.

A stand-in for development and tests; the production target is MongoDB. It checks no password, so it listens on the
loopback only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from deploy.embedded.ports import LOOPBACK
from deploy.embedded.service import Service, address, script

DATABASE = "madang"


class Mongo(Service):
    """A MongoDB-wire server whose writes are on disk when they are answered."""

    name: ClassVar[str] = "MongoDB-wire server"

    @property
    def url(self) -> str:
        """`mongodb://127.0.0.1:PORT/madang`"""
        return self.database_url(DATABASE)

    def database_url(self, name: str) -> str:
        """The URL with another database; one is made when it is first written to."""
        return f"mongodb://{address(self.port)}/{name}"

    def _prepare(self) -> None:
        self.data.mkdir(exist_ok=True)
        # It refuses to start when the file names any living process, after a reboot quite another one. Two servers
        # on one folder are kept apart by the lock of whoever owns the folder.
        self._pid_file.unlink(missing_ok=True)

    def _command(self) -> list[str | Path]:
        return [
            script("nx-27017", service=self.name),
            "--host", LOOPBACK,
            "--port", str(self.port),
            "--data-dir", self.data,
            "--pid-file", self._pid_file,
            "--log-file", "/dev/null",  # the same lines come on stderr, which is our log
        ]  # fmt: skip

    def _answers(self) -> bool:
        import pymongo  # slow to import, and not needed by a run that was given a server
        import pymongo.errors

        client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(
            self.url, directConnection=True, serverSelectionTimeoutMS=100, socketTimeoutMS=2000
        )
        with client:
            try:
                return bool(client.admin.command("ping")["ok"])
            except pymongo.errors.ConnectionFailure:
                return False

    def _explain(self, log: str) -> str | None:
        if "file is not a database" in log or "malformed" in log:
            return (
                f"{self.data} holds data that the {self.name} cannot read (another version, or damaged): move the folder "
                "away, or start anew with ./deploy/up --fresh."
            )
        return None

    @property
    def _pid_file(self) -> Path:
        return self.folder / "nx.pid"
