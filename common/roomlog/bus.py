"""The bus: Redis streams, one a shard, that give events their places and carry them to every replica.

What it guarantees, within an epoch: events of a room get consecutive seqs in the order of the stream; a draft that was
placed within the last ten minutes is not placed again; an entry stays in the stream until it is in the durable log. What
it does not: survive. Everything here can be lost, and the log decides what was.

The bus knows where those rooms stand in which something happened in the last hour or two, some hundred bytes for each; the
others are read from the log when they are used again.

An epoch is therefore no longer than one life of one server. After a restart or a failover nobody can tell whether the
last second, or the last hour, is still known: `greet`, on every new connection and so before anything is asked of the
new server, ends the epochs of the old one. That costs every reader a reset, and is the only way to be honest to those who
hold what the bus and all replicas forgot.

On a cluster each shard lives with the master of its slot, and so do its epochs: when a master falls, those of its shards
end, and nobody in the others hears of it. What that master acknowledged and its successor never heard of is no loss. No
sender is answered before the durable log has the event, and whoever placed it stores it from its own memory; its place
may then be given twice, of which the log refuses the second; a name that was forgotten is known to the log's index.
Waiting for replicas at each append (`WAIT`) would cost a round trip a message and still prove nothing, because a replica
that heard less may be the one to take over.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple

from common.logs import get_logger
from common.redis import Argument, Call, Redis, Serves
from common.roomlog.position import SHARDS, Draft, Entry, beginning, shard_of
from common.units import HOURS, MINUTES, SECONDS, to_ms

_log = get_logger(__name__)

IDEMPOTENCY: Final = 10 * MINUTES
KEPT: Final = 10 * MINUTES  # how long the stream keeps what is logged
LATE: Final = 5 * SECONDS  # unlogged for longer, an entry is the safety net's
UNUSED: Final = (
    1 * HOURS
)  # after which, or at most twice that, the head of a room where nothing happened is forgotten
TURN: Final = 5 * SECONDS  # one replica's, to sweep a shard
MOST_UNLOGGED: Final = 20_000  # of a shard; past it sends are refused at once


class Place(NamedTuple):
    """Where an event of the log is, and since when (ms since 1970 UTC)."""

    seq: int
    mseq: int
    at: int


class Placed(NamedTuple):
    """A draft has its place. `logged` is true only when the durable log is known to hold it."""

    entry: Entry
    logged: bool


class TooSoon(NamedTuple):
    """Slow mode: the sender has to wait for so many milliseconds, and nothing was placed."""

    wait_ms: int


Refusal = Literal["unseeded", "log_behind", "overtaken"] | TooSoon


class Appended(NamedTuple):
    """The epoch of an append ('' when the bus has none), and an outcome for each draft."""

    epoch: str
    outcomes: list[Placed | Refusal]


class Standing(NamedTuple):
    """Where a shard stands: `epoch` ('' for none) began with the entry `began`, the stream goes up to `last`.

    `seqs` holds the rooms that were asked for, None for those whose heads the bus does not know; `mseqs` how many messages
    each of the others has had.
    """

    epoch: str
    began: bytes
    last: bytes
    seqs: dict[str, int | None]
    mseqs: dict[str, int]


class Sweep(NamedTuple):
    """What the safety net found: how many entries are unlogged, how many of them are lost, and some that are late."""

    unlogged: int
    lost: int
    late: list[Entry]


def new_epoch() -> str:
    """A name for a new epoch that was never used before."""
    return secrets.token_hex(6)


def _script(*names: str) -> str:
    return "".join(files("common.roomlog").joinpath(name).read_text("utf-8") for name in names)


_GREET: Final = _script("epoch.lua", "greet.lua")


def _everything(key: str) -> bool:
    del key
    return True


async def greet(call: Call, serves: Serves = _everything) -> None:
    """Make sure, on a new connection, that no epoch is older than the server's life. To be given to `open_redis`.

    Only shards that the connection `serves` are touched: the others are another server's.
    """
    shards = [shard for shard in range(SHARDS) if serves(stream_key(shard))]
    if not shards:
        return
    life = await _life(call)
    for shard in shards:
        keys = _keys(shard, "server", "epoch", "began", "events")
        await call("EVAL", _GREET, len(keys), *keys, life, new_epoch())


async def _life(call: Call) -> bytes:
    """A name for the life of the server: another after a restart, and another each time it took a master's place.

    A server that lost its place and regained it, as one that stood still for a while, has run all along; but what it
    knows it was told by who had its place meanwhile. So the history it replicates, which changes with each succession,
    is part of the name.
    """
    facts = (await call("INFO", "server")) + (await call("INFO", "replication"))
    wanted = (b"run_id:", b"master_replid:")
    return b" ".join(line for line in facts.splitlines() if line.startswith(wanted))


class Bus:
    """All shards. Every method raises `StoreUnavailable` when Redis cannot answer now.

    `parts`: the shards, by which of them one `read` can ask for together. Each part may be away by itself.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self.parts = read_together(redis)
        self._append = redis.script(_script("heads.lua", "append.lua"))
        self._seed = redis.script(_script("epoch.lua", "heads.lua", "seed.lua"))
        self._position = redis.script(_script("heads.lua", "position.lua"))
        self._rotate = redis.script(_script("epoch.lua", "rotate.lua"))
        self._logged = redis.script(_script("epoch.lua", "heads.lua", "logged.lua"))
        self._sweep = redis.script(_script("sweep.lua"))
        self._unlogged = redis.script(_script("unlogged.lua"))

    async def append(self, shard: int, drafts: Sequence[Draft]) -> Appended:
        """Give `drafts`, all of one shard, their places; an outcome for each, in order."""
        arguments: list[Argument] = [MOST_UNLOGGED, to_ms(IDEMPOTENCY)]
        for draft in drafts:
            arguments += draft[:3]
            hangs_on = str(draft.claim) if draft.claim else draft.pace_ms
            arguments += (int(draft.counted), draft.body, hangs_on)
        keys = _keys(shard, "epoch", "heads", "events", "unlogged", "sent:", "pace:", "older", "tally:")
        reply, *outcomes = await self._append(keys, arguments)
        epoch = reply.decode()
        return Appended(
            epoch, [_outcome(draft, epoch, reply) for draft, reply in zip(drafts, outcomes, strict=True)]
        )

    async def seed(self, shard: int, epoch: str, heads: dict[str, tuple[int, int]]) -> None:
        """Say how far the log went in rooms the bus does not know: `{room: (seq, mseq)}`, read during `epoch`."""
        arguments: list[Argument] = [epoch, new_epoch()]
        for room, (seq, mseq) in heads.items():
            arguments += (room, seq, mseq)
        await self._seed(_keys(shard, "epoch", "heads", "began", "events", "older"), arguments)

    async def standing(self, shard: int, rooms: Sequence[str]) -> Standing:
        """Where `rooms` (all of one shard) stand, and how far their stream goes, at one moment."""
        keys = _keys(shard, "epoch", "heads", "began", "events", "older")
        epoch, began, last, *heads = await self._position(keys, rooms)
        seqs = {room: None if seq < 0 else seq for room, seq in zip(rooms, heads[::2], strict=True)}
        mseqs = {room: mseq for room, mseq in zip(rooms, heads[1::2], strict=True) if mseq >= 0}
        return Standing(epoch.decode(), began, last, seqs, mseqs)

    async def rotate(self, shard: int, wrong: str, displaced: Sequence[Entry] = ()) -> bool:
        """End the epoch `wrong`, and forget the places of entries that the log gave to others. Whether we ended it."""
        arguments: list[Argument] = [wrong, new_epoch()]
        for entry in displaced:
            arguments += (entry.id, _name(entry))
        keys = _keys(shard, "epoch", "began", "events", "unlogged", "sent:")
        return bool(await self._rotate(keys, arguments))

    async def logged(self, entries: Iterable[Entry]) -> None:
        """These entries are in the durable log."""
        by_epoch: dict[tuple[int, str], list[Argument]] = defaultdict(list)
        for entry in entries:
            by_epoch[shard_of(entry.room), entry.epoch] += (entry.id, entry.room, entry.seq, entry.mseq)
        for (shard, epoch), arguments in by_epoch.items():
            keys = _keys(shard, "epoch", "heads", "began", "events", "unlogged", "older")
            if await self._logged(keys, [epoch, new_epoch(), *arguments]):
                _log.warning("epoch ended: the log went on under an earlier one", shard=shard, earlier=epoch)

    async def placed_before(self, doubles: Sequence[tuple[Entry, Place]]) -> None:
        """These events were in the log already, there: whoever sends them again is told so."""
        await self._redis.calls(
            [
                (
                    "SET", f"{{s{shard_of(entry.room)}}}:sent:{_name(entry)}",
                    f"{first.at}-0 {first.seq} {first.mseq}", "PX", to_ms(IDEMPOTENCY),
                )
                for entry, first in doubles
            ]
        )  # fmt: skip

    async def unlogged(self, shard: int, room: str) -> set[int]:
        """The seqs of `room` that are on their way to the log, as far as the bus knows. Costs a look at all of them."""
        return set(await self._unlogged(_keys(shard, "events", "unlogged"), [room]))

    async def sweep(self, shard: int, who: str, *, most: int = 500) -> Sweep | None:
        """Trim the shard's stream, forget heads nobody used, take what is late; None when another replica is at it."""
        reply = await self._sweep(
            _keys(shard, "sweeper", "events", "unlogged", "heads", "older", "turned"),
            [who, to_ms(TURN), to_ms(LATE), to_ms(KEPT), most, to_ms(UNUSED)],
        )
        if not reply:
            return None
        unlogged, lost, *late = reply
        return Sweep(unlogged, lost, [_entry(*item) for item in late])

    async def read(self, after: dict[int, bytes], *, most: int, wait: float) -> list[tuple[int, list[Entry]]]:
        """Entries of these shards after these ids; waits up to `wait` seconds for the first. Shards without are left out."""
        keys = [stream_key(shard) for shard in after]
        reply = await self._redis.call(
            "XREAD", "COUNT", most, "BLOCK", to_ms(wait), "STREAMS", *keys, *after.values()
        )
        return [(_shard_in(key), [_entry(*item) for item in items]) for key, items in reply or ()]


def read_together(redis: Redis) -> list[list[int]]:
    """The shards, by which of them share a call: on a cluster, where they lie in different slots, none do."""
    return [list(range(SHARDS))] if redis.joint else [[shard] for shard in range(SHARDS)]


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
        case [6, wait_ms]:
            return TooSoon(wait_ms)
        case [7]:
            return "overtaken"
        case [1 | 3 as kind, entry_id, seq, mseq]:
            return Placed(Entry(entry_id, draft.room, seq, mseq, epoch, draft.body), logged=kind == 3)
        case [2, entry_id, seq, mseq, of, body]:
            return Placed(Entry(entry_id, draft.room, seq, mseq, of.decode(), body), logged=False)
    raise AssertionError(reply)


def _name(entry: Entry) -> str:
    """What the idempotency key of an entry ends in."""
    document = entry.document()
    return f"{entry.room}:{document['sender']}:{document['client_id']}"


def _entry(entry_id: bytes, fields: list[bytes]) -> Entry:
    # The order of the fields is ours (append.lua); a dictionary for each entry would cost more than the rest.
    if len(fields) == 2:
        return beginning(entry_id, fields[1].decode())
    _, room, _, seq, _, mseq, _, epoch, _, body = fields
    return Entry(entry_id, room.decode(), int(seq), int(mseq), epoch.decode(), body)
