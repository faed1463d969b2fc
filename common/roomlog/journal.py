"""Bus and log as one: drafts become events that last, whichever of the two forgot something meanwhile.

`place` gives drafts their places and news of them to every replica. `keep` makes placed entries durable. Between the
two a sender waits; nothing is promised before `keep` says so. Anybody may keep anything: it is idempotent, which is
what lets the safety net finish the work of a replica that died.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from common.errors import StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter
from common.roomlog.bus import Bus, Placed, Refusal
from common.roomlog.log import Document, Log
from common.roomlog.position import Draft, Entry, VoidBody, shard_of

_log = get_logger(__name__)
_rotations = Counter("madang_roomlog_epochs_rotated_total", "Times the bus was found older than the log.")
_doubles = Counter("madang_roomlog_doubles_total", "Second copies of an event that the log refused.")


class Place(NamedTuple):
    """Where an event of the log is, and since when."""

    seq: int
    mseq: int
    at: int


class Journal:
    """The room log of all rooms. Raises `StoreUnavailable`, with nothing half done that a second call would not finish."""

    def __init__(self, bus: Bus, log: Log) -> None:
        self.bus = bus
        self.log = log

    async def place(self, shard: int, drafts: Sequence[Draft]) -> list[Placed | Refusal]:
        """A place for each draft (all of one shard), in order for each room. `log_behind` is the only refusal left."""
        outcomes = await self.bus.append(shard, drafts)
        unseeded = [index for index, outcome in enumerate(outcomes) if outcome == "unseeded"]
        while unseeded:
            await self.seed(shard, {drafts[index].room for index in unseeded})
            again = await self.bus.append(shard, [drafts[index] for index in unseeded])
            for index, outcome in zip(unseeded, again, strict=True):
                outcomes[index] = outcome
            unseeded = [
                index for index in unseeded if outcomes[index] == "unseeded"
            ]  # the epoch moved between
        return outcomes

    async def seed(self, shard: int, rooms: Iterable[str]) -> None:
        """Tell the bus how far the log goes in these rooms of one shard."""
        await self.bus.seed(shard, await self.log.heads(rooms))

    async def keep(self, entries: Sequence[Entry]) -> list[Place | None]:
        """Make entries durable, and settle what the log refuses: the place of each, or None if it must be placed anew.

        A double (its client_id is in the log at another seq) leaves a void in its place, and readers who saw it are
        told; its place is the first one's. A displaced entry (another event holds its place: the bus had come back
        older) rotates its shard's epoch; the caller has to place it `anew`.
        """
        inserted = await self.log.insert(entries)
        places = {entry[:3]: Place(entry.seq, entry.mseq, entry.at) for entry in inserted.stored}
        for entry, twin in inserted.doubles:
            await self._void(entry)
            places[entry[:3]] = Place(twin["seq"], twin["mseq"], twin["at"])
        if inserted.displaced:
            await self._rotate(inserted.displaced)
        return [places.get(entry[:3]) for entry in entries]

    async def mark(self, entries: Sequence[Entry]) -> None:
        """Tell the bus that these are durable. Best done after the senders were told: nothing depends on it but memory.

        Never raises: what is not marked the safety net finds, keeps again without effect, and marks.
        """
        done: dict[int, list[bytes]] = defaultdict(list)
        for entry in entries:
            done[shard_of(entry.room)].append(entry.id)
        try:
            await self.bus.logged(done)
        except StoreUnavailable as fault:
            _log.info("entries not marked as durable", count=len(entries), why=str(fault))

    async def _void(self, double: Entry) -> None:
        """Fill the double's place with nothing, and tell whoever already saw it there to forget it."""
        _doubles.inc()
        filler = VoidBody(room=double.room, sender="", client_id=f"void:{double.epoch}:{double.seq}")
        filled = await self.log.insert([double._replace(body=Draft.of(filler).body)])
        if filled.displaced:
            return  # the bus gave this seq twice; the other holder fills it
        notice = VoidBody(
            room=double.room, sender="", client_id=f"forget:{double.epoch}:{double.seq}", of=double.seq
        )
        outcome = (await self.place(shard_of(double.room), [Draft.of(notice)]))[0]
        if isinstance(outcome, Placed):
            await self.keep([outcome.entry])
            await self.mark([outcome.entry])

    async def _rotate(self, displaced: Sequence[Entry]) -> None:
        wrong: dict[tuple[int, str], list[Entry]] = defaultdict(list)
        for entry in displaced:
            wrong[shard_of(entry.room), entry.epoch].append(entry)
        for (shard, epoch), entries in wrong.items():
            now = await self.bus.rotate(shard, epoch, entries)
            _rotations.inc()
            _log.warning("epoch rotated", shard=shard, wrong=epoch, now=now, displaced=len(entries))

    async def anew(self, displaced: Sequence[Entry]) -> list[Placed | Refusal]:
        """Place displaced entries again, each under its client_id: an outcome for each, in order."""
        outcomes: list[Placed | Refusal] = ["log_behind"] * len(displaced)
        by_shard: dict[int, list[int]] = defaultdict(list)
        for index, entry in enumerate(displaced):
            by_shard[shard_of(entry.room)].append(index)
        for shard, indices in by_shard.items():
            placed = await self.place(shard, [draft_of(displaced[index]) for index in indices])
            for index, outcome in zip(indices, placed, strict=True):
                outcomes[index] = outcome
        return outcomes


def draft_of(entry: Entry) -> Draft:
    """The draft an entry was made from."""
    document: Document = entry.document()
    return Draft(
        entry.room, document["sender"], document["client_id"], entry.body, document["type"] == "message"
    )
