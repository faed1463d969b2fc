"""Too much of everything: refused with the time to wait, then ended; never at the cost of unlimiteds, never in memory."""

from __future__ import annotations

from collections import Counter

import msgspec
import trio

from common import protocol
from common.ids import uuid7
from common.units import MIB
from tests.chatd.hostile.conftest import becomes, greet, open_room, working
from tests.support.rawsocket import CLOSE, PATIENCE, PING, TEXT, End, Raw, command, frame, open_raw
from tests.support.world import Person, Replica, World

LONG = (
    4 * PATIENCE
)  # that it is ended is asked here: until it is, thousands of frames are read, on both sides


async def hears_until_the_end(raw: Raw) -> tuple[list[dict[str, object]], End]:
    """All replies, and how it ended."""
    replies = []
    while (found := await raw.frame()) is not None and found.opcode != CLOSE:
        if found.opcode == TEXT:
            replies.append(msgspec.json.decode(found.payload))
    return replies, End(None, "") if found is None else End(
        int.from_bytes(found.payload[:2]), found.payload[2:].decode()
    )


async def flood(raw: Raw, data: bytes, times: int) -> None:
    for _ in range(times):
        await raw.send(data)


async def test_ten_thousand_commands_are_refused_with_the_time_to_wait_and_then_ended(
    replica: Replica, mina: Person
) -> None:
    async with open_raw(replica.port) as raw, trio.open_nursery() as nursery:
        began = trio.current_time()
        await greet(raw, mina)
        nursery.start_soon(flood, raw, command(type="ping", id="1") * 100, 100)
        replies, end = await hears_until_the_end(raw)
        took_s = trio.current_time() - began
        assert end == (4009, "too_fast")
        refused = [reply["error"] for reply in replies if "error" in reply]
        served = [reply["ok"] for reply in replies if "ok" in reply]
        assert 60 <= len(served) <= 60 + 20 * took_s
        assert 120 <= len(refused) <= 120 + 60 * took_s
        assert {error["code"] for error in refused} == {"rate_limited"}
        assert all(1 <= error["retry_after_ms"] <= 50 for error in refused)


async def test_ten_thousand_frames_of_garbage_are_no_way_around_it(replica: Replica, mina: Person) -> None:
    async with open_raw(replica.port) as raw, trio.open_nursery() as nursery:
        began = trio.current_time()
        await greet(raw, mina)
        nursery.start_soon(flood, raw, frame("{") * 100, 100)
        replies, end = await hears_until_the_end(raw)
        took_s = trio.current_time() - began
        assert end == (4009, "too_fast")
        codes = Counter(reply["error"]["code"] for reply in replies)
        assert set(codes) == {"malformed", "rate_limited"}
        assert codes["malformed"] <= 60 + 20 * took_s


async def test_commands_that_want_no_answer_count_too(replica: Replica, mina: Person) -> None:
    async with open_raw(replica.port) as raw, trio.open_nursery() as nursery:
        await greet(raw, mina)
        nursery.start_soon(flood, raw, frame('{"type":"ping"}') * 100, 100)
        assert await hears_until_the_end(raw) == ([], (4009, "too_fast"))


async def test_who_waits_as_told_is_served(replica: Replica, mina: Person) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        await raw.send(command(type="ping", id="1") * 70)
        waits = [(await raw.hears("reply")).get("error", {}).get("retry_after_ms", 0) for _ in range(70)]
        await trio.sleep(max(waits) / 1000)
        await raw.ok("ping", id="2")


async def test_a_message_in_pieces_without_end_is_ended(replica: Replica, mina: Person) -> None:
    """Empty pieces never grow too large; each costs the library a place in a list."""
    async with open_raw(replica.port) as raw, trio.open_nursery() as nursery:
        await greet(raw, mina)
        await raw.send(frame("{", fin=False))
        nursery.start_soon(flood, raw, frame("", 0, fin=False) * 1000, 1000)
        with trio.fail_after(LONG):
            assert (await raw.ends(answer=False)).code in {4009, None}
        nursery.cancel_scope.cancel()
    assert await trio.to_thread.run_sync(replica.resident_bytes) < 200 * MIB


async def test_pings_without_end_are_ended(replica: Replica, mina: Person) -> None:
    async with open_raw(replica.port) as raw, trio.open_nursery() as nursery:
        await greet(raw, mina)
        nursery.start_soon(flood, raw, frame("", PING) * 1000, 1000)
        with trio.fail_after(LONG):
            assert (await raw.ends(answer=False)).code in {4009, None}
        nursery.cancel_scope.cancel()


async def test_a_flood_disturbs_nobody_else(replica: Replica, shared_world: World) -> None:
    loud, calm = shared_world.people(2)
    room = shared_world.room(loud, calm)
    async with (
        open_raw(replica.port) as at_peace,
        open_raw(replica.port) as raw,
        trio.open_nursery() as nursery,
    ):
        await greet(at_peace, calm)
        await open_room(at_peace, room)
        await greet(raw, loud)
        nursery.start_soon(flood, raw, frame("", 0, fin=False) * 1000, 1000)
        nursery.start_soon(raw.cut_off)
        for number in range(20):
            with working(replica, within_s=2):
                await at_peace.say(
                    {"type": "message.send", "room": room, "client_id": uuid7(), "text": str(number)}
                )
                assert (await at_peace.hears("message"))["text"] == str(number)
        nursery.cancel_scope.cancel()


async def test_rooms_beyond_two_hundred_are_refused(
    unlimited: Replica, shared_world: World, mina: Person
) -> None:
    rooms = shared_world.rooms(300, mina)
    async with open_raw(unlimited.port) as raw:
        await greet(raw, mina)
        replies = [await raw.asks("room.open", room=room) for room in rooms]
        assert ["ok" in reply for reply in replies] == [True] * 200 + [False] * 100
        assert {reply["error"]["code"] for reply in replies[200:]} == {"too_many_rooms"}
        assert all(reply["error"]["retry_after_ms"] > 0 for reply in replies[200:])
        await raw.ok("room.open", room=rooms[0])  # it is open already
        await raw.ok("room.close", room=rooms[0])
        await raw.ok("room.open", room=rooms[299])
        await becomes(200, lambda: unlimited.metric("madang_chatd_open_rooms"))
    await becomes(0, lambda: unlimited.metric("madang_chatd_open_rooms"))


async def test_a_hello_for_more_rooms_than_may_be_open_is_ended(replica: Replica, mina: Person) -> None:
    where = {"epoch": "e", "seq": 1}
    async with open_raw(replica.port) as raw:
        await raw.shake_hands()
        resume = {uuid7(): where for _ in range(protocol.MAX_ROOMS + 1)}
        await raw.say({"type": "hello", "token": mina.token(), "resume": resume})
        assert await raw.ends() == (4505, "too_many_rooms")


async def test_commands_that_wait_are_bounded_in_number(unlimited: Replica, mina: Person) -> None:
    async with open_raw(unlimited.port) as raw:
        await greet(raw, mina)
        await raw.send(b"".join(command(type="room.open", id=str(n), room=uuid7()) for n in range(1000)))
        replies = [await raw.hears("reply") for _ in range(1000)]
        codes = Counter(reply["error"]["code"] for reply in replies)
        assert set(codes) == {"not_a_member", "overloaded"}
        waits = {
            reply["error"].get("retry_after_ms")
            for reply in replies
            if reply["error"]["code"] == "overloaded"
        }
        assert waits == {1000}


async def test_ten_connections_of_a_user_over_replicas_and_the_eleventh_is_told_when_to_come_back(
    replica: Replica, shared_world: World
) -> None:
    unlimited = shared_world.replicas(1)[0]
    (jun,) = shared_world.people(1)
    async with trio.open_nursery() as nursery:
        for number in range(10):
            await nursery.start(stay, (replica, unlimited)[number % 2], jun)
        for port in (replica.port, unlimited.port):
            async with open_raw(port) as raw:
                await raw.shake_hands()
                await raw.say({"type": "hello", "id": "first", "token": jun.token()})
                refusal = (await raw.hears("reply", id="first"))["error"]
                assert refusal["code"] == "too_many_connections"
                assert refusal["retry_after_ms"] > 0
                assert await raw.ends() == (4504, "too_many_connections")
        nursery.cancel_scope.cancel()
    await becomes(0, lambda: unlimited.metric("madang_chatd_connections"))
    async with open_raw(unlimited.port) as raw:
        await greet(raw, jun)


async def test_of_thirty_connections_at_once_over_replicas_ten_are_let_in_and_one_more_when_one_leaves(
    replica: Replica, shared_world: World
) -> None:
    other = shared_world.replicas(1)[0]
    (jun,) = shared_world.people(1)
    ends: Counter[str] = Counter()
    staying: list[Raw] = []
    decided, enough = trio.Event(), trio.Event()

    async def come(number: int) -> None:
        async with open_raw((replica, other)[number % 2].port) as raw:
            await raw.shake_hands()
            await raw.say({"type": "hello", "token": jun.token()})
            first = await raw.hears()
            ends[first["type"]] += 1
            if first["type"] == "welcome":
                staying.append(raw)
            if ends.total() == 30:
                decided.set()
            await enough.wait()

    async with trio.open_nursery() as nursery:
        for number in range(30):
            nursery.start_soon(come, number)
        await decided.wait()
        assert ends == {"welcome": 10, "reply": 20}
        staying[0].vanish()
        await becomes(
            9,
            lambda: replica.metric("madang_chatd_connections") + other.metric("madang_chatd_connections"),
        )
        with trio.fail_after(PATIENCE):
            while True:
                async with open_raw(other.port) as raw:
                    await raw.shake_hands()
                    await raw.say({"type": "hello", "token": jun.token()})
                    if (await raw.hears())["type"] == "welcome":
                        async with open_raw(replica.port) as eleventh:
                            await eleventh.shake_hands()
                            await eleventh.say({"type": "hello", "token": jun.token()})
                            assert await eleventh.ends() == (4504, "too_many_connections")
                        break
        enough.set()
    await becomes(0, lambda: other.metric("madang_chatd_connections"))


async def stay(
    replica: Replica, person: Person, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, person)
        task_status.started()
        await trio.sleep_forever()
