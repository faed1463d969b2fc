"""The relay carries the outbox to the control feed: from a committed row to an entry of the stream, at least once.

**Order.** A row's id is given when it is written, not when it commits, so ids are not in the order of commits. Two things
make that harmless. Rows are found by being unpublished and never by standing above a mark, so one that commits late is
not passed over. And where order matters it cannot differ: whoever changes a room locks the room's row before he
announces, and holds it until he commits. So of two rows about one room the lesser id committed first, and whoever sees
the second sees the first. Rows about different things may change places; nobody can tell.

**At least once.** A row is marked after the stream has it. If we die between, or if Redis comes back without its newest
entries, rows are published again, in order and under the same event ids; an id that a reader has met is no news.

**One at a time.** Every control process runs a relay; the one whose session holds an advisory lock works, and the others
knock every second. The lock goes with the session: when the process dies, or gives up a store that is away.

Published rows are swept away by `identity/upkeep.py`; entries of the stream go after a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NoReturn

import trio

from common import feed
from common.clock import now_ms
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter, Gauge, Histogram
from common.postgres import Connection, Session, open_session
from common.redis import Redis
from common.roomlog.position import StreamId, parse_stream_id
from common.supervise import Backoff, jittered
from common.units import DAYS, SECONDS, to_ms

BATCH: Final = 500
KEPT: Final = (
    1 * DAYS
)  # in the stream; chatd reads it within moments, and forgets what it cached when it could not
_CHANNEL: Final = "outbox"  # rung by the trigger of 0002_rooms.sql
_POLL: Final = 1 * SECONDS  # the safety net under the bell, and how often the others knock
_LOCK: Final = 0x4D41_4441_4E47_01

_TRY_LOCK: Final = "SELECT pg_try_advisory_lock($1)"
_UNPUBLISHED: Final = """
    SELECT id, event_id::text AS event_id, data,
           extract(epoch FROM clock_timestamp() - created_at)::float8 AS age
    FROM outbox
    WHERE published_at IS NULL
    ORDER BY id
    LIMIT $1
"""
_MARK: Final = "UPDATE outbox SET published_at = now() WHERE id = ANY($1::bigint[])"
_MARK_AGAIN: Final = """
    UPDATE outbox SET published_at = NULL WHERE published_at > now() - interval '10 minutes'
"""

_log = get_logger(__name__)
_published = Counter("madang_control_news_published_total", "Entries added to the control feed.")
_leading = Gauge("madang_control_relay_leading", "Whether this process's relay is the one that works.")
_delay = Histogram(
    "madang_control_news_delay_seconds",
    "From the start of a change's transaction to its news being on the stream.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300),
)


@dataclass(slots=True)
class Health:
    """How this process's relay does: `ok` unless a store was away at the last try; `leading` when it is its turn."""

    ok: bool = False
    leading: bool = False


async def run(
    database_url: str, redis: Redis, *, task_status: trio.TaskStatus[Health] = trio.TASK_STATUS_IGNORED
) -> NoReturn:
    """Relay for ever, or wait for our turn to. Started at once, whether or not the stores are there yet."""
    health, publisher = Health(), _Publisher(redis)
    task_status.started(health)
    backoff = Backoff(most=_POLL)
    failing = False
    while True:
        try:
            async with open_session(database_url, listen=_CHANNEL) as session:
                await _take_turn(session, health)
                while True:
                    await publisher.publish_all(session)
                    health.ok, failing = True, False
                    backoff.reset()
                    await session.rung(jittered(_POLL))
        except StoreUnavailable as fault:
            if not failing:
                _log.warning("the relay waits for a store", store=fault.store, why=str(fault))
            failing = True
            health.ok = False
        finally:
            health.leading = False
            _leading.set(0)
        await trio.sleep(backoff.next())


async def _take_turn(session: Session, health: Health) -> None:
    while not await session.run(_try_lock):
        health.ok = True
        await trio.sleep(jittered(_POLL))
    health.leading = True
    _leading.set(1)
    _log.info("this process relays the news")


class _Publisher:
    """Puts rows on the stream, and remembers over its turns how far it came."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._newest: StreamId = (0, 0)  # the last entry of ours

    async def publish_all(self, session: Session) -> None:
        """Publish until nothing is left."""
        if not await self._is_remembered():
            again = await session.run(_mark_again)
            if again:
                _log.warning("the stream lost entries; the last minutes are published again", entries=again)
        while await self._publish(session) == BATCH:
            pass

    async def _is_remembered(self) -> bool:
        """Whether the stream is there, up to our last entry at least."""
        reply = await self._redis.call("XREVRANGE", feed.STREAM, "+", "-", "COUNT", 1)
        return bool(reply) and parse_stream_id(reply[0][0]) >= self._newest

    async def _publish(self, session: Session) -> int:
        rows = await session.run(_unpublished)
        if not rows:
            return 0
        oldest = now_ms() - to_ms(KEPT)
        ids = await self._redis.calls(
            [
                ("XADD", feed.STREAM, "MINID", "~", oldest, "*", "id", row["event_id"], "data", row["data"])
                for row in rows
            ]
        )
        self._newest = parse_stream_id(ids[-1])
        await session.run(_mark, [row["id"] for row in rows])
        _published.inc(len(rows))
        for row in rows:
            _delay.observe(row["age"])
        return len(rows)


async def _try_lock(connection: Connection) -> bool:
    got: bool = await connection.fetchval(_TRY_LOCK, _LOCK)
    return got


async def _unpublished(connection: Connection) -> list[Any]:
    return await connection.fetch(_UNPUBLISHED, BATCH)


async def _mark(connection: Connection, ids: list[int]) -> None:
    await connection.execute(_MARK, ids)


async def _mark_again(connection: Connection) -> int:
    status = await connection.execute(_MARK_AGAIN)
    return int(status.removeprefix("UPDATE "))
