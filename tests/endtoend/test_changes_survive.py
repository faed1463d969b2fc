"""Replicas are killed in the midst of it: no change that was answered is lost, and states are what the log says."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from typing import Any

import msgspec
import trio

from chatd.client.errors import CommandFailed
from chatd.client.room import Room
from common import protocol
from common.mongo import open_mongo
from common.roomlog.log import Log
from common.roomlog.marks import Marks, joined, marks_of
from common.roomlog.states import state_of
from tests.support.world import World, client_of

EMOJI = ["👍", "❤️", "😀"]
MESSAGES = 6
CHANGES = 60  # a person
SAFETY_NET_S = 20  # twice what it may take


async def change(room: Room, chance: random.Random, user: str) -> tuple[str, int, int] | None:
    """One change of somebody: its type, the message and its seq; None when it was refused."""
    of = chance.randint(1, MESSAGES)
    emoji = chance.choice(EMOJI)
    kind = chance.choices(
        ["react", "unreact", "edit", "pin", "unpin", "reply", "delete"], [6, 3, 4, 2, 1, 2, 0.2]
    )[0]
    try:
        match kind:
            case "react":
                sent = await room.react(of, emoji)
            case "unreact":
                sent = await room.unreact(of, emoji)
            case "edit":
                sent = await room.edit(of, f"secret {chance.random()}")
            case "pin":
                sent = await room.pin(of)
            case "unpin":
                sent = await room.unpin(of)
            case "reply":
                sent = await room.send("re", reply_to=of)
            case _:
                sent = await room.delete(of)
    except CommandFailed as refused:
        if refused.code not in {"message_deleted", "not_found", "forbidden"}:
            raise
        return None
    return kind, of, sent.seq


async def test_no_change_that_was_answered_is_lost_when_replicas_are_killed(world: World) -> None:
    mina, jun = world.people(2)
    room_id = world.room(mina, jun)
    a, b = world.replicas(2)
    answered: list[tuple[str, int, int]] = []
    over = trio.Event()

    async def act(room: Room, user: str, seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(CHANGES):
            done = await change(room, chance, user)
            if done is not None:
                answered.append(done)

    async def kill_in_turn() -> None:
        for replica in itertools.cycle((a, b)):
            await trio.sleep(1.2)
            if over.is_set():
                return
            await trio.to_thread.run_sync(replica.kill)
            await trio.to_thread.run_sync(replica.start)

    with trio.fail_after(300):
        async with client_of(mina, a, b, pace=None) as hers, client_of(jun, b, a, pace=None) as his:
            rooms = [await hers.open_room(room_id), await his.open_room(room_id)]
            for number in range(MESSAGES):
                await rooms[0].send(f"secret {number}")
            async with trio.open_nursery() as nursery:
                nursery.start_soon(kill_in_turn)
                async with trio.open_nursery() as acting:
                    for index, (room, person) in enumerate(zip(rooms, (mina, jun), strict=True)):
                        acting.start_soon(act, room, person.id, index)
                        acting.start_soon(act, room, person.id, index + 10)
                over.set()
            events = [event async for event in rooms[0].replay(0, 10**6)]
            _judge(events, answered)
            async with open_mongo(world.mongo_url) as mongo:
                log = Log(mongo)
                await _judge_states(log, room_id, answered)
            # What nobody was told of may be written and not applied yet: the safety net sees to that.
            untold = {event.seq for event in events[MESSAGES:]} - {seq for _, _, seq in answered}
            expected = _states(events, mina.id)
            page = await rooms[0].history(before=MESSAGES + 1, limit=MESSAGES)
            with trio.move_on_after(SAFETY_NET_S if untold else 0):
                while _shown(page) != expected:
                    await trio.sleep(0.2)
                    page = await rooms[0].history(before=MESSAGES + 1, limit=MESSAGES)
            assert _shown(page) == expected
    async with open_mongo(world.mongo_url) as mongo:
        stored = await Log(mongo).after(room_id, 0, upto=10**6, most=10**6)
    gone = {state.seq for state in page.states if state.deleted}
    for document in stored:
        if document["seq"] in gone or (document["type"] == "message.edited" and document["of"] in gone):
            assert document["text"] == "", "what was deleted is erased"


def _judge(events: list[protocol.AnyEvent], answered: list[tuple[str, int, int]]) -> None:
    assert [event.seq for event in events] == list(range(1, len(events) + 1)), "dense"
    by_seq: dict[int, Any] = {event.seq: msgspec.to_builtins(event) for event in events}
    for kind, of, seq in answered:
        event = by_seq[seq]
        assert event["reply_to" if kind == "reply" else "of"] == of, (kind, event)


async def _judge_states(log: Log, room: str, answered: list[tuple[str, int, int]]) -> None:
    """What was answered is in the states of the messages, at once and in the store."""
    held = await log.states.marks((room, seq) for seq in range(1, MESSAGES + 1))
    replies: Counter[int] = Counter()
    for kind, of, seq in set(answered):
        if kind == "reply":
            replies[of] += 1
        else:
            marks = marks_of((await log.at(room, [seq]))[seq])
            assert joined(held[room, of], marks) == held[room, of], (kind, of, seq)
    for of, count in replies.items():
        assert held[room, of]["replies"] >= count, of


def _states(events: list[protocol.AnyEvent], reader: str) -> dict[int, protocol.State]:
    """What each message has become, by the events alone."""
    by_seq: dict[int, Any] = {event.seq: msgspec.to_builtins(event) for event in events}
    made: dict[int, Marks] = {seq: {} for seq in range(1, MESSAGES + 1)}
    for event in by_seq.values():
        if "of" in event and event["type"] != "void":
            made[event["of"]] = joined(made[event["of"]], marks_of(event))
        elif "reply_to" in event:
            of = event["reply_to"]
            made[of] |= {"replies": made[of].get("replies", 0) + 1, "replied": event["seq"]}
    return {seq: state_of(seq, marks, by_seq, reader) for seq, marks in made.items()}


def _shown(page: protocol.Page) -> dict[int, protocol.State]:
    """What each message has become, by the page."""
    shown = {state.seq: state for state in page.states}
    return {seq: shown.get(seq, protocol.State(seq=seq)) for seq in range(1, MESSAGES + 1)}
