"""The bus: Redis streams, one a shard, that give events their places and carry them to every replica.

What it guarantees: events of a room get consecutive seqs in the order of the stream; a draft that was placed within the
last ten minutes is not placed again; an entry stays in the stream until it is in the durable log. What it does not:
survive. Everything here can be lost, and the log decides what was.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple

from common.redis import Argument, Redis
from common.roomlog.position import SHARDS, Draft, Entry
from common.units import MINUTES, SECONDS, to_ms

IDEMPOTENCY: Final = 10 * MINUTES
KEPT: Final = 10 * MINUTES  # how long the stream keeps what is logged
LATE: Final = 5 * SECONDS  # unlogged for longer, an entry is the safety net's
MOST_UNLOGGED: Final = 20_000  # of a shard; past it sends are refused at once


class Placed(NamedTuple):
    """A draft has its place. `logged` is true only when the durable log is known to hold it."""

    entry: Entry
    logged: bool


Refusal = Literal["unseeded", "log_behind"]


class Standing(NamedTuple):
    """Where a room stands: `seq` is None when the bus does not know; the stream goes up to `last`."""

    epoch: str
    seq: int | None
    last: bytes


class Sweep(NamedTuple):
    """What the safety net found: how many entries are unlogged, those that are late, and ids that are gone."""

    unlogged: int
    late: list[Entry]
    gone: list[bytes]


def new_epoch() -> str:
    """A name for a new epoch that was never used before."""
    return secrets.token_hex(6)


def _script(name: str) -> str:
    return files("common.roomlog").joinpath(name).read_text("utf-8")


class Bus:
    """All shards. Every method raises `StoreUnavailable` when Redis cannot answer now."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._append = redis.script(_script("append.lua"))
        self._seed = redis.script(_script("seed.lua"))
        self._position = redis.script(_script("position.lua"))
        self._rotate = redis.script(_script("rotate.lua"))
        self._sweep = redis.script(_script("sweep.lua"))

    async def append(self, shard: int, drafts: Sequence[Draft]) -> list[Placed | Refusal]:
        """Give `drafts`, all of one shard, their places; an outcome for each, in order."""
        arguments: list[Argument] = [new_epoch(), MOST_UNLOGGED, to_ms(IDEMPOTENCY)]
        for draft in drafts:
            arguments += (draft.room, draft.sender, draft.client_id, int(draft.counted), draft.body)
        keys = _keys(shard, "epoch", "heads", "events", "unlogged", "sent:")
        epoch, *outcomes = await self._append(keys, arguments)
        return [_outcome(draft, epoch.decode(), reply) for draft, reply in zip(drafts, outcomes, strict=True)]

    async def seed(self, shard: int, heads: dict[str, tuple[int, int]]) -> None:
        """Say how far the log goes in rooms the bus does not know: `{room: (seq, mseq)}`."""
        arguments: list[Argument] = [new_epoch()]
        for room, (seq, mseq) in heads.items():
            arguments += (room, seq, mseq)
        await self._seed(_keys(shard, "epoch", "heads"), arguments)

    async def standing(self, shard: int, room: str) -> Standing:
        """Where `room` stands, and how far its stream goes, at one moment."""
        epoch, seq, last = await self._position(_keys(shard, "epoch", "heads", "events"), [room])
        return Standing(epoch.decode(), None if seq < 0 else seq, last)

    async def rotate(self, shard: int, wrong: str, displaced: Sequence[Entry]) -> str:
        """Leave the epoch `wrong`, and forget the places of entries that the log gave to others. The epoch now."""
        arguments: list[Argument] = [wrong, new_epoch()]
        for entry in displaced:
            document = entry.document()
            arguments += (entry.id, f"{entry.room}:{document['sender']}:{document['client_id']}")
        epoch: bytes = await self._rotate(_keys(shard, "epoch", "unlogged", "sent:"), arguments)
        return epoch.decode() if epoch else ""

    async def logged(self, shard_ids: dict[int, list[bytes]]) -> None:
        """These entries are in the durable log: `{shard: ids}`, one round trip."""
        await self._redis.calls(
            [("ZREM", f"{{s{shard}}}:unlogged", *ids) for shard, ids in shard_ids.items() if ids]
        )

    async def sweep(self, shard: int, who: str, *, most: int = 500) -> Sweep | None:
        """Trim the shard's stream and take what is late; None when another replica is at it."""
        reply = await self._sweep(
            _keys(shard, "sweeper", "events", "unlogged"),
            [who, to_ms(LATE), to_ms(LATE), to_ms(KEPT), most],
        )
        if not reply:
            return None
        unlogged, *found = reply
        late = [_entry(entry_id, fields) for entry_id, fields in found if fields]
        return Sweep(unlogged, late, [entry_id for entry_id, fields in found if not fields])

    async def last_ids(self) -> dict[int, bytes]:
        """How far each shard's stream goes now: where a reader that wants only what comes begins."""
        replies = await self._redis.calls(
            [("XREVRANGE", stream_key(shard), "+", "-", "COUNT", 1) for shard in range(SHARDS)]
        )
        return {shard: reply[0][0] if reply else b"0-0" for shard, reply in enumerate(replies)}

    async def read(self, after: dict[int, bytes], *, most: int, wait: float) -> list[tuple[int, list[Entry]]]:
        """Entries of these shards after these ids; waits up to `wait` seconds for the first. Shards without are left out."""
        keys = [stream_key(shard) for shard in after]
        reply = await self._redis.call(
            "XREAD", "COUNT", most, "BLOCK", to_ms(wait), "STREAMS", *keys, *after.values()
        )
        return [(_shard_in(key), [_entry(*item) for item in items]) for key, items in reply or ()]


def stream_key(shard: int) -> str:
    """The stream of a shard. The hash tag keeps all keys of a shard in one slot of a cluster."""
    return f"{{s{shard}}}:events"


def _keys(shard: int, *names: str) -> list[str]:
    return [f"{{s{shard}}}:{name}" for name in names]


def _shard_in(key: bytes) -> int:
    return int(key[2 : key.index(b"}")])


def _outcome(draft: Draft, epoch: str, reply: list[Any]) -> Placed | Refusal:
    match reply:
        case [4]:
            return "unseeded"
        case [5]:
            return "log_behind"
        case [kind, entry_id, seq, mseq, *body]:
            kept = body[0] if body else draft.body
            return Placed(Entry(entry_id, draft.room, seq, mseq, epoch, kept), logged=kind == 3)
    raise AssertionError(reply)


def _entry(entry_id: bytes, fields: list[bytes]) -> Entry:
    # The order of the fields is ours (append.lua); a dictionary for each entry would cost more than the rest.
    _, room, _, seq, _, mseq, _, epoch, _, body = fields
    return Entry(entry_id, room.decode(), int(seq), int(mseq), epoch.decode(), body)
