"""The bus after a real server was killed: with its memory kept, an older one, or none."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import trio

from common.redis import open_redis
from common.roomlog.bus import Bus, Placed, greet
from common.roomlog.journal import Journal
from common.roomlog.log import Log
from common.roomlog.position import shard_of
from deploy.embedded.valkey import Valkey
from tests.common.roomlog.entries import a_draft, a_room, entries_of

ROOM = a_room()
SHARD = shard_of(ROOM)


@pytest.fixture
def valkey(launch: Callable[..., Any]) -> Valkey:
    server: Valkey = launch(Valkey)
    return server


@pytest.fixture
async def journal(valkey: Valkey, log: Log) -> AsyncIterator[Journal]:
    async with open_redis(valkey.url, greet=greet) as redis:
        yield Journal(Bus(redis), log)


async def say(journal: Journal, text: str) -> int:
    """Say it to the end; its seq."""
    (entry,) = entries_of(await journal.place(SHARD, [a_draft(ROOM, text)]))
    (place,) = await journal.keep([entry])
    assert place is not None
    await journal.mark([entry])
    return place.seq


async def restart(valkey: Valkey, *, data: str | None = None) -> None:
    """kill -9 and start; with `data`, on a copy of that name, which may be none at all."""
    await trio.to_thread.run_sync(valkey.kill)
    if data is not None:
        valkey.wipe()
        if (valkey.folder / data).exists():
            (valkey.folder / data).rename(valkey.data)
    await trio.to_thread.run_sync(valkey.start)


async def test_with_its_memory_kept_it_goes_on_in_a_new_epoch(journal: Journal, valkey: Valkey) -> None:
    """Whether it forgot its last moment nobody can tell; what it knows is not lost for that."""
    assert await say(journal, "one.....") == 1
    (unlogged,) = entries_of(await journal.place(SHARD, [a_draft(ROOM, "two.....")]))
    await restart(valkey)
    standing = await journal.standing(SHARD, [ROOM])
    assert standing.epoch != unlogged.epoch
    assert standing.seqs == {ROOM: 2}
    assert await journal.place(SHARD, [a_draft(ROOM, "two.....")]) == [Placed(unlogged, logged=False)]
    assert await say(journal, "three...") == 3


async def test_with_an_older_memory_it_goes_on_above_the_log(journal: Journal, valkey: Valkey) -> None:
    assert await say(journal, "one.....") == 1
    shutil.copytree(valkey.data, valkey.folder / "older")
    for seq, text in enumerate(("two.....", "three..."), start=2):
        assert await say(journal, text) == seq
    await restart(valkey, data="older")
    assert await say(journal, "four....") == 4


async def test_with_no_memory_it_goes_on_above_the_log(journal: Journal, valkey: Valkey) -> None:
    for seq, text in enumerate(("one.....", "two....."), start=1):
        assert await say(journal, text) == seq
    await restart(valkey, data="none")
    assert await say(journal, "three...") == 3
