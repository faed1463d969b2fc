"""A replica that is asked to stop sends everybody on, keeps every promise, and ends with nothing lost."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import AsyncExitStack
from typing import Any

import pytest
import trio

from common.ids import uuid7
from tests.support.promptly import within
from tests.support.rawsocket import Raw, open_raw, request
from tests.support.visit import say, saying, visit
from tests.support.world import Replica, World


def ask_to_stop(replica: Replica) -> None:
    os.kill(replica.pid, signal.SIGTERM)


async def ended(replica: Replica) -> int:
    """Its exit status, once it has ended."""
    return await trio.to_thread.run_sync(replica.wait)


async def test_clients_are_told_when_to_come_back_and_then_closed(shared_world: World) -> None:
    people = shared_world.people(8)
    (replica,) = await trio.to_thread.run_sync(lambda: shared_world.replicas(1, CHATD_DRAIN_SECONDS="1"))
    visits: list[Raw] = []
    waits: list[int] = []

    async def stay(person: Any, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        async with visit(replica, person) as raw:
            visits.append(raw)
            task_status.started()
            waits.append((await raw.hears("reconnect"))["after_ms"])
            assert await raw.ends() == (4001, "draining")

    async with trio.open_nursery() as nursery:
        for person in people:
            await nursery.start(stay, person)
        ask_to_stop(replica)
    assert len(set(waits)) > 4
    assert all(0 <= wait <= 1000 for wait in waits)
    assert await ended(replica) == 0
    assert not replica.logged("contained failure")
    assert "Traceback" not in replica.log.read_text()


async def test_from_the_first_moment_nobody_new_is_let_in(shared_world: World) -> None:
    mina, jun = shared_world.people(2)
    (replica,) = await trio.to_thread.run_sync(lambda: shared_world.replicas(1, CHATD_DRAIN_SECONDS="600"))
    async with AsyncExitStack() as stack, open_raw(replica.port) as half_way:
        devices = [await stack.enter_async_context(visit(replica, mina)) for _ in range(5)]
        await half_way.shake_hands()
        ask_to_stop(replica)
        waits = [(await device.hears("reconnect"))["after_ms"] for device in devices]
        status, body = await trio.to_thread.run_sync(replica.private, "/readyz")
        assert (status, '"serving":false' in body) == (503, True)
        assert (await trio.to_thread.run_sync(replica.private, "/healthz"))[0] == 200
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", replica.port))
        await devices[waits.index(max(waits))].ok("ping")  # who is in is still served, until it is their turn
        await half_way.say({"type": "hello", "token": jun.token()})
        assert await half_way.ends() == (4001, "draining")
    assert await ended(replica) == 0


async def test_what_was_answered_before_the_end_is_in_the_log(shared_world: World) -> None:
    people = shared_world.people(4)
    room = shared_world.room(*people)
    going, staying = await trio.to_thread.run_sync(
        lambda: shared_world.replicas(
            2, CHATD_DRAIN_SECONDS="0.5", CHATD_COMMAND_RATE="100000", CHATD_COMMAND_BURST="100000"
        )
    )
    answered: dict[str, int] = {}

    async def talk(person: Any, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        async with visit(going, person) as raw:
            while True:
                name = uuid7()
                await raw.say({"type": "message.send", "id": name, **saying(room, name, name)})
                while (
                    (found := await raw.frame()) is not None
                    and found.opcode == 1
                    and b'"reply"' not in found.payload
                ):
                    pass
                if found is None or found.opcode != 1:
                    return
                answered[name] = int(found.payload.partition(b'"seq":')[2].partition(b",")[0])
                task_status.started()
                task_status = trio.TASK_STATUS_IGNORED

    async with trio.open_nursery() as nursery:
        for person in people:
            await nursery.start(talk, person)
        ask_to_stop(going)
    assert await ended(going) == 0
    assert len(answered) >= 4
    async with visit(staying, people[0]) as raw:
        seq = 0
        more = True
        stored: dict[str, int] = {}
        while more:
            page = await raw.ok("history.page", room=room, after=seq, limit=100)
            stored |= {event["text"]: event["seq"] for event in page["events"]}
            seq, more = page["events"][-1]["seq"], page["more"]
        assert answered.items() <= stored.items()
        assert sorted(stored.values()) == list(range(1, len(stored) + 1))


async def test_a_peer_that_does_not_leave_does_not_hold_it_up(shared_world: World) -> None:
    mina, jun = shared_world.people(2)
    (replica,) = await trio.to_thread.run_sync(lambda: shared_world.replicas(1, CHATD_DRAIN_SECONDS="0"))
    async with visit(replica, mina), visit(replica, jun), open_raw(replica.port) as silent:
        await silent.send(request()[:-2])
        ask_to_stop(replica)
        with within(8):
            assert await ended(replica) == 0


async def test_a_replica_without_clients_is_gone_at_once(shared_world: World) -> None:
    (replica,) = await trio.to_thread.run_sync(lambda: shared_world.replicas(1, CHATD_DRAIN_SECONDS="3"))
    ask_to_stop(replica)
    with within(2):
        assert await ended(replica) == 0


async def test_who_was_sent_on_misses_nothing(shared_world: World) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    going, staying = await trio.to_thread.run_sync(lambda: shared_world.replicas(2, CHATD_DRAIN_SECONDS="0"))
    async with visit(staying, mina, room) as m:
        async with visit(going, jun) as j:
            here = (await j.ok("room.open", room=room))["position"]
            ask_to_stop(going)
            assert await j.ends() == (4001, "draining")
        await say(m, room, "while away")
        async with visit(staying, jun, resume={room: here}) as j:
            assert (await j.hears("message"))["text"] == "while away"
    assert await ended(going) == 0
