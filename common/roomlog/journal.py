"""Bus and log as one: drafts become events that last, whichever of the two forgot something meanwhile.

`place` gives drafts their places and news of them to every replica. `keep` makes placed entries durable. Between the
two a sender waits; nothing is promised before `keep` says so. Anybody may keep anything: it is idempotent, which is
what lets the safety net finish the work of a replica that died.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from common.clock import now_ms
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter
from common.roomlog.bus import LATE, Bus, Place, Placed, Refusal, Standing
from common.roomlog.log import Document, Log
from common.roomlog.position import FAR, Draft, Entry, VoidBody, shard_of
from common.units import to_ms

_log = get_logger(__name__)
_rotations = Counter("madang_roomlog_epochs_rotated_total", "Times the bus was found older than the log.")
_doubles = Counter("madang_roomlog_doubles_total", "Second copies of an event that the log refused.")
_filled = Counter(
    "madang_roomlog_holes_filled_total", "Places of the log whose events were lost with the bus."
)

LAST: Final = 20  # events of a room that a keeper may have left half done
Double = tuple[Entry, Place]  # an entry whose event is in the log already, and where


class Journal:
    """The room log of all rooms. Raises `StoreUnavailable`, with nothing half done that a second call would not finish."""

    def __init__(self, bus: Bus, log: Log) -> None:
        self.bus = bus
        self.log = log

    # --- places ---------------------------------------------------------------------------------------------------

    async def place(self, shard: int, drafts: Sequence[Draft]) -> list[Placed | Refusal]:
        """A place for each draft (all of one shard), in order for each room. No refusal is `unseeded` any more."""
        epoch, outcomes = await self.bus.append(shard, drafts)
        while unseeded := [index for index, outcome in enumerate(outcomes) if outcome == "unseeded"]:
            await self._seed(shard, epoch, {drafts[index].room for index in unseeded})
            epoch, again = await self.bus.append(shard, [drafts[index] for index in unseeded])
            for index, outcome in zip(unseeded, again, strict=True):
                outcomes[index] = outcome
        return outcomes

    async def unsaid(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Those of `drafts` that the log does not hold.

        For who says things again as a matter of course. A sender's retry is found by the bus, or, when that forgot, by
        the log as a double; asking the log about every message would cost more.
        """
        said = await self.log.named([draft[:3] for draft in drafts])
        return [draft for draft in drafts if draft[:3] not in said]

    async def standing(self, shard: int, rooms: Sequence[str]) -> Standing:
        """Where `rooms` (all of one shard) stand, every one of them known to the bus."""
        standing = await self.bus.standing(shard, rooms)
        while unknown := {room for room, seq in standing.seqs.items() if seq is None}:
            await self._seed(shard, standing.epoch, unknown)
            standing = await self.bus.standing(shard, rooms)
        return standing

    async def _seed(self, shard: int, epoch: str, rooms: set[str]) -> None:
        """Tell the bus how far the log goes in these rooms. Void if `epoch` is over by then: then the caller asks again.

        What the log's last events did is done again: should their keeper have died in the midst of it, nobody else
        would, because the bus that forgot how far they went forgot, too, that they were not done with.
        """
        ends = await self.log.ends(rooms, most=LAST)
        await self.log.states.settle([document for end in ends.values() for document in end])
        heads = {room: (end[0]["seq"], end[0]["mseq"]) if end else (0, 0) for room, end in ends.items()}
        await self.bus.seed(shard, epoch, heads)

    # --- durability -----------------------------------------------------------------------------------------------

    async def keep(self, entries: Sequence[Entry]) -> list[Place | None]:
        """Make entries durable, and settle what the log refuses: the place of each, or None if it must be placed anew.

        A double (its client_id is in the log at another seq) leaves a void in its place, and readers who saw it are
        told; its place is the first one's. A displaced entry (another event holds its place: the bus had come back
        older) rotates its shard's epoch; the caller has to place it `anew`.

        What the events do to lists and to the states of messages is done, too, before any place is told; for doubles, it
        is done for the first one, whose keeper may have died between the two.
        """
        inserted = await self.log.insert(entries)
        await self.log.states.settle([*inserted.documents, *(first for _, first in inserted.doubles)])
        places = {entry[:3]: Place(entry.seq, entry.mseq, entry.at) for entry in inserted.stored}
        if inserted.doubles:
            doubles = [
                (entry, Place(first["seq"], first["mseq"], first["at"])) for entry, first in inserted.doubles
            ]
            await self._void(doubles)
            places |= {entry[:3]: place for entry, place in doubles}
        if inserted.displaced:
            await self._rotate(inserted.displaced)
        return [places.get(entry[:3]) for entry in entries]

    def apart(self, entries: Sequence[Entry]) -> list[list[Entry]]:
        """`entries` by the part of the bus that each depends on: one part may be away while the others are there."""
        of_shard = {shard: index for index, shards in enumerate(self.bus.parts) for shard in shards}
        parts: dict[int, list[Entry]] = defaultdict(list)
        for entry in entries:
            parts[of_shard[shard_of(entry.room)]].append(entry)
        return list(parts.values())

    async def mark(self, entries: Sequence[Entry]) -> None:
        """Tell the bus that these are durable. Best done after the senders were told: no answer depends on it.

        Until it is done, the safety net keeps them again, without effect; and who listens may not know of those that
        were placed in an epoch that is over.
        """
        await self.bus.logged(entries)

    async def _void(self, doubles: Sequence[Double]) -> None:
        """Fill the doubles' places with nothing, tell whoever saw them there to forget them, and whoever asks again."""
        _doubles.inc(len(doubles))
        filled = await self.log.insert([entry._replace(body=_filler(entry)) for entry, _ in doubles])
        if filled.displaced:  # another event holds the place: who saw the double there must look again
            await self._rotate(filled.displaced)
        notices = [Draft.of(_notice(entry)) for entry in filled.stored]
        await self._see_through(notices)
        await self.bus.placed_before(doubles)

    async def _see_through(self, drafts: Sequence[Draft]) -> None:
        """Place and keep until all of it is durable."""
        while drafts:
            entries = []
            for placed in await self._placed(drafts):
                if not isinstance(placed, Placed):
                    raise StoreUnavailable("mongo", "the log is too far behind")
                entries.append(placed.entry)
            places = await self.keep(entries)
            await self.mark([entry for entry, place in zip(entries, places, strict=True) if place])
            drafts = [draft for draft, place in zip(drafts, places, strict=True) if place is None]

    async def _rotate(self, displaced: Sequence[Entry]) -> None:
        wrong: dict[tuple[int, str], list[Entry]] = defaultdict(list)
        for entry in displaced:
            wrong[shard_of(entry.room), entry.epoch].append(entry)
        for (shard, epoch), entries in wrong.items():
            if await self.bus.rotate(shard, epoch, entries):
                _rotations.inc()
                _log.warning("epoch rotated", shard=shard, wrong=epoch, displaced=len(entries))

    async def anew(self, displaced: Sequence[Entry]) -> list[Placed | Refusal]:
        """Place displaced entries again, each under its client_id: an outcome for each, in order."""
        return await self._placed([draft_of(entry) for entry in displaced])

    async def _placed(self, drafts: Sequence[Draft]) -> list[Placed | Refusal]:
        """`place`, for drafts of any shards."""
        by_shard: dict[int, list[int]] = defaultdict(list)
        for index, draft in enumerate(drafts):
            by_shard[shard_of(draft.room)].append(index)
        outcomes: dict[int, Placed | Refusal] = {}
        for shard, indices in by_shard.items():
            placed = await self.place(shard, [drafts[index] for index in indices])
            outcomes |= dict(zip(indices, placed, strict=True))
        return [outcomes[index] for index in range(len(drafts))]

    # --- holes ----------------------------------------------------------------------------------------------------

    async def mend(self, room: str, low: int, high: int) -> None:
        """Fill what is missing in the log from seq `low` to `high` with nothing, unless it is still on its way there.

        Such holes are left when the bus and a replica are lost together, and what another replica placed later is not.
        Should one be filled for which somebody still holds an event, that event is placed anew: the log decides.
        """
        documents = await self.log.after(room, low - 1, upto=high, most=high - low + 1)
        documents += await self.log.after(room, high, upto=FAR, most=1)
        late = now_ms() - to_ms(LATE)
        holes = [(seq, later) for seq, later in _holes(documents, low, high) if later["at"] < late]
        if not holes:
            return
        on_their_way = await self.bus.unlogged(shard_of(room), room)
        fillers = [_lost(room, seq, later) for seq, later in holes if seq not in on_their_way]
        if fillers:
            inserted = await self.log.insert(fillers)
            _filled.inc(len(inserted.stored))
            _log.warning("holes filled", room=room, seqs=[entry.seq for entry in inserted.stored])


def draft_of(entry: Entry) -> Draft:
    """The draft an entry was made from."""
    document: Document = entry.document()
    return Draft(
        entry.room, document["sender"], document["client_id"], entry.body, document["type"] == "message"
    )


def _filler(double: Entry) -> bytes:
    """The body that takes a double's place."""
    name = f"void:{double.epoch}:{double.seq}"
    return Draft.of(VoidBody(room=double.room, sender="", client_id=name)).body


def _notice(double: Entry) -> VoidBody:
    """The news that what was seen in a double's place is to be forgotten."""
    name = f"forget:{double.epoch}:{double.seq}"
    return VoidBody(room=double.room, sender="", client_id=name, of=double.seq)


def _holes(documents: Sequence[Document], low: int, high: int) -> Iterator[tuple[int, Document]]:
    """The seqs from `low` to `high` that are missing before one of `documents`, each with the first document after it."""
    due = low
    for document in documents:
        for seq in range(due, min(document["seq"], high + 1)):
            yield seq, document
        due = max(due, document["seq"] + 1)


def _lost(room: str, seq: int, later: Document) -> Entry:
    """The entry that fills a hole before the document `later`: of its time, and counted as a message would have been."""
    body = VoidBody(room=room, sender="", client_id=f"lost:{seq}")
    mseq = max(0, later["mseq"] - (later["type"] == "message") - (later["seq"] - seq - 1))
    return Entry(b"%d-0" % later["at"], room, seq, mseq, "", Draft.of(body).body)
