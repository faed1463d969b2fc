"""The recorder's lease is given away only once nothing is recorded here any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from chatd.control_feed import ControlFeed
from common.errors import StoreUnavailable

WHO = "chatd.1:boot"


class Redis:
    """A lease that nobody else holds, and a stream where nothing happens."""

    def __init__(self) -> None:
        self.holder: bytes | None = None
        self.reading = False
        self.let_go_while_reading: bool | None = None
        self.away = False

    def script(self, text: str) -> Any:
        async def hold(keys: Sequence[str], args: Sequence[Any]) -> int:
            await trio.lowlevel.checkpoint()
            self.holder = args[0].encode()
            return 1

        return hold

    async def call(self, command: str, *words: Any) -> Any:
        await trio.lowlevel.checkpoint()
        if self.away:
            raise StoreUnavailable("redis", "away")
        match command:
            case "XAUTOCLAIM":
                return [b"0-0", []]
            case "XREADGROUP":
                self.reading = True
                try:
                    await trio.sleep_forever()
                finally:
                    self.reading = False
            case "GET":
                return self.holder
            case "DEL":
                self.holder = None
                self.let_go_while_reading = self.reading
        return None


class Writer:
    """Has nothing to write."""

    async def append(self, drafts: Sequence[Any]) -> None:
        await trio.lowlevel.checkpoint()
        assert not drafts


@pytest.fixture
def redis() -> Redis:
    return Redis()


@pytest.fixture
def feed(redis: Redis) -> ControlFeed:
    nobody: Any = None
    return ControlFeed(
        redis,  # type: ignore[arg-type]
        hub=nobody,
        memberships=nobody,
        authenticator=nobody,
        writer=Writer(),  # type: ignore[arg-type]
        people=nobody,
        circles=nobody,
        who=WHO,
        lease=2,
    )


async def test_who_lets_go_has_stopped_reading(
    redis: Redis, feed: ControlFeed, nursery: trio.Nursery
) -> None:
    """Else it would still be handed the next change, and end with it."""
    nursery.start_soon(feed.record)
    await wait_all_tasks_blocked()
    assert redis.reading
    assert redis.holder == WHO.encode()
    await feed.release()
    assert redis.holder is None
    assert redis.let_go_while_reading is False


async def test_what_another_holds_is_not_let_go(
    redis: Redis, feed: ControlFeed, nursery: trio.Nursery
) -> None:
    nursery.start_soon(feed.record)
    await wait_all_tasks_blocked()
    redis.holder = b"chatd.2:boot"
    await feed.release()
    assert redis.holder == b"chatd.2:boot"


async def test_without_redis_the_lease_runs_out_by_itself(
    redis: Redis, feed: ControlFeed, nursery: trio.Nursery
) -> None:
    nursery.start_soon(feed.record)
    await wait_all_tasks_blocked()
    redis.away = True
    with trio.fail_after(1):
        await feed.release()
