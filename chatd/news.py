"""News of the moment, over replicas: to a room's listeners, or to a person's connections, wherever they are.

What is told here does not last. It may be lost (Redis forgot it, the channel was full, a socket was busy), and whoever
tells something must be able to bear that: the next one of its kind says it again, or it runs out by itself. It never
delays or displaces what lasts: on each socket, news takes what a reader's outbox has to spare, and `light` news (who is
typing) only what goes out at once. What one replica tells one room or person arrives in its order.

Frames are encoded once, where they are told. What gathers while the last call is under way travels together, in one
stream entry a shard; a replica hands what it read of a room together to every listener as one piece. After each call
either side rests a moment, so that a busy room costs a socket some pieces a second, and a lone one is never kept waiting.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, Protocol

import msgspec
import trio
from msgspec import Struct

from common import protocol
from common.codec import push_frame, text_frame
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter
from common.redis import Redis
from common.roomlog.bus import read_together
from common.roomlog.position import parse_stream_id, shard_of
from common.supervise import Backoff
from common.units import MILLISECONDS, SECONDS, to_ms

_log = get_logger(__name__)
_told = Counter("madang_chatd_news_total", "Fleeting news told by this replica.")
_lost = Counter("madang_chatd_news_lost_total", "Fleeting news that went nowhere.", ["why"])

KEPT: Final = 1000  # entries of a stream, about: who is further behind has no use for them
BATCH: Final = 100  # pieces of news in one entry, and entries in one read
QUEUE: Final = 5000  # pieces that may wait for Redis; past it they are lost
BLOCK: Final = 5 * SECONDS
REST: Final = 20 * MILLISECONDS
BREATH: Final = 500  # sockets served before others may run
SPARE: Final = 0.5  # of an outbox: what is fuller has no room for news


class Listener(Protocol):
    """A connection, as far as it is told."""

    user: str

    @property
    def backlog(self) -> float:
        """How full the outbox is, from 0 (nothing waits) to 1."""

    def send_nowait(self, data: bytes) -> bool:
        """Hand over whole frames; False when they will not arrive."""


class Listeners(Protocol):
    """The hub, as far as it is asked."""

    def listeners(self, room_id: str) -> Collection[Listener]:
        """Who listens to a room here, now."""

    def of_user(self, user: str) -> Collection[Listener]:
        """The connections of a person here, now."""


class Calls(Protocol):
    """The calls, of which the book tells in the same streams."""

    def hear(self, room_id: str, payload: bytes) -> None:
        """A room's call changed; its listeners are told besides."""

    def missed(self, shards: Collection[int]) -> None:
        """What was told in some shards may have been lost for a while."""

    def speaker(self, connection: str) -> Listener | None:
        """The connection of this id, if it is here and in a call."""


class Piece(Struct, array_like=True, frozen=True):
    """One piece of news. With a `room` it is for its listeners, but for `user`, if it is about one, and who is `hidden` from
    that one; without, for `user`."""

    room: str
    user: str
    light: bool
    frame: bytes
    connection: str = ""  # for this one alone
    hidden: tuple[str, ...] = ()


_BOOK: Final = frozenset({b"room", b"connection"})
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(list[Piece]).decode


class News:
    """The channel, as one replica tells and hears it."""

    def __init__(self, redis: Redis, hub: Listeners, calls: Calls | None = None) -> None:
        self._redis = redis
        self._hub = hub
        self._calls = calls
        self._waiting: dict[int, deque[Piece]] = defaultdict(deque)  # by shard; none is empty
        self._filled = trio.Event()
        self._count = 0

    # --- telling --------------------------------------------------------------------------------------------------

    def tell_room(
        self,
        room: str,
        push: protocol.AnyPush,
        *,
        about: str,
        light: bool = False,
        hidden: Collection[str] = (),
    ) -> None:
        """Tell whoever listens to a room, but not the person it is `about`, when it is about one who knows it already.

        `light`: dropped before anything else. `hidden`: people who shall not know, either.
        """
        piece = Piece(room, about, light, push_frame(push), hidden=tuple(hidden))
        self._tell(shard_of(room), piece)

    def tell_person(self, user: str, push: protocol.AnyPush) -> None:
        """Tell all connections of a person."""
        self._tell(shard_of(user), Piece("", user, False, push_frame(push)))

    def _tell(self, shard: int, piece: Piece) -> None:
        if self._count >= QUEUE:
            _lost.labels("full").inc()
            return
        self._count += 1
        self._waiting[shard].append(piece)
        self._filled.set()

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Carry what is told here, and hand on what is told anywhere from now on, for ever."""
        async with trio.open_nursery() as nursery:
            async with trio.open_nursery() as starting:
                for shards in read_together(self._redis):
                    starting.start_soon(nursery.start, self._hear, shards)
            nursery.start_soon(self._carry)  # not before: what was told already is to be heard here, too
            task_status.started()

    async def _carry(self) -> None:
        """Carry what is told to the other replicas, and to this one. What Redis does not take is lost."""
        away = False
        while True:
            await self._filled.wait()
            batch = self._take()
            try:
                await self._redis.calls([_adding(shard, pieces) for shard, pieces in batch.items()])
            except StoreUnavailable as fault:
                _lost.labels("redis").inc(sum(map(len, batch.values())))
                if not away:
                    _log.info("news is lost while the bus is away", why=str(fault))
                away = True
            else:
                _told.inc(sum(map(len, batch.values())))
                away = False
            await trio.sleep(REST)

    def _take(self) -> dict[int, list[Piece]]:
        batch: dict[int, list[Piece]] = {}
        for shard, pieces in list(self._waiting.items()):
            batch[shard] = [pieces.popleft() for _ in range(min(BATCH, len(pieces)))]
            self._count -= len(batch[shard])
            if not pieces:
                del self._waiting[shard]
        if not self._waiting:
            self._filled = trio.Event()
        return batch

    # --- hearing --------------------------------------------------------------------------------------------------

    async def _hear(self, shards: Sequence[int], *, task_status: trio.TaskStatus[None]) -> None:
        """Hand on what is told in some shards. Redis may go and come back, with or without what it held."""
        backoff = Backoff()
        ids: dict[int, bytes] = {}
        while True:
            try:
                await self._begin(shards, ids)
                if self._calls is not None:
                    self._calls.missed(shards)
                task_status.started()
                task_status = trio.TASK_STATUS_IGNORED
                while True:
                    heard = await self._read(ids)
                    backoff.reset()
                    if heard:
                        await self._hand_on(heard)
                        await trio.sleep(REST)
            except StoreUnavailable:  # the reader of the bus says it in the log
                await trio.sleep(backoff.next())

    async def _begin(self, shards: Sequence[int], ids: dict[int, bytes]) -> None:
        """Where to read from: the end; later, where we were, unless the streams have begun anew before that."""
        newest = await self._redis.calls(
            [("XREVRANGE", _key(shard), "+", "-", "COUNT", 1) for shard in shards]
        )
        for shard, entries in zip(shards, newest, strict=True):
            last: bytes = entries[0][0] if entries else b"0-0"
            ids[shard] = min(ids.get(shard, last), last, key=parse_stream_id)

    async def _read(self, ids: dict[int, bytes]) -> list[Piece]:
        reply = await self._redis.call(
            "XREAD", "COUNT", BATCH, "BLOCK", to_ms(BLOCK), "STREAMS", *map(_key, ids), *ids.values()
        )
        heard: list[Piece] = []
        for key, entries in reply or ():
            for entry_id, fields in entries:
                ids[_shard_in(key)] = entry_id
                heard += self._said(fields) if fields[0] in _BOOK else _pieces(fields)
        return heard

    def _said(self, fields: Sequence[bytes]) -> list[Piece]:
        """What the book of calls told: a change to a room, or something to a connection (see `live.book`)."""
        (kind, to), payload = (fields[0], fields[1].decode()), fields[3]
        if self._calls is None:
            return []
        if kind == b"room":
            self._calls.hear(to, payload)
            return [Piece(to, "", False, text_frame(payload))]
        return [Piece("", "", False, text_frame(payload), to)]

    async def _hand_on(self, heard: Iterable[Piece]) -> None:
        rooms: dict[str, list[Piece]] = defaultdict(list)
        people: dict[str, list[bytes]] = defaultdict(list)
        spoken: list[Piece] = []
        for piece in heard:
            if piece.connection:
                spoken.append(piece)
            elif piece.room:
                rooms[piece.room].append(piece)
            else:
                people[piece.user].append(piece.frame)
        for user, frames in people.items():
            blob = b"".join(frames)
            for who in self._hub.of_user(user):
                if who.backlog < SPARE:
                    who.send_nowait(blob)
        for room, pieces in rooms.items():
            await self._hand_to_room(room, pieces)
        for piece in spoken:  # last: who comes in is told of before what they say
            speaker = self._calls.speaker(piece.connection) if self._calls is not None else None
            if speaker is not None and speaker.backlog < SPARE:
                speaker.send_nowait(piece.frame)

    async def _hand_to_room(self, room: str, pieces: Sequence[Piece]) -> None:
        """One blob to every listener, but for those it is about or hidden from; a breath for others every so many."""
        about = {user for piece in pieces for user in (piece.user, *piece.hidden)}

        @lru_cache
        def blob_for(user: str, firm: bool) -> bytes:
            return b"".join(
                [
                    piece.frame
                    for piece in pieces
                    if not (user and user in (piece.user, *piece.hidden)) and not (firm and piece.light)
                ]
            )

        listeners = list(self._hub.listeners(room))
        while listeners:
            for who in listeners[:BREATH]:
                backlog = who.backlog
                blob = (
                    blob_for(who.user if who.user in about else "", backlog > 0) if backlog < SPARE else b""
                )
                if blob:
                    who.send_nowait(blob)
            if listeners := listeners[BREATH:]:
                await trio.lowlevel.checkpoint()
                here = set(self._hub.listeners(room))  # some may have left during the breath
                listeners = [who for who in listeners if who in here]


def _key(shard: int) -> str:
    return f"{{s{shard}}}:news"


def _shard_in(key: bytes) -> int:
    return int(key[2 : key.index(b"}")])


def _adding(shard: int, pieces: list[Piece]) -> tuple[str | bytes | int, ...]:
    return "XADD", _key(shard), "MAXLEN", "~", KEPT, "*", "n", _encode(pieces)


def _pieces(fields: list[Any]) -> list[Piece]:
    """The news in an entry; none in one of a newer version that this one does not understand."""
    try:
        return _decode(fields[1])
    except (msgspec.MsgspecError, IndexError) as fault:
        _log.warning("news is not understood", why=str(fault))
        return []
