"""The other end of a client's sockets, in memory, for tests under a fake clock.

`Network` hands every dial of the client to the test as a `Peer`; what a peer says and when it ends is the test's choice.
`Peer.serve` lets a `Model` answer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import SplitResult

import msgspec
import trio
from trio.testing import memory_stream_pair
from trio_websocket import ConnectionClosed, WebSocketConnection, wrap_server_stream

from common import codec, protocol
from tests.chatd.client.model import Model, ModelConnection


class Network:
    """Where a client dials. `peers` gives one `Peer` a dial, in order; `unreachable` makes dials fail."""

    def __init__(self, nursery: trio.Nursery) -> None:
        self._nursery = nursery
        self._send, self._dialled = trio.open_memory_channel[tuple[str, trio.abc.Stream]](1000)
        self.dials: list[tuple[str, float]] = []
        self.unreachable: set[str] = set()

    async def dial(self, url: SplitResult) -> trio.abc.Stream:
        await trio.lowlevel.checkpoint()
        self.dials.append((url.geturl(), trio.current_time()))
        if url.geturl() in self.unreachable:
            raise OSError("unreachable")
        ours, theirs = memory_stream_pair()
        self._send.send_nowait((url.geturl(), theirs))
        return ours

    async def raw(self) -> trio.abc.Stream:
        """The next dial, before any handshake."""
        return (await self._dialled.receive())[1]

    async def accept(self) -> Peer:
        """The next dial, shaken hands with."""
        url, stream = await self._dialled.receive()
        request = await wrap_server_stream(self._nursery, stream)
        return Peer(url, stream, await request.accept())

    async def serve(self, model: Model) -> None:
        """Let `model` answer every dial from here on."""
        while True:
            peer = await self.accept()
            self._nursery.start_soon(peer.serve, model)


class Peer:
    """A server's end of one socket."""

    def __init__(self, url: str, stream: trio.abc.Stream, ws: WebSocketConnection) -> None:
        self.url = url
        self.stream = stream
        self.ws = ws

    async def expect(self, kind: type[protocol.Command]) -> protocol.AnyCommand:
        """The next command, which is to be a `kind`."""
        command = codec.decode_command(await self.ws.get_message())
        assert isinstance(command, kind), command
        return command

    async def push(self, *structs: msgspec.Struct) -> None:
        with suppress(ConnectionClosed):  # the client may be gone already
            for struct in structs:
                await self.ws.send_message(codec.encode(struct).decode())

    async def answer(self, command: protocol.AnyCommand, ok: protocol.Ok) -> None:
        await self.ws.send_message(
            codec.encode(protocol.Reply(id=command.id or "", ok=msgspec.Raw(codec.encode(ok)))).decode()
        )

    async def close(self, code: int = 1000, reason: str = "") -> None:
        with trio.move_on_after(0.2):  # the client's part of the closing is not waited for
            await self.ws.aclose(code, reason)

    async def drop(self) -> None:
        """End without a word."""
        await trio.aclose_forcefully(self.stream)

    async def serve(self, model: Model) -> None:
        """Answer as `model` does, until the client is gone."""
        connection = ModelConnection(model)
        said = trio.Event()

        def wake() -> None:
            said.set()

        connection.wake = wake
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._hear, connection)
            while not self.ws.closed:
                said = trio.Event()
                while connection.outbox:
                    await self.push(connection.outbox.popleft())
                if connection.bad_token:
                    await self.close(4500)
                await said.wait()
        connection.gone()

    async def _hear(self, connection: ModelConnection) -> None:
        try:
            while True:
                message = await self.ws.get_message()
                connection.now_ms = round(trio.current_time() * 1000)
                connection.receive(message)
                connection.wake()
        except ConnectionClosed:
            connection.wake()


@asynccontextmanager
async def open_network() -> AsyncIterator[Network]:
    """A network for one test."""
    async with trio.open_nursery() as nursery:
        yield Network(nursery)
        nursery.cancel_scope.cancel()
