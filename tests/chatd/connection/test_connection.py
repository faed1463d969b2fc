"""What a connection is told comes in order or not at all, and it serves one command after the other while time passes."""

from __future__ import annotations

import gc

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from common import disconnect, protocol
from common.clock import now_ms
from common.codec import push_frame
from common.disconnect import ConnectionEnded
from common.errors import MadangError, StoreUnavailable
from common.ids import uuid7
from tests.chatd.connection.house import MINA, ROOM, Call, House, assert_nothing_left, calling
from tests.chatd.connection.test_ends import count
from tests.support.rawsocket import CLOSE, PING, TEXT, command, request

# --- hello ------------------------------------------------------------------------------------------------------------


async def test_greeted_is_said_before_the_conversation_not_after() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        assert call.greeted == 0
        await call.says_hello()
        assert call.greeted == 1


async def test_who_comes_back_for_rooms_is_greeted_when_they_are_open() -> None:
    house = House()
    greeted: list[int] = []

    async def look() -> None:
        greeted.append(call.greeted)

    house.on_the_way = look  # type: ignore[method-assign]
    async with calling(house) as make:
        call = make()
        await call.raw.send(request())
        assert await call.raw.status() == 101
        await call.raw.say({"type": "hello", "token": "x", "resume": {ROOM: {"epoch": "e", "seq": 0}}})
        await call.raw.hears("opened", room=ROOM)
        await wait_all_tasks_blocked()
        assert greeted == [0]
        assert call.greeted == 1


@pytest.mark.parametrize(
    "said", [b"", request()[:-4], request()], ids=["nothing", "half a handshake", "no hello"]
)
async def test_a_hello_is_waited_for_as_long_as_said_and_no_longer(
    mock_clock: MockClock, said: bytes
) -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.raw.send(said)
        if said == request():
            assert await call.raw.status() == 101
        await wait_all_tasks_blocked(0.01)
        mock_clock.jump(house.settings.hello_within - 0.001)
        await wait_all_tasks_blocked(0.01)
        assert not call.greeted
        mock_clock.jump(0.002)
        await wait_all_tasks_blocked(0.01)
        assert call.greeted
        call.raw.vanish()
        await call.over.wait()
        assert_nothing_left(house, call)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (ConnectionEnded(disconnect.TOKEN_EXPIRED), 4005),
        (StoreUnavailable("postgres", "away"), 4000),
        (ValueError("a bug"), 4000),
    ],
    ids=["refused", "store away", "bug"],
)
async def test_whatever_happens_to_hello_the_peer_is_told(fault: Exception, code: int) -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        house.fault = fault
        await call.raw.send(request())
        assert await call.raw.status() == 101
        await call.raw.say({"type": "hello", "token": "x"})
        assert (await call.raw.ends()).code == code
        call.raw.vanish()
        await call.over.wait()
        assert_nothing_left(house, call)


async def test_news_that_comes_while_somebody_is_greeted_is_not_heard_before_the_welcome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = House()
    arrive = house.arrived

    async def slowly(user: str, connection: str, word: str) -> int:
        for who in house.hub.of_user(user):
            who.send_nowait(push_frame(protocol.PersonalExpiring(expires_at=1)))
        return await arrive(user, connection, word)

    monkeypatch.setattr(house, "arrived", slowly)
    async with calling(house) as make:
        call = make()
        await call.raw.send(request())
        assert await call.raw.status() == 101
        await call.raw.say({"type": "hello", "token": "x"})
        assert (await call.raw.hears())["type"] == "welcome"


async def test_a_session_that_is_revoked_while_it_greets_is_ended() -> None:
    house = House()
    house.revoked_sessions.add("s")
    async with calling(house) as make:
        call = make()
        await call.raw.send(request())
        assert await call.raw.status() == 101
        await call.raw.say({"type": "hello", "token": "x"})
        assert await call.raw.ends() == (4503, "session_revoked")


async def test_a_person_whose_roles_change_while_they_are_greeted_has_to_come_back() -> None:
    house = House()
    house.changed_users.add(MINA)
    async with calling(house) as make:
        call = make()
        await call.raw.send(request())
        assert await call.raw.status() == 101
        await call.raw.say({"type": "hello", "token": "x"})
        assert await call.raw.ends() == (4000, "internal")


async def test_presence_that_cannot_be_known_keeps_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()

    async def away(user: str, connection: str, word: str) -> int:
        await trio.lowlevel.checkpoint()
        raise StoreUnavailable("redis", "away")

    monkeypatch.setattr(house, "arrived", away)
    async with calling(house) as make:
        await make().says_hello()


# --- time passes ------------------------------------------------------------------------------------------------------


async def after(call: Call, *gaps: float) -> list[str]:
    """Let so much time pass between ticks; what the peer heard meanwhile, by kind."""
    now = trio.current_time()
    for gap in gaps:
        now += gap
        call.connection.tick(now, now_ms())
    call.connection.disconnect(disconnect.DRAINING)
    heard = []
    while (found := await call.raw.frame()) is not None and found.opcode != CLOSE:
        heard.append({PING: "ping", TEXT: "text"}[found.opcode])
    assert found is not None
    return [*heard, found.payload[2:].decode()]


async def test_a_silent_peer_is_pinged_and_then_taken_for_dead() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        pings = await after(call, *[1.0] * 43)
        assert pings in (["ping", "no_pong"], ["ping", "ping", "no_pong"])  # they are jittered


async def test_nobody_is_taken_for_dead_because_we_stood_still() -> None:
    """A process that was frozen for an hour heard nothing; its peers may be well."""
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        assert await after(call, 1, 3600, 1, 1) == ["ping", "draining"]


async def test_whoever_is_heard_lives() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        now = trio.current_time()
        for _ in range(5):
            for _ in range(30):
                now += 1
                call.connection.tick(now, now_ms())
            await call.raw.ok("ping")
        assert await after(call, 1) == ["draining"]


# --- commands ---------------------------------------------------------------------------------------------------------


async def test_a_command_waits_for_those_before_it() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        await call.raw.say({"type": "room.open", "id": "1", "room": ROOM}, {"type": "ping", "id": "2"})
        assert [(await call.raw.hears("reply"))["id"] for _ in range(2)] == ["1", "2"]


async def test_who_is_thrown_out_while_a_room_is_opened_does_not_come_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = House()

    async def throw_out() -> None:
        await trio.lowlevel.checkpoint()
        house.member = None

    monkeypatch.setattr(house, "on_the_way", throw_out)
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        assert (await call.raw.refused("room.open", room=ROOM))["code"] == "not_a_member"
        assert not house.hub.rooms


async def test_a_store_that_is_away_is_told_and_the_next_command_is_served() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        house.fault = StoreUnavailable("postgres", "away")
        refusal = await call.raw.refused("room.open", room=ROOM)
        assert (refusal["code"], refusal["temporary"]) == ("unavailable", True)
        await call.raw.ok("room.open", room=ROOM)


async def test_a_refusal_is_freed_without_a_search_for_cycles() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        gc.collect()
        gc.disable()
        try:
            before = count(MadangError)
            refusal = await call.raw.refused(
                "message.send", room=ROOM, client_id=uuid7(), text="모두", mention_all=True
            )
            assert refusal["code"] == "forbidden"
            await wait_all_tasks_blocked()
            assert count(MadangError) == before
        finally:
            gc.enable()


async def test_a_bug_in_a_command_ends_this_connection_alone() -> None:
    house = House()
    async with calling(house) as make:
        unlucky, other = make(), make()
        await unlucky.says_hello()
        await other.says_hello()
        house.fault = ValueError("a bug")
        await unlucky.raw.say({"type": "room.open", "id": "1", "room": ROOM})
        assert await unlucky.raw.ends() == (4000, "internal")
        await other.raw.ok("ping")


async def test_an_answer_that_comes_after_the_end_is_not_sent() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        await call.raw.send(
            command(type="message.send", id="1", room=ROOM, client_id=uuid7(), text="a")
            + command(type="ping", id="2")
        )
        await call.raw.hears("reply", id="2")
        call.connection.disconnect(disconnect.DRAINING)
        end = await call.raw.ends(answer=False)
        house.sent[0].settle(MadangError("log_unavailable"))
        house.sent[0].flush()
        assert not call.connection.send_nowait(b"\x81\x00")
        assert end == (4001, "draining")
        assert await call.raw.frame() is None
