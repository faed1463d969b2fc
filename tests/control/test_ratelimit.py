"""Rate limits: how many at once, how fast again, and for whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trio

from common import aio
from common.errors import MadangError
from common.redis import Redis, open_redis
from control.ratelimit import Rate, RateLimits
from control.settings import Settings
from tests.support.control import running_control, somebody

THREE = Rate(3, per=30)


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000_000

    def __call__(self) -> int:
        return self.now


@asynccontextmanager
async def limited(url: str, scale: float = 1) -> AsyncIterator[tuple[RateLimits, Clock, Redis]]:
    clock = Clock()
    async with aio.open_loop(), open_redis(url) as redis:
        yield RateLimits(redis, scale=scale, now_ms=clock), clock, redis


async def wait_of(limits: RateLimits, *claims: tuple[str, Rate]) -> int:
    """How long a refused one must wait, in milliseconds; 0 when it passed."""
    try:
        await limits.take(*claims)
    except MadangError as refused:
        return refused.retry_after_ms or -1
    return 0


async def test_so_many_at_once_and_then_one_at_a_time(redis_url: str) -> None:
    async with limited(redis_url) as (limits, clock, _):
        assert [await wait_of(limits, ("a", THREE)) for _ in range(5)] == [0, 0, 0, 10_000, 10_000]
        clock.now += 9_999
        assert await wait_of(limits, ("a", THREE)) == 1
        clock.now += 1
        assert [await wait_of(limits, ("a", THREE)) for _ in range(2)] == [0, 10_000]
        clock.now += 1_000_000
        assert [await wait_of(limits, ("a", THREE)) for _ in range(4)] == [0, 0, 0, 10_000]


async def test_one_does_not_pay_for_another(redis_url: str) -> None:
    async with limited(redis_url) as (limits, _, _redis):
        for _ in range(3):
            await limits.take(("a", THREE))
        assert await wait_of(limits, ("a", THREE))
        assert not await wait_of(limits, ("b", THREE))


async def test_who_is_refused_by_one_limit_uses_up_no_other(redis_url: str) -> None:
    async with limited(redis_url) as (limits, _, _redis):
        claims = (("narrow", Rate(1, per=60)), ("wide", THREE))
        assert [await wait_of(limits, *claims) for _ in range(10)] == [0] + [60_000] * 9
        assert [await wait_of(limits, ("wide", THREE)) for _ in range(3)] == [0, 0, 10_000]


async def test_many_at_the_same_moment(redis_url: str) -> None:
    async with limited(redis_url) as (limits, _, _redis):
        waits: list[int] = []

        async def take() -> None:
            waits.append(await wait_of(limits, ("a", THREE)))

        async with trio.open_nursery() as nursery:
            for _ in range(30):
                nursery.start_soon(take)
        assert waits.count(0) == 3


async def test_what_was_taken_can_be_given_back(redis_url: str) -> None:
    async with limited(redis_url) as (limits, _, _redis):
        for _ in range(3):
            await limits.take(("a", THREE))
        await limits.forget("a")
        assert not await wait_of(limits, ("a", THREE))


async def test_a_scale_for_a_school_behind_one_address(redis_url: str) -> None:
    async with limited(redis_url, scale=2) as (limits, _, _redis):
        assert [await wait_of(limits, ("a", THREE)) for _ in range(7)] == [0] * 6 + [5_000]


async def test_keys_go_by_themselves_and_tell_nobodys_address(redis_url: str) -> None:
    async with limited(redis_url) as (limits, _, redis):
        await limits.take(("log-in:somebody@example.org", THREE))
        [key] = await redis.call("KEYS", "*")
        assert b"somebody" not in key
        assert 0 < await redis.call("PTTL", key) <= 11_000


async def test_by_the_servers_own_clock(redis_url: str) -> None:
    async with aio.open_loop(), open_redis(redis_url) as redis:
        limits = RateLimits(redis)
        await limits.take(("a", Rate(1, per=3600)))
        with pytest.raises(MadangError, match="rate_limited"):
            await limits.take(("a", Rate(1, per=3600)))


async def test_guessing_a_password_is_stopped_before_it_costs_anything(control_settings: Settings) -> None:
    async with running_control(control_settings, rate_scale=1) as control:
        person = await control.sign_up()
        guess = {"email": person.email, "password": "not-the-password"}
        codes = [(await control.post("/api/v1/sessions", guess)).json()["code"] for _ in range(12)]
        assert codes == ["credentials_wrong"] * 10 + ["rate_limited"] * 2
        right = await control.post("/api/v1/sessions", {"email": person.email, "password": person.password})
        assert right.json()["code"] == "rate_limited"
        other = await control.post("/api/v1/sessions", guess | {"email": "other@example.org"})
        assert other.json()["code"] == "credentials_wrong"


async def test_a_right_password_forgives_the_wrong_ones(control_settings: Settings) -> None:
    async with running_control(control_settings, rate_scale=1) as control:
        person = await control.sign_up()
        for _ in range(2):
            for _ in range(9):
                await control.post("/api/v1/sessions", {"email": person.email, "password": "wrong"})
            await control.tokens(person)


async def test_six_codes_an_hour_for_one_number(control_settings: Settings) -> None:
    async with running_control(control_settings, rate_scale=1) as control:
        phone, codes = somebody().phone, []
        for _ in range(7):
            codes.append((await control.post("/api/v1/phone-codes", {"phone": phone})).status_code)
            control.clock.pass_seconds(31)
        assert codes == [202] * 6 + [429]
