"""A connection leaves nothing behind, at whatever moment it is cut short; and what it is told comes in order or not at all."""

from __future__ import annotations

import gc
import socket
import struct
import weakref
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
import trio
from prometheus_client import REGISTRY
from trio.testing import wait_all_tasks_blocked
from wsproto.frame_protocol import FrameProtocol

from chatd import connection as connection_module
from chatd.connection import Connection
from chatd.hub import Hub
from chatd.membership import Membership
from chatd.presence import TooManyConnections
from chatd.presence.participants import Here
from chatd.recovery import Recovery
from chatd.settings import load
from chatd.transport import Transport
from chatd.turnstile import Turnstile
from common import disconnect, protocol
from common.clock import now_ms
from common.codec import push_frame, text_frame
from common.disconnect import ConnectionEnded
from common.errors import MadangError, StoreUnavailable
from common.ids import uuid7
from common.lifecycle import Shutdown
from common.permissions import permissions_of
from common.roomlog.bus import Standing
from common.tokens import Claims
from tests.support.rawsocket import CLOSE, PING, TEXT, Raw, command, frame, request

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing says RST
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


# --- cut short --------------------------------------------------------------------------------------------------------


async def everything(raw: Raw) -> None:
    """What a client may do, all at once."""
    try:
        await raw.send(request())
        if await raw.status() != 101:
            return
        resume = {uuid7(): {"epoch": "e", "seq": 0}, ROOM: {"epoch": "other", "seq": 7}}
        await raw.say({"type": "hello", "token": "x", "id": "0", "resume": resume})
        await raw.say({"type": "room.open", "id": "1", "room": ROOM}, {"type": "ping", "id": "2"})
        await raw.say({"type": "room.open", "id": "3", "room": uuid7()})
        await raw.send(frame("{", fin=False))
        while await raw.frame() is not None:
            pass
    except trio.ClosedResourceError:
        pass


@pytest.mark.parametrize("how", ["cancelled", "told to end", "left by its peer"])
async def test_cut_short_at_any_moment_it_leaves_nothing_behind(how: str) -> None:
    reached = set()
    for moment in range(120):
        house = House()
        async with calling(house) as make:
            call = make()
            async with trio.open_nursery() as nursery:
                nursery.start_soon(everything, call.raw)
                for _ in range(moment):
                    await trio.lowlevel.checkpoint()
                reached.add((bool(house.hub.connections), bool(house.hub.rooms), len(call.connection.rooms)))
                if how == "cancelled":
                    call.scope.cancel()
                elif how == "told to end" and house.hub.connections:
                    call.connection.disconnect(disconnect.DRAINING)
                call.raw.vanish()
                with trio.fail_after(20):
                    await call.over.wait()
                nursery.cancel_scope.cancel()
            await wait_all_tasks_blocked()
            assert_nothing_left(house, call)
    assert len(reached) > 3, "the moments were all alike"


def count(kind: type[Any]) -> int:
    """By type: to be asked for its class, what is a proxy of something gone raises."""
    return sum(issubclass(type(each), kind) for each in gc.get_objects())


@pytest.mark.parametrize("how", ["told to end", "left by its peer", "torn from its peer"])
async def test_at_its_end_it_is_freed_without_a_search_for_cycles(how: str) -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        await call.raw.say({"type": "room.open", "id": "1", "room": ROOM})
        await call.raw.hears("reply", id="1")
        gone = weakref.ref(call.connection)
        parsers, transports = count(FrameProtocol), count(Transport)
        gc.disable()
        try:
            if how == "told to end":
                call.connection.disconnect(disconnect.DRAINING)
            elif how == "torn from its peer":
                call.raw.stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            call.raw.vanish()
            await call.over.wait()
            await wait_all_tasks_blocked()
            del call.connection
            assert gone() is None
            assert (count(FrameProtocol), count(Transport)) == (parsers - 1, transports - 1)
        finally:
            gc.enable()


# --- hello ------------------------------------------------------------------------------------------------------------


async def test_greeted_is_said_before_the_conversation_not_after() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        assert call.greeted == 0
        await call.says_hello()
        assert call.greeted == 1


async def test_who_comes_back_for_rooms_is_greeted_when_they_are_open() -> None:
    house = House()
    greeted: list[int] = []

    async def look() -> None:
        greeted.append(call.greeted)

    house.on_the_way = look  # type: ignore[method-assign]
    async with calling(house) as make:
        call = make()
        await call.raw.send(request())
        assert await call.raw.status() == 101
        await call.raw.say({"type": "hello", "token": "x", "resume": {ROOM: {"epoch": "e", "seq": 0}}})
        await call.raw.hears("opened", room=ROOM)
        await wait_all_tasks_blocked()
        assert greeted == [0]
        assert call.greeted == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (ConnectionEnded(disconnect.TOKEN_EXPIRED), 4005),
        (StoreUnavailable("postgres", "away"), 4000),
        (ValueError("a bug"), 4000),
    ],
    ids=["refused", "store away", "bug"],
)
async def test_whatever_happens_to_hello_the_peer_is_told(fault: Exception, code: int) -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        house.fault = fault
        await call.raw.send(request())
        assert await call.raw.status() == 101
        await call.raw.say({"type": "hello", "token": "x"})
        assert (await call.raw.ends()).code == code
        call.raw.vanish()
        await call.over.wait()
        assert_nothing_left(house, call)


async def test_news_that_comes_while_somebody_is_greeted_is_not_heard_before_the_welcome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = House()
    arrive = house.arrived

    async def slowly(user: str, connection: str, word: str) -> int:
        for who in house.hub.of_user(user):
            who.send_nowait(push_frame(protocol.PersonalExpiring(expires_at=1)))
        return await arrive(user, connection, word)

    monkeypatch.setattr(house, "arrived", slowly)
    async with calling(house) as make:
        call = make()
        await call.raw.send(request())
        assert await call.raw.status() == 101
        await call.raw.say({"type": "hello", "token": "x"})
        assert (await call.raw.hears())["type"] == "welcome"


async def test_a_session_that_is_revoked_while_it_greets_is_ended() -> None:
    house = House()
    house.revoked_sessions.add("s")
    async with calling(house) as make:
        call = make()
        await call.raw.send(request())
        assert await call.raw.status() == 101
        await call.raw.say({"type": "hello", "token": "x"})
        assert await call.raw.ends() == (4503, "session_revoked")


async def test_a_person_whose_roles_change_while_they_are_greeted_has_to_come_back() -> None:
    house = House()
    house.changed_users.add(MINA)
    async with calling(house) as make:
        call = make()
        await call.raw.send(request())
        assert await call.raw.status() == 101
        await call.raw.say({"type": "hello", "token": "x"})
        assert await call.raw.ends() == (4000, "internal")


async def test_presence_that_cannot_be_known_keeps_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()

    async def away(user: str, connection: str, word: str) -> int:
        await trio.lowlevel.checkpoint()
        raise StoreUnavailable("redis", "away")

    monkeypatch.setattr(house, "arrived", away)
    async with calling(house) as make:
        await make().says_hello()


# --- time passes ------------------------------------------------------------------------------------------------------


async def after(call: Call, *gaps: float) -> list[str]:
    """Let so much time pass between ticks; what the peer heard meanwhile, by kind."""
    now = trio.current_time()
    for gap in gaps:
        now += gap
        call.connection.tick(now, now_ms())
    call.connection.disconnect(disconnect.DRAINING)
    heard = []
    while (found := await call.raw.frame()) is not None and found.opcode != CLOSE:
        heard.append({PING: "ping", TEXT: "text"}[found.opcode])
    assert found is not None
    return [*heard, found.payload[2:].decode()]


async def test_a_silent_peer_is_pinged_and_then_taken_for_dead() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        pings = await after(call, *[1.0] * 43)
        assert pings in (["ping", "no_pong"], ["ping", "ping", "no_pong"])  # they are jittered


async def test_nobody_is_taken_for_dead_because_we_stood_still() -> None:
    """A process that was frozen for an hour heard nothing; its peers may be well."""
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        assert await after(call, 1, 3600, 1, 1) == ["ping", "draining"]


async def test_whoever_is_heard_lives() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        now = trio.current_time()
        for _ in range(5):
            for _ in range(30):
                now += 1
                call.connection.tick(now, now_ms())
            await call.raw.ok("ping")
        assert await after(call, 1) == ["draining"]


# --- commands ---------------------------------------------------------------------------------------------------------


async def test_a_command_waits_for_those_before_it() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        await call.raw.say({"type": "room.open", "id": "1", "room": ROOM}, {"type": "ping", "id": "2"})
        assert [(await call.raw.hears("reply"))["id"] for _ in range(2)] == ["1", "2"]


async def test_who_is_thrown_out_while_a_room_is_opened_does_not_come_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = House()

    async def throw_out() -> None:
        await trio.lowlevel.checkpoint()
        house.member = None

    monkeypatch.setattr(house, "on_the_way", throw_out)
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        assert (await call.raw.refused("room.open", room=ROOM))["code"] == "not_a_member"
        assert not house.hub.rooms


async def test_a_store_that_is_away_is_told_and_the_next_command_is_served() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        house.fault = StoreUnavailable("postgres", "away")
        refusal = await call.raw.refused("room.open", room=ROOM)
        assert (refusal["code"], refusal["temporary"]) == ("unavailable", True)
        await call.raw.ok("room.open", room=ROOM)


async def test_a_refusal_is_freed_without_a_search_for_cycles() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        gc.collect()
        before = count(MadangError)
        gc.disable()
        try:
            refusal = await call.raw.refused(
                "message.send", room=ROOM, client_id=uuid7(), text="모두", mention_all=True
            )
            assert refusal["code"] == "forbidden"
            await wait_all_tasks_blocked()
            assert count(MadangError) == before
        finally:
            gc.enable()


async def test_a_bug_in_a_command_ends_this_connection_alone() -> None:
    house = House()
    async with calling(house) as make:
        unlucky, other = make(), make()
        await unlucky.says_hello()
        await other.says_hello()
        house.fault = ValueError("a bug")
        await unlucky.raw.say({"type": "room.open", "id": "1", "room": ROOM})
        assert await unlucky.raw.ends() == (4000, "internal")
        await other.raw.ok("ping")


async def test_an_answer_that_comes_after_the_end_is_not_sent() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        await call.raw.send(
            command(type="message.send", id="1", room=ROOM, client_id=uuid7(), text="a")
            + command(type="ping", id="2")
        )
        await call.raw.hears("reply", id="2")
        call.connection.disconnect(disconnect.DRAINING)
        end = await call.raw.ends(answer=False)
        house.sent[0].settle(MadangError("log_unavailable"))
        house.sent[0].flush()
        assert not call.connection.send_nowait(b"\x81\x00")
        assert end == (4001, "draining")
        assert await call.raw.frame() is None


# --- the end ----------------------------------------------------------------------------------------------------------


async def test_the_first_reason_to_end_counts() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        call.connection.disconnect(disconnect.SESSION_REVOKED)
        call.connection.disconnect(disconnect.DRAINING)
        assert await call.raw.ends() == (4503, "session_revoked")


async def test_what_waits_is_sent_before_the_goodbye() -> None:
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        sent = 0
        while not call.connection._transport._outbox:
            assert call.connection.send_nowait(text_frame(b"." * 10_000))
            sent += 1
        call.connection.disconnect(disconnect.DRAINING)
        for _ in range(sent):
            found = await call.raw.frame()
            assert found is not None
            assert found.payload == b"." * 10_000
        assert await call.raw.ends() == (4001, "draining")


async def test_what_is_sent_at_any_moment_of_the_end_harms_nobody() -> None:
    """The hub sends when it likes; a failure there would be everybody's."""
    for moment in range(30):
        house = House()
        async with calling(house) as make:
            call = make()
            await call.says_hello()
            call.connection.disconnect(disconnect.DRAINING)
            for _ in range(moment):
                await trio.lowlevel.checkpoint()
                while not call.connection._transport._outbox:
                    if not call.connection.send_nowait(text_frame(b"." * 10_000)):
                        break
                call.connection._transport._discount(call.connection._transport._outbox_bytes)  # all is read


async def test_a_goodbye_that_nobody_reads_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "GOODBYE", 0.1)
    house = House()
    async with calling(house) as make:
        call = make()
        await call.says_hello()
        call.connection.disconnect(disconnect.DRAINING)
        with trio.fail_after(3):
            await call.over.wait()
        assert_nothing_left(house, call)
