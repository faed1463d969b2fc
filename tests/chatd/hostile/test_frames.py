"""Frames as no client should send them: each ends that one connection, with a code where RFC 6455 leaves room for one."""

from __future__ import annotations

import json
from typing import Any

import pytest
import trio

from common import protocol
from common.ids import uuid7
from tests.chatd.hostile.conftest import becomes, greet, open_room
from tests.support.rawsocket import BINARY, CLOSE, PING, PONG, TEXT, frame, open_raw, request
from tests.support.world import Person, Replica

BROKEN = {
    "unmasked": (frame("{}", mask=None), {1002}),
    "reserved bit, as if compressed": (frame(b"\xaa\x56\x2a\x49\x2c\x28\x01\x00", reserved=4), {1002}),
    "another reserved bit": (frame("{}", reserved=1), {1002}),
    "reserved opcode": (frame("{}", 3), {1002}),
    "reserved control opcode": (frame("", 11), {1002}),
    "bad UTF-8": (frame(b"\xc3\x28"), {1007}),
    "UTF-8 of a surrogate": (frame(b"\xed\xa0\x80"), {1007}),
    "UTF-8 cut off at the end": (frame(b"\xed\x95"), {1007}),
    "long ping": (frame(b"x" * 126, PING), {1002}),
    "fragmented ping": (frame(b"x", PING, fin=False), {1002}),
    "continuation of nothing": (frame("{}", 0), {1002}),
    "text inside a text": (frame("{", fin=False) + frame("}"), {1002}),
    "close of one byte": (frame(b"\x03", CLOSE), {1002}),
    "close with a code that nobody may send": (frame(b"\x03\xed", CLOSE), {1002}),
    "close with bad UTF-8": (frame(b"\x03\xe8\xff", CLOSE), {1002, 1007}),
    "binary": (frame(b"{}", BINARY), {4501}),
    "too large": (frame(b"x" * (protocol.MAX_FRAME + 1)), {1009}),
    "too large, in pieces": (
        frame(b"x" * 40_000, fin=False) + frame(b"x" * 40_000, 0),
        {1009},
    ),
    "a claim of an exabyte": (frame(b"x" * 100_000, length=1 << 60), {1009}),
    "a length with its highest bit set": (frame(b"x", length=1 << 63), {1002}),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_broken_frame_ends_the_connection_that_sent_it(
    replica: Replica, mina: Person, name: str
) -> None:
    data, codes = BROKEN[name]
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        await raw.send(data)
        assert (await raw.ends()).code in codes
        await raw.cut_off()


@pytest.mark.parametrize("name", BROKEN)
async def test_a_broken_frame_in_place_of_hello_ends_it_too(replica: Replica, name: str) -> None:
    data, codes = BROKEN[name]
    async with open_raw(replica.port) as raw:
        await raw.shake_hands()
        await raw.send(data)
        assert (await raw.ends()).code in codes
        await raw.cut_off()


@pytest.mark.parametrize("name", ["unmasked", "reserved opcode", "bad UTF-8", "too large"])
async def test_a_broken_frame_in_the_same_breath_as_the_handshake(hasty: Replica, name: str) -> None:
    """It is not looked at before there is more, or the time for a hello is over."""
    async with open_raw(hasty.port) as raw:
        await raw.send(request() + BROKEN[name][0])
        await raw.cut_off()


async def test_a_message_in_many_pieces_is_one_message(replica: Replica, mina: Person) -> None:
    text = json.dumps({"type": "ping", "id": "안녕"}, ensure_ascii=False).encode()
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        for byte in text[:-1]:
            await raw.send(frame(bytes([byte]), TEXT if byte == text[0] and byte == 0x7B else 0, fin=False))
        await raw.send(frame(text[-1:], 0))
        assert (await raw.hears("reply"))["id"] == "안녕"


async def test_a_ping_is_answered_between_the_pieces_of_a_message(replica: Replica, mina: Person) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        await raw.send(frame('{"type":"ping",', fin=False) + frame("between", PING) + frame('"id":"1"}', 0))
        assert await raw.frame() == (PONG, b"between", True)
        assert (await raw.hears("reply"))["id"] == "1"


async def test_pongs_that_nobody_asked_for_are_ignored(replica: Replica, mina: Person) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        await raw.send(frame("what", PONG) * 3)
        await raw.ok("ping")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"type":"ping"', "\ufeff{}", '{"type":"ping","x":' + "[" * 60_000, "안녕"],
)
async def test_what_is_no_command_is_answered_and_the_next_one_is_served(
    replica: Replica, mina: Person, text: str
) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        await raw.send(frame(text))
        reply = await raw.hears("reply")
        assert reply["id"] == ""
        assert reply["error"]["code"] in {"malformed", "invalid", "unknown_command"}
        await raw.ok("ping")


async def test_an_unknown_command_is_answered(replica: Replica, mina: Person) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        assert (await raw.refused("room.paint"))["code"] == "unknown_command"


async def test_a_command_without_an_id_gets_no_answer(replica: Replica, mina: Person) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        await raw.say({"type": "room.open", "room": uuid7()}, {"type": "ping"})
        reply = await raw.asks("ping", id="the next one")
        assert reply["id"] == "the next one"


@pytest.mark.parametrize(
    "hello",
    [
        b"",
        b"{",
        b'{"type":"hello","token":7}',
        b'{"type":"hello","token":"' + b"a" * 9000 + b'"}',
        b'{"type":"hello","resume":{"x":{"epoch":"e","seq":1}}}',
        b'{"type":"hello","x":' + b"[" * 60_000,
        b'{"type":"room.paint"}',
    ],
)
async def test_a_first_frame_that_is_no_command_is_a_bad_frame(replica: Replica, hello: bytes) -> None:
    async with open_raw(replica.port) as raw:
        await raw.shake_hands()
        await raw.send(frame(hello))
        assert await raw.ends() == (4501, "bad_frame")


async def test_a_first_frame_that_is_another_command_is_no_hello(replica: Replica) -> None:
    async with open_raw(replica.port) as raw:
        await raw.shake_hands()
        await raw.say({"type": "ping", "id": "1"})
        assert await raw.ends() == (4502, "no_hello")


async def test_hello_is_said_once(replica: Replica, mina: Person) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        assert (await raw.refused("hello", token=mina.token()))["code"] == "conflict"
        await raw.ok("ping")


async def test_another_version_is_not_served(replica: Replica, mina: Person) -> None:
    async with open_raw(replica.port) as raw:
        await raw.shake_hands()
        await raw.say({"type": "hello", "token": mina.token(), "version": 2})
        assert await raw.ends() == (4510, "version")


async def test_a_text_too_long_is_refused_and_the_longest_is_not(
    replica: Replica, mina: Person, room: str
) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        await open_room(raw, room)

        async def send(text: str) -> dict[str, Any]:
            return await raw.asks("message.send", room=room, client_id=uuid7(), text=text)

        assert "ok" in await send("힣" * 4000)
        assert "ok" in await send("👋" * 4000)
        assert (await send("힣" * 4001))["error"]["code"] == "text_too_long"
        assert (await send("x" * 60_000))["error"]["code"] == "text_too_long"
        assert (await send("힣" * 20_000))["error"]["code"] == "text_too_long"


async def test_a_ping_after_the_servers_close_is_no_failure(replica: Replica, mina: Person) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        await raw.send(frame(b"x", BINARY))
        assert (await raw.ends(answer=False)).code == 4501
        await raw.send(frame("still there?", PING) * 3)
        await raw.cut_off()


async def test_who_goes_on_sending_can_still_read_why_it_was_ended(replica: Replica, mina: Person) -> None:
    """Were the socket closed with something unread in it, the kernel would answer with a reset and take back the rest."""
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        await raw.send(frame(b"x", BINARY) + frame(b"x" * 100_000, BINARY) * 20)
        await becomes(0, lambda: replica.metric("madang_chatd_connections"))
        for _ in range(3):
            await raw.stream.send_all(frame(b"x" * 100_000, BINARY))  # which a reset would break
            await trio.to_thread.run_sync(replica.private, "/healthz")  # time for one to arrive
        assert await raw.ends(answer=False) == (4501, "bad_frame")


async def test_a_broken_frame_after_the_servers_close_is_no_failure(replica: Replica, mina: Person) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        await raw.send(frame(b"x", BINARY))
        assert (await raw.ends(answer=False)).code == 4501
        await raw.send(frame("{}", mask=None))
        await raw.cut_off()


async def test_commands_and_pings_after_ones_own_close_are_not_served(
    replica: Replica, mina: Person, room: str
) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        await raw.send(frame(b"\x03\xe8", CLOSE) + frame("hm", PING) + frame('{"type":"ping","id":"1"}'))
        assert await raw.ends(answer=False) == (1000, "")
        await raw.cut_off()


async def test_who_closes_is_answered_with_the_same_code(replica: Replica, mina: Person) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        await raw.send(frame(b"\x0f\xa0bye", CLOSE))
        assert await raw.ends(answer=False) == (4000, "bye")


async def test_who_shuts_its_side_down_has_left(replica: Replica, mina: Person, room: str) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        await open_room(raw, room)
        await raw.stream.send_eof()
        await raw.cut_off()


async def test_who_shuts_its_side_down_in_the_middle_of_a_frame_has_left_too(
    replica: Replica, mina: Person
) -> None:
    async with open_raw(replica.port) as raw:
        await greet(raw, mina)
        await raw.send(frame("x" * 100)[:50])
        await raw.stream.send_eof()
        await raw.cut_off()
