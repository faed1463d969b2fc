"""The peer "bare trio-websocket": rooms in the memory of one process, every member served by `send_message` in turn.

    python server.py PORT

What the library gives to whoever uses it plainly. It has no bus, so it is one process; it keeps no log, so its answer
says no more than that every member was served. Also the floor that connections.py measures chatd's handshake against.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from functools import partial
from itertools import count

import msgspec
import trio
from trio_websocket import ConnectionClosed, WebSocketConnection, WebSocketRequest, serve_websocket

rooms: defaultdict[str, set[WebSocketConnection]] = defaultdict(set)
places = count(1)
encode = msgspec.json.Encoder().encode


class Open(msgspec.Struct, tag="room.open"):
    id: str
    room: str


class Send(msgspec.Struct, tag="message.send"):
    id: str
    room: str
    client_id: str
    text: str


decode = msgspec.json.Decoder(Open | Send).decode


async def serve(request: WebSocketRequest) -> None:
    """One connection: open rooms and send to them, until it closes."""
    ws = await request.accept()
    sender = request.path.partition("user=")[2]
    try:
        while True:
            command = decode(await ws.get_message())
            if isinstance(command, Open):
                rooms[command.room].add(ws)
                await answer(ws, command.id, {})
            else:
                await send(ws, sender, command)
    except ConnectionClosed:
        pass
    finally:
        for members in rooms.values():
            members.discard(ws)


async def send(ws: WebSocketConnection, sender: str, command: Send) -> None:
    seq, at = next(places), time.time_ns() // 1_000_000
    message = {"type": "message", "seq": seq, "at": at, "room": command.room, "mseq": seq, "sender": sender}
    text = encode(message | {"client_id": command.client_id, "text": command.text}).decode()
    for member in list(rooms[command.room]):
        try:
            await member.send_message(text)
        except ConnectionClosed:
            rooms[command.room].discard(member)
    await answer(ws, command.id, {"seq": seq, "mseq": seq, "at": at})


async def answer(ws: WebSocketConnection, command_id: str, ok: dict[str, int]) -> None:
    await ws.send_message(encode({"type": "reply", "id": command_id, "ok": ok}).decode())


if __name__ == "__main__":
    trio.run(partial(serve_websocket, serve, "127.0.0.1", int(sys.argv[1]), ssl_context=None))
