"""Without a terminal: each line of input is a message, each message of others a line of output."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from typing import Final

import trio

from chatd.client.client import Client
from chatd.client.errors import RoomClosed
from chatd.client.room import Post, Room
from chatd.client.terminal.people import Names
from chatd.client.terminal.text import clean
from chatd.client.terminal.words import say
from chatd.client.tokens import Session
from common import protocol
from common.errors import Language
from common.system_words import said

AT_ONCE: Final = 64  # lines on their way; past it the input waits
_CHUNK: Final = 65536


class Plain:
    """One room, from standard input to standard output. Both are read and written in threads."""

    def __init__(self, client: Client, session: Session, language: Language) -> None:
        self._client = client
        self._session = session
        self._language = language
        self._names = Names(session, lambda: None)
        self._limit = trio.Semaphore(AT_ONCE)

    async def run(self, room_id: str, *, stay: bool) -> None:
        """Until the input has ended and every line of it is stored; with `stay`, until the room is closed.

        Raises, in a group, `RoomClosed` or `Stopped`, or `CommandFailed` for a line that was refused.
        """
        room = await self._client.open_room(room_id)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._names.run)
            nursery.start_soon(self._forget_news)
            if stay:
                nursery.start_soon(self._send_all, room)
                await self._print_all(room)
            else:
                nursery.start_soon(self._print_all, room)
                await self._send_all(room)
            nursery.cancel_scope.cancel()

    async def _send_all(self, room: Room) -> None:
        async with aclosing(_lines(sys.stdin.fileno())) as lines, trio.open_nursery() as nursery:
            async for line in lines:
                if line.strip():
                    await self._limit.acquire()
                    nursery.start_soon(self._follow, room.post(line))

    async def _follow(self, post: Post) -> None:
        await post.stored()
        self._limit.release()

    async def _print_all(self, room: Room) -> None:
        async for event in room.events():
            line = await self._line_of(event)
            if line:
                await trio.to_thread.run_sync(_print, line)
        raise RoomClosed(room.id)

    async def _line_of(self, event: protocol.AnyEvent | protocol.Reset) -> str | None:
        match event:
            case protocol.Message() if event.sender != self._session.user:
                return await self._message(event)
            case protocol.MessageEdited() if event.by != self._session.user:
                name = await self._names.name_soon(event.by)
                edited = say(self._language, "edited")
                return f"{datetime.fromtimestamp(event.at / 1000):%H:%M} {name} ({edited}): {event.text}"
            case protocol.MessageDeleted() if event.by != self._session.user:
                return f"* {await self._names.name_soon(event.by)}: {say(self._language, 'deleted')}"
            case protocol.Member():
                self._names.learn(event.user, event.name)
                return f"* {say(self._language, event.change, name=event.name)}"
            case protocol.Reset():
                return f"* {say(self._language, 'reset')}"
            case _:
                return None

    async def _message(self, message: protocol.Message) -> str:
        if message.system is not None:
            return f"* {said(message.system, message.text, self._language)}"
        name = message.name or await self._names.name_soon(message.sender)
        return f"{datetime.fromtimestamp(message.at / 1000):%H:%M} {name}: {message.text}"

    async def _forget_news(self) -> None:
        async for _ in self._client.pushes():
            pass


async def _lines(fd: int) -> AsyncGenerator[str, None]:
    """The lines of a descriptor. Read in a thread, which a cancelled read leaves behind until its input comes or ends."""
    rest = b""
    while data := await trio.to_thread.run_sync(os.read, fd, _CHUNK, abandon_on_cancel=True):
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace").rstrip("\r")
    if rest:
        yield rest.decode("utf-8", "replace")


def _print(line: str) -> None:
    sys.stdout.write(clean(line).replace("\n", " ") + "\n")
    sys.stdout.flush()
