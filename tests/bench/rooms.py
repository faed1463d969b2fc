"""The public list of a million rooms: what a page costs near the top, in the middle and at the end.

    .venv/bin/python tests/bench/rooms.py
    .venv/bin/python tests/bench/rooms.py --rooms 100000 --database postgresql://…@127.0.0.1/bench
    .venv/bin/python tests/bench/rooms.py --rooms 100000 --database postgresql://…@127.0.0.1/bench --filled

Ten rooms a page, a hundred requests, twenty at a time, each on a connection of its own; seconds in all. Side by side, on one
database of our schema, embedded unless `--database` names another (an empty one, or `--filled` by an earlier run):

  plain      OFFSET over rooms joined with their owners, as a mapper that loads eagerly asks for them (a tenth of the
             requests, two at a time, and its seconds times ten: all of them would take minutes);
  covering   OFFSET over the ids alone, out of the index, joined back;
  offset     our list, asked for by offset, with the total and whether I am in each room;
  cursor     our list, asked for by cursor, likewise (ten times the requests, and a tenth of the seconds).

Then what it costs who makes rooms and joins them that the list counts itself: twenty at a time, durably, with the triggers
of the list and without. Prints tables of medians of alternating runs and, as its last line, one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import trio

from common import aio
from common.clock import now_ms
from common.postgres import Connection, Postgres, open_postgres
from control import migrations
from control.commons.categories import Categories
from control.demo import crowd
from control.demo.progress import Progress
from control.rooms import listing_queries, making, membership, tallying
from control.rooms.views import CreateRoom
from control.sealing import KeyedHash
from deploy.embedded.errors import SetUpError
from deploy.embedded.postgres import Postgres as Server
from tests.bench import harness
from tests.bench.harness import Comparison, Figures, Metric, say

LIMIT: Final = 10
REQUESTS: Final = 100
AT_ONCE: Final = 20
TIMES: Final = {
    "plain": 0.1,
    "offset": 10,
    "cursor": 10,
}  # as many requests: some take too long to ask, some to tell
PATIENCE_S: Final = 300
WARM: Final = 6  # executions after which PostgreSQL settles on a plan
OFFSETS: Final = (9_000, 90_000, 900_000)  # at a million rooms; fewer, and they lie nearer

PLAIN: Final = """
    SELECT r.*, m.role, m.joined_at, u.id, u.nickname, u.created_at
    FROM rooms r
    LEFT JOIN members m ON m.room_id = r.id AND m.role = 'owner'
    LEFT JOIN users u ON u.id = m.user_id
    WHERE r.kind = 'group' AND r.visibility <> 'private' AND r.archived_at IS NULL
    ORDER BY r.number DESC
    OFFSET $1 LIMIT $2
"""
COVERING: Final = """
    SELECT r.*, m.role, m.joined_at, u.id, u.nickname, u.created_at
    FROM (
        SELECT number FROM rooms
        WHERE kind = 'group' AND visibility <> 'private' AND archived_at IS NULL
        ORDER BY number DESC
        OFFSET $1 LIMIT $2
    ) page
    JOIN rooms r ON r.number = page.number
        AND r.kind = 'group' AND r.visibility <> 'private' AND r.archived_at IS NULL
    LEFT JOIN members m ON m.room_id = r.id AND m.role = 'owner'
    LEFT JOIN users u ON u.id = m.user_id
    ORDER BY r.number DESC
"""
WAYS: Final = ("cursor", "offset", "covering", "plain")
_NUMBER_AT: Final = """
    SELECT number FROM rooms
    WHERE kind = 'group' AND visibility <> 'private' AND archived_at IS NULL
    ORDER BY number DESC
    OFFSET $1 LIMIT 1
"""
_TRIGGERS: Final = {
    "counted": "ALTER TABLE rooms ENABLE TRIGGER USER",
    "uncounted": "ALTER TABLE rooms DISABLE TRIGGER USER",
}
_FORGET: Final = (
    "DELETE FROM members WHERE room_id IN (SELECT id FROM rooms WHERE title = 'a bench')",
    "UPDATE rooms SET archived_at = now(), member_count = 0 WHERE title = 'a bench' AND archived_at IS NULL",
)


class Pages:
    """Requests for pages of the list."""

    def __init__(self, db: Postgres, offsets: list[int], user: str, numbers: dict[int, int]) -> None:
        self._db = db
        self._offsets = offsets
        self._user = user
        self._numbers = numbers  # by offset: of the room above the page

    async def measure(self, way: str) -> Figures:
        """Seconds for all requests at each offset."""
        return {key_of(offset): await self._requests(way, offset) for offset in self._offsets}

    async def check(self) -> None:
        """All ways show the same rooms in the same order. Raises RuntimeError."""
        for offset in self._offsets:
            pages = {way: await fetch(self._db, *self._asked(way, offset)) for way in WAYS}
            shown = {way: [row["number"] for row in rows] for way, rows in pages.items()}
            if len(set(map(tuple, shown.values()))) != 1:
                raise RuntimeError(f"at offset {offset} the pages differ: {shown}")

    def _asked(self, way: str, offset: int) -> tuple[Any, ...]:
        match way:
            case "plain":
                return (PLAIN, offset, LIMIT)
            case "covering":
                return (COVERING, offset, LIMIT)
            case "offset":
                return (listing_queries.LISTED, self._user, listing_queries.FIRST, offset, LIMIT)
            case _:
                return (listing_queries.LISTED, self._user, self._numbers[offset], 0, LIMIT)

    async def _requests(self, way: str, offset: int) -> float:
        """Each client holds a connection on which the statement was prepared and planned, as a pool's are after a while."""
        times = TIMES.get(way, 1)
        clients = min(AT_ONCE, int(AT_ONCE * times))
        waiting = iter(range(int(REQUESTS * times)))
        began: list[float] = []
        ready: list[int] = []

        async def client(connection: Connection) -> None:
            for _ in range(WARM):
                await connection.fetch(*self._asked(way, self._offsets[0]))
            ready.append(1)
            while len(ready) < clients:
                await connection.fetchval("SELECT pg_sleep(0.01)")
            began.append(time.perf_counter())
            for _ in waiting:
                await connection.fetch(*self._asked(way, offset), timeout=PATIENCE_S)

        await at_once(lambda _: self._db.read(client), range(clients))
        return (time.perf_counter() - min(began)) / times


class Doors:
    """Rooms made and joined."""

    def __init__(self, db: Postgres, people: list[str]) -> None:
        self._db = db
        self._people = people
        self._services: Any = SimpleNamespace(
            db=db,
            clock=now_ms,
            hash_request=KeyedHash("known to benchmarks", "requests"),
            categories=Categories(db),
        )

    async def measure(self, way: str) -> Figures:
        """Seconds to make so many rooms, to come into each, and to fill each. The rooms are forgotten afterwards."""
        await run(self._db, _TRIGGERS[way])
        owner, second, third = self._people[:3]
        rooms: list[str] = []

        async def make(_: int) -> None:
            wanted = CreateRoom(title="a bench", capacity=3)
            rooms.append((await making.create(self._services, owner, wanted)).id)

        async def join(person: str, room: str) -> None:
            await self._db.transaction(membership.join_within, person, room, 0, membership.ByList(None))

        figures = {
            "make_s": await at_once(make, range(REQUESTS)),
            "join_s": await at_once(lambda room: join(second, room), list(rooms)),
            "fill_s": await at_once(lambda room: join(third, room), list(rooms)),
        }
        for statement in _FORGET:
            await run(self._db, statement)
        await run(self._db, _TRIGGERS["counted"])
        await tallying.fold(self._db)
        return figures


async def at_once(do: Callable[[Any], Awaitable[None]], things: Iterable[Any]) -> float:
    """Do it for each, twenty at a time: seconds in all."""
    waiting = iter(things)

    async def client() -> None:
        for thing in waiting:
            await do(thing)

    began = time.perf_counter()
    async with trio.open_nursery() as nursery:
        for _ in range(AT_ONCE):
            nursery.start_soon(client)
    return time.perf_counter() - began


async def fetch(db: Postgres, statement: str, *arguments: Any) -> list[Any]:
    async def ask(connection: Connection) -> list[Any]:
        return await connection.fetch(statement, *arguments, timeout=PATIENCE_S)

    return await db.read(ask)


async def run(db: Postgres, statement: str) -> None:
    async def ask(connection: Connection) -> None:
        await connection.execute(statement, timeout=600)

    await db.transaction(ask)


async def alternate(
    names: tuple[str, ...], measure: Callable[[str], Awaitable[Figures]], runs: int
) -> Comparison:
    """Measure each in turn, `runs` times over."""
    comparison = Comparison(list(names))
    for number in range(1, runs + 1):
        say(f"run {number} of {runs}: {', '.join(names)}")
        ordered = names if number % 2 else names[::-1]
        comparison.runs.append({name: await measure(name) for name in ordered})
    return comparison


def key_of(offset: int) -> str:
    return f"at_{offset}_s"


@asynccontextmanager
async def opened(options: argparse.Namespace) -> AsyncIterator[Postgres]:
    """The database, filled."""
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder, _server(Path(folder), options) as url:
        async with aio.open_loop(), open_postgres(url, connections=AT_ONCE) as db:
            if not options.filled:
                await migrations.apply(db)
                await crowd.plant(db, options.rooms, Progress("rooms", options.rooms, sys.stderr))
            yield db


@contextmanager
def _server(folder: Path, options: argparse.Namespace) -> Iterator[str]:
    if options.database is not None:
        yield options.database
        return
    folder.chmod(0o711)  # the server may run under another account
    server = Server(folder / "postgres")
    server.start()
    try:
        yield server.url
    finally:
        server.kill()
        server.wipe()


async def measure(options: argparse.Namespace) -> None:
    async with opened(options) as db:
        listed = (await fetch(db, "SELECT total FROM room_place('', false, 0)"))[0]["total"]
        offsets = [int(offset * min(1, (listed - LIMIT) / OFFSETS[-1])) for offset in OFFSETS]
        people = [row["id"] for row in await fetch(db, crowd.FIND_VILLAGERS)]
        numbers = {offset: (await fetch(db, _NUMBER_AT, offset - 1))[0]["number"] for offset in offsets}
        pages = Pages(db, offsets, people[0], numbers)
        await pages.check()
        lists = await alternate(WAYS, pages.measure, options.runs)
        doors = await alternate(("counted", "uncounted"), Doors(db, people).measure, options.runs)
    report(lists, doors, offsets, listed)


def report(lists: Comparison, doors: Comparison, offsets: list[int], listed: int) -> None:
    """The tables and the line of JSON."""
    deepest, nearest = offsets[-1], offsets[0]
    metrics = [
        Metric(key_of(offset), f"{REQUESTS} pages at offset {offset:,}", "s", lower_is_better=True)
        for offset in reversed(offsets)
    ]
    costs = [
        Metric("make_s", f"{REQUESTS} rooms made", "s", lower_is_better=True),
        Metric("join_s", f"{REQUESTS} joined", "s", lower_is_better=True),
        Metric("fill_s", f"{REQUESTS} filled", "s", lower_is_better=True),
    ]
    print(
        f"rooms: {listed:,} listed; {LIMIT} a page, {REQUESTS} requests, {AT_ONCE} at a time; seconds in all"
    )
    print(harness.machine())
    harness.print_table(lists, metrics)
    print()
    harness.print_table(doors, costs)
    flat = {
        way: median(run[way][key_of(deepest)] / run[way][key_of(nearest)] for run in lists.runs)
        for way in WAYS
    }
    print(
        "\nthe deepest page ÷ the nearest: "
        + ", ".join(f"{way} × {ratio:.2f}" for way, ratio in flat.items())
    )
    result = harness.summary("rooms", lists, metrics, "covering")
    result["flat"] = {way: round(ratio, 3) for way, ratio in flat.items()}
    result["doors"] = harness.summary("doors", doors, costs, "uncounted")["figures"]
    print(json.dumps(result, ensure_ascii=False))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rooms", type=int, default=1_000_000, help="how many to fill the database with")
    parser.add_argument("--runs", type=int, default=5, help="of each, in turn")
    parser.add_argument(
        "--database", metavar="URL", help="a database to measure, which is filled and left so"
    )
    parser.add_argument("--filled", action="store_true", help="by an earlier run, with as many rooms")
    options = parser.parse_args()
    try:
        trio.run(measure, options)
    except SetUpError as fault:
        sys.exit(f"PostgreSQL is absent: {fault}")


if __name__ == "__main__":
    main()
