"""What commands speak of: as this replica heard it and the log holds it, whichever knows more; answers wait for the log."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import trio

from chatd.core.recent import Recent
from chatd.said import Said
from common.errors import MadangError
from common.mongo import open_mongo
from common.redis import open_redis
from common.roomlog.bus import Bus, Place, greet
from common.roomlog.journal import Journal
from common.roomlog.log import Log
from common.roomlog.marks import DELETED, reaction_by
from common.roomlog.position import DeleteBody, Draft, Entry, PinBody, ReactionBody
from tests.common.roomlog.entries import a_room, an_entry


class Here:
    """A replica's memory and its log."""

    def __init__(self, journal: Journal) -> None:
        self.log = journal.log
        self.recent = Recent(10**6)
        self.said = Said(journal, self.recent)
        self.room = a_room()

    async def store(self, *entries: Entry) -> None:
        await self.log.states.settle((await self.log.insert(entries)).documents)

    def hear(self, *entries: Entry) -> None:
        for entry in entries:
            self.recent.add(entry)

    def reaction(self, seq: int, of: int = 1) -> Entry:
        body = ReactionBody(
            room=self.room, sender="jun", client_id=f"r{seq}", of=of, emoji="👍", change="added", user="jun"
        )
        return an_entry(self.room, seq, "")._replace(body=Draft.of(body).body)

    def deletion(self, seq: int, of: int = 1) -> Entry:
        body = DeleteBody(room=self.room, sender="mina", client_id=f"d{seq}", of=of, by="mina")
        return an_entry(self.room, seq, "")._replace(body=Draft.of(body).body)

    def pin(self, seq: int, of: int = 1) -> Entry:
        body = PinBody(room=self.room, sender="mina", client_id=f"p{seq}", of=of, change="pinned", by="mina")
        return an_entry(self.room, seq, "")._replace(body=Draft.of(body).body)


@pytest.fixture
async def here(mongo_url: str, redis_url: str, nursery: trio.Nursery) -> AsyncIterator[Here]:
    async with open_mongo(mongo_url) as mongo, open_redis(redis_url, greet=greet) as redis:
        log = Log(mongo)
        await log.prepare()
        here = Here(Journal(Bus(redis), log))
        nursery.start_soon(here.said.run)
        yield here
        nursery.cancel_scope.cancel()


async def test_a_message_of_the_log_is_found_with_its_marks(here: Here) -> None:
    await here.store(an_entry(here.room, 1, "well"), here.reaction(2))
    target = await here.said.target(here.room, 1, 0)
    assert target is not None
    assert target.event["text"] == "well"
    assert target.marks[reaction_by("👍", "jun")] == 2 * 2 + 1
    assert await here.said.target(here.room, 3, 0) is None


async def test_what_was_heard_counts_before_it_is_stored(here: Here) -> None:
    here.hear(an_entry(here.room, 1, "well"), here.reaction(2), here.pin(3), here.deletion(4))
    target = await here.said.target(here.room, 1, 0)
    assert target is not None
    assert target.marks[DELETED] == 4
    assert target.marks[reaction_by("👍", "jun")] == 5
    assert not await here.said.stored(here.room, 1)
    assert await here.said.pinned(here.room) == {}


async def test_what_is_stored_and_what_was_heard_are_one(here: Here) -> None:
    await here.store(an_entry(here.room, 1, "well"), an_entry(here.room, 2, "other"), here.pin(3, 1))
    here.hear(here.pin(4, 2))
    assert await here.said.stored(here.room, 1)
    assert await here.said.pinned(here.room) == {2: 4, 1: 3}


async def test_nothing_from_before_one_came_is_found(here: Here) -> None:
    entry = an_entry(here.room, 1, "well")
    await here.store(entry)
    assert await here.said.target(here.room, 1, entry.at) is not None
    assert await here.said.target(here.room, 1, entry.at + 1) is None


async def test_a_place_is_that_of_the_event(here: Here) -> None:
    stored, heard = an_entry(here.room, 1, "well"), an_entry(here.room, 2, "more")
    await here.store(stored)
    here.hear(heard)
    assert await here.said.place(here.room, 1) == Place(1, 1, stored.at)
    assert await here.said.place(here.room, 2) == Place(2, 2, heard.at)
    assert await here.said.place(here.room, 3) is None


async def test_who_is_told_the_place_of_what_was_only_heard_finds_it_in_the_log(here: Here) -> None:
    """Whoever placed it died before it was stored: an answer must not rest on this replica's memory."""
    await here.store(an_entry(here.room, 1, "well"))
    heard = here.reaction(2)
    here.hear(heard)
    assert await here.said.place(here.room, 2) == Place(2, 2, heard.at)
    assert await here.said.stored(here.room, 2)
    assert await here.log.states.marks([(here.room, 1)]) == {(here.room, 1): {reaction_by("👍", "jun"): 5}}


async def test_who_is_told_the_place_of_what_is_stored_finds_what_it_did(here: Here) -> None:
    """Whoever stored it died before the message knew of it."""
    await here.log.insert([an_entry(here.room, 1, "well"), here.reaction(2), here.pin(3)])
    assert await here.said.place(here.room, 2) is not None
    assert await here.log.states.marks([(here.room, 1)]) == {(here.room, 1): {reaction_by("👍", "jun"): 5}}
    pinning = Draft.of(
        PinBody(room=here.room, sender="mina", client_id="p3", of=1, change="pinned", by="mina")
    )
    place = await here.said.place_of(pinning)
    assert place is not None
    assert place.seq == 3
    assert (await here.log.states.marks([(here.room, 1)]))[here.room, 1]["pin"] == 7


async def test_nobody_is_told_a_place_that_another_event_holds(here: Here) -> None:
    """The bus had come back older: what was heard there is placed anew, and its sender asks again."""
    await here.store(an_entry(here.room, 1, "well"), an_entry(here.room, 2, "of another life"))
    here.hear(here.reaction(2))
    with pytest.raises(MadangError, match="log_unavailable"):
        await here.said.place(here.room, 2)


async def test_an_event_that_was_heard_is_known_by_its_name(here: Here) -> None:
    deletion = Draft.of(DeleteBody(room=here.room, sender="mina", client_id="d1", of=1, by="mina"))
    here.hear(an_entry(here.room, 1, "well"))
    assert not here.said.heard(deletion)
    here.hear(here.deletion(2)._replace(body=deletion.body))
    assert here.said.heard(deletion)
    assert not here.said.heard(deletion._replace(sender="jun"))
    assert not here.said.heard(deletion._replace(room=a_room()))
    assert await here.said.place_of(deletion) is None
