"""How many people are online, for everybody to ask, and never a question to a store for it."""

from __future__ import annotations

import pytest
import trio

from common.presence import PEOPLE
from control.commons.online import STALE, OnlineCount
from tests.support.control import Control


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control looks when a test says so: no answer of an earlier look comes after it."""

    async def never(_: OnlineCount) -> None:
        await trio.sleep_forever()

    monkeypatch.setattr(OnlineCount, "run", never)


async def online(control: Control, *people: str) -> None:
    """These people and nobody else are here, as chatd says it, and control has looked."""
    await control.services.redis.call("DEL", PEOPLE)
    if people:
        await control.services.redis.call("HSET", PEOPLE, *[word for each in people for word in (each, 1)])
    await control.services.online.ask()


async def test_anybody_may_ask_how_many_people_are_online(control: Control) -> None:
    for people in ([], ["ann"], ["ann", "bob"]):
        await online(control, *people)
        answer = await control.http.get("/api/v1/online")
        assert answer.status_code == 200
        assert answer.json() == {"count": len(people), "at": control.clock.now_ms}


async def test_the_number_comes_from_memory(control: Control) -> None:
    await online(control, "ann")
    asked = 0
    call = control.services.redis.call

    async def counting(*command: object) -> object:
        nonlocal asked
        asked += command[0] == "HLEN"
        return await call(*command)  # type: ignore[arg-type]

    control.services.redis.call = counting  # type: ignore[method-assign]
    for _ in range(50):
        assert (await control.http.get("/api/v1/online")).json()["count"] == 1
    assert asked == 0


async def test_while_redis_is_away_the_last_number_is_good_for_a_while(control: Control) -> None:
    await online(control, "ann", "bob")
    control.services.online._redis = Away()  # type: ignore[assignment]
    control.clock.pass_seconds(STALE)
    await control.services.online.ask()
    assert (await control.http.get("/api/v1/online")).json()["count"] == 2
    control.clock.pass_seconds(1)
    answer = await control.http.get("/api/v1/online")
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"


class Away:
    async def call(self, *command: object) -> object:
        from common.errors import StoreUnavailable

        raise StoreUnavailable("redis", "away")
