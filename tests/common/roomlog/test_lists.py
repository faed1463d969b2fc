"""What any store of lists must do, whatever server is behind it (conformance: see conftest)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from common.roomlog.lists import IMAGES, Item, _key, _number, edits_of, thread_of
from common.roomlog.log import Log
from tests.common.roomlog.entries import a_room


def items(room: str, name: str, *numbers: int) -> list[Item]:
    """Items whose seqs are ten times their numbers."""
    return [Item(room, name, number, number * 10) for number in numbers]


async def test_what_was_added_is_paged_in_order_from_either_end(log: Log) -> None:
    room = a_room()
    await log.lists.add(items(room, "@", 3, 1, 5, 2, 4))

    async def page(**bounds: int) -> list[int]:
        newest = "before" in bounds
        found = await log.lists.page(room, "@", **bounds, most=2, newest=newest)
        assert all(item == Item(room, "@", item.number, item.number * 10) for item in found)
        return [item.number for item in found]

    assert await page() == [1, 2]
    assert await page(after=2) == [3, 4]
    assert await page(after=4) == [5]
    assert await page(after=5) == []
    assert await page(before=6) == [4, 5]
    assert await page(before=2) == [1]
    assert await page(before=1) == []


async def test_adding_again_changes_nothing(log: Log) -> None:
    room = a_room()
    await log.lists.add(items(room, "@", 1, 2))
    await log.lists.add(items(room, "@", 2, 3))
    await log.lists.add(items(room, "@", 1, 2, 3))
    await log.lists.add([])
    assert await log.lists.page(room, "@", most=10, newest=False) == items(room, "@", 1, 2, 3)


async def test_a_count_is_of_a_range_and_bounded(log: Log) -> None:
    room = a_room()
    await log.lists.add(items(room, "@", *range(1, 11)))
    assert await log.lists.count(room, "@", most=100) == 10
    assert await log.lists.count(room, "@", above=4, most=100) == 6
    assert await log.lists.count(room, "@", above=4, upto=6, most=100) == 2
    assert await log.lists.count(room, "@", above=10, most=100) == 0
    assert await log.lists.count(room, "@", most=7) == 7


async def test_lists_and_rooms_do_not_mix(log: Log) -> None:
    room, other = a_room(), a_room()
    names = ["@", IMAGES, thread_of(1), thread_of(10), edits_of(1)]
    for number, name in enumerate(names, 1):
        await log.lists.add(items(room, name, number))
        await log.lists.add(items(other, name, number + 100))
    for number, name in enumerate(names, 1):
        assert await log.lists.page(room, name, most=10, newest=True) == items(room, name, number)
        assert await log.lists.count(other, name, most=10) == 1


@given(numbers=st.lists(st.integers(1, 10**12 - 2), unique=True))
def test_keys_sort_as_numbers_do(numbers: list[int]) -> None:
    assert sorted(numbers) == [_number(key) for key in sorted(_key("r", "@", number) for number in numbers)]
