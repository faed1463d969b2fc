"""What an operator sees of a replica: its private port and its log."""

from __future__ import annotations

import socket
from contextlib import suppress
from functools import partial

import msgspec
import pytest
import trio

from tests.support.visit import once, say, visit
from tests.support.world import Replica, World

Pair = tuple[Replica, Replica]


def speak(replica: Replica, data: bytes) -> bytes:
    """Whatever the private port answers to these bytes."""
    with socket.create_connection(("127.0.0.1", replica.private_port), timeout=10) as sock:
        sock.sendall(data)
        answer = b""
        while chunk := sock.recv(65536):
            answer += chunk
        return answer


def test_a_replica_that_serves_is_alive_and_ready(pair: Pair) -> None:
    assert pair[0].private("/healthz") == (200, "ok\n")
    status, body = pair[0].private("/readyz")
    assert status == 200
    assert msgspec.json.decode(body) == {"bus": True, "feed": True, "serving": True}


def test_there_is_nothing_else(pair: Pair) -> None:
    assert pair[0].private("/")[0] == 404
    assert speak(pair[0], b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n").startswith(
        b"HTTP/1.1 405 "
    )


def test_a_question_for_the_head_alone_is_answered_with_it(pair: Pair) -> None:
    answer = speak(pair[0], b"HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"\r\n\r\n")


def test_an_old_probe_is_answered(pair: Pair) -> None:
    assert speak(pair[0], b"GET /healthz HTTP/1.0\r\n\r\n").endswith(b"ok\n")


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 100_000,
        b"\r\n" * 50_000,
    ],
)
def test_what_is_no_question_is_hung_up_on_without_a_failure(pair: Pair, data: bytes) -> None:
    with suppress(OSError):
        speak(pair[0], data + b"\r\n\r\n")
    assert pair[0].private("/healthz")[0] == 200
    assert not pair[0].logged("contained failure")


async def here(pair: Pair) -> float:
    """How many connections there are, and rooms that are open."""
    await trio.lowlevel.checkpoint()
    names = ("madang_chatd_connections", "madang_chatd_open_rooms")
    return sum(replica.metric(name) for replica in pair for name in names)


async def test_the_metrics_tell_what_goes_on(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    await once(partial(here, pair), lambda count: count == 0)  # who was here in other tests has gone
    sent, delivered = (
        pair[0].metric("madang_chatd_sends_total"),
        pair[1].metric("madang_chatd_deliveries_total"),
    )
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        for _ in range(3):
            await say(m, room)
            await j.hears("message")
        assert pair[0].metric("madang_chatd_connections") == 1
        assert pair[0].metric("madang_chatd_open_rooms") == 1
        assert pair[0].metric("madang_chatd_sends_total") == sent + 3
        assert pair[1].metric("madang_chatd_deliveries_total") == delivered + 3
        assert pair[0].metric("madang_chatd_bus_up") == 1


async def test_every_line_of_the_log_is_json_and_none_tells_a_secret(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room) as raw:
        await say(raw, room, "the words of a message")
    log = pair[0].log.read_text()
    for line in log.splitlines():
        assert line.startswith("{"), line
        assert msgspec.json.decode(line)["event"]
    assert "the words of a message" not in log
    assert mina.token().split(".")[1][:40] not in log
