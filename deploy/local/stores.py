"""The four stores: whichever was not given by URL is started here, on the state folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deploy.embedded.mongo import Mongo
from deploy.embedded.ports import free_port, is_free
from deploy.embedded.postgres import Postgres
from deploy.embedded.seaweedfs import SeaweedFS
from deploy.embedded.service import Service
from deploy.embedded.valkey import Valkey

# Where each is found by whoever wants to look inside; another port when this one is taken.
_KINDS: dict[str, tuple[type[Service], str, int]] = {
    "DATABASE_URL": (Postgres, "postgres", 8011),
    "REDIS_URL": (Valkey, "valkey", 8012),
    "MONGO_URL": (Mongo, "mongo", 8013),
    "S3_URL": (SeaweedFS, "seaweedfs", 8014),
}


class Stores:
    """The stores of one run: `given` URLs, and a service of ours for each that is missing."""

    def __init__(self, folder: Path, given: Mapping[str, str], *, usual_ports: bool) -> None:
        self._given = {variable: url for variable in _KINDS if (url := given.get(variable, "").strip())}
        self.embedded: dict[str, Service] = {
            variable: kind(folder / name, port=_port(usual) if usual_ports else None)
            for variable, (kind, name, usual) in _KINDS.items()
            if variable not in self._given
        }

    @property
    def urls(self) -> dict[str, str]:
        """Variable -> URL, for the environment of every program."""
        return {**self._given, **{variable: service.url for variable, service in self.embedded.items()}}

    def wipe(self) -> None:
        """Forget everything that the embedded ones hold, wherever they hold it. None of them runs."""
        for service in self.embedded.values():
            service.wipe()


def _port(usual: int) -> int | None:
    return usual if is_free(usual) else free_port()
