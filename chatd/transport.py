"""One socket: the byte stream below the WebSocket library, with a second door for what is sent to many.

The library is lent the stream: when it closes it, that ends the conversation, and the socket stays open for a goodbye.

`send_all` is Trio's door, used by the library for handshakes, pongs and closes. `send_nowait` is fan-out's: one system
call, no waiting. That call is the kernel's, 8 µs for a small frame and 14 for 20 KB, of which our side of it is less than
one: so what goes out together saves what counts.

Whatever the kernel does not take at once goes, in order, into a bounded outbox that one task empties and that exists only
while there is something in it. All bytes pass through that one order, so a frame is never cut: a cancelled `send_all`
leaves its bytes in the outbox, and a stream that could not finish a frame is only ever closed.
"""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

import trio

from common.units import KIB, MIB

OUTBOX_BYTES: Final = 1 * MIB
OUTBOX_FRAMES: Final = 256
# The kernel's share of what a slow reader may hold back; unset it would grow to megabytes.
SOCKET_BUFFER: Final = 256 * KIB
_VECTOR: Final = 64  # buffers handed to one system call
_RECEIVE: Final = 16 * KIB

Buffer = bytes | memoryview


class Transport(trio.abc.HalfCloseableStream):
    """A connected, non-blocking TCP socket. Nothing is sent before `use`.

    `on_overflow` is called when the peer reads so slowly that the outbox is full; `on_end` when the stream has come to
    its end: the peer or the library closed it, the network broke, or it was closed here. Both may be called again.
    `turn` is awaited before the end is told: thousands may end at once.
    """

    def __init__(
        self,
        sock: socket.socket,
        *,
        on_overflow: Callable[[], None],
        on_end: Callable[[], None],
        turn: Callable[[], Awaitable[None]] = trio.lowlevel.checkpoint,
    ) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER)
        self._socket = sock
        self._nursery: trio.Nursery
        self._on_overflow = on_overflow
        self._on_end = on_end
        self._turn = turn
        self._outbox: deque[Buffer] = deque()
        self._outbox_bytes = 0
        self._overflowed = False
        self._closed = False
        self._drained: trio.Event | None = None  # while there is something in the outbox
        self.received = 0  # bytes, in all

    def use(self, nursery: trio.Nursery) -> None:
        """Start tasks in `nursery` from now on; the one before has ended, and its tasks with it."""
        self._nursery = nursery
        if self._outbox:
            nursery.start_soon(self._drain)

    # --- out ------------------------------------------------------------------------------------------------------

    def send_nowait(self, data: bytes) -> bool:
        """Send now, or as soon as the peer reads; False when it cannot be: the peer is gone, or too slow.

        All of `data` or nothing: what does not fit is not begun, and after it nothing else is taken, so that the peer
        never sees a gap. Only `send_last` is taken then. While nothing waits, `data` may be of any size: it is
        not yet the peer who is slow.
        """
        if self._closed or self._overflowed:
            return False
        if self._outbox:
            if not self._has_room_for(data):
                self._overflowed = True
                self._on_overflow()
                return False
            self._enqueue(data)
            return True
        try:
            sent = self._socket.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.close()
            return False
        if sent < len(data):
            self._enqueue(memoryview(data)[sent:])
        return True

    def _has_room_for(self, data: bytes) -> bool:
        return self._outbox_bytes + len(data) <= OUTBOX_BYTES and len(self._outbox) < OUTBOX_FRAMES

    @property
    def backlog(self) -> float:
        """How full the outbox is: 0 when nothing waits, 1 when nothing more is taken, be it that it is too late."""
        if self._closed or self._overflowed:
            return 1.0
        return max(self._outbox_bytes / OUTBOX_BYTES, len(self._outbox) / OUTBOX_FRAMES)

    def _enqueue(self, data: Buffer) -> None:
        idle = not self._outbox
        self._outbox.append(data)
        self._outbox_bytes += len(data)
        if idle:
            self._drained = trio.Event()
            self._nursery.start_soon(self._drain)

    async def _drain(self) -> None:
        """Empty the outbox as the peer reads."""
        while self._outbox:
            try:
                await trio.lowlevel.wait_writable(self._socket)
                sent = self._socket.sendmsg(
                    [self._outbox[index] for index in range(min(_VECTOR, len(self._outbox)))]
                )
            except BlockingIOError:
                continue
            except (OSError, trio.ClosedResourceError):
                self.close()
                return
            self._discount(sent)
        self._wake()

    def _wake(self) -> None:
        if self._drained is not None:
            self._drained.set()
            self._drained = None

    def _discount(self, sent: int) -> None:
        self._outbox_bytes -= sent
        while sent:
            head = self._outbox.popleft()
            if len(head) > sent:
                self._outbox.appendleft(memoryview(head)[sent:])
                return
            sent -= len(head)

    async def flushed(self) -> None:
        """Return when nothing waits to be sent any more, be it that all was, or that it never will be."""
        while self._drained is not None:
            await self._drained.wait()

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        """Send `data` after what was sent before; return when the kernel has it all.

        Raises trio.BrokenResourceError when the peer is gone or too slow. Cancelled, it leaves the bytes to be sent.
        """
        await trio.lowlevel.checkpoint()
        if self._closed:
            raise trio.ClosedResourceError
        if not self.send_nowait(bytes(data)):
            raise trio.BrokenResourceError
        await self._all_sent()

    async def send_last(self, data: bytes) -> None:
        """As `send_all`, for the last that is sent: what waits and leaves it no room is forgotten.

        But for the rest of a blob that the peer may have the beginning of. So a peer that was slow learns why it ends, too.
        """
        await trio.lowlevel.checkpoint()
        if self._closed:
            raise trio.ClosedResourceError
        if self._overflowed or not self._has_room_for(data):
            self._drop_outbox()
        if self._outbox:
            self._enqueue(data)  # whatever the size of what stays
        elif not self.send_nowait(data):
            raise trio.BrokenResourceError
        await self._all_sent()

    async def _all_sent(self) -> None:
        await self.flushed()
        if self._closed:
            raise trio.BrokenResourceError

    async def send_eof(self) -> None:
        """Tell the peer, after all that was sent before, that nothing follows. Raises trio.BrokenResourceError."""
        await self.flushed()
        await trio.lowlevel.checkpoint()
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError as fault:
            raise trio.BrokenResourceError from fault

    def _drop_outbox(self) -> None:
        while len(self._outbox) > 1:
            self._outbox_bytes -= len(self._outbox.pop())
        self._overflowed = False

    async def wait_send_all_might_not_block(self) -> None:
        """Return when there is room again."""
        if self._closed:
            raise trio.ClosedResourceError
        await trio.lowlevel.wait_writable(self._socket)

    # --- in -------------------------------------------------------------------------------------------------------

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        """What the peer sent, up to `max_bytes`; empty when it closed. Raises trio.BrokenResourceError when it broke."""
        await trio.lowlevel.checkpoint_if_cancelled()
        while not self._closed:
            broken = None
            try:
                data = self._socket.recv(max_bytes or _RECEIVE)
            except BlockingIOError:
                await trio.lowlevel.wait_readable(self._socket)
                continue
            except OSError as fault:
                # Not the fault itself: it and this frame would hold each other.
                broken, data = str(fault), b""
            if broken is not None:
                await self._turn()
                self.close()
                raise trio.BrokenResourceError(broken)
            self.received += len(data)
            if not data:
                await self._turn()
                self._on_end()
            await trio.lowlevel.cancel_shielded_checkpoint()
            return data
        raise trio.ClosedResourceError

    # --- end ------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the socket now; what waits is lost, and whoever waits is woken."""
        if self._closed:
            return
        self._closed = True
        self._outbox.clear()
        self._outbox_bytes = 0
        self._wake()
        trio.lowlevel.notify_closing(self._socket)
        self._socket.close()
        self._on_end()
        self._on_end = self._on_overflow = _nobody  # what holds us goes with its last reference

    async def aclose(self) -> None:
        """What the library says when it has done with the stream. The socket stays open until `close`."""
        self._on_end()
        await trio.lowlevel.checkpoint()


def _nobody() -> None:
    """Who is told once it is closed."""
