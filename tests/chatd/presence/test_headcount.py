"""How many people are here: asked while somebody listens, told when it has changed."""

from __future__ import annotations

import pytest
import trio
from trio.testing import MockClock

from chatd.presence.headcount import EVERY, Headcount
from common import protocol
from common.codec import push_frame
from common.errors import StoreUnavailable


class Register:
    """A number, and how often it was asked for."""

    def __init__(self) -> None:
        self.count = 3
        self.asked = 0
        self.away = False

    async def __call__(self) -> int:
        await trio.lowlevel.checkpoint()
        self.asked += 1
        if self.away:
            raise StoreUnavailable("redis", "away")
        return self.count


class Socket:
    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def send_nowait(self, data: bytes) -> bool:
        self.pieces.append(data)
        return True


def frame(count: int) -> bytes:
    return push_frame(protocol.Online(count=count))


async def test_each_hears_every_other_number_than_they_were_told(autojump_clock: MockClock) -> None:
    register, one, late = Register(), Socket(), Socket()
    headcount = Headcount(register)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(headcount.run)
        await trio.sleep(100)
        assert register.asked == 0  # nobody listens
        headcount.watch(one, await headcount.current())
        await trio.sleep(10 * EVERY)
        assert one.pieces == []
        register.count = 5
        await trio.sleep(2 * EVERY)
        headcount.watch(late, 4)
        await trio.sleep(2 * EVERY)
        assert (one.pieces, late.pieces) == ([frame(5)], [frame(5)])
        headcount.forget(one)
        register.count = 6
        await trio.sleep(2 * EVERY)
        assert (len(one.pieces), late.pieces) == (1, [frame(5), frame(6)])
        headcount.forget(late)
        await trio.sleep(2 * EVERY)
        asked = register.asked
        await trio.sleep(100)
        assert register.asked == asked
        nursery.cancel_scope.cancel()


async def test_many_who_ask_are_one_question(autojump_clock: MockClock) -> None:
    register = Register()
    headcount = Headcount(register)
    assert [await headcount.current() for _ in range(50)] == [3] * 50
    assert register.asked == 1
    await trio.sleep(EVERY)
    register.away = True
    with pytest.raises(StoreUnavailable):
        await headcount.current()


async def test_what_cannot_be_known_now_is_told_later(autojump_clock: MockClock) -> None:
    register, socket = Register(), Socket()
    headcount = Headcount(register)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(headcount.run)
        headcount.watch(socket, 3)
        register.away, register.count = True, 4
        await trio.sleep(5 * EVERY)
        register.away = False
        await trio.sleep(2 * EVERY)
        assert socket.pieces == [frame(4)]
        nursery.cancel_scope.cancel()
