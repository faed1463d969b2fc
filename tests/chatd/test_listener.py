"""The door: so many are greeted at once, first come, first served, and nobody keeps the others waiting for long."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from chatd import listener
from chatd.listener import PROMPT, Greeting, open_listener


@pytest.fixture
def socks() -> Iterator[list[socket.socket]]:
    made = [socket.socket() for _ in range(4)]
    yield made
    for sock in made:
        sock.close()


async def test_there_is_room_for_so_many_and_the_next_one_waits_for_one_to_be_done(
    socks: list[socket.socket], mock_clock: MockClock
) -> None:
    greeting = Greeting(2)
    for sock in socks[:2]:
        await greeting.slot()
        greeting.begin(sock)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(greeting.slot)
        await wait_all_tasks_blocked()
        assert nursery.child_tasks
        greeting.end(socks[1])
        with trio.fail_after(PROMPT / 2):
            await wait_all_tasks_blocked()
            assert not nursery.child_tasks


async def test_who_is_slow_is_not_waited_for(socks: list[socket.socket], autojump_clock: MockClock) -> None:
    greeting = Greeting(2)
    for sock in socks[:2]:
        await greeting.slot()
        greeting.begin(sock)
        await trio.sleep(PROMPT / 4)
    await greeting.slot()
    assert trio.current_time() == pytest.approx(PROMPT)
    greeting.begin(socks[2])
    await greeting.slot()
    assert trio.current_time() == pytest.approx(PROMPT * 5 / 4)


async def test_the_slow_one_that_is_greeted_after_all_makes_no_room_twice(
    socks: list[socket.socket], autojump_clock: MockClock
) -> None:
    greeting = Greeting(1)
    greeting.begin(socks[0])
    await greeting.slot()
    greeting.begin(socks[1])
    greeting.end(socks[0])
    greeting.end(socks[0])
    started = trio.current_time()
    await greeting.slot()
    assert trio.current_time() == pytest.approx(started + PROMPT)


async def test_a_wait_that_is_cancelled_takes_nothing(
    socks: list[socket.socket], mock_clock: MockClock
) -> None:
    greeting = Greeting(1)
    greeting.begin(socks[0])
    async with trio.open_nursery() as nursery:
        nursery.start_soon(greeting.slot)
        await wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    greeting.end(socks[0])
    await greeting.slot()


def test_turning_away_says_when_to_come_back() -> None:
    with open_listener("127.0.0.1", 0) as door, socket.create_connection(door.getsockname()) as peer:
        peer.send(b"GET /socket HTTP/1.1\r\n")
        door.setblocking(True)
        accepted, _ = door.accept()
        accepted.recv(1, socket.MSG_PEEK)  # it is here
        listener._turn_away(accepted)
        answer = peer.recv(4096)
        assert peer.recv(4096) == b""
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"Retry-After: 5\r\n" in answer


def test_turning_away_who_is_gone_already_is_no_failure() -> None:
    with open_listener("127.0.0.1", 0) as door:
        peer = socket.create_connection(door.getsockname())
        door.setblocking(True)
        accepted, _ = door.accept()
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()
        with accepted:
            listener._turn_away(accepted)


async def test_a_listener_is_open_until_it_is_closed() -> None:
    door = open_listener("127.0.0.1", 0)
    address = door.getsockname()
    socket.create_connection(address).close()
    door.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)
