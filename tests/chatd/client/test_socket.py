"""One socket over a real network: refused, stalled, too large, and a thousand at a time."""

from __future__ import annotations

import socket as sockets
from random import Random

import pytest
import trio

from chatd.client import Client, Lost, Stopped, open_client
from chatd.client.comeback import Loss
from chatd.client.socket import Socket, converse, dial_tcp
from common import protocol
from tests.chatd.client.world import ROOM, World
from tests.support.rawsocket import PATIENCE


async def token() -> str:
    await trio.lowlevel.checkpoint()
    return "t"


async def never(_: Socket) -> Loss:
    raise AssertionError("there is nobody to talk to")


async def serve_once(nursery: trio.Nursery, answer: bytes) -> str:
    async def serve(stream: trio.SocketStream) -> None:
        await stream.receive_some(65536)
        await stream.send_all(answer)
        await stream.aclose()

    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
    nursery.start_soon(trio.serve_listeners, serve, listeners)
    return f"ws://127.0.0.1:{listeners[0].socket.getsockname()[1]}/socket"


@pytest.mark.parametrize(
    ("answer", "after", "forbidden"),
    [
        (b"HTTP/1.1 503 Busy\r\nretry-after: 7\r\ncontent-length: 4\r\n\r\nbusy", 7.0, False),
        (b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n", 0.0, False),
        (b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", 0.0, True),
    ],
)
async def test_a_refused_handshake(
    nursery: trio.Nursery, answer: bytes, after: float, forbidden: bool
) -> None:
    loss = await converse(await serve_once(nursery, answer), dial_tcp, never)
    assert (loss.after, loss.forbidden) == (after, forbidden)
    assert "HTTP" in loss.why


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9\r\n\r\n", b"HTTP/1.1 101 Yes\r\n\r\n", b""])
async def test_a_handshake_with_something_else(nursery: trio.Nursery, answer: bytes) -> None:
    with trio.fail_after(PATIENCE):
        loss = await converse(await serve_once(nursery, answer), dial_tcp, never)
    assert not loss.forbidden


async def test_nobody_is_there() -> None:
    loss = await converse("ws://127.0.0.1:1/socket", dial_tcp, never)
    assert loss.why.startswith("cannot connect")


async def test_a_forbidden_handshake_stops_the_client(nursery: trio.Nursery) -> None:
    url = await serve_once(nursery, b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
    async with open_client([url], token) as client:
        with pytest.raises(Stopped, match="403"):
            await client.ping()


async def test_leaving_a_peer_that_reads_nothing_is_quick(nursery: trio.Nursery) -> None:
    """A write that was cut short poisons the stream: the socket is dropped, and nobody waits for a closing handshake."""
    writing = trio.Event()

    async def talk(socket: Socket) -> Loss:
        with trio.move_on_after(0.2):
            writing.set()
            while True:
                await socket.send("x" * 1_000_000)
        return Loss("left")

    async def serve(stream: trio.SocketStream) -> None:
        from trio_websocket import wrap_server_stream

        async with trio.open_nursery() as inner:
            request = await wrap_server_stream(inner, stream, message_queue_size=0)
            await request.accept()
            await trio.sleep_forever()

    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
    listeners[0].socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    nursery.start_soon(trio.serve_listeners, serve, listeners)
    with trio.fail_after(PATIENCE):
        loss = await converse(f"ws://127.0.0.1:{listeners[0].socket.getsockname()[1]}/", dial_tcp, talk)
    assert loss == Loss("left")


async def test_a_page_of_the_longest_messages_fits(world: World) -> None:
    for _ in range(100):
        world.model.say(ROOM, "\x01" * 4000)
    async with open_client([world.socket_url], token) as client:
        room = await client.open_room(ROOM)
        assert len((await room.history(limit=100)).events) == 100


async def test_many_clients_live_in_one_process(world: World) -> None:
    """And every one of them comes back when all are dropped at once."""
    clients = 60
    heard = 0

    async def live(client: Client, ready: trio.Event) -> None:
        nonlocal heard
        room = await client.open_room(ROOM)
        ready.set()
        async for event in room.events():
            assert isinstance(event, protocol.Message)
            heard += 1
            if event.text == "second":
                return

    async with trio.open_nursery() as nursery:
        everyone = [trio.Event() for _ in range(clients)]

        async def one(number: int) -> None:
            async with open_client([world.socket_url], token, rng=Random(number)) as client:
                await live(client, everyone[number])

        for number in range(clients):
            nursery.start_soon(one, number)
        for ready in everyone:
            await ready.wait()
        world.model.say(ROOM, "first")
        for peer in list(world.peers):
            await peer.drop()
        world.model.say(ROOM, "second")
    assert heard == 2 * clients


async def test_a_lost_connection_is_told_with_its_reason(world: World) -> None:
    async with open_client([world.socket_url], token) as client:
        await client.ping()
        await world.peers[0].close(4008)
        while not isinstance(news := await client.next_push(), Lost):
            pass
        assert (news.code, news.why) == (4008, "You read too slowly.")
        await client.ping()
