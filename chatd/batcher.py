"""Many small questions as few larger ones: what is asked while an answer is under way is asked together next."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import trio

from common.errors import StoreUnavailable

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Question(Generic[V]):
    __slots__ = ("answer", "answered", "failure")

    def __init__(self) -> None:
        self.answered = trio.Event()
        self.answer: V | None = None
        self.failure: StoreUnavailable | None = None


class Batcher(Generic[K, V]):
    """Answers `ask(key)` by `load(keys)`, up to `most` keys a load and one load at a time.

    `load` leaves out keys it knows nothing of. It is as fresh as a load that began after the question.
    """

    def __init__(self, load: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]], *, most: int = 500) -> None:
        self._load = load
        self._most = most
        self._open: dict[K, _Question[V]] = {}
        self._asked = trio.Event()

    async def ask(self, key: K) -> V | None:
        """The value of `key`, or None. Raises `StoreUnavailable` when the load did."""
        return (await self.ask_all([key]))[key]

    async def ask_all(self, keys: Iterable[K]) -> dict[K, V | None]:
        """The values of `keys`, asked for together. Raises `StoreUnavailable` when a load did."""
        questions = {key: self._opened(key) for key in keys}
        for question in questions.values():
            await question.answered.wait()
            if question.failure is not None:
                raise StoreUnavailable(question.failure.store, "a batch failed") from question.failure
        return {key: question.answer for key, question in questions.items()}

    def _opened(self, key: K) -> _Question[V]:
        question = self._open.get(key)
        if question is None:
            question = self._open[key] = _Question()
            self._asked.set()
        return question

    async def run(self) -> None:
        """Answer, for ever. A task of the program's own nursery."""
        while True:
            await self._asked.wait()
            keys = list(self._open)[: self._most]
            batch = {key: self._open.pop(key) for key in keys}
            if not self._open:
                self._asked = trio.Event()
            try:
                found = await self._load(keys)
            except StoreUnavailable as failure:
                for question in batch.values():
                    question.failure = failure
            else:
                for key, question in batch.items():
                    question.answer = found.get(key)
            for question in batch.values():
                question.answered.set()
