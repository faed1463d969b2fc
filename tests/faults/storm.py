"""A storm: people talk over both replicas, something breaks in the middle, they go on until everything is answered.

Records what the checker needs. Who sends waits for nothing but the answer; who reads takes what comes, loads the room
anew after a reset, and stops at the head of the log.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pymongo
import trio

from chatd.client import Room
from common.ids import uuid7
from common.protocol import AnyEvent, Reset, Sent
from common.roomlog.position import SHARDS
from tests.faults.checker import Begin, Changed, Document, Name, View, Violation, check
from tests.faults.control import join
from tests.faults.stage import Stage
from tests.faults.wire import WireReader
from tests.support.redis import open_client
from tests.support.world import Person, client_of

SENDERS = 4
READERS = 2
JOINERS = 3  # who become members meanwhile, through control
AGAIN = 5  # of each sender's messages are sent again after the fault, as by one who missed the answer
CHANGES = 0.2  # for each message one of these: an edit, or a reaction
EMOJI = ("👍", "❤️", "🎉")
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
    senders: dict[Room, str] = field(default_factory=dict)
    changes: list[Changed] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)  # by client_id
    views: dict[str, list[Begin | AnyEvent]] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)
    resets: int = 0


@dataclass(frozen=True)
class Weather:
    """How a storm is to be: `messages` of each sender, `pause_s` apart on average, chance by `seed`."""

    seed: int
    messages: int = 60
    pause_s: float = 0.03

    @property
    def lasts_s(self) -> float:
        return self.messages * self.pause_s


async def storm(stage: Stage, fault: Fault, weather: Weather) -> Outcome:
    """Let people talk while `fault` happens, at a moment that chance decides, and judge what became of it."""
    chance = Random(weather.seed)
    people = await in_thread(stage.world.people, SENDERS + READERS + 1)
    record = Record(await in_thread(stage.world.room, *people))
    stage.breaks.clear()
    stage.room = record.room
    began = time.monotonic()
    with trio.fail_after(PATIENCE_S):
        async with trio.open_nursery() as present:
            senders = await _gather(stage, record, people, chance, present)
            await _rage(stage, record, senders, fault, weather, chance)
            if (
                chance.random() < 0.5
            ):  # or silence: who listens must learn of a loss though nobody says another word
                await _repeat(record, senders, chance)
            await _settled(stage, record)
            await _look_back(stage, record, people[0])
            documents = await in_thread(_documents, stage, record.room)
            present.cancel_scope.cancel()
    violations = check(
        answers=record.answers,
        views=[View(reader, seen) for reader, seen in record.views.items()],
        documents=documents,
        changes=record.changes,
        joined=record.joined,
        breaks=stage.breaks,
    )
    return Outcome(len(record.answers), record.resets, time.monotonic() - began, violations)


async def _gather(
    stage: Stage, record: Record, people: Sequence[Person], chance: Random, present: trio.Nursery
) -> list[Room]:
    """Everybody is in the room, and stays there in the nursery `present`; those who will talk."""
    wire = WireReader(people[-1], record.room)
    record.views["who reads the wire"] = wire.seen
    await present.start(wire.run, stage, Random(chance.random()))
    rooms: list[Room] = [
        await present.start(_attend, stage, record, person, Random(chance.random())) for person in people[:-1]
    ]
    return rooms[:SENDERS]


async def _rage(
    stage: Stage, record: Record, senders: Sequence[Room], fault: Fault, weather: Weather, chance: Random
) -> None:
    """People talk and join, the fault happens, and all of it comes to its end."""
    joiners = await in_thread(stage.world.people, JOINERS)
    async with trio.open_nursery() as nursery:
        for number, room in enumerate(senders):
            nursery.start_soon(_talk, record, number, room, weather, Random(chance.random()))
        for joiner in joiners:
            nursery.start_soon(_join, stage, record, joiner, chance.uniform(0, weather.lasts_s))
        await trio.sleep(chance.uniform(0.2, 1) * weather.lasts_s)
        await fault(stage, chance)


# --- people -----------------------------------------------------------------------------------------------------------


async def _attend(
    stage: Stage,
    record: Record,
    person: Person,
    rng: Random,
    *,
    task_status: trio.TaskStatus[Room],
) -> None:
    """Be in the room over both replicas, and note what is seen there."""
    async with client_of(person, *stage.replicas, pace=None, rng=rng) as client:
        room = await client.open_room(record.room)
        record.senders[room] = person.id
        task_status.started(room)
        await _watch(record, person.nickname, room)


async def _watch(record: Record, reader: str, room: Room) -> None:
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


async def _talk(record: Record, number: int, room: Room, weather: Weather, chance: Random) -> None:
    async with trio.open_nursery() as under_way:
        for count in range(weather.messages):
            await trio.sleep(chance.expovariate(1 / weather.pause_s))
            under_way.start_soon(_say, record, room, uuid7(), f"{count} of sender {number}")
            if record.answers and chance.random() < CHANGES:
                under_way.start_soon(_change, record, room, chance)


async def _say(record: Record, room: Room, client_id: str, text: str) -> None:
    answer = await room.send(text, client_id=client_id)
    record.answers[Name(record.senders[room], client_id)].append(answer)
    record.texts[client_id] = text


async def _change(record: Record, room: Room, chance: Random) -> None:
    """Edit something of one's own, or react to what anybody said."""
    own = [name for name in record.answers if name.sender == record.senders[room]]
    if own and chance.random() < 0.5:
        (of, *_), kind = record.answers[chance.choice(own)], "message.edited"
        answer = await room.edit(of.seq, "said better")
    else:
        (of, *_), kind = record.answers[chance.choice(list(record.answers))], "reaction"
        answer = await room.react(of.seq, chance.choice(EMOJI))
    record.changes.append(Changed(record.senders[room], kind, answer))


async def _repeat(record: Record, senders: Sequence[Room], chance: Random) -> None:
    """Each sends some messages again, and again, as somebody with a bad connection might."""
    async with trio.open_nursery() as nursery:
        for room in senders:
            mine = [name.client_id for name in record.answers if name.sender == record.senders[room]]
            nursery.start_soon(_say_again, record, room, chance.sample(mine, AGAIN))


async def _say_again(record: Record, room: Room, client_ids: Sequence[str]) -> None:
    for client_id in [*client_ids, *client_ids]:
        await _say(record, room, client_id, record.texts[client_id])


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
    with trio.move_on_after(PATIENCE_S / 2):
        while not await in_thread(_is_settled, stage, record):  # noqa: ASYNC110 - of other processes
            await trio.sleep(0.1)


def _is_settled(stage: Stage, record: Record) -> bool:
    with open_client(stage.world.redis_url) as client:
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
