"""What is said in rooms, written to the room log as chatd does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from common.ids import uuid7
from common.roomlog.log import Log
from common.roomlog.position import AnyBody, DeleteBody, Draft, EditBody, Entry, MemberBody, MessageBody


class Who(Protocol):
    """Somebody, as far as the log is concerned."""

    @property
    def id(self) -> str: ...

    @property
    def nickname(self) -> str: ...


@dataclass
class Talk:
    """Writes to the room log as chatd does."""

    log: Log
    clock: Callable[[], int]
    places: dict[str, tuple[int, int]] = field(default_factory=dict)

    async def say(self, room: str, sender: Who, *texts: str, ago_ms: int = 0) -> None:
        bodies = [MessageBody(room=room, sender=sender.id, client_id=uuid7(), text=text) for text in texts]
        await self.append(room, *bodies, ago_ms=ago_ms)

    async def come(self, room: str, person: Who) -> None:
        body = MemberBody(
            room=room, sender="", client_id=uuid7(), user=person.id, name=person.nickname, change="joined"
        )
        await self.append(room, body)

    async def edit(self, room: str, sender: Who, of: int, text: str) -> None:
        body = EditBody(room=room, sender=sender.id, client_id=uuid7(), of=of, text=text, by=sender.id)
        await self.append(room, body)

    async def delete(self, room: str, sender: Who, of: int) -> None:
        body = DeleteBody(room=room, sender=sender.id, client_id=uuid7(), of=of, by=sender.id)
        await self.append(room, body)

    async def append(self, room: str, *bodies: AnyBody, ago_ms: int = 0) -> int:
        """Write these to the log, and apply them; the seq of the last."""
        seq, mseq = self.places.get(room, (0, 0))
        at = b"%d-0" % (self.clock() - ago_ms)
        entries = []
        for draft in map(Draft.of, bodies):
            seq, mseq = seq + 1, mseq + draft.counted
            entries.append(Entry(at, room, seq, mseq, "e", draft.body))
        inserted = await self.log.insert(entries)
        assert inserted.stored == entries
        await self.log.states.settle(inserted.documents)
        self.places[room] = (seq, mseq)
        return seq
