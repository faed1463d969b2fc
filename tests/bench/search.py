"""Search in rooms of a million messages: how long a page takes, and what the index costs.

    .venv/bin/python tests/bench/search.py
    .venv/bin/python tests/bench/search.py --messages 100000 --mongo mongodb://127.0.0.1:27017/bench
    .venv/bin/python tests/bench/search.py --messages 100000 --mongo mongodb://127.0.0.1:27017/bench --filled

Fills one room with all the messages, and as many rooms of a thousand with as many again; indexes them as chatd would; asks
for terms that are common, rare and absent, in Korean and English; prints a table of p50 and p95 and, as its last line,
one JSON object. Without `--mongo` it starts the stand-in of development in a folder that goes with it; `--filled`
measures again what an earlier run filled. `--plan` only tells which index serves each query on MongoDB, and why.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import bson
import trio

from common.mongo import Mongo, open_mongo
from common.roomlog.index import Index, Indexing
from common.roomlog.log import Log
from common.roomlog.position import key_of
from common.roomlog.search import Search
from deploy.embedded.errors import SetUpError
from deploy.embedded.mongo import Mongo as Server
from tests.bench import harness
from tests.bench.harness import say
from tests.bench.talk import Talk

BATCH: Final = 2048  # messages of one insert or page
SMALL_ROOM: Final = 1000
LONG_AGO: Final = 1_700_000_000_000
_ROOMS: Final = UUID("01930000-0000-7000-8000-000000000000")  # their ids are made of it
RARE: Final = {"ko": "수박화채", "en": "Watermelon"}  # said ten times in all
PLAN: Final = """\
Which index serves what on MongoDB. All keys are text that sorts as it should, so every query below is a run, or a set of
points, of the one index that each collection always has, `_id`; none sorts in memory, none reads what it does not need.

  the newest messages    events.find {_id: {$in: ["<room>:<seq>", …]}} for every seq of the newest block → IXSCAN of `_id`
                         with point bounds that are neighbours, at most 544 keys, 256 documents on average.
  candidates of words    grams.find {_id: {$in: ["<room>:<level>:<bucket>:<first seq>", …]}} → IXSCAN of `_id` with
                         point bounds: one seek a needle and segment, at most 8 needles × (64 blocks + 64 spans) and 4 to
                         8 spans in the first question; keys that are not there cost a seek and no document. The spans
                         of one bucket are neighbours in the index.
  the messages found     events.find {_id: {$in: ["<room>:<seq>", …]}} → the same, one seek and one document a candidate,
                         at most 256 at once.
  what became of them    states.find {_id: {$in: […]}} → the same; mostly keys that are not there.

No query touches the events' second index (room, sender, client_id): each names `_id` alone, and the planner has one choice.
A page takes 3 to 6 round trips whatever the room's size; a million messages more add 31 seeks a needle to a search that
has to go all the way."""


@dataclass(frozen=True)
class Row:
    """A term, asked many times."""

    where: str
    term: str
    text: str
    seconds: list[float]
    hits: int
    whole: bool  # whether one page went all the way

    def quantile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Bench:
    """The rooms, and who searches them."""

    def __init__(self, mongo: Mongo, messages: int) -> None:
        self.mongo = mongo
        self.messages = messages
        self.log = Log(mongo)
        self.index = Index(mongo)
        self.search = Search(self.log, self.index)
        self.talk = Talk(7)
        self.large, *self.small = (str(uuid5(_ROOMS, str(n))) for n in range(1 + messages // SMALL_ROOM))

    async def cost(self, *, filled: bool) -> dict[str, float]:
        """Fill all rooms, unless that was done, and index what is not; what that costs a message."""
        filling = 0.0 if filled else await self.fill()
        indexed, cpu = await self.index_all()
        documents, size = await self.size()
        said = 2 * self.messages
        return {
            "insert_us": 1e6 * filling / said,
            "index_us": 1e6 * indexed / said,
            "index_cpu_us": 1e6 * cpu / said,
            "index_bytes": size / said,
            "index_documents": documents / said,
        }

    async def fill(self) -> float:
        """Say everything; seconds."""
        await self.log.prepare()
        start = time.monotonic()
        await self._say(self.large, self.messages, self.messages // 10)
        say("the large room is full")
        for number, room in enumerate(self.small, 1):
            await self._say(room, SMALL_ROOM, SMALL_ROOM if number % (len(self.small) // 10 or 1) == 0 else 0)
            if number % 100 == 0:
                say(f"{number:,} of {len(self.small):,} small rooms are full")
        return time.monotonic() - start

    async def _say(self, room: str, count: int, rare_every: int) -> None:
        texts = self.talk.messages(count)
        for first in range(1, count + 1, BATCH):
            documents = [
                _message(room, seq, text + (_rare(seq) if rare_every and seq % rare_every == 0 else ""))
                for seq, text in enumerate(islice(texts, BATCH), first)
            ]
            await self.mongo.run(self.mongo.database.events.insert_many, documents, ordered=False)
            if first % (50 * BATCH) == 1 and first > 1:
                say(f"{first - 1:,} of {count:,} messages")

    async def index_all(self) -> tuple[float, float]:
        """Index what chatd would have by now; seconds in all, and of them those of the processor."""
        start, cpu = time.monotonic(), time.process_time()
        await self._index(self.large, self.messages)
        say("the large room is indexed")
        for room in self.small:
            await self._index(room, SMALL_ROOM)
        return time.monotonic() - start, time.process_time() - cpu

    async def _index(self, room: str, head: int) -> None:
        layout = self.index.layout
        spans_end = head + 1 - (head + 1) % layout.span
        spans = [layout.span_at(first) for first in range(0, spans_end, layout.span)]
        blocks = [layout.block_at(first) for first in range(spans_end, head + 2 - layout.block, layout.block)]
        for number, segment in enumerate(await self.index.missing(room, [*spans, *blocks]), 1):
            indexing = Indexing(room, segment, layout)
            for first in range(segment.first, segment.end, BATCH):
                upto = min(first + BATCH, segment.end) - 1
                documents = await self.log.after(room, first - 1, upto=upto, most=BATCH)
                await trio.to_thread.run_sync(indexing.read, documents)
            await self.index.add(indexing)
            if number % 10 == 0:
                say(f"{number} of {len(spans) + len(blocks)} segments are indexed")

    async def ask(self, where: str, rooms: Sequence[str], term: str, text: str, times: int) -> Row:
        """Ask for the first page of `text`, in one room after another."""
        seconds, hits, whole = [], 0, True
        for number in range(times):
            room = rooms[number % len(rooms)]
            head = self.messages if room == self.large else SMALL_ROOM
            start = time.perf_counter()
            found = await self.search.find(room, text, head=head, most=20)
            seconds.append(time.perf_counter() - start)
            hits = max(hits, len(found.hits))
            whole = whole and (found.next is None or len(found.hits) == 20)
        return Row(where, term, text, seconds, hits, whole)

    async def size(self) -> tuple[int, int]:
        """How many documents the index has, and how many bytes as BSON."""

        def read() -> tuple[int, int]:
            count = size = 0
            for document in self.mongo.database.grams.find({}):
                count, size = count + 1, size + len(bson.encode(document))
            return count, size

        return await self.mongo.run(read)


def _message(room: str, seq: int, text: str) -> dict[str, Any]:
    return {
        "_id": key_of(room, seq), "type": "message", "room": room, "sender": "01930000-0000-7000-8000-000000000001",
        "client_id": f"bench-{seq}", "text": text, "seq": seq, "mseq": seq, "at": LONG_AGO + seq,
    }  # fmt: skip


def _rare(seq: int) -> str:
    return f" 여름엔 {RARE['ko']}가 최고" if seq % 2 else f" some {RARE['en']}s, please {RARE['ko']}"


def terms_of(talk: Talk) -> Iterator[tuple[str, str]]:
    """What is asked for."""
    yield "common, ko", talk.korean[0]
    yield "common, en", talk.english[0]
    yield "in some, ko", talk.korean[900]
    yield "in some, en", talk.english[900]
    yield "two words, ko", f"{talk.korean[100]} {talk.korean[140]}"
    yield "rare, ko", RARE["ko"]
    yield "rare, en", RARE["en"].lower()
    yield "rare, a part", "박화"
    yield "absent, ko", "뷁쀍쫣"
    yield "absent, of common syllables", f"{talk.korean[0]}{talk.korean[1]}{talk.korean[2]}"
    yield "absent, of common letters", f"{talk.english[0]}{talk.english[1]}{talk.english[2]}"
    yield "one syllable", talk.korean[0][0]


@asynccontextmanager
async def opened(url: str | None) -> AsyncIterator[Mongo]:
    """The store that is measured."""
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder, _server(Path(folder), url) as found:
        async with open_mongo(found) as mongo:
            yield mongo


@contextmanager
def _server(folder: Path, url: str | None) -> Iterator[str]:
    if url is not None:
        yield url
        return
    server = Server(folder / "mongo")
    server.start()
    try:
        yield server.url
    finally:
        server.kill()


async def measure(options: argparse.Namespace) -> None:
    async with opened(options.mongo) as mongo:
        bench = Bench(mongo, options.messages)
        cost = await bench.cost(filled=options.filled)
        rows = []
        for where, rooms in (("one room", [bench.large]), ("many rooms", bench.small)):
            for term, text in terms_of(bench.talk):
                rows.append(await bench.ask(where, rooms, term, text, options.times))
                say(f"{where}: {term}")
    report(rows, options, cost)


def report(rows: Sequence[Row], options: argparse.Namespace, cost: dict[str, float]) -> None:
    """The table, what the index costs, and the line of JSON."""
    print(
        f"search: {options.messages:,} messages in one room, as many in rooms of {SMALL_ROOM:,}; {options.times} times each"
    )
    print(harness.machine())
    print(f"{'where':<11} {'term':<28} {'p50 ms':>8} {'p95 ms':>8}  {'hits':>4}  on one page")
    for row in rows:
        ending = "all" if row.whole else "not all: goes on with `next`"
        print(
            f"{row.where:<11} {row.term:<28} {row.quantile(0.5):>8.1f} {row.quantile(0.95):>8.1f}  {row.hits:>4}  {ending}"
        )
    if cost:
        print(
            f"a message: {cost['insert_us']:.0f} µs to store; {cost['index_us']:.0f} µs to index, {cost['index_cpu_us']:.0f} µs of "
            f"them our processor's; {cost['index_bytes']:.0f} bytes and {cost['index_documents']:.3f} documents of index"
        )
    slowest = max(row.quantile(0.95) for row in rows)
    figures = {
        f"{row.where}, {row.term}": [round(row.quantile(0.5), 2), round(row.quantile(0.95), 2)]
        for row in rows
    }
    print(
        json.dumps(
            {"bench": "search", "unit": "ms", "ours": round(slowest, 2), "cost": cost, "figures": figures},
            ensure_ascii=False,
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--messages", type=int, default=1_000_000, help="in the one room; at least 10,000")
    parser.add_argument("--times", type=int, default=40, help="that each term is asked for")
    parser.add_argument("--mongo", metavar="URL", help="a MongoDB to measure, which is filled and left so")
    parser.add_argument("--filled", action="store_true", help="by an earlier run, with as many messages")
    parser.add_argument("--plan", action="store_true", help="only tell which index serves each query")
    options = parser.parse_args()
    if not options.plan:
        try:
            trio.run(measure, options)
        except SetUpError as fault:
            sys.exit(f"the stand-in is absent: {fault}")
    print(PLAN, file=sys.stdout if options.plan else sys.stderr)


if __name__ == "__main__":
    main()
