"""A plain client beside the programs under test, for either kind of Redis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import redis

from common.redis import Argument, Redis, RedisRefusal
from common.redis.address import addresses, is_cluster


def open_client(url: str) -> Any:
    """The driver's own client of the server or cluster at `url`, to be used in a `with`."""
    if not is_cluster(url):
        return redis.Redis.from_url(url)
    nodes = addresses(url)
    return redis.RedisCluster(
        startup_nodes=[redis.cluster.ClusterNode(node.host, node.port) for node in nodes],
        password=nodes[0].password,
    )


def url_of_master(url: str, key: str) -> str:
    """The one server that holds `key`."""
    if not is_cluster(url):
        return url
    with open_client(url) as client:
        node = client.get_node_from_key(key)
    password = addresses(url)[0].password
    return f"redis://:{password}@{node.host}:{node.port}"


class Direct(Redis):
    """The server that holds `key`, without a task switch: for tests that ask it some ten thousand times."""

    def __init__(self, url: str, key: str) -> None:
        self._client = redis.Redis.from_url(url_of_master(url, key), protocol=2)
        self._client.response_callbacks.clear()

    async def call(self, *command: Argument) -> Any:
        try:
            return self._client.execute_command(*command)
        except redis.exceptions.NoScriptError as error:
            raise RedisRefusal(f"NOSCRIPT {error}") from error

    async def calls(self, commands: Sequence[Sequence[Argument]]) -> list[Any]:
        return [await self.call(*command) for command in commands]

    def close(self) -> None:
        self._client.close()
