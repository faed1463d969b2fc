"""What the log's server takes by itself: `insert_many` of the documents that sends become, and nothing else.

    python -m tests.bench.inserting < JOB > RESULT        both JSON, one object

The documents are copies of one that a replica stored. Each client is a process with one insert under way, as a replica has;
the collection has the log's own indexes.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from typing import Any, Final

import pymongo
import trio

from common.ids import uuid7
from common.mongo import open_mongo
from common.roomlog.log import Log
from common.roomlog.position import key_of
from tests.bench.harness import Figures

DATABASE: Final = "madang"


@dataclass(frozen=True)
class Job:
    """Where the documents are taken from, where they go, and how many an insert."""

    source: str
    target: str
    batches: list[int]
    clients: list[int]
    seconds: float


def run(job: Job) -> Figures:
    """`inserts_per_s_C_B`: documents a second with C clients and batches of B; `best_per_s` is the best of them."""
    with pymongo.MongoClient[dict[str, Any]](job.source) as client:
        document = client.get_default_database(DATABASE).events.find_one()
    if document is None:
        raise RuntimeError("there is no event to copy")
    trio.run(prepare, job.target)
    figures = {
        f"inserts_per_s_{clients}_{batch}": rate(job, document, clients, batch)
        for clients in job.clients
        for batch in job.batches
    }
    return figures | {"best_per_s": max(figures.values())}


async def prepare(url: str) -> None:
    """The log's collections and their indexes."""
    async with open_mongo(url) as mongo:
        await Log(mongo).prepare()


def rate(job: Job, document: dict[str, Any], clients: int, batch: int) -> float:
    """Documents a second, all clients together."""
    context, pipes = multiprocessing.get_context("fork"), []
    for _ in range(clients):
        ours, theirs = multiprocessing.Pipe()
        context.Process(target=insert, args=(job, document, batch, theirs), daemon=True).start()
        theirs.close()
        pipes.append(ours)
    for pipe in pipes:
        pipe.recv()
    for pipe in pipes:
        pipe.send(None)
    rates: list[float] = [pipe.recv() for pipe in pipes]
    return sum(rates)


def insert(job: Job, document: dict[str, Any], batch: int, pipe: Connection) -> None:
    """One client: says when it is ready, waits for the word, and tells its rate."""
    with pymongo.MongoClient[dict[str, Any]](job.target, w="majority") as client:
        events, room, seqs = client.get_default_database(DATABASE).events, uuid7(), count(1)

        def documents() -> list[dict[str, Any]]:
            return [
                document | {"_id": key_of(room, seq), "room": room, "seq": seq, "client_id": f"insert-{seq}"}
                for seq, _ in zip(seqs, range(batch), strict=False)
            ]

        events.insert_many(documents(), ordered=False)
        pipe.send(None)
        pipe.recv()
        stored, began = 0, time.monotonic()
        while time.monotonic() - began < job.seconds:
            stored += len(events.insert_many(documents(), ordered=False).inserted_ids)
        pipe.send(stored / (time.monotonic() - began))


def main() -> None:
    print(json.dumps(run(Job(**json.loads(sys.stdin.read())))), flush=True)


if __name__ == "__main__":
    main()
