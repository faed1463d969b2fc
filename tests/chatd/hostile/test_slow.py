"""Peers that do not read, hardly send, or are gone without a word: each is ended in time, and holds back nobody."""

from __future__ import annotations

import socket

import msgspec
import trio

from chatd.connection import SILENCE
from chatd.transport import OUTBOX_BYTES
from common import limits
from common.ids import uuid7
from common.units import KIB, MIB
from tests.chatd.hostile.conftest import becomes, greet, open_room
from tests.support.rawsocket import CLOSE, PATIENCE, PING, TEXT, Raw, command, frame, open_raw
from tests.support.world import Person, Replica, World

TEXT_4000 = "흙" * 4000  # 12,000 bytes of UTF-8


async def talk(raw: Raw, room: str, times: int) -> None:
    """Say something long so many times, each once the one before is stored."""
    for number in range(times):
        reply = await raw.asks(
            "message.send", id=f"said {number}", room=room, client_id=uuid7(), text=TEXT_4000
        )
        assert "ok" in reply, reply


async def test_who_never_reads_is_ended_and_the_others_hear_everything(
    unlimited: Replica, shared_world: World
) -> None:
    mina, *stuck = shared_world.people(6)
    room = shared_world.room(mina, *stuck)
    before = await trio.to_thread.run_sync(unlimited.resident_bytes)
    slow = await trio.to_thread.run_sync(slow_consumers, unlimited)
    async with open_raw(unlimited.port) as good, trio.open_nursery() as nursery:
        await greet(good, mina)
        await open_room(good, room)
        for person in stuck:
            await nursery.start(never_read, unlimited, person, room)
        for number in range(300):  # 3.6 MB for each
            await good.say({"type": "message.send", "room": room, "client_id": uuid7(), "text": TEXT_4000})
            assert (await good.hears("message"))["seq"] == number + 1
        await becomes(1, lambda: unlimited.metric("madang_chatd_connections"))
        grown = await trio.to_thread.run_sync(unlimited.resident_bytes) - before
        assert (
            grown < 40 * MIB + len(stuck) * OUTBOX_BYTES
        )  # of which the hub may keep 32 MiB of recent events
        await becomes(slow + len(stuck), lambda: slow_consumers(unlimited))
        nursery.cancel_scope.cancel()


def slow_consumers(replica: Replica) -> float:
    lines = replica.private("/metrics")[1].splitlines()
    name = 'madang_chatd_disconnects_total{reason="slow_consumer"}'
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


async def never_read(
    replica: Replica,
    person: Person,
    room: str,
    *,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    async with open_raw(replica.port, receive_buffer=4 * KIB) as raw:
        await greet(raw, person)
        await open_room(raw, room)
        task_status.started()
        await trio.sleep_forever()


async def test_who_reads_again_after_falling_behind_learns_why_and_sees_no_gap(
    unlimited: Replica, shared_world: World
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with open_raw(unlimited.port) as good, open_raw(unlimited.port, receive_buffer=4 * KIB) as slow:
        await greet(good, mina)
        await greet(slow, jun)
        await open_room(slow, room)
        before = await trio.to_thread.run_sync(slow_consumers, unlimited)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(talk, good, room, 300)
            await becomes(before + 1, lambda: slow_consumers(unlimited), within_s=60)  # a hundred sends first
            nursery.cancel_scope.cancel()
        seqs = []
        while (found := await slow.frame()) is not None and found.opcode != CLOSE:
            if found.opcode == TEXT and (event := msgspec.json.decode(found.payload))["type"] == "message":
                seqs.append(event["seq"])
        assert seqs == list(range(1, len(seqs) + 1))
        assert found is not None
        assert found.payload == b"\x0f\xa8slow_consumer"


async def test_a_hello_in_drops_is_ended_by_its_deadline(hasty: Replica, mina: Person) -> None:
    async with open_raw(hasty.port) as raw, trio.open_nursery() as nursery:
        await raw.shake_hands()

        @nursery.start_soon
        async def drip() -> None:
            for byte in command(type="hello", token=mina.token()):
                await raw.send(bytes([byte]))
                await trio.sleep(0.05)

        assert await raw.ends(answer=False) == (4502, "no_hello")
        nursery.cancel_scope.cancel()


async def test_heartbeat_who_says_nothing_at_all_is_taken_for_dead_and_who_answers_pings_stays(
    hasty: Replica, mina: Person, room: str
) -> None:
    """What a peer that vanished without a FIN looks like from here: nothing, not even a pong. By default, for 45 s at most."""
    assert SILENCE * limits.HEARTBEAT + 1 <= 45  # looked after once a second
    async with open_raw(hasty.port) as alive, open_raw(hasty.port) as raw:
        await greet(alive, mina)
        await greet(raw, mina)
        await open_room(raw, room)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(alive.hears, "nothing")  # pings are answered meanwhile
            with trio.fail_after(2 * PATIENCE):
                while (found := await raw.frame()) is not None and found.opcode == PING:
                    pass
            nursery.cancel_scope.cancel()
        assert found is not None
        assert found.payload == b"\x0f\xacno_pong"
        await alive.ok("ping")


async def test_a_goodbye_to_who_does_not_read_it_takes_no_longer_than_said(
    replica: Replica, mina: Person
) -> None:
    async with open_raw(replica.port, receive_buffer=4 * KIB) as raw:
        await greet(raw, mina)
        await raw.send(frame(b"x", 2))
        await becomes(0, lambda: replica.metric("madang_chatd_connections"))
        await raw.cut_off()


async def test_who_is_gone_with_a_reset_is_gone_at_once(replica: Replica, mina: Person, room: str) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        await open_room(raw, room)
        raw.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    await becomes(0, lambda: replica.metric("madang_chatd_connections"))


async def test_many_come_and_go_and_leave_nothing_behind(replica: Replica, shared_world: World) -> None:
    people = shared_world.people(20)
    room = shared_world.room(*people)

    async def come_and_go(person: Person) -> None:
        for number in range(5):
            async with open_raw(replica.port) as raw:
                await raw.shake_hands()
                if number == 1:
                    continue
                await raw.say({"type": "hello", "token": person.token()}, {"type": "room.open", "room": room})
                if number == 2:
                    continue
                await raw.hears("welcome")
                if number == 3:
                    raw.vanish()

    async with trio.open_nursery() as nursery:
        for person in people:
            nursery.start_soon(come_and_go, person)
