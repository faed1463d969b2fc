"""The crossing to the asyncio side."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from common import aio


async def test_a_result_comes_back() -> None:
    async def double(number: int) -> int:
        await asyncio.sleep(0)
        return 2 * number

    async with aio.open_loop():
        assert await aio.across(double, 21) == 42


async def test_an_exception_comes_back() -> None:
    async def fail() -> None:
        raise KeyError("here")

    async with aio.open_loop():
        with pytest.raises(KeyError):
            await aio.across(fail)


async def test_a_crossing_is_cancelled_with_its_caller() -> None:
    cancelled = []

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    async with aio.open_loop(), trio.open_nursery() as nursery:
        nursery.start_soon(aio.across, wait)
        await wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    assert cancelled == [True]


async def test_an_error_in_a_future_that_nobody_awaits_ends_nobody() -> None:
    """It ended the program: asyncpg leaves such a future when a connection is cut under a cancelled statement."""

    async def drop() -> None:
        asyncio.get_running_loop().create_future().set_exception(ConnectionError("connection_lost"))

    async def still_here() -> str:
        return "here"

    async with aio.open_loop():
        await aio.across(drop)
        gc.collect()
        await wait_all_tasks_blocked()
        assert await aio.across(still_here) == "here"


async def test_timers_that_were_cancelled_are_let_go_and_the_others_come_in_their_time() -> None:
    """asyncpg cancels one of five minutes with every statement; they were kept for those five minutes."""
    came: list[int] = []
    cancelled: list[weakref.ref[asyncio.TimerHandle]] = []

    async def set_and_cancel() -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number in range(3):
            loop.call_at(began + 0.02 * (3 - number), came.append, number)
        for _ in range(1000):
            timer = loop.call_later(300, came.append, -1)
            cancelled.append(weakref.ref(timer))
            await asyncio.sleep(0)  # it is among the timers
            timer.cancel()

    async with aio.open_loop():
        await aio.across(set_and_cancel)
        kept = [timer for timer in cancelled if timer() is not None]
        assert len(kept) <= 101
        await aio.across(asyncio.sleep, 0.1)
        assert came == [2, 1, 0]
