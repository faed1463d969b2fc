"""One connection, from its handshake to its last frame.

Tasks: the WebSocket library's reader; this one, which takes its messages and never waits for a store; and, only while
they have work, one that performs commands that must wait and one that empties the outbox. A bug in any of them ends
this connection and no other.

A command costs about 40 µs to be read: most of them are the library's parser, one frame and one wake of a task at a time.

The library reads, and answers pings and the peer's close. The goodbye is ours: by then the library is gone, so nothing
that the peer still sends can disturb it, and the socket stays open until the peer has had time to read why.
"""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import cache
from typing import Final

import trio
from trio_websocket import ConnectionClosed, WebSocketConnection, WebSocketRequest, wrap_server_stream
from wsproto.utilities import ProtocolError

from chatd import commands
from chatd.core.session import Session
from chatd.hello import hello_in, token_in
from chatd.presence import TooManyConnections
from chatd.room import Room
from chatd.services import Services
from chatd.transport import Transport
from common import answers, disconnect, protocol
from common.clock import now_ms
from common.codec import Undecodable, close_frame, decode_command, error_frame, ok_frame, push_frame
from common.disconnect import ConnectionEnded, Disconnect
from common.errors import Language, MadangError, StoreUnavailable, language_of
from common.ids import uuid7
from common.logs import bind, get_logger
from common.metrics import Counter, Gauge
from common.permissions import BOT
from common.supervise import contained, jittered
from common.units import SECONDS, to_ms

_log = get_logger(__name__)
_open = Gauge("madang_chatd_connections", "Connections that said hello.")
_ended = Counter("madang_chatd_disconnects_total", "Connections by why they ended.", ["reason"])
_commands = Counter("madang_chatd_commands_total", "Commands by type.", ["type"])

PATH: Final = "/socket"
SILENCE: Final = 2.1  # heartbeats without a byte: then the peer is taken for dead
LAPSE: Final = 2 * SECONDS  # what counts of the time between two ticks: we may have stood still ourselves
GOODBYE: Final = 2 * SECONDS
_QUEUE: Final = 64  # commands that may wait behind one that waits for a store
_MESSAGES: Final = 4  # that the library reads ahead
_FULL_RETRY_MS: Final = 5000  # nobody knows when another device will leave; not to come back at once
_UNAVAILABLE: Final = 503
_PING: Final = b"\x89\x00"
_FRAME_HEAD: Final = 14  # bytes before a client's payload, at most
# What the library finds wrong with a peer's bytes without saying so to the peer, by RFC 6455 §7.4.1.
_FAULTS: Final = {1002: "protocol_error", 1007: "invalid_text"}


class Connection:
    """A person's socket; what the hub calls a listener."""

    def __init__(
        self, sock: socket.socket, services: Services, *, peer: str, on_greeted: Callable[[], None]
    ) -> None:
        self.id = uuid7()
        self.services = services
        self.user = ""
        self.session = ""
        self.is_bot = False
        self.rooms: dict[str, Room] = {}
        self._on_greeted = on_greeted
        self._socket = sock
        self._peer = peer  # the address at the other end: the client's, or a proxy's
        self._transport: Transport
        self._scope = trio.CancelScope()  # around the conversation
        self._websocket: WebSocketConnection | None = None  # once hands were shaken
        self._ending: Disconnect | None = None
        self._mute = True  # until our first word, and after our last one: nothing then but the goodbye
        self._corked: list[bytes] = []
        self._waiting: deque[protocol.AnyCommand] = deque()
        self._nursery: trio.Nursery  # of the conversation
        self._heartbeat = services.settings.heartbeat
        self._next_ping = trio.current_time() + jittered(self._heartbeat)
        self._ticked = trio.current_time()
        self._received = 0  # bytes, at the last tick
        self._spoken = 0  # bytes of commands since
        self._silent = 0.0  # seconds without a byte
        self._token: str | None = None
        self.language: Language = "en"
        self.terms: Session

    # --- what others call -----------------------------------------------------------------------------------------

    def send_nowait(self, data: bytes) -> bool:
        """Hand whole frames to the socket, in order; False when they will not arrive."""
        return not self._mute and self._transport.send_nowait(data)

    @property
    def backlog(self) -> float:
        """How full the outbox is, from 0 (nothing waits) to 1."""
        return self._transport.backlog

    @property
    def silent(self) -> float:
        """Seconds without a byte from the peer, as of the last tick."""
        return self._silent

    async def flushed(self) -> None:
        """Return when the peer has read, or at least its kernel holds, what was sent to it."""
        await self._transport.flushed()

    def answer(self, command_id: str | None, ok: protocol.Ok) -> None:
        """Reply to a command that wanted an answer."""
        if command_id is not None:
            self.send_nowait(ok_frame(command_id, ok))

    def refuse(self, command_id: str | None, error: MadangError) -> None:
        """Say no. A command without an id gets no answer, as it asked."""
        if command_id is not None:
            self.send_nowait(error_frame(command_id, error, self.language))

    def cork(self, command_id: str | None, ok: protocol.Ok) -> None:
        """Reply at the next `uncork`, together with others."""
        if command_id is not None:
            self._corked.append(ok_frame(command_id, ok))

    def uncork(self) -> None:
        """Send the replies that wait."""
        if self._corked:
            self.send_nowait(b"".join(self._corked))
            self._corked.clear()

    def take_again(self, command: protocol.AnyCommand) -> None:
        """Do a command once more that had been done but for its answer. Never refuses it for who waits in line."""
        if not self._mute:
            self._waiting.append(command)
            if len(self._waiting) == 1:
                self._nursery.start_soon(self._work)

    def disconnect(self, reason: Disconnect) -> None:
        """End this connection soon, saying why. The first reason counts."""
        if self._ending is None:
            self._ending = reason
            self._scope.cancel()

    def dropped(self, room: str) -> None:
        """The room is no longer open here."""
        self.rooms.pop(room, None)
        self.services.calls.out(self, room)

    def revise(self, permissions: Collection[str]) -> None:
        """The person may do something else from now on."""
        self.terms.revise(permissions)

    def tick(self, now: float, wall_ms: int) -> None:
        """Ping when it is time; end who is silent, or noisy, or whose token is long past."""
        grown = self._transport.received - self._received
        noise = grown - self._spoken
        self._silent = 0.0 if grown else self._silent + min(now - self._ticked, LAPSE)
        self._ticked, self._received, self._spoken = now, self._transport.received, 0
        if self._silent > SILENCE * self._heartbeat:
            self.disconnect(disconnect.NO_PONG)
            return
        if noise and self.terms.too_noisy(noise, now):
            self.disconnect(disconnect.TOO_FAST)
            return
        if now >= self._next_ping:
            self._next_ping = now + jittered(self._heartbeat)
            self.send_nowait(_PING)
        match self.terms.due(wall_ms):
            case Disconnect() as reason:
                self.disconnect(reason)
            case "warn":
                self.send_nowait(push_frame(protocol.PersonalExpiring(expires_at=self.terms.expires_at)))

    # --- the life of it -------------------------------------------------------------------------------------------

    async def serve(self) -> None:
        """Everything, from handshake to close. Never raises but for cancellation."""
        bind(connection=self.id)
        with contained("connection"):
            self._transport = Transport(
                self._socket,
                on_overflow=lambda: self.disconnect(disconnect.SLOW_CONSUMER),
                on_end=self._peer_ended,
                turn=self.services.turnstile.turn,
            )
            try:
                await self._attend()
                self._on_greeted()
                with trio.move_on_after(GOODBYE, shield=True):
                    await self._say_goodbye()
            finally:
                self._transport.close()
                self._on_greeted()
                if self._websocket is not None:
                    _let_go(self._websocket)

    def _peer_ended(self) -> None:
        if self._websocket is None:  # later, the library's reader sees it and ends the conversation
            self._scope.cancel()

    async def _attend(self) -> None:
        """Handshake and conversation, and in the same nursery all the tasks beside them."""
        try:
            async with trio.open_nursery() as nursery:
                self._transport.use(nursery)
                try:
                    await self._converse(nursery)
                finally:
                    self._mute = True  # before the nursery closes: from here on nobody may need a task in it
                    nursery.cancel_scope.cancel()
        except* (ProtocolError, ConnectionClosed, UnicodeError) as faults:
            # The library's reader gives up so on what it does not expect: headers that are no text, pings after a close.
            _log.debug("the peer broke the protocol", faults=[str(fault) for fault in faults.exceptions])
        finally:
            self._leave()  # only now, when no command can open a room any more

    async def _converse(self, nursery: trio.Nursery) -> None:
        """Handshake, hello, and whatever follows, until one side has had enough."""
        with contained("conversation") as containment, self._scope:
            try:
                self._websocket = await self._shake_hands(nursery)
                if self._websocket is None:
                    return
                await self._greet(self._websocket)
                if not self._waiting:
                    self._on_greeted()
                await self._listen(self._websocket, nursery)
            except ConnectionClosed:
                pass  # the peer ended it, well or badly
            except ConnectionEnded as end:
                self.disconnect(end.reason)
            except StoreUnavailable as fault:
                _log.warning("cannot greet", why=str(fault))
                self.disconnect(disconnect.INTERNAL)
        if containment.failed:
            self.disconnect(disconnect.INTERNAL)

    def _leave(self) -> None:
        """Out of all registries, at once, whatever comes after."""
        if self.user:
            self.services.hub.leave(self, list(self.rooms.values()))
            self.services.roster.went(self.user)
            self.services.presence.left(self.user, self.id)
            self.services.headcount.forget(self)
            self.services.calls.left(self)
            self.rooms.clear()
            _open.dec()
        _ended.labels(self._ending.name if self._ending else "peer").inc()

    async def _say_goodbye(self) -> None:
        """Close with the reason, and wait until the peer has closed its side, too."""
        async with trio.open_nursery() as nursery:
            self._transport.use(nursery)
            with suppress(trio.BrokenResourceError, trio.ClosedResourceError):  # it may not wait to hear
                if (close := self._last_words()) is not None:
                    await self._transport.send_last(close)
                await self._transport.send_eof()
                while await self._transport.receive_some():
                    pass
            nursery.cancel_scope.cancel()

    def _last_words(self) -> bytes | None:
        """The Close frame that is still to be sent, if any."""
        if self._websocket is None:
            return None
        if self._ending is not None:
            return close_frame(self._ending.code, self._ending.name)
        closed = self._websocket.closed
        if closed is not None and closed.code in _FAULTS:
            return close_frame(closed.code, _FAULTS[closed.code])
        return None  # the library answered the peer's

    async def _shake_hands(self, reader: trio.Nursery) -> WebSocketConnection | None:
        """The opening handshake; None when it was refused."""
        with trio.move_on_after(self.services.settings.hello_within):
            request = await wrap_server_stream(
                reader, self._transport, message_queue_size=_MESSAGES, max_message_size=protocol.MAX_FRAME
            )
            refusal = self._judge(request)
            if refusal:
                again = [(b"Retry-After", b"5")] if refusal == _UNAVAILABLE else None
                await request.reject(refusal, extra_headers=again)
                return None
            return await request.accept()
        return None

    def _judge(self, request: WebSocketRequest) -> int | None:
        """The HTTP status to refuse a handshake with, or None. Takes the token and the language from the headers."""
        headers = {name.lower(): value.decode("latin-1") for name, value in request.headers}
        if request.path.partition("?")[0] != PATH:
            return 404
        origin = headers.get(b"origin")
        if origin is not None and origin not in self.services.settings.origins:
            return 403
        forwarded_for = headers.get(b"x-forwarded-for", "")
        if not self.services.anonymous.introduce(self._socket, self._peer, forwarded_for):
            return _UNAVAILABLE
        self.language = language_of(headers.get(b"accept-language"))
        self._token = token_in(headers)
        return None

    async def _greet(self, websocket: WebSocketConnection) -> None:
        """Hello, and who is this? Raises `ConnectionEnded`, `StoreUnavailable`."""
        with trio.move_on_after(self.services.settings.hello_within) as scope:
            hello = hello_in(await websocket.get_message(), self.services.settings.limits.rooms)
        if scope.cancelled_caught:
            raise ConnectionEnded(disconnect.NO_HELLO)
        self._received = self._transport.received
        services = self.services
        token, self._token = hello.token or self._token, None
        if token is None:
            raise ConnectionEnded(disconnect.BAD_TOKEN)
        asked = trio.current_time()
        claims = await services.authenticator.prove(token)
        self.language = hello.language or self.language
        self.terms = Session(
            user=claims.sub,
            session=claims.sid,
            expires_at=claims.expires_at,
            permissions=claims.permissions,
            limits=services.settings.limits,
            now=trio.current_time(),
        )
        self.user, self.session, self.is_bot = claims.sub, claims.sid, BOT in claims.roles
        bind(user=self.user)
        services.hub.enter(self)
        services.roster.came(self.user)
        _open.inc()
        if services.feed.revoked(self.session):  # since we asked
            raise ConnectionEnded(disconnect.SESSION_REVOKED)
        if services.feed.changed_since(self.user, asked):  # what was proven may be older
            raise ConnectionEnded(disconnect.INTERNAL)
        if services.shutdown.asked:  # too late for the drain to know of us
            raise ConnectionEnded(disconnect.DRAINING)
        await self._arrive(hello)
        self._welcome(hello)

    async def _arrive(self, hello: protocol.Hello) -> None:
        """Be counted. Raises `ConnectionEnded` when this person has as many connections as anybody may."""
        services, full = self.services, False
        try:
            await services.presence.arrived(self.user, self.id, hello.state)
        except TooManyConnections:
            full = True
        except StoreUnavailable:
            # Presence tells the others when its store is back. Until then nobody can count but us, here.
            full = len(services.hub.of_user(self.user)) > services.settings.connections_per_user
        if full:
            self._mute = False
            self.refuse(hello.id or "", MadangError("too_many_connections", retry_after_ms=_FULL_RETRY_MS))
            raise ConnectionEnded(disconnect.TOO_MANY_CONNECTIONS)

    def _welcome(self, hello: protocol.Hello) -> None:
        welcome = protocol.Welcome(
            connection=self.id,
            user=self.user,
            session=self.session,
            expires_at=self.terms.expires_at,
            now=now_ms(),
            heartbeat_ms=to_ms(self._heartbeat),
        )
        self._mute = False  # what was news before is none to somebody who only comes in
        self.send_nowait(push_frame(welcome))
        self.answer(hello.id, protocol.Done())
        if hello.resume:
            self._waiting.append(hello)

    # --- the conversation -----------------------------------------------------------------------------------------

    async def _listen(self, websocket: WebSocketConnection, nursery: trio.Nursery) -> None:
        """Take what the peer says, one after the other, until it ends. Raises `ConnectionClosed`, `ConnectionEnded`."""
        self._nursery = nursery
        if self._waiting:
            nursery.start_soon(self._work)
        while True:
            message = await websocket.get_message()
            if not isinstance(message, str):
                raise ConnectionEnded(disconnect.BAD_FRAME)
            self._spoken += _FRAME_HEAD + (len(message) if message.isascii() else len(message.encode()))
            self._take(message)

    def _take(self, message: str) -> None:
        """Do one command now if it needs no waiting and none waits before it; else put it in line."""
        command_id: str | None = None
        try:
            command_id, command = _command_in(message)
            self.terms.admit(trio.current_time())
            if isinstance(command, MadangError):
                raise command
            _counter_of(type(command)).inc()
            self.terms.require(answers.COMMANDS[type(command)].needs)
            if self._waiting:
                self._line_up(command)
            elif not commands.at_once(self, command):
                self._line_up(command)
                self._nursery.start_soon(self._work)
        except MadangError as refusal:
            self.refuse(command_id, refusal)

    def _line_up(self, command: protocol.AnyCommand) -> None:
        if isinstance(command, protocol.Hello):  # a second one: in line it would be taken for the first
            raise MadangError("conflict", fields={"type": "hello was said already"})
        if len(self._waiting) >= _QUEUE:
            raise MadangError("overloaded", retry_after_ms=1000)
        self._waiting.append(command)

    async def _work(self) -> None:
        """Perform what is in line, in order, until nothing is. The head stays in line while it is worked on.

        Answers may be large; the next one is not begun before the peer has taken the last.
        """
        with contained("command") as containment:
            while self._waiting:
                await self.flushed()
                await self._perform(self._waiting[0])
                self._waiting.popleft()
                self._on_greeted()  # it has its rooms again, if it came back for them: the next one may come in
        if containment.failed:
            self.disconnect(disconnect.INTERNAL)

    async def _perform(self, command: protocol.AnyCommand) -> None:
        try:
            await commands.perform(self, command)
        except MadangError as refusal:
            self.refuse(command.id, refusal)
        except StoreUnavailable as fault:
            _log.warning("a store is away", store=fault.store, why=str(fault))
            self.refuse(command.id, MadangError("unavailable", retry_after_ms=1000))


@cache
def _counter_of(command: type) -> Counter:
    """To look it up by its label costs more than to count."""
    return _commands.labels(command.__name__)


def _let_go(websocket: WebSocketConnection) -> None:
    """End what the library's parser is in the middle of: it and the parser hold each other, and all that came last."""
    wire = websocket._wsproto.connection
    if wire is not None:
        wire._proto._parse_more.close()


def _command_in(message: str) -> tuple[str | None, protocol.AnyCommand | MadangError]:
    """A command, or why it is none; and the id to answer under, which is empty when that could not be read."""
    try:
        command = decode_command(message)
    except Undecodable as fault:
        return fault.id or "", fault.error
    return command.id, command
