"""A storm: people talk over both replicas, something breaks in the middle, they go on until everything is answered.

Records what the checker needs. Who sends waits for nothing but the answer; who reads takes what comes, loads the room
anew after a reset, and stops at the head of the log.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pymongo
import redis
import trio

from chatd.client import Client, Room
from common.ids import uuid7
from common.protocol import AnyEvent, Reset, Sent
from common.roomlog.position import SHARDS
from tests.faults.checker import Begin, Document, Name, View, Violation, check
from tests.faults.control import join
from tests.faults.stage import Stage
from tests.support.world import Person, client_of

SENDERS = 4
READERS = 2
JOINERS = 3  # who become members meanwhile, through control
PAUSE_S = 0.03  # between two messages of one sender, on average
AGAIN = 5  # of each sender's messages are sent again after the fault, as by one who missed the answer
PATIENCE_S = 90

in_thread = trio.to_thread.run_sync

Fault = Callable[[Stage, Random], Awaitable[None]]


@dataclass
class Outcome:
    """What became of one storm."""

    answered: int
    resets: int
    seconds: float
    violations: list[Violation]


@dataclass
class Record:
    """What was said and seen in one room."""

    room: str
    answers: dict[Name, list[Sent]] = field(default_factory=lambda: defaultdict(list))
    said: list[tuple[Name, str]] = field(default_factory=list)
    views: dict[str, list[Begin | AnyEvent]] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)
    resets: int = 0


async def storm(stage: Stage, fault: Fault, *, seed: int, messages: int) -> Outcome:
    """Let `SENDERS` people say `messages` each while `fault` happens at a moment that `seed` decides."""
    chance = Random(seed)
    people = await in_thread(stage.world.people, SENDERS + READERS)
    joiners = await in_thread(stage.world.people, JOINERS)
    record = Record(await in_thread(stage.world.room, *people))
    stage.breaks.clear()
    began = time.monotonic()
    with trio.fail_after(PATIENCE_S):
        async with trio.open_nursery() as nursery:
            ready: list[tuple[Name, Room]] = []
            for person in people:
                rng = Random(chance.random())
                ready.append(await nursery.start(_attend, stage, record, person, rng))
            async with trio.open_nursery() as work:
                for sender, room in ready[:SENDERS]:
                    work.start_soon(_talk, record, sender, room, messages, Random(chance.random()))
                for joiner in joiners:
                    work.start_soon(_join, stage, record, joiner, chance.uniform(0, 1) * messages * PAUSE_S)
                await trio.sleep(chance.uniform(0.2, 1) * messages * PAUSE_S)
                await fault(stage, chance)
            if (
                chance.random() < 0.5
            ):  # or silence: who listens must learn of a loss without another word being said
                async with trio.open_nursery() as work:
                    for sender, room in ready[:SENDERS]:
                        work.start_soon(_repeat, record, sender, room, Random(chance.random()))
            await _settled(stage, record)
            with trio.fail_after(20):
                await _look_back(stage, record, people[0])
            documents = await in_thread(_documents, stage, record.room)
            nursery.cancel_scope.cancel()
    violations = check(
        answers=record.answers,
        views=[View(reader, seen) for reader, seen in record.views.items()],
        documents=documents,
        joined=record.joined,
        breaks=stage.breaks,
    )
    return Outcome(len(record.answers), record.resets, time.monotonic() - began, violations)


# --- people -----------------------------------------------------------------------------------------------------------


async def _attend(
    stage: Stage,
    record: Record,
    person: Person,
    rng: Random,
    *,
    task_status: trio.TaskStatus[tuple[str, Room]],
) -> None:
    """Be in the room over both replicas, and note what is seen there."""
    async with client_of(person, *stage.replicas, pace=None, rng=rng) as client:
        room = await client.open_room(record.room)
        task_status.started((person.id, room))
        await _watch(record, person.nickname, client, room)


async def _watch(record: Record, reader: str, client: Client, room: Room) -> None:
    assert room.position is not None
    seen = record.views[reader] = [Begin(room.position.seq)]
    while True:
        event = await room.next_event()
        if isinstance(event, Reset):
            record.resets += 1
            seen.append(Begin(0))
            async for past in room.replay(0, event.position.seq):
                seen.append(past)  # noqa: PERF401 - what was read before a cancellation is not to be lost
        else:
            seen.append(event)


async def _talk(record: Record, sender: str, room: Room, messages: int, chance: Random) -> None:
    async with trio.open_nursery() as under_way:
        for number in range(messages):
            await trio.sleep(chance.expovariate(1 / PAUSE_S))
            name, text = Name(sender, uuid7()), f"{number} of {sender}"
            record.said.append((name, text))
            under_way.start_soon(_say, record, room, name, text)


async def _say(record: Record, room: Room, name: Name, text: str) -> None:
    record.answers[name].append(await room.send(text, client_id=name.client_id))


async def _repeat(record: Record, sender: str, room: Room, chance: Random) -> None:
    """Send some messages again, each as often as somebody with a bad connection might."""
    mine = [(name, text) for name, text in record.said if name.sender == sender]
    for name, text in chance.sample(mine, AGAIN) * 2:
        await _say(record, room, name, text)


async def _join(stage: Stage, record: Record, person: Person, after_s: float) -> None:
    await trio.sleep(after_s)
    await join(stage.control, person, record.room)
    record.joined.append(person.id)


async def _look_back(stage: Stage, record: Record, person: Person) -> None:
    """Read all of the room as one who comes later does."""
    async with client_of(person, *stage.replicas) as client:
        room = await client.open_room(record.room)
        assert room.position is not None
        record.views["who came later"] = [
            Begin(0),
            *[event async for event in room.replay(0, room.position.seq)],
        ]


# --- the end ----------------------------------------------------------------------------------------------------------


async def _settled(stage: Stage, record: Record) -> None:
    """Return once nothing is on its way to the room's log and every reader has seen all of it, or time is up."""
    with trio.move_on_after(20):
        while not await in_thread(_is_settled, stage, record):  # noqa: ASYNC110 - of other processes
            await trio.sleep(0.1)


def _is_settled(stage: Stage, record: Record) -> bool:
    with redis.Redis.from_url(stage.world.redis_url) as client:
        if any(client.zcard(f"{{s{shard}}}:unlogged") for shard in range(SHARDS)):
            return False
    documents = _documents(stage, record.room)
    told = {document.get("user") for document in documents}
    return told.issuperset(record.joined) and all(
        _seen_to(seen) == len(documents) for seen in record.views.values()
    )


def _seen_to(seen: list[Begin | AnyEvent]) -> int:
    last = seen[-1]
    return last.after if isinstance(last, Begin) else last.seq


def _documents(stage: Stage, room: str) -> list[Document]:
    with pymongo.MongoClient[dict[str, Any]](stage.world.mongo_url) as client:
        return list(client.get_default_database().events.find({"room": room}))
