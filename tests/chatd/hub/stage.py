"""A hub over a bus and a log that stand still until they are moved, and those who listen to it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import msgspec
import trio

from chatd.hub import Hub
from common.disconnect import Disconnect
from common.errors import StoreUnavailable
from common.ids import uuid7
from common.roomlog.bus import Standing
from common.roomlog.position import Draft, Entry, MessageBody, StreamId, beginning, parse_stream_id, shard_of

ROOM = uuid7()
SHARD = shard_of(ROOM)


class Ear:
    """A listener that notes what it hears: seqs, and resets as (epoch, seq, reason)."""

    def __init__(self, name: str) -> None:
        self.user = self.session = name
        self.heard: list[int | tuple[str, int, str]] = []
        self.ended: Disconnect | None = None

    def send_nowait(self, data: bytes) -> bool:
        for payload in _payloads(data):
            if payload["type"] == "reset":
                position = payload["position"]
                self.heard.append((position["epoch"], position["seq"], payload["reason"]))
            else:
                self.heard.append(payload["seq"])
        return True

    def disconnect(self, reason: Disconnect) -> None:
        self.ended = reason

    def dropped(self, room: str) -> None:
        pass

    def tick(self, now: float, now_ms: int) -> None:
        pass


def _payloads(data: bytes) -> list[dict[str, Any]]:
    """The payloads of whole, unmasked text frames."""
    payloads = []
    while data:
        length, head = data[1], 2
        if length == 126:
            length, head = int.from_bytes(data[2:4]), 4
        payloads.append(msgspec.json.decode(data[head : head + length]))
        data = data[head + length :]
    return payloads


class Store:
    """Bus, log and journal as the hub asks them: what they say is set by the test."""

    def __init__(self) -> None:
        self.bus = self.log = self
        self.epoch = "e1"
        self.seqs: dict[str, int] = {}
        self.documents: dict[int, dict[str, Any]] = {}
        self.away = False
        self.rotated: list[str] = []
        self.last = 0
        self.read_to: StreamId = (0, 0)
        self.moved = trio.lowlevel.ParkingLot()
        self._ids = itertools.count(1)

    # What the hub asks.

    async def standing(self, shard: int, rooms: Sequence[str]) -> Standing:
        await trio.lowlevel.checkpoint()
        if self.away:
            raise StoreUnavailable("redis", "away")
        seqs: dict[str, int | None] = {room: self.seqs.get(room, 0) for room in rooms}
        return Standing(
            self.epoch, b"0-0", b"%d-0" % self.last, seqs, {room: seq or 0 for room, seq in seqs.items()}
        )

    def reached(self, shard: int, entry_id: StreamId) -> trio.lowlevel.ParkingLot | None:
        return None if self.read_to >= entry_id else self.moved

    async def rotate(self, shard: int, wrong: str) -> bool:
        await trio.lowlevel.checkpoint()
        self.rotated.append(wrong)
        self.epoch = "after " + wrong
        return True

    async def after(self, room: str, seq: int, *, upto: int, most: int) -> list[dict[str, Any]]:
        await trio.lowlevel.checkpoint()
        if self.away:
            raise StoreUnavailable("mongo", "away")
        return [self.documents[each] for each in range(seq + 1, upto + 1) if each in self.documents]

    # What happens.

    def entry(self, seq: int, *, room: str = ROOM) -> Entry:
        """An event that takes its place now."""
        self.last = next(self._ids)
        self.seqs[room] = seq
        body = Draft.of(MessageBody(room=room, sender="mina", client_id=f"id-{self.last}", text="hi")).body
        return Entry(b"%d-0" % self.last, room, seq, seq, self.epoch, body)

    def begins(self, epoch: str) -> Entry:
        self.epoch, self.last = epoch, next(self._ids)
        return beginning(b"%d-0" % self.last, epoch)

    def log_it(self, *entries: Entry) -> None:
        for entry in entries:
            self.documents[entry.seq] = entry.document()


class Stage:
    """A hub over a store, fed as by the reader of the bus."""

    def __init__(self, store: Store, hub: Hub) -> None:
        self.store = store
        self.hub = hub

    async def brings(self, *entries: Entry) -> None:
        await self.hub.deliver(SHARD, entries)
        self.store.read_to = max(self.store.read_to, parse_stream_id(entries[-1].id))
        self.store.moved.unpark_all()

    async def listens(self, name: str, room_id: str = ROOM) -> Ear:
        ear = Ear(name)
        self.hub.listen(ear, await self.hub.find(room_id))
        return ear
