"""What was said, for the commands that speak of it: a message and its marks, as of now.

Questions that come together are one look at the store. What this replica heard over the bus counts already, even before
it is in the log: whoever saw a message may answer it at once. A sender is told a `place` only for what lasts, though, with all
that it does to others: whoever was at that may have died in the midst of it, so it is done here, once more or first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatd.batcher import Batcher
from chatd.core.recent import Recent
from chatd.core.rules import Target
from common.errors import MadangError
from common.roomlog.bus import Place
from common.roomlog.history import HEARD
from common.roomlog.journal import Journal
from common.roomlog.log import Document
from common.roomlog.marks import joined, marks_of
from common.roomlog.position import Draft

Key = tuple[str, int]  # room, seq


class Said:
    """Looks up messages. `run` answers; every method raises `StoreUnavailable`."""

    def __init__(self, journal: Journal, recent: Recent) -> None:
        self._journal = journal
        self.log = journal.log
        self._recent = recent
        self._batcher: Batcher[Key, Target] = Batcher(self._load)

    async def run(self) -> None:
        """Answer questions, for ever."""
        await self._batcher.run()

    async def target(self, room: str, seq: int, visible_from: int) -> Target | None:
        """The event at `seq` and its marks; None when there is none, or none that this reader may see."""
        target = await self._batcher.ask((room, seq))
        return target if target is not None and target.event["at"] >= visible_from else None

    async def stored(self, room: str, seq: int) -> bool:
        """Whether the log holds the event at `seq`; this replica may have heard of it before."""
        return bool(await self.log.placed([(room, seq)]))

    async def place(self, room: str, seq: int) -> Place | None:
        """Where and when an event is, made to last first. Raises MadangError `log_unavailable` while that is open."""
        if entry := self._recent.at(room, seq):
            (place,) = await self._journal.keep([entry])
            if place is None:  # the log holds another there
                raise MadangError("log_unavailable", retry_after_ms=500)
            return place
        return await self._settled((await self.log.placed([(room, seq)])).get((room, seq)))

    async def place_of(self, draft: Draft) -> Place | None:
        """Where the event of this name is, when the log holds it already."""
        return await self._settled((await self.log.named([draft[:3]])).get(draft[:3]))

    async def _settled(self, event: Document | None) -> Place | None:
        if event is None:
            return None
        await self.log.states.settle([event])
        return Place(event["seq"], event["mseq"], event["at"])

    def heard(self, draft: Draft) -> bool:
        """Whether the event of this name went over the bus just now; the log need not hold it yet."""
        return self._recent.holds(draft.room, draft.sender, draft.client_id)

    async def pinned(self, room: str) -> dict[int, int]:
        """What is pinned in a room: `{seq of the message: seq of the pin}`."""
        return await self.log.states.pins(room, fresh=self.fresh(room))

    def fresh(self, room: str) -> list[Document]:
        """The newest changes of a room that this replica heard of; they may be in no state yet."""
        return [entry.document() for entry in self._recent.changes(room, HEARD)]

    async def _load(self, keys: Sequence[Key]) -> Mapping[Key, Target]:
        events = {key: event for key in keys if (event := self._heard(key))}
        if missing := [key for key in keys if key not in events]:
            events |= await self.log.placed(missing)
        marks = await self.log.states.marks(events)
        for room in {room for room, _ in events}:
            for change in self.fresh(room):
                key = (room, change.get("of", 0))
                if key in events:
                    marks[key] = joined(marks.get(key, {}), marks_of(change))
        return {key: Target(event, marks.get(key, {})) for key, event in events.items()}

    def _heard(self, key: Key) -> Document | None:
        entry = self._recent.at(*key)
        return entry.document() if entry else None
