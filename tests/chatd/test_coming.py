"""Changes on their way: one at a time where they meet, and counted where there is a limit."""

from __future__ import annotations

import trio
from trio.testing import wait_all_tasks_blocked

from chatd.coming import Coming, Turns


async def test_of_one_thing_there_is_one_change_at_a_time() -> None:
    turns, log = Turns(), list[str]()

    async def change(name: str, key: str) -> None:
        await turns.take(key)
        log.append(name)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(change, "first", "a")
        await wait_all_tasks_blocked()
        nursery.start_soon(change, "second", "a")
        nursery.start_soon(change, "elsewhere", "b")
        await wait_all_tasks_blocked()
        assert log == ["first", "elsewhere"]
        turns.give_back("a")
        await wait_all_tasks_blocked()
        assert log == ["first", "elsewhere", "second"]
    turns.give_back("a")
    turns.give_back("b")
    await turns.take("a")


async def test_who_gave_up_waiting_holds_up_nobody() -> None:
    turns = Turns()
    await turns.take("a")
    with trio.move_on_after(0):
        await turns.take("a")
    turns.give_back("a")
    with trio.fail_after(1):
        await turns.take("a")


def test_what_is_on_its_way_counts_until_it_is_there() -> None:
    coming: Coming[str, int] = Coming()
    for value in (1, 1, 2):
        coming.begin("room", value)
    assert _now(coming, "room") == {1, 2}
    coming.end("room", 1)
    assert _now(coming, "room") == {1, 2}
    coming.end("room", 1)
    assert _now(coming, "room") == {2}
    coming.end("room", 2)
    assert not _now(coming, "room")
    assert not coming._coming, "nothing is kept of what is over"
    assert not coming._watching


def test_who_counts_misses_nothing_that_comes_and_arrives_meanwhile() -> None:
    coming: Coming[str, int] = Coming()
    coming.begin("room", 1)
    with coming.watched("room") as seen, coming.watched("room") as seen_by_another:
        coming.end("room", 1)
        coming.begin("room", 2)
        coming.begin("elsewhere", 3)
        coming.end("room", 2)
        assert seen == seen_by_another == {1, 2}


def _now(coming: Coming[str, int], key: str) -> set[int]:
    with coming.watched(key) as seen:
        return seen
