"""Many small questions asked as few larger ones: each answered once, none older than the question, nobody forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from chatd.batcher import Batcher
from common.errors import StoreUnavailable


class Store:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.values: dict[str, int] = {}
        self.away = False
        self._may_answer = trio.Semaphore(0)

    def answer(self, times: int = 1) -> None:
        for _ in range(times):
            self._may_answer.release()

    async def load(self, keys: Sequence[str]) -> Mapping[str, int]:
        self.asked.append(sorted(keys))
        values = {key: self.values[key] for key in keys if key in self.values}
        await self._may_answer.acquire()
        if self.away:
            raise StoreUnavailable("postgres", "away")
        return values


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def batcher(store: Store, nursery: trio.Nursery) -> Batcher[str, int]:
    batcher: Batcher[str, int] = Batcher(store.load, most=3)
    nursery.start_soon(batcher.run)
    return batcher


class Asked:
    """Questions under way, and the answers so far."""

    def __init__(self, batcher: Batcher[str, int], nursery: trio.Nursery) -> None:
        self.answers: list[tuple[str, int | str | None]] = []
        self._batcher = batcher
        self._nursery = nursery

    def __call__(self, *keys: str) -> None:
        for key in keys:
            self._nursery.start_soon(self._ask, key)

    async def _ask(self, key: str) -> None:
        try:
            answer: int | str | None = await self._batcher.ask(key)
        except StoreUnavailable as fault:
            answer = fault.store
        self.answers.append((key, answer))


@pytest.fixture
def ask(batcher: Batcher[str, int], nursery: trio.Nursery) -> Callable[..., None]:
    return Asked(batcher, nursery)


async def test_what_is_asked_meanwhile_is_asked_together_next(store: Store, ask: Asked) -> None:
    store.values = {"a": 1, "b": 2}
    ask("a")
    await wait_all_tasks_blocked()
    ask("b", "c")
    await wait_all_tasks_blocked()
    assert store.asked == [["a"]]
    store.answer(2)
    await wait_all_tasks_blocked()
    assert store.asked == [["a"], ["b", "c"]]
    assert sorted(ask.answers, key=str) == [("a", 1), ("b", 2), ("c", None)]


async def test_who_asks_the_same_before_it_was_asked_shares_the_answer(store: Store, ask: Asked) -> None:
    store.values = {"a": 1}
    ask("x")
    await wait_all_tasks_blocked()
    ask("a", "a", "a")
    await wait_all_tasks_blocked()
    store.answer(2)
    await wait_all_tasks_blocked()
    assert store.asked == [["x"], ["a"]]
    assert ask.answers.count(("a", 1)) == 3


async def test_an_answer_is_never_older_than_its_question(store: Store, ask: Asked) -> None:
    store.values = {"a": 1}
    ask("a")
    await wait_all_tasks_blocked()
    store.values = {"a": 2}
    ask("a")
    await wait_all_tasks_blocked()
    store.answer(2)
    await wait_all_tasks_blocked()
    assert ask.answers == [("a", 1), ("a", 2)]


async def test_no_load_is_larger_than_allowed(store: Store, ask: Asked) -> None:
    ask(*"abcdefg")
    await wait_all_tasks_blocked()
    store.answer(3)
    await wait_all_tasks_blocked()
    assert [len(keys) for keys in store.asked] == [3, 3, 1]
    assert len(ask.answers) == 7


async def test_a_load_that_fails_fails_for_those_who_asked_and_the_next_is_tried(
    store: Store, ask: Asked
) -> None:
    store.away = True
    ask("a", "b")
    await wait_all_tasks_blocked()
    store.answer()
    await wait_all_tasks_blocked()
    assert sorted(ask.answers) == [("a", "postgres"), ("b", "postgres")]
    store.away, store.values = False, {"a": 1}
    ask("a")
    await wait_all_tasks_blocked()
    store.answer()
    await wait_all_tasks_blocked()
    assert ask.answers[-1] == ("a", 1)


async def test_who_gives_up_takes_the_answer_from_nobody(
    store: Store, batcher: Batcher[str, int], ask: Asked
) -> None:
    store.values = {"a": 1}
    with trio.CancelScope() as scope:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(batcher.ask, "a")
            await wait_all_tasks_blocked()
            ask("a")
            nursery.start_soon(batcher.ask, "a")
            await wait_all_tasks_blocked()
            scope.cancel()
    store.answer(2)
    await wait_all_tasks_blocked()
    assert ask.answers == [("a", 1)]


async def test_a_bug_in_a_load_is_no_answer(nursery: trio.Nursery) -> None:
    async def fail(keys: Sequence[str]) -> Mapping[str, int]:
        await trio.lowlevel.checkpoint()
        raise ValueError("a bug")

    batcher: Batcher[str, int] = Batcher(fail)
    with pytest.RaisesGroup(pytest.RaisesExc(ValueError, match="a bug")):
        async with trio.open_nursery() as inner:
            inner.start_soon(batcher.run)
            inner.start_soon(batcher.ask, "a")
