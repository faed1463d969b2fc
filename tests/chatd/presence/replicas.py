"""Replicas on a real server, with short leases, and those who listen to them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import trio
import trio.testing
from prometheus_client import REGISTRY

from chatd.presence import Change, Presence
from common.errors import StoreUnavailable
from common.ids import uuid7
from common.redis import Argument, Redis, open_redis

LEASE, RENEW, CALM, COALESCE = 1.0, 0.2, 0.8, 0.02
SOON = 60.0  # a machine may be busy


class Wire(Redis):
    """A replica's own way to the server, which can be cut or held up, and counts scripts."""

    def __init__(self, server: Redis) -> None:
        self.server = server
        self.cut = False
        self.held: trio.Event | None = None
        self.scripts = 0

    async def call(self, *command: Argument) -> Any:
        self.scripts += command[0] == "EVALSHA"
        if self.held is not None:
            await self.held.wait()
        if self.cut:
            raise StoreUnavailable("redis", "cut")
        return await self.server.call(*command)

    async def calls(self, commands: Sequence[Sequence[Argument]]) -> list[Any]:
        return await self.server.calls(commands)


class Ear:
    """Hears the news of one replica."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.calls = 0
        self.deaf = False
        self._heard = trio.Event()

    async def __call__(self, changes: Sequence[Change]) -> None:
        self.calls += 1
        self._heard.set()
        self._heard = trio.Event()
        if self.deaf:
            raise StoreUnavailable("postgres", "deaf")
        self.changes += changes

    @property
    def online(self) -> set[str]:
        """Who is, as far as heard."""
        return {
            user
            for user, state in {change.user: change.state for change in self.changes}.items()
            if state == "online"
        }

    def of(self, user: str) -> list[str]:
        return [change.state for change in self.changes if change.user == user]

    async def until(self, true: Callable[[], bool]) -> None:
        with trio.fail_after(SOON):
            while not true():
                await self._heard.wait()

    async def until_online(self, *users: str) -> None:
        await self.until(lambda: self.online == set(users))


class Replica:
    """A running presence, its wire, its ear, and its end."""

    def __init__(self, server: Redis, name: str, lease: float) -> None:
        self.wire = Wire(server)
        self.ear = Ear()
        self.presence = Presence(
            self.wire,
            replica=name,
            boot=uuid7(),
            lease=lease,
            renew=lease * RENEW / LEASE,
            calm=CALM,
            coalesce=COALESCE,
            on_change=self.ear,
        )
        self.life = trio.CancelScope()

    async def run(self, *, task_status: trio.TaskStatus[None]) -> None:
        with self.life:
            await self.presence.run(task_status=task_status)

    def crash(self) -> None:
        self.life.cancel()


class Cluster:
    def __init__(self, server: Redis, nursery: trio.Nursery) -> None:
        self.server = server
        self.nursery = nursery

    async def start(self, name: str, lease: float = LEASE) -> Replica:
        replica = Replica(self.server, name, lease)
        await self.nursery.start(replica.run)
        return replica


@asynccontextmanager
async def open_cluster(url: str) -> AsyncIterator[Cluster]:
    async with open_redis(url) as server, trio.open_nursery() as nursery:
        yield Cluster(server, nursery)
        nursery.cancel_scope.cancel()


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    with trio.fail_after(SOON):
        while not await true():  # noqa: ASYNC110 - the server tells nobody
            await trio.sleep(0.01)


async def total_of(replica: Replica, user: str) -> int | None:
    """How many connections of a user are counted, this asking one not: it comes and goes. None while unknown."""
    try:
        return await replica.presence.arrived(user, "asking") - 1
    except StoreUnavailable:
        return None
    finally:
        replica.presence.left(user, "asking")


def terms() -> float:
    return REGISTRY.get_sample_value("madang_chatd_presence_terms_total") or 0
