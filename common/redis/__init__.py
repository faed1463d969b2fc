"""Redis (or Valkey), one server or a cluster: commands and Lua scripts over Trio's own sockets.

The driver speaks for the wire: redis-py reads the URL and hashes keys to slots, hiredis packs commands and parses
replies. Only the moving of bytes is ours, because the driver's can run on asyncio alone, and three crossings a message
(append, read, mark) were the largest cost of a send: a round trip through Trio takes about two fifths of the time.

Replies come as the server sent them (RESP2): bytes, integers, lists, None.

What a caller has to know of clusters: keys that one command or script names have one hash tag, as `{control}:feed`;
`Redis.joint` tells whether keys of different tags could share a call after all.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import trio

from common.redis.address import addresses, is_cluster
from common.redis.client import Redis, Script
from common.redis.cluster import open_cluster
from common.redis.connection import PATIENCE, Argument, Call, RedisRefusal, dialler
from common.redis.pool import Greeting, Serves
from common.redis.server import Server

__all__ = [
    "PATIENCE",
    "Argument",
    "Call",
    "Greeting",
    "Redis",
    "RedisRefusal",
    "Script",
    "Serves",
    "open_redis",
]


def open_redis(
    url: str, *, connections: int = 50, greet: Greeting | None = None
) -> AbstractAsyncContextManager[Redis]:
    """A client of what `url` names; a connection is opened when it is first needed.

    `redis://` and `rediss://` name one server, `redis+cluster://` and `rediss+cluster://` a cluster by some of its
    nodes, as `redis+cluster://host:port,host:port`. There are at most `connections` to one server.

    `greet` is called with each new connection's `call` before that serves anybody (on a cluster: before it serves a
    slot for the first time): what must be known to a server that was started again, or took over, is done there.

    Raises ValueError for a URL that names nothing.
    """
    if is_cluster(url):
        return open_cluster(addresses(url), connections=connections, greet=greet)
    return _open_server(url, connections=connections, greet=greet)


@asynccontextmanager
async def _open_server(url: str, *, connections: int, greet: Greeting | None) -> AsyncIterator[Redis]:
    (address,) = addresses(url)
    server = Server(dialler(address), connections, greet)
    try:
        yield server
    finally:
        with trio.CancelScope(shield=True):
            await server.aclose()
