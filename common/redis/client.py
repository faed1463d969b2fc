"""What the programs know of Redis: commands and scripts, whoever carries them out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from hashlib import sha1
from typing import Any, ClassVar

from common.redis.connection import Argument, RedisRefusal


class Redis(ABC):
    """A server, or a cluster of them.

    Every call raises `StoreUnavailable` when nobody can answer now, `RedisRefusal` when the server will not. A call that
    is cut short (cancelled, too slow, broken) may or may not have been carried out, and is not tried again.

    `joint`: whether keys of different hash tags can share a command.
    """

    joint: ClassVar[bool] = True

    @abstractmethod
    async def call(self, *command: Argument) -> Any:
        """The reply to one command, as `call("HGET", key, field)`."""

    @abstractmethod
    async def calls(self, commands: Sequence[Sequence[Argument]]) -> list[Any]:
        """The replies to several commands in one round trip (to each server they concern). They are not a transaction."""

    def script(self, text: str) -> Script:
        """A Lua script to call with `(keys, args)`."""
        return Script(self, text)

    async def ready(self) -> None:
        """One round trip to all there is."""
        await self.call("PING")


class Script:
    """A Lua script, sent once and then called by its digest; sent again when the server forgot it."""

    def __init__(self, server: Redis, text: str) -> None:
        self._server = server
        self._text = text
        self._digest = sha1(text.encode(), usedforsecurity=False).hexdigest()

    async def __call__(self, keys: Sequence[str], args: Sequence[Argument] = ()) -> Any:
        try:
            return await self._server.call("EVALSHA", self._digest, len(keys), *keys, *args)
        except RedisRefusal as refusal:
            if refusal.code != "NOSCRIPT":
                raise
        return await self._server.call("EVAL", self._text, len(keys), *keys, *args)
