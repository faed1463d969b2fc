"""Where a server is and how to be let in, read from a URL."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from redis.connection import SSLConnection, parse_url

_URL: Final = re.compile(r"(rediss?)(\+cluster)?://(?:([^@/?]*)@)?([^/?]*)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Address:
    """One server."""

    host: str
    port: int
    username: str | None = None
    password: str | None = None
    database: int = 0
    tls: bool = False

    def at(self, host: str, port: int) -> Address:
        """Another server that lets us in in the same way."""
        return replace(self, host=host, port=port)


def is_cluster(url: str) -> bool:
    """Whether `url` names a cluster."""
    return url.partition("://")[0].endswith("+cluster")


def addresses(url: str) -> list[Address]:
    """The servers that `url` names: one, or of a cluster the nodes to ask first. Raises ValueError."""
    parts = _URL.fullmatch(url)
    if parts is None:
        raise ValueError("not the URL of a Redis server or cluster")
    scheme, cluster, account, hosts, rest = parts.groups()
    at = "" if account is None else f"{account}@"
    names = hosts.split(",") if cluster else [hosts]
    if not all(names):
        raise ValueError("the URL of a Redis server names its host")
    found = [_address(f"{scheme}://{at}{name}{rest}") for name in names]
    if cluster and any(address.database for address in found):
        raise ValueError("a Redis cluster has no database but 0")
    return found


def _address(url: str) -> Address:
    given = parse_url(url)  # type: ignore[no-untyped-call]
    return Address(
        host=given.get("host", "localhost"),
        port=given.get("port", 6379),
        username=given.get("username"),
        password=given.get("password"),
        database=given.get("db", 0),
        tls=given.get("connection_class") is SSLConnection,
    )
