"""A reader without a client: it notes every frame of a room as it comes, and forgives nothing.

The client of `chatd.client` drops whatever is not above what it knows; here that would be seen, unless it is the very
event that came before (a replica may be a moment behind the one we came from). Over a reconnect the view goes on: what
follows must be the next event, or a reset.
"""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
import trio

from common.protocol import AnyEvent, Position
from tests.faults.checker import Begin
from tests.faults.stage import Stage
from tests.support.rawsocket import Raw, open_raw
from tests.support.world import Person

_EVENTS = ("message", "message.edited", "reaction", "member", "void")


class WireReader:
    """What one person's sockets brought of a room."""

    def __init__(self, person: Person, room: str) -> None:
        self.seen: list[Begin | AnyEvent] = []
        self._person = person
        self._room = room
        self._position: Position | None = None
        self._opened = trio.Event()

    async def run(self, stage: Stage, rng: Random, *, task_status: trio.TaskStatus[None]) -> None:
        """Read, from one replica after the other. Started once the room is open."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._read_for_ever, stage, rng)
            await self._opened.wait()
            task_status.started()

    async def _read_for_ever(self, stage: Stage, rng: Random) -> None:
        while True:
            try:
                async with open_raw(rng.choice(stage.replicas).port) as raw:
                    await self._read(raw)
            except (AssertionError, OSError, trio.BrokenResourceError, trio.TooSlowError):
                await trio.sleep(rng.uniform(0, 0.3))  # it went away, or cannot now

    async def _read(self, raw: Raw) -> None:
        await raw.shake_hands()
        opening = {"type": "room.open", "id": "open", "room": self._room}
        if self._position is not None:
            opening["resume"] = msgspec.to_builtins(self._position)
        await raw.say({"type": "hello", "token": self._person.token()}, opening)
        while True:
            self._hear(await raw.hears())

    def _hear(self, said: dict[str, Any]) -> None:
        match said:
            case {"type": "reply", "id": "open", "ok": {"position": position}}:
                if self._position is None:
                    self._begin(position)
            case {"type": "reply", "id": "open", "error": error}:
                raise AssertionError(error)
            case {"type": "reset", "position": position}:
                self._begin(position)
            case {"type": kind} if kind in _EVENTS:
                self._see(msgspec.convert(said, AnyEvent))

    def _see(self, event: AnyEvent) -> None:
        assert self._position is not None
        if event.seq > self._position.seq or event not in self.seen:
            self.seen.append(event)
            self._position = Position(self._position.epoch, event.seq)

    def _begin(self, position: dict[str, Any]) -> None:
        self._position = msgspec.convert(position, Position)
        self.seen.append(Begin(self._position.seq))
        self._opened.set()
