"""Of those who wake together so many go on at a time, and others have their turn in between."""

from __future__ import annotations

import itertools
import statistics

import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from chatd.turnstile import MOST, PASS, WINDOW, Turnstile
from tests.support.rawsocket import PATIENCE


async def test_a_few_go_through_at_once(mock_clock: MockClock) -> None:
    turnstile = Turnstile()
    for _ in range(MOST):
        with trio.fail_after(0):
            await turnstile.turn()


async def test_of_thousands_who_wake_together_others_have_a_turn_after_every_few(
    mock_clock: MockClock,
) -> None:
    turnstile, together = Turnstile(), trio.Event()
    passed = 0
    seen: list[int] = []

    async def one_of_many() -> None:
        nonlocal passed
        await together.wait()
        await turnstile.turn()
        passed += 1

    async def somebody_else() -> None:
        await together.wait()
        while passed < 20 * MOST:
            seen.append(passed)
            await trio.lowlevel.checkpoint()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(turnstile.run)
        for _ in range(20 * MOST):
            nursery.start_soon(one_of_many)
        nursery.start_soon(somebody_else)
        await wait_all_tasks_blocked()
        together.set()
        await wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    assert passed == 20 * MOST
    assert max(later - earlier for earlier, later in itertools.pairwise(seen)) <= 2 * MOST


async def test_they_go_in_the_order_in_which_they_came_and_no_newcomer_before_them(
    mock_clock: MockClock,
) -> None:
    turnstile = Turnstile()
    order: list[int] = []

    async def come(number: int) -> None:
        await turnstile.turn()
        order.append(number)

    async with trio.open_nursery() as nursery:
        for number in range(MOST + 3):
            nursery.start_soon(come, number)
            await wait_all_tasks_blocked()
        mock_clock.jump(2 * WINDOW)
        nursery.start_soon(come, MOST + 3)
        await wait_all_tasks_blocked()
        assert order == list(range(MOST))
        nursery.start_soon(turnstile.run)
        await wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    assert sorted(order[MOST:]) == [MOST, MOST + 1, MOST + 2, MOST + 3]


async def test_who_gives_up_in_the_queue_takes_nobodys_turn(mock_clock: MockClock) -> None:
    turnstile = Turnstile()
    for _ in range(MOST):
        await turnstile.turn()
    with trio.move_on_after(0) as patience:
        await turnstile.turn()
    assert patience.cancelled_caught
    mock_clock.jump(2 * WINDOW)
    with trio.fail_after(0):
        await turnstile.turn()


async def test_those_who_take_long_go_fewer_at_a_time() -> None:
    """A pass is to take so long and no longer, whatever one step costs on this machine."""
    worked = 0.0
    turnstile = Turnstile(lambda: worked)
    passes = [0]
    step = PASS / 4

    async def leave() -> None:
        nonlocal worked
        await turnstile.turn()
        worked += step
        passes[-1] += 1

    async def look() -> None:
        while True:
            passes.append(0)
            await trio.lowlevel.checkpoint()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(turnstile.run)
        nursery.start_soon(look)
        for _ in range(20 * MOST):
            nursery.start_soon(leave)
        with trio.fail_after(PATIENCE):
            while sum(passes) < 20 * MOST:
                await trio.lowlevel.checkpoint()
        nursery.cancel_scope.cancel()
    crowded = [count for count in passes if count]
    assert statistics.median(crowded) <= 2 * PASS / step
