"""The relay carries the outbox to the control feed: from a committed row to an entry of the stream, at least once.

**Order.** A row's id is given when it is written, not when it commits, so ids are not in the order of commits. Two things
make that harmless. Rows are found by being unpublished and never by standing above a mark, so one that commits late is
not passed over. And where order matters it cannot differ: whoever changes a room locks the room's row before he
announces, and holds it until he commits. So of two rows about one room the lesser id committed first, and whoever sees
the second sees the first. Rows about different things may change places; nobody can tell.

**At least once.** A row is marked after the stream has it. If we die between, rows are published again, in order and
under the same event ids; an id that a reader has met is no news. A mark says what one life of one server was told: a
server that was started again, restored or replaced by another may have forgotten it, and nobody could tell. So the
stream is kept beside the name of the life in which it is known to be whole, and published to only in that life: in
another, the marks of the last minutes are taken back first.

**One at a time.** Every control process runs a relay; the one whose session holds an advisory lock works, and the others
knock every second. The lock goes with the session: when the process dies, or gives up a store that is away.

Published rows are swept away by `identity/upkeep.py`; entries of the stream go after a day.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from common.supervise import Backoff, jittered
from common.units import DAYS, SECONDS, to_ms
from control.locks import Lock
from control.turn import try_lock

BATCH: Final = 500
# In the stream; chatd reads it within moments, and forgets what it cached when it could not.
KEPT: Final = 1 * DAYS
_CHANNEL: Final = "outbox"  # rung by the trigger of 0002_rooms.sql
_POLL: Final = 1 * SECONDS  # the safety net under the bell, and how often the others knock

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

_LIFE: Final = "{control}:life"  # in which the stream holds all that is marked

# The life of the server: another after a restart, and another (the history it replicates) when it took another's place.
_THIS_LIFE: Final = """
local life = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
  .. string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)')
"""

# Add entries, if nothing is missing before them.
# KEYS 1 stream   2 life   ARGV 1 an entry that was there   2 time to trim before, ms   then id and data of each
# Returns {1, id of the last one added}; or {0, this life}, and adds nothing, when the stream may have lost some.
_PUBLISH: Final = f"""{_THIS_LIFE}
local whole = ARGV[1] == '0-0' or redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not whole or redis.call('GET', KEYS[2]) ~= life then return {{0, life}} end
local last = ARGV[1]
for i = 3, #ARGV, 2 do
  last = redis.call('XADD', KEYS[1], 'MINID', '~', ARGV[2], '*', 'id', ARGV[i], 'data', ARGV[i + 1])
end
return {{1, last}}
"""

# From here on the stream is whole, or will be by what is unmarked. KEYS 1 life   ARGV 1 the life that is meant
_BEGIN: Final = f"""{_THIS_LIFE}
if life == ARGV[1] then redis.call('SET', KEYS[1], ARGV[1]) end
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
    while not await session.run(try_lock, Lock.RELAY):
        health.ok = True
        await trio.sleep(jittered(_POLL))
    health.leading = True
    _leading.set(1)
    _log.info("this process relays the news")


class _Publisher:
    """Puts rows on the stream, and remembers over its turns how far it came."""

    def __init__(self, redis: Redis) -> None:
        self._add = redis.script(_PUBLISH)
        self._begin = redis.script(_BEGIN)
        self._newest = b"0-0"  # the last entry of ours

    async def publish_all(self, session: Session) -> None:
        """Publish until nothing is left. Without anything to publish, too, it is seen to that nothing was lost."""
        while True:
            rows = await session.run(_unpublished)
            lost_in = await self._publish(rows)
            if lost_in is not None:
                await self._take_back(session, lost_in)
            elif rows:
                await _mark_published(session, rows)
            else:
                return

    async def _publish(self, rows: Sequence[Any]) -> bytes | None:
        """Add `rows` to the stream; or not, when it may have lost what came before: then the life in which it did."""
        oldest = now_ms() - to_ms(KEPT)
        entries = [value for row in rows for value in (row["event_id"], row["data"])]
        whole, answer = await self._add([feed.STREAM, _LIFE], [self._newest, oldest, *entries])
        if not whole:
            return bytes(answer)
        self._newest = answer
        return None

    async def _take_back(self, session: Session, life: bytes) -> None:
        """Take back the marks of the last minutes, and then trust this life: killed between, it is all done again."""
        again = await session.run(_mark_again)
        if again:
            _log.warning(
                "the stream may have lost entries; the last minutes are published again", entries=again
            )
        await self._begin([_LIFE], [life])
        self._newest = b"0-0"


async def _mark_published(session: Session, rows: Sequence[Any]) -> None:
    await session.run(_mark, [row["id"] for row in rows])
    _published.inc(len(rows))
    for row in rows:
        _delay.observe(row["age"])


async def _unpublished(connection: Connection) -> list[Any]:
    return await connection.fetch(_UNPUBLISHED, BATCH)


async def _mark(connection: Connection, ids: list[int]) -> None:
    await connection.execute(_MARK, ids)


async def _mark_again(connection: Connection) -> int:
    status = await connection.execute(_MARK_AGAIN)
    return int(status.removeprefix("UPDATE "))
