"""The shared book of who is in which call: its keys and scripts in Redis.

What it guarantees: no call holds more peers than it may, however many join at once; each change is told once, in the
shard's news, in the same step that makes it true, with a version that counts the changes of the call; who gave no sign of
life for its lease is removed once, by whichever replica looks. Time is the server's. What it does not: survive. Who is in
a call joins again when the book forgot.

It knows nothing of sockets or of tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from secrets import token_hex
from typing import Final, Literal, NamedTuple

from chatd.core.call import Call
from common import protocol
from common.calls import VERSION, call_key
from common.redis import Argument, Redis, Script
from common.roomlog.bus import read_together
from common.roomlog.position import shard_of
from common.units import to_ms

MOST: Final = 200  # peers in one call of a script


class Seat(NamedTuple):
    """A peer in a room's call, and the connection that speaks for it."""

    room: str
    peer: str
    connection: str


Refused = Literal["call_full", "peer_taken"]
Undelivered = Literal["not_in_call", "peer_gone", "peer_away"]
# Not in the book; another connection speaks for it; nobody is in the book, which was lost with all it said.
Loss = Literal["lost", "elsewhere", "forgotten"]
_UNDELIVERED: Final[dict[int, Undelivered | None]] = {
    0: None,
    1: "not_in_call",
    2: "peer_gone",
    3: "peer_away",
}
_LOSSES: Final[dict[int, Loss]] = {1: "lost", 2: "elsewhere", 3: "forgotten"}


class Book:
    """The calls of all rooms. Every method raises `StoreUnavailable` when Redis cannot answer now.

    `parts`: all shards, by which of them one `read` can ask for together. Each part may be away by itself.

    Args:
        lease: seconds that a peer stays without a sign of life.
        calm: seconds that one stays whose connection ended.
        gap: seconds without any sweep after which nobody is removed before all had a lease's time to speak.
        clock: the Lua function `clock`, the time in milliseconds.
    """

    def __init__(
        self, redis: Redis, *, lease: float, calm: float, gap: float, clock: str | None = None
    ) -> None:
        self._redis = redis
        self.parts = read_together(redis)
        self.lease_ms, self._calm_ms, self._gap_ms = to_ms(lease), to_ms(calm), to_ms(gap)
        clock = clock or files("chatd.presence").joinpath("clock.lua").read_text("utf-8")
        shared = "#!lua\n" + clock + _text("shared.lua")

        def script(name: str) -> Script:
            return redis.script(shared + _text(f"{name}.lua"))

        self._epochs: dict[int, bytes] = {}  # by shard: the memory that our peers were told to
        self._join = script("join")
        self._leave = script("leave")
        self._media = script("media")
        self._signal = script("signal")
        self._keep = script("keep")
        self._release = script("release")
        self._sweep = script("sweep")

    async def join(self, seat: Seat, user: str, *, mic: bool, camera: bool, capacity: int) -> Call | Refused:
        """Be in the call, or take up one's place in it again. The call with this peer in it."""
        arguments: list[Argument] = [
            *seat,
            user,
            int(mic),
            int(camera),
            capacity,
            self.lease_ms,
            token_hex(6),
        ]
        outcome, *fields = await self._join(_keys(shard_of(seat.room)), arguments)
        if outcome == b"full":
            return "call_full"
        if outcome == b"taken":
            return "peer_taken"
        epoch, *fields = fields
        self._epochs.setdefault(shard_of(seat.room), epoch)  # of another one the next `keep` shall know
        return _call(fields)

    async def leave(self, seat: Seat) -> bool:
        """Be out of it; False for who was out already, or is another connection's by now."""
        return bool(await self._leave(_keys(shard_of(seat.room)), seat))

    async def media(self, seat: Seat, *, mic: bool, camera: bool) -> bool:
        """Turn microphone and camera on or off; False as of `leave`."""
        return bool(await self._media(_keys(shard_of(seat.room)), [*seat, int(mic), int(camera)]))

    async def signal(self, seat: Seat, to: str, data: bytes) -> Undelivered | None:
        """Tell the peer `to` something (JSON) by whichever connection speaks for it; why not, if it cannot be."""
        code: int = await self._signal(_keys(shard_of(seat.room)), [*seat, to, data])
        return _UNDELIVERED[code]

    async def keep(self, shard: int, seats: Sequence[tuple[Seat, int]]) -> dict[Seat, Loss]:
        """These peers of rooms of one shard live, and have so many milliseconds left; those that are not there any more."""
        known = epoch = self._epochs.get(shard, b"")
        losses: list[int] = []
        for start in range(0, len(seats), MOST):
            arguments: list[Argument] = [known, token_hex(6)]
            for seat, left_ms in seats[start : start + MOST]:
                arguments += (*seat, left_ms)
            epoch, *some = await self._keep(_keys(shard), arguments)
            losses += some
        if epoch:
            self._epochs[shard] = epoch
        return {seat: _LOSSES[loss] for (seat, _), loss in zip(seats, losses, strict=True) if loss}

    async def release(self, seats: Sequence[Seat]) -> None:
        """The connection of these, all of one room, has ended: they may come back for a while."""
        arguments: list[Argument] = [self._calm_ms]
        for seat in seats:
            arguments += seat
        await self._release(_keys(shard_of(seats[0].room)), arguments)

    async def sweep(self, shard: int) -> bool:
        """Remove who gave no sign of life; whether there may be more of them."""
        return bool(await self._sweep(_keys(shard), [MOST, self.lease_ms, self._gap_ms]))

    async def read(self, rooms: Sequence[str]) -> dict[str, Call]:
        """The calls of these rooms, of one part. One round trip."""
        found = await self._redis.calls([("HGETALL", call_key(room)) for room in rooms])
        return {room: _call(fields) for room, fields in zip(rooms, found, strict=True)}


def _keys(shard: int) -> list[str]:
    return [f"{{s{shard}}}:{name}" for name in ("call:", "calls", "news", "calls:watch")]


def _text(name: str) -> str:
    return files("chatd.live.book").joinpath(name).read_text("utf-8")


def _call(fields: list[bytes]) -> Call:
    version, peers = 0, []
    for name, words in zip(fields[::2], fields[1::2], strict=True):
        if name == VERSION:
            version = int(words)
            continue
        user, _, mic, camera, joined_at = words.decode().split(" ")
        peers.append(
            protocol.CallPeer(
                peer=name.decode(), user=user, mic=mic == "1", camera=camera == "1", joined_at=int(joined_at)
            )
        )
    return Call.of(version, peers)
