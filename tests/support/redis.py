"""A plain client beside the programs under test, for either kind of Redis."""

from __future__ import annotations

from typing import Any

import redis

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
