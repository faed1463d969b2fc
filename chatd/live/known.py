"""What is known of each room that is open here: read once, kept true by what is heard, and forgotten with the room.

Whoever opens a room learns it first; a storm of them shares one question, and many rooms share one round trip. What
could not be read, and what can no longer be trusted, is read in the background and then told to the room's listeners.

Rooms whose shards are read together share their questions and their waiting, others share nothing: on a cluster, where
each master may be away by itself, the rooms of one that is keep no other room from being known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, Generic, TypeVar
from weakref import WeakKeyDictionary

import trio

from chatd.batcher import Batcher
from chatd.hub import Hub
from chatd.room import Room
from common import protocol
from common.codec import push_frame
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.roomlog.position import shard_of
from common.supervise import Backoff
from common.units import SECONDS

_log = get_logger(__name__)

PATIENCE: Final = 2 * SECONDS  # of whoever opens a room; past it they are told later

T = TypeVar("T")
V = TypeVar("V")


class _Part:
    """What is asked about rooms whose shards are read together."""

    def __init__(self, load: Callable[[Sequence[str]], Awaitable[Mapping[str, bool]]]) -> None:
        self.batcher: Batcher[str, bool] = Batcher(load, most=100)
        self.doubted: dict[str, None] = {}
        self.wanted = trio.Event()

    def doubt(self, room_id: str) -> None:
        self.doubted[room_id] = None
        self.wanted.set()

    def take_doubted(self) -> list[str]:
        self.wanted = trio.Event()
        doubted, self.doubted = list(self.doubted), {}
        return doubted


class Known(Generic[T, V]):
    """Values of rooms that are open here.

    Args:
        what: its name in the log.
        parts: all shards, by which of them are read together.
        read: reads several rooms. Raises `StoreUnavailable`.
        begin: makes a room's value of what was read, and of what was heard meanwhile. Must not wait.
        tell: the push that tells a value.
    """

    def __init__(
        self,
        hub: Hub,
        what: str,
        *,
        parts: Sequence[Sequence[int]],
        read: Callable[[Sequence[str]], Awaitable[Mapping[str, T]]],
        begin: Callable[[str, T], V],
        tell: Callable[[str, V], protocol.AnyPush],
    ) -> None:
        self._hub = hub
        self._what = what
        self._read = read
        self._begin = begin
        self._push = tell
        self._values: WeakKeyDictionary[Room, V] = WeakKeyDictionary()
        self._parts = [_Part(self._load) for _ in parts]
        self._part_of = {
            shard: part for part, shards in zip(self._parts, parts, strict=True) for shard in shards
        }

    def peek(self, room_id: str) -> V | None:
        """What is known of a room; None when that is nothing, or it is not open here."""
        room = self._hub.rooms.get(room_id)
        return None if room is None else self._values.get(room)

    def change(self, room_id: str, value: V) -> None:
        """Something was heard, and made this of it."""
        room = self._hub.rooms.get(room_id)
        if room is not None:
            self._values[room] = value

    async def learn(self, room_id: str) -> None:
        """Know it of a room, if that is possible now; else it is told later. The room stands then, as after `Hub.find`.

        Raises `StoreUnavailable` when it is not known where the room stands.
        """
        room = await self._hub.find(room_id)
        if room in self._values:
            return
        with self._hub.holding(room):
            with trio.move_on_after(PATIENCE) as patience:
                await self._learn_some(self._part(room_id), [room_id])
            if patience.cancelled_caught:
                self.doubt(room_id)

    def _part(self, room_id: str) -> _Part:
        return self._part_of[shard_of(room_id)]

    async def _learn_some(self, part: _Part, room_ids: Sequence[str]) -> None:
        """Know it of rooms of one part; what cannot be read now is read later."""
        try:
            await part.batcher.ask_all(room_ids)
        except StoreUnavailable as fault:
            _log.info("a room's state cannot be read now", what=self._what, why=str(fault))
            for room_id in room_ids:
                self.doubt(room_id)

    async def _load(self, room_ids: Sequence[str]) -> Mapping[str, bool]:
        found = await self._read(room_ids)
        for room_id in room_ids:
            room = self._hub.rooms.get(room_id)
            if room is not None and room_id in found:
                self._values[room] = self._begin(room_id, found[room_id])
        return {}

    def doubt(self, room_id: str) -> None:
        """What is known of a room may be wrong: it is read again, and told."""
        room = self._hub.rooms.get(room_id)
        if room is not None:
            self._values.pop(room, None)
            self._part(room_id).doubt(room_id)

    async def check(self) -> None:
        """Read again what is known; what turns out otherwise is told."""
        before: dict[_Part, dict[str, V]] = defaultdict(dict)
        for room, value in self._values.items():
            before[self._part(room.id)][room.id] = value
        async with trio.open_nursery() as nursery:
            for part, values in before.items():
                nursery.start_soon(self._check_some, part, values)

    async def _check_some(self, part: _Part, before: Mapping[str, V]) -> None:
        await self._learn_some(part, list(before))
        for room_id, value in before.items():
            if self.peek(room_id) != value:
                self._tell(room_id)

    async def run(self) -> None:
        """Read, for ever."""
        async with trio.open_nursery() as nursery:
            for part in self._parts:
                nursery.start_soon(part.batcher.run)
                nursery.start_soon(self._clear_doubts, part)

    async def _clear_doubts(self, part: _Part) -> None:
        backoff = Backoff(first=0.2 * SECONDS, most=5 * SECONDS)
        while True:
            await part.wanted.wait()
            doubted = part.take_doubted()
            for room_id in doubted:
                await self._wait_for(room_id)
            await self._learn_some(part, doubted)
            for room_id in doubted:
                self._tell(room_id)
            if part.doubted:
                await trio.sleep(backoff.next())
            else:
                backoff.reset()

    async def _wait_for(self, room_id: str) -> None:
        """Return once a room that is open here stands again, and its listeners were told of a reset, if there is one."""
        if room_id in self._hub.rooms:
            try:
                await self._hub.standing(room_id)
            except StoreUnavailable:
                self.doubt(room_id)

    def _tell(self, room_id: str) -> None:
        value = self.peek(room_id)
        if value is not None:
            frame = push_frame(self._push(room_id, value))
            for who in self._hub.listeners(room_id):
                who.send_nowait(frame)
