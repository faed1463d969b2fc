"""The relay: what was announced reaches the feed, in order, at least once, by one relay of many."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import msgspec
import pytest
import trio

from common import aio, feed
from common.clock import now_ms
from common.errors import StoreUnavailable
from common.feed import MemberChanged
from common.ids import uuid7
from common.postgres import Connection, Postgres, open_postgres, open_session
from common.redis import Argument, Redis, open_redis
from common.units import HOURS
from control import relay
from control.outbox import announce
from deploy.embedded.postgres import Postgres as EmbeddedPostgres
from deploy.embedded.valkey import Valkey
from tests.support.control import PATIENCE
from tests.support.schema import create_migrated


@asynccontextmanager
async def opened(migrated_url: str, redis_url: str) -> AsyncIterator[tuple[Postgres, Redis]]:
    async with aio.open_loop(), open_postgres(migrated_url) as db, open_redis(redis_url) as redis:
        with trio.fail_after(PATIENCE):
            yield db, redis


@pytest.fixture
async def stores(migrated_url: str, redis_url: str) -> AsyncIterator[tuple[Postgres, Redis]]:
    async with opened(migrated_url, redis_url) as stores:
        yield stores


def joined(room: str, name: str) -> MemberChanged:
    return MemberChanged(room=room, user="u", name=name, change="joined")


async def say(db: Postgres, *changes: feed.AnyChange) -> None:
    await db.transaction(announce, *changes)


async def entries(redis: Redis) -> list[tuple[str, Any]]:
    """What is on the feed: ids and changes."""
    found = []
    for _, fields in await redis.call("XRANGE", feed.STREAM, "-", "+"):
        values = dict(zip(fields[::2], fields[1::2], strict=True))
        found.append((values[b"id"].decode(), msgspec.json.decode(values[b"data"], type=feed.AnyChange)))
    return found


async def names(redis: Redis) -> list[str]:
    return [change.name for _, change in await entries(redis)]


async def until(condition: Callable[[], Any]) -> None:
    """Wait until the awaited `condition()` is true; the test's deadline ends a wait in vain."""
    while not await condition():  # noqa: ASYNC110 - another process makes it true
        await trio.sleep(0.002)


async def published(redis: Redis, count: int) -> bool:
    return bool(await redis.call("XLEN", feed.STREAM) >= count)


async def unmarked(db: Postgres) -> int:
    def ask(connection: Connection) -> Any:
        return connection.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL")

    count: int = await db.read(ask)
    return count


async def all_marked(db: Postgres) -> bool:
    return await unmarked(db) == 0


async def test_news_is_on_the_feed_within_a_tenth_of_a_second(
    stores: tuple[Postgres, Redis], migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it at the bell, since nobody looks by himself; how fast that is, the fastest tells: a busy machine only adds."""
    monkeypatch.setattr(relay, "_POLL", 1 * HOURS)
    db, redis = stores
    async with trio.open_nursery() as nursery:
        health = await nursery.start(relay.run, migrated_url, redis)
        await say(db, joined("r", "first"))
        await until(partial(published, redis, 1))
        assert health.leading
        took = []
        for number in range(20):
            await say(db, joined("r", str(number)))
            committed = trio.current_time()
            await until(partial(published, redis, number + 2))
            took.append(trio.current_time() - committed)
        assert min(took) < 0.1
        assert await names(redis) == ["first", *map(str, range(20))]
        nursery.cancel_scope.cancel()


async def test_what_was_written_while_no_relay_ran_comes_first_and_in_order(
    stores: tuple[Postgres, Redis], migrated_url: str
) -> None:
    db, redis = stores
    count = relay.BATCH + 7
    await say(db, *(joined("r", str(number)) for number in range(count)))
    async with trio.open_nursery() as nursery:
        await nursery.start(relay.run, migrated_url, redis)
        await until(partial(all_marked, db))
        nursery.cancel_scope.cancel()
    assert await names(redis) == [str(number) for number in range(count)]


class DiesBetween(Redis):
    """A Redis that takes the batch, and then the process that sent it is gone."""

    def __init__(self, server: Redis) -> None:
        self._server = server

    async def call(self, *command: Argument) -> Any:
        return await self._server.call(*command)

    async def calls(self, commands: Sequence[Sequence[Argument]]) -> list[Any]:
        return await self._server.calls(commands)

    def script(self, text: str) -> Any:
        script = self._server.script(text)

        async def call(keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
            reply = await script(keys, arguments)
            if "XADD" in text and reply[0]:
                raise KeyboardInterrupt
            return reply

        return call


async def test_killed_between_publishing_and_marking_it_publishes_again_under_the_same_ids(
    stores: tuple[Postgres, Redis], migrated_url: str
) -> None:
    db, redis = stores
    await say(db, joined("r", "one"), joined("r", "two"))
    with pytest.RaisesGroup(KeyboardInterrupt):
        async with trio.open_nursery() as nursery:
            await nursery.start(relay.run, migrated_url, DiesBetween(redis))
    assert await unmarked(db) == 2
    async with trio.open_nursery() as nursery:
        await nursery.start(relay.run, migrated_url, redis)
        await until(partial(all_marked, db))
        nursery.cancel_scope.cancel()
    one, two, *again = await entries(redis)
    assert [one, two] == again
    assert (one[1].name, two[1].name) == ("one", "two")


async def test_of_two_relays_one_works_and_the_other_takes_over_when_it_is_gone(
    stores: tuple[Postgres, Redis], migrated_url: str
) -> None:
    db, redis = stores
    async with trio.open_nursery() as first, trio.open_nursery() as second:
        health = await first.start(relay.run, migrated_url, redis)
        await until(partial(_asked, lambda: health.leading))
        other = await second.start(relay.run, migrated_url, redis)
        await until(partial(_asked, lambda: other.ok))
        for number in range(50):
            await say(db, joined("r", str(number)))
        await until(partial(all_marked, db))
        assert await names(redis) == [str(number) for number in range(50)]
        assert not other.leading

        first.cancel_scope.cancel()
        await say(db, joined("r", "after"))
        await until(partial(published, redis, 51))
        assert other.leading
        second.cancel_scope.cancel()


async def _asked(condition: Callable[[], bool]) -> bool:
    await trio.lowlevel.checkpoint()
    return condition()


async def test_a_change_that_commits_late_is_not_passed_over_and_each_room_keeps_its_order(
    stores: tuple[Postgres, Redis], migrated_url: str
) -> None:
    """Transactions overlap and commit in another order than their rows' ids; each room's are serial, as services do it."""
    db, redis = stores
    rooms = [uuid7() for _ in range(8)]
    rounds = 12

    async def change(room: str, number: int) -> None:
        async def run(connection: Connection) -> None:
            await connection.execute(
                "SELECT pg_advisory_xact_lock(hashtext($1))", room
            )  # stands for the room's row
            await announce(connection, joined(room, str(number)))
            await connection.execute("SELECT pg_sleep($1)", 0.001 * ((number * 7 + rooms.index(room)) % 5))

        await db.transaction(run)

    async def change_often(room: str) -> None:
        for number in range(rounds):
            await change(room, number)

    async with trio.open_nursery() as nursery:
        await nursery.start(relay.run, migrated_url, redis)
        async with trio.open_nursery() as changing:
            for room in rooms:
                changing.start_soon(change_often, room)
        await until(partial(all_marked, db))
        nursery.cancel_scope.cancel()
    found = await entries(redis)
    assert len({entry_id for entry_id, _ in found}) == len(found) == len(rooms) * rounds
    for room in rooms:
        assert [change.name for _, change in found if change.room == room] == [str(n) for n in range(rounds)]


async def test_a_row_with_a_lower_id_that_commits_later_still_comes(
    stores: tuple[Postgres, Redis], migrated_url: str
) -> None:
    db, redis = stores
    async with open_session(migrated_url, listen="nothing") as slow, trio.open_nursery() as nursery:
        await nursery.start(relay.run, migrated_url, redis)
        await slow.run(execute, "BEGIN")
        await slow.run(announce, joined("slow", "slow"))
        await say(db, joined("fast", "fast"))
        await until(partial(all_marked, db))
        assert await names(redis) == ["fast"]
        await slow.run(execute, "COMMIT")
        await until(partial(all_marked, db))
        assert await names(redis) == ["fast", "slow"]
        nursery.cancel_scope.cancel()


async def execute(connection: Connection, statement: str) -> None:
    await connection.execute(statement)


async def test_redis_is_killed_and_comes_back_and_nothing_is_missing(
    migrated_url: str, launch: Callable[..., Any]
) -> None:
    valkey = launch(Valkey)
    async with opened(migrated_url, valkey.url) as (db, redis), trio.open_nursery() as nursery:
        health = await nursery.start(relay.run, migrated_url, redis)
        await say(db, joined("r", "before"))
        await until(partial(published, redis, 1))
        await trio.to_thread.run_sync(valkey.kill)
        await say(db, joined("r", "meanwhile"))
        await until(partial(_asked, lambda: not health.ok))
        await trio.to_thread.run_sync(valkey.start)
        await until(partial(all_marked, db))
        assert list(dict.fromkeys(await names(redis))) == ["before", "meanwhile"]
        await until(partial(_asked, lambda: health.ok))
        nursery.cancel_scope.cancel()


async def test_redis_forgets_everything_and_the_last_minutes_are_published_again(
    stores: tuple[Postgres, Redis], migrated_url: str
) -> None:
    db, redis = stores
    async with trio.open_nursery() as nursery:
        await nursery.start(relay.run, migrated_url, redis)
        await say(db, joined("r", "one"), joined("r", "two"))
        await until(partial(all_marked, db))
        before = await entries(redis)
        await redis.call("FLUSHALL")
        await say(db, joined("r", "three"))
        await until(partial(published, redis, 3))
        assert (await entries(redis))[:2] == before
        assert await names(redis) == ["one", "two", "three"]
        nursery.cancel_scope.cancel()


async def test_redis_comes_back_without_its_newest_entries(
    migrated_url: str, launch: Callable[..., Any]
) -> None:
    """As after a failover to a replica that lagged."""
    valkey = launch(
        Valkey, extra=("--appendfsync", "always")
    )  # what was answered is on its disk, also while that is slow
    async with opened(migrated_url, valkey.url) as (db, redis), trio.open_nursery() as nursery:
        health = await nursery.start(relay.run, migrated_url, redis)
        await say(db, joined("r", "one"))
        await until(partial(all_marked, db))
        await say(db, joined("r", "two"))
        await until(partial(all_marked, db))
        ((newest, _),) = await redis.call("XREVRANGE", feed.STREAM, "+", "-", "COUNT", 1)
        await redis.call("XDEL", feed.STREAM, newest)
        await trio.to_thread.run_sync(valkey.kill)
        await say(db, joined("r", "three"))
        await until(partial(_asked, lambda: not health.ok))
        await trio.to_thread.run_sync(valkey.start)
        await until(partial(published, redis, 4))
        assert await names(redis) == ["one", "one", "two", "three"]
        nursery.cancel_scope.cancel()


async def test_a_relay_that_was_started_again_with_an_older_redis_publishes_what_that_forgot(
    migrated_url: str, launch: Callable[..., Any]
) -> None:
    """One machine held both, and came back with its disk of a moment before: nobody remembers what was published last."""
    valkey = launch(Valkey)
    async with opened(migrated_url, valkey.url) as (db, redis):
        await relayed(db, redis, migrated_url, "kept")
        copy = valkey.folder / "copy"
        await trio.to_thread.run_sync(partial(shutil.copytree, valkey.data, copy))
        await relayed(db, redis, migrated_url, "forgotten")
        await trio.to_thread.run_sync(valkey.kill)
        valkey.wipe()
        copy.rename(valkey.data)
        await trio.to_thread.run_sync(valkey.start)
        await relayed(db, redis, migrated_url, "after")
        assert list(dict.fromkeys(await names(redis))) == ["kept", "forgotten", "after"]


async def relayed(db: Postgres, redis: Redis, migrated_url: str, name: str) -> None:
    """Announce something, and see it published and marked by a relay that is gone then."""
    await say(db, joined("r", name))
    async with trio.open_nursery() as nursery:
        await nursery.start(relay.run, migrated_url, redis)
        await until(partial(all_marked, db))
        nursery.cancel_scope.cancel()


async def test_postgresql_is_killed_and_comes_back(redis_url: str, launch: Callable[..., Any]) -> None:
    postgres = launch(EmbeddedPostgres, durable=False)
    url = create_migrated(postgres, "relayed")
    async with opened(url, redis_url) as (db, redis), trio.open_nursery() as nursery:
        health = await nursery.start(relay.run, url, redis)
        await say(db, joined("r", "before"))
        await until(partial(published, redis, 1))
        await trio.to_thread.run_sync(postgres.kill)
        await until(partial(_asked, lambda: not health.ok))
        await trio.to_thread.run_sync(postgres.start)
        await say_somehow(db, joined("r", "after"))
        await until(partial(all_marked_somehow, db))
        assert list(dict.fromkeys(await names(redis))) == ["before", "after"]
        nursery.cancel_scope.cancel()


async def say_somehow(db: Postgres, change: feed.AnyChange) -> None:
    """Announce through a pool whose connections died."""
    while True:
        try:
            return await say(db, change)
        except StoreUnavailable:
            await trio.sleep(0.01)


async def all_marked_somehow(db: Postgres) -> bool:
    try:
        return await all_marked(db)
    except StoreUnavailable:
        return False


async def test_entries_older_than_a_day_leave_the_stream(
    stores: tuple[Postgres, Redis], migrated_url: str
) -> None:
    db, redis = stores
    yesterday = now_ms() - 2 * 24 * 3600 * 1000
    old = [
        ("XADD", feed.STREAM, f"{yesterday}-{number + 1}", "id", "old", "data", "{}") for number in range(500)
    ]
    await redis.calls(old)
    await say(db, joined("r", "new"))
    async with trio.open_nursery() as nursery:
        await nursery.start(relay.run, migrated_url, redis)
        await until(partial(all_marked, db))
        nursery.cancel_scope.cancel()
    assert await redis.call("XLEN", feed.STREAM) <= 101  # whole nodes of a hundred are trimmed
