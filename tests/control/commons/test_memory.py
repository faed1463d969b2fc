"""Common data comes from memory: no store is touched for it, and it costs less than a millisecond."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
import trio

from common.presence import PEOPLE
from control.app import create_app, tables
from control.commons import categories_routes, routes
from control.commons.enums import ENUMS
from control.commons.views import Category
from control.health import healthz
from control.matching.conditions import routes as conditions_routes
from control.matching.conditions.views import Condition, Conditions
from control.operations import PUBLIC, Call
from control.settings import Settings
from tests.support.control import Control, running_control

PATHS = [
    "/api/v1/version",
    "/api/v1/time",
    "/api/v1/locale",
    "/api/v1/enums",
    "/api/v1/online",
    "/api/v1/categories",
    "/api/v1/conditions",
    "/healthz",
]


class Away:
    """A store that must not be asked."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a store was asked: {name}")


def call() -> Call:
    category = Category(key="music", ko="음악", en="Music", position=1, retired=False)
    condition = Condition(key="library", ko="도서관", en="Library", position=1, retired=False)
    conditions = Conditions(places=[condition] * 200, ways=[condition] * 200, kinds=[condition] * 200)
    services: Any = SimpleNamespace(
        clock=lambda: 1,
        settings=SimpleNamespace(zone=ZoneInfo("Asia/Seoul")),
        online=SimpleNamespace(current=lambda: (128, 1)),
        categories=SimpleNamespace(all=lambda: (category,) * 200),
        conditions=SimpleNamespace(all=lambda: conditions),
        db=Away(),
        redis=Away(),
        mongo=Away(),
        s3=Away(),
        limits=Away(),
    )
    return Call(services=services, request_id="", address="", language="ko")


HANDLERS: list[Callable[[], Awaitable[object]]] = [
    routes.version,
    lambda: routes.time(call()),
    lambda: routes.locale(call()),
    routes.enums,
    lambda: routes.online(call()),
    lambda: categories_routes.list_categories(call()),
    lambda: conditions_routes.list_conditions(call()),
    healthz,
]


@pytest.mark.parametrize("handler", HANDLERS)
async def test_it_takes_less_than_a_millisecond_with_its_json(
    handler: Callable[[], Awaitable[object]],
) -> None:
    """The best of many: what it costs, and not what else this machine does meanwhile."""
    took = []
    for _ in range(200):
        began = time.perf_counter()
        msgspec.json.encode(await handler())
        took.append(time.perf_counter() - began)
    await trio.lowlevel.checkpoint()
    assert min(took) < 0.001


async def test_no_store_is_asked(control: Control) -> None:
    """An application whose stores cannot be asked answers all of it, error pages included."""
    await control.services.redis.call("HSET", PEOPLE, "ann", 1)
    await control.services.online.ask()
    away: Any = Away()
    services = replace(control.services, db=away, redis=away, mongo=away, s3=away, limits=away, keys=away)
    client = create_app(services).test_client()
    for path in PATHS:
        assert (await client.get(path)).status_code == 200, path
    assert (await client.get("/api/v1/nothing")).status_code == 404


async def test_all_of_it_is_for_everybody(control: Control) -> None:
    declared = {
        operation.path: operation.permission
        for group in tables(control.services)
        for operation in group.table
        if operation.method == "GET"
    }
    assert {declared[path] for path in PATHS} == {PUBLIC}
    assert abs((await control.http.get("/api/v1/time")).json()["now"] - control.clock.now_ms) == 0


async def test_the_locale_says_what_this_yard_is_set_to(control_settings: Settings) -> None:
    async with running_control(control_settings, zone=ZoneInfo("Europe/Lisbon")) as control:
        said = (await control.http.get("/api/v1/locale", headers={"accept-language": "ko"})).json()
    assert said == {
        "language": "ko",
        "languages": ["en", "ko"],
        "region": "KR",
        "time_zone": "Europe/Lisbon",
        "week_starts": "monday",
    }


def test_every_closed_set_has_words() -> None:
    """What a type says is what is listed, whatever it is wrapped in."""
    said = msgspec.to_builtins(ENUMS)
    assert all(said.values())
    assert (said["genders"], said["found_by"]) == (
        ["female", "male", "other"],
        ["nickname", "email", "phone"],
    )
    assert said["presence"] == ["everyone", "friends", "nobody"]
    assert {each["purpose"]: each["bytes"] for each in said["uploads"]}["avatar"] == 5 * 2**20
