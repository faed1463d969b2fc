"""One at a time for each key, in the order of coming."""

from __future__ import annotations

import gc

import trio
from trio.testing import wait_all_tasks_blocked

from control.turns import Turns


async def test_those_who_want_the_same_take_turns_and_others_do_not_wait() -> None:
    turns = Turns()
    order: list[str] = []

    async def go(key: str, name: str) -> None:
        async with turns.of(key):
            order.append(name)

    async with trio.open_nursery() as nursery, turns.of("a"):
        for name in ("first", "second", "third"):
            nursery.start_soon(go, "a", name)
            await wait_all_tasks_blocked()
        nursery.start_soon(go, "b", "elsewhere")
        await wait_all_tasks_blocked()
        assert order == ["elsewhere"]
    assert order == ["elsewhere", "first", "second", "third"]


async def test_nothing_is_kept_of_a_queue_that_nobody_stands_in() -> None:
    turns = Turns()
    for number in range(100):
        async with turns.of(str(number)):
            pass
    gc.collect()
    assert len(turns._queues) == 0
