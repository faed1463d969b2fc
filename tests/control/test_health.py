"""Health: alive when the process is, ready when every store is, and back by itself when a store is back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import trio

from common.errors import MadangError, StoreUnavailable
from common.lifecycle import Shutdown
from control.health import Readiness
from deploy.embedded.postgres import Postgres
from deploy.embedded.valkey import Valkey
from tests.support.control import PATIENCE, Control, running_control, settings_of


class Store:
    def __init__(self) -> None:
        self.asked = 0
        self.away = False
        self.hangs = False

    async def ready(self) -> None:
        self.asked += 1
        if self.hangs:
            await trio.sleep_forever()
        if self.away:
            raise StoreUnavailable("redis", "away")


async def test_a_store_is_asked_once_a_second_however_often_we_are(autojump_clock: Any) -> None:
    store = Store()
    readiness = Readiness({"redis": store.ready}, Shutdown())
    async with trio.open_nursery() as nursery:
        for _ in range(50):
            nursery.start_soon(readiness.ask)
    assert store.asked == 1
    await trio.sleep(1)
    await readiness.ask()
    assert store.asked == 2


async def test_a_store_that_is_away_or_hangs_is_named(autojump_clock: Any) -> None:
    redis, mongo, fine = Store(), Store(), Store()
    redis.away = mongo.hangs = True
    readiness = Readiness({"redis": redis.ready, "mongo": mongo.ready, "s3": fine.ready}, Shutdown())
    with pytest.raises(MadangError) as away:
        await readiness.ask()
    assert away.value.code == "unavailable"
    assert away.value.fields == {"redis": "away", "mongo": "away"}
    redis.away = mongo.hangs = False
    await trio.sleep(1)
    assert (await readiness.ask()).stores == {"redis": "ready", "mongo": "ready", "s3": "ready"}


async def test_not_ready_once_asked_to_stop() -> None:
    shutdown = Shutdown()
    readiness = Readiness({"redis": Store().ready}, shutdown)
    await readiness.ask()
    shutdown.ask()
    with pytest.raises(MadangError) as stopping:
        await readiness.ask()
    assert stopping.value.fields == {"process": "stopping"}


async def test_with_all_stores_there(control: Control) -> None:
    assert (await control.http.get("/healthz")).json() == {"status": "ok"}
    answer = await control.http.get("/readyz")
    assert answer.json()["stores"] == dict.fromkeys(("postgres", "redis", "mongo", "s3"), "ready")


async def test_metrics_are_for_the_neighbourhood(control: Control) -> None:
    await control.http.get("/healthz")
    near = await control.http.get("/metrics")
    assert 'madang_control_request_seconds_count{operation="healthz",status="200"}' in near.text
    far = await control.http.get("/metrics", headers={"x-forwarded-for": "8.8.8.8"})
    assert far.json()["code"] == "not_found"


async def until(ask: Callable[[], Any], status: int) -> httpx.Response:
    """The first answer with `status`; asked again at once, as long as a store may take."""
    with trio.fail_after(PATIENCE):
        while (answer := await ask()).status_code != status:  # noqa: ASYNC110 - a store comes when it likes
            await trio.sleep(0.02)
    found: httpx.Response = answer
    return found


async def test_a_database_that_goes_and_comes_back(
    launch: Callable[..., Any], redis_url: str, mongo_url: str, s3_url: str
) -> None:
    postgres = launch(Postgres, durable=False)
    settings = settings_of(
        database_url=postgres.create_database("mine"),
        redis_url=redis_url,
        mongo_url=mongo_url,
        s3_url=s3_url,
    )
    async with running_control(settings) as control:
        client = await control.log_in(await control.sign_up())
        await trio.to_thread.run_sync(postgres.kill)
        answer = await until(lambda: client.get("/api/v1/me"), 503)
        assert (answer.json()["code"], answer.json()["temporary"]) == ("unavailable", True)
        assert (await control.http.get("/healthz")).status_code == 200
        away = await until(lambda: control.http.get("/readyz"), 503)
        assert away.json()["fields"] == {"postgres": "away"}
        await trio.to_thread.run_sync(postgres.start)
        await until(lambda: client.get("/api/v1/me"), 200)
        await until(lambda: control.http.get("/readyz"), 200)


async def test_a_redis_that_goes_and_comes_back(
    launch: Callable[..., Any], database_url: str, mongo_url: str, s3_url: str
) -> None:
    valkey = launch(Valkey)
    settings = settings_of(
        database_url=database_url, redis_url=valkey.url, mongo_url=mongo_url, s3_url=s3_url
    )
    async with running_control(settings) as control:
        person = await control.sign_up()
        tokens = await control.tokens(person)
        await trio.to_thread.run_sync(valkey.kill)
        out = {"refresh_token": tokens["refresh_token"]}
        limited = await control.post("/api/v1/sessions", {"email": person.email, "password": "x" * 10})
        assert limited.json()["code"] == "unavailable"
        me = control.with_token(tokens["access_token"])
        assert (await me.get("/api/v1/me")).status_code == 200
        assert (await control.http.get("/readyz")).json()["fields"] == {"redis": "away"}
        await trio.to_thread.run_sync(valkey.start)
        await until(lambda: control.post("/api/v1/sessions/logout", out), 204)
        assert (await me.get("/api/v1/me")).json()["code"] == "session_revoked"
