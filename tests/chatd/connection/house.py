"""A connection with nothing but stand-ins around it, and somebody who calls."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import trio
from prometheus_client import REGISTRY

from chatd.connection import Connection
from chatd.hub import Hub
from chatd.membership import Membership
from chatd.presence import TooManyConnections
from chatd.presence.participants import Here
from chatd.recovery import Recovery
from chatd.settings import load
from chatd.turnstile import Turnstile
from common.clock import now_ms
from common.ids import uuid7
from common.lifecycle import Shutdown
from common.permissions import permissions_of
from common.roomlog.bus import Standing
from common.tokens import Claims
from tests.support.rawsocket import Raw, request

ROOM = uuid7()
MINA = uuid7()


class Unasked:
    """Who is told of comings, goings and messages, and is nobody's concern here."""

    def came(self, user: str) -> None:
        pass

    went = came

    def spoke(self, user: str, room: str, mseq: int) -> None:
        pass


class Quiet:
    """Rooms in which nothing goes on."""

    async def learn(self, room: str) -> None:
        await trio.lowlevel.checkpoint()

    def told(self, room: str) -> None:
        return None

    def left(self, who: Connection) -> None:
        pass

    def out(self, who: Connection, room: str) -> None:
        pass


class House:
    """A hub, and in place of the stores what says yes after a moment."""

    def __init__(self) -> None:
        self.settings = load(
            {
                "DATABASE_URL": "postgresql://x/x",
                "REDIS_URL": "redis://x",
                "MONGO_URL": "mongodb://x/x",
                "CHATD_HELLO_SECONDS": "5",
            }
        )
        self.shutdown = Shutdown()
        self.turnstile = Turnstile()
        self.hub = Hub(self, lambda _shard, _id: None)  # type: ignore[arg-type]
        self.recovery = Recovery(self, self.hub.recent)  # type: ignore[arg-type]
        self.authenticator = self.memberships = self.anonymous = self.presence = self.participants = (
            self.headcount
        ) = self.feed = self.writer = self.said = self
        self.roster = self.cursors = Unasked()
        self.timers = self.calls = Quiet()
        self.here: list[str] = []  # connections as presence knows them
        self.revoked_sessions: set[str] = set()
        self.changed_users: set[str] = set()
        self.sent: list[Any] = []
        self.fault: Exception | None = None  # of the next question
        self.member: Membership | None = Membership("member", 0, 0)

    async def _moment(self) -> None:
        for _ in range(3):
            await trio.lowlevel.checkpoint()
        if self.fault is not None:
            fault, self.fault = self.fault, None
            raise fault

    async def standing(self, shard: int, rooms: Sequence[str]) -> Standing:
        await self._moment()
        return Standing("e", b"0-0", b"0-0", dict.fromkeys(rooms, 0), dict.fromkeys(rooms, 0))

    async def prove(self, token: str) -> Claims:
        await self._moment()
        now = now_ms() // 1000
        return Claims(
            sub=MINA,
            sid="s",
            jti="j",
            roles=(),
            permissions=tuple(permissions_of(["mentee"])),
            iat=now,
            exp=now + 900,
        )

    async def get(self, user: str, room: str) -> Membership | None:
        await self._moment()
        return self.member

    def peek(self, user: str, room: str) -> Membership | None:
        return self.member

    async def arrived(self, user: str, connection: str, word: str) -> int:
        self.here.append(connection)
        await self._moment()
        if len(self.here) > self.settings.connections_per_user:
            self.here.remove(connection)
            raise TooManyConnections(len(self.here))
        return len(self.here)

    def introduce(self, sock: socket.socket, peer: str, forwarded_for: str) -> bool:
        return True

    def forget(self, who: Connection) -> None:
        pass

    def left(self, user: str, connection: str) -> None:
        if connection in self.here:
            self.here.remove(connection)

    async def of(self, room: str, viewer: str) -> Here:
        await self._moment()
        await self.on_the_way()
        return Here([])

    async def on_the_way(self) -> None:
        """What happens after a membership was read, and before the room is open."""

    def revoked(self, session: str) -> bool:
        return session in self.revoked_sessions

    def changed_since(self, user: str, at: float) -> bool:
        return user in self.changed_users

    def submit(self, draft: Any, waiter: Any) -> None:
        self.sent.append(waiter)

    async def place_of(self, draft: Any) -> None:
        await self._moment()

    def heard(self, draft: Any) -> bool:
        return False


class Call:
    """A connection being served, and the peer at the other end."""

    def __init__(self, house: House, nursery: trio.Nursery) -> None:
        with socket.create_server(("127.0.0.1", 0)) as door:
            peer = socket.create_connection(door.getsockname())
            self.sock, _ = door.accept()
        self.greeted = 0
        self.connection = Connection(self.sock, house, peer="127.0.0.1", on_greeted=self._on_greeted)  # type: ignore[arg-type]
        self.raw = Raw(trio.SocketStream(trio.socket.from_stdlib_socket(peer)))
        self.scope = trio.CancelScope()
        self.over = trio.Event()
        nursery.start_soon(self._serve)

    def _on_greeted(self) -> None:
        self.greeted += 1

    async def _serve(self) -> None:
        with self.scope:
            await self.connection.serve()
        self.over.set()

    async def says_hello(self) -> None:
        await self.raw.send(request())
        assert await self.raw.status() == 101
        await self.raw.say({"type": "hello", "token": "x"})
        await self.raw.hears("welcome")


@asynccontextmanager
async def calling(house: House) -> AsyncIterator[Callable[[], Call]]:
    """Make calls; whatever still goes on at the end is cut off."""
    calls: list[Call] = []
    async with trio.open_nursery() as nursery:
        await nursery.start(house.hub.run)

        def call() -> Call:
            calls.append(Call(house, nursery))
            return calls[-1]

        try:
            yield call
        finally:
            for each in calls:
                each.raw.vanish()
            nursery.cancel_scope.cancel()


def open_connections() -> float:
    """Asked of this one metric alone: all that a run of tests has measured is long to tell."""
    (metric,) = REGISTRY.restricted_registry(["madang_chatd_connections"]).collect()
    return metric.samples[0].value


def assert_nothing_left(house: House, call: Call) -> None:
    assert not house.hub.connections
    assert not house.hub.rooms
    assert not house.here
    assert call.greeted >= 1
    assert call.sock.fileno() == -1
    assert open_connections() == 0
