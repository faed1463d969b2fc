"""A connection leaves nothing behind, at whatever moment it is cut short, and says goodbye to whoever wants to hear it."""

from __future__ import annotations

import gc
import socket
import struct
import weakref
from typing import Any

import pytest
import trio
from trio.testing import wait_all_tasks_blocked
from wsproto.frame_protocol import FrameProtocol

from chatd import connection as connection_module
from chatd.transport import OUTBOX_FRAMES, Transport
from common import disconnect
from common.codec import text_frame
from common.ids import uuid7
from tests.chatd.connection.house import ROOM, House, assert_nothing_left, calling
from tests.support.rawsocket import PATIENCE, Raw, frame, request

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing says RST


# --- cut short --------------------------------------------------------------------------------------------------------


async def everything(raw: Raw) -> None:
    """What a client may do, all at once."""
    try:
        await raw.send(request())
        if await raw.status() != 101:
            return
        resume = {uuid7(): {"epoch": "e", "seq": 0}, ROOM: {"epoch": "other", "seq": 7}}
        await raw.say({"type": "hello", "token": "x", "id": "0", "resume": resume})
        await raw.say({"type": "room.open", "id": "1", "room": ROOM}, {"type": "ping", "id": "2"})
        await raw.say({"type": "room.open", "id": "3", "room": uuid7()})
        await raw.send(frame("{", fin=False))
        while await raw.frame() is not None:
            pass
    except trio.ClosedResourceError:
        pass


@pytest.mark.parametrize("how", ["cancelled", "told to end", "left by its peer"])
async def test_cut_short_at_any_moment_it_leaves_nothing_behind(how: str) -> None:
    reached = set()
    for moment in range(120):
        house = House()
        async with calling(house) as make:
            call = make()
            async with trio.open_nursery() as nursery:
                nursery.start_soon(everything, call.raw)
                for _ in range(moment):
                    await trio.lowlevel.checkpoint()
                reached.add((bool(house.hub.connections), bool(house.hub.rooms), len(call.connection.rooms)))
                if how == "cancelled":
                    call.scope.cancel()
                elif how == "told to end" and house.hub.connections:
                    call.connection.disconnect(disconnect.DRAINING)
                call.raw.vanish()
                with trio.fail_after(PATIENCE):
                    await call.over.wait()
                nursery.cancel_scope.cancel()
            await wait_all_tasks_blocked()
            assert_nothing_left(house, call)
    assert len(reached) > 3, "the moments were all alike"


def count(kind: type[Any]) -> int:
    """By type: to be asked for its class, what is a proxy of something gone raises."""
    return sum(issubclass(type(each), kind) for each in gc.get_objects())


@pytest.mark.parametrize("how", ["told to end", "left by its peer", "torn from its peer"])
async def test_at_its_end_it_is_freed_without_a_search_for_cycles(how: str) -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        await call.raw.say({"type": "room.open", "id": "1", "room": ROOM})
        await call.raw.hears("reply", id="1")
        gone = weakref.ref(call.connection)
        gc.collect()  # what others left must not go while it is counted
        gc.disable()
        try:
            parsers, transports = count(FrameProtocol), count(Transport)
            if how == "told to end":
                call.connection.disconnect(disconnect.DRAINING)
            elif how == "torn from its peer":
                call.raw.stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            call.raw.vanish()
            await call.over.wait()
            await wait_all_tasks_blocked()
            del call.connection
            assert gone() is None
            assert (count(FrameProtocol), count(Transport)) == (parsers - 1, transports - 1)
        finally:
            gc.enable()


# --- the end ----------------------------------------------------------------------------------------------------------


async def test_the_first_reason_to_end_counts() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        call.connection.disconnect(disconnect.SESSION_REVOKED)
        call.connection.disconnect(disconnect.DRAINING)
        assert await call.raw.ends() == (4503, "session_revoked")


async def test_what_waits_is_sent_before_the_goodbye() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        sent = 0
        while not call.connection._transport._outbox:
            assert call.connection.send_nowait(text_frame(b"." * 10_000))
            sent += 1
        call.connection.disconnect(disconnect.DRAINING)
        for _ in range(sent):
            found = await call.raw.frame()
            assert found is not None
            assert found.payload == b"." * 10_000
        assert await call.raw.ends() == (4001, "draining")


@pytest.mark.parametrize(
    "reason", [disconnect.SESSION_REVOKED, disconnect.DRAINING, disconnect.SLOW_CONSUMER], ids=str
)
@pytest.mark.parametrize("frames", [OUTBOX_FRAMES, OUTBOX_FRAMES + 1], ids=["full", "overflowing"])
async def test_who_has_too_much_before_them_to_hear_the_reason_hears_it_all_the_same(
    reason: disconnect.Disconnect, frames: int
) -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        while not call.connection._transport._outbox:
            assert call.connection.send_nowait(text_frame(b"." * 10_000))
        call.connection.disconnect(reason)
        for _ in range(frames - 1):
            call.connection.send_nowait(text_frame(b"."))
        assert await call.raw.ends() == (reason.code, reason.name)


async def test_what_is_sent_at_any_moment_of_the_end_harms_nobody() -> None:
    """The hub sends when it likes; a failure there would be everybody's."""
    for moment in range(30):
        house = House()
        async with calling(house) as make:
            call = make()
            await call.says_hello()
            call.connection.disconnect(disconnect.DRAINING)
            for _ in range(moment):
                await trio.lowlevel.checkpoint()
                while not call.connection._transport._outbox:
                    if not call.connection.send_nowait(text_frame(b"." * 10_000)):
                        break
                call.connection._transport._discount(call.connection._transport._outbox_bytes)  # all is read


async def test_a_goodbye_that_nobody_reads_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "GOODBYE", 0.1)
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        call.connection.disconnect(disconnect.DRAINING)
        with trio.fail_after(PATIENCE):
            await call.over.wait()
        assert_nothing_left(house, call)
