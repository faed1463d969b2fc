"""One server, behind one pool."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from common.redis.client import Redis
from common.redis.connection import Argument, Call, Connect, RedisRefusal, given, packed
from common.redis.pool import WHOLE, Greeting, GreetPart, Pool


class Server(Redis):
    """A server that holds every key."""

    def __init__(self, connect: Connect, connections: int, greet: Greeting | None) -> None:
        self._pool = Pool(connect, connections, _greeting_all(greet) if greet else None)

    async def call(self, *command: Argument) -> Any:
        return _given((await self._pool.exchange(packed(command), 1, WHOLE))[0])

    async def calls(self, commands: Sequence[Sequence[Argument]]) -> list[Any]:
        if not commands:
            return []
        words = b"".join(map(packed, commands))
        return [_given(reply) for reply in await self._pool.exchange(words, len(commands), WHOLE)]

    async def aclose(self) -> None:
        """Close the idle connections; those in use close as their callers are cancelled."""
        await self._pool.renew()


def _greeting_all(greet: Greeting) -> GreetPart:
    async def greet_all(call: Call, part: int) -> None:
        del part
        await greet(call, lambda _: True)

    return greet_all


def _given(reply: Any) -> Any:
    """As `given`, with a word for who took a cluster's node for a server of its own."""
    if isinstance(reply, RedisRefusal) and reply.code == "MOVED":
        raise RedisRefusal(f"{reply} (this is a node of a cluster, whose URL begins with redis+cluster://)")
    return given(reply)
