"""The client: a core, a socket at a time, and the application's tasks between them.

One task connects, reads and comes back; one writes and keeps the time while a socket is open. The reader never waits
for the application: what it does not take stays bounded, see `view`.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from functools import partial
from random import Random
from typing import Final, TypeVar

import trio
from msgspec import Struct

from chatd.client.comeback import Comeback, Loss, full_jitter, needs_new_token
from chatd.client.core import Core
from chatd.client.effects import AnyNews, Arrived, HangUp, Lost, NeedToken, Output, Settled, Told
from chatd.client.errors import ClientError, Stopped, TokenRefused, TokenUnavailable
from chatd.client.lane import Call
from chatd.client.room import Room
from chatd.client.room_state import RoomState
from chatd.client.socket import Dial, Socket, SocketLost, converse, dial_tcp
from chatd.client.tokens import TokenSource
from chatd.core.ratelimit import TokenBucket
from common import protocol
from common.errors import Language
from common.protocol import AnyCommand, PersonState, Pong, Position, PresenceQuery, PresenceSet, Word
from common.units import SECONDS

PACE: Final = (18.0, 50.0)  # a little below what a server allows: 20 commands a second, 60 in a burst
NEWS: Final = 1024  # not taken; past it the oldest is forgotten
TOKEN_MARGIN: Final = 10 * SECONDS  # a token that ends sooner is not worth a visit


Answer = TypeVar("Answer", bound=Struct)


class Client:
    """One person's connection, kept up. Made by `open_client`."""

    def __init__(self, core: Core, comeback: Comeback, tokens: TokenSource, dial: Dial, rng: Random) -> None:
        self._core = core
        self._comeback = comeback
        self._tokens = tokens
        self._dial = dial
        self._rng = rng
        self._token: str | None = None
        self._renewing = False
        self._rooms: dict[RoomState, Room] = {}
        self._waiting: dict[Call, trio.Event] = {}
        self._news: deque[AnyNews] = deque(maxlen=NEWS)
        self._told = trio.lowlevel.ParkingLot()
        self._output = trio.Event()
        self._scope = trio.CancelScope()
        self._renewals: trio.Nursery
        self._over: Stopped | None = None  # why there is no further visit

    # --- for the application ------------------------------------------------------------------------------------------

    @property
    def welcome(self) -> protocol.Welcome | None:
        """What the present replica said at the start; None while there is no connection."""
        return self._core.welcome

    @property
    def online(self) -> AbstractSet[str]:
        """The people who share an open room with this one, or are friends, and are here, be it away, as far as told."""
        return self._core.online

    @property
    def away(self) -> AbstractSet[str]:
        """Those of `online` who are away."""
        return self._core.away

    async def open_room(self, room_id: str, resume: Position | None = None) -> Room:
        """Hear a room: from now on, or from `resume` on. Returns once the server has opened it.

        Raises `CommandFailed` (as `not_a_member`) or `Stopped`. Cancelled, the room is closed again.
        """
        state = self._core.open(room_id, resume)
        room = self._rooms[state] = Room(self, state)
        self._apply()
        try:
            await self._outcome(state.opening, protocol.RoomOpened)
        except BaseException:
            room.close()
            raise
        return room

    async def next_push(self) -> AnyNews:
        """The next news that belongs to no room's log. Those nobody takes are forgotten, the oldest first.

        Raises `Stopped` when there will be none. Cancelling loses none.
        """
        await trio.lowlevel.checkpoint()
        while not self._news:
            if self._core.stopped is not None:
                raise self._core.stopped
            await self._told.park()
        return self._news.popleft()

    def pushes(self) -> Pushes:
        """Iterate over `next_push`. For one reader at a time."""
        return Pushes(self)

    async def ping(self) -> Pong:
        """Ask the server for its time."""
        return await self._ask(protocol.Ping(), Pong)

    async def say_state(self, state: Word) -> None:
        """Say that our person is here, or away. It is said again whenever the connection was lost and is back."""
        self._core.word = state
        await self._ask(PresenceSet(state=state), protocol.Done)

    async def states(self, users: Iterable[str]) -> list[PersonState]:
        """What may be known of some people, 200 at most: whether they are here, and if not, when they were."""
        return (await self._ask(PresenceQuery(users=list(users)), protocol.PresenceStates)).people

    async def refresh(self) -> None:
        """Renew the token on the live connection, as happens by itself before its end."""
        self._token = await self._tokens()
        await self._ask(protocol.AuthRefresh(token=self._token), protocol.Refreshed)

    # --- calls --------------------------------------------------------------------------------------------------------

    def _submit(self, command: AnyCommand, answer: type[Struct], room: RoomState | None = None) -> Call:
        call = self._core.submit(command, answer, room)
        self._apply()
        return call

    async def _outcome(self, call: Call, answer: type[Answer]) -> Answer:
        if call.outcome is None:
            settled = self._waiting[call] = trio.Event()
            try:
                await settled.wait()
            finally:
                del self._waiting[call]
                if call.outcome is None:
                    self._core.abandon(call)
        if isinstance(call.outcome, ClientError):
            raise call.outcome
        assert isinstance(call.outcome, answer)  # noqa: S101 - the core decodes no other
        return call.outcome

    async def _ask(self, command: AnyCommand, answer: type[Answer], room: RoomState | None = None) -> Answer:
        return await self._outcome(self._submit(command, answer, room), answer)

    def _apply(self) -> None:
        """Tell everyone what followed from an input."""
        lost: Loss | None = None
        for effect in self._core.effects():
            match effect:
                case Settled(call):
                    if call in self._waiting:
                        self._waiting[call].set()
                case Arrived(state):
                    self._arrived(state)
                case Told(news):
                    self._tell(news)
                case Output():
                    self._output.set()
                case NeedToken() if not self._renewing:
                    self._renewing = True
                    self._renewals.start_soon(self._renew)
                case HangUp(loss):
                    lost = loss
        if lost is not None:
            raise SocketLost(lost)

    def _arrived(self, state: RoomState) -> None:
        room = self._rooms.get(state)
        if room is not None:
            room._arrived.unpark_all()
            if state.ended is not None:
                del self._rooms[state]

    def _tell(self, news: AnyNews) -> None:
        if isinstance(news, protocol.Welcome):
            self._comeback.welcomed()
        self._news.append(news)
        self._told.unpark()

    # --- the connection -----------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        """Visit replica after replica until the application leaves or somebody forbids it."""
        async with trio.open_nursery() as self._renewals:
            while self._over is None:
                with trio.CancelScope() as self._scope:
                    try:
                        loss = await self._visit()
                        if self._over is None:
                            await self._stay_away(loss)
                    except Stopped as why:
                        self._over = why
            self._core.stop(self._over)
            self._apply()
            self._told.unpark_all()
            self._renewals.cancel_scope.cancel()

    def _leave(self, why: Stopped) -> None:
        self._over = self._over or why
        self._scope.cancel()

    async def _stay_away(self, loss: Loss) -> None:
        back_in = self._comeback.after(loss)
        self._tell(Lost(why=loss.why, code=loss.code, back_in=back_in))
        await trio.sleep(back_in)

    async def _visit(self) -> Loss:
        try:
            token = await self._good_token()
        except TokenUnavailable as fault:
            return Loss(f"no token can be had: {fault}")
        except TokenRefused as fault:
            raise Stopped(str(fault)) from fault
        loss = await converse(self._comeback.next_url(), self._dial, partial(self._talk, token))
        if needs_new_token(loss):
            self._token = None
        return loss

    async def _good_token(self) -> str:
        if self._token is None or self._core.token_ends < trio.current_time() + TOKEN_MARGIN:
            self._token = await self._tokens()
            self._core.token_ends = math.inf  # the welcome will tell
        return self._token

    async def _talk(self, token: str, socket: Socket) -> Loss:
        """Be connected until the socket is lost or the application leaves; the socket can still be closed after that."""
        outer = self._scope
        losses: list[Loss] = []
        self._core.connected(token, trio.current_time())
        try:
            with trio.CancelScope() as self._scope:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(self._write, socket)
                    await self._read(socket)
        except* SocketLost as lost:
            losses.extend(fault.loss for fault in lost.exceptions if isinstance(fault, SocketLost))
        finally:
            self._scope = outer
        loss = self._core.disconnected(losses[0] if losses else Loss("left"), trio.current_time())
        self._apply()
        return loss

    async def _read(self, socket: Socket) -> None:
        while True:
            frame = await socket.receive()
            self._core.received(frame, trio.current_time())
            self._apply()

    async def _write(self, socket: Socket) -> None:
        while True:
            self._output = trio.Event()
            for frame in self._core.frames(trio.current_time()):
                await socket.send(frame)
            with trio.move_on_at(self._core.deadline()):
                await self._output.wait()
            self._core.tick(trio.current_time())
            self._apply()

    async def _renew(self) -> None:
        """Have a new token before the present one ends. Outlives connections: a refresh cut short may cost the session."""
        try:
            for attempt in itertools.count():
                try:
                    self._token = await self._tokens()
                except TokenUnavailable:
                    await trio.sleep(1 * SECONDS + full_jitter(attempt, self._rng))
                else:
                    self._submit(protocol.AuthRefresh(token=self._token), protocol.Refreshed)
                    return
        except TokenRefused as refused:
            self._leave(Stopped(str(refused)))
        finally:
            self._renewing = False


class Pushes:
    """An iterator, not a generator: it may be left in the middle."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __aiter__(self) -> Pushes:
        return self

    async def __anext__(self) -> AnyNews:
        return await self._client.next_push()


@asynccontextmanager
async def open_client(
    urls: Sequence[str],
    tokens: TokenSource,
    *,
    language: Language = "en",
    pace: tuple[float, float] | None = PACE,
    rng: Random | None = None,
    dial: Dial = dial_tcp,
) -> AsyncIterator[Client]:
    """A client of the chatd replicas at `urls` (`ws://host:port/socket`), connected and kept so until the block ends.

    The client is usable at once; its calls wait for a connection, and end with `Stopped` when there never will be one.
    `pace` is how many commands go out in a second and in a burst; past it they wait here, in their order, and none is
    refused for haste. Leaving the block closes the connection and ends what still waits with `Stopped`; cancelling it
    drops the connection.
    """
    chance = rng or Random()  # noqa: S311 - jitter, not a secret
    bucket = TokenBucket(*pace, now=trio.current_time()) if pace else None
    core, comeback = Core(chance, language, bucket), Comeback(urls, chance)
    async with trio.open_nursery() as nursery:
        client = Client(core, comeback, tokens, dial, chance)
        nursery.start_soon(client._run)
        try:
            yield client
        finally:
            client._leave(Stopped("the client was closed"))
